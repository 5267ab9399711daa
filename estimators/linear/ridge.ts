/**
 * Ridge regression.
 */
import { error } from '../../lib/errors.ts';
import { boolean, custom, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import type { RegressionData } from '../regressor.ts';
import { type QuantizationParameters, quantizationParameters, type Solution } from './fitted.ts';
import { centered, ridge, uncentered } from './leastSquares.ts';
import { LinearRegressor } from './regressor.ts';

/** Parameters of `Ridge`, with scikit-learn's defaults. */
export interface RidgeParameters extends QuantizationParameters {
  /** Strength of the penalty, >= 0, for all outputs or one for each. Default 1. */
  readonly alpha: number | readonly number[];
  /** Whether to learn an intercept; it is not penalized. Default true. */
  readonly fitIntercept: boolean;
}

const table: ParameterTable<RidgeParameters> = {
  alpha: custom<number | readonly number[]>(
    1,
    'a number >= 0, or a list of them, one an output',
    (value) => isPenalty(value) || (Array.isArray(value) && value.every(isPenalty)),
  ),
  fitIntercept: boolean(true),
  ...quantizationParameters,
};

/**
 * Minimizes sum_i s_i |y_i - x_i w - b|^2 + alpha |w|^2, for each column of y on its own.
 *
 * An encrypted prediction is one product of integers, and returns the prediction itself.
 */
export class Ridge extends LinearRegressor<RidgeParameters> {
  constructor(parameters: Partial<RidgeParameters> = {}) {
    super('Ridge', table, parameters);
  }

  protected override get takesOutputs(): boolean {
    return true;
  }

  protected override solve(
    data: RegressionData,
    { alpha, fitIntercept }: RidgeParameters,
  ): Solution {
    const outputs = data.y.shape[1]!;
    const alphas = typeof alpha === 'number' ? new Array<number>(outputs).fill(alpha) : alpha;
    if (alphas.length !== outputs) {
      const given = `${alphas.length} numbers`;
      throw error('BAD_OPTION', {
        what: 'Ridge.alpha',
        given,
        allowed: `${outputs}, one an output`,
      });
    }
    const problem = centered(data, fitIntercept);
    return { ...uncentered(ridge(problem, alphas), problem), nIter: 1, converged: true };
  }
}

function isPenalty(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

register('Ridge', Ridge);
