/**
 * What every regressor has: `predict` to numbers and how much of their variance it explains; and of those that learn here,
 * `fit` on numbers.
 */
import type { NdArray } from 'ndarray';
import type { ArrayLike, Tensor } from '../tracer/tensor.ts';
import { arrayOf } from './classifier.ts';
import { type Fitted, fittedState } from './estimator.ts';
import {
  checkSomeWeight,
  type FeaturesLike,
  featureNames,
  readMatrix,
  readSampleWeight,
  readTargets,
} from './input.ts';
import { r2Score } from './metrics/regression.ts';
import {
  type ClearOptions,
  type EncryptedOptions,
  type PredictOptions,
  Predictor,
} from './predictor.ts';
import { isCount, isList, type StateTable } from './state.ts';

/** Learned state of every regressor. */
export interface RegressorFitted extends Fitted {
  /** The shape of the prediction for one row: [] where `fit` was given one number a row, else [outputs]. */
  readonly targetShape: readonly number[];
}

/** The tests of `RegressorFitted`. */
export const regressorState: StateTable<RegressorFitted> = {
  ...fittedState,
  targetShape: (value) =>
    isList(value, null, (outputs) => isCount(outputs, 1)) && value.length <= 1,
};

/** The number of targets of one row. */
export function outputsOf({ targetShape: [outputs = 1] }: RegressorFitted): number {
  return outputs;
}

/** What a regressor's own `train` learns; the rest of the learned state is the same for all. */
export type LearnedTargets<F> = Omit<F, keyof RegressorFitted>;

/** Checked training data. */
export interface RegressionData {
  /** Rows x features. */
  readonly X: Tensor;
  /** Rows x outputs, finite. */
  readonly y: Tensor;
  /** Of each row, a weight >= 0; not all are 0. */
  readonly sampleWeight: Float64Array;
}

/** What predicts numbers for rows, wherever it has learned to; `Rows` are what it takes as rows of features. */
export abstract class TargetPredictor<
  P extends object,
  F extends RegressorFitted,
  Rows = FeaturesLike,
> extends Predictor<P, F, Rows> {
  /**
   * The prediction for each row: [rows], or [rows, outputs] where there are several. In clear at once, computed with
   * the very integers of an encrypted run; as a promise with `encrypted: true` (keys are made at the first run and kept) or
   * `'simulate'`.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE; an encrypted run rejects with the same errors and
   * the runtime's.
   */
  predict(X: Rows, options?: ClearOptions): NdArray<Float64Array>;
  predict(X: Rows, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  predict(
    X: Rows,
    options?: PredictOptions,
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>>;
  predict(
    X: Rows,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.answered(X, options, (values, fitted) => this.targets(values, fitted));
  }

  /** The coefficient of determination R^2 of `predict` (weighted by `sampleWeight`): at most 1, the larger the better. */
  score(X: Rows, y: ArrayLike, options: { readonly sampleWeight?: ArrayLike } = {}): number {
    return r2Score(y, this.predict(X), options);
  }

  /** Values of the model as users get them. @throws NOT_FINITE */
  protected targets(values: Tensor, fitted: F): NdArray<Float64Array> {
    const { data } = this.valued(this.finished(values, fitted));
    return arrayOf({ shape: [values.shape[0]!, ...fitted.targetShape], data });
  }

  /** Predictions from the values of the model: the inverse of a link function, which the client applies. */
  protected finished(values: Tensor, _fitted: F): Tensor {
    return values;
  }
}

/** The common part of all regressors that learn here. */
export abstract class Regressor<
  P extends object,
  F extends RegressorFitted,
> extends TargetPredictor<P, F> {
  /**
   * Learns from rows of features (rows x features, finite) and one target a row ([rows]; where the class takes several
   * outputs, also [rows, outputs]). Returns this.
   *
   * @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, OUT_OF_RANGE
   */
  fit(X: FeaturesLike, y: ArrayLike, options: { readonly sampleWeight?: ArrayLike } = {}): this {
    const parameters = this.checkedParameters();
    const matrix = readMatrix(X, 'X', { missing: this.takesMissing });
    const [rows, nFeaturesIn] = matrix.shape as [number, number];
    const { targets, targetShape } = readTargets(y, 'y', rows, this.takesOutputs);
    const sampleWeight = readSampleWeight(options.sampleWeight, rows);
    checkSomeWeight(sampleWeight, 'sampleWeight');
    const learned = this.train({ X: matrix, y: targets, sampleWeight }, parameters);
    const common = { ...featureNames(X), nFeaturesIn, targetShape };
    this.learned({ ...common, ...learned } as unknown as F);
    return this;
  }

  /** Learns; parameters and data are checked. */
  protected abstract train(data: RegressionData, parameters: P): LearnedTargets<F>;

  /** Whether y may have several columns. */
  protected get takesOutputs(): boolean {
    return false;
  }
}
