/**
 * What linear classifiers share: coefficients, their integers, and the decision function.
 */
import type { NdArray } from 'ndarray';
import { type ErrorCode, type ErrorDetails, error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import {
  arrayOf,
  Classifier,
  type ClassifierFitted,
  type ClassifierParameters,
  classifierParameters,
  type Learned,
  type TrainingData,
} from '../classifier.ts';
import type { FeaturesLike } from '../input.ts';
import { type ScoreModel, winners } from '../model.ts';
import { choice, integer, type ParameterTable } from '../parameters.ts';
import {
  type ClearOptions,
  clearly,
  type EncryptedOptions,
  type PredictOptions,
} from '../predictor.ts';
import {
  type AffineQuantizer,
  affineQuantizer,
  type OutOfRange,
  widenAffine,
} from '../quantize/affine.ts';
import { type IntegerWeights, quantizeWeights, sumPrecision } from '../quantize/weights.ts';
import { linearModel } from './program.ts';

/** Parameters of the integer form of every linear model. */
export interface QuantizationParameters {
  /** Bits of a feature over the range of the training data, 2..16; one more bit is headroom. Default 12. */
  readonly nBits: number;
  /**
   * What a prediction does with a value further out than half the training span beyond either end: 'error' (default)
   * refuses it, 'clip' takes the end of the range.
   */
  readonly outOfRange: OutOfRange;
}

/** Parameters of every linear classifier. */
export type LinearClassifierParameters = QuantizationParameters & ClassifierParameters;

/** The table of `QuantizationParameters`. */
export const quantizationParameters: ParameterTable<QuantizationParameters> = {
  nBits: integer(12, 2, 16),
  outOfRange: choice('error', ['error', 'clip']),
};

/** The table of `LinearClassifierParameters`. */
export const linearClassifierParameters: ParameterTable<LinearClassifierParameters> = {
  ...quantizationParameters,
  ...classifierParameters,
};

/** Learned state of a linear classifier of K classes; K' = 1 output for two classes, else K. */
export interface LinearFitted extends ClassifierFitted {
  /** K' x features. */
  readonly coef: readonly (readonly number[])[];
  /** K'. */
  readonly intercept: readonly number[];
  /** Iterations of the solver: the most that any output took. */
  readonly nIter: number;
  /** Features to integers. */
  readonly quantizer: AffineQuantizer;
  /** The integers that stand for `coef` and `intercept`. */
  readonly integerWeights: IntegerWeights;
}

/** A classifier whose scores are weighted sums of features. */
export abstract class LinearClassifier<P extends LinearClassifierParameters> extends Classifier<
  P,
  LinearFitted
> {
  /**
   * Signed scores: [rows] for two classes (above 0 is `classes[1]`), else [rows, classes]. They are those of the
   * quantized model: within its resolution of `X coef' + intercept`.
   *
   * @throws as `predict`.
   */
  decisionFunction(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  decisionFunction(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  decisionFunction(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, ({ shape: [rows = 0, outputs = 0], data }) =>
      arrayOf({ shape: outputs === 1 ? [rows] : [rows, outputs], data }),
    );
  }

  protected override scores({ quantizer, integerWeights }: LinearFitted): ScoreModel {
    const model = linearModel(quantizer, integerWeights, this.getParams().outOfRange);
    return { ...model, boundary: 0 };
  }

  protected override widened(fitted: LinearFitted, X: Tensor): LinearFitted {
    const precision = sumPrecision(fitted.output);
    return { ...fitted, ...quantized(widenAffine(fitted.quantizer, X), fitted, precision) };
  }
}

/** A solver's answer: solutions of K' outputs, each features and then the intercept column's coefficient, if any. */
export interface Solution {
  readonly w: readonly Float64Array[];
  readonly nIter: number;
  readonly converged: boolean;
}

/**
 * The learned state of a solution. As scikit-learn does, it warns and does not fail where a model may be worse than it
 * could be: NOT_CONVERGED where the solver stopped early; QUANTIZATION_LOSS where the integers give more than 1 % of the
 * training rows another label than the coefficients do.
 */
export function linearFitted(
  name: string,
  { X }: TrainingData,
  { w, nIter, converged }: Solution,
  interceptValue: number | null,
  { nBits, output }: LinearClassifierParameters,
): Learned<LinearFitted> {
  if (!converged) warn('NOT_CONVERGED', { what: name, given: `${nIter} iterations` });
  const features = X.shape[1]!;
  // Adding 0 makes -0 the 0 that JSON would make of it.
  const coef = w.map((own) => Array.from(own.subarray(0, features), (value) => value + 0));
  const intercept = w.map((own) =>
    interceptValue === null ? 0 : own[features]! * interceptValue + 0,
  );
  const learned = { coef, intercept, nIter };
  const precision = sumPrecision(output);
  const fitted = { ...learned, ...quantized(affineQuantizer(X, nBits), learned, precision) };
  const changed = labelsChanged(X, fitted);
  if (changed > tolerableChange) {
    const given = `other labels for ${(100 * changed).toFixed(1)} % of the training rows`;
    warn('QUANTIZATION_LOSS', { what: name, given, allowed: '1 %' });
  }
  return fitted;
}

/** Share of training rows that may get another label by quantization before `fit` warns. */
const tolerableChange = 0.01;

/** The share of rows to which integers and coefficients give different labels. */
function labelsChanged(
  X: Tensor,
  { coef, intercept, quantizer, integerWeights }: Learned<LinearFitted>,
): number {
  const [rows, features] = X.shape as [number, number];
  const scores = new Float64Array(rows * coef.length);
  for (let row = 0; row < rows; row++) {
    coef.forEach((own, k) => {
      let sum = intercept[k]!;
      for (let j = 0; j < features; j++) sum += own[j]! * X.data[row * features + j]!;
      scores[row * coef.length + k] = sum;
    });
  }
  const model = linearModel(quantizer, integerWeights, 'clip');
  const integers = winners(clearly(model, X));
  const reals = winners({ shape: [rows, coef.length], data: scores });
  return reals.reduce((count, winner, row) => count + Number(winner !== integers[row]), 0) / rows;
}

function quantized(
  grid: AffineQuantizer,
  { coef, intercept }: Pick<LinearFitted, 'coef' | 'intercept'>,
  precision: number,
): Pick<LinearFitted, 'quantizer' | 'integerWeights'> {
  const { inputs, sums } = quantizeWeights(grid, coef, intercept, precision);
  return { quantizer: inputs, integerWeights: sums };
}

function warn(code: ErrorCode, details: ErrorDetails): void {
  const type = code === 'NOT_CONVERGED' ? 'ConvergenceWarning' : 'QuantizationWarning';
  process.emitWarning(error(code, details).message, { type, code });
}
