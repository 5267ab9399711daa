/**
 * Features of linear models as integers: each on its own even grid.
 */
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { roundHalfEven } from './rounding.ts';

/** What to do with a value outside the range of an affine quantizer: refuse it, or move it to the nearest end. */
export type OutOfRange = 'error' | 'clip';

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
    const steps = 2 ** bits - 1;
    // Adding 0 makes -0 the 0 that JSON would make of it.
    center.push(min / 2 + max / 2 + 0);
    scale.push(max > min ? spanShare(min, max, steps) : Math.max(Math.abs(max), 1) / steps);
  }
  return { kind: 'affine', bits, center, scale };
}

/** Doubles that differ by a smaller share of their size are close. */
const close = 2 ** -32;

/**
 * The span of two doubles over a number of steps. That of two large ones may be no double, so each is divided on its own; of
 * close ones the difference is exact, and would be lost in the rounding of their quotients.
 */
function spanShare(low: number, high: number, steps: number): number {
  const isClose = high - low < close * Math.max(Math.abs(low), Math.abs(high));
  return isClose ? (high - low) / steps : high / steps - low / steps;
}

/**
 * The same with a quarter of the span as room on either side, and `bits` bits, 2..16, for the codes of all of that: where
 * every bit of a code costs time, and more room would cost precision.
 */
export function narrowAffineQuantizer(X: Tensor, bits: number): AffineQuantizer {
  const { center, scale, ...grid } = affineQuantizer(X, bits - 1);
  return { ...grid, center, scale: scale.map((step) => (step * 3) / 4) };
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
    if (!(code >= min && code <= max) && outOfRange !== 'clip') {
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
    const steps = 2 ** quantizer.bits - 1;
    scale[feature] = spanShare(low, high, steps);
  }
  return { ...quantizer, center, scale };
}

/** The values that codes stand for: |dequantizeAffine(quantizeAffine(x)) - x| <= scale / 2 inside the range. */
export function dequantizeAffine({ center, scale }: AffineQuantizer, codes: Tensor): Tensor {
  const features = center.length;
  const data = codes.data.map((code, i) => center[i % features]! + code * scale[i % features]!);
  return { shape: codes.shape, data };
}
