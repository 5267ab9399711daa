/**
 * Division with a declared rounding, for means.
 */
import { error } from '../../lib/errors.ts';
import { applyMap, type Operand } from '../record.ts';
import { divide, floorDivide } from './arithmetic.ts';

/**
 * What a quotient of integers becomes: the largest integer not above it; the nearest integer, halves to the even
 * neighbour as in `round`; or, with 'none', a float.
 */
export type Rounding = 'floor' | 'nearest' | 'none';

const division: Readonly<Record<Rounding, (x: Operand, count: Operand) => unknown>> = {
  floor: floorDivide,
  nearest: (x, count) => applyMap('divideNearest', [x, count], nearest, 'integer'),
  none: divide,
};

/** x / count, rounded; exact for integers, with `count` from 1. */
export function divideRounded(x: Operand, count: Operand, rounding: Rounding): Operand {
  return division[rounding](x, count) as Operand;
}

/** The rounding asked for; by default, none. @throws BAD_OPTION for an unknown one */
export function roundingOf(what: string, rounding: Rounding = 'none'): Rounding {
  if (Object.hasOwn(division, rounding)) return rounding;
  const allowed = Object.keys(division);
  throw error('BAD_OPTION', { what: `${what}: rounding`, given: rounding, allowed });
}

/** By the remainder: the quotient of large integers as a double may fall on a half that it is not. */
function nearest(x: number, count: number): number {
  const rest = ((x % count) + count) % count;
  const below = Math.round((x - rest) / count);
  if (2 * rest !== count) return 2 * rest < count ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
