/**
 * Where elements come from when they only change places: one description for constants and for computed values.
 */
import { sizeOf, stridesOf } from '../../tracer/tensor.ts';

/** A value whose element i is element `from[i]` of the operand; -1 is the constant `fill`. */
export interface Move {
  readonly shape: readonly number[];
  readonly from: Int32Array;
}

/**
 * For each axis of the result, which index of the same axis of the operand each index reads; -1 reads the fill. Slices,
 * gathered and repeated elements, splits and padding are such.
 */
export function pick(shape: readonly number[], lists: readonly ArrayLike<number>[]): Move {
  const strides = stridesOf(shape);
  const result = lists.map(({ length }) => length);
  let from = new Int32Array(1);
  lists.forEach((list, axis) => {
    const next = new Int32Array(from.length * list.length);
    for (let i = 0; i < from.length; i++) {
      for (let j = 0; j < list.length; j++) {
        const inside = from[i]! >= 0 && list[j]! >= 0;
        next[i * list.length + j] = inside ? from[i]! + list[j]! * strides[axis]! : -1;
      }
    }
    from = next;
  });
  return { shape: result, from };
}

/** Every index of an axis. */
export function all(extent: number): number[] {
  return Array.from({ length: extent }, (_, i) => i);
}

/** Elements with their axes in another order: axis i of the result is axis `order[i]`. */
export function transposed(shape: readonly number[], order: readonly number[]): Move {
  const strides = stridesOf(shape);
  const result = order.map((axis) => shape[axis]!);
  const from = new Int32Array(sizeOf(result));
  const ownStrides = stridesOf(result);
  for (let i = 0; i < from.length; i++) {
    let at = 0;
    let left = i;
    for (let axis = 0; axis < order.length; axis++) {
      const index = Math.floor(left / ownStrides[axis]!);
      left -= index * ownStrides[axis]!;
      at += index * strides[order[axis]!]!;
    }
    from[i] = at;
  }
  return { shape: result, from };
}

/** Values side by side along an axis; `from` counts through all operands, one after the other. */
export function concatenated(shapes: readonly (readonly number[])[], axis: number): Move {
  const [first] = shapes as [readonly number[]];
  const extent = shapes.reduce((sum, shape) => sum + shape[axis]!, 0);
  const result = first.map((own, each) => (each === axis ? extent : own));
  const outer = sizeOf(first.slice(0, axis));
  const inner = sizeOf(first.slice(axis + 1));
  const from = new Int32Array(sizeOf(result));
  let offset = 0;
  let base = 0;
  for (const shape of shapes) {
    const run = shape[axis]! * inner;
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < run; j++) from[i * extent * inner + offset + j] = base + i * run + j;
    }
    offset += run;
    base += outer * run;
  }
  return { shape: result, from };
}

/** Repeats along axes of length 1, as numpy broadcasts to `target`, which has at least the rank of `shape`. */
export function expanded(shape: readonly number[], target: readonly number[]): Move {
  const lead = target.length - shape.length;
  const own = [...new Array<number>(lead).fill(1), ...shape];
  return pick(
    own,
    target.map((extent, axis) => (own[axis] === 1 ? new Int32Array(extent) : all(extent))),
  );
}
