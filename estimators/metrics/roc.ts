/**
 * The receiver operating characteristic: what is found of a class, and what is taken for it wrongly, by threshold.
 */
import ndarray, { type NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { ArrayLike } from '../../tracer/tensor.ts';
import type { Label, LabelsLike } from '../input.ts';
import {
  type MetricOptions,
  readNumbers,
  readTruth,
  readWeights,
  sortedLabels,
  warnUndefined,
} from './read.ts';

/** Options of `rocCurve`. */
export interface RocCurveOptions extends MetricOptions {
  /** The class that high scores speak for. Default null: 1, where labels are 0 and 1 or -1 and 1. */
  readonly posLabel?: Label | null;
  /** Whether points on a straight line between others are left out. Default true. */
  readonly dropIntermediate?: boolean;
}

/** Points of the curve from (0, 0) to (1, 1), all three of one length. */
export interface RocCurve {
  /** Share of the other classes' rows whose score is at least the threshold; NaN where there are none. */
  readonly fpr: NdArray<Float64Array>;
  /** Share of the positive class's rows whose score is at least the threshold; NaN where there are none. */
  readonly tpr: NdArray<Float64Array>;
  /** Falling; the first is infinite, beyond every score. */
  readonly thresholds: NdArray<Float64Array>;
}

/**
 * The curve of scores such as probabilities of the positive class, or values of its decision function.
 *
 * @throws SHAPE_MISMATCH; BAD_LABELS for three labels or more; BAD_OPTION where `posLabel` has to be given; NOT_FINITE;
 * OUT_OF_RANGE
 */
export function rocCurve(
  yTrue: LabelsLike,
  yScore: ArrayLike,
  options: RocCurveOptions = {},
): RocCurve {
  checkOptions('rocCurve', options, ['posLabel', 'dropIntermediate', 'sampleWeight']);
  const { posLabel = null, dropIntermediate = true, sampleWeight } = options;
  const truth = readTruth(yTrue);
  const scores = readScores(yScore, truth.length);
  const weights = readWeights(sampleWeight, truth.length);
  const positive = posLabel ?? usualPositive(truth);
  if (posLabel === null && new Set(truth).size > 2) {
    const remedy = 'name the class by posLabel';
    const given = sortedLabels(truth);
    throw error('BAD_LABELS', { what: 'yTrue', given, allowed: 'two labels', remedy });
  }
  const isPositive = truth.map((label) => label === positive);
  const curve = cumulated(isPositive, scores, weights);
  const corners = curve.filter(
    (_, i) => !dropIntermediate || !onLine(curve[i - 1], curve[i]!, curve[i + 1]),
  );
  const points = [{ wrong: 0, right: 0, threshold: Number.POSITIVE_INFINITY }, ...corners];
  const last = points.at(-1)!;
  for (const [all, kind] of [
    [last.wrong, `rows without ${positive}`],
    [last.right, `rows of ${positive}`],
  ] as const) {
    if (all === 0) warnUndefined('BAD_LABELS', 'rocCurve', `no ${kind}`, 'give rows of both kinds');
  }
  return {
    fpr: ndarray(Float64Array.from(points, ({ wrong }) => wrong / last.wrong)),
    tpr: ndarray(Float64Array.from(points, ({ right }) => right / last.right)),
    thresholds: ndarray(Float64Array.from(points, ({ threshold }) => threshold)),
  };
}

/** The area under the curve of rows with one weight each: P(score of a positive > of another) + P(equal) / 2. */
export function areaUnder(
  isPositive: readonly boolean[],
  scores: Float64Array,
  weights: Float64Array,
): number {
  const points = cumulated(isPositive, scores, weights);
  const last = points.at(-1)!;
  let before = { wrong: 0, right: 0 };
  let area = 0;
  for (const point of points) {
    area += ((point.wrong - before.wrong) * (point.right + before.right)) / 2;
    before = point;
  }
  return area / (last.wrong * last.right);
}

/** One score a row. @throws SHAPE_MISMATCH, NOT_FINITE */
export function readScores(yScore: ArrayLike, rows: number): Float64Array {
  const { shape, data } = readNumbers(yScore, 'yScore');
  if (data.length === rows && shape[0] === rows) return data;
  const remedy = 'of probabilities give the column of the positive class: proba.pick(null, 1)';
  const details = { given: `shape [${shape.join(', ')}]`, allowed: `[${rows}], one a row` };
  throw error('SHAPE_MISMATCH', { what: 'yScore', ...details, remedy });
}

interface Point {
  /** Weight of rows with a score of at least the threshold: of other classes, of the positive one. */
  readonly wrong: number;
  readonly right: number;
  readonly threshold: number;
}

/** One point for each distinct score, the highest first. */
function cumulated(
  isPositive: readonly boolean[],
  scores: Float64Array,
  weights: Float64Array,
): Point[] {
  const order = Int32Array.from(scores.keys()).filter((row) => weights[row]! > 0);
  order.sort((a, b) => scores[b]! - scores[a]!);
  const points: Point[] = [];
  let wrong = 0;
  let right = 0;
  order.forEach((row, i) => {
    if (isPositive[row]) right += weights[row]!;
    else wrong += weights[row]!;
    const next = order[i + 1];
    if (next === undefined || scores[next] !== scores[row]) {
      points.push({ wrong, right, threshold: scores[row]! });
    }
  });
  return points;
}

/** Whether the curve goes on through a point as it came: both steps are the same. */
function onLine(before: Point | undefined, point: Point, after: Point | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  const same = (of: (point: Point) => number): boolean =>
    of(after) - of(point) === of(point) - of(before);
  return same(({ wrong }) => wrong) && same(({ right }) => right);
}

/** 1, where labels are 0 and 1 or -1 and 1. @throws BAD_OPTION */
function usualPositive(truth: readonly Label[]): Label {
  const labels = sortedLabels(truth);
  const usual = [0, -1].some((other) => labels.every((label) => label === other || label === 1));
  if (usual) return 1;
  const allowed = labels.join(', ');
  throw error('BAD_OPTION', { what: 'rocCurve: posLabel', given: null, allowed });
}
