/**
 * Features and their squares as integers, for scores that are quadratic in each feature. Squares are exact.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import {
  type AffineQuantizer,
  affineQuantizer,
  type OutOfRange,
  quantizeAffine,
} from './affine.ts';
import { roundHalfEven } from './rounding.ts';

/**
 * An affine quantizer of which features that are integers in the training data have a grid with these on it: a power of two
 * as the step, and an integer as the centre.
 */
export function integerAffineQuantizer(X: Tensor, bits: number): AffineQuantizer {
  const [rows, features] = X.shape as [number, number];
  const quantizer = affineQuantizer(X, bits);
  const isInteger = quantizer.center.map((_, feature) => {
    for (let row = 0; row < rows; row++) {
      if (!Number.isSafeInteger(X.data[row * features + feature])) return false;
    }
    return true;
  });
  return {
    ...quantizer,
    center: quantizer.center.map((middle, j) =>
      isInteger[j]! ? roundHalfEven(middle) + 0 : middle,
    ),
    scale: quantizer.scale.map((step, j) => {
      // A step of more than 1 would leave out integers.
      return isInteger[j]! && step <= 1 ? 2 ** Math.ceil(Math.log2(step)) : step;
    }),
  };
}

/**
 * Inputs in [-2^bits, 2^bits], rows x (3 * features): the codes q of all features, then high and low halves of all squares,
 * q^2 = high * 2^bits + low.
 *
 * @throws OUT_OF_RANGE under 'error'
 */
export function quantizeSquares(
  quantizer: AffineQuantizer,
  X: Tensor,
  outOfRange: OutOfRange,
): Tensor {
  const codes = quantizeAffine(quantizer, X, outOfRange);
  const [rows, features] = codes.shape as [number, number];
  const unit = 2 ** quantizer.bits;
  const data = new Float64Array(rows * 3 * features);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < features; j++) {
      const code = codes.data[row * features + j]!;
      const high = Math.floor((code * code) / unit);
      const at = row * 3 * features + j;
      data[at] = code;
      data[at + features] = high;
      data[at + 2 * features] = code * code - high * unit;
    }
  }
  return { shape: [rows, 3 * features], data };
}

/**
 * Coefficients of the inputs of `quantizeSquares`, and the constant, for sum_j curvature_j (x_j - center_j)^2.
 */
export function squareCoefficients(
  quantizer: AffineQuantizer,
  curvature: readonly number[],
  center: readonly number[],
): { readonly coef: number[]; readonly constant: number } {
  const unit = 2 ** quantizer.bits;
  const squares = curvature.map((own, j) => own * quantizer.scale[j]! ** 2);
  // In steps of the grid, from its middle.
  const centers = center.map((own, j) => (own - quantizer.center[j]!) / quantizer.scale[j]!);
  return {
    coef: [
      ...squares.map((square, j) => -2 * square * centers[j]!),
      ...squares.map((square) => square * unit),
      ...squares,
    ],
    constant: squares.reduce((sum, square, j) => sum + square * centers[j]! ** 2, 0),
  };
}
