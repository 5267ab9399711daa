/**
 * Features of networks as few small integers: each feature, or each channel, on an even grid of its own.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { roundHalfEven } from './rounding.ts';

/**
 * code = clip(round((factor * x + offset) / step), min, max), which stands for code * step. Values beyond the grid become
 * its ends, as those of every function of a network.
 */
export interface FeatureGrid {
  /** Of each feature or channel. */
  readonly factor: readonly number[];
  readonly offset: readonly number[];
  /** A power of two, such that what codes stand for lies in [-1, 1]. */
  readonly step: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Deviations between the mean of a normal distribution and the outermost of 2^bits even levels that lose the least, by bits.
 * (Max, "Quantizing for minimum distortion", 1960)
 */
const outermost = [0.8, 1.49, 2.05, 2.51, 2.92, 3.3, 3.65, 4];

/**
 * The grid of the columns of X (rows x features), `each` of which share one: 1 for features on their own, more for the
 * pixels of channels. Grids end at the smallest and the largest value, or at so many deviations from the mean as is best for
 * the bits. Signed codes lie around 0, others start at 0: the latter is for pixels, among which there is padding with 0.
 */
export function featureGrid(X: Tensor, bits: number, each: number, signed: boolean): FeatureGrid {
  const [, features] = X.shape as [number, number];
  const min = signed ? -(2 ** (bits - 1)) : 0;
  const max = min + 2 ** bits - 1;
  const step = 2 ** (signed ? 1 - bits : -bits);
  const factor: number[] = [];
  const offset: number[] = [];
  for (let first = 0; first < features; first += each) {
    const { low, high } = rangeOf(X, first, each, outermost[bits - 1]!);
    // A constant says nothing, nor does what varies by less than its last digit: its code is 0.
    const own = high > low ? ((max - min) * step) / (high - low) : 0;
    const varies = own > 0 && Number.isFinite(own) && Number.isFinite(low * own);
    factor.push(varies ? own : 0);
    offset.push(varies ? min * step - low * own + 0 : 0);
  }
  return { factor, offset, step, min, max };
}

function rangeOf(
  { shape, data }: Tensor,
  first: number,
  each: number,
  deviations: number,
): { readonly low: number; readonly high: number } {
  const [rows, features] = shape as [number, number];
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let [sum, squares, count] = [0, 0, 0];
  // Around the first value, so that large values with small differences lose nothing.
  const origin = data[first]!;
  for (let row = 0; row < rows; row++) {
    for (let j = first; j < first + each; j++) {
      const value = data[row * features + j]! - origin;
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      squares += value * value;
      count++;
    }
  }
  const mean = sum / count;
  const reach = deviations * Math.sqrt(Math.max(squares / count - mean * mean, 0));
  return { low: origin + Math.max(min, mean - reach), high: origin + Math.min(max, mean + reach) };
}

/** What the codes of rows stand for, in the shape of X. */
export function onFeatureGrid(grid: FeatureGrid, X: Tensor, each: number): Float64Array {
  const { factor, offset, step, min, max } = grid;
  const features = X.shape[1]!;
  return X.data.map((value, i) => {
    const own = Math.floor((i % features) / each);
    const code = roundHalfEven((factor[own]! * value + offset[own]!) / step);
    return step * Math.min(Math.max(code, min), max);
  });
}
