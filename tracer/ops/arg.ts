/**
 * Where the largest and the smallest element stand.
 */
import { checkOptions } from '../../lib/options.ts';
import { normalizeAxis, reducedShape } from '../broadcast.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { axesFirst, noElements } from './axes.ts';
import { greaterEqual, lessEqual, logicalAnd } from './compare.ts';
import { arange } from './create.ts';
import { maximum, minimum } from './elementwise.ts';
import { fold } from './fold.ts';
import { broadcastTo, reshape } from './shape.ts';
import { where } from './where.ts';

/** Along which axis `argmax` and `argmin` look. */
export interface ArgOptions {
  /** A negative axis counts from the end. Default: null, all elements in one row. */
  readonly axis?: number | null;
  /** Whether the axis stays, with extent 1. Default: false. */
  readonly keepDims?: boolean;
}

/** The index of the largest element, of equal ones the first. @throws SHAPE_MISMATCH for no elements */
export function argmax<X extends Operand>(x: X, options: ArgOptions = {}): ArrayResult<X> {
  return locate(() => search('argmax', x, options, greaterEqual, maximum)) as ArrayResult<X>;
}

/** The index of the smallest element, of equal ones the first. @throws SHAPE_MISMATCH for no elements */
export function argmin<X extends Operand>(x: X, options: ArgOptions = {}): ArrayResult<X> {
  return locate(() => search('argmin', x, options, lessEqual, minimum)) as ArrayResult<X>;
}

/** A balanced tree of comparisons, each of which chooses between two elements and between their indices. */
function search(
  what: string,
  x: Operand,
  options: ArgOptions,
  isFirst: (a: Operand, b: Operand) => unknown,
  better: (a: Operand, b: Operand) => unknown,
): Operand {
  checkOptions(what, options, ['axis', 'keepDims']);
  const { axis = null, keepDims = false } = options;
  const rank = argumentOf(x, what).shape.length;
  const along = axis === null ? null : normalizeAxis(what, axis, rank);
  const { value, count, rest, axes, shape } = axesFirst(what, x, along);
  if (count === 0) throw noElements(what, shape);
  const column = reshape(arange(count), [count, ...rest.map(() => 1)]);
  // Even the only index of a traced array must be traced.
  const places = count === 1 ? logicalAnd(value, 0) : broadcastTo(column, [count, ...rest]);
  const [, found] = fold([value, places as Operand], count, ([a, i], [b, j]) => {
    return [better(a!, b!), where(isFirst(a!, b!) as Operand, i!, j!)];
  });
  return reshape(found!, reducedShape(shape, axes, keepDims)) as Operand;
}
