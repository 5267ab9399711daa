/**
 * Training data as bins, and histograms of classes over them.
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

/** Labels and weights of the rows. */
export interface Targets {
  readonly indices: Int32Array;
  readonly classes: number;
  readonly sampleWeight: Float64Array;
}

/** Puts each feature into at most 2^nBits bins (nBits 1..12), of equal shares of the rows where it has more values. */
export function binFeatures(X: Tensor, nBits: number): BinnedMatrix {
  const [rows, features] = X.shape as [number, number];
  const bins = new Uint16Array(rows * features);
  const edges: Float64Array[] = [];
  const lows: Float64Array[] = [];
  const highs: Float64Array[] = [];
  const values = new Float64Array(rows);
  for (let feature = 0; feature < features; feature++) {
    for (let row = 0; row < rows; row++) values[row] = X.data[row * features + feature]!;
    const own = binEdges(values, nBits);
    const low = new Float64Array(own.length + 1).fill(Number.POSITIVE_INFINITY);
    const high = new Float64Array(own.length + 1).fill(Number.NEGATIVE_INFINITY);
    for (let row = 0; row < rows; row++) {
      const value = values[row]!;
      const bin = binOf(own, value);
      bins[feature * rows + row] = bin;
      low[bin] = Math.min(low[bin]!, value);
      high[bin] = Math.max(high[bin]!, value);
    }
    edges.push(own);
    lows.push(low);
    highs.push(high);
  }
  return { rows, features, bins, edges, lows, highs };
}

/** Of one feature in one node: the number of rows and the weight of each class, by bin. */
export interface Histogram {
  readonly counts: Int32Array;
  /** weights[bin * classes + class] */
  readonly weights: Float64Array;
  /** The bins that have rows, ascending; the others hold 0. */
  occupied: Uint16Array;
}

/** Room for the histogram of any feature. */
export function emptyHistogram({ edges }: BinnedMatrix, classes: number): Histogram {
  const bins = Math.max(...edges.map(({ length }) => length)) + 1;
  return {
    counts: new Int32Array(bins),
    weights: new Float64Array(bins * classes),
    occupied: new Uint16Array(0),
  };
}

/** Fills `histogram` with the rows of a node, in time that depends on their number and not on that of the bins. */
export function fillHistogram(
  histogram: Histogram,
  { rows, bins }: BinnedMatrix,
  feature: number,
  node: Int32Array,
  { indices, classes, sampleWeight }: Targets,
): void {
  const { counts, weights, occupied } = histogram;
  for (const bin of occupied) {
    counts[bin] = 0;
    weights.fill(0, bin * classes, (bin + 1) * classes);
  }
  const found = new Uint16Array(Math.min(node.length, counts.length));
  let size = 0;
  for (let i = 0; i < node.length; i++) {
    const row = node[i]!;
    const bin = bins[feature * rows + row]!;
    if (counts[bin] === 0) found[size++] = bin;
    counts[bin]! += 1;
    weights[bin * classes + indices[row]!]! += sampleWeight[row]!;
  }
  histogram.occupied = found.subarray(0, size).sort();
}
