/**
 * How far predicted numbers are from the true ones.
 */
import ndarray, { type NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { ArrayLike } from '../../tracer/tensor.ts';
import {
  checkChoice,
  type MetricOptions,
  readTargetPairs,
  type TargetPairs,
  warnUndefined,
  weightedMean,
} from './read.ts';

/** Options of the metrics of regression. */
export interface RegressionOptions extends MetricOptions {
  /** Of several outputs: the mean of their scores ('uniformAverage', default), or all of them ('rawValues'). */
  readonly multioutput?: 'uniformAverage' | 'rawValues';
}

/** A score of targets, [rows] or [rows, outputs]; one of each output with 'rawValues'. */
export interface RegressionMetric<O extends RegressionOptions = RegressionOptions> {
  (
    yTrue: ArrayLike,
    yPred: ArrayLike,
    options: O & { readonly multioutput: 'rawValues' },
  ): NdArray<Float64Array>;
  (
    yTrue: ArrayLike,
    yPred: ArrayLike,
    options?: O & { readonly multioutput?: 'uniformAverage' },
  ): number;
}

/** Options of `meanPinballLoss`. */
export interface PinballOptions extends RegressionOptions {
  /** The quantile that is predicted, in [0, 1]. Default 0.5. */
  readonly alpha?: number;
}

/** The number of a row and an output. */
type Loss = (truth: number, predicted: number) => number;

/** The mean of (y - p)^2. @throws SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, OUT_OF_RANGE, BAD_OPTION */
export const meanSquaredError: RegressionMetric = metric('meanSquaredError', [], () =>
  meanOf((truth, predicted) => (truth - predicted) ** 2),
);

/** The square root of the mean of (y - p)^2, of each output before their mean. @throws as `meanSquaredError` */
export const rootMeanSquaredError: RegressionMetric = metric('rootMeanSquaredError', [], () => {
  const mean = meanOf((truth, predicted) => (truth - predicted) ** 2);
  return (pairs, output) => Math.sqrt(mean(pairs, output));
});

/** The mean of |y - p|. @throws as `meanSquaredError` */
export const meanAbsoluteError: RegressionMetric = metric('meanAbsoluteError', [], () =>
  meanOf((truth, predicted) => Math.abs(truth - predicted)),
);

/**
 * The mean of alpha * (y - p) where y >= p, else of (1 - alpha) * (p - y): least at the quantile `alpha` (Koenker and
 * Bassett 1978).
 *
 * @throws as `meanSquaredError`
 */
export const meanPinballLoss: RegressionMetric<PinballOptions> = metric<PinballOptions>(
  'meanPinballLoss',
  ['alpha'],
  ({ alpha = 0.5 }) => {
    if (!(alpha >= 0 && alpha <= 1)) {
      const what = 'meanPinballLoss: alpha';
      throw error('BAD_OPTION', { what, given: alpha, allowed: 'a number in [0, 1]' });
    }
    return meanOf((truth, predicted) =>
      truth >= predicted ? alpha * (truth - predicted) : (1 - alpha) * (predicted - truth),
    );
  },
);

/**
 * The coefficient of determination, 1 - sum (y - p)^2 / sum (y - mean y)^2: 1 at best, 0 for the mean, and below for
 * less. Of a constant y, 1 if all predictions are right and else 0. NaN of a single row, with a warning.
 *
 * @throws as `meanSquaredError`
 */
export const r2Score: RegressionMetric = metric('r2Score', [], () => (pairs, output) => {
  if (pairs.rows < 2) {
    if (output === 0)
      warnUndefined('SHAPE_MISMATCH', 'r2Score', 'a single row', 'give two rows or more');
    return Number.NaN;
  }
  const { truth, weights, outputs } = pairs;
  const mean = weightedMean(weights, (row) => truth[row * outputs + output]!);
  const residual = meanOf((y, predicted) => (y - predicted) ** 2)(pairs, output);
  const total = weightedMean(weights, (row) => (truth[row * outputs + output]! - mean) ** 2);
  if (total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
});

function metric<O extends RegressionOptions = RegressionOptions>(
  name: string,
  further: readonly string[],
  scoreOf: (options: O) => (pairs: TargetPairs, output: number) => number,
): RegressionMetric<O> {
  const score = (
    yTrue: ArrayLike,
    yPred: ArrayLike,
    options: O = {} as O,
  ): number | NdArray<Float64Array> => {
    checkOptions(name, options, [...further, 'multioutput', 'sampleWeight']);
    const { multioutput = 'uniformAverage', sampleWeight } = options;
    checkChoice(`${name}: multioutput`, multioutput, ['uniformAverage', 'rawValues']);
    const of = scoreOf(options);
    const pairs = readTargetPairs(yTrue, yPred, sampleWeight);
    const scores = Float64Array.from({ length: pairs.outputs }, (_, output) => of(pairs, output));
    if (multioutput === 'rawValues') return ndarray(scores);
    return scores.reduce((sum, own) => sum + own, 0) / pairs.outputs;
  };
  return score as RegressionMetric<O>;
}

function meanOf(loss: Loss): (pairs: TargetPairs, output: number) => number {
  return ({ truth, predicted, weights, outputs }, output) =>
    weightedMean(weights, (row) => {
      const place = row * outputs + output;
      return loss(truth[place]!, predicted[place]!);
    });
}
