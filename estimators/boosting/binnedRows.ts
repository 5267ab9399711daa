/**
 * Rows as bins, with a bin of its own for missing values, and sums of gradients over them.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { binEdges, binOf } from '../quantize/bins.ts';

/** Rows as bins. Feature j has `edges[j].length + 1` bins of values, and one more for missing values behind them. */
export interface BinnedRows {
  readonly rows: number;
  readonly features: number;
  /** Feature after feature: the bin of `row` is `bins[feature * rows + row]`. */
  readonly bins: Uint16Array;
  /** Edges of each feature, ascending: value <= edges[b] exactly for bins 0..b. */
  readonly edges: readonly Float64Array[];
  /** The number of bins of all features before each one, and of all. */
  readonly offsets: Int32Array;
}

/** Sums over rows: of gradients, of second derivatives, and their number. A histogram has three numbers a bin. */
export const sumsPerBin = 3;

/** The loss's first and second derivatives by the score of each row, weights included. */
export interface Gradients {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/**
 * Puts all rows into bins whose edges are those of the rows in `known` alone: at most 2^nBits a feature (nBits 1..12), of
 * equal shares of those rows where it has more values.
 */
export function binRows(X: Tensor, known: Int32Array, nBits: number): BinnedRows {
  const [rows, features] = X.shape as [number, number];
  const bins = new Uint16Array(rows * features);
  const edges: Float64Array[] = [];
  const offsets = new Int32Array(features + 1);
  for (let feature = 0; feature < features; feature++) {
    const values = Float64Array.from(known, (row) => X.data[row * features + feature]!);
    const own = binEdges(
      values.filter((value) => !Number.isNaN(value)),
      nBits,
    );
    for (let row = 0; row < rows; row++) {
      const value = X.data[row * features + feature]!;
      bins[feature * rows + row] = Number.isNaN(value) ? own.length + 1 : binOf(own, value);
    }
    edges.push(own);
    offsets[feature + 1] = offsets[feature]! + own.length + 2;
  }
  return { rows, features, bins, edges, offsets };
}

/** Sums up the rows `order[start]` to `order[end - 1]` by bin of each feature. */
export function fillHistogram(
  histogram: Float64Array,
  { rows, features, bins, offsets }: BinnedRows,
  { first, second }: Gradients,
  order: Int32Array,
  start: number,
  end: number,
): void {
  histogram.fill(0);
  for (let feature = 0; feature < features; feature++) {
    const column = feature * rows;
    const offset = offsets[feature]!;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      const at = sumsPerBin * (offset + bins[column + row]!);
      histogram[at]! += first[row]!;
      histogram[at + 1]! += second[row]!;
      histogram[at + 2]! += 1;
    }
  }
}

/** Sums up rows by bin of one feature and by node: the bins of node n start at n * (bins of the feature). */
export function fillNodeHistograms(
  histogram: Float64Array,
  { rows, bins, offsets }: BinnedRows,
  feature: number,
  { first, second }: Gradients,
  order: Int32Array,
  nodeOf: Int32Array,
  nodes: number,
): void {
  const width = offsets[feature + 1]! - offsets[feature]!;
  const column = feature * rows;
  histogram.fill(0, 0, sumsPerBin * width * nodes);
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const at = sumsPerBin * (nodeOf[row]! * width + bins[column + row]!);
    histogram[at]! += first[row]!;
    histogram[at + 1]! += second[row]!;
    histogram[at + 2]! += 1;
  }
}

/** Takes the sums of one side of a split away from those of the whole node, which leaves those of the other side. */
export function subtractHistogram(whole: Float64Array, part: Float64Array): void {
  for (let i = 0; i < whole.length; i++) whole[i]! -= part[i]!;
}
