/**
 * Random search for parameters.
 */
import { error } from '../../lib/errors.ts';
import { createRandom } from '../../lib/random.ts';
import { type Candidate, type ParameterDistributions, randomPoints } from './candidates.ts';
import type { EstimatorLike } from './estimatorLike.ts';
import { Search, type SearchParameters, searchDefaults } from './search.ts';

/** Options of `RandomizedSearchCV`, with scikit-learn's defaults. */
export interface RandomizedSearchOptions extends SearchParameters {
  /** Candidates to try. Default 10. */
  readonly nIter: number;
  /** Seed of the draws. Default null: 0. */
  readonly randomState: number | null;
}

/** Parameters of `RandomizedSearchCV`. */
export interface RandomizedSearchParameters<E extends EstimatorLike>
  extends RandomizedSearchOptions {
  /** It is copied for every fit, and stays as it is. */
  readonly estimator: E;
  /** Lists of values, or functions that draw one from a source of random numbers in [0, 1). */
  readonly paramDistributions: ParameterDistributions<E>;
}

const defaults: RandomizedSearchOptions = { ...searchDefaults, nIter: 10, randomState: null };

/** `GridSearchCV` over `nIter` random combinations: different ones where all values are listed. */
export class RandomizedSearchCV<E extends EstimatorLike> extends Search<
  E,
  RandomizedSearchOptions,
  RandomizedSearchParameters<E>
> {
  /** @throws BAD_OPTION for an unknown name */
  constructor(
    estimator: E,
    paramDistributions: ParameterDistributions<E>,
    options: Partial<RandomizedSearchOptions> = {},
  ) {
    super('RandomizedSearchCV', { estimator, paramDistributions }, defaults, options);
  }

  /** A new search of the same parameters, the estimator copied, not fitted. */
  clone(): RandomizedSearchCV<E> {
    const { estimator, paramDistributions, ...options } = this.getParams();
    return new RandomizedSearchCV(estimator.clone() as E, paramDistributions, options);
  }

  protected override candidates(parameters: RandomizedSearchParameters<E>): readonly Candidate[] {
    const { paramDistributions, nIter, randomState } = parameters;
    for (const [name, given, least] of [
      ['nIter', nIter, 1],
      ['randomState', randomState ?? 0, 0],
    ] as const) {
      if (Number.isSafeInteger(given) && given >= least) continue;
      const what = `RandomizedSearchCV: ${name}`;
      throw error('BAD_OPTION', { what, given, allowed: `an integer >= ${least}` });
    }
    return randomPoints(paramDistributions, nIter, createRandom(randomState ?? 0));
  }
}
