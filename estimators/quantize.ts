/**
 * The one place where floats become integers.
 *
 * Linear models: `affineQuantizer` maps each feature to its own integer grid, and `quantizeWeights` folds the grids'
 * steps into integer weights. Trees: `binEdges` makes the bins to train on, `thresholdQuantizer` the exact codes that
 * a trained tree needs, `quantizeProbabilities` the integers in its leaves.
 */
import { error } from '../lib/errors.ts';
import type { Tensor } from '../tracer/tensor.ts';

/** What to do with a value outside the range of an affine quantizer: refuse it, or move it to the nearest end. */
export type OutOfRange = 'error' | 'clip';

/** Rounds to the nearest integer, ties to the even one (numpy's `rint`; `Math.round` sends ties up). */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return fraction < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

// ---- Linear models ----

/**
 * Per feature: code = round((x - center) / scale), an integer in [-2^bits, 2^bits - 1].
 *
 * The values of the training data take 2^bits codes, the middle half of that range: it leaves room of half their span
 * on either side, so values a little beyond the training data need no clipping. A feature of scale 0 is not used by
 * the model: its code is 0 whatever its value.
 */
export interface AffineQuantizer {
  readonly kind: 'affine';
  readonly bits: number;
  readonly center: readonly number[];
  readonly scale: readonly number[];
}

/**
 * Fits an affine quantizer to training data (rows x features). A constant feature c gets the span of max(|c|, 1).
 *
 * `bits`: 2..16, the width of the codes of the training data.
 */
export function affineQuantizer(X: Tensor, bits: number): AffineQuantizer {
  const [rows, features] = X.shape as [number, number];
  const center: number[] = [];
  const scale: number[] = [];
  for (let feature = 0; feature < features; feature++) {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < rows; row++) {
      const value = X.data[row * features + feature]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    const span = max > min ? max - min : Math.max(Math.abs(max), 1);
    center.push(min / 2 + max / 2);
    scale.push(span / (2 ** bits - 1));
  }
  return { kind: 'affine', bits, center, scale };
}

/** The smallest and the largest code, both inclusive. */
export function codeRange(quantizer: AffineQuantizer): {
  readonly min: number;
  readonly max: number;
} {
  return { min: -(2 ** quantizer.bits), max: 2 ** quantizer.bits - 1 };
}

/**
 * Codes of rows x features, same shape.
 *
 * @throws OUT_OF_RANGE under 'error', with the row, the feature, its value and its allowed range.
 */
export function quantizeAffine(
  { bits, center, scale }: AffineQuantizer,
  X: Tensor,
  outOfRange: OutOfRange,
): Tensor {
  const features = center.length;
  const data = new Float64Array(X.data.length);
  const min = -(2 ** bits);
  const max = 2 ** bits - 1;
  for (let i = 0; i < data.length; i++) {
    const feature = i % features;
    const step = scale[feature]!;
    if (step === 0) continue;
    const code = roundHalfEven((X.data[i]! - center[feature]!) / step);
    if ((code < min || code > max) && outOfRange === 'error') {
      const low = center[feature]! + min * step;
      const high = center[feature]! + max * step;
      throw error('OUT_OF_RANGE', {
        what: `feature ${feature} of row ${Math.floor(i / features)}`,
        given: X.data[i],
        allowed: `[${low.toPrecision(6)}, ${high.toPrecision(6)}]`,
        remedy:
          "widen the range with compile(X) on rows that have such values, or set outOfRange: 'clip'",
        feature,
      });
    }
    data[i] = Math.min(Math.max(code, min), max) + 0;
  }
  return { shape: X.shape, data };
}

/**
 * The quantizer with the range of each feature widened to take in all rows of X; features that fit already keep their
 * grid, and those that the model does not use stay off.
 */
export function widenAffine(quantizer: AffineQuantizer, X: Tensor): AffineQuantizer {
  const [rows, features] = X.shape as [number, number];
  const { min, max } = codeRange(quantizer);
  const center = [...quantizer.center];
  const scale = [...quantizer.scale];
  for (let feature = 0; feature < features; feature++) {
    const middle = quantizer.center[feature]!;
    const step = quantizer.scale[feature]!;
    if (step === 0) continue;
    let low = middle + (min / 2) * step;
    let high = middle + (max / 2) * step;
    let fits = true;
    for (let row = 0; row < rows; row++) {
      const value = X.data[row * features + feature]!;
      const code = roundHalfEven((value - middle) / step);
      fits &&= code >= min && code <= max;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (fits) continue;
    center[feature] = low / 2 + high / 2;
    scale[feature] = (high - low) / (2 ** quantizer.bits - 1);
  }
  return { ...quantizer, center, scale };
}

/** The values that codes stand for: |dequantizeAffine(quantizeAffine(x)) - x| <= scale / 2 inside the range. */
export function dequantizeAffine({ center, scale }: AffineQuantizer, codes: Tensor): Tensor {
  const features = center.length;
  const data = codes.data.map((code, i) => center[i % features]! + code * scale[i % features]!);
  return { shape: codes.shape, data };
}

/** score_k = scale * (sum_j code_j * weights[j][k] + bias[k]): integer weights features x outputs. */
export interface IntegerWeights {
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
  readonly scale: number;
}

/**
 * log2(range of an output) + log2(2-norm of its weights) that one leveled product has room for.
 *
 * An input's error has a standard deviation of 2^-48.3 of the torus (128 bits of security in dimension 2048), a sum's is
 * that times the norm of the weights, and half a step of the output must be 7.2 of them for an error rate of 2^-40
 * (13.2 for 2^-128). 48.3 - 1 - log2(13.2) = 43.6.
 */
const sumPrecision = 43;

/**
 * Integer weights for the codes of `quantizer`: weight = round(coef * step of the feature / scale), the finest common
 * `scale` for which every output fits `sumPrecision`. `coef` is outputs x features.
 *
 * Features that no output uses are switched off in the returned quantizer.
 */
export function quantizeWeights(
  quantizer: AffineQuantizer,
  coef: readonly (readonly number[])[],
  intercept: readonly number[],
): { readonly inputs: AffineQuantizer; readonly sums: IntegerWeights } {
  const { center, scale: steps } = quantizer;
  const weighted = coef.map((row) => row.map((weight, feature) => weight * steps[feature]!));
  let scale = 0;
  for (const row of weighted) {
    const sum = row.reduce((total, weight) => total + Math.abs(weight), 0);
    const range = sum * 2 ** (quantizer.bits + 1);
    scale = Math.max(scale, Math.sqrt((range * Math.hypot(...row)) / 2 ** sumPrecision));
  }
  if (scale === 0)
    scale = intercept.reduce((max, b) => Math.max(max, Math.abs(b)), 0) / 2 ** 16 || 1;
  const weights = center.map((_, feature) =>
    weighted.map((row) => roundHalfEven(row[feature]! / scale) + 0),
  );
  const bias = coef.map((row, output) => {
    const atCenter = row.reduce((sum, weight, j) => sum + weight * center[j]!, intercept[output]!);
    return roundHalfEven(atCenter / scale) + 0;
  });
  const used = steps.map((step, feature) => (weights[feature]!.some((w) => w !== 0) ? step : 0));
  return { inputs: { ...quantizer, scale: used }, sums: { weights, bias, scale } };
}

// ---- Trees ----

/**
 * Edges between the bins of one feature, ascending: midpoints between neighbouring training values. All of them where
 * there are at most 2^bits values, else those nearest to equal shares of the rows. A value x is in bin
 * `number of edges < x`, so `x <= edge` puts it below the edge; the first and the last bin are open-ended.
 */
export function binEdges(values: Float64Array, bits: number): Float64Array {
  const sorted = values.slice().sort();
  const starts: number[] = [];
  for (let i = 1; i < sorted.length; i++) if (sorted[i]! > sorted[i - 1]!) starts.push(i);
  const bins = 2 ** bits;
  const chosen =
    starts.length < bins ? starts : [...new Set(equalShares(starts, sorted.length, bins))];
  return Float64Array.from(chosen, (i) => midpoint(sorted[i - 1]!, sorted[i]!));
}

/** A number with low <= midpoint < high, so that the two values stay apart. */
export function midpoint(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle < high ? middle : low;
}

/** The number of `edges` (ascending) below x: the bin of x. */
export function binOf(edges: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The codes that a trained tree needs, and no more: for each feature it uses, which of its thresholds the value is
 * beyond. Comparisons of codes then equal comparisons of values, exactly, for any value at all.
 *
 * Codes are aligned to the left: code = bin * 2^(bits - bits of the feature), so that a feature with one threshold
 * shows in its highest bit alone, and the compiler drops the others.
 *
 * Whoever quantizes holds this object, and so learns the thresholds (not the shape of the tree, nor its leaves).
 */
export interface ThresholdQuantizer {
  readonly kind: 'thresholds';
  /** Width of a code, 1 or more. */
  readonly bits: number;
  /** Columns of X, ascending: input i is features[i]. Never empty. */
  readonly features: readonly number[];
  /** Thresholds of each input, ascending. */
  readonly thresholds: readonly (readonly number[])[];
}

/** The quantizer of all splits `feature[i] <= threshold[i]`; an entry of `feature` below 0 is no split. */
export function thresholdQuantizer(
  feature: readonly number[],
  threshold: readonly number[],
): ThresholdQuantizer {
  const used = new Map<number, Set<number>>();
  feature.forEach((column, i) => {
    if (column < 0) return;
    const set = used.get(column) ?? new Set();
    used.set(column, set.add(threshold[i]!));
  });
  if (used.size === 0) used.set(0, new Set());
  const features = [...used.keys()].sort((a, b) => a - b);
  const thresholds = features.map((column) => [...used.get(column)!].sort((a, b) => a - b));
  const bits = Math.max(1, ...thresholds.map(({ length }) => bitsOf(length)));
  return { kind: 'thresholds', bits, features, thresholds };
}

/** Codes of rows x features as rows x inputs, integers in [0, 2^bits - 1]. Never out of range. */
export function quantizeThresholds(
  { bits, features, thresholds }: ThresholdQuantizer,
  X: Tensor,
): Tensor {
  const [rows, columns] = X.shape as [number, number];
  const inputs = features.length;
  const data = new Float64Array(rows * inputs);
  for (let input = 0; input < inputs; input++) {
    const edges = thresholds[input]!;
    const unit = 2 ** (bits - bitsOf(edges.length));
    for (let row = 0; row < rows; row++) {
      data[row * inputs + input] = binOf(edges, X.data[row * columns + features[input]!]!) * unit;
    }
  }
  return { shape: [rows, inputs], data };
}

/** The largest code of values `<= threshold`: x <= threshold exactly where code <= lastCode. */
export function lastCode(
  { bits, thresholds }: ThresholdQuantizer,
  input: number,
  threshold: number,
): number {
  const edges = thresholds[input]!;
  return (binOf(edges, threshold) + 1) * 2 ** (bits - bitsOf(edges.length)) - 1;
}

/** Integer scores stand for score / `leafLevels`. Even, so that one half is a level and ties stay ties. */
export const leafLevels = 254;

/**
 * The probabilities of a leaf as integers in [0, leafLevels], with the same first largest class: where rounding would
 * tie the winner with an earlier class, that class loses one level.
 */
export function quantizeProbabilities(probabilities: readonly number[]): number[] {
  const levels = probabilities.map((p) => roundHalfEven(p * leafLevels));
  const winner = probabilities.indexOf(Math.max(...probabilities));
  levels[winner] = Math.max(levels[winner]!, 1);
  for (let c = 0; c < levels.length; c++) {
    if (c === winner || levels[c]! < levels[winner]!) continue;
    if (probabilities[c]! === probabilities[winner]!) continue;
    levels[c] = levels[winner]! - 1;
  }
  return levels;
}

/** Bits that tell `thresholds + 1` bins apart. */
function bitsOf(thresholds: number): number {
  return Math.ceil(Math.log2(thresholds + 1));
}

/** Of the ascending places where a new value starts, those nearest to k * rows / bins for k = 1 .. bins - 1. */
function equalShares(starts: readonly number[], rows: number, bins: number): number[] {
  const chosen: number[] = [];
  let at = 0;
  for (let k = 1; k < bins; k++) {
    const target = (k * rows) / bins;
    while (
      at + 1 < starts.length &&
      Math.abs(starts[at + 1]! - target) <= Math.abs(starts[at]! - target)
    )
      at++;
    chosen.push(starts[at]!);
  }
  return chosen;
}
