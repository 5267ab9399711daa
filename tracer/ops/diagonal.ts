/**
 * Diagonals and triangles of matrices.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import { gather, normalizeAxis } from '../broadcast.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { sizeOf, stridesOf } from '../tensor.ts';
import { type Moves, range, rearrange } from './move.ts';
import { sum } from './reduce.ts';

/** Which diagonal, of which matrices. */
export interface DiagonalOptions {
  /** 0, the default, is the main one, 1 the one above it, -1 the one below. */
  readonly offset?: number;
  /** The axis of rows. Default: 0. */
  readonly axis1?: number;
  /** The axis of columns. Default: 1. */
  readonly axis2?: number;
}

/**
 * The diagonal of a matrix; or, for rank 1, the square matrix with x as its diagonal number `k` and zeros elsewhere.
 *
 * @throws SHAPE_MISMATCH unless the rank is 1 or 2; NOT_AN_INTEGER for k
 */
export function diag<X extends Operand>(x: X, k = 0): ArrayResult<X> {
  return locate(() => {
    const { shape } = argumentOf(x, 'diag');
    if (shape.length === 2) return diagonal(x, { offset: k });
    if (shape.length !== 1) {
      throw error('SHAPE_MISMATCH', { what: 'diag', given: shape, allowed: 'rank 1 or 2' });
    }
    checkOffset('diag', k);
    const [extent] = shape as [number];
    const size = extent + Math.abs(k);
    const index = range(size * size).map((at) => {
      const [row, column] = [Math.floor(at / size), at % size];
      return column - row === k ? Math.min(row, column) : -1;
    });
    return rearrange('diag', x, () => ({ shape: [size, size], index, parameters: `k=${k}` }));
  }) as ArrayResult<X>;
}

/**
 * The diagonals of the matrices along two axes, as a last axis of the result.
 *
 * @throws SHAPE_MISMATCH for rank below 2; INDEX_OUT_OF_RANGE; BAD_OPTION for one axis named twice
 */
export function diagonal<X extends Operand>(x: X, options: DiagonalOptions = {}): ArrayResult<X> {
  return rearrange('diagonal', x, (shape) => diagonalOf('diagonal', shape, options));
}

/** The sums of the diagonals of `diagonal`: numpy's `trace`, a name that is taken here. As a method, `x.trace()`. */
export function matrixTrace<X extends Operand>(
  x: X,
  options: DiagonalOptions = {},
): ArrayResult<X> {
  return sum(diagonal(x, options) as Operand, { axis: -1 }) as ArrayResult<X>;
}

/** The lower triangles of matrices: zeros above diagonal number `k` of the last two axes. Rank 1 counts as each row. */
export function tril<X extends Operand>(x: X, k = 0): ArrayResult<X> {
  return triangle('tril', x, k, (row, column) => column - row <= k);
}

/** The upper triangles of matrices: zeros below diagonal number `k` of the last two axes. Rank 1 counts as each row. */
export function triu<X extends Operand>(x: X, k = 0): ArrayResult<X> {
  return triangle('triu', x, k, (row, column) => column - row >= k);
}

function diagonalOf(what: string, shape: readonly number[], options: DiagonalOptions): Moves {
  checkOptions(what, options, ['offset', 'axis1', 'axis2']);
  const { offset = 0, axis1 = 0, axis2 = 1 } = options;
  checkOffset(what, offset);
  if (shape.length < 2) {
    throw error('SHAPE_MISMATCH', { what, given: shape, allowed: 'rank 2 or more' });
  }
  const row = normalizeAxis(what, axis1, shape.length);
  const column = normalizeAxis(what, axis2, shape.length);
  if (row === column) {
    throw error('BAD_OPTION', { what: `${what}: axis2`, given: axis2, allowed: 'another axis' });
  }
  const strides = stridesOf(shape);
  const others = shape.map((_, axis) => axis).filter((axis) => axis !== row && axis !== column);
  const start = Math.max(0, -offset) * strides[row]! + Math.max(0, offset) * strides[column]!;
  const count = Math.min(shape[row]! - Math.max(0, -offset), shape[column]! - Math.max(0, offset));
  const target = [...others.map((axis) => shape[axis]!), Math.max(0, count)];
  const walked = [...others.map((axis) => strides[axis]!), strides[row]! + strides[column]!];
  const parameters = `offset=${offset}, axes=[${row}, ${column}]`;
  return { shape: target, index: gather(target, walked, start), parameters };
}

function triangle<X extends Operand>(
  name: string,
  x: X,
  k: number,
  inside: (row: number, column: number) => boolean,
): ArrayResult<X> {
  return rearrange(name, x, (shape) => {
    checkOffset(name, k);
    if (shape.length === 0) {
      throw error('SHAPE_MISMATCH', { what: name, given: shape, allowed: 'rank 1 or more' });
    }
    const columns = shape.at(-1)!;
    const target = shape.length === 1 ? [columns, columns] : shape;
    const rows = target.at(-2)!;
    const index = range(sizeOf(target)).map((at) => {
      const column = at % columns;
      if (!inside(Math.floor(at / columns) % rows, column)) return -1;
      return shape.length === 1 ? column : at;
    });
    return { shape: target, index, parameters: `k=${k}` };
  }) as ArrayResult<X>;
}

function checkOffset(what: string, offset: number): void {
  if (!Number.isSafeInteger(offset)) {
    throw error('NOT_AN_INTEGER', { what: `${what}: offset`, given: offset });
  }
}
