/**
 * Functions that put the elements or the axes of one array in another order.
 */
import { error } from '../../lib/errors.ts';
import { normalizeAxes, normalizeAxis } from '../broadcast.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { cross, range, rearrange } from './move.ts';
import { flatten, reshape, transpose } from './shape.ts';

/** The elements in reverse along one axis or several; null, the default, is all of them. */
export function flip<X extends Operand>(
  x: X,
  axis: number | readonly number[] | null = null,
): ArrayResult<X> {
  return reverse('flip', x, axis);
}

/** The elements in reverse along axis 0. */
export function flipud<X extends Operand>(x: X): ArrayResult<X> {
  return reverse('flipud', x, 0);
}

/** The elements in reverse along axis 1. */
export function fliplr<X extends Operand>(x: X): ArrayResult<X> {
  return reverse('fliplr', x, 1);
}

/**
 * The elements moved on by `shift` places along `axis`; what leaves at the end comes in at the start. Shifts and axes
 * may be lists, which broadcast. Without an axis, all elements are rolled as if in one row.
 *
 * @throws INDEX_OUT_OF_RANGE for an axis that is not there; NOT_AN_INTEGER for a shift; BAD_OPTION for lists of
 * different lengths
 */
export function roll<X extends Operand>(
  x: X,
  shift: number | readonly number[],
  axis: number | readonly number[] | null = null,
): ArrayResult<X> {
  return locate(() => {
    if (axis !== null) return rollAxes(x, shift, axis);
    const { shape } = argumentOf(x, 'roll');
    const row = rollAxes(flatten(x) as Operand, shift, 0);
    return reshape(row as Operand, shape) as ArrayResult<X>;
  });
}

/** With two axes exchanged. */
export function swapaxes<X extends Operand>(x: X, axis1: number, axis2: number): ArrayResult<X> {
  return locate(() => {
    const rank = argumentOf(x, 'swapaxes').shape.length;
    const order = [...range(rank)];
    const [a, b] = [axis1, axis2].map((axis) => normalizeAxis('swapaxes', axis, rank));
    [order[a!], order[b!]] = [b!, a!];
    return transpose(x, order);
  });
}

/**
 * With the axes `source` at the places `destination` of the result; the others keep their order.
 *
 * @throws BAD_OPTION for lists of different lengths or an axis named twice; INDEX_OUT_OF_RANGE
 */
export function moveaxis<X extends Operand>(
  x: X,
  source: number | readonly number[],
  destination: number | readonly number[],
): ArrayResult<X> {
  return locate(() => {
    const rank = argumentOf(x, 'moveaxis').shape.length;
    const [from, to] = [source, destination].map((axes) => {
      normalizeAxes('moveaxis', axes, rank);
      return listOf(axes).map((axis) => normalizeAxis('moveaxis', axis, rank));
    }) as [number[], number[]];
    if (from.length !== to.length) {
      const given = `${from.length} axes to ${to.length} places`;
      throw error('BAD_OPTION', { what: 'moveaxis', given, allowed: 'as many places as axes' });
    }
    const others = [...range(rank)].filter((axis) => !from.includes(axis));
    const order = Array.from({ length: rank }, (_, place) => {
      const moved = to.indexOf(place);
      return moved < 0 ? others.shift()! : from[moved]!;
    });
    return transpose(x, order);
  });
}

function reverse<X extends Operand>(
  name: string,
  x: X,
  axis: number | readonly number[] | null,
): ArrayResult<X> {
  return rearrange(name, x, (shape) => {
    const axes = normalizeAxes(name, axis, shape.length);
    const places = shape.map((extent, at) =>
      axes.includes(at) ? range(extent).reverse() : range(extent),
    );
    return { ...cross(shape, places), parameters: name === 'flip' ? `axes=[${axes}]` : '' };
  });
}

function rollAxes<X extends Operand>(
  x: X,
  shift: number | readonly number[],
  axis: number | readonly number[],
): ArrayResult<X> {
  return rearrange('roll', x, (shape) => {
    if (!Array.isArray(axis)) normalizeAxis('roll', axis as number, shape.length);
    const [shifts, axes] = [listOf(shift), listOf(axis)];
    const count = Math.max(shifts.length, axes.length);
    if ([shifts, axes].some(({ length }) => length !== 1 && length !== count)) {
      const given = `${shifts.length} shifts along ${axes.length} axes`;
      throw error('BAD_OPTION', { what: 'roll', given, allowed: 'as many, or one of either' });
    }
    const by = shape.map(() => 0);
    for (let k = 0; k < count; k++) {
      const each = shifts[shifts.length === 1 ? 0 : k]!;
      if (!Number.isSafeInteger(each)) throw error('NOT_AN_INTEGER', { what: 'roll', given: each });
      by[normalizeAxis('roll', axes[axes.length === 1 ? 0 : k]!, shape.length)]! += each;
    }
    const places = shape.map((extent, at) =>
      range(extent).map((place) => modulo(place - by[at]!, extent)),
    );
    return { ...cross(shape, places), parameters: `[${by}]` };
  });
}

/** The remainder in 0 to `modulus` - 1. */
export function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}

function listOf(value: number | readonly number[]): readonly number[] {
  return typeof value === 'number' ? [value] : value;
}
