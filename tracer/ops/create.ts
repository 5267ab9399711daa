/**
 * Clear arrays to start from. They are never recorded: they become constants where they meet a traced value.
 */
import { error } from '../../lib/errors.ts';
import {
  type ArrayResult,
  argumentOf,
  Handle,
  locate,
  type Operand,
  type Result,
} from '../record.ts';
import { type ArrayLike, type ClearArray, fromTensor, sizeOf, toTensor } from '../tensor.ts';
import { broadcastTo, checkShape } from './shape.ts';

/** An array of one value, which may be traced, or an array that broadcasts to the shape; [] gives a number. */
export function full<X extends Operand>(
  shape: number | readonly number[],
  value: X,
): ArrayResult<X> {
  return filled('full', shape, value);
}

/** An array of zeros. */
export function zeros(shape: number | readonly number[]): ClearArray {
  return filled('zeros', shape, 0);
}

/** An array of ones. */
export function ones(shape: number | readonly number[]): ClearArray {
  return filled('ones', shape, 1);
}

/** A matrix with ones on diagonal number `k` (0 the main one, 1 above it, -1 below) and zeros elsewhere. */
export function eye(rows: number, columns: number = rows, k = 0): ClearArray {
  return matrix('eye', rows, columns, (row, column) => column - row === k);
}

/** A matrix with ones on diagonal number `k` and below, and zeros above it. */
export function tri(rows: number, columns: number = rows, k = 0): ClearArray {
  return matrix('tri', rows, columns, (row, column) => column - row <= k);
}

/** Zeros of the shape of x, which may be traced. */
export function zerosLike(x: Operand): ClearArray {
  return filled('zerosLike', locate(() => argumentOf(x, 'zerosLike')).shape, 0);
}

/** Ones of the shape of x, which may be traced. */
export function onesLike(x: Operand): ClearArray {
  return filled('onesLike', locate(() => argumentOf(x, 'onesLike')).shape, 1);
}

/** Any clear array as an `ndarray`, or as a number for rank 0; a copy. */
export function constant(value: ArrayLike): ClearArray {
  const { shape, data } = toTensor(value);
  return fromTensor({ shape, data: data.slice() });
}

/** x itself where it is traced, as nothing changes it; a clear array copied, as `constant`. */
export function copy<X extends Operand>(x: X): Result<X> {
  return (x instanceof Handle ? x : constant(x as ArrayLike)) as Result<X>;
}

/** `copy` under the name of a function that does nothing; not numpy's `identity`, which is a matrix. */
export const identity: typeof copy = copy;

/** +x, which is x. */
export const positive: typeof copy = copy;

/**
 * The integers (or steps) from `start` to before `stop`. One argument is the stop.
 *
 * @throws BAD_OPTION for what is no finite number, or a step of 0
 */
export function arange(start: number, stop?: number, step = 1): ClearArray {
  return locate(() => {
    const [from, to] = stop === undefined ? [0, start] : [start, stop];
    if (![from, to, step].every(Number.isFinite) || step === 0) {
      const given = `${from} to ${to} by ${step}`;
      throw error('BAD_OPTION', { what: 'arange', given, allowed: 'finite numbers, no step of 0' });
    }
    const count = Math.max(0, Math.ceil((to - from) / step));
    const data = Float64Array.from({ length: count }, (_, i) => from + i * step);
    return fromTensor({ shape: [count], data });
  });
}

function filled<X extends Operand>(
  what: string,
  shape: number | readonly number[],
  value: X,
): ArrayResult<X> {
  return locate(() => {
    const extents = typeof shape === 'number' ? [shape] : shape;
    checkShape(what, extents);
    return broadcastTo(value, extents);
  });
}

function matrix(
  what: string,
  rows: number,
  columns: number,
  isOne: (row: number, column: number) => boolean,
): ClearArray {
  const shape = [rows, columns];
  locate(() => checkShape(what, shape));
  const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
    isOne(Math.floor(i / columns), i % columns) ? 1 : 0,
  );
  return fromTensor({ shape, data });
}
