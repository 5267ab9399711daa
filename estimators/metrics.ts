/**
 * How well predictions agree with the truth.
 */
import ndarray, { type NdArray } from 'ndarray';
import { error } from '../lib/errors.ts';
import { type ArrayLike, sameShape, toTensor } from '../tracer/tensor.ts';
import { type Label, type LabelsLike, readLabels, readSampleWeight } from './input.ts';

/**
 * The share of rows whose label is right, in [0, 1]; with `sampleWeight`, the share of their weight.
 *
 * @throws SHAPE_MISMATCH, BAD_LABELS
 */
export function accuracyScore(
  yTrue: LabelsLike,
  yPred: LabelsLike,
  options: { readonly sampleWeight?: ArrayLike } = {},
): number {
  const truth = readLabels(yTrue, 'yTrue');
  const predicted = readLabels(yPred, 'yPred', truth.length);
  const weights = readSampleWeight(options.sampleWeight, truth.length);
  let right = 0;
  let all = 0;
  for (let row = 0; row < truth.length; row++) {
    all += weights[row]!;
    if (truth[row] === predicted[row]) right += weights[row]!;
  }
  return right / all;
}

/**
 * Counts of rows by true class (first axis) and predicted class (second axis), shape [classes, classes]. Classes are
 * all labels that occur, sorted.
 *
 * @throws SHAPE_MISMATCH, BAD_LABELS
 */
export function confusionMatrix(yTrue: LabelsLike, yPred: LabelsLike): NdArray<Float64Array> {
  const truth = readLabels(yTrue, 'yTrue');
  const predicted = readLabels(yPred, 'yPred', truth.length);
  const classes = [...new Set<Label>([...truth, ...predicted])].sort((a, b) => (a < b ? -1 : 1));
  const order = new Map(classes.map((label, index) => [label, index]));
  const counts = new Float64Array(classes.length ** 2);
  for (let row = 0; row < truth.length; row++) {
    counts[order.get(truth[row]!)! * classes.length + order.get(predicted[row]!)!]! += 1;
  }
  return ndarray(counts, [classes.length, classes.length]);
}

/**
 * The coefficient of determination, 1 - sum w (y - prediction)^2 / sum w (y - mean)^2: at most 1; the mean over outputs. Of
 * constant targets, 1 where the predictions are exact, else 0.
 *
 * @throws SHAPE_MISMATCH, BAD_ARRAY
 */
export function r2Score(
  yTrue: ArrayLike,
  yPred: ArrayLike,
  options: { readonly sampleWeight?: ArrayLike } = {},
): number {
  const truth = toTensor(yTrue, 'yTrue');
  const predicted = toTensor(yPred, 'yPred');
  const [rows = 0, outputs = 1] = truth.shape;
  if (!sameShape(truth.shape, predicted.shape)) {
    const given = `[${predicted.shape.join(', ')}]`;
    const allowed = `[${truth.shape.join(', ')}], as yTrue`;
    throw error('SHAPE_MISMATCH', { what: 'yPred', given, allowed });
  }
  const weights = readSampleWeight(options.sampleWeight, rows);
  const total = weights.reduce((a, b) => a + b, 0);
  const scores = Array.from({ length: outputs }, (_, k) => {
    const sum = (term: (row: number) => number): number =>
      weights.reduce((all, weight, row) => all + weight * term(row), 0);
    const mean = sum((row) => truth.data[row * outputs + k]!) / total;
    const spread = sum((row) => (truth.data[row * outputs + k]! - mean) ** 2);
    const left = sum((row) => {
      const at = row * outputs + k;
      return (truth.data[at]! - predicted.data[at]!) ** 2;
    });
    if (spread === 0) return left === 0 ? 1 : 0;
    return 1 - left / spread;
  });
  return scores.reduce((a, b) => a + b, 0) / outputs;
}
