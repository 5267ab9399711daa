/**
 * Scores of an estimator on rows that it has not learned from.
 */
import { checkOptions } from '../../lib/options.ts';
import type { OnProgress } from '../../lib/progress.ts';
import type { ArrayLike } from '../../tracer/tensor.ts';
import type { LabelsLike } from '../input.ts';
import type { TableLike } from '../preprocessing/table.ts';
import type { EstimatorLike } from './estimatorLike.ts';
import {
  type CrossValidation,
  counter,
  type ErrorScore,
  judgingOf,
  readData,
  reportFailures,
  trialsOf,
} from './evaluate.ts';
import type { Scoring } from './scorers.ts';

/** Options of `crossValScore`, with scikit-learn's defaults. */
export interface CrossValidationOptions {
  /** What is measured. Default null: the estimator's own `score`. */
  readonly scoring?: Scoring;
  /** Number of parts (stratified for classifiers), a splitter such as `KFold`, or folds. Default 5. */
  readonly cv?: CrossValidation;
  /** Weights of rows, for `fit`; scores are unweighted. Default: 1 each. */
  readonly sampleWeight?: ArrayLike;
  /** What a failed fit scores, with a warning, or 'raise'. Default NaN. Where all fail, the first error is thrown. */
  readonly errorScore?: ErrorScore;
  /** Told of each fit that is done; what it throws ends the work. */
  readonly onProgress?: OnProgress;
}

/** Options of `crossValidate`. */
export interface CrossValidateOptions extends CrossValidationOptions {
  /** Whether rows of training are scored too. Default false. */
  readonly returnTrainScore?: boolean;
}

/** One entry a fold. */
export interface CrossValidationResult {
  readonly testScore: number[];
  /** With `returnTrainScore`. */
  readonly trainScore?: number[];
  /** Seconds. */
  readonly fitTime: number[];
  readonly scoreTime: number[];
}

const names = ['scoring', 'cv', 'sampleWeight', 'errorScore', 'onProgress'];

/**
 * The score on each fold's held-out rows of a copy that learned from its other rows. The estimator itself stays as it is.
 *
 * @throws BAD_OPTION; SHAPE_MISMATCH; BAD_LABELS; what `fit` throws, where it does in every fold
 */
export function crossValScore(
  estimator: EstimatorLike,
  X: TableLike,
  y: LabelsLike,
  options: CrossValidationOptions = {},
): number[] {
  checkOptions('crossValScore', options, names);
  return crossValidate(estimator, X, y, options).testScore;
}

/** `crossValScore` with times, and scores on rows of training. @throws as `crossValScore` */
export function crossValidate(
  estimator: EstimatorLike,
  X: TableLike,
  y: LabelsLike,
  options: CrossValidateOptions = {},
): CrossValidationResult {
  checkOptions('crossValidate', options, [...names, 'returnTrainScore']);
  const { scoring = null, cv = 5, sampleWeight, errorScore = Number.NaN, onProgress } = options;
  const { returnTrainScore = false } = options;
  const judging = judgingOf(scoring, errorScore, returnTrainScore);
  const data = readData(estimator, X, y, sampleWeight, cv);
  const advance = counter(data.folds.length, onProgress);
  const trials = trialsOf(estimator, {}, data, judging, advance);
  reportFailures('crossValidate', trials, errorScore);
  return {
    testScore: trials.map((trial) => trial.testScore),
    ...(returnTrainScore && { trainScore: trials.map((trial) => trial.trainScore) }),
    fitTime: trials.map((trial) => trial.fitTime),
    scoreTime: trials.map((trial) => trial.scoreTime),
  };
}
