/**
 * How far values spread: variance and standard deviation.
 */
import { checkOptions } from '../../lib/options.ts';
import { normalizeAxes } from '../broadcast.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { sizeOf } from '../tensor.ts';
import { divide, multiply, square, subtract } from './arithmetic.ts';
import { noElements } from './axes.ts';
import { relu } from './elementwise.ts';
import { sqrt } from './float.ts';
import { mean, type ReduceOptions, sum } from './reduce.ts';

/** How `variance` and `std` work. */
export interface MomentOptions extends ReduceOptions {
  /** What is taken from the number of elements before it divides: 1 for a sample. Default: 0. */
  readonly ddof?: number;
}

/**
 * The mean of the squared distances from the mean over axes, as a float: numpy's `var`, which is a word of JavaScript. As a
 * method, `x.var()`. Of integers it is one function of an exact integer, n * sum(x^2) - sum(x)^2, so its bits grow by
 * twice those of the sum.
 *
 * @throws SHAPE_MISMATCH for no elements; BAD_OPTION
 */
export function variance<X extends Operand>(x: X, options: MomentOptions = {}): ArrayResult<X> {
  return locate(() => spread('variance', x, options)) as ArrayResult<X>;
}

/** The square root of `variance`, and the same errors. */
export function std<X extends Operand>(x: X, options: MomentOptions = {}): ArrayResult<X> {
  return locate(() => sqrt(spread('std', x, options))) as ArrayResult<X>;
}

function spread(what: string, x: Operand, options: MomentOptions): Operand {
  checkOptions(what, options, ['axis', 'keepDims', 'ddof']);
  const { ddof = 0, ...over } = options;
  const { shape, kind } = argumentOf(x, what);
  const axes = normalizeAxes(what, over.axis, shape.length);
  const count = sizeOf(axes.map((axis) => shape[axis]!));
  if (count === 0) throw noElements(what, shape);
  if (kind === 'float') {
    const centre = mean(x, { axis: axes, keepDims: true }) as Operand;
    const squares = square(subtract(x, centre) as Operand) as Operand;
    return divide(sum(squares, over) as Operand, Math.max(0, count - ddof)) as Operand;
  }
  const squares = multiply(sum(square(x) as Operand, over) as Operand, count) as Operand;
  const numerator = subtract(squares, square(sum(x, over) as Operand) as Operand) as Operand;
  // It is never negative, which its range does not show.
  return divide(relu(numerator), count * Math.max(0, count - ddof)) as Operand;
}
