/**
 * Naive Bayes of counts.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import {
  type Expansion,
  expandedModel,
  type SumsForm,
  sumsForm,
  sumsState,
  widenedSums,
} from '../additive/expansion.ts';
import type { Learned, TrainingData } from '../classifier.ts';
import { contrast, contrasts } from '../contrasts.ts';
import { trainingWeights } from '../input.ts';
import { type QuantizationParameters, quantizationParameters } from '../linear/fitted.ts';
import { type ScoreModel, winners } from '../model.ts';
import type { ParameterTable } from '../parameters.ts';
import { type AffineQuantizer, quantizeAffine } from '../quantize/affine.ts';
import { register } from '../registry.ts';
import type { AnyStateTable, StateTable } from '../state.ts';
import {
  classLogPriors,
  type DiscreteFitted,
  type DiscreteParameters,
  discreteParameters,
  discreteState,
  leastAlpha,
} from './discrete.ts';
import {
  checkValues,
  likelihoodResolution,
  NaiveBayes,
  sumsByClass,
  weightsOfClasses,
} from './naiveBayes.ts';

/** Parameters of `MultinomialNB`, with scikit-learn's defaults. */
export interface MultinomialNBParameters extends DiscreteParameters, QuantizationParameters {}

/** Learned state of `MultinomialNB`. */
export interface MultinomialNBFitted extends DiscreteFitted, SumsForm {}

const state: StateTable<MultinomialNBFitted> = {
  ...discreteState<MultinomialNBFitted>(({ nFeaturesIn }) => nFeaturesIn),
  ...sumsState<MultinomialNBFitted>(expansionOf),
};

const table: ParameterTable<MultinomialNBParameters> = {
  ...discreteParameters,
  ...quantizationParameters,
};

/**
 * score = log P(class) + sum_j x_j log p_j, where x_j >= 0 is the count of feature j, or any share such as tf-idf, and
 * p_j = (count_j + alpha) / sum_i (count_i + alpha) is the share of feature j in all counts of the class.
 *
 * An encrypted prediction is one product of integers, as that of a linear model.
 */
export class MultinomialNB extends NaiveBayes<MultinomialNBParameters, MultinomialNBFitted> {
  constructor(parameters: Partial<MultinomialNBParameters> = {}) {
    super('MultinomialNB', table, parameters);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, classes, indices, sampleWeight }: TrainingData,
    parameters: MultinomialNBParameters,
  ): Learned<MultinomialNBFitted> {
    checkCounts(X);
    const alpha = Math.max(parameters.alpha, leastAlpha);
    const weights = trainingWeights(sampleWeight, null, classes, indices);
    const classCount = weightsOfClasses(indices, weights, classes);
    const featureCount = sumsByClass(X, indices, weights, classes.length);
    const featureLogProb = featureCount.map((own) => {
      const total = own.reduce((sum, count) => sum + count + alpha, 0);
      return own.map((count) => Math.log(count + alpha) - Math.log(total));
    });
    const classLogPrior = classLogPriors(this.name, classCount, parameters);
    const learned = { classCount, classLogPrior, featureCount, featureLogProb };
    const labelsOf = (rows: Tensor): Int32Array => winners(logLikelihoods(rows, learned));
    return {
      ...learned,
      ...sumsForm(this.name, X, labelsOf, expansionOf(learned), parameters),
    };
  }

  protected override scores(fitted: MultinomialNBFitted): ScoreModel {
    const { outOfRange } = this.getParams();
    return { ...expandedModel(fitted, expansionOf(fitted), outOfRange), boundary: 0 };
  }

  protected override widened(fitted: MultinomialNBFitted, X: Tensor): MultinomialNBFitted {
    checkCounts(X);
    return { ...fitted, ...widenedSums(fitted, X, expansionOf(fitted), fitted.output) };
  }
}

type LogProbabilities = Pick<DiscreteFitted, 'featureLogProb' | 'classLogPrior'>;

function expansionOf({ featureLogProb, classLogPrior }: LogProbabilities): Expansion {
  const coef = contrasts(featureLogProb);
  const intercept = contrast(classLogPrior);
  return {
    grid: countGrid,
    range: (bits) => ({ min: -(2 ** bits), max: 2 ** bits - 1 }),
    inputs: (grid, X, outOfRange) => {
      checkCounts(X);
      return quantizeAffine(grid, X, outOfRange);
    },
    sums: ({ scale, center }) => ({
      coef: coef.map((own) => own.map((weight, j) => weight * scale[j]!)),
      intercept: coef.map((own, k) =>
        own.reduce((sum, weight, j) => sum + weight * center[j]!, intercept[k]!),
      ),
    }),
    resolution: () => likelihoodResolution,
  };
}

/**
 * Where all training values are integers, they are their own codes, and every feature may be as large as twice the largest of
 * any: a word may well occur more often than it did in training. Otherwise, a grid from 0 to twice the largest value of each
 * feature.
 */
function countGrid({ shape, data }: Tensor, bits: number): AffineQuantizer {
  const [rows, features] = shape as [number, number];
  const most = Array.from({ length: features }, (_, j) => {
    let largest = 0;
    for (let row = 0; row < rows; row++) largest = Math.max(largest, data[row * features + j]!);
    return largest || 1;
  });
  const exactBits = Math.max(1, Math.ceil(Math.log2(Math.max(...most) + 1)));
  if (exactBits <= bits && data.every(Number.isSafeInteger)) {
    const same = (value: number): number[] => new Array<number>(features).fill(value);
    return { kind: 'affine', bits: exactBits, center: same(2 ** exactBits), scale: same(1) };
  }
  return { kind: 'affine', bits, center: most, scale: most.map((own) => own / 2 ** bits) };
}

/** Scores in floating point, rows x classes. */
function logLikelihoods(
  { shape, data }: Tensor,
  { featureLogProb, classLogPrior }: LogProbabilities,
): Tensor {
  const [rows, features] = shape as [number, number];
  const classes = classLogPrior.length;
  const scores = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < classes; k++) {
      const own = featureLogProb[k]!;
      let sum = classLogPrior[k]!;
      for (let j = 0; j < features; j++) sum += data[row * features + j]! * own[j]!;
      scores[row * classes + k] = sum;
    }
  }
  return { shape: [rows, classes], data: scores };
}

/** @throws OUT_OF_RANGE for the first value below 0 */
function checkCounts(X: Tensor): void {
  checkValues(X, (value) => value >= 0, {
    allowed: 'counts >= 0',
    remedy: 'give counts or shares; GaussianNB takes any numbers',
  });
}

register('MultinomialNB', MultinomialNB);
