/**
 * The table of a search: one entry a candidate.
 */
import type { Candidate } from './candidates.ts';
import type { Trial } from './evaluate.ts';

/** Columns of one length, in the order in which candidates were tried. Times are in seconds. */
export interface SearchResults {
  readonly params: readonly Candidate[];
  /** Candidates x folds. */
  readonly splitTestScores: readonly (readonly number[])[];
  readonly meanTestScore: readonly number[];
  /** Standard deviation over the folds. */
  readonly stdTestScore: readonly number[];
  /** 1 is the best; equal means have equal ranks, and NaN the last one. */
  readonly rankTestScore: readonly number[];
  /** These three with `returnTrainScore`. */
  readonly splitTrainScores?: readonly (readonly number[])[];
  readonly meanTrainScore?: readonly number[];
  readonly stdTrainScore?: readonly number[];
  readonly meanFitTime: readonly number[];
  readonly stdFitTime: readonly number[];
  readonly meanScoreTime: readonly number[];
  readonly stdScoreTime: readonly number[];
}

/** Makes the table of all trials, candidates x folds. */
export function searchResults(
  params: readonly Candidate[],
  trials: readonly (readonly Trial[])[],
  withTrainScores: boolean,
): SearchResults {
  const column = (of: (trial: Trial) => number): number[][] => trials.map((own) => own.map(of));
  const test = column(({ testScore }) => testScore);
  const train = column(({ trainScore }) => trainScore);
  const fit = column(({ fitTime }) => fitTime);
  const score = column(({ scoreTime }) => scoreTime);
  return {
    params,
    splitTestScores: test,
    meanTestScore: test.map(mean),
    stdTestScore: test.map(deviation),
    rankTestScore: ranks(test.map(mean)),
    ...(withTrainScores && {
      splitTrainScores: train,
      meanTrainScore: train.map(mean),
      stdTrainScore: train.map(deviation),
    }),
    meanFitTime: fit.map(mean),
    stdFitTime: fit.map(deviation),
    meanScoreTime: score.map(mean),
    stdScoreTime: score.map(deviation),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
}

/** One more than the number of better scores; NaN is worse than any number. */
function ranks(scores: readonly number[]): number[] {
  const isBetter = (a: number, b: number): boolean =>
    a > b || (!Number.isNaN(a) && Number.isNaN(b));
  return scores.map((own) => 1 + scores.filter((other) => isBetter(other, own)).length);
}
