/**
 * The best split of one node, or of all nodes of a level at once: the gains of Chen and Guestrin, "XGBoost" (2016).
 */
import type { Random } from '../../lib/random.ts';
import type { BinnedRows } from './binnedRows.ts';
import { sumsPerBin } from './binnedRows.ts';

/** What makes a split allowed and good. */
export interface SplitSettings {
  readonly regLambda: number;
  readonly regAlpha: number;
  readonly gamma: number;
  readonly minChildWeight: number;
  readonly minSamplesLeaf: number;
  /** Features that a split may choose from. */
  readonly maxFeatures: number;
  /** Of each feature, 1 where scores may only rise with it, -1 where they may only fall, else 0; empty: all 0. */
  readonly monotonic: readonly number[];
  /** The largest absolute value of a leaf, before shrinking. */
  readonly maxStep: number;
}

/** Nodes that are split by one and the same test, as columns. */
export interface Nodes {
  readonly count: number;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly rows: Float64Array;
  /** Between which values the leaves below a node have to stay. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A test `bin <= split.bin`; rows without a value go left where `missingLeft`. */
export interface Split {
  readonly feature: number;
  /** The last bin of the left side; that of the largest values where only missing values go right. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Summed over all nodes that it splits. */
  readonly gain: number;
}

/** Where the histogram of a feature is: its bins of node n start at `start + n * (bins of the feature)`. */
export type HistogramOf = (feature: number) => {
  readonly histogram: Float64Array;
  readonly start: number;
};

/** Gains below this are rounding errors. */
const epsilon = 1e-6;

/** Gains closer than this are equal: those of one and the same partition of the rows by different features. */
const tie = 1 + 1e-7;

/** Sums of the left side of each node while bins are scanned. */
interface Left {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly rows: Float64Array;
}

/** The split of the largest gain, where one gains enough; the first feature and the least bin of equal ones. */
export function bestSplit(
  { edges, features }: BinnedRows,
  nodes: Nodes,
  histogramOf: HistogramOf,
  settings: SplitSettings,
  random: Random,
): Split | undefined {
  const all = Int32Array.from({ length: features }, (_, feature) => feature);
  const order =
    settings.maxFeatures < features ? random.shuffle(all).subarray(0, settings.maxFeatures) : all;
  const left: Left = {
    first: new Float64Array(nodes.count),
    second: new Float64Array(nodes.count),
    rows: new Float64Array(nodes.count),
  };
  let best: Split = { feature: -1, bin: -1, missingLeft: false, gain: 0 };
  for (const feature of order) {
    const { histogram, start } = histogramOf(feature);
    const values = edges[feature]!.length + 1;
    const width = values + 1;
    const missing = anyRows(histogram, start, width, values, nodes.count);
    for (const missingLeft of missing ? [false, true] : [false]) {
      startLeft(left, histogram, start, width, missingLeft ? values : -1);
      // Where values are missing, they alone may be one side.
      const last = missing && !missingLeft ? values : values - 1;
      for (let bin = 0; bin < last; bin++) {
        if (!addBin(left, histogram, start, width, bin)) continue;
        const gain = gainOf(nodes, left, settings, settings.monotonic[feature] ?? 0);
        if (gain > best.gain * tie) best = { feature, bin, missingLeft, gain };
      }
    }
  }
  return best.feature >= 0 && best.gain >= settings.gamma ? best : undefined;
}

/** What the split of one node gains; 0 where it is not allowed, or gains nothing. */
export function gainOfNode(
  nodes: Nodes,
  node: number,
  first: number,
  second: number,
  rows: number,
  settings: SplitSettings,
  monotonic: number,
): number {
  const rest = nodes.second[node]! - second;
  const { minSamplesLeaf, minChildWeight } = settings;
  if (rows < minSamplesLeaf || nodes.rows[node]! - rows < minSamplesLeaf) return 0;
  if (second < minChildWeight || rest < minChildWeight || second <= 0 || rest <= 0) return 0;
  const [lower, upper] = [nodes.lower[node]!, nodes.upper[node]!];
  const firstRight = nodes.first[node]! - first;
  const left = leafValue(first, second, lower, upper, settings);
  const right = leafValue(firstRight, rest, lower, upper, settings);
  if (monotonic * (right - left) < 0) return 0;
  const whole = leafValue(nodes.first[node]!, nodes.second[node]!, lower, upper, settings);
  const gain =
    decrease(first, second, left, settings) +
    decrease(firstRight, rest, right, settings) -
    decrease(nodes.first[node]!, nodes.second[node]!, whole, settings);
  return gain > epsilon ? gain : 0;
}

/** -T(G) / (H + lambda), moved into the bounds, where T(G) is G moved towards 0 by alpha: the least of `decrease`. */
export function leafValue(
  first: number,
  second: number,
  lower: number,
  upper: number,
  { regLambda, regAlpha, maxStep }: SplitSettings,
): number {
  const shrunk = Math.sign(first) * Math.max(Math.abs(first) - regAlpha, 0);
  const value = shrunk === 0 ? 0 : -shrunk / (second + regLambda);
  const step = Math.min(Math.max(value, -maxStep), maxStep);
  return Math.min(Math.max(step, lower), upper);
}

/** Twice what a leaf of this value takes from the loss: -(2 G w + (H + lambda) w^2 + 2 alpha |w|). */
function decrease(
  first: number,
  second: number,
  value: number,
  { regLambda, regAlpha }: SplitSettings,
): number {
  return -(
    2 * first * value +
    (second + regLambda) * value * value +
    2 * regAlpha * Math.abs(value)
  );
}

function gainOf(nodes: Nodes, left: Left, settings: SplitSettings, monotonic: number): number {
  let gain = 0;
  for (let node = 0; node < nodes.count; node++) {
    const [first, second] = [left.first[node]!, left.second[node]!];
    gain += gainOfNode(nodes, node, first, second, left.rows[node]!, settings, monotonic);
  }
  return gain;
}

function anyRows(
  histogram: Float64Array,
  start: number,
  width: number,
  bin: number,
  nodes: number,
): boolean {
  for (let node = 0; node < nodes; node++) {
    if (histogram[sumsPerBin * (start + node * width + bin) + 2]! > 0) return true;
  }
  return false;
}

/** The left side before any bin of values is in it: empty, or the bin `missing`. */
function startLeft(
  left: Left,
  histogram: Float64Array,
  start: number,
  width: number,
  missing: number,
): void {
  left.first.fill(0);
  left.second.fill(0);
  left.rows.fill(0);
  if (missing >= 0) addBin(left, histogram, start, width, missing);
}

/** Moves a bin to the left side; false where it has no rows. */
function addBin(
  left: Left,
  histogram: Float64Array,
  start: number,
  width: number,
  bin: number,
): boolean {
  let any = false;
  for (let node = 0; node < left.rows.length; node++) {
    const at = sumsPerBin * (start + node * width + bin);
    const rows = histogram[at + 2]!;
    if (rows === 0) continue;
    any = true;
    left.first[node]! += histogram[at]!;
    left.second[node]! += histogram[at + 1]!;
    left.rows[node]! += rows;
  }
  return any;
}
