/**
 * One fit on some rows and one score on others: what cross validation and searches are made of.
 */
import { BlindfitError, error } from '../../lib/errors.ts';
import type { OnProgress } from '../../lib/progress.ts';
import type { ArrayLike } from '../../tracer/tensor.ts';
import { type LabelsLike, readSampleWeight } from '../input.ts';
import { checkChoice } from '../metrics/read.ts';
import type { TableLike } from '../preprocessing/table.ts';
import { type Rows, readRows, readTargets, type Targets } from './data.ts';
import { type EstimatorLike, isClassifier } from './estimatorLike.ts';
import { type Fold, KFold, type Splitter, StratifiedKFold } from './folds.ts';
import { type Scorer, type Scoring, scorerOf } from './scorers.ts';

/** Folds: a number of parts, a splitter, or pairs of rows to train on and rows to test on. */
export type CrossValidation = number | Splitter | readonly FoldLike[];

type FoldLike = readonly [
  train: Int32Array | readonly number[],
  test: Int32Array | readonly number[],
];

/** What a failed fit scores: the error itself ('raise'), or a number. */
export type ErrorScore = 'raise' | number;

/** Checked data, and their folds. */
export interface Data {
  readonly X: Rows;
  readonly y: Targets;
  readonly sampleWeight: Float64Array | undefined;
  readonly folds: readonly Fold[];
}

/** How each fit is judged. */
export interface Judging {
  readonly scorer: Scorer;
  readonly errorScore: ErrorScore;
  readonly returnTrainScore: boolean;
}

/** Scores of one fit, and the seconds that it took. */
export interface Trial {
  readonly testScore: number;
  /** NaN where it was not asked for. */
  readonly trainScore: number;
  readonly fitTime: number;
  readonly scoreTime: number;
  /** The error of a fit that failed. */
  readonly failure?: unknown;
}

/**
 * Reads data for an estimator. A number of parts means stratified ones for classifiers, consecutive ones for others.
 *
 * @throws SHAPE_MISMATCH, BAD_ARRAY, BAD_LABELS, NOT_FINITE, OUT_OF_RANGE; BAD_OPTION for folds that do not fit
 */
export function readData(
  estimator: EstimatorLike,
  X: TableLike,
  y: LabelsLike,
  sampleWeight: ArrayLike | undefined,
  cv: CrossValidation,
): Data {
  const rows = readRows(X);
  const targets = readTargets(y, rows.count);
  const weights =
    sampleWeight === undefined ? undefined : readSampleWeight(sampleWeight, rows.count);
  const stratified = isClassifier(estimator) && targets.labels !== null;
  const folds = foldsFor(cv, X, y, stratified).map(([train, test]): Fold => {
    checkFold(train, rows.count);
    checkFold(test, rows.count);
    return [Int32Array.from(train), Int32Array.from(test)];
  });
  return { X: rows, y: targets, sampleWeight: weights, folds };
}

/** How fits are judged by these options. @throws BAD_OPTION */
export function judgingOf(
  scoring: Scoring,
  errorScore: ErrorScore,
  returnTrainScore: boolean,
): Judging {
  if (errorScore !== 'raise' && typeof errorScore !== 'number') {
    const allowed = "'raise', or a number such as NaN";
    throw error('BAD_OPTION', { what: 'errorScore', given: errorScore, allowed });
  }
  checkChoice('returnTrainScore', returnTrainScore, [true, false]);
  return { scorer: scorerOf(scoring), errorScore, returnTrainScore };
}

/** Fits `parameters` on every fold; `advance` is called after each. @throws what `advance` and `setParams` throw */
export function trialsOf(
  estimator: EstimatorLike,
  parameters: object,
  data: Data,
  judging: Judging,
  advance: () => void,
): Trial[] {
  return data.folds.map((fold) => {
    const own = estimator.clone();
    own.setParams(cloned(parameters));
    const trial = trialOf(own, data, fold, judging);
    advance();
    return trial;
  });
}

/** Fits an estimator on rows, with their weights. */
export function fitOn(estimator: EstimatorLike, data: Data, rows: Int32Array): void {
  const { X, y, sampleWeight } = data;
  const options = sampleWeight && { sampleWeight: rowsOf(sampleWeight, rows) };
  if (options) estimator.fit(X.take(rows), y.take(rows), options);
  else estimator.fit(X.take(rows), y.take(rows));
}

/** Estimators among values, as the steps of a pipeline may be, are copied: each fit has its own. */
export function cloned(parameters: object): object {
  const copy = ([name, value]: [string, unknown]): [string, unknown] => {
    const isEstimator = typeof value === 'object' && value !== null && 'clone' in value;
    return [name, isEstimator ? (value as EstimatorLike).clone() : value];
  };
  return Object.fromEntries(Object.entries(parameters).map(copy));
}

/** Warns of fits that failed. @throws the first error where all did */
export function reportFailures(
  what: string,
  trials: readonly Trial[],
  errorScore: ErrorScore,
): void {
  const failed = trials.filter((trial) => 'failure' in trial);
  if (failed.length === 0) return;
  const cause = failed[0]!.failure;
  if (failed.length === trials.length) throw cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const { message, code } = error('NOT_FITTED', {
    what,
    given: `${failed.length} of ${trials.length} fits that failed and score ${errorScore}, the first by "${text}"`,
    remedy: "set errorScore to 'raise' to see where",
  });
  const type = 'FitFailedWarning';
  process.emitWarning(message, { type, code: cause instanceof BlindfitError ? cause.code : code });
}

/** Calls `onProgress` with one step more at each call. */
export function counter(total: number, onProgress: OnProgress | undefined): () => void {
  let done = 0;
  return () => {
    done += 1;
    onProgress?.({ stage: 'fit', done, total });
  };
}

function trialOf(
  estimator: EstimatorLike,
  data: Data,
  [train, test]: Fold,
  { scorer, errorScore, returnTrainScore }: Judging,
): Trial {
  const start = performance.now();
  let fitted = start;
  const seconds = (from: number, to: number): number => (to - from) / 1000;
  try {
    fitOn(estimator, data, train);
    fitted = performance.now();
    const scoreOn = (rows: Int32Array): number =>
      scorer(estimator, data.X.take(rows), data.y.take(rows));
    const testScore = scoreOn(test);
    const scoreTime = seconds(fitted, performance.now());
    const trainScore = returnTrainScore ? scoreOn(train) : Number.NaN;
    return { testScore, trainScore, fitTime: seconds(start, fitted), scoreTime };
  } catch (failure) {
    if (errorScore === 'raise') throw failure;
    const scores = { testScore: errorScore, trainScore: errorScore, scoreTime: 0 };
    return { ...scores, fitTime: seconds(start, performance.now()), failure };
  }
}

/** @throws BAD_OPTION */
function foldsFor(
  cv: CrossValidation,
  X: TableLike,
  y: LabelsLike,
  stratified: boolean,
): readonly FoldLike[] {
  if (typeof cv === 'number') {
    const options = { nSplits: cv };
    return stratified ? new StratifiedKFold(options).split(X, y) : new KFold(options).split(X);
  }
  const folds = typeof cv === 'object' && 'split' in cv ? cv.split(X, y) : cv;
  if (Array.isArray(folds) && folds.length > 0 && folds.every((fold) => fold.length === 2)) {
    return folds;
  }
  const allowed = 'a number, a splitter, or pairs of rows to train on and rows to test on';
  throw error('BAD_OPTION', { what: 'cv', given: folds, allowed });
}

/** @throws BAD_OPTION */
function checkFold(fold: Int32Array | readonly number[], rows: number): void {
  const isRow = (row: number): boolean => Number.isInteger(row) && row >= 0 && row < rows;
  if (fold.length > 0 && fold.every(isRow)) return;
  const allowed = `one or more of the rows 0 to ${rows - 1}`;
  throw error('BAD_OPTION', { what: 'cv', given: fold, allowed });
}

function rowsOf(weights: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => weights[row]!);
}
