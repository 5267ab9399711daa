/**
 * Functions that change the shape of one array. Each is a `rearrange`: it moves elements and computes nothing.
 */
import { error } from '../../lib/errors.ts';
import {
  broadcastIndex,
  broadcastShapes,
  gather,
  normalizeAxes,
  normalizeAxis,
} from '../broadcast.ts';
import { type ArrayResult, argumentOf, Handle, locate, type Operand } from '../record.ts';
import { sameShape, sizeOf, stridesOf } from '../tensor.ts';
import { range, rearrange } from './move.ts';

/**
 * The same elements in row-major order in another shape; one extent may be -1 and is then computed.
 *
 * @throws SHAPE_MISMATCH where the number of elements differs
 */
export function reshape<X extends Operand>(
  x: X,
  shape: number | readonly number[],
): ArrayResult<X> {
  const wanted = typeof shape === 'number' ? [shape] : shape;
  if (x instanceof Handle && sameShape(x.node.shape, wanted)) return x as ArrayResult<X>;
  return rearrange('reshape', x, (own) => {
    const target = resolveShape(own, wanted);
    const parameters = `[${target.join(', ')}]`;
    return { shape: target, index: range(sizeOf(target)), parameters };
  });
}

/** All elements in row-major order, rank 1. */
export function flatten<X extends Operand>(x: X): ArrayResult<X> {
  return rearrange('flatten', x, (shape) => {
    const size = sizeOf(shape);
    return { shape: [size], index: range(size) };
  });
}

/** `flatten` under numpy's other name. */
export const ravel: typeof flatten = flatten;

/** The axes in the order `axes`, by default reversed: result axis i is axis `axes[i]` of x. */
export function transpose<X extends Operand>(
  x: X,
  axes: readonly number[] | null = null,
): ArrayResult<X> {
  const same = (rank: number): boolean => sameShape(axes ?? [0], [...Array(rank).keys()]);
  if (x instanceof Handle && same(x.node.shape.length)) return x as ArrayResult<X>;
  return rearrange('transpose', x, (shape) => {
    if (axes !== null && !Array.isArray(axes)) {
      const details = { given: axes, allowed: 'a list of axes', remedy: 'write [1, 0]' };
      throw error('BAD_OPTION', { what: 'transpose: axes', ...details });
    }
    const order = axes
      ? axes.map((axis) => normalizeAxis('transpose', axis, shape.length))
      : shape.map((_, axis) => shape.length - 1 - axis);
    if (order.length !== shape.length || new Set(order).size !== shape.length) {
      const allowed = `each of the ${shape.length} axes once`;
      throw error('BAD_OPTION', { what: 'transpose: axes', given: axes, allowed });
    }
    const strides = stridesOf(shape);
    const target = order.map((axis) => shape[axis]!);
    const index = gather(
      target,
      order.map((axis) => strides[axis]!),
      0,
    );
    return { shape: target, index, parameters: axes ? `[${order.join(', ')}]` : '' };
  });
}

/**
 * Without the axes of extent 1: all of them, or the ones named.
 *
 * @throws SHAPE_MISMATCH where a named axis has another extent
 */
export function squeeze<X extends Operand>(
  x: X,
  axis: number | readonly number[] | null = null,
): ArrayResult<X> {
  return rearrange('squeeze', x, (shape) => {
    const axes =
      axis === null
        ? shape.flatMap((extent, at) => (extent === 1 ? [at] : []))
        : normalizeAxes('squeeze', axis, shape.length);
    if (axes.some((at) => shape[at] !== 1)) {
      const allowed = 'axes of extent 1';
      throw error('SHAPE_MISMATCH', { what: `squeeze(axis=${axis})`, given: shape, allowed });
    }
    const target = shape.filter((_, at) => !axes.includes(at));
    const parameters = axis === null ? '' : `${axis}`;
    return { shape: target, index: range(sizeOf(shape)), parameters };
  });
}

/** With a new axis of extent 1 at each of the places `axis` of the result. */
export function expandDims<X extends Operand>(
  x: X,
  axis: number | readonly number[],
): ArrayResult<X> {
  return rearrange('expandDims', x, (shape) => {
    if (axis == null) normalizeAxis('expandDims', axis, shape.length);
    const rank = shape.length + (Array.isArray(axis) ? axis.length : 1);
    const places = normalizeAxes('expandDims', axis, rank);
    const rest = [...shape];
    const target = Array.from({ length: rank }, (_, at) =>
      places.includes(at) ? 1 : rest.shift()!,
    );
    return { shape: target, index: range(sizeOf(shape)), parameters: `${axis}` };
  });
}

/**
 * Repeated to a shape by the rule of broadcasting.
 *
 * @throws SHAPE_MISMATCH where x does not broadcast to it
 */
export function broadcastTo<X extends Operand>(x: X, shape: readonly number[]): ArrayResult<X> {
  if (x instanceof Handle && sameShape(x.node.shape, shape)) return x as ArrayResult<X>;
  return rearrange('broadcastTo', x, (own) => {
    checkShape('broadcastTo', shape);
    const common = broadcastShapes('broadcastTo', own, shape);
    if (!sameShape(common, shape)) {
      const given = `[${own.join(', ')}] to [${shape.join(', ')}]`;
      const allowed = 'extents that are equal or 1, aligned at the end';
      throw error('SHAPE_MISMATCH', { what: 'broadcastTo', given, allowed });
    }
    const index = broadcastIndex(own, shape) ?? range(sizeOf(shape));
    return { shape, index, parameters: `[${shape.join(', ')}]` };
  });
}

/** x, or with rank 0 an array of one element. */
export function atleast1d<X extends Operand>(x: X): ArrayResult<X> {
  return atleast('atleast1d', x, (shape) => (shape.length > 0 ? shape : [1]));
}

/** x, or as a row of a matrix where it has rank 0 or 1. */
export function atleast2d<X extends Operand>(x: X): ArrayResult<X> {
  return atleast('atleast2d', x, (shape) => (shape.length > 1 ? shape : [1, shape[0] ?? 1]));
}

/** x, or with extents of 1 around its one or after its two axes. */
export function atleast3d<X extends Operand>(x: X): ArrayResult<X> {
  return atleast('atleast3d', x, (shape) => {
    if (shape.length > 2) return shape;
    return shape.length === 2 ? [...shape, 1] : [1, shape[0] ?? 1, 1];
  });
}

/** Number of axes. */
export function ndim(x: Operand): number {
  return argumentOf(x, 'ndim').shape.length;
}

/** Extent of each axis. */
export function shapeOf(x: Operand): readonly number[] {
  return argumentOf(x, 'shapeOf').shape;
}

/** @throws BAD_OPTION unless every extent is a whole number of 0 or more */
export function checkShape(what: string, shape: readonly number[]): void {
  if (
    Array.isArray(shape) &&
    shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)
  ) {
    return;
  }
  const allowed = 'a list of whole numbers of 0 or more';
  throw error('BAD_OPTION', { what: `${what}: shape`, given: shape, allowed });
}

function atleast<X extends Operand>(
  what: string,
  x: X,
  rule: (shape: readonly number[]) => readonly number[],
): ArrayResult<X> {
  return locate(() => reshape(x, rule(argumentOf(x, what).shape)));
}

function resolveShape(shape: readonly number[], wanted: readonly number[]): number[] {
  const free = wanted.indexOf(-1);
  const size = sizeOf(shape);
  checkShape(
    'reshape',
    wanted.map((extent, axis) => (axis === free ? 0 : extent)),
  );
  const known = sizeOf(wanted.filter((_, axis) => axis !== free));
  const target =
    free < 0 ? [...wanted] : wanted.map((extent) => (extent < 0 ? size / known : extent));
  if (!target.every(Number.isInteger) || sizeOf(target) !== size) {
    const given = `[${shape.join(', ')}] to [${wanted.join(', ')}]`;
    throw error('SHAPE_MISMATCH', { what: 'reshape', given, allowed: `${size} elements` });
  }
  return target;
}
