/**
 * What nearest neighbours share, be it for labels or numbers: parameters, the points that were learnt, and the models that
 * select the nearest of them, encrypted or by the client.
 */
import ndarray, { type NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { Fitted } from '../estimator.ts';
import { checkMagnitudes } from '../linear/fitted.ts';
import type { IntegerModel } from '../model.ts';
import { choice, integer, optional, type ParameterTable } from '../parameters.ts';
import {
  type AffineQuantizer,
  narrowAffineQuantizer,
  type OutOfRange,
  widenAffine,
} from '../quantize/affine.ts';
import {
  bitsOfCodes,
  euclideanDistances,
  manhattanDistances,
  type Points,
  stepsOfCodes,
} from '../quantize/pointDistances.ts';
import { isAffine } from '../quantize/state.ts';
import { isCount, isMatrix, isOneOf, isPositive, type StateTest } from '../state.ts';
import { distancesModel } from './distances.ts';
import { selectionModel } from './selection.ts';

/** Parameters of all nearest neighbours, with scikit-learn's defaults. */
export interface NeighborsParameters {
  /** How many neighbours are asked. Default 5. */
  readonly nNeighbors: number;
  /** 'uniform' (default): all count alike; 'distance': each by the inverse of its distance, with `selection: 'client'` alone. */
  readonly weights: 'uniform' | 'distance';
  /** 'euclidean' (default), or 'manhattan': the sum of absolute differences. */
  readonly metric: 'euclidean' | 'manhattan';
  /**
   * Who finds the nearest. 'encrypted' (default): the server, without seeing any distance; whoever decrypts learns what the
   * neighbours say together. 'client': the distances from all training points are returned, so that whoever decrypts learns
   * these; there is no bootstrapping and no evaluation key.
   */
  readonly selection: 'encrypted' | 'client';
  /**
   * Bits of a feature over the range of the training data and a quarter of it on either side, 2 to 12, of 'manhattan' 2 to 8.
   * Default null: 8, or 4 of 'manhattan'; with `selection: 'client'` 12, or 8.
   */
  readonly nBits: number | null;
  /**
   * What a prediction does with a value further out than a quarter of the training span beyond either end: 'error' (default) refuses
   * it, 'clip' takes the end of the range.
   */
  readonly outOfRange: OutOfRange;
}

/** The table of `NeighborsParameters`. */
export const neighborsParameters: ParameterTable<NeighborsParameters> = {
  nNeighbors: integer(5, 1, Number.MAX_SAFE_INTEGER),
  weights: choice('uniform', ['uniform', 'distance']),
  metric: choice('euclidean', ['euclidean', 'manhattan']),
  selection: choice('encrypted', ['encrypted', 'client']),
  nBits: optional(integer(6, 2, 12)),
  outOfRange: choice('error', ['error', 'clip']),
};

/** Learned state of all nearest neighbours. */
export interface NeighborsFitted extends Fitted {
  /** The training rows, those of weight 0 left out and those of weight w w times: points x features. */
  readonly points: Points;
  /** Features to integers. */
  readonly quantizer: AffineQuantizer;
  /** Parameters at the time of the fit. */
  readonly nNeighbors: number;
  readonly weights: NeighborsParameters['weights'];
  readonly metric: NeighborsParameters['metric'];
  readonly selection: NeighborsParameters['selection'];
}

/** What `neighborsOf` learns. */
export type LearnedNeighbors = Omit<NeighborsFitted, keyof Fitted>;

/** The tests of `LearnedNeighbors`. */
export const neighborsState: {
  readonly [Name in keyof LearnedNeighbors]: StateTest<NeighborsFitted>;
} = {
  points: (value, { nFeaturesIn }) => isMatrix(value, null, nFeaturesIn) && value.length > 0,
  metric: isOneOf('euclidean', 'manhattan'),
  quantizer: (value, { nFeaturesIn, metric }) =>
    isAffine(value, nFeaturesIn) && value.scale.every(isPositive) && value.bits < mostBits[metric],
  nNeighbors: (value, { points }) => isCount(value, 1) && value <= points.length,
  selection: isOneOf('encrypted', 'client'),
  weights: (value, { selection }) =>
    value === 'uniform' || (value === 'distance' && selection === 'client'),
};

const mostBits = { euclidean: 12, manhattan: 8 } as const;
const usualBits = {
  encrypted: { euclidean: 8, manhattan: 4 },
  client: { euclidean: 12, manhattan: 8 },
} as const;

/** The rows that training keeps: each as often as its weight says. @throws OUT_OF_RANGE for weights that are no integers */
export function keptRows(sampleWeight: Float64Array): number[] {
  return Array.from(sampleWeight).flatMap((weight, row) => {
    if (Number.isInteger(weight) && weight <= mostWeight)
      return new Array<number>(weight).fill(row);
    const allowed = `integers from 0 to ${mostWeight}: a row of weight 2 is a row given twice`;
    throw error('OUT_OF_RANGE', { what: 'sampleWeight', given: weight, allowed });
  });
}

/** Rows are held as often as they count. */
const mostWeight = 1000;

/** What is learnt from the rows that are kept. @throws BAD_OPTION, OUT_OF_RANGE */
export function neighborsOf(
  name: string,
  X: Tensor,
  rows: readonly number[],
  parameters: NeighborsParameters,
): LearnedNeighbors {
  const { nNeighbors, weights, metric, selection } = parameters;
  const refuse = (what: string, given: unknown, allowed: string): Error =>
    error('BAD_OPTION', { what: `${name}.${what}`, given, allowed });
  if (nNeighbors > rows.length)
    throw refuse('nNeighbors', nNeighbors, `at most ${rows.length}, one for each training row`);
  if (weights === 'distance' && selection === 'encrypted')
    throw refuse('weights', weights, "'uniform', or 'distance' with selection: 'client'");
  const nBits = parameters.nBits ?? usualBits[selection][metric];
  if (nBits > mostBits[metric])
    throw refuse('nBits', nBits, `at most ${mostBits[metric]} with metric: '${metric}'`);
  checkMagnitudes('X', X);
  const features = X.shape[1]!;
  const points = rows.map((row) => Array.from(X.data.slice(row * features, (row + 1) * features)));
  const kept = { shape: [points.length, features], data: Float64Array.from(points.flat()) };
  // Rows of weight 0 are no points, but in range.
  const quantizer = widenAffine(narrowAffineQuantizer(kept, nBits), X);
  return { points, quantizer, nNeighbors, weights, metric, selection };
}

/** The same with ranges of features that take in all rows of X. */
export function widenedNeighbors<F extends NeighborsFitted>(fitted: F, X: Tensor): F {
  return { ...fitted, quantizer: widenAffine(fitted.quantizer, X) };
}

/** What a model makes of the neighbours. */
export interface Answer {
  /** Points x outputs, integers: what an encrypted run returns the sums of. */
  readonly holds: readonly (readonly number[])[];
  /** From these sums, rows x outputs, to values. */
  dequantize(sums: Tensor): Tensor;
  /** From the weight of each point, 0 for all but the neighbours, to the values of one row. */
  ofWeights(weights: Float64Array): readonly number[];
}

/** The fitted model as integers in, integers out. */
export function neighborsModel(
  fitted: NeighborsFitted,
  answer: Answer,
  outOfRange: OutOfRange,
): IntegerModel {
  const { points, quantizer, metric, nNeighbors } = fitted;
  if (fitted.selection === 'client') {
    const model = distancesModel(fitted, outOfRange);
    return {
      ...model,
      dequantize: (outputs) => answered(model.dequantize(outputs), fitted, answer),
    };
  }
  const isEuclidean = metric === 'euclidean';
  const inputsOf = isEuclidean ? bitsOfCodes : stepsOfCodes;
  const distances = (isEuclidean ? euclideanDistances : manhattanDistances)(points, quantizer);
  return {
    ...selectionModel({ distances, nNeighbors, holds: answer.holds }),
    quantize: (X) => inputsOf(quantizer, X, outOfRange),
    dequantize: answer.dequantize,
  };
}

/** Values from distances, rows x points: what the client does where the server selects nothing. */
function answered(
  { shape: [rows = 0, count = 0], data }: Tensor,
  { nNeighbors, weights }: NeighborsFitted,
  answer: Answer,
): Tensor {
  const values = Array.from({ length: rows }, (_, row) => {
    const distances = data.subarray(row * count, (row + 1) * count);
    return answer.ofWeights(weightsOf(distances, nNeighbors, weights));
  });
  return { shape: [rows, values[0]!.length], data: Float64Array.from(values.flat()) };
}

/** The weights of the nearest, among which are all that tie with the last of them. Points at no distance are all that counts. */
function weightsOf(
  distances: Float64Array,
  nNeighbors: number,
  weights: NeighborsParameters['weights'],
): Float64Array {
  const threshold = distances.toSorted()[nNeighbors - 1]!;
  const weightOf = (distance: number): number => {
    if (distance > threshold) return 0;
    if (weights === 'uniform') return 1;
    return 1 / distance;
  };
  const all = distances.map(weightOf);
  // A distance above 0 may have an inverse that no double holds.
  return all.includes(Number.POSITIVE_INFINITY)
    ? all.map((weight) => Number(weight === Number.POSITIVE_INFINITY))
    : all;
}

/** Distances from the nearest training points and their numbers, nearest first: rows x neighbours. */
export interface Neighbors {
  readonly distances: NdArray<Float64Array>;
  /** Numbers of points, as in `fitted.points`. */
  readonly indices: NdArray<Int32Array>;
}

/** Options of `kneighbors`. */
export interface KNeighborsOptions {
  /** How many. Default: the parameter of the fit. */
  readonly nNeighbors?: number | undefined;
}

/**
 * The nearest points of rows of features, by their exact distances in clear; of equally near ones the first.
 *
 * @throws BAD_OPTION
 */
export function nearest(
  name: string,
  { points, metric, nNeighbors: usual }: NeighborsFitted,
  { shape: [rows = 0, features = 0], data }: Tensor,
  options: KNeighborsOptions,
): Neighbors {
  checkOptions(name, options, ['nNeighbors']);
  const { nNeighbors = usual } = options;
  if (!isCount(nNeighbors, 1) || nNeighbors > points.length) {
    const allowed = `an integer from 1 to ${points.length}`;
    throw error('BAD_OPTION', { what: `${name}: nNeighbors`, given: nNeighbors, allowed });
  }
  const distances = new Float64Array(rows * nNeighbors);
  const indices = new Int32Array(rows * nNeighbors);
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * features, (row + 1) * features);
    const all = points.map((point) => distanceOf(point, own, metric));
    const order = [...all.keys()].sort((a, b) => all[a]! - all[b]! || a - b);
    for (let k = 0; k < nNeighbors; k++) {
      indices[row * nNeighbors + k] = order[k]!;
      distances[row * nNeighbors + k] = all[order[k]!]!;
    }
  }
  const size = [rows, nNeighbors];
  return { distances: ndarray(distances, size), indices: ndarray(indices, size) };
}

function distanceOf(
  point: readonly number[],
  row: Float64Array,
  metric: NeighborsParameters['metric'],
): number {
  const apart = point.map((value, j) => Math.abs(row[j]! - value));
  return metric === 'euclidean' ? Math.hypot(...apart) : apart.reduce((sum, own) => sum + own, 0);
}
