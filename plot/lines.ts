/**
 * Lines of labelled series: a figure against bits, trees, rows or whatever else grows.
 */
import type { Data, GroupMark, Mark, Scale, Spec, Axis as VegaAxis } from 'vega';
import { error } from '../lib/errors.ts';
import { checkOptions } from '../lib/options.ts';
import { ink, palette, svgOf } from './render.ts';

/** A point: a number across and a number up. */
export type Point = readonly [x: number, y: number];

/** A line with its name at its end. */
export interface Series {
  readonly label: string;
  /** One or more, joined in this order. */
  readonly points: readonly Point[];
}

/** One axis. */
export interface AxisOptions {
  readonly label?: string;
  /** Default 'linear'; 'log' needs numbers above 0. */
  readonly scale?: 'linear' | 'log';
  /** What numbers count, such as 's' or 'B': ticks then read 10 µs or 100 kB. Default: numbers alone. */
  readonly unit?: string;
}

/** Series on a pair of axes. */
export interface Panel {
  readonly title?: string;
  readonly x?: AxisOptions;
  readonly y?: AxisOptions;
  readonly series: readonly Series[];
}

/** Options of `plotLines`. */
export interface LinesOptions {
  /** Above all panels. */
  readonly title?: string;
  /** Of each panel, without labels, in pixels. Default 320 x 260. */
  readonly width?: number;
  readonly height?: number;
  /** Panels beside each other. Default 2. */
  readonly columns?: number;
}

/** Axes with more ticks than this choose their own; others have one for each number across that occurs. */
const mostOwnTicks = 12;

/** Pixels between the labels at the ends of lines. */
const labelHeight = 15;

/**
 * Lines through the points of each series, in one panel or several. A label has the same colour in all panels.
 *
 * @returns the text of an SVG file
 * @throws BAD_OPTION; NOT_FINITE; OUT_OF_RANGE for numbers that a logarithmic axis does not have; UNSUPPORTED where
 * `vega` is not installed
 */
export async function plotLines(
  panels: Panel | readonly Panel[],
  options: LinesOptions = {},
): Promise<string> {
  checkOptions('plotLines', options, ['title', 'width', 'height', 'columns']);
  const { title, width = 320, height = 260, columns = 2 } = options;
  const all = Array.isArray(panels) ? (panels as readonly Panel[]) : [panels as Panel];
  checkSizes({ width, height, columns, panels: all.length });
  for (const panel of all) checkPanel(panel);
  const labels = [...new Set(all.flatMap(({ series }) => series.map(({ label }) => label)))];
  const marks = all.map((panel) => panelMark(panel, labels, width, height));
  const padding = { column: 10, row: 30 };
  const layout = { columns, padding, bounds: 'full', align: 'all' } as const;
  const spec: Spec = { marks, layout };
  return svgOf(spec, title);
}

function panelMark(
  { title, x = {}, y = {}, series }: Panel,
  labels: readonly string[],
  width: number,
  height: number,
): GroupMark {
  const styled = series.map(({ label, points }) => {
    const place = labels.indexOf(label);
    // A second round of the palette is dashed.
    const style = { colour: palette[place % palette.length], dashed: place >= palette.length };
    return { label, points, style };
  });
  const values = styled.flatMap(({ label, points, style }) =>
    points.map((point) => ({ label, ...style, x: point[0], y: point[1] })),
  );
  const ends = styled.map(({ label, points, style }) => ({
    label,
    ...style,
    y: points.at(-1)![1],
  }));
  const across = values.map((value) => value.x);
  const up = values.map((value) => value.y);
  const own = [...new Set(across)].sort((a, b) => a - b);
  return {
    type: 'group',
    encode: { update: { width: { value: width }, height: { value: height } } },
    ...(title !== undefined && { title: { text: title, frame: 'group', fontSize: 13 } }),
    data: [{ name: 'points', values }, labelData(ends)],
    scales: [scaleOf('x', x, across, width), scaleOf('y', y, up, height)],
    axes: [
      axisOf('x', x, own.length <= mostOwnTicks ? own : decadesOf(x, across)),
      axisOf('y', y, decadesOf(y, up)),
    ],
    marks: [lineMarks(), labelMarks()],
  };
}

/** The last points; a label that would cover the one above it moves down. */
function labelData(values: readonly object[]): Data {
  // y_i = max(own_i, y_(i-1) + height) = i * height + the largest own_j - j * height so far.
  return {
    name: 'ends',
    values: values as object[],
    transform: [
      { type: 'formula', as: 'own', expr: "scale('y', datum.y)" },
      { type: 'window', ops: ['row_number'], as: ['place'], sort: { field: 'own' } },
      { type: 'formula', as: 'free', expr: `datum.own - ${labelHeight} * datum.place` },
      {
        type: 'window',
        ops: ['max'],
        fields: ['free'],
        as: ['lowest'],
        sort: { field: 'own' },
        frame: [null, 0],
        ignorePeers: true,
      },
      { type: 'formula', as: 'up', expr: `datum.lowest + ${labelHeight} * datum.place` },
    ],
  } as Data;
}

function lineMarks(): GroupMark {
  const dash = { signal: 'datum.dashed ? [6, 3] : [1, 0]' };
  const place = { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' } };
  return {
    type: 'group',
    from: { facet: { name: 'line', data: 'points', groupby: 'label' } },
    marks: [
      {
        type: 'line',
        from: { data: 'line' },
        encode: {
          update: {
            ...place,
            stroke: { field: 'colour' },
            strokeWidth: { value: 2 },
            strokeDash: dash,
          },
        },
      },
      {
        type: 'symbol',
        from: { data: 'line' },
        encode: { update: { ...place, fill: { field: 'colour' }, size: { value: 24 } } },
      },
    ],
  };
}

function labelMarks(): Mark {
  return {
    type: 'text',
    from: { data: 'ends' },
    encode: {
      update: {
        x: { signal: "range('x')[1] + 10" },
        y: { field: 'up' },
        text: { field: 'label' },
        fill: { field: 'colour' },
        baseline: { value: 'middle' },
      },
    },
  };
}

function scaleOf(
  name: 'x' | 'y',
  { scale = 'linear' }: AxisOptions,
  numbers: readonly number[],
  pixels: number,
): Scale {
  const range = name === 'x' ? [0, pixels] : [pixels, 0];
  const domain = [Math.min(...numbers), Math.max(...numbers)];
  const nice = name === 'y';
  return scale === 'log'
    ? { name, type: 'log', domain, range, nice }
    : { name, type: 'linear', domain, range, nice, zero: false };
}

function axisOf(
  name: 'x' | 'y',
  { label, unit }: AxisOptions,
  values: readonly number[] | undefined,
): VegaAxis {
  const text =
    unit === undefined
      ? "format(datum.value, '~r')"
      : `replace(format(datum.value, '~s'), /([^0-9.]*)$/, ' $1') + ${JSON.stringify(unit)}`;
  return {
    scale: name,
    orient: name === 'x' ? 'bottom' : 'left',
    ...(name === 'y' && { grid: true, gridScale: 'x' }),
    labelOverlap: 'greedy',
    labelColor: ink,
    encode: { labels: { update: { text: { signal: text } } } },
    ...(label !== undefined && { title: label }),
    ...(values !== undefined && { values: [...values] }),
    ...(values === undefined && { tickCount: 6 }),
  };
}

/** The powers of ten of a logarithmic axis. */
function decadesOf(
  { scale = 'linear' }: AxisOptions,
  numbers: readonly number[],
): number[] | undefined {
  if (scale === 'linear') return undefined;
  const first = Math.floor(Math.log10(Math.min(...numbers)));
  const last = Math.ceil(Math.log10(Math.max(...numbers)));
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}

/** @throws BAD_OPTION */
function checkSizes(sizes: { readonly [name: string]: number }): void {
  for (const [name, given] of Object.entries(sizes)) {
    if (Number.isSafeInteger(given) && given > 0) continue;
    throw error('BAD_OPTION', { what: `plotLines: ${name}`, given, allowed: 'an integer >= 1' });
  }
}

/** @throws BAD_OPTION, NOT_FINITE, OUT_OF_RANGE */
function checkPanel({ x = {}, y = {}, series }: Panel): void {
  for (const axis of [x, y]) {
    checkOptions('plotLines: axis', axis, ['label', 'scale', 'unit']);
    const { scale: given = 'linear' } = axis;
    if (given === 'linear' || given === 'log') continue;
    throw error('BAD_OPTION', { what: 'plotLines: scale', given, allowed: "'linear', 'log'" });
  }
  if (series.length === 0) {
    throw error('BAD_OPTION', { what: 'plotLines: series', given: [], allowed: 'one or more' });
  }
  for (const { label, points } of series) {
    const what = `plotLines: ${label}`;
    if (points.length === 0) {
      throw error('BAD_OPTION', { what, given: 'no points', allowed: 'one or more' });
    }
    points.forEach((point, index) => {
      for (const [i, axis] of [x, y].entries()) {
        const given = point[i]!;
        const where = { what: `${what}[${index}]`, given };
        if (!Number.isFinite(given)) throw error('NOT_FINITE', where);
        if (axis.scale === 'log' && given <= 0) {
          throw error('OUT_OF_RANGE', { ...where, allowed: 'numbers > 0 on a logarithmic axis' });
        }
      }
    });
  }
}
