/**
 * What all linear models share: coefficients, and the integers that stand for them.
 */
import { type ErrorCode, type ErrorDetails, error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { choice, integer, type ParameterTable } from '../parameters.ts';
import {
  type AffineQuantizer,
  affineQuantizer,
  type OutOfRange,
  widenAffine,
} from '../quantize/affine.ts';
import { isAffine, isWeights } from '../quantize/state.ts';
import {
  checkFinite,
  type IntegerForm,
  type IntegerWeights,
  type LinearForm,
  quantizeWeights,
  returnedScales,
} from '../quantize/weights.ts';
import { isCount, isMatrix, isNumbers, type StateTest } from '../state.ts';

/** Parameters of the integer form of every linear model. */
export interface QuantizationParameters {
  /**
   * Bits of a feature over the range of the training data, 2..16; one more bit is headroom. Default 12. Of classifiers
   * with `output: 'label'` it is the most that is tried.
   */
  readonly nBits: number;
  /**
   * What a prediction does with a value further out than half the training span beyond either end: 'error' (default)
   * refuses it, 'clip' takes the end of the range.
   */
  readonly outOfRange: OutOfRange;
}

/** The table of `QuantizationParameters`. */
export const quantizationParameters: ParameterTable<QuantizationParameters> = {
  nBits: integer(12, 2, 16),
  outOfRange: choice('error', ['error', 'clip']),
};

/** Learned state of every linear model. */
export interface LinearState {
  /** Outputs x features; one output for a single target, and for two classes. */
  readonly coef: readonly (readonly number[])[];
  /** One an output. */
  readonly intercept: readonly number[];
  /** Iterations of the solver, the most that any output took; 1 for a closed form. */
  readonly nIter: number;
  /** Features to integers. */
  readonly quantizer: AffineQuantizer;
  /** The integers that stand for `coef` and `intercept`. */
  readonly integerWeights: IntegerWeights;
}

/** Tests of `LinearState`: for so many outputs of so many features, or of functions of these. */
export function linearState<F extends LinearState>(
  outputsOf: (state: F) => number,
  termsOf: (state: F) => number,
): { readonly [Name in keyof LinearState]: StateTest<F> } {
  return {
    coef: (value, state) => isMatrix(value, outputsOf(state), termsOf(state)),
    intercept: (value, state) => isNumbers(value, outputsOf(state)),
    nIter: (value) => isCount(value),
    quantizer: (value, state) => isAffine(value, termsOf(state)),
    integerWeights: (value, state) => isWeights(value, state.quantizer, state),
  };
}

/** A solver's answer. */
export interface Solution extends LinearForm {
  readonly nIter: number;
  readonly converged: boolean;
}

/**
 * The coefficients in vectors of unknowns, one an output: each `features` long, and then the coefficient of an intercept
 * column that holds `interceptValue` everywhere, if there is one.
 */
export function linearForm(
  w: readonly Float64Array[],
  features: number,
  interceptValue: number | null,
): LinearForm {
  // Adding 0 makes -0 the 0 that JSON would make of it.
  return {
    coef: w.map((own) => Array.from(own.subarray(0, features), (value) => value + 0)),
    intercept: w.map((own) => (interceptValue === null ? 0 : own[features]! * interceptValue + 0)),
  };
}

/** Values whose squares, summed over rows, are still numbers. */
const largestValue = 1e140;

/** @throws OUT_OF_RANGE for values whose squares overflow: solvers would take them for anything. */
export function checkMagnitudes(what: string, { data }: Tensor): void {
  const given = data.find((value) => Math.abs(value) > largestValue);
  if (given === undefined) return;
  const remedy = 'scale it to moderate sizes';
  throw error('OUT_OF_RANGE', { what, given, allowed: `up to +-${largestValue}`, remedy });
}

/**
 * Refuses coefficients that are no numbers, and warns NOT_CONVERGED where the solver stopped early, as scikit-learn does.
 *
 * @throws NOT_FINITE where the solver overflowed.
 */
export function checkSolution(name: string, { coef, intercept, nIter, converged }: Solution): void {
  checkFinite(`${name}: a fitted coefficient`, [...coef.flat(), ...intercept]);
  if (!converged) warn('NOT_CONVERGED', { what: name, given: `${nIter} iterations` });
}

/** The form as exact sums, as finely as they can be returned: each output on its own scale, or all on a `common` one. */
export function returnedForm(
  X: Tensor,
  form: LinearForm,
  { nBits }: QuantizationParameters,
  common: boolean,
): IntegerForm {
  const grid = affineQuantizer(X, nBits);
  return quantizeWeights(grid, form, returnedScales(grid, form, common));
}

/** The same with features' ranges that take in all rows of X. */
export function widenedForm(
  { quantizer }: IntegerForm,
  form: LinearForm,
  X: Tensor,
  common: boolean,
): IntegerForm {
  const grid = widenAffine(quantizer, X);
  return quantizeWeights(grid, form, returnedScales(grid, form, common));
}

/** The values of a form, rows x outputs, in floating point. */
export function realValues({ shape, data }: Tensor, { coef, intercept }: LinearForm): Tensor {
  const [rows, features] = shape as [number, number];
  const values = new Float64Array(rows * coef.length);
  for (let row = 0; row < rows; row++) {
    coef.forEach((own, k) => {
      let sum = intercept[k]!;
      for (let j = 0; j < features; j++) sum += own[j]! * data[row * features + j]!;
      values[row * coef.length + k] = sum;
    });
  }
  return { shape: [rows, coef.length], data: values };
}

/** A warning in the place of an error: the model can be used, and may be worse than it could be. */
export function warn(code: ErrorCode, details: ErrorDetails): void {
  const type = code === 'QUANTIZATION_LOSS' ? 'QuantizationWarning' : 'ConvergenceWarning';
  process.emitWarning(error(code, details).message, { type, code });
}
