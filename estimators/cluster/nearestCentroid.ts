/**
 * Classification by the nearest centroid of a class.
 */
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import {
  type Expansion,
  expandedModel,
  type SumsForm,
  sumsForm,
  sumsState,
  widenedSums,
} from '../additive/expansion.ts';
import { sumsByClass, weightsOfClasses } from '../bayes/naiveBayes.ts';
import {
  Classifier,
  type ClassifierFitted,
  type ClassifierParameters,
  classifierParameters,
  classifierState,
  type Learned,
  type TrainingData,
} from '../classifier.ts';
import { trainingWeights } from '../input.ts';
import { type QuantizationParameters, quantizationParameters } from '../linear/fitted.ts';
import { type ScoreModel, winners } from '../model.ts';
import { choice, number, optional, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isMatrix, isOneOf, type StateTable } from '../state.ts';
import { type Centres, compared, euclidean, manhattan, squaredDistances } from './distances.ts';

/** Parameters of `NearestCentroid`, with scikit-learn's defaults. */
export interface NearestCentroidParameters extends ClassifierParameters, QuantizationParameters {
  /** 'euclidean' (default): centroids are means; 'manhattan': they are medians of each feature. */
  readonly metric: 'euclidean' | 'manhattan';
  /**
   * Centroids are moved towards the mean of all rows by as many standard errors, in each feature, and not beyond it. Default
   * null: they are not.
   */
  readonly shrinkThreshold: number | null;
}

/** Learned state of `NearestCentroid`. */
export interface NearestCentroidFitted extends ClassifierFitted, SumsForm {
  /** Classes x features. */
  readonly centroids: Centres;
  /** The parameter `metric` at the time of the fit. */
  readonly metric: 'euclidean' | 'manhattan';
}

const state: StateTable<NearestCentroidFitted> = {
  ...classifierState,
  centroids: (value, { classes, nFeaturesIn }) => isMatrix(value, classes.length, nFeaturesIn),
  metric: isOneOf('euclidean', 'manhattan'),
  ...sumsState<NearestCentroidFitted>(expansionOf),
};

const table: ParameterTable<NearestCentroidParameters> = {
  metric: choice('euclidean', ['euclidean', 'manhattan']),
  shrinkThreshold: optional(number(0, { above: 0 })),
  ...quantizationParameters,
  ...classifierParameters,
};

/**
 * A row's class is that of the nearest centroid.
 *
 * An encrypted prediction is one product of integers: x . c - |c|^2 / 2 tells which Euclidean distance is the least, and a
 * distance of absolute values is a sum of max(x - c, 0), which the client computes.
 */
export class NearestCentroid extends Classifier<NearestCentroidParameters, NearestCentroidFitted> {
  constructor(parameters: Partial<NearestCentroidParameters> = {}) {
    super('NearestCentroid', table, parameters);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    data: TrainingData,
    parameters: NearestCentroidParameters,
  ): Learned<NearestCentroidFitted> {
    const { X, classes, indices } = data;
    const { metric, shrinkThreshold } = parameters;
    const weights = trainingWeights(data.sampleWeight, null, classes, indices);
    const counts = weightsOfClasses(indices, weights, classes);
    const plain =
      metric === 'manhattan'
        ? medians(X, indices, weights, classes.length)
        : sumsByClass(X, indices, weights, classes.length).map((own, k) =>
            own.map((sum) => sum / counts[k]!),
          );
    const centroids =
      shrinkThreshold === null
        ? plain
        : shrunken(plain, { ...data, sampleWeight: weights }, counts, shrinkThreshold);
    const learned = { centroids, metric };
    const labelsOf = (rows: Tensor): Int32Array => winners(nearness(rows, learned));
    return { ...learned, ...sumsForm(this.name, X, labelsOf, expansionOf(learned), parameters) };
  }

  protected override scores(fitted: NearestCentroidFitted): ScoreModel {
    const { outOfRange } = this.getParams();
    return { ...expandedModel(fitted, expansionOf(fitted), outOfRange), boundary: 0 };
  }

  protected override widened(fitted: NearestCentroidFitted, X: Tensor): NearestCentroidFitted {
    return { ...fitted, ...widenedSums(fitted, X, expansionOf(fitted), fitted.output) };
  }
}

type Learnt = Pick<NearestCentroidFitted, 'centroids' | 'metric'>;

function expansionOf({ centroids, metric }: Learnt): Expansion {
  return compared(metric === 'manhattan' ? manhattan(centroids) : euclidean(centroids));
}

/** The negative distance, squared if Euclidean, rows x classes. */
function nearness(X: Tensor, { centroids, metric }: Learnt): Tensor {
  if (metric === 'euclidean') {
    const { shape, data } = squaredDistances(X, centroids);
    return { shape, data: data.map((distance) => -distance) };
  }
  const [rows, features] = X.shape as [number, number];
  const data = new Float64Array(rows * centroids.length);
  for (let row = 0; row < rows; row++) {
    centroids.forEach((centroid, k) => {
      let sum = 0;
      for (let j = 0; j < features; j++)
        sum += Math.abs(X.data[row * features + j]! - centroid[j]!);
      data[row * centroids.length + k] = -sum;
    });
  }
  return { shape: [rows, centroids.length], data };
}

/** Weighted medians of each feature in each class: half of the weight lies on either side. */
function medians(
  { shape, data }: Tensor,
  indices: Int32Array,
  weights: Float64Array,
  classes: number,
): number[][] {
  const features = shape[1]!;
  return Array.from({ length: classes }, (_, k) => {
    const rows = Array.from(indices.keys()).filter(
      (row) => indices[row] === k && weights[row]! > 0,
    );
    return Array.from({ length: features }, (__, j) => {
      const value = (row: number): number => data[row * features + j]!;
      const sorted = rows.toSorted((a, b) => value(a) - value(b));
      const half = sorted.reduce((sum, row) => sum + weights[row]!, 0) / 2;
      let below = 0;
      for (const [i, row] of sorted.entries()) {
        below += weights[row]!;
        if (below < half) continue;
        return below > half ? value(row) : (value(row) + value(sorted[i + 1]!)) / 2;
      }
      return 0;
    });
  });
}

/**
 * Nearest shrunken centroids (Tibshirani, Hastie, Narasimhan and Chu, "Diagnosis of multiple cancer types by shrunken
 * centroids of gene expression", 2002).
 *
 * @throws OUT_OF_RANGE where there are no more rows than classes, or nothing varies
 */
function shrunken(
  centroids: Centres,
  { X, indices, sampleWeight, classes }: TrainingData,
  counts: readonly number[],
  threshold: number,
): number[][] {
  const [rows, features] = X.shape as [number, number];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = new Array<number>(features).fill(0);
  const within = new Array<number>(features).fill(0);
  for (let row = 0; row < rows; row++) {
    const centroid = centroids[indices[row]!]!;
    for (let j = 0; j < features; j++) {
      const value = X.data[row * features + j]!;
      mean[j]! += (sampleWeight[row]! * value) / total;
      within[j]! += sampleWeight[row]! * (value - centroid[j]!) ** 2;
    }
  }
  const deviations = within.map((sum) => Math.sqrt(sum / (total - classes.length)));
  const sorted = deviations.toSorted((a, b) => a - b);
  const middle = (sorted[(features - 1) >> 1]! + sorted[features >> 1]!) / 2;
  if (!(total > classes.length) || sorted.at(-1) === 0) {
    throw error('OUT_OF_RANGE', {
      what: 'NearestCentroid.shrinkThreshold',
      given: total > classes.length ? 'classes without any variance' : `rows of weight ${total}`,
      allowed: 'more rows than classes, and features that vary within them',
      remedy: 'leave shrinkThreshold out',
    });
  }
  return centroids.map((centroid, k) =>
    centroid.map((value, j) => {
      const unit = Math.sqrt(1 / counts[k]! - 1 / total) * (deviations[j]! + middle);
      const apart = Math.abs(value - mean[j]!) - threshold * unit;
      return mean[j]! + Math.sign(value - mean[j]!) * Math.max(apart, 0);
    }),
  );
}

register('NearestCentroid', NearestCentroid);
