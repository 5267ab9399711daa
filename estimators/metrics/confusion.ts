/**
 * Which classes are taken for which.
 */
import ndarray, { type NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { LabelsLike } from '../input.ts';
import {
  checkChoice,
  type MetricOptions,
  placesOf,
  readClassList,
  readLabelPairs,
  sortedLabels,
} from './read.ts';

/** Options of `confusionMatrix`. */
export interface ConfusionOptions extends MetricOptions {
  /** The classes and their order; rows with other labels are left out. Default: all that occur, sorted. */
  readonly labels?: LabelsLike | null;
  /** Shares of each true class ('true'), of each predicted one ('pred') or of all rows ('all'). Default null: counts. */
  readonly normalize?: 'true' | 'pred' | 'all' | null;
}

/**
 * Rows, or their weights, by true class (first axis) and predicted class (second axis), shape [classes, classes].
 *
 * @throws SHAPE_MISMATCH; BAD_LABELS, also where no row has one of `labels`; NOT_FINITE; OUT_OF_RANGE; BAD_OPTION
 */
export function confusionMatrix(
  yTrue: LabelsLike,
  yPred: LabelsLike,
  options: ConfusionOptions = {},
): NdArray<Float64Array> {
  checkOptions('confusionMatrix', options, ['labels', 'normalize', 'sampleWeight']);
  const { labels = null, normalize = null, sampleWeight } = options;
  checkChoice('confusionMatrix: normalize', normalize, ['true', 'pred', 'all', null]);
  const { truth, predicted, weights } = readLabelPairs(yTrue, yPred, sampleWeight);
  const classes = labels === null ? sortedLabels([...truth, ...predicted]) : readClassList(labels);
  const places = placesOf(classes);
  if (!truth.some((label) => places.has(label))) {
    const allowed = 'one label of yTrue or more';
    throw error('BAD_LABELS', { what: 'labels', given: classes, allowed, remedy: 'add it' });
  }
  const size = classes.length;
  const counts = new Float64Array(size ** 2);
  for (let row = 0; row < truth.length; row++) {
    const i = places.get(truth[row]!);
    const j = places.get(predicted[row]!);
    if (i !== undefined && j !== undefined) counts[i * size + j]! += weights[row]!;
  }
  return ndarray(normalized(counts, size, normalize), [size, size]);
}

/** Counts over the sum of their line; where that is 0, zeros. */
function normalized(
  counts: Float64Array,
  size: number,
  normalize: 'true' | 'pred' | 'all' | null,
): Float64Array {
  if (normalize === null) return counts;
  const lineOf = (index: number): number =>
    normalize === 'true' ? Math.floor(index / size) : normalize === 'pred' ? index % size : 0;
  const sums = new Float64Array(size);
  counts.forEach((count, index) => {
    sums[lineOf(index)]! += count;
  });
  return counts.map((count, index) => (count === 0 ? 0 : count / sums[lineOf(index)]!));
}
