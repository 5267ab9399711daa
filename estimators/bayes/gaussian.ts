/**
 * Gaussian naive Bayes.
 */
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import {
  type Expansion,
  expandedModel,
  type SumsForm,
  sumsForm,
  sumsState,
  widenedSums,
} from '../additive/expansion.ts';
import {
  type ClassifierFitted,
  type ClassifierParameters,
  classifierParameters,
  classifierState,
  type Learned,
  type TrainingData,
} from '../classifier.ts';
import { contrast, contrasts } from '../contrasts.ts';
import { trainingWeights } from '../input.ts';
import { type QuantizationParameters, quantizationParameters } from '../linear/fitted.ts';
import { type ScoreModel, winners } from '../model.ts';
import { nonNegative, type ParameterTable } from '../parameters.ts';
import {
  integerAffineQuantizer,
  quantizeSquares,
  squareCoefficients,
} from '../quantize/squares.ts';
import { register } from '../registry.ts';
import {
  type AnyStateTable,
  isList,
  isMatrix,
  isNumber,
  isNumbers,
  isPositive,
  type StateTable,
} from '../state.ts';
import {
  checkPriors,
  likelihoodResolution,
  NaiveBayes,
  priors,
  sumsByClass,
  weightsOfClasses,
} from './naiveBayes.ts';

/** Parameters of `GaussianNB`, with scikit-learn's defaults. */
export interface GaussianNBParameters extends ClassifierParameters, QuantizationParameters {
  /** Probabilities of the classes, each above 0, that sum to 1. Default null: their shares of the training rows. */
  readonly priors: readonly number[] | null;
  /** This share of the largest variance of any feature is added to all variances. Default 1e-9. */
  readonly varSmoothing: number;
}

/** What the densities of classes are made of. */
interface Densities {
  /** Means, classes x features. */
  readonly theta: readonly (readonly number[])[];
  /** Variances with what was added to them, classes x features. */
  readonly var: readonly (readonly number[])[];
  readonly classPrior: readonly number[];
}

/** Learned state of `GaussianNB`. */
export interface GaussianNBFitted extends ClassifierFitted, Densities, SumsForm {
  /** Weight of the rows of each class. */
  readonly classCount: readonly number[];
  /** What was added to all variances. */
  readonly epsilon: number;
}

const state: StateTable<GaussianNBFitted> = {
  ...classifierState,
  theta: (value, { classes, nFeaturesIn }) => isMatrix(value, classes.length, nFeaturesIn),
  var: (value, { classes, nFeaturesIn }) =>
    isMatrix(value, classes.length, nFeaturesIn) && value.flat().every(isPositive),
  classPrior: (value, { classes }) => isList(value, classes.length, isPositive),
  classCount: (value, { classes }) => isNumbers(value, classes.length),
  epsilon: isNumber,
  ...sumsState<GaussianNBFitted>(expansionOf),
};

const table: ParameterTable<GaussianNBParameters> = {
  priors,
  varSmoothing: nonNegative(1e-9),
  ...quantizationParameters,
  ...classifierParameters,
};

/**
 * score = log P(class) - 1/2 sum_j (log(2 pi var_j) + (x_j - theta_j)^2 / var_j): each feature is normally distributed in
 * each class, and independent of the others.
 *
 * An encrypted prediction is one product of integers: the client sends the code of each feature and its square, and what the
 * server computes of them is exact. The error of a score is that of the features' grids: half a step times its slope.
 */
export class GaussianNB extends NaiveBayes<GaussianNBParameters, GaussianNBFitted> {
  constructor(parameters: Partial<GaussianNBParameters> = {}) {
    super('GaussianNB', table, parameters);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, classes, indices, sampleWeight }: TrainingData,
    parameters: GaussianNBParameters,
  ): Learned<GaussianNBFitted> {
    const weights = trainingWeights(sampleWeight, null, classes, indices);
    const classCount = weightsOfClasses(indices, weights, classes);
    const epsilon = smoothing(X, parameters.varSmoothing);
    const { theta, variances } = moments(X, indices, weights, classCount);
    variances.forEach((own, k) => {
      own.forEach((variance, j) => {
        own[j] = variance + epsilon;
        if (own[j]! > 0) return;
        throw error('OUT_OF_RANGE', {
          what: `the variance of feature ${j} in class ${classes[k]}`,
          given: 0,
          allowed: 'a variance > 0',
          remedy: 'raise varSmoothing, or remove the feature',
        });
      });
    });
    const total = classCount.reduce((sum, count) => sum + count, 0);
    const classPrior = parameters.priors ?? classCount.map((count) => count / total);
    checkProbabilities(`${this.name}.priors`, classPrior, classes.length);
    const densities = { theta, var: variances, classPrior };
    const labelsOf = (rows: Tensor): Int32Array => winners(logLikelihoods(rows, densities));
    const form = sumsForm(this.name, X, labelsOf, expansionOf(densities), parameters);
    return { ...densities, classCount, epsilon, ...form };
  }

  protected override scores(fitted: GaussianNBFitted): ScoreModel {
    const { outOfRange } = this.getParams();
    return { ...expandedModel(fitted, expansionOf(fitted), outOfRange), boundary: 0 };
  }

  protected override widened(fitted: GaussianNBFitted, X: Tensor): GaussianNBFitted {
    return { ...fitted, ...widenedSums(fitted, X, expansionOf(fitted), fitted.output) };
  }
}

/** Codes and squares, and the coefficients of both in the densities of the classes. */
function expansionOf(densities: Densities): Expansion {
  return {
    grid: integerAffineQuantizer,
    range: (bits) => ({ min: -(2 ** bits), max: 2 ** bits }),
    inputs: quantizeSquares,
    sums: (grid) => {
      const constants = constantsOf(densities);
      const classes = densities.theta.map((theta, k) => {
        const curvature = densities.var[k]!.map((variance) => -1 / (2 * variance));
        const { coef, constant } = squareCoefficients(grid, curvature, theta);
        return { coef, intercept: constant + constants[k]! };
      });
      return {
        coef: contrasts(classes.map(({ coef }) => coef)),
        intercept: contrast(classes.map(({ intercept }) => intercept)),
      };
    },
    resolution: () => likelihoodResolution,
  };
}

/** Scores without what depends on the features. */
function constantsOf({ var: variances, classPrior }: Densities): number[] {
  return variances.map((own, k) =>
    own.reduce(
      (sum, variance) => sum - Math.log(2 * Math.PI * variance) / 2,
      Math.log(classPrior[k]!),
    ),
  );
}

/** Scores in floating point, rows x classes. */
function logLikelihoods({ shape, data }: Tensor, densities: Densities): Tensor {
  const [rows, features] = shape as [number, number];
  const { theta, var: variances } = densities;
  const constants = constantsOf(densities);
  const classes = theta.length;
  const scores = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < classes; k++) {
      let sum = constants[k]!;
      for (let j = 0; j < features; j++) {
        const distance = data[row * features + j]! - theta[k]![j]!;
        sum -= (distance * distance) / (2 * variances[k]![j]!);
      }
      scores[row * classes + k] = sum;
    }
  }
  return { shape: [rows, classes], data: scores };
}

/** Weighted means and variances of each feature in each class. */
function moments(
  X: Tensor,
  indices: Int32Array,
  weights: Float64Array,
  classCount: readonly number[],
): { readonly theta: number[][]; readonly variances: number[][] } {
  const classes = classCount.length;
  const meansOf = (values: Tensor): number[][] =>
    sumsByClass(values, indices, weights, classes).map((own, k) =>
      own.map((sum) => sum / classCount[k]!),
    );
  const theta = meansOf(X);
  const features = X.shape[1]!;
  const squares = X.data.map((value, i) => {
    const mean = theta[indices[Math.floor(i / features)]!]![i % features]!;
    return (value - mean) ** 2;
  });
  return { theta, variances: meansOf({ shape: X.shape, data: squares }) };
}

/** A share of the largest variance of a feature; the share itself where all features are constant. */
function smoothing({ shape, data }: Tensor, share: number): number {
  const [rows, features] = shape as [number, number];
  let largest = 0;
  for (let j = 0; j < features; j++) {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += data[row * features + j]! / rows;
    let variance = 0;
    for (let row = 0; row < rows; row++) {
      variance += (data[row * features + j]! - mean) ** 2 / rows;
    }
    largest = Math.max(largest, variance);
  }
  return largest > 0 ? share * largest : share;
}

function checkProbabilities(what: string, given: readonly number[], classes: number): void {
  checkPriors(what, given, classes);
  const sum = given.reduce((all, one) => all + one, 0);
  if (Math.abs(sum - 1) <= 1e-8) return;
  throw error('BAD_OPTION', { what, given: `numbers of sum ${sum}`, allowed: 'a sum of 1' });
}

register('GaussianNB', GaussianNB);
