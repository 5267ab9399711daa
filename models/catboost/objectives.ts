/**
 * What CatBoost's loss functions make of the sum of all trees.
 */
import type { FinishStep } from '../imported/finish.ts';

/** A loss function: what its models predict, and the link. */
export interface Objective {
  readonly predicts: 'classes' | 'numbers';
  readonly finish: readonly FinishStep[];
}

const logistic: Objective = {
  predicts: 'classes',
  finish: [{ kind: 'logistic' }, { kind: 'complement' }],
};
const exponential: Objective = { predicts: 'numbers', finish: [{ kind: 'exp' }] };
const identity: Objective = { predicts: 'numbers', finish: [] };

const regressions = [
  ...['RMSE', 'MAE', 'Quantile', 'MAPE', 'Huber', 'Lq', 'Expectile', 'LogCosh', 'LogLinQuantile'],
  ...['MultiRMSE', 'MultiQuantile', 'GroupQuantile'],
  ...[
    'QueryRMSE',
    'QuerySoftMax',
    'PairLogit',
    'PairLogitPairwise',
    'YetiRank',
    'YetiRankPairwise',
  ],
];

/** By the names that files have. */
export const objectives: ReadonlyMap<string, Objective> = new Map([
  ['Logloss', logistic],
  ['CrossEntropy', logistic],
  ['Focal', logistic],
  ['MultiClass', { predicts: 'classes', finish: [{ kind: 'softmax' }] }],
  ['MultiClassOneVsAll', { predicts: 'classes', finish: [{ kind: 'logistic' }] }],
  ['Poisson', exponential],
  ['Tweedie', exponential],
  ...regressions.map((name) => [name, identity] as const),
]);
