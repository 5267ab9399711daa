/**
 * The criteria of numbers by their names.
 */
import { error } from '../../lib/errors.ts';
import { choice, type Parameter } from '../parameters.ts';
import { absoluteCriterion } from './absoluteCriterion.ts';
import type { Criterion } from './criterion.ts';
import { type ValueImpurity, type ValueTargets, valueCriterion } from './valueCriterion.ts';

/** How impure numbers are. 'absoluteError': the mean absolute error around the median; the others as `ValueImpurity`. */
export type RegressionImpurity = ValueImpurity | 'absoluteError';

/** The parameter `criterion` of trees of numbers. */
export const regressionImpurity: Parameter<RegressionImpurity> = choice<RegressionImpurity>(
  'squaredError',
  ['squaredError', 'friedmanMse', 'absoluteError', 'poisson'],
);

/**
 * The criterion of numbers by its name.
 *
 * @throws OUT_OF_RANGE for 'poisson' where a target is below 0, or none is above.
 */
export function regressionCriterion(
  impurity: RegressionImpurity,
  targets: ValueTargets,
): Criterion {
  if (impurity === 'absoluteError') return absoluteCriterion(targets);
  if (impurity === 'poisson') checkPoisson(targets);
  return valueCriterion(impurity, targets);
}

function checkPoisson({ values }: ValueTargets): void {
  const least = values.reduce((a, b) => Math.min(a, b));
  const greatest = values.reduce((a, b) => Math.max(a, b));
  if (least >= 0 && greatest > 0) return;
  const given = least < 0 ? least : 'nothing but 0';
  const allowed = "numbers >= 0, not all 0, for criterion: 'poisson'";
  throw error('OUT_OF_RANGE', { what: 'y', given, allowed });
}
