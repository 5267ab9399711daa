/**
 * A kernel computes the elements of one node: it is made once per node and run once per row of a batch.
 */

/**
 * Reads each input from its offset in its array and writes the node's elements into `out` from `at`.
 * It allocates nothing per element. Integers may leave it as -0 or beyond 2^53: the caller checks.
 */
export type Kernel = (
  inputs: readonly Float64Array[],
  offsets: readonly number[],
  out: Float64Array,
  at: number,
) => void;

/** Shapes of a node's inputs, in their order. */
export type Shapes = readonly (readonly number[])[];

/** The largest absolute value among `count` elements from `offset`; Infinity where one is NaN. */
export function largest(data: Float64Array, offset: number, count: number): number {
  let result = 0;
  for (let i = offset; i < offset + count; i++) {
    const value = Math.abs(data[i]!);
    if (!(value <= result)) result = Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  }
  return result;
}
