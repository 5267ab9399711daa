/**
 * Rows to judge a quantized classifier by, beside those that it is fitted to.
 */
import type { Tensor } from '../../../tracer/tensor.ts';

/** Most rows that are moved. */
const mostProbes = 500;

/** How far rows are moved, as a share of the distance to their nearest row. */
const distance = 0.5;

/** Ends of each column, and the inverse of its width; of a constant column, 0. */
interface Ranges {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly inverse: Float64Array;
}

/**
 * The rows of X [rows, ...] and, behind them, at most 500 of them, evenly picked, moved away from their nearest other row: by
 * half of what lies between the two, and no further than the range of each column. A network that has learned its rows by
 * heart is sure of all of them, so that on them alone the coarsest integers would do; a bit outside, it is about as sure as of
 * rows that it has never seen.
 */
export function withProbes({ shape, data }: Tensor): Tensor {
  const [rows, ...own] = shape as [number, ...number[]];
  const size = data.length / rows;
  const count = Math.min(rows, mostProbes);
  const ranges = rangesOf(data, size);
  const all = new Float64Array((rows + count) * size);
  all.set(data);
  const probes = all.subarray(data.length);
  for (let probe = 0; probe < count; probe++) {
    const row = Math.floor((probe * rows) / count);
    const near = nearestRow(data, row, ranges);
    for (let j = 0; j < size; j++) {
      const value = data[row * size + j]!;
      const moved = value + distance * (value - data[near * size + j]!);
      probes[probe * size + j] = Math.min(ranges.high[j]!, Math.max(ranges.low[j]!, moved));
    }
  }
  return { shape: [rows + count, ...own], data: all };
}

function rangesOf(data: Tensor['data'], size: number): Ranges {
  const low = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  data.forEach((value, i) => {
    const j = i % size;
    low[j] = Math.min(low[j]!, value);
    high[j] = Math.max(high[j]!, value);
  });
  const inverse = low.map((least, j) => (high[j]! > least ? 1 / (high[j]! - least) : 0));
  return { low, high, inverse };
}

/** The nearest row that differs, each column by its range; the row itself where none does. */
function nearestRow(data: Tensor['data'], row: number, { inverse }: Ranges): number {
  const size = inverse.length;
  let [nearest, least] = [row, Number.POSITIVE_INFINITY];
  for (let other = 0; other * size < data.length; other++) {
    let sum = 0;
    for (let j = 0; j < size && sum < least; j++) {
      sum += (inverse[j]! * (data[row * size + j]! - data[other * size + j]!)) ** 2;
    }
    if (sum > 0 && sum < least) [nearest, least] = [other, sum];
  }
  return nearest;
}
