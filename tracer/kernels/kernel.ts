/**
 * A kernel computes the elements of one node: it is made once and run for a whole batch of rows.
 */

/**
 * Computes a node for `rows` rows. Row r of input k starts at `r * steps[k]` (a constant has step 0), and row r of the
 * node at `r * size`. It allocates nothing per element. Integers may leave it as -0 or beyond 2^53: the caller checks.
 */
export type Kernel = (
  inputs: readonly Float64Array[],
  steps: readonly number[],
  out: Float64Array,
  rows: number,
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
