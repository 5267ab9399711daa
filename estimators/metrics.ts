/**
 * How well predictions agree with the truth.
 */
import ndarray, { type NdArray } from 'ndarray';
import type { ArrayLike } from '../tracer/tensor.ts';
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
