/**
 * Grids for values that were measured: where to clip them, so that rounding and clipping together lose least.
 */

import { roundHalfEven } from './rounding.ts';

/** x ≈ step * clip(round(x / step), min, max). */
export interface MeasuredGrid {
  readonly step: number;
  readonly min: number;
  readonly max: number;
}

/** Ends that are tried, as shares of the largest value. */
const shares: readonly number[] = Array.from({ length: 40 }, (_, k) => 0.9 ** k);

/** Most values that ends are tried on; of more, some of all parts. */
const mostValues = 20_000;

/**
 * The grid of `bits` bits with the least mean squared error on values: from 0 on where none is negative, else symmetric,
 * with two bits at least.
 */
export function clippedGrid(values: Float64Array, bits: number): MeasuredGrid {
  let [least, most] = [0, 0];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const max = least < 0 ? 2 ** (Math.max(bits, 2) - 1) - 1 : 2 ** bits - 1;
  const min = least < 0 ? -max : 0;
  const largest = Math.max(most, -least);
  if (largest === 0) return { step: 1, min, max };
  // An odd stride meets all channels in turn.
  const stride =
    values.length <= mostValues ? 1 : 2 * Math.ceil(values.length / mostValues / 2) + 1;
  const sample = values.filter((_, i) => i % stride === 0);
  let [best, bestError] = [largest / max, Number.POSITIVE_INFINITY];
  for (const share of shares) {
    const step = (share * largest) / max;
    const error = errorOf(sample, { step, min, max });
    if (error < bestError) [best, bestError] = [step, error];
  }
  return { step: best, min, max };
}

function errorOf(values: Float64Array, { step, min, max }: MeasuredGrid): number {
  let sum = 0;
  for (const value of values) {
    const code = Math.min(Math.max(roundHalfEven(value / step), min), max);
    sum += (value - step * code) ** 2;
  }
  return sum;
}

/** x ≈ low + step * clip(round((x - low) / step), 0, 2^bits - 1). */
export interface FeatureGrid {
  readonly low: number;
  readonly step: number;
}

/** Shares of the rows that may lie outside on either side. */
const outside: readonly number[] = [0, 0.002, 0.005, 0.01, 0.02, 0.04];

/** For each feature of rows the grid of `bits` bits with the least mean squared error. A constant feature has any step. */
export function featureGrids(data: Float64Array, features: number, bits: number): FeatureGrid[] {
  const rows = data.length / features;
  const max = 2 ** bits - 1;
  return Array.from({ length: features }, (_, feature) => {
    const values = Float64Array.from({ length: rows }, (_, row) => data[row * features + feature]!);
    values.sort();
    let best: FeatureGrid = { low: values[0]!, step: 1 };
    let bestError = Number.POSITIVE_INFINITY;
    for (const share of outside) {
      const skipped = Math.floor(share * (rows - 1));
      const [low, high] = [values[skipped]!, values[rows - 1 - skipped]!];
      const step = (high - low) / max;
      if (!(step > 0)) continue;
      const own = values.map((value) => value - low);
      const error = errorOf(own, { step, min: 0, max });
      if (error < bestError) [best, bestError] = [{ low, step }, error];
    }
    return best;
  });
}
