/**
 * What every outlier detector has: `fit` on rows alone, `predict` to 1 for inliers and -1 for outliers, and the scores
 * behind it.
 */
import type { NdArray } from 'ndarray';
import type { Tensor } from '../tracer/tensor.ts';
import { arrayOf, type ClassifierParameters } from './classifier.ts';
import { Decider, type DeciderFitted, deciderState } from './decider.ts';
import { type FeaturesLike, featureNames, readMatrix } from './input.ts';
import type { ScoreModel } from './model.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from './predictor.ts';
import { isNumber, type StateTable } from './state.ts';

/** What every outlier detector's constructor takes beside its own parameters: with 'label', an encrypted run says 1 or -1. */
export type OutlierParameters = ClassifierParameters;

/** Learned state of every outlier detector. */
export interface OutlierFitted extends DeciderFitted {
  /** Rows whose score is below it are outliers. */
  readonly offset: number;
}

/** The tests of `OutlierFitted`. */
export const outlierState: StateTable<OutlierFitted> = {
  ...deciderState,
  offset: isNumber,
};

/** What a detector's own `train` learns; the rest of the learned state is the same for all. */
export type LearnedOutliers<F> = Omit<F, Exclude<keyof OutlierFitted, 'offset'>>;

/** The common part of all outlier detectors. */
export abstract class OutlierDetector<
  P extends OutlierParameters,
  F extends OutlierFitted,
> extends Decider<P, F> {
  /**
   * Learns from rows of features (rows x features, finite). Returns this.
   *
   * @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY
   */
  fit(X: FeaturesLike): this {
    const parameters = this.checkedParameters();
    const matrix = readMatrix(X, 'X', { missing: this.takesMissing });
    const nFeaturesIn = matrix.shape[1]!;
    const learned = this.train(matrix, parameters);
    const common = { ...featureNames(X), nFeaturesIn, output: parameters.output };
    this.learned({ ...common, ...learned } as unknown as F);
    return this;
  }

  /**
   * 1 for each row that is like those of `fit`, -1 for each outlier: [rows]. In clear at once, computed with the very
   * integers of an encrypted run; as a promise with `encrypted: true` or `'simulate'`.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE; an encrypted run rejects with the same errors and the runtime's.
   */
  predict(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  predict(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  predict(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.answered(X, options, ({ data }, { offset, output }) => {
      const isInlier = (value: number): boolean =>
        output === 'label' ? value === 1 : value >= offset;
      return vector(data.map((value) => (isInlier(value) ? 1 : -1)));
    });
  }

  /**
   * `scoreSamples` less `offset`: below 0 for outliers. [rows].
   *
   * @throws as `predict`; UNSUPPORTED for an encrypted run that returns labels alone.
   */
  decisionFunction(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  decisionFunction(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  decisionFunction(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, ({ data }, { offset }) =>
      vector(data.map((score) => score - offset)),
    );
  }

  /**
   * How much each row is like those of `fit`, the larger the more: [rows].
   *
   * @throws as `decisionFunction`.
   */
  scoreSamples(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  scoreSamples(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  scoreSamples(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, ({ data }) => vector(data));
  }

  /** Learns; parameters and data are checked. */
  protected abstract train(X: Tensor, parameters: P): LearnedOutliers<F>;

  /** The fitted model that returns scores, rows x 1; `boundary` is the largest output of an outlier. */
  protected abstract override scores(fitted: F): ScoreModel;
}

function vector(data: Float64Array): NdArray<Float64Array> {
  return arrayOf({ shape: [data.length], data });
}
