/**
 * k-means clustering.
 */
import type { NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import { createRandom } from '../../lib/random.ts';
import type { ArrayLike, Tensor } from '../../tracer/tensor.ts';
import {
  type Expansion,
  expandedModel,
  type SumsForm,
  sumsForm,
  sumsState,
  widenedSums,
} from '../additive/expansion.ts';
import { arrayOf } from '../classifier.ts';
import { type FeaturesLike, readSampleWeight } from '../input.ts';
import { type QuantizationParameters, quantizationParameters } from '../linear/fitted.ts';
import type { ScoreModel } from '../model.ts';
import { custom, integer, nonNegative, type ParameterTable, randomState } from '../parameters.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../predictor.ts';
import { dequantizeAffine, quantizeAffine } from '../quantize/affine.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isCount, isMatrix, isNumber, type StateTable } from '../state.ts';
import {
  Clusterer,
  type ClustererFitted,
  type ClustererParameters,
  type ClusteringData,
  clustererParameters,
  clustererState,
  type LearnedClusters,
} from './clusterer.ts';
import { type Centres, compared, euclidean, squaredDistances } from './distances.ts';
import { assign, type Clustering, lloyd, plusPlus, randomRows } from './lloyd.ts';

/** Where k-means starts: drawn from the rows, or given as clusters x features. */
export type KMeansInit = 'k-means++' | 'random' | Centres;

/** Parameters of `KMeans`, with scikit-learn's defaults. */
export interface KMeansParameters extends ClustererParameters, QuantizationParameters {
  /** Number of clusters. Default 8. */
  readonly nClusters: number;
  /** 'k-means++' (default) draws rows that are far from each other, 'random' any; or centres to start from. */
  readonly init: KMeansInit;
  /** Runs, of which the one of least inertia counts. Default 'auto': 10 with 'random', else 1. */
  readonly nInit: number | 'auto';
  /** Iterations of a run at most. Default 300. */
  readonly maxIter: number;
  /** A run ends where the squares of all moves of centres sum to this share of the mean variance of features. Default 1e-4. */
  readonly tol: number;
  /** Seed of the draws. Default null: 0. */
  readonly randomState: number | null;
}

/** Learned state of `KMeans`. */
export interface KMeansFitted extends ClustererFitted, SumsForm {
  /** Clusters x features. */
  readonly clusterCenters: Centres;
  /** Weighted sum of squared distances of the training rows from the nearest centre. */
  readonly inertia: number;
  readonly nIter: number;
}

const state: StateTable<KMeansFitted> = {
  ...clustererState,
  clusterCenters: (value, { nClusters, nFeaturesIn }) => isMatrix(value, nClusters, nFeaturesIn),
  inertia: isNumber,
  nIter: (value) => isCount(value),
  ...sumsState<KMeansFitted>(({ clusterCenters, output }) => expansionOf(clusterCenters, output)),
};

const table: ParameterTable<KMeansParameters> = {
  nClusters: integer(8, 1, Number.MAX_SAFE_INTEGER),
  init: custom<KMeansInit>(
    'k-means++',
    "'k-means++', 'random', or centres, clusters x features",
    (value) => value === 'k-means++' || value === 'random' || isPoints(value),
  ),
  nInit: custom<number | 'auto'>(
    'auto',
    "'auto', or an integer >= 1",
    (value) => value === 'auto' || (Number.isSafeInteger(value) && Number(value) >= 1),
  ),
  maxIter: integer(300, 1, Number.MAX_SAFE_INTEGER),
  tol: nonNegative(1e-4),
  randomState,
  ...quantizationParameters,
  ...clustererParameters,
};

/**
 * Minimizes sum_i s_i min_k |x_i - c_k|^2 over the centres c, by Lloyd's algorithm.
 *
 * An encrypted prediction is one product of integers. It returns (|x - m|^2 - |x - c_k|^2) / 2, where m is the middle of the
 * grid; the client knows x, and so finds the nearest centre, or all distances.
 */
export class KMeans extends Clusterer<KMeansParameters, KMeansFitted> {
  constructor(parameters: Partial<KMeansParameters> = {}) {
    super('KMeans', table, parameters);
  }

  /**
   * Euclidean distances from the centres, [rows, clusters]. The client takes the square roots.
   *
   * @throws as `predict`; an encrypted run that returns labels alone rejects with UNSUPPORTED.
   */
  transform(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  transform(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  transform(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    const isClear = this.modeOf(options) === false;
    if (isClear && this.fitted.output === 'label') {
      return arrayOf(rooted(squaredDistances(this.readRows(X), this.fitted.clusterCenters)));
    }
    return this.scored(X, options, (scores, { quantizer }) => {
      const { outOfRange } = this.getParams();
      const rows = dequantizeAffine(
        quantizer,
        quantizeAffine(quantizer, this.readRows(X), outOfRange),
      );
      const own = squaredDistances(rows, [quantizer.center]);
      const clusters = scores.shape[1]!;
      const data = scores.data.map((score, i) => own.data[Math.floor(i / clusters)]! - 2 * score);
      return arrayOf(rooted({ shape: scores.shape, data }));
    });
  }

  /** The negative inertia of rows: the larger the better. @throws as `predict` */
  score(
    X: FeaturesLike,
    _y?: unknown,
    options: { readonly sampleWeight?: ArrayLike } = {},
  ): number {
    const { data, shape } = squaredDistances(this.readRows(X), this.fitted.clusterCenters);
    const [rows, clusters] = shape as [number, number];
    const weights = readSampleWeight(options.sampleWeight, rows);
    return weights.reduce((sum, weight, row) => {
      return sum - weight * Math.min(...data.subarray(row * clusters, (row + 1) * clusters));
    }, 0);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, sampleWeight }: ClusteringData,
    parameters: KMeansParameters,
  ): LearnedClusters<KMeansFitted> {
    const { nClusters, init, output } = parameters;
    checkRows(nClusters, sampleWeight);
    if (typeof init !== 'string') checkInit(init, nClusters, X.shape[1]!);
    const { centres, labels, inertia, iterations } = bestRun(X, sampleWeight, parameters);
    const expansion = expansionOf(centres, output);
    const labelsOf = (rows: Tensor): Int32Array => assign(rows, centres).labels;
    const form = sumsForm(this.name, X, nClusters > 1 ? labelsOf : null, expansion, parameters);
    return {
      clusterCenters: centres,
      labels: Array.from(labels),
      nClusters,
      inertia,
      nIter: iterations,
      ...form,
    };
  }

  protected override scores(fitted: KMeansFitted): ScoreModel {
    const { outOfRange } = this.getParams();
    const expansion = expansionOf(fitted.clusterCenters, fitted.output);
    return { ...expandedModel(fitted, expansion, outOfRange), boundary: 0 };
  }

  protected override widened(fitted: KMeansFitted, X: Tensor): KMeansFitted {
    const expansion = expansionOf(fitted.clusterCenters, fitted.output);
    return { ...fitted, ...widenedSums(fitted, X, expansion, fitted.output) };
  }
}

/** Distances need all scores, comparisons only what tells centres apart. */
function expansionOf(centres: Centres, output: 'scores' | 'label'): Expansion {
  const expansion = euclidean(centres);
  return output === 'scores' ? expansion : compared(expansion);
}

function bestRun(X: Tensor, weights: Float64Array, parameters: KMeansParameters): Clustering {
  const { nClusters, init, maxIter, tol } = parameters;
  const random = createRandom(parameters.randomState ?? 0);
  const runs = parameters.nInit === 'auto' ? (init === 'random' ? 10 : 1) : parameters.nInit;
  const settings = { maxIter, tolerance: tol * meanVariance(X) };
  let best: Clustering | undefined;
  for (let run = 0; run < (typeof init === 'string' ? runs : 1); run++) {
    const start =
      init === 'random'
        ? randomRows(X, weights, nClusters, random)
        : init === 'k-means++'
          ? plusPlus(X, weights, nClusters, random)
          : init;
    const own = lloyd(X, weights, start, settings);
    if (best === undefined || own.inertia < best.inertia) best = own;
  }
  return best!;
}

function meanVariance({ shape, data }: Tensor): number {
  const [rows, features] = shape as [number, number];
  let sum = 0;
  for (let j = 0; j < features; j++) {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += data[row * features + j]! / rows;
    for (let row = 0; row < rows; row++) sum += (data[row * features + j]! - mean) ** 2 / rows;
  }
  return sum / features;
}

/** Square roots; rounding may have taken distances near 0 below it. */
function rooted({ shape, data }: Tensor): Tensor {
  return { shape, data: data.map((square) => Math.sqrt(Math.max(square, 0))) };
}

function checkRows(nClusters: number, weights: Float64Array): void {
  const rows = weights.reduce((count, weight) => count + Number(weight > 0), 0);
  if (rows >= nClusters) return;
  throw error('OUT_OF_RANGE', {
    what: 'KMeans.nClusters',
    given: `${nClusters} clusters of ${rows} rows`,
    allowed: 'no more clusters than rows with a weight',
    remedy: 'ask for fewer clusters, or give more rows',
  });
}

function checkInit(init: Centres, nClusters: number, features: number): void {
  if (init.length === nClusters && init.every((own) => own.length === features)) return;
  throw error('SHAPE_MISMATCH', {
    what: 'KMeans.init',
    given: `[${init.length}, ${init[0]?.length ?? 0}]`,
    allowed: `[${nClusters}, ${features}], clusters x features`,
  });
}

function isPoints(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((row) => Array.isArray(row) && row.every(Number.isFinite))
  );
}

register('KMeans', KMeans);
