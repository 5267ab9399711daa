/**
 * Linear classification by stochastic gradient descent.
 */
import type { NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { arrayOf, type TrainingData } from '../classifier.ts';
import { classShares } from '../classShares.ts';
import { type ClassWeight, type FeaturesLike, isClassWeight, trainingWeights } from '../input.ts';
import { accuracyScore } from '../metrics/accuracy.ts';
import { choice, custom, type ParameterTable } from '../parameters.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../predictor.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isOneOf, type StateTable } from '../state.ts';
import {
  type LinearClassifierParameters,
  type LinearFitted,
  linearClassifierParameters,
  linearClassifierState,
  oneVersusRest,
} from './classifier.ts';
import { EncryptedLinearClassifier } from './encryptedClassifier.ts';
import type { EncryptedProblem } from './encryptedOptions.ts';
import type { Solution } from './fitted.ts';
import { type ClassificationLoss, classificationLosses, sgdLoss } from './sgdLosses.ts';
import { descend, type SgdParameters, sgdParameters } from './sgdParameters.ts';

/** Parameters of `SGDClassifier`, with scikit-learn's defaults. */
export interface SGDClassifierParameters extends SgdParameters, LinearClassifierParameters {
  /** 'hinge' (default), 'logLoss', 'modifiedHuber', 'squaredHinge' or 'perceptron'. */
  readonly loss: ClassificationLoss;
  /** Weights of classes. Default null: 1 each. */
  readonly classWeight: ClassWeight;
}

/** Learned state of `SGDClassifier`. */
export interface SGDClassifierFitted extends LinearFitted {
  /** The parameter `loss` at the time of the fit. */
  readonly loss: ClassificationLoss;
}

const state: StateTable<SGDClassifierFitted> = {
  ...linearClassifierState,
  loss: isOneOf(...classificationLosses),
};

const table: ParameterTable<SGDClassifierParameters> = {
  loss: choice<ClassificationLoss>('hinge', classificationLosses),
  ...sgdParameters({ learningRate: 'optimal', eta0: 0, powerT: 0.5 }),
  classWeight: custom<ClassWeight>(null, "'balanced', weights by label, or null", isClassWeight),
  ...linearClassifierParameters,
};

/**
 * Minimizes the mean of s_i loss(y_i z_i) + penalty, one row after the other; with three classes or more, one such problem
 * for each class against the rest. Features should be scaled.
 *
 * An encrypted prediction is one product of integers: it returns decision values, and the client makes labels or
 * probabilities of them.
 */
export class SGDClassifier extends EncryptedLinearClassifier<
  SGDClassifierParameters,
  SGDClassifierFitted
> {
  constructor(parameters: Partial<SGDClassifierParameters> = {}) {
    super('SGDClassifier', table, parameters);
  }

  /**
   * Probabilities, [rows, classes], of rows that sum to 1, for the losses 'logLoss' and 'modifiedHuber'.
   *
   * @throws UNSUPPORTED for another loss, and as `predict`.
   */
  predictProba(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  predictProba(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  predictProba(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, (scores, { loss }) => {
      if (loss === 'logLoss') return arrayOf(sigmoidShares(scores));
      if (loss === 'modifiedHuber') return arrayOf(clippedShares(scores));
      const remedy = "fit with loss: 'logLoss', or ask for decisionFunction";
      throw error('UNSUPPORTED', { what: 'predictProba', given: `loss '${loss}'`, remedy });
    });
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override solve(
    data: TrainingData,
    parameters: SGDClassifierParameters,
  ): Solution & { readonly loss: ClassificationLoss } {
    const { classes, indices } = data;
    const { loss, classWeight } = parameters;
    const weights = trainingWeights(data.sampleWeight, classWeight, classes, indices);
    return { ...descendSigns(this.name, data, weights, loss, parameters), loss };
  }

  protected override encryptedProblem(
    data: TrainingData,
    parameters: SGDClassifierParameters,
  ): Omit<EncryptedProblem, 'X'> & { readonly own: { readonly loss: ClassificationLoss } } {
    const { loss, penalty, alpha, learningRate, eta0, classWeight, fitIntercept } = parameters;
    if (loss !== 'logLoss') throw this.unsupported('loss', loss, 'logLoss');
    if (penalty !== 'l2' && penalty !== null)
      throw this.unsupported('penalty', penalty, "'l2' or null");
    if (learningRate !== 'optimal' && learningRate !== 'constant')
      throw this.unsupported('learningRate', learningRate, "'optimal' or 'constant'");
    if (learningRate === 'constant' && eta0 === 0)
      throw this.unsupported('eta0', eta0, "a number > 0 with learningRate 'constant'");
    if (classWeight !== null) throw this.unsupported('classWeight', classWeight, 'null');
    for (const option of ['average', 'earlyStopping'] as const)
      if (parameters[option] !== false) throw this.unsupported(option, parameters[option], 'false');
    return {
      targets: oneVersusRest(data),
      alpha: penalty === null ? 0 : alpha,
      eta: learningRate === 'constant' ? eta0 : null,
      fitIntercept,
      randomState: parameters.randomState ?? 0,
      own: { loss },
    };
  }
}

/** Solves one problem of signs for each output. */
export function descendSigns(
  name: string,
  data: TrainingData,
  sampleWeight: Float64Array,
  loss: ClassificationLoss,
  parameters: SgdParameters,
): Solution {
  const problem = {
    X: data.X,
    targets: oneVersusRest(data),
    sampleWeight,
    loss: sgdLoss(loss, 0),
    signs: true,
    score: (z: Float64Array, y: Float64Array, weights: Float64Array): number =>
      accuracyScore(
        y,
        z.map((score) => (score > 0 ? 1 : -1)),
        { sampleWeight: weights },
      ),
  };
  return descend(name, problem, parameters);
}

/** Probabilities of each class against the rest, 1 / (1 + exp(-z)), divided by their sum. */
function sigmoidShares(scores: Tensor): Tensor {
  return classShares(scores, (own) => {
    const [z] = own;
    if (own.length === 1) return [1 / (1 + Math.exp(z!)), 1 / (1 + Math.exp(-z!))];
    // By logarithms: where all scores are far below 0, their ratios are still there.
    const logs = Array.from(
      own,
      (score) => Math.min(score, 0) - Math.log1p(Math.exp(-Math.abs(score))),
    );
    const top = Math.max(...logs);
    return logs.map((log) => Math.exp(log - top));
  });
}

/**
 * (1 + z) / 2, cut off at 0 and 1, divided by their sum; equal shares where all are 0. (Zhang, "Statistical behavior and
 * consistency of classification methods based on convex risk minimization", 2004)
 */
function clippedShares(scores: Tensor): Tensor {
  return classShares(scores, (own) => {
    const shares = Array.from(own, (z) => (Math.min(Math.max(z, -1), 1) + 1) / 2);
    if (own.length === 1) return [1 - shares[0]!, shares[0]!];
    return shares.every((share) => share === 0) ? shares.map(() => 1) : shares;
  });
}

register('SGDClassifier', SGDClassifier);
