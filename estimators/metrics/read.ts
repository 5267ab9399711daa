/**
 * The way in of all metrics: truth and prediction of equal length, one weight a row, and what is said of undefined scores.
 */
import { error } from '../../lib/errors.ts';
import { type ArrayLike, indexAt, type Tensor, toTensor } from '../../tracer/tensor.ts';
import { type Label, type LabelsLike, readLabels, readSampleWeight } from '../input.ts';

/** What every metric takes. */
export interface MetricOptions {
  /** A weight >= 0 of each row. Default: 1 each. */
  readonly sampleWeight?: ArrayLike | undefined;
}

/** Checked labels, of one type, with the weight of each row. */
export interface LabelPairs {
  readonly truth: readonly Label[];
  readonly predicted: readonly Label[];
  readonly weights: Float64Array;
}

/** Checked targets, rows x outputs, with the weight of each row. */
export interface TargetPairs {
  readonly rows: number;
  readonly outputs: number;
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Labels of one row or more.
 *
 * @throws SHAPE_MISMATCH; BAD_LABELS, also where one side has texts and the other numbers; NOT_FINITE; OUT_OF_RANGE for
 * negative weights, or none above 0.
 */
export function readLabelPairs(
  yTrue: LabelsLike,
  yPred: LabelsLike,
  sampleWeight: ArrayLike | undefined,
): LabelPairs {
  const truth = readTruth(yTrue);
  const predicted = readLabels(yPred, 'yPred', truth.length);
  if (typeof truth[0] !== typeof predicted[0]) {
    const details = { given: predicted[0], allowed: `labels as in yTrue, such as ${truth[0]}` };
    throw error('BAD_LABELS', { what: 'yPred', ...details, remedy: 'give both of one type' });
  }
  return { truth, predicted, weights: readWeights(sampleWeight, truth.length) };
}

/** True labels, one or more. @throws SHAPE_MISMATCH, BAD_LABELS */
export function readTruth(yTrue: LabelsLike): readonly Label[] {
  const truth = readLabels(yTrue, 'yTrue');
  if (truth.length > 0) return truth;
  throw error('SHAPE_MISMATCH', { what: 'yTrue', given: 'no rows', allowed: '[rows >= 1]' });
}

/** A list of one class or more, each once, in the order given. @throws BAD_OPTION, BAD_LABELS, SHAPE_MISMATCH */
export function readClassList(labels: LabelsLike): readonly Label[] {
  const classes = readLabels(labels, 'labels');
  if (classes.length > 0 && new Set(classes).size === classes.length) return classes;
  throw error('BAD_OPTION', { what: 'labels', given: classes, allowed: 'one or more, each once' });
}

/** Weights of rows, with one above 0. @throws SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE */
export function readWeights(sampleWeight: ArrayLike | undefined, rows: number): Float64Array {
  const weights = readSampleWeight(sampleWeight, rows);
  if (weights.some((weight) => weight > 0)) return weights;
  const given = 'weights that are 0 for every row';
  throw error('OUT_OF_RANGE', { what: 'sampleWeight', given, allowed: 'one > 0' });
}

/** Numbers of one row or more, of one output ([rows] or [rows, 1]) or several. @throws SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, OUT_OF_RANGE */
export function readTargetPairs(
  yTrue: ArrayLike,
  yPred: ArrayLike,
  sampleWeight: ArrayLike | undefined,
): TargetPairs {
  const truth = readNumbers(yTrue, 'yTrue');
  const predicted = readNumbers(yPred, 'yPred');
  const [rows, outputs = 1] = truth.shape as [number, number?];
  const [otherRows, otherOutputs = 1] = predicted.shape as [number, number?];
  if (rows !== otherRows || outputs !== otherOutputs) {
    const given = `shape [${predicted.shape.join(', ')}]`;
    const allowed = `that of yTrue, [${truth.shape.join(', ')}]`;
    throw error('SHAPE_MISMATCH', { what: 'yPred', given, allowed });
  }
  const weights = readWeights(sampleWeight, rows);
  return { rows, outputs, truth: truth.data, predicted: predicted.data, weights };
}

/** Finite numbers, [rows] or [rows, columns], both 1 or more. @throws SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY */
export function readNumbers(values: ArrayLike, what: string): Tensor {
  const tensor = toTensor(values, what);
  const { shape, data } = tensor;
  if (shape.length < 1 || shape.length > 2 || data.length === 0) {
    const given = `shape [${shape.join(', ')}]`;
    const allowed = '[rows >= 1] or [rows >= 1, columns >= 1]';
    throw error('SHAPE_MISMATCH', { what, given, allowed });
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return tensor;
  throw error('NOT_FINITE', { what: `${what}[${indexAt(shape, bad)}]`, given: data[bad] });
}

/** Every label that occurs, once: numbers by size, texts by code unit. */
export function sortedLabels(labels: Iterable<Label>): Label[] {
  return [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1));
}

/** The place of each label in a list. */
export function placesOf(labels: readonly Label[]): Map<Label, number> {
  return new Map(labels.map((label, place) => [label, place]));
}

/** Refuses a value that is none of a few. @throws BAD_OPTION */
export function checkChoice(what: string, given: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(given)) return;
  const shown = allowed.map((value) => (typeof value === 'string' ? `'${value}'` : `${value}`));
  throw error('BAD_OPTION', { what, given, allowed: shown.join(', ') });
}

/** Sum of `numberOf(row)` by weight, over the sum of weights. */
export function weightedMean(weights: Float64Array, numberOf: (row: number) => number): number {
  let sum = 0;
  let all = 0;
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row]!;
    all += weight;
    if (weight > 0) sum += weight * numberOf(row);
  }
  return sum / all;
}

/** Says, as a warning of the process, that a score is not defined for these labels or rows. */
export function warnUndefined(
  code: 'BAD_LABELS' | 'SHAPE_MISMATCH',
  what: string,
  given: string,
  remedy: string,
): void {
  const { message } = error(code, { what, given, remedy });
  process.emitWarning(message, { type: 'UndefinedMetricWarning', code });
}
