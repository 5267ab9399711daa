/**
 * Polynomial regression of one feature.
 */
import { PolynomialRegression as LeastSquaresPolynomial } from 'ml-regression';
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { IntegerModel } from '../model.ts';
import { integer, optional, type ParameterTable } from '../parameters.ts';
import type { OutOfRange } from '../quantize/affine.ts';
import { register } from '../registry.ts';
import type { RegressionData } from '../regressor.ts';
import {
  type AnyStateTable,
  isCount,
  isNumber,
  isNumbers,
  isPositive,
  type StateTable,
} from '../state.ts';
import {
  linearState,
  type QuantizationParameters,
  quantizationParameters,
  type Solution,
  widenedForm,
} from './fitted.ts';
import { LinearRegressor, type LinearRegressorFitted, linearRegressorState } from './regressor.ts';

/** Parameters of `PolynomialRegression`. */
export interface PolynomialRegressionParameters extends QuantizationParameters {
  /** Degree of the polynomial, 1 to 12; fewer than there are different values of the feature. Default 2. */
  readonly degree: number;
  /** The column of X that it is a polynomial of; the others are not looked at. Default null: the only one. */
  readonly feature: number | null;
}

/** Learned state of `PolynomialRegression`, with t = (x - center) / halfSpan in [-1, 1] over the training data. */
export interface PolynomialRegressionFitted extends LinearRegressorFitted {
  /** prediction = sum_k coefficients[k] t^k. (`coef` and `intercept` are those of the same polynomial in T_k(t).) */
  readonly coefficients: readonly number[];
  readonly feature: number;
  readonly center: number;
  readonly halfSpan: number;
  /** The largest |t| that is in range. */
  readonly limit: number;
}

const state: StateTable<PolynomialRegressionFitted> = {
  ...linearRegressorState,
  coefficients: (value) => isNumbers(value, null) && value.length >= 2,
  ...linearState<PolynomialRegressionFitted>(
    () => 1,
    ({ coefficients }) => coefficients.length - 1,
  ),
  feature: (value, { nFeaturesIn }) => isCount(value) && value < nFeaturesIn,
  center: isNumber,
  halfSpan: isPositive,
  limit: (value) => isNumber(value) && value >= 1,
};

const table: ParameterTable<PolynomialRegressionParameters> = {
  degree: integer(2, 1, 12),
  feature: optional(integer(0, 0, Number.MAX_SAFE_INTEGER)),
  ...quantizationParameters,
};

/** Values of the T_k that codes can hold, as multiples of those over the training data, which are in [-1, 1]. */
const headroom = 2;

/**
 * The polynomial of one feature with the least sum of squared errors, as `ml-regression` finds it.
 *
 * An encrypted prediction is one product of integers: the client encrypts the Chebyshev polynomials T_1(t) .. T_degree(t)
 * instead of x, and the prediction is a weighted sum of them. (A table of x on the server would be as exact, but takes a key,
 * and milliseconds. Powers of x in the place of the T_k would need more bits.) Values outside of the training data are in
 * range as far as all |T_k(t)| <= 2.
 */
export class PolynomialRegression extends LinearRegressor<
  PolynomialRegressionParameters,
  PolynomialRegressionFitted
> {
  constructor(parameters: Partial<PolynomialRegressionParameters> = {}) {
    super('PolynomialRegression', table, parameters);
  }

  /** Coefficients are those of polynomials, not of the feature. */
  override get folds(): null {
    return null;
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override solve(
    data: RegressionData,
    { degree, feature: named }: PolynomialRegressionParameters,
  ): Solution & Omit<PolynomialRegressionFitted, keyof LinearRegressorFitted> {
    const features = data.X.shape[1]!;
    const feature = named ?? 0;
    if (feature >= features || (named === null && features > 1)) {
      const allowed = features > 1 ? `an integer below ${features}` : '0 or null';
      throw error('BAD_OPTION', { what: 'PolynomialRegression.feature', given: named, allowed });
    }
    const { x, y } = countedRows(data, feature);
    const distinct = new Set(x).size;
    if (distinct <= degree) {
      const allowed = `an integer below ${distinct}, the number of different values of the feature`;
      throw error('BAD_OPTION', { what: 'PolynomialRegression.degree', given: degree, allowed });
    }
    const low = x.reduce((a, b) => Math.min(a, b));
    const high = x.reduce((a, b) => Math.max(a, b));
    const domain = { feature, center: low / 2 + high / 2, halfSpan: high / 2 - low / 2 };
    const t = x.map((value) => (value - domain.center) / domain.halfSpan);
    const found = new LeastSquaresPolynomial(t, y, degree).coefficients;
    // Adding 0 makes -0 the 0 that JSON would make of it.
    const coefficients = found.map((value) => value + 0);
    const [intercept, ...coef] = chebyshevCoefficients(coefficients);
    return {
      coef: [coef],
      intercept: [intercept!],
      nIter: 1,
      converged: true,
      coefficients,
      ...domain,
      limit: Math.cosh(Math.acosh(headroom) / degree),
    };
  }

  protected override terms(X: Tensor, fitted: PolynomialRegressionFitted): Tensor {
    const { feature, center, halfSpan, coefficients } = fitted;
    const [rows, features] = X.shape as [number, number];
    const t = Array.from(
      { length: rows },
      (_, row) => (X.data[row * features + feature]! - center) / halfSpan,
    );
    return chebyshevTerms(t, coefficients.length - 1);
  }

  /** Of each T_k the ends -1 and 1, whatever rows there are. */
  protected override reach(terms: Tensor): Tensor {
    const degree = terms.shape[1]!;
    return { shape: [2, degree], data: new Float64Array(2 * degree).fill(1).fill(-1, degree) };
  }

  protected override model(fitted: PolynomialRegressionFitted): IntegerModel {
    const model = super.model(fitted);
    const { outOfRange } = this.getParams();
    return { ...model, quantize: (X) => model.quantize(inRange(X, fitted, outOfRange)) };
  }

  protected override widened(
    fitted: PolynomialRegressionFitted,
    X: Tensor,
  ): PolynomialRegressionFitted {
    const t = this.terms(X, fitted).data.filter((_, i) => i % fitted.coef[0]!.length === 0);
    const limit = t.reduce((max, value) => Math.max(max, Math.abs(value)), fitted.limit);
    const ends = chebyshevTerms([-limit, limit], fitted.coef[0]!.length);
    return { ...fitted, limit, ...widenedForm(fitted, fitted, ends, false) };
  }
}

/** The feature and the targets of all rows that count. @throws UNSUPPORTED for weights that differ. */
function countedRows(
  { X, y, sampleWeight }: RegressionData,
  feature: number,
): { readonly x: number[]; readonly y: number[] } {
  const rows = Array.from(sampleWeight.keys()).filter((row) => sampleWeight[row]! > 0);
  if (rows.some((row) => sampleWeight[row] !== sampleWeight[rows[0]!])) {
    const remedy = 'leave the weights out, or fit LinearRegression to powers of the feature';
    const given = 'weights that differ';
    throw error('UNSUPPORTED', { what: 'PolynomialRegression: sampleWeight', given, remedy });
  }
  const features = X.shape[1]!;
  return {
    x: rows.map((row) => X.data[row * features + feature]!),
    y: rows.map((row) => y.data[row]!),
  };
}

/**
 * X with the feature's values inside of the range.
 *
 * @throws OUT_OF_RANGE under 'error'.
 */
function inRange(
  X: Tensor,
  { feature, center, halfSpan, limit }: PolynomialRegressionFitted,
  outOfRange: OutOfRange,
): Tensor {
  const [rows, features] = X.shape as [number, number];
  const low = center - limit * halfSpan;
  const high = center + limit * halfSpan;
  const data = X.data.slice();
  for (let row = 0; row < rows; row++) {
    const value = data[row * features + feature]!;
    if (value >= low && value <= high) continue;
    if (outOfRange !== 'clip') {
      throw error('OUT_OF_RANGE', {
        what: `feature ${feature} of row ${row}`,
        given: value,
        allowed: `[${low.toPrecision(6)}, ${high.toPrecision(6)}]`,
        remedy:
          "widen the range with compile(X) on rows that have such values, or set outOfRange: 'clip'",
        feature,
      });
    }
    data[row * features + feature] = Math.min(Math.max(value, low), high);
  }
  return { shape: X.shape, data };
}

/** Rows x degree: T_1(t) .. T_degree(t), by T_k+1 = 2 t T_k - T_k-1. */
function chebyshevTerms(t: readonly number[], degree: number): Tensor {
  const data = new Float64Array(t.length * degree);
  t.forEach((value, row) => {
    let [before, now] = [1, value];
    for (let k = 0; k < degree; k++) {
      data[row * degree + k] = now;
      [before, now] = [now, 2 * value * now - before];
    }
  });
  return { shape: [t.length, degree], data };
}

/** The coefficients of T_0 .. T_d of a polynomial with coefficients of t^0 .. t^d, by Horner's rule. */
function chebyshevCoefficients(powers: readonly number[]): number[] {
  let result = new Array<number>(powers.length).fill(0);
  for (const coefficient of [...powers].reverse()) {
    // t T_0 = T_1, and t T_k = (T_k-1 + T_k+1) / 2.
    const next = new Array<number>(powers.length).fill(0);
    result.forEach((value, k) => {
      if (value === 0) return;
      next[k + 1]! += k === 0 ? value : value / 2;
      if (k > 0) next[k - 1]! += value / 2;
    });
    next[0]! += coefficient;
    result = next;
  }
  return result;
}

register('PolynomialRegression', PolynomialRegression);
