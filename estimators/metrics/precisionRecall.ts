/**
 * How many of the rows that are given a class have it, and how many that have it are given it.
 */
import ndarray, { type NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { Label, LabelsLike } from '../input.ts';
import {
  checkChoice,
  type LabelPairs,
  type MetricOptions,
  placesOf,
  readClassList,
  readLabelPairs,
  sortedLabels,
  warnUndefined,
} from './read.ts';

/** Options of `precisionScore`, `recallScore` and `f1Score`. */
export interface PrecisionRecallOptions extends MetricOptions {
  /**
   * 'binary' (default): the score of `posLabel`, for two classes. Of several: the mean of all classes ('macro'), the mean
   * weighted by their rows ('weighted'), the score of all decisions together ('micro'), or null: one score a class.
   */
  readonly average?: 'binary' | 'macro' | 'micro' | 'weighted' | null;
  /** The class that 'binary' is about. Default 1. */
  readonly posLabel?: Label;
  /** The classes that count, and their order; not for 'binary'. Default: all that occur, sorted. */
  readonly labels?: LabelsLike | null;
  /** What a class scores that has nothing to divide by; NaN leaves it out of means. Default 'warn': 0, and a warning. */
  readonly zeroDivision?: 'warn' | number;
}

/** A score in [0, 1], or one of each class where `average` is null. */
export interface PrecisionRecallMetric {
  (
    yTrue: LabelsLike,
    yPred: LabelsLike,
    options: PrecisionRecallOptions & { readonly average: null },
  ): NdArray<Float64Array>;
  (
    yTrue: LabelsLike,
    yPred: LabelsLike,
    options?: PrecisionRecallOptions & {
      readonly average?: Exclude<PrecisionRecallOptions['average'], null>;
    },
  ): number;
}

/** Weight of rows, of a class or of several: rightly given it, given it, having it. */
interface Counts {
  readonly right: number;
  readonly given: number;
  readonly having: number;
}

type Fraction = (counts: Counts) => readonly [numerator: number, denominator: number];

/**
 * Precision: of the rows that are predicted to be of a class, the share that is.
 *
 * @throws SHAPE_MISMATCH; BAD_LABELS, also for three classes or more unless `average` says how; NOT_FINITE;
 * OUT_OF_RANGE; BAD_OPTION
 */
export const precisionScore: PrecisionRecallMetric = metric(
  'precisionScore',
  'predicted rows',
  ({ right, given }) => [right, given],
);

/** Recall: of the rows that are of a class, the share that is predicted to be. @throws as `precisionScore` */
export const recallScore: PrecisionRecallMetric = metric(
  'recallScore',
  'true rows',
  ({ right, having }) => [right, having],
);

/** The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN). @throws as `precisionScore` */
export const f1Score: PrecisionRecallMetric = metric(
  'f1Score',
  'true or predicted rows',
  ({ right, given, having }) => [2 * right, given + having],
);

function metric(name: string, missing: string, fraction: Fraction): PrecisionRecallMetric {
  const names = ['average', 'posLabel', 'labels', 'zeroDivision', 'sampleWeight'];
  const score = (
    yTrue: LabelsLike,
    yPred: LabelsLike,
    options: PrecisionRecallOptions = {},
  ): number | NdArray<Float64Array> => {
    checkOptions(name, options, names);
    const { average = 'binary', zeroDivision = 'warn' } = options;
    checkChoice(`${name}: average`, average, ['binary', 'macro', 'micro', 'weighted', null]);
    checkChoice(`${name}: zeroDivision`, zeroDivision, ['warn', 0, 1, Number.NaN]);
    const pairs = readLabelPairs(yTrue, yPred, options.sampleWeight);
    const classes = classesOf(name, pairs, options);
    const each = countsOf(pairs, classes);
    const counts = average === 'micro' ? [each.reduce(joined)] : each;
    const fractions = counts.map(fraction);

    const empty = classes.filter((_, index) => fractions[index]?.[1] === 0);
    if (empty.length > 0 && zeroDivision === 'warn') {
      const given = `no ${missing} of ${average === 'micro' ? 'any class' : empty.join(', ')}`;
      warnUndefined(
        'BAD_LABELS',
        name,
        given,
        'it counts as 0: set zeroDivision to choose, without this warning',
      );
    }
    const instead = zeroDivision === 'warn' ? 0 : zeroDivision;
    const scores = fractions.map(([above, below]) => (below === 0 ? instead : above / below));
    if (average === null) return ndarray(Float64Array.from(scores));
    const ones = counts.map(() => 1);
    return mean(scores, average === 'weighted' ? counts.map(({ having }) => having) : ones);
  };
  return score as PrecisionRecallMetric;
}

/** The classes that count. */
function classesOf(
  name: string,
  { truth, predicted }: LabelPairs,
  { average = 'binary', posLabel = 1, labels = null }: PrecisionRecallOptions,
): readonly Label[] {
  const present = sortedLabels([...truth, ...predicted]);
  if (average !== 'binary') return labels === null ? present : readClassList(labels);
  if (present.length > 2) {
    const remedy = "set average to 'macro', 'micro', 'weighted' or null";
    throw error('BAD_LABELS', { what: name, given: present, allowed: 'two classes', remedy });
  }
  if (present.length === 2 && !present.includes(posLabel)) {
    const what = `${name}: posLabel`;
    throw error('BAD_OPTION', { what, given: posLabel, allowed: present.join(', ') });
  }
  return [posLabel];
}

function countsOf({ truth, predicted, weights }: LabelPairs, classes: readonly Label[]): Counts[] {
  const places = placesOf(classes);
  const counts = classes.map(() => ({ right: 0, given: 0, having: 0 }));
  for (let row = 0; row < truth.length; row++) {
    const weight = weights[row]!;
    const own = counts[places.get(truth[row]!) ?? -1];
    const guess = counts[places.get(predicted[row]!) ?? -1];
    if (own) own.having += weight;
    if (guess) guess.given += weight;
    if (own && own === guess) own.right += weight;
  }
  return counts;
}

function joined(a: Counts, b: Counts): Counts {
  return { right: a.right + b.right, given: a.given + b.given, having: a.having + b.having };
}

/** The mean of those that are not NaN, by weight; unweighted where all weights are 0. */
function mean(scores: readonly number[], weights: readonly number[]): number {
  const kept = scores.flatMap((score, i) => (Number.isNaN(score) ? [] : [[score, weights[i]!]]));
  const all = kept.reduce((sum, [, weight]) => sum + weight!, 0);
  if (all > 0) return kept.reduce((sum, [score, weight]) => sum + score! * weight!, 0) / all;
  return kept.reduce((sum, [score]) => sum + score!, 0) / kept.length;
}
