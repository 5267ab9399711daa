/**
 * Training data as bins, and the rows of a node in their order.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { binEdges, binOf } from '../quantize/bins.ts';

/** Training data as bins of at most 12 bits. */
export interface BinnedMatrix {
  readonly rows: number;
  readonly features: number;
  /** Feature after feature: the bin of `row` is `bins[feature * rows + row]`. */
  readonly bins: Uint16Array;
  /** Edges of each feature, ascending: value <= edges[b] exactly for bins 0..b. */
  readonly edges: readonly Float64Array[];
  /** The least and the greatest training value in each bin of each feature. */
  readonly lows: readonly Float64Array[];
  readonly highs: readonly Float64Array[];
}

/** Which rows edges come from, and how. */
export interface BinOptions {
  /** Rows of weight 0 have no say in edges. Default: all rows count. */
  readonly sampleWeight?: Float64Array;
  /** Edges for the values of a feature, 2^bits - 1 at most. Default `binEdges`. */
  readonly edgesOf?: (values: Float64Array, bits: number) => Float64Array;
}

/** Puts each feature into at most 2^nBits bins (nBits 1..12), of equal shares of the rows where it has more values. */
export function binFeatures(
  X: Tensor,
  nBits: number,
  { sampleWeight, edgesOf = binEdges }: BinOptions = {},
): BinnedMatrix {
  const [rows, features] = X.shape as [number, number];
  const counts = (row: number): boolean => sampleWeight === undefined || sampleWeight[row]! > 0;
  const bins = new Uint16Array(rows * features);
  const edges: Float64Array[] = [];
  const lows: Float64Array[] = [];
  const highs: Float64Array[] = [];
  const values = new Float64Array(rows);
  for (let feature = 0; feature < features; feature++) {
    for (let row = 0; row < rows; row++) values[row] = X.data[row * features + feature]!;
    const own = edgesOf(
      values.filter((_, row) => counts(row)),
      nBits,
    );
    const low = new Float64Array(own.length + 1).fill(Number.POSITIVE_INFINITY);
    const high = new Float64Array(own.length + 1).fill(Number.NEGATIVE_INFINITY);
    for (let row = 0; row < rows; row++) {
      const value = values[row]!;
      const bin = binOf(own, value);
      bins[feature * rows + row] = bin;
      if (!counts(row)) continue;
      low[bin] = Math.min(low[bin]!, value);
      high[bin] = Math.max(high[bin]!, value);
    }
    edges.push(own);
    lows.push(low);
    highs.push(high);
  }
  return { rows, features, bins, edges, lows, highs };
}

/** The bins of one feature, by row. */
export function columnOf({ bins, rows }: BinnedMatrix, feature: number): Uint16Array {
  return bins.subarray(feature * rows, (feature + 1) * rows);
}

/** The rows of a node, and room to put them in the order of a feature. */
export interface NodeRows {
  /** All rows of the tree; those of a node are next to each other. */
  readonly rows: Int32Array;
  /** As long as `rows`: those of a node by bin, after `sortRows`. */
  readonly sorted: Int32Array;
  readonly counts: Int32Array;
}

/** Room for the rows of a tree. */
export function nodeRows(rows: Int32Array, { edges }: BinnedMatrix): NodeRows {
  const bins = edges.reduce((most, { length }) => Math.max(most, length), 0) + 1;
  return { rows, sorted: new Int32Array(rows.length), counts: new Int32Array(bins) };
}

/** The least and the greatest bin of rows `start` to `end` (exclusive) in a column. */
export function binSpan(
  { rows }: NodeRows,
  column: Uint16Array,
  start: number,
  end: number,
): { readonly low: number; readonly high: number } {
  let low = column[rows[start]!]!;
  let high = low;
  for (let i = start + 1; i < end; i++) {
    const bin = column[rows[i]!]!;
    if (bin < low) low = bin;
    else if (bin > high) high = bin;
  }
  return { low, high };
}

/** Below this number of rows they are sorted by insertion: counting would cost more in passing over the bins. */
const fewRows = 24;

/**
 * Sorts rows `start` to `end` (exclusive) by the bins of a column, whose span is given, into the same places of `sorted`:
 * in time that grows with their number and with that span alone.
 */
export function sortRows(
  { rows, sorted, counts }: NodeRows,
  column: Uint16Array,
  start: number,
  end: number,
  { low, high }: { readonly low: number; readonly high: number },
): void {
  if (end - start <= fewRows) {
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const bin = column[row]!;
      let at = i;
      for (; at > start && column[sorted[at - 1]!]! > bin; at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = row;
    }
    return;
  }
  counts.fill(0, 0, high - low + 1);
  for (let i = start; i < end; i++) counts[column[rows[i]!]! - low]! += 1;
  let place = start;
  for (let bin = 0; bin <= high - low; bin++) {
    const count = counts[bin]!;
    counts[bin] = place;
    place += count;
  }
  for (let i = start; i < end; i++) {
    const row = rows[i]!;
    sorted[counts[column[row]! - low]!++] = row;
  }
}

/**
 * Puts rows `start` to `end` (exclusive) into the same places of `sorted`: first those up to `bin` in a column, then the
 * others, both in the order that they had. Returns where the others start.
 */
export function partition(
  { rows, sorted }: NodeRows,
  column: Uint16Array,
  bin: number,
  start: number,
  end: number,
): number {
  let left = start;
  for (let i = start; i < end; i++) {
    const row = rows[i]!;
    if (column[row]! <= bin) sorted[left++] = row;
  }
  let right = left;
  for (let i = start; i < end; i++) {
    const row = rows[i]!;
    if (column[row]! > bin) sorted[right++] = row;
  }
  return left;
}
