/**
 * The share of labels that are right.
 */
import { checkOptions } from '../../lib/options.ts';
import type { LabelsLike } from '../input.ts';
import {
  type MetricOptions,
  readLabelPairs,
  sortedLabels,
  warnUndefined,
  weightedMean,
} from './read.ts';

/** Options of `accuracyScore`. */
export interface AccuracyOptions extends MetricOptions {
  /** Whether the share is returned; otherwise the number of right rows, or their weight. Default true. */
  readonly normalize?: boolean;
}

/** Options of `balancedAccuracyScore`. */
export interface BalancedAccuracyOptions extends MetricOptions {
  /** Whether guessing scores 0; a perfect score is 1 in both cases. Default false. */
  readonly adjusted?: boolean;
}

/**
 * The share of rows whose label is right, in [0, 1]; with `sampleWeight`, the share of their weight.
 *
 * @throws SHAPE_MISMATCH, BAD_LABELS, NOT_FINITE, OUT_OF_RANGE
 */
export function accuracyScore(
  yTrue: LabelsLike,
  yPred: LabelsLike,
  options: AccuracyOptions = {},
): number {
  checkOptions('accuracyScore', options, ['normalize', 'sampleWeight']);
  const { normalize = true, sampleWeight } = options;
  const { truth, predicted, weights } = readLabelPairs(yTrue, yPred, sampleWeight);
  const share = weightedMean(weights, (row) => Number(truth[row] === predicted[row]));
  return normalize ? share : share * weights.reduce((sum, weight) => sum + weight, 0);
}

/**
 * The mean over true classes of the share of their rows that is found, in [0, 1]: the accuracy if every class had the
 * same weight. Warns of predicted classes that are not among the true ones; they count as wrong.
 *
 * @throws SHAPE_MISMATCH, BAD_LABELS, NOT_FINITE, OUT_OF_RANGE
 */
export function balancedAccuracyScore(
  yTrue: LabelsLike,
  yPred: LabelsLike,
  options: BalancedAccuracyOptions = {},
): number {
  checkOptions('balancedAccuracyScore', options, ['adjusted', 'sampleWeight']);
  const { adjusted = false, sampleWeight } = options;
  const { truth, predicted, weights } = readLabelPairs(yTrue, yPred, sampleWeight);
  const classes = sortedLabels(truth.filter((_, row) => weights[row]! > 0));
  const unknown = sortedLabels(predicted).filter((label) => !classes.includes(label));
  if (unknown.length > 0) {
    const given = `predictions of ${unknown.join(', ')}, which yTrue does not have`;
    warnUndefined('BAD_LABELS', 'balancedAccuracyScore', given, 'give rows of every class');
  }
  const recalls = classes.map((label) => {
    const own = weights.map((weight, row) => (truth[row] === label ? weight : 0));
    return weightedMean(own, (row) => Number(predicted[row] === label));
  });
  const score = recalls.reduce((sum, recall) => sum + recall, 0) / classes.length;
  const chance = 1 / classes.length;
  return adjusted ? (score - chance) / (1 - chance) : score;
}
