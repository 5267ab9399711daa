/**
 * What classifiers share that return decision values or probabilities.
 */
import type { NdArray } from 'ndarray';
import type { Tensor } from '../tracer/tensor.ts';
import {
  arrayOf,
  Classifier,
  type ClassifierFitted,
  type ClassifierParameters,
} from './classifier.ts';
import { softmax } from './classShares.ts';
import type { FeaturesLike } from './input.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from './predictor.ts';

/** A classifier whose scores are probabilities, or become such. */
export abstract class ProbabilityClassifier<
  P extends ClassifierParameters,
  F extends ClassifierFitted,
> extends Classifier<P, F> {
  /**
   * Probabilities, [rows, classes], of rows that sum to 1.
   *
   * @throws as `predict`.
   */
  predictProba(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  predictProba(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  predictProba(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, (scores) => arrayOf(this.probabilities(scores)));
  }

  /** Probabilities from scores, both rows x classes: the softmax, unless a class says otherwise. */
  protected probabilities(scores: Tensor): Tensor {
    return softmax(scores);
  }
}

/** A classifier whose scores are decision values, of which it makes probabilities. */
export abstract class DecisionClassifier<
  P extends ClassifierParameters,
  F extends ClassifierFitted,
> extends ProbabilityClassifier<P, F> {
  /**
   * Signed scores: [rows] for two classes (above 0 is `classes[1]`, the logarithm of the odds), else [rows, classes].
   *
   * @throws as `predict`.
   */
  decisionFunction(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  decisionFunction(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  decisionFunction(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, decisionValues);
  }
}

/** Scores as users get them: [rows] for two classes, else [rows, classes]. */
export function decisionValues({
  shape: [rows = 0, outputs = 0],
  data,
}: Tensor): NdArray<Float64Array> {
  return arrayOf({ shape: outputs === 1 ? [rows] : [rows, outputs], data });
}
