/**
 * What XGBoost's objectives make of the sum of all trees.
 */
import type { FinishStep } from '../imported/finish.ts';

/** An objective: what it predicts, its link, and how `base_score` becomes a score. */
export interface Objective {
  readonly predicts: 'classes' | 'numbers';
  readonly finish: readonly FinishStep[];
  /** Whether finished scores are probabilities. */
  readonly probabilities: boolean;
  /** The score that stands for a prediction of `base_score`. */
  scoreOf(base: number): number;
}

const same = (base: number): number => base;
const logit = (base: number): number => -Math.log(1 / base - 1);

const logistic: FinishStep = { kind: 'logistic' };
const complement: FinishStep = { kind: 'complement' };

const identity = numbers([], same);
const exponential = numbers([{ kind: 'exp' }], Math.log);

/** By the names that files have. */
export const objectives: ReadonlyMap<string, Objective> = new Map([
  ['binary:logistic', classes([logistic, complement], logit)],
  ['binary:logitraw', { ...classes([], logit), probabilities: false }],
  ['binary:hinge', classes([{ kind: 'step' }, complement], same)],
  ['multi:softmax', classes([{ kind: 'softmax' }], same)],
  ['multi:softprob', classes([{ kind: 'softmax' }], same)],
  ...[
    'squarederror',
    'linear',
    'squaredlogerror',
    'pseudohubererror',
    'absoluteerror',
    'quantileerror',
  ].map((name) => [`reg:${name}`, identity] as const),
  ['reg:logistic', numbers([logistic], logit)],
  ...['reg:gamma', 'reg:tweedie', 'count:poisson', 'survival:cox', 'survival:aft'].map(
    (name) => [name, exponential] as const,
  ),
  ...['pairwise', 'ndcg', 'map'].map((name) => [`rank:${name}`, identity] as const),
]);

function classes(finish: readonly FinishStep[], scoreOf: (base: number) => number): Objective {
  return { predicts: 'classes', finish, probabilities: true, scoreOf };
}

function numbers(finish: readonly FinishStep[], scoreOf: (base: number) => number): Objective {
  return { predicts: 'numbers', finish, probabilities: false, scoreOf };
}
