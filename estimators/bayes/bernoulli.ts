/**
 * Naive Bayes of bits.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { type TablesForm, tablesForm } from '../additive/integers.ts';
import { tablesModel } from '../additive/program.ts';
import type { Learned, TrainingData } from '../classifier.ts';
import { contrast } from '../contrasts.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import { trainingWeights } from '../input.ts';
import type { ScoreModel } from '../model.ts';
import { custom, type ParameterTable } from '../parameters.ts';
import { isSteps, isSums } from '../quantize/state.ts';
import { stepRange, stepsBefore } from '../quantize/steps.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isNumber, type StateTable } from '../state.ts';
import {
  classLogPriors,
  type DiscreteFitted,
  type DiscreteParameters,
  discreteParameters,
  discreteState,
  leastAlpha,
} from './discrete.ts';
import { checkValues, NaiveBayes, sumsByClass, weightsOfClasses } from './naiveBayes.ts';

/** Parameters of `BernoulliNB`, with scikit-learn's defaults. */
export interface BernoulliNBParameters extends DiscreteParameters {
  /** A feature counts as 1 where it is above this; null: features are 0 or 1, and nothing else. Default 0. */
  readonly binarize: number | null;
}

/** Learned state of `BernoulliNB`. */
export interface BernoulliNBFitted extends DiscreteFitted, TablesForm {
  /** The parameter `binarize` at the time of the fit. */
  readonly binarize: number | null;
}

const state: StateTable<BernoulliNBFitted> = {
  ...discreteState<BernoulliNBFitted>(({ quantizer }) => quantizer.terms.length),
  binarize: (value) => value === null || isNumber(value),
  quantizer: (value, { nFeaturesIn }) => isSteps(value, nFeaturesIn),
  integerSums: (value, { quantizer, classes }) => {
    const inputs = quantizer.steps.reduce((sum, own) => sum + own.length, 0);
    return isSums(value, inputs, classes.length === 2 ? 1 : classes.length, stepRange);
  },
};

const table: ParameterTable<BernoulliNBParameters> = {
  binarize: custom<number | null>(
    0,
    'a number, or null',
    (value) => value === null || (typeof value === 'number' && Number.isFinite(value)),
  ),
  ...discreteParameters,
};

/**
 * score = log P(class) + sum_j (b_j log p_j + (1 - b_j) log(1 - p_j)), where b_j says whether feature j is above `binarize`,
 * and p_j = (count_j + alpha) / (count + 2 alpha) is how often it is in the class.
 *
 * An encrypted prediction is one product of integers with bits: exact to the last of them, for values of any size.
 */
export class BernoulliNB extends NaiveBayes<BernoulliNBParameters, BernoulliNBFitted> {
  constructor(parameters: Partial<BernoulliNBParameters> = {}) {
    super('BernoulliNB', table, parameters);
  }

  override get folds(): MapKind {
    return 'monotone';
  }

  override folded(map: FeatureMap): BernoulliNBFitted | null {
    // Whether a feature is 0 or 1 is asked of what the map returns.
    if (this.fitted.binarize === null) return null;
    const quantizer = stepsBefore(this.fitted.quantizer, map);
    return quantizer && { ...this.fitted, quantizer, nFeaturesIn: map.inputs };
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, classes, indices, sampleWeight }: TrainingData,
    parameters: BernoulliNBParameters,
  ): Learned<BernoulliNBFitted> {
    const { binarize } = parameters;
    const alpha = Math.max(parameters.alpha, leastAlpha);
    if (binarize === null) checkBits(X);
    const weights = trainingWeights(sampleWeight, null, classes, indices);
    const edge = binarize ?? 0;
    const bits = { shape: X.shape, data: X.data.map((value) => Number(value > edge)) };
    const classCount = weightsOfClasses(indices, weights, classes);
    const featureCount = sumsByClass(bits, indices, weights, classes.length);
    const featureLogProb = featureCount.map((own, k) =>
      own.map((count) => Math.log(count + alpha) - Math.log(classCount[k]! + 2 * alpha)),
    );
    const classLogPrior = classLogPriors(this.name, classCount, parameters);
    const tables = featureCount[0]!.map((_, j) => [
      contrast(
        featureCount.map((own, k) =>
          Math.log((classCount[k]! - own[j]! + alpha) / (classCount[k]! + 2 * alpha)),
        ),
      ),
      contrast(featureLogProb.map((own) => own[j]!)),
    ]);
    const terms = tables.map((_, j) => ({ features: [j], edges: [[edge]] }));
    const scores = { tables, intercept: contrast(classLogPrior) };
    const form = tablesForm(this.name, X, { terms, missing: false }, scores, parameters.output);
    return { classCount, classLogPrior, featureCount, featureLogProb, binarize, ...form };
  }

  protected override scores({ quantizer, integerSums, binarize }: BernoulliNBFitted): ScoreModel {
    const model = tablesModel(quantizer, integerSums);
    const quantize = (X: Tensor): Tensor => {
      if (binarize === null) checkBits(X);
      return model.quantize(X);
    };
    return { ...model, quantize, boundary: 0 };
  }
}

/** @throws OUT_OF_RANGE for the first value that is neither 0 nor 1 */
function checkBits(X: Tensor): void {
  checkValues(X, (value) => value === 0 || value === 1, {
    allowed: '0 and 1, with binarize: null',
    remedy: 'set binarize to a threshold',
  });
}

register('BernoulliNB', BernoulliNB);
