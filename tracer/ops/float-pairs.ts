/**
 * Functions of two real numbers. Their results are floats, as those of `float.ts`.
 */
import { applyMap, integersOf, locate, type Operand, type Result } from '../record.ts';

/** The length of the vector (x, y): sqrt(x^2 + y^2). */
export const hypot: Binary = binary('hypot', Math.hypot);
/** The angle of the point (y, x) in radians, from -pi to pi: the ordinate comes first. */
export const arctan2: Binary = binary('arctan2', Math.atan2);
/** log(exp(x) + exp(y)), without overflow on the way. */
export const logaddexp: Binary = binary('logaddexp', (a, b) =>
  a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))),
);
/** log2(2^x + 2^y), without overflow on the way. */
export const logaddexp2: Binary = binary('logaddexp2', (a, b) =>
  a === b ? a + 1 : Math.max(a, b) + Math.LOG2E * Math.log1p(2 ** -Math.abs(a - b)),
);
/** The double next to x on the way to y; y itself where they are equal. */
export const nextafter: Binary = binary('nextafter', next);

/** x * 2^y for an integer y, as a float. `leftShift` gives integers. @throws NOT_AN_INTEGER for a float y */
export function ldexp<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return locate(() => {
    integersOf('ldexp: exponent', [y]);
    return applyMap('ldexp', [x, y], scale, 'float') as Result<X | Y>;
  });
}

/** An element-wise function of two arrays, which broadcast. */
export type Binary = <X extends Operand, Y extends Operand>(x: X, y: Y) => Result<X | Y>;

function binary(name: string, f: (a: number, b: number) => number): Binary {
  return <X extends Operand, Y extends Operand>(x: X, y: Y) =>
    applyMap(name, [x, y], f, 'float') as Result<X | Y>;
}

/** How far the next double is, away from 0 and with the sign of x; NaN where x is not finite. */
export function distanceToNext(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  return next(x, x < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) - x;
}

/** Doubles of one sign are in the order of their bits read as integers. */
function next(x: number, to: number): number {
  if (Number.isNaN(x) || Number.isNaN(to)) return Number.NaN;
  if (x === to) return to;
  if (x === 0) return to > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const value = Float64Array.of(x);
  const bits = new BigInt64Array(value.buffer);
  bits[0] = bits[0]! + (x < to === x > 0 ? 1n : -1n);
  return value[0]!;
}

/** 2^by can be too large or too small for a double where x * 2^by is not: by steps that lose nothing. */
function scale(x: number, by: number): number {
  let [result, rest] = [x, by];
  for (let step = 0; rest > 1023 && step < 2; step++, rest -= 1023) result *= 2 ** 1023;
  for (let step = 0; rest < -1022 && step < 2; step++, rest += 969) result *= 2 ** -969;
  return result * 2 ** Math.max(-1022, Math.min(1023, rest));
}
