/**
 * Moving elements: what every function that computes nothing is made of.
 */
import { type ArrayResult, apply, argumentOf, locate, type Operand } from '../record.ts';
import { stridesOf } from '../tensor.ts';

/** Where the elements of a result come from. */
export interface Moves {
  readonly shape: readonly number[];
  /** Element i of the result is element `index[i]` of the array; -1 - k stands for element k of the filling. */
  readonly index: Int32Array;
  /** For printing and hashing. */
  readonly parameters?: string;
}

/**
 * Records the `rearrange` of x that `rule` makes of its shape, or does it at once where all is clear. Elements that do
 * not come from x come from `filling`, by default a zero.
 */
export function rearrange<X extends Operand, F extends Operand = X>(
  name: string,
  x: X,
  rule: (shape: readonly number[]) => Moves,
  filling: F | null = null,
): ArrayResult<X | F> {
  return locate(() => {
    const { shape: own, kind, traced, tensor } = argumentOf(x, name);
    const { shape, index, parameters = '' } = rule(own);
    const whole = index.every((from) => from >= 0);
    const array: Operand = traced ?? tensor!;
    const operands = whole && filling === null ? [array] : [array, filling ?? 0];
    return apply(name, operands, (_, fill) => ({
      op: 'rearrange',
      name,
      parameters,
      source: whole ? new Int32Array(index.length) : index.map((from) => (from < 0 ? 1 : 0)),
      index: whole ? index : index.map((from) => (from < 0 ? -1 - from : from)),
      shape,
      kind: fill?.kind === 'float' ? 'float' : kind,
    }));
  }) as ArrayResult<X | F>;
}

/**
 * The elements of an array of this shape whose places along axis k are `places[k]`, all combinations in row-major
 * order. A negative place, and all that is combined with it, stays as it is; of two the later axis counts.
 */
export function cross(
  shape: readonly number[],
  places: readonly ArrayLike<number>[],
): { shape: number[]; index: Int32Array } {
  const strides = stridesOf(shape);
  let index = new Int32Array(1);
  places.forEach((list, axis) => {
    const next = new Int32Array(index.length * list.length);
    for (let i = 0; i < next.length; i++) {
      const before = index[Math.floor(i / list.length)]!;
      const place = list[i % list.length]!;
      if (place < 0) next[i] = place;
      else next[i] = before < 0 ? before : before + place * strides[axis]!;
    }
    index = next;
  });
  return { shape: places.map(({ length }) => length), index };
}

/** 0, 1, ... length - 1. */
export function range(length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => i);
}
