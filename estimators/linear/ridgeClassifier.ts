/**
 * Classification by ridge regression.
 */
import type { TrainingData } from '../classifier.ts';
import { type ClassWeight, isClassWeight, trainingWeights } from '../input.ts';
import { boolean, custom, nonNegative, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import {
  LinearClassifier,
  type LinearClassifierParameters,
  linearClassifierParameters,
  oneVersusRest,
} from './classifier.ts';
import type { Solution } from './fitted.ts';
import { centered, ridge, uncentered } from './leastSquares.ts';

/** Parameters of `RidgeClassifier`, with scikit-learn's defaults. */
export interface RidgeClassifierParameters extends LinearClassifierParameters {
  /** Strength of the penalty, >= 0. Default 1. */
  readonly alpha: number;
  /** Whether to learn an intercept; it is not penalized. Default true. */
  readonly fitIntercept: boolean;
  /** Weights of classes. Default null: 1 each. */
  readonly classWeight: ClassWeight;
}

const table: ParameterTable<RidgeClassifierParameters> = {
  alpha: nonNegative(1),
  fitIntercept: boolean(true),
  classWeight: custom<ClassWeight>(null, "'balanced', weights by label, or null", isClassWeight),
  ...linearClassifierParameters,
};

/**
 * Ridge regression of targets that are +1 for rows of a class and -1 for the others; the largest prediction names the class.
 *
 * An encrypted prediction is one product of integers: it returns decision values, and the client makes labels of them.
 */
export class RidgeClassifier extends LinearClassifier<RidgeClassifierParameters> {
  constructor(parameters: Partial<RidgeClassifierParameters> = {}) {
    super('RidgeClassifier', table, parameters);
  }

  protected override solve(data: TrainingData, parameters: RidgeClassifierParameters): Solution {
    const { alpha, fitIntercept, classWeight } = parameters;
    const { X, classes, indices } = data;
    const sampleWeight = trainingWeights(data.sampleWeight, classWeight, classes, indices);
    const targets = oneVersusRest(data);
    const y = new Float64Array(indices.length * targets.length);
    targets.forEach((signs, k) => {
      signs.forEach((sign, row) => {
        y[row * targets.length + k] = sign;
      });
    });
    const shape = [indices.length, targets.length];
    const problem = centered({ X, y: { shape, data: y }, sampleWeight }, fitIntercept);
    const W = ridge(
      problem,
      targets.map(() => alpha),
    );
    return { ...uncentered(W, problem), nIter: 1, converged: true };
  }
}

register('RidgeClassifier', RidgeClassifier);
