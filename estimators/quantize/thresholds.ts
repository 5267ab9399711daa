/**
 * Features as codes for predicting with a trained tree: which of its thresholds a value is beyond.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { binOf } from './bins.ts';

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

/** Bits that tell `thresholds + 1` bins apart. */
function bitsOf(thresholds: number): number {
  return Math.ceil(Math.log2(thresholds + 1));
}
