/**
 * Coefficients of linear models as integers; the steps of the features' grids are folded in.
 */
import type { AffineQuantizer } from './affine.ts';
import { roundHalfEven } from './rounding.ts';

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
 * that times the norm of the weights, and half a step of the output, whose range is rounded up to a power of two, must be
 * 13.5 of them for an error rate of 2^-128: 48.3 - 1 - 1 - log2(13.5) = 42.5.
 */
const exactSums = 42.5;

/**
 * The same where a sum is compared on the server: its width is at most half of this, since the norm of its weights is about
 * as large as its range over that of a feature. Every bit of a computed value costs a lookup or more.
 */
const comparedSums = 24;

/** The precision of sums that are returned, or of those that only decide on a label. */
export function sumPrecision(output: 'scores' | 'label'): number {
  return output === 'scores' ? exactSums : comparedSums;
}

/**
 * Integer weights for the codes of `quantizer`: weight = round(coef * step of the feature / scale), the finest common
 * `scale` for which every output fits `precision`. `coef` is outputs x features.
 *
 * Features that no output uses are switched off in the returned quantizer.
 */
export function quantizeWeights(
  quantizer: AffineQuantizer,
  coef: readonly (readonly number[])[],
  intercept: readonly number[],
  precision: number,
): { readonly inputs: AffineQuantizer; readonly sums: IntegerWeights } {
  const { center, scale: steps } = quantizer;
  const weighted = coef.map((row) => row.map((weight, feature) => weight * steps[feature]!));
  let scale = 0;
  for (const row of weighted) {
    const sum = row.reduce((total, weight) => total + Math.abs(weight), 0);
    const range = sum * 2 ** (quantizer.bits + 1);
    scale = Math.max(scale, Math.sqrt((range * Math.hypot(...row)) / 2 ** precision));
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
