/**
 * Targets as digits, of which sums over a few of many rows stay narrow.
 */
import { roundHalfEven } from './rounding.ts';

/** A target is offset + step * sum over digits d of radix^d * digit. */
export interface TargetDigits {
  readonly offset: number;
  readonly step: number;
  readonly radix: number;
  readonly count: number;
}

const radix = 4;
const count = 6;

/** A grid of radix^count steps from the least target to the greatest. */
export function targetDigits(targets: readonly number[]): TargetDigits {
  const least = targets.reduce((a, b) => Math.min(a, b));
  const most = targets.reduce((a, b) => Math.max(a, b));
  const steps = radix ** count - 1;
  return { offset: least, step: most / steps - least / steps, radix, count };
}

/** The digits of a target on its grid, the lowest first. */
export function digitsOfTargets({ offset, step }: TargetDigits, target: number): number[] {
  const whole = step === 0 ? 0 : roundHalfEven(target / step - offset / step);
  return Array.from({ length: count }, (_, d) => Math.floor(whole / radix ** d) % radix);
}
