/**
 * Receiver operating characteristics in the unit square.
 */
import type { Mark, Scale, Spec } from 'vega';
import type { RocCurve } from '../estimators/metrics/roc.ts';
import { error } from '../lib/errors.ts';
import { checkOptions } from '../lib/options.ts';
import { palette, svgOf } from './render.ts';

/** Options of `plotRocCurve`. */
export interface RocPlotOptions {
  readonly title?: string;
}

const pixels = 300;

/**
 * Curves of `rocCurve` by their names, with the area under each; the dashed diagonal is guessing.
 *
 * @returns the text of an SVG file
 * @throws BAD_OPTION without a curve, or for more than there are colours; NOT_FINITE for a curve that is not defined;
 * UNSUPPORTED where `vega` is not installed
 */
export async function plotRocCurve(
  curves: { readonly [label: string]: RocCurve },
  options: RocPlotOptions = {},
): Promise<string> {
  checkOptions('plotRocCurve', options, ['title']);
  const labels = Object.keys(curves);
  if (labels.length === 0 || labels.length > palette.length) {
    const allowed = `1 to ${palette.length} curves by their names`;
    throw error('BAD_OPTION', { what: 'plotRocCurve: curves', given: labels, allowed });
  }
  return svgOf(specOf(Object.entries(curves).map(namedCurve)), options.title);
}

interface NamedCurve {
  readonly name: string;
  readonly points: readonly { readonly fpr: number; readonly tpr: number }[];
}

/** @throws NOT_FINITE */
function namedCurve([label, { fpr, tpr }]: [string, RocCurve]): NamedCurve {
  const points = Array.from(fpr.data, (x, i) => ({ fpr: x, tpr: tpr.data[i]! }));
  const bad = points.find((point) => !Number.isFinite(point.fpr + point.tpr));
  if (bad) throw error('NOT_FINITE', { what: `plotRocCurve: ${label}`, given: bad });
  const area = points.reduce((sum, point, i) => {
    const before = points[i - 1] ?? { fpr: 0, tpr: 0 };
    return sum + ((point.fpr - before.fpr) * (point.tpr + before.tpr)) / 2;
  }, 0);
  return { name: `${label} (AUC = ${area.toFixed(3)})`, points };
}

function specOf(curves: readonly NamedCurve[]): Spec {
  const names = curves.map(({ name }) => name);
  const values = curves.flatMap(({ name, points }) => points.map((point) => ({ name, ...point })));
  const at = { x: { scale: 'x', field: 'fpr' }, y: { scale: 'y', field: 'tpr' } };
  const axis = { grid: true, tickCount: 5 };
  return {
    width: pixels,
    height: pixels,
    data: [{ name: 'points', values }],
    scales: [
      unit('x', 'width'),
      unit('y', 'height'),
      { name: 'colour', type: 'ordinal', domain: names, range: palette.slice(0, names.length) },
    ],
    axes: [
      { scale: 'x', orient: 'bottom', title: 'false positive rate', ...axis },
      { scale: 'y', orient: 'left', title: 'true positive rate', ...axis },
    ],
    legends: [
      {
        stroke: 'colour',
        symbolType: 'stroke',
        orient: 'bottom',
        direction: 'vertical',
        offset: 12,
      },
    ],
    marks: [
      diagonal(),
      {
        type: 'group',
        from: { facet: { name: 'curve', data: 'points', groupby: 'name' } },
        marks: [
          {
            type: 'line',
            from: { data: 'curve' },
            encode: {
              update: {
                ...at,
                stroke: { scale: 'colour', field: 'name' },
                strokeWidth: { value: 2 },
              },
            },
          },
        ],
      },
    ],
  };
}

function unit(name: string, range: 'width' | 'height'): Scale {
  return { name, type: 'linear', domain: [0, 1], range };
}

function diagonal(): Mark {
  return {
    type: 'rule',
    encode: {
      update: {
        x: { scale: 'x', value: 0 },
        y: { scale: 'y', value: 0 },
        x2: { scale: 'x', value: 1 },
        y2: { scale: 'y', value: 1 },
        stroke: { value: '#888888' },
        strokeDash: { value: [4, 4] },
      },
    },
  };
}
