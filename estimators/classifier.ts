/**
 * What every classifier has: `predict` to labels and the accuracy of it; and of those that learn here, `fit` on labels.
 */
import ndarray, { type NdArray } from 'ndarray';
import { error } from '../lib/errors.ts';
import { checkOptions } from '../lib/options.ts';
import { type ArrayLike, fromTensor, type Tensor } from '../tracer/tensor.ts';
import { type ClassifierOutput, Decider, type DeciderFitted, deciderState } from './decider.ts';
import {
  type FeaturesLike,
  featureNames,
  type Label,
  type LabelsLike,
  readClasses,
  readMatrix,
  readSampleWeight,
} from './input.ts';
import { accuracyScore } from './metrics/accuracy.ts';
import { winners } from './model.ts';
import { choice, type ParameterTable } from './parameters.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from './predictor.ts';
import { isList, isNumbers, type StateTable } from './state.ts';

/** Labels as a one-dimensional `ndarray`: of doubles, or of texts where `fit` was given texts. */
export type Labels = NdArray<Float64Array> | NdArray<string[]>;

/** What every classifier's constructor takes beside its own parameters. */
export interface ClassifierParameters {
  /**
   * What an encrypted run returns. 'scores' (default): one score for each class, or one for two classes; the client
   * finishes labels and probabilities, and whoever decrypts learns the scores. 'label': the index of the winning class and
   * nothing else, at the price of encrypted comparisons; probabilities and decision values are then there in clear only.
   */
  readonly output: ClassifierOutput;
}

/** The table of `ClassifierParameters`. */
export const classifierParameters: ParameterTable<ClassifierParameters> = {
  output: choice('scores', ['scores', 'label']),
};

/** Learned state of every classifier. */
export interface ClassifierFitted extends DeciderFitted {
  /** The labels, sorted; columns of scores and probabilities come in this order. */
  readonly classes: readonly Label[];
}

/** The tests of `ClassifierFitted`. */
export const classifierState: StateTable<ClassifierFitted> = {
  ...deciderState,
  classes: (value) => isClasses(value) && value.length >= 2,
};

/** Whether a value is a list of labels, sorted as `fit` sorts them. */
export function isClasses(value: unknown): value is readonly Label[] {
  if (!isList(value, null, (label) => typeof label === 'string') && !isNumbers(value, null)) {
    return false;
  }
  const labels = value as readonly Label[];
  return labels.every((label, i) => i === 0 || labels[i - 1]! < label);
}

/** What a classifier's own `train` learns; the rest of the learned state is the same for all. */
export type Learned<F> = Omit<F, keyof ClassifierFitted>;

/** Checked training data. */
export interface TrainingData {
  /** Rows x features. */
  readonly X: Tensor;
  /** Sorted labels, two or more. */
  readonly classes: readonly Label[];
  /** Of each row, the index of its label in `classes`. */
  readonly indices: Int32Array;
  /** Of each row, a weight >= 0. */
  readonly sampleWeight: Float64Array;
}

/** What has classes and labels rows, wherever it has learned to; `Rows` are what it takes as rows of features. */
export abstract class ClassPredictor<
  P extends object,
  F extends ClassifierFitted,
  Rows = FeaturesLike,
> extends Decider<P, F, Rows> {
  /**
   * The label of each row. In clear at once, computed with the very integers of an encrypted run; as a promise with
   * `encrypted: true` (keys are made at the first run and kept) or `'simulate'`.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE; an encrypted run rejects with the same errors and
   * the runtime's.
   */
  predict(X: Rows, options?: ClearOptions): Labels;
  predict(X: Rows, options: EncryptedOptions): Promise<Labels>;
  predict(X: Rows, options?: PredictOptions): Labels | Promise<Labels>;
  predict(X: Rows, options: PredictOptions = {}): Labels | Promise<Labels> {
    return this.answered(X, options, (values, { classes, output }) => {
      const indices = output === 'label' ? Int32Array.from(values.data) : winners(values);
      return labelsOf(indices, classes);
    });
  }

  /** The share of rows that `predict` labels right (weighted by `sampleWeight`), in [0, 1]. */
  score(X: Rows, y: LabelsLike, options: { readonly sampleWeight?: ArrayLike } = {}): number {
    return accuracyScore(y, this.predict(X), options);
  }
}

/** The common part of all classifiers that learn here. */
export abstract class Classifier<
  P extends ClassifierParameters,
  F extends ClassifierFitted,
> extends ClassPredictor<P, F> {
  /**
   * Learns from rows of features (rows x features, finite) and one label a row. Returns this.
   *
   * @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, BAD_LABELS, OUT_OF_RANGE
   */
  fit(X: FeaturesLike, y: LabelsLike, options: { readonly sampleWeight?: ArrayLike } = {}): this {
    checkOptions(`${this.name}.fit`, options, ['sampleWeight']);
    const parameters = this.checkedParameters();
    const data = this.trainingData(X, y, options.sampleWeight);
    return this.keep(X, data, this.train(data, parameters), parameters);
  }

  /** Checked training data. @throws as `fit` */
  protected trainingData(
    X: FeaturesLike,
    y: LabelsLike,
    weights: ArrayLike | undefined,
  ): TrainingData {
    const matrix = readMatrix(X, 'X', { missing: this.takesMissing });
    const rows = matrix.shape[0]!;
    const { classes, indices } = readClasses(y, 'y', rows);
    return { X: matrix, classes, indices, sampleWeight: readSampleWeight(weights, rows) };
  }

  /** Takes over what was learned from data. */
  protected keep(
    X: FeaturesLike,
    { X: matrix, classes }: TrainingData,
    learned: Learned<F>,
    { output }: P,
  ): this {
    const common = { ...featureNames(X), nFeaturesIn: matrix.shape[1]!, classes, output };
    this.learned({ ...common, ...learned } as unknown as F);
    return this;
  }

  /** Learns; parameters and data are checked. */
  protected abstract train(data: TrainingData, parameters: P): Learned<F>;
}

/** A Tensor of rank 1 or more as users get it. */
export function arrayOf(tensor: Tensor): NdArray<Float64Array> {
  return fromTensor(tensor) as NdArray<Float64Array>;
}

/** The labels of class indices. @throws DECRYPTION_FAILED for one that no class has, as a wrong key gives */
export function labelsOf(indices: Int32Array, classes: readonly Label[]): Labels {
  const given = indices.find((index) => index < 0 || index >= classes.length);
  if (given !== undefined) {
    const allowed = `0 to ${classes.length - 1}`;
    throw error('DECRYPTION_FAILED', { what: 'the index of a class', given, allowed });
  }
  if (typeof classes[0] === 'string') {
    return ndarray(Array.from(indices, (index) => classes[index] as string));
  }
  return ndarray(Float64Array.from(indices, (index) => classes[index] as number));
}
