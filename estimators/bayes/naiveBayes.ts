/**
 * What naive Bayes classifiers share: priors, probabilities, and the joint log-likelihood as their score.
 */
import type { NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { arrayOf, type ClassifierFitted, type ClassifierParameters } from '../classifier.ts';
import type { FeaturesLike } from '../input.ts';
import { custom, optional, type Parameter } from '../parameters.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../predictor.ts';
import { ProbabilityClassifier } from '../probabilities.ts';

/** Probabilities of classes, given and not learnt. */
export const priors: Parameter<readonly number[] | null> = optional(
  custom<readonly number[]>(
    [],
    'a number > 0 for each class',
    (value) =>
      Array.isArray(value) && value.every((own) => typeof own === 'number' && own > 0 && own <= 1),
  ),
);

/** Largest standard deviation of what rounding coefficients adds to a log-likelihood. */
export const likelihoodResolution: number = 2 ** -8;

/** A classifier whose scores are logarithms of joint probabilities of class and features, up to what classes share. */
export abstract class NaiveBayes<
  P extends ClassifierParameters,
  F extends ClassifierFitted,
> extends ProbabilityClassifier<P, F> {
  /**
   * Logarithms of the probabilities, which tell apart what rounds to 0 or 1: [rows, classes].
   *
   * @throws as `predict`.
   */
  predictLogProba(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  predictLogProba(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  predictLogProba(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, (scores) => arrayOf(logSoftmax(scores)));
  }
}

/** Sum of the weights of each class. @throws OUT_OF_RANGE for a class without any */
export function weightsOfClasses(
  indices: Int32Array,
  weights: Float64Array,
  classes: readonly (number | string)[],
): number[] {
  const sums = new Array<number>(classes.length).fill(0);
  indices.forEach((index, row) => {
    sums[index]! += weights[row]!;
  });
  const empty = sums.indexOf(0);
  if (empty < 0) return sums;
  throw error('OUT_OF_RANGE', {
    what: 'sampleWeight',
    given: `0 for every row of class ${classes[empty]}`,
    allowed: 'a weight > 0 in every class',
    remedy: 'leave out the rows of that class',
  });
}

/** Sums of each feature over the weighted rows of each class, classes x features. */
export function sumsByClass(
  { shape, data }: Tensor,
  indices: Int32Array,
  weights: Float64Array,
  classes: number,
): number[][] {
  const [rows, features] = shape as [number, number];
  const sums = Array.from({ length: classes }, () => new Array<number>(features).fill(0));
  for (let row = 0; row < rows; row++) {
    const own = sums[indices[row]!]!;
    for (let j = 0; j < features; j++) own[j]! += weights[row]! * data[row * features + j]!;
  }
  return sums;
}

/** @throws OUT_OF_RANGE for the first value of rows x features that does not pass */
export function checkValues(
  { shape, data }: Tensor,
  passes: (value: number) => boolean,
  details: { readonly allowed: string; readonly remedy: string },
): void {
  const index = data.findIndex((value) => !passes(value));
  if (index < 0) return;
  const features = shape[1]!;
  const what = `feature ${index % features} of row ${Math.floor(index / features)}`;
  throw error('OUT_OF_RANGE', { what, given: data[index], ...details });
}

/** @throws BAD_OPTION where there is not one for each class */
export function checkPriors(what: string, given: readonly number[], classes: number): void {
  if (given.length === classes) return;
  const allowed = `${classes} numbers, one for each class`;
  throw error('BAD_OPTION', { what, given: `${given.length} numbers`, allowed });
}

/** Logarithms of `softmax`, computed without it. */
function logSoftmax({ shape, data }: Tensor): Tensor {
  const [rows, outputs] = shape as [number, number];
  const classes = Math.max(outputs, 2);
  const result = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * outputs, (row + 1) * outputs);
    const all = outputs === 1 ? [0, own[0]!] : [...own];
    const top = Math.max(...all);
    const rest = Math.log(all.reduce((sum, score) => sum + Math.exp(score - top), 0));
    result.set(
      all.map((score) => score - top - rest),
      row * classes,
    );
  }
  return { shape: [rows, classes], data: result };
}
