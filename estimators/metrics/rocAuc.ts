/**
 * The area under the receiver operating characteristic, of two classes or more.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { ArrayLike, Tensor } from '../../tracer/tensor.ts';
import type { Label, LabelsLike } from '../input.ts';
import {
  checkChoice,
  type MetricOptions,
  readClassList,
  readNumbers,
  readTruth,
  readWeights,
  sortedLabels,
} from './read.ts';
import { areaUnder, readScores } from './roc.ts';

/** Options of `rocAucScore`. */
export interface RocAucOptions extends MetricOptions {
  /** Mean over classes ('macro', default), or weighted by their rows ('weighted'). Two classes have one score. */
  readonly average?: 'macro' | 'weighted';
  /**
   * Of three classes or more: each against the rest ('ovr'), or each against each other ('ovo', without sample weights).
   * Default 'raise': they are refused.
   */
  readonly multiClass?: 'raise' | 'ovr' | 'ovo';
  /** All classes, sorted, where `yTrue` may lack one. Default null: those of `yTrue`. */
  readonly labels?: LabelsLike | null;
}

/**
 * The probability that a row of the positive class (the larger of two labels) scores higher than another, equal ones
 * counting half; in [0, 1]. Of three classes or more, means of it: Fawcett 2006 ('ovr'), Hand and Till 2001 ('ovo').
 *
 * @param yScore one score a row, or of three classes or more probabilities, [rows, classes]
 * @throws SHAPE_MISMATCH; BAD_LABELS where a class has no rows; OUT_OF_RANGE where probabilities of a row do not sum to
 * 1; NOT_FINITE; BAD_OPTION
 */
export function rocAucScore(
  yTrue: LabelsLike,
  yScore: ArrayLike,
  options: RocAucOptions = {},
): number {
  checkOptions('rocAucScore', options, ['average', 'multiClass', 'labels', 'sampleWeight']);
  const { average = 'macro', multiClass = 'raise', labels = null, sampleWeight } = options;
  checkChoice('rocAucScore: average', average, ['macro', 'weighted']);
  checkChoice('rocAucScore: multiClass', multiClass, ['raise', 'ovr', 'ovo']);
  const truth = readTruth(yTrue);
  const weights = readWeights(sampleWeight, truth.length);
  const present = sortedLabels(truth);
  const scores = readNumbers(yScore, 'yScore');
  if (present.length <= 2 && (scores.shape[1] ?? 1) <= 2) {
    return binary(truth, present.at(-1)!, readScores(yScore, truth.length), weights);
  }
  if (multiClass === 'raise') {
    const details = { given: `'raise' for ${present.length} classes`, allowed: "'ovr', 'ovo'" };
    throw error('BAD_OPTION', { what: 'rocAucScore: multiClass', ...details });
  }
  const classes = labels === null ? present : readClassList(labels);
  checkClasses(classes, present, scores, truth.length);
  const column = (index: number): Float64Array =>
    scores.data.filter((_, place) => place % classes.length === index);
  if (multiClass === 'ovr') {
    return meanOf(
      average,
      classes.map((label, index) => ({
        score: binary(truth, label, column(index), weights),
        weight: weights.reduce((sum, own, row) => sum + (truth[row] === label ? own : 0), 0),
      })),
    );
  }
  if (sampleWeight !== undefined) {
    const remedy = "leave it out, or set multiClass to 'ovr'";
    const details = { given: "weights with multiClass: 'ovo'", allowed: 'undefined', remedy };
    throw error('BAD_OPTION', { what: 'rocAucScore: sampleWeight', ...details });
  }
  return meanOf(average, pairsOf(truth, classes, present, column));
}

/** Each pair of classes that have rows: the mean of both directions, and the rows of the two. */
function pairsOf(
  truth: readonly Label[],
  classes: readonly Label[],
  present: readonly Label[],
  column: (index: number) => Float64Array,
): Weighted[] {
  return present.flatMap((a, i) =>
    present.slice(i + 1).map((b) => {
      const among = Float64Array.from(truth, (label) => Number(label === a || label === b));
      const scoreOf = (label: Label): number =>
        binary(truth, label, column(classes.indexOf(label)), among);
      const weight = among.reduce((sum, own) => sum + own, 0);
      return { score: (scoreOf(a) + scoreOf(b)) / 2, weight };
    }),
  );
}

interface Weighted {
  readonly score: number;
  readonly weight: number;
}

function meanOf(average: 'macro' | 'weighted', terms: readonly Weighted[]): number {
  const weightOf = ({ weight }: Weighted): number => (average === 'macro' ? 1 : weight);
  const all = terms.reduce((sum, term) => sum + weightOf(term), 0);
  return terms.reduce((sum, term) => sum + term.score * weightOf(term), 0) / all;
}

/** The area of one class against all others. @throws BAD_LABELS where either has no weight. */
function binary(
  truth: readonly Label[],
  positive: Label,
  scores: Float64Array,
  weights: Float64Array,
): number {
  const isPositive = truth.map((label) => label === positive);
  const kinds = new Set(isPositive.filter((_, row) => weights[row]! > 0));
  if (kinds.size === 2) return areaUnder(isPositive, scores, weights);
  const given = `${kinds.has(true) ? 'only' : 'no'} rows of class ${positive}`;
  const details = { given, allowed: 'rows of this class and of another' };
  throw error('BAD_LABELS', {
    what: 'yTrue',
    ...details,
    remedy: 'use larger or stratified parts',
  });
}

/** @throws SHAPE_MISMATCH, BAD_OPTION, BAD_LABELS, OUT_OF_RANGE */
function checkClasses(
  classes: readonly Label[],
  present: readonly Label[],
  { shape, data }: Tensor,
  rows: number,
): void {
  if (shape[0] !== rows || shape[1] !== classes.length) {
    const allowed = `[${rows} rows, ${classes.length} classes]`;
    const details = { given: `shape [${shape.join(', ')}]`, allowed };
    throw error('SHAPE_MISMATCH', { what: 'yScore', ...details, remedy: 'name all by labels' });
  }
  if (sortedLabels(classes).some((label, index) => label !== classes[index])) {
    const details = { given: classes, allowed: 'different labels, sorted' };
    throw error('BAD_OPTION', { what: 'rocAucScore: labels', ...details });
  }
  const unknown = present.find((label) => !classes.includes(label));
  if (unknown !== undefined) {
    throw error('BAD_LABELS', { what: 'yTrue', given: unknown, allowed: classes });
  }
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * classes.length, (row + 1) * classes.length);
    const sum = own.reduce((a, b) => a + b, 0);
    // numpy's allclose, as scikit-learn has it.
    if (Math.abs(sum - 1) <= 1e-5) continue;
    const remedy = 'give probabilities, as predictProba returns them';
    const details = { given: `a row that sums to ${sum}`, allowed: 'rows that sum to 1', remedy };
    throw error('OUT_OF_RANGE', { what: 'yScore', ...details });
  }
}
