/**
 * Order: sorted arrays and medians.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import { normalizeAxis, reducedShape } from '../broadcast.ts';
import { type ArrayResult, apply, argumentOf, locate, type Operand } from '../record.ts';
import { add } from './arithmetic.ts';
import { axesLast, noElements } from './axes.ts';
import { at } from './indexing.ts';
import { ellipsis } from './indices.ts';
import type { ReduceOptions } from './reduce.ts';
import { moveaxis } from './reorder.ts';
import { divideRounded, type Rounding, roundingOf } from './rounding.ts';
import { flatten, reshape } from './shape.ts';

/** Along which axis `sort` works. */
export interface SortOptions {
  /** A negative axis counts from the end; null sorts all elements in one row. Default: -1. */
  readonly axis?: number | null;
}

/** How `median` works. */
export interface MedianOptions extends ReduceOptions {
  /** What the mean of the two middle elements of an even number becomes. Default: 'none'. */
  readonly rounding?: Rounding;
}

/**
 * The elements in ascending order along an axis.
 *
 * @throws NOT_AN_INTEGER for traced floats; INDEX_OUT_OF_RANGE for an axis that is not there
 */
export function sort<X extends Operand>(x: X, options: SortOptions = {}): ArrayResult<X> {
  return locate(() => {
    checkOptions('sort', options, ['axis']);
    const { axis = -1 } = options;
    if (axis === null) return sortLast('sort', flatten(x) as Operand);
    const at = normalizeAxis('sort', axis, argumentOf(x, 'sort').shape.length);
    return moveaxis(sortLast('sort', moveaxis(x, at, -1) as Operand), -1, at);
  }) as ArrayResult<X>;
}

/**
 * The middle element over axes; of an even number, the mean of the two middle ones, which is a float unless
 * `rounding` says otherwise. Of an odd number it is an integer where x is.
 *
 * @throws SHAPE_MISMATCH for no elements; NOT_AN_INTEGER for traced floats; BAD_OPTION
 */
export function median<X extends Operand>(x: X, options: MedianOptions = {}): ArrayResult<X> {
  return locate(() => {
    checkOptions('median', options, ['axis', 'keepDims', 'rounding']);
    const rounding = roundingOf('median', options.rounding);
    const { value, count, axes, shape } = axesLast('median', x, options.axis);
    if (count === 0) throw noElements('median', shape);
    const ordered = sortLast('median', value) as Operand;
    const half = Math.floor(count / 2);
    const upper = at(ordered, ellipsis, half) as Operand;
    const both = (): Operand => add(at(ordered, ellipsis, half - 1) as Operand, upper) as Operand;
    const middle = count % 2 === 1 ? upper : divideRounded(both(), 2, rounding);
    return reshape(middle, reducedShape(shape, axes, options.keepDims ?? false));
  }) as ArrayResult<X>;
}

function sortLast(what: string, x: Operand): Operand {
  return apply('sort', [x], ({ shape, kind, traced }) => {
    if (traced && kind === 'float') {
      const remedy = 'round it, or call toInteger(), before it is sorted';
      throw error('NOT_AN_INTEGER', { what, given: 'a float', remedy });
    }
    return { op: 'sort', shape, kind };
  }) as Operand;
}
