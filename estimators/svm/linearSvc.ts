/**
 * Linear support vector classification.
 */
import { error } from '../../lib/errors.ts';
import { createRandom } from '../../lib/random.ts';
import type { TrainingData } from '../classifier.ts';
import { type ClassWeight, isClassWeight, trainingWeights } from '../input.ts';
import {
  LinearClassifier,
  type LinearClassifierParameters,
  linearClassifierParameters,
  oneVersusRest,
} from '../linear/classifier.ts';
import { linearForm, type Solution } from '../linear/fitted.ts';
import { type Minimum, minimize } from '../linear/lbfgs.ts';
import {
  curvaturePreconditioner,
  type LinearProblem,
  linearProblem,
  squaredHingeObjective,
} from '../linear/objectives.ts';
import {
  boolean,
  choice,
  custom,
  integer,
  number,
  type ParameterTable,
  randomState,
} from '../parameters.ts';
import { register } from '../registry.ts';
import { dualCoordinateDescent } from './dualCoordinateDescent.ts';

/** Parameters of `LinearSVC`, with scikit-learn's defaults. */
export interface LinearSVCParameters extends LinearClassifierParameters {
  /** 'squaredHinge' (default) or 'hinge'. */
  readonly loss: 'squaredHinge' | 'hinge';
  /**
   * Whether to solve the dual problem by coordinate descent, or the primal one by L-BFGS, which 'hinge' does not allow.
   * 'auto' (default) takes the primal where it can and there are as many rows as features. Both have one solution.
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
  /** Weights of classes. Default null: 1 each. */
  readonly classWeight: ClassWeight;
  /** Seed of the order of rows in the dual solver. Default null: 0. */
  readonly randomState: number | null;
}

const table: ParameterTable<LinearSVCParameters> = {
  loss: choice('squaredHinge', ['squaredHinge', 'hinge']),
  dual: choice<boolean | 'auto'>('auto', ['auto', true, false]),
  C: number(1, { above: 0 }),
  fitIntercept: boolean(true),
  interceptScaling: number(1, { above: 0 }),
  tol: number(1e-4, { above: 0 }),
  maxIter: integer(1000, 1, Number.MAX_SAFE_INTEGER),
  classWeight: custom<ClassWeight>(null, "'balanced', weights by label, or null", isClassWeight),
  randomState,
  ...linearClassifierParameters,
};

/**
 * Minimizes 1/2 |w|^2 + C sum_i s_i max(0, 1 - y_i z_i)^2, or without the square for `loss: 'hinge'`; with three
 * classes or more, one such problem for each class against the rest.
 *
 * An encrypted prediction is one product of integers: it returns decision values, and the client makes labels of them.
 */
export class LinearSVC extends LinearClassifier<LinearSVCParameters> {
  constructor(parameters: Partial<LinearSVCParameters> = {}) {
    super('LinearSVC', table, parameters);
  }

  protected override solve(data: TrainingData, parameters: LinearSVCParameters): Solution {
    const { C, fitIntercept, interceptScaling, classWeight, loss, dual } = parameters;
    if (loss === 'hinge' && dual === false) {
      const details = { given: "false with loss 'hinge'", allowed: "true or 'auto'" };
      throw error('BAD_OPTION', { what: 'LinearSVC.dual', ...details });
    }
    const { X, classes, indices } = data;
    const weights = trainingWeights(data.sampleWeight, classWeight, classes, indices);
    const intercept = fitIntercept ? { value: interceptScaling, penalty: 1 } : null;
    const costs = weights.map((weight) => C * weight);
    const problem = linearProblem(X, costs, 1, intercept);
    const minima = oneVersusRest(data).map((signs) => solveOne(problem, signs, parameters));
    const solutions = minima.map(({ x }) => x);
    return {
      ...linearForm(solutions, X.shape[1]!, fitIntercept ? interceptScaling : null),
      nIter: Math.max(...minima.map(({ iterations }) => iterations)),
      converged: minima.every(({ converged }) => converged),
    };
  }
}

function solveOne(
  problem: LinearProblem,
  signs: Float64Array,
  { loss, dual, tol, maxIter, randomState }: LinearSVCParameters,
): Minimum {
  const { X, rows, columns, sampleWeight } = problem;
  if (loss === 'hinge' || dual === true || (dual === 'auto' && rows < columns)) {
    const { w, iterations, converged } = dualCoordinateDescent(
      { X, rows, columns, signs, costs: sampleWeight, loss },
      { tol, maxIter, random: createRandom(randomState ?? 0) },
    );
    return { x: w, iterations, converged };
  }
  // The gradient must shrink to this share of its first size: liblinear's rule for its own primal solver.
  const objective = squaredHingeObjective(problem, signs);
  const start = new Float64Array(columns);
  const gradient = new Float64Array(columns);
  objective(start, gradient);
  const positives = signs.reduce((count, sign) => count + Number(sign > 0), 0);
  const rarest = Math.max(Math.min(positives, rows - positives), 1) / rows;
  const first = gradient.reduce((max, slope) => Math.max(max, Math.abs(slope)), 0);
  return minimize(objective, start, {
    tol: tol * rarest * first,
    maxIter,
    precondition: curvaturePreconditioner(problem, 2),
  });
}

register('LinearSVC', LinearSVC);
