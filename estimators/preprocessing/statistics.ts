/**
 * Statistics of single features.
 */
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';

/** The values of one column that are not NaN, and the weights of their rows. */
export interface Present {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** All columns of a matrix without what is missing. @throws NOT_FINITE for a column of missing values alone. */
export function presentColumns(
  { shape, data }: Tensor,
  sampleWeight: Float64Array,
): readonly Present[] {
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: columns }, (_, column) => {
    const here: number[] = [];
    for (let row = 0; row < rows; row++) {
      if (!Number.isNaN(data[row * columns + column]!)) here.push(row);
    }
    if (here.length > 0) {
      return {
        values: Float64Array.from(here, (row) => data[row * columns + column]!),
        weights: Float64Array.from(here, (row) => sampleWeight[row]!),
      };
    }
    const details = { given: 'missing values alone', allowed: 'a value in one row or more' };
    throw error('NOT_FINITE', { what: `column ${column} of X`, ...details });
  });
}

/** sum w x / sum w. */
export function mean({ values, weights }: Present): number {
  let sum = 0;
  let total = 0;
  values.forEach((value, i) => {
    sum += weights[i]! * value;
    total += weights[i]!;
  });
  return sum / total + 0;
}

/** sum w (x - center)^2 / sum w, of values whose mean is `center` but for rounding, which it corrects. */
export function variance({ values, weights }: Present, center: number): number {
  let squares = 0;
  let rest = 0;
  let total = 0;
  values.forEach((value, i) => {
    const deviation = value - center;
    squares += weights[i]! * deviation * deviation;
    rest += weights[i]! * deviation;
    total += weights[i]!;
  });
  return Math.max((squares - (rest * rest) / total) / total, 0);
}

/** The smallest and the largest value. */
export function extent(values: Float64Array): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** The median: of an even number of values, the mean of the two in the middle. */
export function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >>> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2 + 0;
}

/**
 * The value at `share` in [0, 1] of the way through the ascending `sorted`, interpolated between neighbours: numpy's
 * `percentile`, with its very rounding.
 */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  const t = at - below;
  return (t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t)) + 0;
}

/** The first value of ascending ones at which the sum of weights reaches `share` of all, in [0, 1]. */
export function weightedQuantile({ values, weights }: Present, share: number): number {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const total = order.reduce((sum, i) => sum + weights[i]!, 0);
  // Leading rows of weight 0 do not count.
  const target = Math.max(share * total, Number.MIN_VALUE);
  let sum = 0;
  for (const i of order) {
    sum += weights[i]!;
    if (sum >= target) return values[i]!;
  }
  return values[order.at(-1)!]!;
}
