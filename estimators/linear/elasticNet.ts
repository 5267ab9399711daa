/**
 * Least squares with penalties that make coefficients exactly 0: elastic net, and lasso.
 */
import { Matrix } from 'ml-matrix';
import { createRandom } from '../../lib/random.ts';
import {
  boolean,
  choice,
  integer,
  nonNegative,
  type ParameterTable,
  randomState,
} from '../parameters.ts';
import { register } from '../registry.ts';
import type { RegressionData } from '../regressor.ts';
import { coordinateDescent } from './coordinateDescent.ts';
import { type QuantizationParameters, quantizationParameters, type Solution } from './fitted.ts';
import { centered, uncentered } from './leastSquares.ts';
import { l1Share } from './penalties.ts';
import { LinearRegressor } from './regressor.ts';

/** Parameters of `Lasso`, with scikit-learn's defaults. */
export interface LassoParameters extends QuantizationParameters {
  /** Strength of the penalty, >= 0. Default 1. With 0 the solver may not converge: use LinearRegression. */
  readonly alpha: number;
  /** Whether to learn an intercept; it is not penalized. Default true. */
  readonly fitIntercept: boolean;
  /** Passes over the features at most. Default 1000. */
  readonly maxIter: number;
  /** Stop where the duality gap is below this share of the targets' sum of squares. Default 1e-4. */
  readonly tol: number;
  /** Whether coefficients must be at least 0. Default false. */
  readonly positive: boolean;
  /** The order of features in a pass: in turn ('cyclic', the default), or drawn at 'random'. */
  readonly selection: 'cyclic' | 'random';
  /** Seed of the order with `selection: 'random'`. Default null: 0. */
  readonly randomState: number | null;
}

/** Parameters of `ElasticNet`, with scikit-learn's defaults. */
export interface ElasticNetParameters extends LassoParameters {
  /** Share of the l1 part in the penalty, 0 to 1. Default 0.5. */
  readonly l1Ratio: number;
}

const lassoTable: ParameterTable<LassoParameters> = {
  alpha: nonNegative(1),
  fitIntercept: boolean(true),
  maxIter: integer(1000, 1, Number.MAX_SAFE_INTEGER),
  tol: nonNegative(1e-4),
  positive: boolean(false),
  selection: choice('cyclic', ['cyclic', 'random']),
  randomState,
  ...quantizationParameters,
};

/**
 * Minimizes sum_i s_i |y_i - x_i w - b|^2 / (2 sum_i s_i) + alpha (r |w|_1 + (1 - r) / 2 |w|^2) with r = `l1Ratio`, for each
 * column of y on its own.
 *
 * An encrypted prediction is one product of integers, and returns the prediction itself. Features whose coefficients are 0
 * are not looked at.
 */
export class ElasticNet extends LinearRegressor<ElasticNetParameters> {
  constructor(parameters: Partial<ElasticNetParameters> = {}) {
    super('ElasticNet', { ...lassoTable, l1Ratio: l1Share(0.5) }, parameters);
  }

  protected override get takesOutputs(): boolean {
    return true;
  }

  protected override solve(data: RegressionData, parameters: ElasticNetParameters): Solution {
    return solveElasticNet(data, parameters, parameters.l1Ratio);
  }
}

/**
 * Minimizes sum_i s_i |y_i - x_i w - b|^2 / (2 sum_i s_i) + alpha |w|_1, for each column of y on its own.
 *
 * An encrypted prediction is one product of integers, and returns the prediction itself. Features whose coefficients are 0
 * are not looked at.
 */
export class Lasso extends LinearRegressor<LassoParameters> {
  constructor(parameters: Partial<LassoParameters> = {}) {
    super('Lasso', lassoTable, parameters);
  }

  protected override get takesOutputs(): boolean {
    return true;
  }

  protected override solve(data: RegressionData, parameters: LassoParameters): Solution {
    return solveElasticNet(data, parameters, 1);
  }
}

function solveElasticNet(
  data: RegressionData,
  { alpha, fitIntercept, maxIter, tol, positive, selection, randomState }: LassoParameters,
  l1Ratio: number,
): Solution {
  const problem = centered(data, fitIntercept);
  const total = data.sampleWeight.reduce((sum, weight) => sum + weight, 0);
  const columns = Array.from({ length: problem.X.columns }, (_, j) =>
    Float64Array.from(problem.X.getColumn(j)),
  );
  const random = selection === 'random' ? createRandom(randomState ?? 0) : null;
  const solved = Array.from({ length: problem.y.columns }, (_, k) =>
    coordinateDescent(
      {
        columns,
        y: Float64Array.from(problem.y.getColumn(k)),
        l1: alpha * l1Ratio * total,
        l2: alpha * (1 - l1Ratio) * total,
        positive,
      },
      { tol, maxIter, random },
    ),
  );
  const W = Matrix.zeros(columns.length, solved.length);
  solved.forEach(({ w }, k) => {
    W.setColumn(k, Array.from(w));
  });
  return {
    ...uncentered(W, problem),
    nIter: Math.max(...solved.map(({ iterations }) => iterations)),
    converged: solved.every(({ converged }) => converged),
  };
}

register('Lasso', Lasso);
register('ElasticNet', ElasticNet);
