/**
 * Shape rules: what shape an operation gives, and which input element each output element reads.
 */
import { error } from '../lib/errors.ts';
import { sameShape, sizeOf, stridesOf } from './tensor.ts';

/**
 * The common shape of arrays by numpy's rule: axes align at the end, and an extent of 1 repeats.
 *
 * @throws SHAPE_MISMATCH
 */
export function broadcastShapes(what: string, ...shapes: (readonly number[])[]): number[] {
  const rank = shapes.reduce((most, shape) => Math.max(most, shape.length), 0);
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const lead = rank - shape.length;
    for (let axis = 0; axis < shape.length; axis++) {
      const extent = shape[axis]!;
      if (extent === 1 || extent === result[lead + axis]) continue;
      if (result[lead + axis] !== 1) {
        const given = shapes.map((each) => `[${each.join(', ')}]`).join(' and ');
        throw error('SHAPE_MISMATCH', {
          what,
          given,
          allowed: 'shapes that broadcast: from the end, equal extents or 1',
          remedy: 'reshape one of them, as with expandDims, or take the part that fits',
        });
      }
      result[lead + axis] = extent;
    }
  }
  return result;
}

/**
 * For each element of `target` the flat index of the element of `shape` that broadcasting puts there,
 * or null where that is the same index (equal shapes).
 */
export function broadcastIndex(
  shape: readonly number[],
  target: readonly number[],
): Int32Array | null {
  if (sameShape(shape, target)) return null;
  const lead = target.length - shape.length;
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  return gather(target, [...new Array<number>(lead).fill(0), ...strides], 0);
}

/** The flat indices that a walk over `shape` in row-major order meets with these strides from `offset`. */
export function gather(
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): Int32Array {
  const result = new Int32Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let at = offset;
  for (let i = 0; i < result.length; i++) {
    result[i] = at;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

/** What to do about the shapes of a product. */
export const TRANSPOSE = 'transpose or reshape one of them';

/** The parts of a matrix product: `batch` axes broadcast, [rows, inner] times [inner, columns]. */
export interface MatmulShape {
  readonly shape: number[];
  readonly batch: number[];
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/**
 * The shape of numpy's `matmul`: rank 1 counts as a row on the left and as a column on the right, and that axis goes.
 *
 * @throws SHAPE_MISMATCH for rank 0, or where the inner extents differ
 */
export function matmulShape(x: readonly number[], y: readonly number[]): MatmulShape {
  const given = `[${x.join(', ')}] and [${y.join(', ')}]`;
  if (x.length === 0 || y.length === 0) {
    const remedy = 'use multiply for scalars';
    throw error('SHAPE_MISMATCH', { what: 'matmul', given, allowed: 'rank 1 or more', remedy });
  }
  const inner = x.at(-1)!;
  if (inner !== (y.length === 1 ? y[0] : y.at(-2))) {
    const allowed = 'the last extent of the first equal to the last but one of the second';
    throw error('SHAPE_MISMATCH', { what: 'matmul', given, allowed, remedy: TRANSPOSE });
  }
  const batch = broadcastShapes('matmul', x.slice(0, -2), y.slice(0, -2));
  const rows = x.length === 1 ? [] : [x.at(-2)!];
  const columns = y.length === 1 ? [] : [y.at(-1)!];
  const shape = [...batch, ...rows, ...columns];
  return { shape, batch, rows: rows[0] ?? 1, inner, columns: columns[0] ?? 1 };
}

/** The shape of a reduction over `axes` (ascending, not negative). */
export function reducedShape(
  shape: readonly number[],
  axes: readonly number[],
  keepDims: boolean,
): number[] {
  if (keepDims) return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return shape.filter((_, axis) => !axes.includes(axis));
}

/**
 * Axes of a shape of this rank, ascending and not negative; null is all of them.
 *
 * @throws INDEX_OUT_OF_RANGE for an axis that is not there, BAD_OPTION for one named twice or no integer
 */
export function normalizeAxes(
  what: string,
  axes: number | readonly number[] | null | undefined,
  rank: number,
): number[] {
  if (axes === null || axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const given = typeof axes === 'number' ? [axes] : axes;
  if (!Array.isArray(given)) {
    const allowed = 'an axis, or a list of axes';
    throw error('BAD_OPTION', { what: `${what}: axis`, given, allowed, remedy: 'write the axis' });
  }
  const list = given.map((axis) => normalizeAxis(what, axis, rank));
  if (new Set(list).size !== list.length) {
    throw error('BAD_OPTION', { what: `${what}: axis`, given: axes, allowed: 'each axis once' });
  }
  return list.sort((a, b) => a - b);
}

/** One axis of a shape of this rank as 0 to rank - 1; a negative one counts from the end. */
export function normalizeAxis(what: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis)) {
    const details = { given: axis, allowed: 'an integer', remedy: 'write the axis itself' };
    throw error('BAD_OPTION', { what: `${what}: axis`, ...details });
  }
  if (axis >= rank || axis < -rank) {
    const allowed = rank === 0 ? 'none, the value has rank 0' : `${-rank} to ${rank - 1}`;
    const remedy = 'name an axis that the value has';
    throw error('INDEX_OUT_OF_RANGE', { what: `${what}: axis`, given: axis, allowed, remedy });
  }
  return axis < 0 ? axis + rank : axis;
}
