/**
 * What every classifier has: `fit` on labels, `predict` to labels, and the accuracy of it.
 */
import ndarray, { type NdArray } from 'ndarray';
import { type ArrayLike, fromTensor, type Tensor } from '../tracer/tensor.ts';
import {
  type ClearOptions,
  type EncryptedOptions,
  Estimator,
  type Fitted,
  type PredictOptions,
} from './estimator.ts';
import { type Label, type LabelsLike, readClasses, readMatrix, readSampleWeight } from './input.ts';
import { accuracyScore } from './metrics.ts';

/** Labels as a one-dimensional `ndarray`: of doubles, or of texts where `fit` was given texts. */
export type Labels = NdArray<Float64Array> | NdArray<string[]>;

/** Learned state of every classifier. */
export interface ClassifierFitted extends Fitted {
  /** The labels, sorted; columns of scores and probabilities come in this order. */
  readonly classes: readonly Label[];
}

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

/** The common part of all classifiers. */
export abstract class Classifier<P extends object, F extends ClassifierFitted> extends Estimator<
  P,
  F
> {
  /**
   * Learns from rows of features (rows x features, finite) and one label a row. Returns this.
   *
   * @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, BAD_LABELS, OUT_OF_RANGE
   */
  fit(X: ArrayLike, y: LabelsLike, options: { readonly sampleWeight?: ArrayLike } = {}): this {
    const parameters = this.checkedParameters();
    const matrix = readMatrix(X, 'X');
    const rows = matrix.shape[0]!;
    const { classes, indices } = readClasses(y, 'y', rows);
    const sampleWeight = readSampleWeight(options.sampleWeight, rows);
    this.learned(this.train({ X: matrix, classes, indices, sampleWeight }, parameters));
    return this;
  }

  /**
   * The label of each row. In clear at once, computed with the very integers of an encrypted run; as a promise with
   * `encrypted: true` (keys are made at the first run and kept) or `'simulate'`.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE; an encrypted run rejects with the same errors and
   * the runtime's.
   */
  predict(X: ArrayLike, options?: ClearOptions): Labels;
  predict(X: ArrayLike, options: EncryptedOptions): Promise<Labels>;
  predict(X: ArrayLike, options?: PredictOptions): Labels | Promise<Labels>;
  predict(X: ArrayLike, options: PredictOptions = {}): Labels | Promise<Labels> {
    return this.scored(X, options, (scores, { classes }) => labelsOf(winners(scores), classes));
  }

  /** The share of rows that `predict` labels right (weighted by `sampleWeight`), in [0, 1]. */
  score(X: ArrayLike, y: LabelsLike, options: { readonly sampleWeight?: ArrayLike } = {}): number {
    return accuracyScore(y, this.predict(X), options);
  }

  /** Learns; parameters and data are checked. */
  protected abstract train(data: TrainingData, parameters: P): F;
}

/**
 * Of each row of scores, the index of the winning class: of one column, 1 where the score is above 0; else the first
 * column with the largest score.
 */
export function winners(scores: Tensor): Int32Array {
  const [rows, columns] = scores.shape as [number, number];
  return Int32Array.from({ length: rows }, (_, row) => {
    const own = scores.data.subarray(row * columns, (row + 1) * columns);
    return columns === 1 ? Number(own[0]! > 0) : own.indexOf(Math.max(...own));
  });
}

/** A Tensor of rank 1 or more as users get it. */
export function arrayOf(tensor: Tensor): NdArray<Float64Array> {
  return fromTensor(tensor) as NdArray<Float64Array>;
}

function labelsOf(indices: Int32Array, classes: readonly Label[]): Labels {
  if (typeof classes[0] === 'string') {
    return ndarray(Array.from(indices, (index) => classes[index] as string));
  }
  return ndarray(Float64Array.from(indices, (index) => classes[index] as number));
}
