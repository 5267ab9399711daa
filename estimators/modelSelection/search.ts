/**
 * What searches for parameters have in common: trying candidates by cross validation, and being the best of them.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { OnProgress } from '../../lib/progress.ts';
import type { ArrayLike } from '../../tracer/tensor.ts';
import type { FeaturesLike, Label, LabelsLike } from '../input.ts';
import { checkChoice } from '../metrics/read.ts';
import type { TableLike } from '../preprocessing/table.ts';
import type { Candidate } from './candidates.ts';
import type { EstimatorLike } from './estimatorLike.ts';
import {
  type CrossValidation,
  cloned,
  counter,
  type ErrorScore,
  fitOn,
  judgingOf,
  readData,
  reportFailures,
  type Trial,
  trialsOf,
} from './evaluate.ts';
import { type SearchResults, searchResults } from './results.ts';
import { type Scoring, scorerOf } from './scorers.ts';

/** Parameters of every search, with scikit-learn's defaults. */
export interface SearchParameters {
  /** What is measured. Default null: the estimator's own `score`. */
  readonly scoring: Scoring;
  /** Number of parts (stratified for classifiers), a splitter such as `KFold`, or folds. Default 5. */
  readonly cv: CrossValidation;
  /** Whether the best candidate learns from all rows at the end, for `predict` and the like. Default true. */
  readonly refit: boolean;
  /** What a failed fit scores, with a warning, or 'raise'. Default NaN. Where all fail, the first error is thrown. */
  readonly errorScore: ErrorScore;
  /** Whether rows of training are scored too. Default false. */
  readonly returnTrainScore: boolean;
}

/** The defaults of `SearchParameters`. */
export const searchDefaults: SearchParameters = {
  scoring: null,
  cv: 5,
  refit: true,
  errorScore: Number.NaN,
  returnTrainScore: false,
};

/** What a search learned. */
export interface SearchFitted {
  /** The first of the candidates with the best mean score. */
  readonly bestIndex: number;
  readonly bestParams: Candidate;
  /** Its mean score over the folds. */
  readonly bestScore: number;
  readonly cvResults: SearchResults;
  readonly nSplits: number;
  /** Of the best estimator, with `refit`. */
  readonly nFeaturesIn?: number;
  /** The labels, where the best estimator is a classifier. */
  readonly classes?: readonly Label[];
}

/** Options of a search's `fit`. */
export interface SearchFitOptions {
  /** Weights of rows, for `fit`; scores are unweighted. Default: 1 each. */
  readonly sampleWeight?: ArrayLike;
  /** Told of each fit that is done; what it throws ends the search. */
  readonly onProgress?: OnProgress;
}

/** A method of an estimator, or `undefined` where it has none. */
type MethodOf<E, Name extends string> = E extends { readonly [name in Name]: infer Method }
  ? Method
  : undefined;

/** The common part of searches: `P` are their parameters, `D` those of them that have defaults. */
export abstract class Search<
  E extends EstimatorLike,
  D extends SearchParameters,
  P extends D & { readonly estimator: E },
> {
  readonly #name: string;
  #parameters: P;
  #fitted: SearchFitted | undefined;
  #best: E | undefined;

  /** `further` parameters, and `defaults` of those that `options` leave out. @throws BAD_OPTION for an unknown name */
  constructor(name: string, further: Omit<P, keyof D>, defaults: D, options: Partial<D>) {
    checkOptions(name, options, Object.keys(defaults));
    this.#name = name;
    this.#parameters = { ...further, ...defaults, ...given(options) } as unknown as P;
  }

  /** What was learned. @throws NOT_FITTED */
  get fitted(): SearchFitted {
    if (this.#fitted === undefined) throw error('NOT_FITTED', { what: this.#name });
    return this.#fitted;
  }

  /** The best candidate, fitted on all rows. @throws NOT_FITTED before `fit`, or with `refit: false` */
  get bestEstimator(): E {
    if (this.#best !== undefined) return this.#best;
    const remedy = this.#fitted === undefined ? undefined : 'set refit to true and fit again';
    throw error('NOT_FITTED', { what: this.#name, remedy });
  }

  /** All parameters, defaults included, as a new object. */
  getParams(): P {
    return { ...this.#parameters };
  }

  /** Changes the named parameters, for the next `fit`. @throws BAD_OPTION for an unknown name */
  setParams(parameters: Partial<P>): this {
    checkOptions(this.#name, parameters, Object.keys(this.#parameters));
    this.#parameters = { ...this.#parameters, ...given(parameters) };
    return this;
  }

  /**
   * Tries all candidates on all folds, and fits the best one on all rows. Returns this.
   *
   * @throws BAD_OPTION; SHAPE_MISMATCH; BAD_LABELS; what the estimator's `fit` throws, where it does in every fold
   */
  fit(X: TableLike, y: LabelsLike, options: SearchFitOptions = {}): this {
    checkOptions(`${this.#name}.fit`, options, ['sampleWeight', 'onProgress']);
    const { estimator, scoring, cv, refit, errorScore, returnTrainScore } = this.#parameters;
    const judging = judgingOf(scoring, errorScore, returnTrainScore);
    checkChoice(`${this.#name}: refit`, refit, [true, false]);
    const candidates = this.candidates(this.#parameters);
    const data = readData(estimator, X, y, options.sampleWeight, cv);
    const nSplits = data.folds.length;
    const advance = counter(candidates.length * nSplits, options.onProgress);
    const trials: Trial[][] = candidates.map((candidate) =>
      trialsOf(estimator, candidate, data, judging, advance),
    );
    reportFailures(this.#name, trials.flat(), errorScore);

    const cvResults = searchResults(candidates, trials, returnTrainScore);
    const bestIndex = cvResults.rankTestScore.indexOf(1);
    const bestParams = candidates[bestIndex]!;
    const bestScore = cvResults.meanTestScore[bestIndex]!;
    let best: E | undefined;
    if (refit) {
      best = estimator.clone() as E;
      best.setParams(cloned(bestParams));
      fitOn(
        best,
        data,
        Int32Array.from({ length: data.X.count }, (_, row) => row),
      );
    }
    this.#best = best;
    const learned = { bestIndex, bestParams, bestScore, cvResults, nSplits };
    this.#fitted = Object.freeze({ ...learned, ...(best && shapeOf(best)) });
    return this;
  }

  /** The score of the best estimator on other rows, by `scoring`. @throws as `bestEstimator`, and what it throws */
  score(X: TableLike, y: LabelsLike): number {
    return scorerOf(this.#parameters.scoring)(this.bestEstimator, X as FeaturesLike, y);
  }

  /** `predict` of the best estimator, with all its options: `{ encrypted: true }` too. @throws as `bestEstimator` */
  get predict(): E['predict'] {
    return this.#method('predict') as E['predict'];
  }

  /** `predictProba` of the best estimator, or undefined. @throws as `bestEstimator` */
  get predictProba(): MethodOf<E, 'predictProba'> {
    return this.#method('predictProba') as MethodOf<E, 'predictProba'>;
  }

  /** `decisionFunction` of the best estimator, or undefined. @throws as `bestEstimator` */
  get decisionFunction(): MethodOf<E, 'decisionFunction'> {
    return this.#method('decisionFunction') as MethodOf<E, 'decisionFunction'>;
  }

  /** `toJSON` of the best estimator: what is kept of a search is its result. @throws as `bestEstimator` */
  get toJSON(): MethodOf<E, 'toJSON'> {
    return this.#method('toJSON') as MethodOf<E, 'toJSON'>;
  }

  /** The candidates, one or more. @throws BAD_OPTION */
  protected abstract candidates(parameters: P): readonly Candidate[];

  #method(name: string): unknown {
    const best = this.bestEstimator;
    const method = best[name as keyof E];
    return typeof method === 'function' ? method.bind(best) : undefined;
  }
}

/** What estimators that are given to a search say of the data. */
function shapeOf({ fitted }: EstimatorLike): Pick<SearchFitted, 'nFeaturesIn' | 'classes'> {
  const { nFeaturesIn, classes } = fitted as Pick<SearchFitted, 'nFeaturesIn' | 'classes'>;
  return {
    ...(nFeaturesIn !== undefined && { nFeaturesIn }),
    ...(classes !== undefined && { classes }),
  };
}

/** Without what is undefined, which counts as not given. */
function given<T extends object>(options: T): Partial<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
