/**
 * Matrix products.
 */
import { error } from '../../lib/errors.ts';
import { matmulShape, TRANSPOSE } from '../broadcast.ts';
import {
  type ArrayResult,
  apply,
  argumentOf,
  commonKind,
  locate,
  type Operand,
} from '../record.ts';
import { sizeOf } from '../tensor.ts';
import { multiply } from './arithmetic.ts';
import { expandDims, flatten, reshape, transpose } from './shape.ts';

/**
 * numpy's matmul: [.., n, k] times [.., k, m] gives [.., n, m], leading axes broadcast; rank 1 is a row on the left
 * and a column on the right, and that axis goes from the result.
 *
 * @throws SHAPE_MISMATCH for rank 0 and for inner extents that differ
 */
export function matmul<X extends Operand, Y extends Operand>(x: X, y: Y): ArrayResult<X | Y> {
  return apply('matmul', [x, y], (a, b) => ({
    op: 'matmul',
    shape: matmulShape(a!.shape, b!.shape).shape,
    kind: commonKind(a!, b!),
  })) as ArrayResult<X | Y>;
}

/**
 * numpy's dot: a scalar multiplies; otherwise the last axis of x meets the last but one of y (the only one, for
 * rank 1), and the other axes of x come before those of y.
 *
 * @throws SHAPE_MISMATCH for extents that differ
 */
export function dot<X extends Operand, Y extends Operand>(x: X, y: Y): ArrayResult<X | Y> {
  return locate(() => {
    const [a, b] = [argumentOf(x, 'dot').shape, argumentOf(y, 'dot').shape];
    if (a.length === 0 || b.length === 0) return multiply(x, y);
    const inner = Math.max(0, b.length - 2);
    if (a.at(-1) !== b[inner]) {
      const given = `[${a.join(', ')}] and [${b.join(', ')}]`;
      const allowed = 'the last extent of the first equal to the last but one of the second';
      throw error('SHAPE_MISMATCH', { what: 'dot', given, allowed, remedy: TRANSPOSE });
    }
    if (b.length <= 2) return matmul(x, y);
    const others = b.map((_, axis) => axis).filter((axis) => axis !== inner);
    const columns = others.map((axis) => b[axis]!);
    const order = transpose(y, [inner, ...others]) as Operand;
    const right = reshape(order, [b[inner]!, sizeOf(columns)]) as Operand;
    return reshape(matmul(x, right) as Operand, [...a.slice(0, -1), ...columns]);
  }) as ArrayResult<X | Y>;
}

/**
 * The sums of products over the last axes: the other axes of x come before those of y. A scalar multiplies.
 *
 * @throws SHAPE_MISMATCH for last extents that differ
 */
export function inner<X extends Operand, Y extends Operand>(x: X, y: Y): ArrayResult<X | Y> {
  return locate(() => {
    const [a, b] = [argumentOf(x, 'inner').shape, argumentOf(y, 'inner').shape];
    if (a.length === 0 || b.length === 0) return multiply(x, y);
    if (a.at(-1) !== b.at(-1)) {
      const given = `[${a.join(', ')}] and [${b.join(', ')}]`;
      const allowed = 'equal last extents';
      throw error('SHAPE_MISMATCH', { what: 'inner', given, allowed, remedy: TRANSPOSE });
    }
    const others = b.slice(0, -1);
    const rows = reshape(y, [sizeOf(others), b.at(-1)!]) as Operand;
    const product = matmul(x, transpose(rows) as Operand) as Operand;
    return reshape(product, [...a.slice(0, -1), ...others]);
  }) as ArrayResult<X | Y>;
}

/** The products of each element of x with each of y, both in one row: [size of x, size of y]. */
export function outer<X extends Operand, Y extends Operand>(x: X, y: Y): ArrayResult<X | Y> {
  return locate(() => {
    const column = expandDims(flatten(x) as Operand, 1) as Operand;
    return multiply(column, flatten(y) as Operand);
  }) as ArrayResult<X | Y>;
}
