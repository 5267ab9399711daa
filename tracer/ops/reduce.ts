/**
 * Reductions over axes.
 */
import { checkOptions } from '../../lib/options.ts';
import { normalizeAxes, reducedShape } from '../broadcast.ts';
import { type ArrayResult, apply, argumentOf, locate, type Operand } from '../record.ts';
import { sizeOf } from '../tensor.ts';
import { add, multiply, subtract } from './arithmetic.ts';
import { axesFirst, noElements } from './axes.ts';
import { equal, greater } from './compare.ts';
import { maximum, minimum } from './elementwise.ts';
import { fold } from './fold.ts';
import { at } from './indexing.ts';
import { stack } from './join.ts';
import { divideRounded, type Rounding, roundingOf } from './rounding.ts';
import { reshape } from './shape.ts';
import { slice } from './slice.ts';
import { truthOf } from './where.ts';

/** Over which axes a reduction goes. */
export interface ReduceOptions {
  /** One axis or several; negative ones count from the end. Default: all. */
  readonly axis?: number | readonly number[] | null;
  /** Whether reduced axes stay, with extent 1. Default: false. */
  readonly keepDims?: boolean;
}

/** How `mean` works. */
export interface MeanOptions extends ReduceOptions {
  /** What the quotient becomes: an integer, or with 'none', the default, a float. */
  readonly rounding?: Rounding;
}

const names = ['axis', 'keepDims'];

/** Most truth values that are counted in one sum: what reads it is then a lookup of 8 bits at most. */
const COUNTED = 255;

/** The sum over axes; 0 for no elements. */
export function sum<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return apply('sum', [x], ({ shape, kind }) => {
    checkOptions('sum', options, names);
    const axes = normalizeAxes('sum', options.axis, shape.length);
    const keepDims = options.keepDims ?? false;
    return { op: 'sum', axes, keepDims, shape: reducedShape(shape, axes, keepDims), kind };
  }) as ArrayResult<X>;
}

/**
 * The arithmetic mean over axes: a float, or an integer as `rounding` says.
 *
 * @throws BAD_OPTION for an unknown rounding; SHAPE_MISMATCH for no elements, but of clear ones it is NaN without one
 */
export function mean<X extends Operand>(x: X, options: MeanOptions = {}): ArrayResult<X> {
  return locate(() => {
    checkOptions('mean', options, [...names, 'rounding']);
    const { rounding: asked, ...over } = options;
    const rounding = roundingOf('mean', asked);
    const total = sum(x, over) as Operand;
    const { shape, traced } = argumentOf(x, 'mean');
    const axes = normalizeAxes('mean', options.axis, shape.length);
    const count = sizeOf(axes.map((axis) => shape[axis]!));
    if (count === 0 && (traced || rounding !== 'none')) throw noElements('mean', shape);
    return divideRounded(total, count, rounding);
  }) as ArrayResult<X>;
}

/** The product over axes, by a balanced tree of `multiply`; 1 for no elements. */
export function prod<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return locate(() => {
    checkOptions('prod', options, names);
    const { shape } = argumentOf(x, 'prod');
    const axes = normalizeAxes('prod', options.axis, shape.length);
    if (axes.some((axis) => shape[axis] === 0)) return add(sum(x, options) as Operand, 1);
    return tree('prod', x, options, multiply);
  }) as ArrayResult<X>;
}

/** The largest element over axes, by a balanced tree of `maximum`. @throws SHAPE_MISMATCH for no elements */
export function max<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return locate(() => tree('max', x, options, maximum)) as ArrayResult<X>;
}

/** The smallest element over axes, by a balanced tree of `minimum`. @throws SHAPE_MISMATCH for no elements */
export function min<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return locate(() => tree('min', x, options, minimum)) as ArrayResult<X>;
}

/** The largest element minus the smallest. @throws SHAPE_MISMATCH for no elements */
export function ptp<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return locate(() => {
    const [most, least] = [tree('ptp', x, options, maximum), tree('ptp', x, options, minimum)];
    return subtract(most, least);
  }) as ArrayResult<X>;
}

/** How many elements over axes are not 0. */
export function countNonzero<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return locate(() => {
    checkOptions('countNonzero', options, names);
    return sum(truthOf(x), options);
  }) as ArrayResult<X>;
}

/** 1 where any element over axes is not 0, else 0: a sum of truth values, compared. 0 for no elements. */
export function any<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return locate(() => decide('any', x, options, (count) => greater(count, 0)));
}

/** 1 where all elements over axes are not 0, else 0: a sum of truth values, compared. 1 for no elements. */
export function all<X extends Operand>(x: X, options: ReduceOptions = {}): ArrayResult<X> {
  return locate(() => decide('all', x, options, equal));
}

function tree(
  what: string,
  x: Operand,
  options: ReduceOptions,
  combine: (a: Operand, b: Operand) => unknown,
): Operand {
  checkOptions(what, options, names);
  const { value, count, axes, shape } = axesFirst(what, x, options.axis);
  if (count === 0) throw noElements(what, shape);
  const [result] = fold([value], count, ([a], [b]) => [combine(a!, b!)]);
  return reshape(result!, reducedShape(shape, axes, options.keepDims ?? false)) as Operand;
}

/** @param compare says what follows from how many of `of` values are true */
function decide<X extends Operand>(
  what: string,
  x: X,
  options: ReduceOptions,
  compare: (count: Operand, of: number) => unknown,
): ArrayResult<X> {
  checkOptions(what, options, names);
  const gathered = axesFirst(what, x, options.axis);
  let { count } = gathered;
  let truths = truthOf(gathered.value);
  const over = (part: Operand, of: number): Operand =>
    compare(sum(part, { axis: 0 }) as Operand, of) as Operand;
  while (count > COUNTED) {
    const parts: Operand[] = [];
    for (let start = 0; start < count; start += COUNTED) {
      const stop = Math.min(count, start + COUNTED);
      parts.push(over(at(truths, slice(start, stop)) as Operand, stop - start));
    }
    truths = stack(parts) as Operand;
    count = parts.length;
  }
  const { shape, axes } = gathered;
  const result = reducedShape(shape, axes, options.keepDims ?? false);
  return reshape(over(truths, count), result) as ArrayResult<X>;
}
