/** The parameter search: the cheapest parameters under which every rounding event keeps its share of `pError`. */

import type { Parameters } from '../../runtime/program.ts';
import type { Choice, Constraint, Infeasible, Prediction, Requirements } from './requirements.ts';

/**
 * Chooses parameters. Deterministic; takes milliseconds.
 *
 * Every event gets the same share of `pError` (union bound): pError / sum of counts.
 */
export function searchParameters(requirements: Requirements): Choice | Infeasible {
  throw new Error(`not written yet ${requirements.pError}`);
}

/** Predicted noise and failure of one constraint under given parameters. */
export function predict(
  constraint: Constraint,
  parameters: Parameters,
  lookupClasses: readonly number[],
): Prediction {
  throw new Error(`not written yet ${constraint.margin} ${parameters} ${lookupClasses}`);
}

/**
 * Fewest bits per coefficient of a reply with which `constraint` still fails with at most 2^log2Failure,
 * at most 64. The reply's size is proportional to it.
 */
export function smallestReplyBits(
  constraint: Constraint,
  parameters: Parameters,
  lookupClasses: readonly number[],
  log2Failure: number,
): number {
  throw new Error(`not written yet ${constraint} ${parameters} ${lookupClasses} ${log2Failure}`);
}
