/**
 * Bits of integers. A negative number has infinitely many leading ones (two's complement without a width), as in Python:
 * results are exact for all integers up to 2^53, not for 32 bits as JavaScript's operators.
 */
import { type BlindfitError, error } from '../../lib/errors.ts';
import { isBoolean, markBoolean } from '../booleans.ts';
import type { KnownFunctionName } from '../graph.ts';
import { applyMap, integersOf, locate, type Operand, type Result } from '../record.ts';
import { multiply, subtract } from './arithmetic.ts';
import { isSlice, printSlice, type Slice } from './slice.ts';

/** Bits that are 1 in both, element by element with broadcasting. For comparisons: whether both hold. */
export function bitwiseAnd<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return bitwise('bitwiseAnd', x, y, (a, b) => a & b);
}

/** Bits that are 1 in at least one. For comparisons: whether one holds. */
export function bitwiseOr<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return bitwise('bitwiseOr', x, y, (a, b) => a | b);
}

/** Bits that are 1 in exactly one. For comparisons: whether exactly one holds. */
export function bitwiseXor<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return bitwise('bitwiseXor', x, y, (a, b) => a ^ b);
}

/** All bits turned over: -1 - x. The opposite of a comparison is `logicalNot`. */
export function invert<X extends Operand>(x: X): Result<X> {
  return locate(() => {
    integersOf('invert', [x]);
    return subtract<number, X>(-1, x) as Result<X>;
  });
}

/**
 * x * 2^y, element by element with broadcasting. By a clear y it is a product, which costs next to nothing.
 *
 * @throws OUT_OF_RANGE for a negative y; OVERFLOW_2_53
 */
export function leftShift<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return locate(() => {
    const [, count] = integersOf('leftShift', [x, y]);
    const { tensor } = count!;
    if (tensor?.data.every((by) => by >= 0 && by < 53)) {
      const factor = { shape: tensor.shape, data: tensor.data.map((by) => 2 ** by) };
      return multiply(x, factor) as Result<X | Y>;
    }
    return shift('leftShift', x, y, (a, by) => (a === 0 ? 0 : a * 2 ** by));
  });
}

/**
 * The largest integer not above x / 2^y, element by element with broadcasting.
 *
 * @throws OUT_OF_RANGE for a negative y
 */
export function rightShift<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return locate(() => {
    return shift('rightShift', x, y, shiftDown);
  });
}

/**
 * Bit i of x, or the number that the bits of a slice make: `bits(x, 0)` is 1 for odd x, `bits(x, slice(2, 5))` is
 * (x >> 2) mod 8, `bits(x, slice(3, null, -1))` the lowest four in reverse. Bits count from the lowest, 0. Negative
 * numbers have leading ones without end, so only `slice(i)`, which is x >> i, may leave its end open.
 *
 * @throws BAD_OPTION for a negative bit, or a slice that has no end or more than 53 bits; NOT_AN_INTEGER for floats
 */
export function bits<X extends Operand>(x: X, which: number | Slice): Result<X> {
  return locate(() => {
    integersOf('bits', [x]);
    if (typeof which === 'number') return markBoolean(field(x, bitAt(which), 1), 'bit');
    if (!isSlice(which)) throw badBits(which, 'a bit, or a slice of bits');
    const [start, stop, step] = which.slice;
    if (stop === null && step > 0) {
      if (step === 1) return rightShift<X, number>(x, bitAt(start ?? 0)) as Result<X>;
      throw badBits(printSlice(which), 'a slice with an end: negative numbers have no first one');
    }
    if (start === null && step < 0) {
      throw badBits(printSlice(which), 'a slice with a start, as slice(3, null, -1)');
    }
    const from = bitAt(start ?? 0);
    const count = Math.max(0, Math.ceil(((stop === null ? -1 : bitAt(stop)) - from) / step));
    if (count > 53) throw badBits(printSlice(which), 'at most 53 bits');
    if (step === 1 && count > 0) return field(x, from, count);
    const collect = (a: number): number => {
      let result = 0;
      for (let k = 0; k < count; k++) {
        result += (shiftDown(a, from + k * step) & 1) * 2 ** k;
      }
      return result;
    };
    const details = { parameters: printSlice(which) };
    return applyMap('bits', [x], collect, 'integer', details) as Result<X>;
  });
}

/** Powers of two up to 2^53 from a table: `**` takes longer than all the rest. */
const POWERS: Float64Array = Float64Array.from({ length: 54 }, (_, by) => 2 ** by);

/** The largest integer not above a / 2^by; a division by more than doubles can hold leaves the sign. */
function shiftDown(a: number, by: number): number {
  if (by > 53) return a < 0 ? -1 : 0;
  return Math.floor(a / POWERS[by]!);
}

/** Half of the digits of a 54-bit number: two halves are 32-bit integers, for which `f` is exact. */
const HALF = 2 ** 27;

function bitwise<X extends Operand, Y extends Operand>(
  name: KnownFunctionName,
  x: X,
  y: Y,
  f: (a: number, b: number) => number,
): Result<X | Y> {
  return locate(() => {
    const decided = integersOf(name, [x, y]).every(isBoolean);
    const whole = (a: number, b: number): number => {
      if (a === (a | 0) && b === (b | 0)) return f(a, b);
      const [high, other] = [Math.floor(a / HALF), Math.floor(b / HALF)];
      return f(high, other) * HALF + f(a - high * HALF, b - other * HALF);
    };
    const result = applyMap(name, [x, y], whole, 'integer', { known: { function: name } });
    return (decided ? markBoolean(result, 'condition') : result) as Result<X | Y>;
  });
}

function shift<X extends Operand, Y extends Operand>(
  name: KnownFunctionName,
  x: X,
  y: Y,
  f: (a: number, by: number) => number,
): Result<X | Y> {
  const [, count] = integersOf(name, [x, y]);
  const negative = count!.tensor?.data.find((by) => by < 0);
  if (negative !== undefined) throw badShift(name, negative);
  const checked = (a: number, by: number): number => {
    if (by < 0) throw badShift(`${name}(${a}, ${by})`, by);
    return f(a, by);
  };
  return applyMap(name, [x, y], checked, 'integer', { known: { function: name } }) as Result<X | Y>;
}

function badShift(what: string, given: number): BlindfitError {
  const remedy = 'clip it, or shift the other way';
  return error('OUT_OF_RANGE', { what, given, allowed: 'a shift of 0 or more', remedy });
}

/** The `count` bits of x from bit `from` on, as steps that a compiler knows. */
function field<X extends Operand>(x: X, from: number, count: number): Result<X> {
  const shifted = from === 0 ? x : (rightShift<X, number>(x, from) as Operand);
  return bitwiseAnd(shifted, 2 ** count - 1) as Result<X>;
}

function bitAt(position: number): number {
  if (Number.isInteger(position) && position >= 0) return position;
  throw badBits(position, 'bits counted from 0, the lowest');
}

function badBits(given: unknown, allowed: string): BlindfitError {
  return error('BAD_OPTION', { what: 'bits', given, allowed });
}
