/**
 * Exhaustive search for parameters.
 */
import { type Candidate, gridPoints, type ParameterGrid } from './candidates.ts';
import type { EstimatorLike } from './estimatorLike.ts';
import { Search, type SearchParameters, searchDefaults } from './search.ts';

/** Parameters of `GridSearchCV`. */
export interface GridSearchParameters<E extends EstimatorLike> extends SearchParameters {
  /** It is copied for every fit, and stays as it is. */
  readonly estimator: E;
  /** Values to try, in all combinations; of several grids, each on its own. */
  readonly paramGrid: ParameterGrid<E> | readonly ParameterGrid<E>[];
}

/**
 * Tries all combinations of listed values by cross validation, and is then the best of them: `predict`, `predictProba`,
 * `decisionFunction` and `score` are those of `bestEstimator`, fitted on all rows.
 */
export class GridSearchCV<E extends EstimatorLike> extends Search<
  E,
  SearchParameters,
  GridSearchParameters<E>
> {
  /** @throws BAD_OPTION for an unknown name */
  constructor(
    estimator: E,
    paramGrid: GridSearchParameters<E>['paramGrid'],
    options: Partial<SearchParameters> = {},
  ) {
    super('GridSearchCV', { estimator, paramGrid }, searchDefaults, options);
  }

  /** A new search of the same parameters, the estimator copied, not fitted. */
  clone(): GridSearchCV<E> {
    const { estimator, paramGrid, ...options } = this.getParams();
    return new GridSearchCV(estimator.clone() as E, paramGrid, options);
  }

  protected override candidates({ paramGrid }: GridSearchParameters<E>): readonly Candidate[] {
    return gridPoints(paramGrid);
  }
}
