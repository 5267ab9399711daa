/**
 * Elements in other places, which makes convolutions and pools of weighted sums and means: patches are copied out first.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { constant, isLearned, newValue, type Tape, type Value } from './tape.ts';

/** Where the elements of a row come from: [shape of the new row], and for each element a place in the old row or -1 (0). */
export interface Places {
  readonly shape: readonly number[];
  readonly from: Int32Array;
}

/** Each row's elements at `places`. */
export function gather(tape: Tape, x: Value, { shape, from }: Places): Value {
  const [rows, ...rest] = x.shape as [number, ...number[]];
  const [before, after] = [sizeOf(rest), from.length];
  const learned = isLearned(x);
  const y = learned
    ? newValue([rows, ...shape])
    : constant([rows, ...shape], new Float64Array(rows * after));
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < after; i++) {
      const at = from[i]!;
      if (at >= 0) y.data[row * after + i] = x.data[row * before + at]!;
    }
  }
  if (!learned) return y;
  tape.steps.push(() => {
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < after; i++) {
        const at = from[i]!;
        if (at >= 0) x.gradient[row * before + at]! += y.gradient[row * after + i]!;
      }
    }
  });
  return y;
}

/** The same elements in the same order, in another shape of rows. */
export function reshape(x: Value, shape: readonly number[]): Value {
  return { shape: [x.shape[0]!, ...shape], data: x.data, gradient: x.gradient };
}
