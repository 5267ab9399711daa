/**
 * Penalties of linear models: alpha (r |w|_1 + (1 - r) / 2 |w|^2), where r is the share of the l1 part.
 */
import { custom, type Parameter } from '../parameters.ts';

/** The parameter r, 0 to 1. */
export function l1Share(initial: number): Parameter<number> {
  return custom(
    initial,
    'a number in [0, 1]',
    (value) => typeof value === 'number' && value >= 0 && value <= 1,
  );
}

/** The minimum of 1/2 (w - value)^2 + threshold |w|. */
export function softThreshold(value: number, threshold: number): number {
  if (value > threshold) return value - threshold;
  return value < -threshold ? value + threshold : 0;
}
