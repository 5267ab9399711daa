/**
 * What linear classifiers share: coefficients, their integers, and the decision function.
 */
import type { NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import type { ArrayLike, Tensor } from '../../tracer/tensor.ts';
import { arrayOf, Classifier, type ClassifierFitted, type TrainingData } from '../classifier.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../estimator.ts';
import type { IntegerModel } from '../model.ts';
import { choice, integer, type ParameterTable } from '../parameters.ts';
import {
  type AffineQuantizer,
  affineQuantizer,
  type IntegerWeights,
  type OutOfRange,
  quantizeWeights,
  widenAffine,
} from '../quantize.ts';
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

/** The table of `QuantizationParameters`. */
export const quantizationParameters: ParameterTable<QuantizationParameters> = {
  nBits: integer(12, 2, 16),
  outOfRange: choice('error', ['error', 'clip']),
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
export abstract class LinearClassifier<P extends QuantizationParameters> extends Classifier<
  P,
  LinearFitted
> {
  /**
   * Signed scores: [rows] for two classes (above 0 is `classes[1]`), else [rows, classes]. They are those of the
   * quantized model: within its resolution of `X coef' + intercept`.
   *
   * @throws as `predict`.
   */
  decisionFunction(X: ArrayLike, options?: ClearOptions): NdArray<Float64Array>;
  decisionFunction(X: ArrayLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  decisionFunction(
    X: ArrayLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, ({ shape: [rows = 0, outputs = 0], data }) =>
      arrayOf({ shape: outputs === 1 ? [rows] : [rows, outputs], data }),
    );
  }

  protected override model({ quantizer, integerWeights }: LinearFitted): IntegerModel {
    return linearModel(quantizer, integerWeights, this.getParams().outOfRange);
  }

  protected override widened(fitted: LinearFitted, X: Tensor): LinearFitted {
    return { ...fitted, ...quantized(widenAffine(fitted.quantizer, X), fitted) };
  }
}

/** A solver's answer: solutions of K' outputs, each features and then the intercept column's coefficient, if any. */
export interface Solution {
  readonly w: readonly Float64Array[];
  readonly nIter: number;
  readonly converged: boolean;
}

/** The learned state of a solution. Warns (NOT_CONVERGED) where the solver stopped early. */
export function linearFitted(
  name: string,
  { X, classes }: TrainingData,
  { w, nIter, converged }: Solution,
  interceptValue: number | null,
  { nBits }: QuantizationParameters,
): LinearFitted {
  if (!converged) warnNotConverged(name, nIter);
  const features = X.shape[1]!;
  // Adding 0 makes -0 the 0 that JSON would make of it.
  const coef = w.map((own) => Array.from(own.subarray(0, features), (value) => value + 0));
  const intercept = w.map((own) =>
    interceptValue === null ? 0 : own[features]! * interceptValue + 0,
  );
  const learned = { classes, nFeaturesIn: features, coef, intercept, nIter };
  return { ...learned, ...quantized(affineQuantizer(X, nBits), learned) };
}

function quantized(
  grid: AffineQuantizer,
  { coef, intercept }: Pick<LinearFitted, 'coef' | 'intercept'>,
): Pick<LinearFitted, 'quantizer' | 'integerWeights'> {
  const { inputs, sums } = quantizeWeights(grid, coef, intercept);
  return { quantizer: inputs, integerWeights: sums };
}

/** As scikit-learn does, a warning and not an error: the model found so far is often good enough. */
function warnNotConverged(name: string, nIter: number): void {
  const { message, code } = error('NOT_CONVERGED', { what: name, given: `${nIter} iterations` });
  process.emitWarning(message, { type: 'ConvergenceWarning', code });
}
