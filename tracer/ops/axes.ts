/**
 * Bringing the axes that a function works along to one end, as a single axis.
 */
import { type BlindfitError, error } from '../../lib/errors.ts';
import { normalizeAxes } from '../broadcast.ts';
import { argumentOf, type Operand } from '../record.ts';
import { sizeOf } from '../tensor.ts';
import { reshape, transpose } from './shape.ts';

/** An array whose chosen axes are one, the first or the last. */
export interface Gathered {
  readonly value: Operand;
  /** Elements along that one axis. */
  readonly count: number;
  /** The extents of all other axes, in their order. */
  readonly rest: readonly number[];
  /** The chosen axes of the original array, ascending. */
  readonly axes: readonly number[];
  /** The shape of the original array. */
  readonly shape: readonly number[];
}

/** `axes` of x as one first axis; null is all of them. @throws as `normalizeAxes` */
export function axesFirst(
  what: string,
  x: Operand,
  axis: number | readonly number[] | null | undefined,
): Gathered {
  const gathered = sortAxes(what, x, axis);
  const { axes, kept, count, rest } = gathered;
  return { ...gathered, value: together(x, [...axes, ...kept], [count, ...rest]) };
}

/** `axes` of x as one last axis; null is all of them. @throws as `normalizeAxes` */
export function axesLast(
  what: string,
  x: Operand,
  axis: number | readonly number[] | null | undefined,
): Gathered {
  const gathered = sortAxes(what, x, axis);
  const { axes, kept, count, rest } = gathered;
  return { ...gathered, value: together(x, [...kept, ...axes], [...rest, count]) };
}

/** The error of a reduction that has no value for no elements. */
export function noElements(what: string, shape: readonly number[]): BlindfitError {
  const allowed = 'at least one element';
  const remedy = 'reduce over axes that have elements, or concatenate a value first';
  return error('SHAPE_MISMATCH', { what, given: shape, allowed, remedy });
}

function sortAxes(
  what: string,
  x: Operand,
  axis: number | readonly number[] | null | undefined,
): Omit<Gathered, 'value'> & { readonly kept: readonly number[] } {
  const { shape } = argumentOf(x, what);
  const axes = normalizeAxes(what, axis, shape.length);
  const kept = shape.map((_, at) => at).filter((at) => !axes.includes(at));
  const count = sizeOf(axes.map((at) => shape[at]!));
  return { count, rest: kept.map((at) => shape[at]!), axes, kept, shape };
}

function together(x: Operand, order: readonly number[], shape: readonly number[]): Operand {
  return reshape(transpose(x, order) as Operand, shape) as Operand;
}
