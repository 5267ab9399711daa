/**
 * Reductions over axes.
 */
import { error } from '../../lib/errors.ts';
import { normalizeAxes, reducedShape } from '../broadcast.ts';
import { type ArrayResult, apply, argumentOf, locate, type Operand } from '../record.ts';
import { sizeOf } from '../tensor.ts';
import { divide } from './arithmetic.ts';
import { maximum, minimum } from './elementwise.ts';
import { at, slice } from './indexing.ts';
import { concatenate } from './join.ts';
import { reshape, transpose } from './shape.ts';

/** Over which axes a reduction goes. */
export interface ReduceOptions {
  /** One axis or several; negative ones count from the end. Default: all. */
  readonly axis?: number | readonly number[] | null;
  /** Whether reduced axes stay, with extent 1. Default: false. */
  readonly keepDims?: boolean;
}

/** The sum over axes; 0 for no elements. */
export function sum<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return apply('sum', [x], ({ shape, kind }) => {
    const axes = normalizeAxes('sum', options.axis, shape.length);
    const keepDims = options.keepDims ?? false;
    return { op: 'sum', axes, keepDims, shape: reducedShape(shape, axes, keepDims), kind };
  }) as ArrayResult<X>;
}

/** The arithmetic mean over axes, a float. */
export function mean<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  const total = sum(x, options);
  const { shape } = argumentOf(x, 'mean');
  const axes = normalizeAxes('mean', options.axis, shape.length);
  const count = sizeOf(axes.map((axis) => shape[axis]!));
  return divide(total as Operand, count) as ArrayResult<X>;
}

/** The largest element over axes, by a balanced tree of `maximum`. */
export function max<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return locate(() => tree('max', x, options, maximum));
}

/** The smallest element over axes, by a balanced tree of `minimum`. */
export function min<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return locate(() => tree('min', x, options, minimum));
}

/** Moves the axes to the front as one, then halves it until one element is left. */
function tree<X extends Operand>(
  what: string,
  x: X,
  options: ReduceOptions,
  combine: (a: Operand, b: Operand) => unknown,
): ArrayResult<X> {
  const { shape } = argumentOf(x, what);
  const axes = normalizeAxes(what, options.axis, shape.length);
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  let count = sizeOf(axes.map((axis) => shape[axis]!));
  if (count === 0) {
    throw error('SHAPE_MISMATCH', { what, given: shape, allowed: 'at least one element' });
  }
  const rest = kept.map((axis) => shape[axis]!);
  let level = reshape(transpose(x, [...axes, ...kept]) as Operand, [count, ...rest]) as Operand;
  while (count > 1) {
    const half = Math.floor(count / 2);
    const pairs = combine(
      at(level, slice(0, half)) as Operand,
      at(level, slice(half, 2 * half)) as Operand,
    ) as Operand;
    const odd = at(level, slice(2 * half)) as Operand;
    level = count % 2 === 0 ? pairs : (concatenate([pairs, odd]) as Operand);
    count -= half;
  }
  return reshape(level, reducedShape(shape, axes, options.keepDims ?? false)) as ArrayResult<X>;
}
