/**
 * Arithmetic. Integers stay integers, a float makes a float; `divide` always gives floats.
 */
import { broadcastShapes } from '../broadcast.ts';
import {
  apply,
  applyMap,
  commonKind,
  integersOf,
  locate,
  type Operand,
  type Result,
} from '../record.ts';

/** x + y, element by element with broadcasting. Integers that exceed 2^53 throw OVERFLOW_2_53 when evaluated. */
export function add<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return binary('add', x, y);
}

/** x - y, element by element with broadcasting. */
export function subtract<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return binary('subtract', x, y);
}

/** x * y, element by element with broadcasting. */
export function multiply<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return binary('multiply', x, y);
}

/** -x */
export function negative<X extends Operand>(x: X): Result<X> {
  return apply('negative', [x], ({ shape, kind }) => ({
    op: 'negative',
    shape,
    kind,
  })) as Result<X>;
}

/** x / y as a float. */
export function divide<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return applyMap('divide', [x, y], (a, b) => a / b, 'float') as Result<X | Y>;
}

/** `divide` under numpy's other name. */
export const trueDivide: typeof divide = divide;

/** The largest integer not above x / y, exact for integers. A zero divisor throws NOT_FINITE for integers. */
export function floorDivide<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  const f = (a: number, b: number): number => {
    if (b === 0) return a / b;
    const rest = a % b;
    const towardsZero = Math.round((a - rest) / b);
    return rest !== 0 && rest < 0 !== b < 0 ? towardsZero - 1 : towardsZero;
  };
  return applyMap('floorDivide', [x, y], f, commonKind) as Result<X | Y>;
}

/** The rest of `floorDivide`: it has the sign of y, as numpy's `mod`. A zero divisor throws NOT_FINITE for integers. */
export function remainder<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return applyMap('remainder', [x, y], modulo, commonKind) as Result<X | Y>;
}

/** `remainder` under numpy's other name. */
export const mod: typeof remainder = remainder;

/** The rest of a division that rounds towards 0: it has the sign of x. A zero divisor as in `remainder`. */
export function fmod<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return applyMap('fmod', [x, y], (a, b) => a % b, commonKind) as Result<X | Y>;
}

/** The greatest common divisor, not negative; of 0 and 0 it is 0. Integers only. */
export function gcd<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return ofIntegers('gcd', x, y, commonDivisor);
}

/** The least common multiple, not negative; 0 where either is 0. Integers only; beyond 2^53 OVERFLOW_2_53. */
export function lcm<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return ofIntegers('lcm', x, y, (a, b) =>
    a === 0 || b === 0 ? 0 : Math.abs((a / commonDivisor(a, b)) * b),
  );
}

/**
 * x to the power y. Integers give integers, where y is not negative: a clear negative y makes it a float, a traced
 * one throws NOT_AN_INTEGER when evaluated.
 */
export function power<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return applyMap('power', [x, y], raise, (base, exponent) => {
    if (exponent.tensor?.data.some((value) => value < 0)) return 'float';
    return commonKind(base, exponent);
  }) as Result<X | Y>;
}

/** x to the power y as a float, also of integers. */
export function floatPower<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return applyMap('floatPower', [x, y], raiseFloat, 'float') as Result<X | Y>;
}

/** x * x, as one function of x. */
export function square<X extends Operand>(x: X): Result<X> {
  return applyMap('square', [x], (a) => a * a, commonKind) as Result<X>;
}

function binary<X extends Operand, Y extends Operand>(
  op: 'add' | 'subtract' | 'multiply',
  x: X,
  y: Y,
): Result<X | Y> {
  return apply(op, [x, y], (a, b) => ({
    op,
    shape: broadcastShapes(op, a!.shape, b!.shape),
    kind: commonKind(a!, b!),
  })) as Result<X | Y>;
}

function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function ofIntegers<X extends Operand, Y extends Operand>(
  name: string,
  x: X,
  y: Y,
  f: (a: number, b: number) => number,
): Result<X | Y> {
  return locate(() => {
    integersOf(name, [x, y]);
    return applyMap(name, [x, y], f, 'integer') as Result<X | Y>;
  });
}

/** Euclid's algorithm; `%` is exact for doubles. */
function commonDivisor(a: number, b: number): number {
  let [divisor, rest] = [Math.abs(a), Math.abs(b)];
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  return divisor;
}

/** Powers as IEEE 754 and numpy have them: JavaScript gives NaN for 1 and -1 to an infinite power. */
function raiseFloat(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) return 1;
  return base ** exponent;
}

/** Integer powers by squaring: `**` of V8 is not exact for all integers below 2^53. */
function raise(base: number, exponent: number): number {
  if (!Number.isInteger(base) || !Number.isInteger(exponent)) return raiseFloat(base, exponent);
  if (exponent < 0 || exponent > 1100) return base ** exponent;
  let result = 1;
  for (let factor = base, rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= factor;
    factor *= factor;
  }
  return result;
}
