/**
 * How far probabilities are from what happened.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { ArrayLike } from '../../tracer/tensor.ts';
import type { LabelsLike } from '../input.ts';
import {
  type MetricOptions,
  placesOf,
  readClassList,
  readNumbers,
  readTruth,
  readWeights,
  sortedLabels,
  weightedMean,
} from './read.ts';

/** Options of `logLoss`. */
export interface LogLossOptions extends MetricOptions {
  /** Whether the mean is returned; otherwise the sum. Default true. */
  readonly normalize?: boolean;
  /** All classes, where `yTrue` may lack one. Default null: those of `yTrue`. */
  readonly labels?: LabelsLike | null;
}

/**
 * The mean of -log p, in nats, where p is the probability that was given to the true class; at least 2^-52, so that the
 * loss of a row is at most 36. Columns stand for the sorted labels. Warns where rows do not sum to 1.
 *
 * @param yPred probabilities, [rows, classes], or of two classes those of the larger label, [rows]
 * @throws SHAPE_MISMATCH; BAD_LABELS for a single class, or labels outside of `labels`; OUT_OF_RANGE for what is no
 * probability; NOT_FINITE
 */
export function logLoss(yTrue: LabelsLike, yPred: ArrayLike, options: LogLossOptions = {}): number {
  checkOptions('logLoss', options, ['normalize', 'labels', 'sampleWeight']);
  const { normalize = true, labels = null, sampleWeight } = options;
  const truth = readTruth(yTrue);
  const weights = readWeights(sampleWeight, truth.length);
  const classes = sortedLabels(labels === null ? truth : readClassList(labels));
  const places = placesOf(classes);
  const unknown = truth.find((label) => !places.has(label));
  if (classes.length < 2 || unknown !== undefined) {
    const given = unknown ?? `the single class ${classes[0]}`;
    throw error('BAD_LABELS', { what: 'yTrue', given, remedy: 'name all classes by labels' });
  }
  const given = readProbabilities(yPred, truth.length, classes.length);
  const columns = given.length / truth.length;
  const probability = (row: number): number => {
    const place = places.get(truth[row]!)!;
    if (columns > 1) return given[row * columns + place]!;
    return place === 1 ? given[row]! : 1 - given[row]!;
  };
  const { EPSILON } = Number;
  const mean = weightedMean(weights, (row) => {
    const p = Math.min(Math.max(probability(row), EPSILON), 1 - EPSILON);
    return -Math.log(p);
  });
  return normalize ? mean : mean * weights.reduce((sum, weight) => sum + weight, 0);
}

/** @throws SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE */
function readProbabilities(yPred: ArrayLike, rows: number, classes: number): Float64Array {
  const { shape, data } = readNumbers(yPred, 'yPred');
  const [given, columns = 1] = shape;
  if (given !== rows || !(columns === classes || (columns === 1 && classes === 2))) {
    const allowed = `[${rows} rows, ${classes} classes]`;
    const details = { given: `shape [${shape.join(', ')}]`, allowed };
    throw error('SHAPE_MISMATCH', { what: 'yPred', ...details, remedy: 'name all by labels' });
  }
  const bad = data.find((p) => p < 0 || p > 1);
  if (bad !== undefined) {
    const remedy = 'give probabilities, as predictProba returns them';
    throw error('OUT_OF_RANGE', { what: 'yPred', given: bad, allowed: '[0, 1]', remedy });
  }
  if (columns > 1) checkSums(data, rows, columns);
  return data;
}

/** Warns where a row does not sum to 1, but for roundings. */
function checkSums(data: Float64Array, rows: number, columns: number): void {
  for (let row = 0; row < rows; row++) {
    const sum = data.subarray(row * columns, (row + 1) * columns).reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 1) <= 2.5e-8) continue;
    const details = { given: `a row that sums to ${sum}`, allowed: 'rows that sum to 1' };
    const remedy = 'give probabilities, as predictProba returns them';
    const { message, code } = error('OUT_OF_RANGE', { what: 'logLoss: yPred', ...details, remedy });
    process.emitWarning(message, { type: 'UserWarning', code });
    return;
  }
}
