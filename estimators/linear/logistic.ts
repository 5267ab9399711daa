/**
 * Logistic regression: binary, and multinomial for three classes or more.
 */
import type { NdArray } from 'ndarray';
import type { Tensor } from '../../tracer/tensor.ts';
import { arrayOf, type Learned, type TrainingData } from '../classifier.ts';
import { classShares } from '../classShares.ts';
import { type ClassWeight, type FeaturesLike, isClassWeight, trainingWeights } from '../input.ts';
import { boolean, choice, custom, integer, number, type ParameterTable } from '../parameters.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../predictor.ts';
import { register } from '../registry.ts';
import {
  LinearClassifier,
  type LinearClassifierParameters,
  type LinearFitted,
  linearClassifierParameters,
  linearFitted,
} from './classifier.ts';
import { minimize } from './lbfgs.ts';
import {
  curvaturePreconditioner,
  linearProblem,
  logisticObjective,
  softmaxObjective,
} from './objectives.ts';

/** Parameters of `LogisticRegression`, with scikit-learn's defaults. */
export interface LogisticRegressionParameters extends LinearClassifierParameters {
  /** 'l2' (default), or null for none. */
  readonly penalty: 'l2' | null;
  /** Inverse strength of the penalty, > 0. Default 1. */
  readonly C: number;
  /** Whether to learn an intercept; it is not penalized. Default true. */
  readonly fitIntercept: boolean;
  /** Stop where no element of the mean loss's gradient is larger. Default 1e-4. */
  readonly tol: number;
  /** Iterations at most. Default 100. */
  readonly maxIter: number;
  /** Weights of classes. Default null: 1 each. */
  readonly classWeight: ClassWeight;
}

const table: ParameterTable<LogisticRegressionParameters> = {
  penalty: choice('l2', ['l2', null]),
  C: number(1, { above: 0 }),
  fitIntercept: boolean(true),
  tol: number(1e-4, { above: 0 }),
  maxIter: integer(100, 1, Number.MAX_SAFE_INTEGER),
  classWeight: custom<ClassWeight>(null, "'balanced', weights by label, or null", isClassWeight),
  ...linearClassifierParameters,
};

/**
 * Minimizes C sum_i s_i log-loss_i + 1/2 |coef|^2: log(1 + exp(-y z)) for two classes, the cross entropy of the softmax
 * for more. Solved by L-BFGS under scikit-learn's stopping rule, preconditioned so that features need no scaling.
 *
 * An encrypted prediction is one product of integers: it returns decision values, and the client makes labels or
 * probabilities of them.
 */
export class LogisticRegression extends LinearClassifier<LogisticRegressionParameters> {
  constructor(parameters: Partial<LogisticRegressionParameters> = {}) {
    super('LogisticRegression', table, parameters);
  }

  /**
   * Probabilities, [rows, classes], of rows that sum to 1.
   *
   * @throws as `predict`.
   */
  predictProba(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  predictProba(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  predictProba(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, (scores) => arrayOf(probabilities(scores)));
  }

  protected override train(
    data: TrainingData,
    parameters: LogisticRegressionParameters,
  ): Learned<LinearFitted> {
    const { penalty, C, fitIntercept, tol, maxIter, classWeight } = parameters;
    const { X, classes, indices } = data;
    const weights = trainingWeights(data.sampleWeight, classWeight, classes, indices);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const strength = penalty === null ? 0 : 1 / (C * total);
    const problem = linearProblem(
      X,
      weights.map((weight) => weight / total),
      strength,
      fitIntercept ? { value: 1, penalty: 0 } : null,
    );
    const outputs = classes.length === 2 ? 1 : classes.length;
    const objective =
      outputs === 1
        ? logisticObjective(problem, indices)
        : softmaxObjective(problem, indices, outputs);
    const { columns } = problem;
    const { x, iterations, converged } = minimize(objective, new Float64Array(outputs * columns), {
      tol,
      maxIter,
      precondition: curvaturePreconditioner(problem, 1 / 4),
    });
    const w = Array.from({ length: outputs }, (_, k) => x.subarray(k * columns, (k + 1) * columns));
    const solution = { w, nIter: iterations, converged };
    return linearFitted('LogisticRegression', data, solution, fitIntercept ? 1 : null, parameters);
  }
}

/** Softmax of each row; of a single column z, the probabilities 1 - p and p = 1 / (1 + exp(-z)). */
function probabilities(scores: Tensor): Tensor {
  return classShares(scores, (own) => {
    const all = own.length === 1 ? [0, own[0]!] : [...own];
    const top = Math.max(...all);
    return all.map((score) => Math.exp(score - top));
  });
}

register('LogisticRegression', LogisticRegression);
