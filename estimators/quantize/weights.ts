/**
 * Coefficients of linear models as integers; the steps of the features' grids are folded in.
 */
import { error } from '../../lib/errors.ts';
import type { AffineQuantizer } from './affine.ts';
import { roundHalfEven } from './rounding.ts';

/** value_k = coef_k . features + intercept_k: `coef` is outputs x features. */
export interface LinearForm {
  readonly coef: readonly (readonly number[])[];
  readonly intercept: readonly number[];
}

/** value_k = scale_k * (sum_j code_j * weights[j][k] + bias[k]): integer weights features x outputs. */
export interface IntegerWeights {
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
  readonly scale: readonly number[];
}

/** A form in integers. Features that no output uses are switched off in the quantizer. */
export interface IntegerForm {
  readonly quantizer: AffineQuantizer;
  readonly integerWeights: IntegerWeights;
}

/**
 * log2(range of an output) + log2(2-norm of its weights) that one leveled product has room for.
 *
 * An input's error has a standard deviation of 2^-48.3 of the torus (128 bits of security in dimension 2048), a sum's is
 * that times the norm of the weights, and half a step of the output, whose range is rounded up to a power of two, must be
 * 13.5 of them for an error rate of 2^-128: 48.3 - 1 - 1 - log2(13.5) = 42.5.
 */
export const exactSums = 42.5;

/** A bias takes no more bits than this: it adds nothing to the width of a sum, but must stay an exact double. */
const biasBits = 50;

/** Of each output, the finest scale for which its sum can be returned; with `common`, the coarsest of them for all. */
export function returnedScales(
  quantizer: AffineQuantizer,
  form: LinearForm,
  common: boolean,
): number[] {
  const offsets = atCenter(quantizer, form);
  const scales = inSteps(quantizer, form).map((own, k) => {
    const range = sumOf(own) * 2 ** (quantizer.bits + 1);
    // Two roots: the product of huge or tiny numbers would be infinite or 0.
    const finest = (Math.sqrt(range) * Math.sqrt(Math.hypot(...own))) / 2 ** (exactSums / 2);
    return usable(finest, [offsets[k]!]);
  });
  return common ? scales.map(() => Math.max(...scales)) : scales;
}

/** One scale for all outputs, for which those that are compared differ by at most `range`, but for rounding. */
export function comparedScales(
  quantizer: AffineQuantizer,
  form: LinearForm,
  range: number,
): number[] {
  const widest = widestDifference(inSteps(quantizer, form)) * 2 ** (quantizer.bits + 1);
  const scale = usable(widest / range, atCenter(quantizer, form));
  return form.coef.map(() => scale);
}

/** The range of what is compared: of the differences of outputs, or of a single one. */
export function comparedRange({ quantizer, integerWeights }: IntegerForm): number {
  const { weights, bias } = integerWeights;
  const byOutput = bias.map((_, k) => weights.map((own) => own[k]!));
  return widestDifference(byOutput) * 2 ** (quantizer.bits + 1);
}

/**
 * The form in integers: weight = round(coef * step of the feature / scale), and the bias likewise.
 *
 * @throws NOT_FINITE, OVERFLOW_2_53 where coefficients are too large for integers.
 */
export function quantizeWeights(
  quantizer: AffineQuantizer,
  form: LinearForm,
  scale: readonly number[],
): IntegerForm {
  const weighted = inSteps(quantizer, form);
  const weights = quantizer.center.map((_, feature) =>
    weighted.map((row, k) => roundHalfEven(row[feature]! / scale[k]!) + 0),
  );
  const bias = atCenter(quantizer, form).map((value, k) => roundHalfEven(value / scale[k]!) + 0);
  checkFinite('steps of sums', scale);
  checkExact([...weights.flat(), ...bias]);
  const used = quantizer.scale.map((step, feature) =>
    weights[feature]!.some((weight) => weight !== 0) ? step : 0,
  );
  return { quantizer: { ...quantizer, scale: used }, integerWeights: { weights, bias, scale } };
}

/** @throws NOT_FINITE for what is beyond the range of doubles: fitted numbers that overflowed. */
export function checkFinite(what: string, values: readonly number[]): void {
  const given = values.find((value) => !Number.isFinite(value));
  if (given === undefined) return;
  const remedy = 'scale features and targets to moderate sizes';
  throw error('NOT_FINITE', { what, given, remedy });
}

/** @throws OVERFLOW_2_53 for an integer that doubles do not hold exactly: sums of it would be other numbers. */
export function checkExact(integers: readonly number[]): void {
  const given = integers.find((value) => !Number.isSafeInteger(value));
  if (given === undefined) return;
  const remedy = 'scale features and targets to moderate sizes';
  throw error('OVERFLOW_2_53', { what: 'coefficients as integers', given, remedy });
}

/** A scale at which no bias is too large; 1 where there is nothing to scale. */
function usable(finest: number, offsets: readonly number[]): number {
  const largest = Math.max(...offsets.map(Math.abs));
  return Math.max(finest, largest / 2 ** biasBits) || 1;
}

/** The value of each output where all codes are 0. */
function atCenter({ center }: AffineQuantizer, { coef, intercept }: LinearForm): number[] {
  return coef.map((row, k) =>
    row.reduce((sum, weight, j) => sum + weight * center[j]!, intercept[k]!),
  );
}

/** Coefficients by step of a feature's grid, outputs x features. */
function inSteps({ scale }: AffineQuantizer, { coef }: LinearForm): number[][] {
  return coef.map((row) => row.map((weight, feature) => weight * scale[feature]!));
}

/** The largest sum of magnitudes of the difference of two outputs' weights, or of the weights of a single output. */
function widestDifference(byOutput: readonly (readonly number[])[]): number {
  if (byOutput.length === 1) return sumOf(byOutput[0]!);
  let widest = 0;
  byOutput.forEach((own, k) => {
    for (const other of byOutput.slice(0, k)) {
      widest = Math.max(widest, sumOf(own.map((weight, j) => weight - other[j]!)));
    }
  });
  return widest;
}

function sumOf(weights: readonly number[]): number {
  return weights.reduce((total, weight) => total + Math.abs(weight), 0);
}
