/**
 * Deviances: twice what the log-likelihood of a prediction lacks to the best possible one.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { ArrayLike } from '../../tracer/tensor.ts';
import {
  type MetricOptions,
  readTargetPairs,
  type TargetPairs,
  warnUndefined,
  weightedMean,
} from './read.ts';

/** Options of `meanTweedieDeviance` and `d2TweedieScore`. */
export interface TweedieOptions extends MetricOptions {
  /**
   * The variance grows as mean^power: 0 (default) normal, 1 Poisson, 1 to 2 compound Poisson, 2 gamma, 3 inverse
   * Gaussian; below 0 extreme stable. None lies between 0 and 1.
   */
  readonly power?: number;
}

/**
 * The mean deviance of Tweedie's family. With y the truth, p the prediction and a the power,
 * 2 (max(y, 0)^(2 - a) / ((1 - a) (2 - a)) - y p^(1 - a) / (1 - a) + p^(2 - a) / (2 - a)); (y - p)^2 for a = 0.
 *
 * @throws OUT_OF_RANGE where the family has no such number: below 0 needs p > 0, 1 to 2 needs y >= 0 and p > 0, from 2
 * on both are above 0; BAD_OPTION; SHAPE_MISMATCH; NOT_FINITE
 */
export function meanTweedieDeviance(
  yTrue: ArrayLike,
  yPred: ArrayLike,
  options: TweedieOptions = {},
): number {
  const name = 'meanTweedieDeviance';
  checkOptions(name, options, ['power', 'sampleWeight']);
  const { power = 0, sampleWeight } = options;
  return meanDeviance(power, readOutput(name, yTrue, yPred, power, sampleWeight));
}

/** The mean deviance of counts, 2 (y log(y / p) - y + p). @throws as `meanTweedieDeviance` of power 1 */
export function meanPoissonDeviance(
  yTrue: ArrayLike,
  yPred: ArrayLike,
  options: MetricOptions = {},
): number {
  checkOptions('meanPoissonDeviance', options, ['sampleWeight']);
  return meanTweedieDeviance(yTrue, yPred, { ...options, power: 1 });
}

/** The mean deviance of relative errors, 2 (log(p / y) + y / p - 1). @throws as `meanTweedieDeviance` of power 2 */
export function meanGammaDeviance(
  yTrue: ArrayLike,
  yPred: ArrayLike,
  options: MetricOptions = {},
): number {
  checkOptions('meanGammaDeviance', options, ['sampleWeight']);
  return meanTweedieDeviance(yTrue, yPred, { ...options, power: 2 });
}

/**
 * The share of the deviance that predictions explain, 1 - deviance / (deviance of the mean of y): `r2Score` for other
 * families than the normal one. Of a constant y, 1 if all predictions are right and else 0. NaN of a single row, with a
 * warning.
 *
 * @throws as `meanTweedieDeviance`
 */
export function d2TweedieScore(
  yTrue: ArrayLike,
  yPred: ArrayLike,
  options: TweedieOptions = {},
): number {
  const name = 'd2TweedieScore';
  checkOptions(name, options, ['power', 'sampleWeight']);
  const { power = 0, sampleWeight } = options;
  const pairs = readOutput(name, yTrue, yPred, power, sampleWeight);
  if (pairs.rows < 2) {
    warnUndefined('SHAPE_MISMATCH', name, 'a single row', 'give two rows or more');
    return Number.NaN;
  }
  const mean = weightedMean(pairs.weights, (row) => pairs.truth[row]!);
  const constant = { ...pairs, predicted: new Float64Array(pairs.rows).fill(mean) };
  const [own, total] = [meanDeviance(power, pairs), meanDeviance(power, constant)];
  if (total === 0) return own === 0 ? 1 : 0;
  return 1 - own / total;
}

function meanDeviance(power: number, { truth, predicted, weights }: TargetPairs): number {
  const deviance = unitDeviance(power);
  return weightedMean(weights, (row) => deviance(truth[row]!, predicted[row]!));
}

function unitDeviance(power: number): (y: number, p: number) => number {
  if (power === 0) return (y, p) => (y - p) ** 2;
  if (power === 1) return (y, p) => 2 * ((y === 0 ? 0 : y * Math.log(y / p)) - y + p);
  if (power === 2) return (y, p) => 2 * (Math.log(p / y) + y / p - 1);
  const [one, two] = [1 - power, 2 - power];
  return (y, p) =>
    2 * (Math.max(y, 0) ** two / (one * two) - (y * p ** one) / one + p ** two / two);
}

/** One output whose numbers the family has. @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE */
function readOutput(
  name: string,
  yTrue: ArrayLike,
  yPred: ArrayLike,
  power: number,
  sampleWeight: ArrayLike | undefined,
): TargetPairs {
  if (!Number.isFinite(power) || (power > 0 && power < 1)) {
    const allowed = 'a number <= 0 or >= 1';
    throw error('BAD_OPTION', { what: `${name}: power`, given: power, allowed });
  }
  const pairs = readTargetPairs(yTrue, yPred, sampleWeight);
  if (pairs.outputs > 1) {
    const details = { given: `${pairs.outputs} outputs`, allowed: 'one' };
    throw error('SHAPE_MISMATCH', { what: `${name}: yTrue`, ...details });
  }
  if (power !== 0) checkAbove('yPred', pairs.predicted, power, false);
  if (power >= 1) checkAbove('yTrue', pairs.truth, power, power < 2);
  return pairs;
}

function checkAbove(what: string, data: Float64Array, power: number, zero: boolean): void {
  const bad = data.findIndex((value) => value < 0 || (value === 0 && !zero));
  if (bad < 0) return;
  const allowed = `numbers ${zero ? '>= 0' : '> 0'} for power ${power}`;
  throw error('OUT_OF_RANGE', { what: `${what}[${bad}]`, given: data[bad], allowed });
}
