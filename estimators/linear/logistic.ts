/**
 * Logistic regression: binary, and multinomial for three classes or more.
 */
import type { NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import { arrayOf, type TrainingData } from '../classifier.ts';
import { softmax } from '../classShares.ts';
import { type ClassWeight, type FeaturesLike, isClassWeight, trainingWeights } from '../input.ts';
import {
  boolean,
  choice,
  custom,
  integer,
  number,
  optional,
  type ParameterTable,
} from '../parameters.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../predictor.ts';
import { register } from '../registry.ts';
import {
  type LinearClassifierParameters,
  type LinearFitted,
  linearClassifierParameters,
  oneVersusRest,
} from './classifier.ts';
import { EncryptedLinearClassifier } from './encryptedClassifier.ts';
import type { EncryptedProblem } from './encryptedOptions.ts';
import { linearForm, type Solution } from './fitted.ts';
import { minimize } from './lbfgs.ts';
import {
  curvaturePreconditioner,
  type LinearProblem,
  linearProblem,
  logisticObjective,
  softmaxObjective,
} from './objectives.ts';
import { l1Share } from './penalties.ts';
import { proximalNewton } from './proximalNewton.ts';

/** Parameters of `LogisticRegression`, with scikit-learn's defaults. */
export interface LogisticRegressionParameters extends LinearClassifierParameters {
  /** 'l2' (default), 'l1', both ('elasticnet', by `l1Ratio`), or null for none. */
  readonly penalty: 'l1' | 'l2' | 'elasticnet' | null;
  /** Inverse strength of the penalty, > 0. Default 1. */
  readonly C: number;
  /** Whether to learn an intercept; it is not penalized. Default true. */
  readonly fitIntercept: boolean;
  /** Share of the l1 part in the penalty 'elasticnet', 0 to 1; null (default) with any other. */
  readonly l1Ratio: number | null;
  /** Stop where no element of the mean objective's gradient is larger. Default 1e-4. */
  readonly tol: number;
  /** Iterations at most. Default 100. */
  readonly maxIter: number;
  /** Weights of classes. Default null: 1 each. */
  readonly classWeight: ClassWeight;
}

const table: ParameterTable<LogisticRegressionParameters> = {
  penalty: choice('l2', ['l1', 'l2', 'elasticnet', null]),
  C: number(1, { above: 0 }),
  fitIntercept: boolean(true),
  l1Ratio: optional(l1Share(0.5)),
  tol: number(1e-4, { above: 0 }),
  maxIter: integer(100, 1, Number.MAX_SAFE_INTEGER),
  classWeight: custom<ClassWeight>(null, "'balanced', weights by label, or null", isClassWeight),
  ...linearClassifierParameters,
};

/**
 * Minimizes C sum_i s_i log-loss_i + penalty: log(1 + exp(-y z)) for two classes, the cross entropy of the softmax for more;
 * the penalty is 1/2 |coef|^2, |coef|_1, or with r = `l1Ratio` r |coef|_1 + (1 - r) / 2 |coef|^2. Without an l1 part it is
 * solved by L-BFGS under scikit-learn's stopping rule, preconditioned so that features need no scaling; with one, by a
 * proximal Newton method.
 *
 * An encrypted prediction is one product of integers: it returns decision values, and the client makes labels or
 * probabilities of them.
 */
export class LogisticRegression extends EncryptedLinearClassifier<LogisticRegressionParameters> {
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
    return this.scored(X, options, (scores) => arrayOf(softmax(scores)));
  }

  protected override solve(data: TrainingData, parameters: LogisticRegressionParameters): Solution {
    const { C, fitIntercept, tol, maxIter, classWeight } = parameters;
    const { X, classes, indices } = data;
    const l1Ratio = l1RatioOf(parameters);
    const weights = trainingWeights(data.sampleWeight, classWeight, classes, indices);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const strength = parameters.penalty === null ? 0 : 1 / (C * total);
    const problem = linearProblem(
      X,
      weights.map((weight) => weight / total),
      strength * (1 - l1Ratio),
      fitIntercept ? { value: 1, penalty: 0 } : null,
    );
    const outputs = classes.length === 2 ? 1 : classes.length;
    const features = X.shape[1]!;
    const { w, iterations, converged } =
      l1Ratio === 0
        ? smooth(problem, indices, outputs, { tol, maxIter })
        : proximalNewton(
            { ...problem, indices, outputs, l1: penalties(problem, features, strength * l1Ratio) },
            { tol, maxIter },
          );
    const form = linearForm(w, features, fitIntercept ? 1 : null);
    // Softmax is the same for intercepts that are all larger: scikit-learn's have the mean 0.
    const mean = outputs === 1 ? 0 : form.intercept.reduce((sum, b) => sum + b, 0) / outputs;
    const intercept = form.intercept.map((b) => b - mean);
    return { coef: form.coef, intercept, nIter: iterations, converged };
  }

  protected override encryptedProblem(
    data: TrainingData,
    { penalty, C, fitIntercept, classWeight }: LogisticRegressionParameters,
  ): Omit<EncryptedProblem, 'X'> & { readonly own: Omit<LinearFitted, keyof LinearFitted> } {
    if (penalty !== 'l2' && penalty !== null)
      throw this.unsupported('penalty', penalty, "'l2' or null");
    if (classWeight !== null) throw this.unsupported('classWeight', classWeight, 'null');
    const { length } = data.classes;
    if (length !== 2) throw this.unsupported('y', `${length} classes`, 'two classes');
    const alpha = penalty === null ? 0 : 1 / (C * data.indices.length);
    return {
      targets: oneVersusRest(data),
      alpha,
      eta: null,
      fitIntercept,
      randomState: 0,
      own: {},
    };
  }
}

/** The share of the l1 part, by the name of the penalty. @throws BAD_OPTION */
function l1RatioOf({ penalty, l1Ratio }: LogisticRegressionParameters): number {
  if ((penalty === 'elasticnet') !== (l1Ratio !== null)) {
    const allowed = "a number in [0, 1] with penalty 'elasticnet', null with any other";
    throw error('BAD_OPTION', { what: 'LogisticRegression.l1Ratio', given: l1Ratio, allowed });
  }
  return l1Ratio ?? Number(penalty === 'l1');
}

/** One weight a column: `weight` for features, and none for the intercept. */
function penalties({ columns }: LinearProblem, features: number, weight: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, j) => (j < features ? weight : 0));
}

/** The minimum without an l1 part. */
function smooth(
  problem: LinearProblem,
  indices: Int32Array,
  outputs: number,
  { tol, maxIter }: { readonly tol: number; readonly maxIter: number },
): {
  readonly w: readonly Float64Array[];
  readonly iterations: number;
  readonly converged: boolean;
} {
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
  return { w, iterations, converged };
}

register('LogisticRegression', LogisticRegression);
