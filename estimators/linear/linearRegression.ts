/**
 * Ordinary least squares.
 */
import { boolean, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import type { RegressionData } from '../regressor.ts';
import { type QuantizationParameters, quantizationParameters, type Solution } from './fitted.ts';
import { centered, leastSquares, uncentered } from './leastSquares.ts';
import { nonNegativeLeastSquares } from './nonNegative.ts';
import { LinearRegressor } from './regressor.ts';

/** Parameters of `LinearRegression`, with scikit-learn's defaults. */
export interface LinearRegressionParameters extends QuantizationParameters {
  /** Whether to learn an intercept. Default true. */
  readonly fitIntercept: boolean;
  /** Whether coefficients must be at least 0. Default false. */
  readonly positive: boolean;
}

const table: ParameterTable<LinearRegressionParameters> = {
  fitIntercept: boolean(true),
  positive: boolean(false),
  ...quantizationParameters,
};

/**
 * Minimizes sum_i s_i |y_i - x_i w - b|^2, for each column of y on its own; among several solutions it takes the one of
 * least norm.
 *
 * An encrypted prediction is one product of integers, and returns the prediction itself.
 */
export class LinearRegression extends LinearRegressor<LinearRegressionParameters> {
  constructor(parameters: Partial<LinearRegressionParameters> = {}) {
    super('LinearRegression', table, parameters);
  }

  protected override get takesOutputs(): boolean {
    return true;
  }

  protected override solve(
    data: RegressionData,
    { fitIntercept, positive }: LinearRegressionParameters,
  ): Solution {
    const problem = centered(data, fitIntercept);
    if (!positive) {
      return { ...uncentered(leastSquares(problem), problem), nIter: 1, converged: true };
    }
    const { W, iterations, converged } = nonNegativeLeastSquares(problem);
    return { ...uncentered(W, problem), nIter: iterations, converged };
  }
}

register('LinearRegression', LinearRegression);
