/**
 * The Tweedie deviances, by power p of the variance, var(y) ~ mean^p: normal (0), Poisson (1), compound Poisson and gamma
 * (1 to 2), gamma (2), inverse Gaussian (3). (Jorgensen, "The theory of dispersion models", 1997, chapter 4)
 */
import { error } from '../../lib/errors.ts';
import type { Objective } from './lbfgs.ts';
import { accumulate, type LinearProblem } from './objectives.ts';

/** How a mean belongs to a weighted sum z: mean = z, or mean = exp(z). */
export type Link = 'identity' | 'log';

/** One member: a power, and a link. */
export interface Family {
  readonly power: number;
  readonly link: Link;
}

/** The weighted sum of half deviances of means, but for what does not depend on them, and 1/2 sum_j penalty_j w_j^2. */
export function tweedieObjective(
  problem: LinearProblem,
  y: Float64Array,
  { power, link }: Family,
): Objective {
  return (w, gradient) =>
    accumulate(problem, 1, w, gradient, (scores, slopes, row) => {
      const z = scores[0]!;
      const target = y[row]!;
      if (link === 'log') {
        slopes[0] = Math.exp((2 - power) * z) - target * Math.exp((1 - power) * z);
        return powerOfExp(2 - power, z) - target * powerOfExp(1 - power, z);
      }
      // No mean of these families is 0 or less: a search that gets there has to turn back.
      if (power !== 0 && z <= 0) return Number.POSITIVE_INFINITY;
      slopes[0] = z ** (1 - power) - target * z ** -power;
      return powerOf(2 - power, z) - target * powerOf(1 - power, z);
    });
}

/** The mean of a weighted sum. */
export function meanOf(z: number, link: Link): number {
  return link === 'log' ? Math.exp(z) : z;
}

/** The weighted sum that belongs to a mean. */
export function sumOf(mean: number, link: Link): number {
  return link === 'log' ? Math.log(mean) : mean;
}

/** @throws OUT_OF_RANGE for targets that the family cannot have: below 0 from p = 1 on, 0 from p = 2 on. */
export function checkTargets(y: Float64Array, power: number): void {
  const least = y.reduce((min, value) => Math.min(min, value), Number.POSITIVE_INFINITY);
  const fits = power < 1 || (power < 2 ? least >= 0 : least > 0);
  if (fits) return;
  const allowed = `numbers ${power < 2 ? '>=' : '>'} 0 with power ${power}`;
  throw error('OUT_OF_RANGE', { what: 'y', given: least, allowed, remedy: 'use another power' });
}

/** The integral of exp(exponent * z). */
function powerOfExp(exponent: number, z: number): number {
  return exponent === 0 ? z : Math.exp(exponent * z) / exponent;
}

/** The integral of mean^(exponent - 1). */
function powerOf(exponent: number, mean: number): number {
  return exponent === 0 ? Math.log(mean) : mean ** exponent / exponent;
}
