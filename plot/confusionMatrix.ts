/**
 * A confusion matrix as shaded cells.
 */
import type { Spec } from 'vega';
import { error } from '../lib/errors.ts';
import { checkOptions } from '../lib/options.ts';
import { type ArrayLike, toTensor } from '../tracer/tensor.ts';
import { ink, svgOf } from './render.ts';

/** Options of `plotConfusionMatrix`. */
export interface ConfusionMatrixOptions {
  /** Names of the classes, in the order of the matrix. Default: 0, 1, 2, ... */
  readonly labels?: readonly (string | number)[];
  readonly title?: string;
}

/** Pixels of a cell with room for four digits, and of a character of a label. */
const cell = 56;
const character = 7;

/**
 * The matrix of `confusionMatrix`, counts or shares: true classes downwards, predicted ones across, the darker the more.
 *
 * @returns the text of an SVG file
 * @throws SHAPE_MISMATCH unless it is square and has as many labels; OUT_OF_RANGE for negative numbers; NOT_FINITE;
 * BAD_ARRAY; BAD_OPTION; UNSUPPORTED where `vega` is not installed
 */
export async function plotConfusionMatrix(
  matrix: ArrayLike,
  options: ConfusionMatrixOptions = {},
): Promise<string> {
  checkOptions('plotConfusionMatrix', options, ['labels', 'title']);
  const { shape, data } = toTensor(matrix, 'matrix');
  const [size = 0] = shape;
  const { labels = [...Array(size).keys()], title } = options;
  if (shape.length !== 2 || size === 0 || shape[1] !== size || labels.length !== size) {
    const given = `shape [${shape.join(', ')}] with ${labels.length} labels`;
    throw error('SHAPE_MISMATCH', { what: 'matrix', given, allowed: '[classes, classes]' });
  }
  checkCounts(data);
  return svgOf(specOf(data, size, labels), title);
}

function specOf(data: Float64Array, size: number, labels: readonly (string | number)[]): Spec {
  const places = [...Array(size).keys()];
  const most = data.reduce((a, b) => Math.max(a, b), 0);
  const digits = data.every(Number.isInteger) ? 0 : 2;
  const values = Array.from(data, (count, index) => ({
    row: Math.floor(index / size),
    column: index % size,
    count,
    text: count.toFixed(digits),
    isDark: count > 0.7 * most,
  }));
  const names = `${JSON.stringify(labels.map(String))}[datum.value]`;
  // Columns have room for their names, which Vega would leave out or turn.
  const longest = character * Math.max(...labels.map((label) => String(label).length));
  const at = { x: { scale: 'x', field: 'column' }, y: { scale: 'y', field: 'row' } };
  const axis = { domain: false, ticks: false, labelPadding: 8, labelLimit: 0 };
  const encode = { labels: { update: { text: { signal: names } } } };
  return {
    width: size * Math.max(cell, longest + character),
    height: size * cell,
    data: [{ name: 'cells', values }],
    scales: [
      { name: 'x', type: 'band', domain: places, range: 'width' },
      { name: 'y', type: 'band', domain: places, range: 'height' },
      {
        name: 'shade',
        type: 'linear',
        domain: [0, most || 1],
        range: ['#f7fbff', '#9ecae1', '#08306b'],
      },
    ],
    axes: [
      { scale: 'x', orient: 'bottom', title: 'predicted', encode, ...axis },
      { scale: 'y', orient: 'left', title: 'true', encode, ...axis, maxExtent: longest + 8 },
    ],
    marks: [
      {
        type: 'rect',
        from: { data: 'cells' },
        encode: {
          update: {
            ...at,
            width: { scale: 'x', band: 1 },
            height: { scale: 'y', band: 1 },
            fill: { scale: 'shade', field: 'count' },
            stroke: { value: 'white' },
          },
        },
      },
      {
        type: 'text',
        from: { data: 'cells' },
        encode: {
          update: {
            x: { ...at.x, band: 0.5 },
            y: { ...at.y, band: 0.5 },
            text: { field: 'text' },
            fontSize: { value: 14 },
            align: { value: 'center' },
            baseline: { value: 'middle' },
            fill: { signal: `datum.isDark ? 'white' : '${ink}'` },
          },
        },
      },
    ],
  };
}

/** @throws NOT_FINITE, OUT_OF_RANGE */
function checkCounts(data: Float64Array): void {
  const bad = data.find((count) => !(count >= 0 && count < Number.POSITIVE_INFINITY));
  if (bad === undefined) return;
  const details = { what: 'matrix', given: bad, allowed: 'numbers >= 0' };
  throw error(Number.isFinite(bad) ? 'OUT_OF_RANGE' : 'NOT_FINITE', details);
}
