/**
 * Linear support vector regression.
 */
import { error } from '../../lib/errors.ts';
import { createRandom } from '../../lib/random.ts';
import {
  linearForm,
  type QuantizationParameters,
  quantizationParameters,
  type Solution,
} from '../linear/fitted.ts';
import { type Minimum, minimize } from '../linear/lbfgs.ts';
import {
  accumulate,
  curvaturePreconditioner,
  type LinearProblem,
  linearProblem,
} from '../linear/objectives.ts';
import { LinearRegressor } from '../linear/regressor.ts';
import {
  boolean,
  choice,
  integer,
  nonNegative,
  number,
  type ParameterTable,
  randomState,
} from '../parameters.ts';
import { register } from '../registry.ts';
import type { RegressionData } from '../regressor.ts';
import { dualRegressionDescent } from './dualRegressionDescent.ts';

/** Parameters of `LinearSVR`, with scikit-learn's defaults. */
export interface LinearSVRParameters extends QuantizationParameters {
  /** 'epsilonInsensitive' (default) or 'squaredEpsilonInsensitive'. */
  readonly loss: 'epsilonInsensitive' | 'squaredEpsilonInsensitive';
  /** Distances from the target that cost nothing, >= 0. Default 0. */
  readonly epsilon: number;
  /**
   * Whether to solve the dual problem by coordinate descent, or the primal one by L-BFGS, which 'epsilonInsensitive' does
   * not allow. 'auto' (default) takes the primal where it can and there are as many rows as features. Both have one
   * solution.
   */
  readonly dual: boolean | 'auto';
  /** Weight of the losses against the penalty, > 0. Default 1. */
  readonly C: number;
  /** Whether to learn an intercept. Default true. */
  readonly fitIntercept: boolean;
  /**
   * The intercept is the coefficient of a feature that holds this value, times it, and is penalized with the others: a
   * larger value penalizes it less. Default 1.
   */
  readonly interceptScaling: number;
  /** Stopping tolerance. Default 1e-4. */
  readonly tol: number;
  /** Iterations at most. Default 1000. */
  readonly maxIter: number;
  /** Seed of the order of rows in the dual solver. Default null: 0. */
  readonly randomState: number | null;
}

const table: ParameterTable<LinearSVRParameters> = {
  loss: choice('epsilonInsensitive', ['epsilonInsensitive', 'squaredEpsilonInsensitive']),
  epsilon: nonNegative(0),
  dual: choice<boolean | 'auto'>('auto', ['auto', true, false]),
  C: number(1, { above: 0 }),
  fitIntercept: boolean(true),
  interceptScaling: number(1, { above: 0 }),
  tol: number(1e-4, { above: 0 }),
  maxIter: integer(1000, 1, Number.MAX_SAFE_INTEGER),
  randomState,
  ...quantizationParameters,
};

/**
 * Minimizes 1/2 |w|^2 + C sum_i s_i max(0, |y_i - z_i| - epsilon), or the square of that for
 * `loss: 'squaredEpsilonInsensitive'`.
 *
 * An encrypted prediction is one product of integers, and returns the prediction itself.
 */
export class LinearSVR extends LinearRegressor<LinearSVRParameters> {
  constructor(parameters: Partial<LinearSVRParameters> = {}) {
    super('LinearSVR', table, parameters);
  }

  protected override solve(
    { X, y, sampleWeight }: RegressionData,
    parameters: LinearSVRParameters,
  ): Solution {
    const { C, fitIntercept, interceptScaling, loss, dual } = parameters;
    if (loss === 'epsilonInsensitive' && dual === false) {
      const details = { given: "false with loss 'epsilonInsensitive'", allowed: "true or 'auto'" };
      throw error('BAD_OPTION', { what: 'LinearSVR.dual', ...details });
    }
    const intercept = fitIntercept ? { value: interceptScaling, penalty: 1 } : null;
    const costs = sampleWeight.map((weight) => C * weight);
    const problem = linearProblem(X, costs, 1, intercept);
    const primal = loss !== 'epsilonInsensitive' && dual !== true;
    const { x, iterations, converged } =
      primal && (dual === false || problem.rows >= problem.columns)
        ? solvePrimal(problem, y.data, parameters)
        : solveDual(problem, y.data, parameters);
    const form = linearForm([x], X.shape[1]!, fitIntercept ? interceptScaling : null);
    return { ...form, nIter: iterations, converged };
  }
}

function solveDual(
  { X, rows, columns, sampleWeight }: LinearProblem,
  y: Float64Array,
  { loss, epsilon, tol, maxIter, randomState }: LinearSVRParameters,
): Minimum {
  const { w, iterations, converged } = dualRegressionDescent(
    { X, rows, columns, y, costs: sampleWeight, epsilon, loss },
    { tol, maxIter, random: createRandom(randomState ?? 0) },
  );
  return { x: w, iterations, converged };
}

/** The squared loss is smooth: the gradient must shrink to `tol` of its first size, liblinear's rule. */
function solvePrimal(
  problem: LinearProblem,
  y: Float64Array,
  { epsilon, tol, maxIter }: LinearSVRParameters,
): Minimum {
  const objective = (w: Float64Array, gradient: Float64Array): number =>
    accumulate(problem, 1, w, gradient, (z, slopes, row) => {
      const off = z[0]! - y[row]!;
      const excess = Math.max(0, Math.abs(off) - epsilon);
      slopes[0] = 2 * Math.sign(off) * excess;
      return excess ** 2;
    });
  const start = new Float64Array(problem.columns);
  const gradient = new Float64Array(problem.columns);
  objective(start, gradient);
  const first = gradient.reduce((max, slope) => Math.max(max, Math.abs(slope)), 0);
  return minimize(objective, start, {
    tol: tol * first,
    maxIter,
    precondition: curvaturePreconditioner(problem, 2),
  });
}

register('LinearSVR', LinearSVR);
