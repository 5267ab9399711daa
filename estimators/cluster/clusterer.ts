/**
 * What every clusterer has: `fit` without labels, `predict` to the numbers of clusters.
 */
import ndarray, { type NdArray } from 'ndarray';
import type { ArrayLike, Tensor } from '../../tracer/tensor.ts';
import { type ClassifierOutput, Decider, type DeciderFitted, deciderState } from '../decider.ts';
import {
  checkSomeWeight,
  type FeaturesLike,
  featureNames,
  readMatrix,
  readSampleWeight,
} from '../input.ts';
import { type ScoreModel, winners } from '../model.ts';
import { choice, type ParameterTable } from '../parameters.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../predictor.ts';
import { isCount, isIndices, type StateTable } from '../state.ts';

/** Numbers of clusters, from 0. */
export type ClusterLabels = NdArray<Int32Array>;

/** What every clusterer's constructor takes beside its own parameters. */
export interface ClustererParameters {
  /**
   * What an encrypted run returns. 'scores' (default): a score for each cluster, of which the client finds the largest, and
   * whoever decrypts learns them. 'label': the number of the cluster and nothing else, at the price of encrypted comparisons.
   */
  readonly output: ClassifierOutput;
}

/** The table of `ClustererParameters`. */
export const clustererParameters: ParameterTable<ClustererParameters> = {
  output: choice('scores', ['scores', 'label']),
};

/** Learned state of every clusterer. */
export interface ClustererFitted extends DeciderFitted {
  /** The cluster of each training row. */
  readonly labels: readonly number[];
  readonly nClusters: number;
}

/** The tests of `ClustererFitted`. */
export const clustererState: StateTable<ClustererFitted> = {
  ...deciderState,
  nClusters: (value) => isCount(value, 1),
  labels: (value, { nClusters }: ClustererFitted) => isIndices(value, null, nClusters),
};

/** What a clusterer's own `train` learns; the rest of the learned state is the same for all. */
export type LearnedClusters<F> = Omit<F, keyof DeciderFitted>;

/** Rows to fit, and their weights: at least 0, not all 0. */
export interface ClusteringData {
  readonly X: Tensor;
  readonly sampleWeight: Float64Array;
}

/** The common part of all clusterers. */
export abstract class Clusterer<
  P extends ClustererParameters,
  F extends ClustererFitted,
> extends Decider<P, F> {
  /**
   * Learns from rows of features, rows x features, finite. `y` is not used; it is there for pipelines. Returns this.
   *
   * @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, OUT_OF_RANGE
   */
  fit(X: FeaturesLike, _y?: unknown, options: { readonly sampleWeight?: ArrayLike } = {}): this {
    const parameters = this.checkedParameters();
    const matrix = readMatrix(X, 'X');
    const [rows, nFeaturesIn] = matrix.shape as [number, number];
    const sampleWeight = readSampleWeight(options.sampleWeight, rows);
    checkSomeWeight(sampleWeight, 'sampleWeight');
    const learned = this.train({ X: matrix, sampleWeight }, parameters);
    const common = { ...featureNames(X), nFeaturesIn, output: parameters.output };
    this.learned({ ...common, ...learned } as unknown as F);
    return this;
  }

  /**
   * The number of the cluster of each row, from 0. In clear at once, computed with the very integers of an encrypted run; as
   * a promise with `encrypted: true` (keys are made at the first run and kept) or `'simulate'`.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE; an encrypted run rejects with the same errors and
   * the runtime's.
   */
  predict(X: FeaturesLike, options?: ClearOptions): ClusterLabels;
  predict(X: FeaturesLike, options: EncryptedOptions): Promise<ClusterLabels>;
  predict(X: FeaturesLike, options?: PredictOptions): ClusterLabels | Promise<ClusterLabels>;
  predict(X: FeaturesLike, options: PredictOptions = {}): ClusterLabels | Promise<ClusterLabels> {
    return this.answered(X, options, (values, { output, nClusters }) => {
      if (output === 'label') return ndarray(Int32Array.from(values.data));
      if (nClusters === 1) return ndarray(new Int32Array(values.shape[0]!));
      return ndarray(winners(values));
    });
  }

  /** Fits, and returns the cluster of each training row. @throws as `fit` */
  fitPredict(
    X: FeaturesLike,
    y?: unknown,
    options: { readonly sampleWeight?: ArrayLike } = {},
  ): ClusterLabels {
    return ndarray(Int32Array.from(this.fit(X, y, options).fitted.labels));
  }

  /** Learns; parameters and data are checked. */
  protected abstract train(data: ClusteringData, parameters: P): LearnedClusters<F>;

  /** The fitted model that returns scores: one for each cluster, or of two that are compared the second less the first. */
  protected abstract override scores(fitted: F): ScoreModel;
}
