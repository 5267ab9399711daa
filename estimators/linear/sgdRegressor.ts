/**
 * Linear regression by stochastic gradient descent.
 */
import { r2Score } from '../metrics/regression.ts';
import { choice, nonNegative, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import type { RegressionData } from '../regressor.ts';
import type { Solution } from './fitted.ts';
import { LinearRegressor } from './regressor.ts';
import { type RegressionLoss, regressionLosses, sgdLoss } from './sgdLosses.ts';
import { descend, type SgdParameters, sgdParameters } from './sgdParameters.ts';

/** Parameters of `SGDRegressor`, with scikit-learn's defaults. */
export interface SGDRegressorParameters extends SgdParameters {
  /** 'squaredError' (default), 'huber', 'epsilonInsensitive' or 'squaredEpsilonInsensitive'. */
  readonly loss: RegressionLoss;
  /** Where 'huber' turns linear, and what the epsilon-insensitive losses do not count. Default 0.1. */
  readonly epsilon: number;
}

const table: ParameterTable<SGDRegressorParameters> = {
  loss: choice<RegressionLoss>('squaredError', regressionLosses),
  ...sgdParameters({ learningRate: 'invscaling', eta0: 0.01, powerT: 0.25 }),
  epsilon: nonNegative(0.1),
};

/**
 * Minimizes the mean of s_i loss(z_i - y_i) + penalty, one row after the other. Features should be scaled.
 *
 * An encrypted prediction is one product of integers, and returns the prediction itself.
 */
export class SGDRegressor extends LinearRegressor<SGDRegressorParameters> {
  constructor(parameters: Partial<SGDRegressorParameters> = {}) {
    super('SGDRegressor', table, parameters);
  }

  protected override solve(
    { X, y, sampleWeight }: RegressionData,
    parameters: SGDRegressorParameters,
  ): Solution {
    const problem = {
      X,
      targets: [y.data],
      sampleWeight,
      loss: sgdLoss(parameters.loss, parameters.epsilon),
      signs: false,
      score: (z: Float64Array, truth: Float64Array, weights: Float64Array): number =>
        r2Score(truth, z, { sampleWeight: weights }),
    };
    return descend(this.name, problem, parameters);
  }
}

register('SGDRegressor', SGDRegressor);
