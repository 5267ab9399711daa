/**
 * What linear classifiers share: coefficients, their integers, and the decision function.
 */
import type { NdArray } from 'ndarray';
import type { Tensor } from '../../tracer/tensor.ts';
import {
  Classifier,
  type ClassifierFitted,
  type ClassifierParameters,
  classifierParameters,
  classifierState,
  type Learned,
  type TrainingData,
} from '../classifier.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import type { FeaturesLike } from '../input.ts';
import type { ScoreModel } from '../model.ts';
import type { ParameterTable } from '../parameters.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../predictor.ts';
import { decisionValues } from '../probabilities.ts';
import type { IntegerForm, LinearForm } from '../quantize/weights.ts';
import type { AnyStateTable, StateTable } from '../state.ts';
import { comparedForm, labelsChanged, tolerableChange, widenedComparison } from './compared.ts';
import {
  checkMagnitudes,
  checkSolution,
  type LinearState,
  linearState,
  type QuantizationParameters,
  quantizationParameters,
  returnedForm,
  type Solution,
  warn,
  widenedForm,
} from './fitted.ts';
import { beforeAffine } from './fold.ts';
import { linearModel } from './program.ts';

/** Parameters of every linear classifier. */
export type LinearClassifierParameters = QuantizationParameters & ClassifierParameters;

/** The table of `LinearClassifierParameters`. */
export const linearClassifierParameters: ParameterTable<LinearClassifierParameters> = {
  ...quantizationParameters,
  ...classifierParameters,
};

/** Learned state of a linear classifier: one output for two classes, else one a class. */
export interface LinearFitted extends ClassifierFitted, LinearState {}

/** The tests of `LinearFitted`. */
export const linearClassifierState: StateTable<LinearFitted> = {
  ...classifierState,
  ...linearState<LinearFitted>(
    ({ classes }) => (classes.length === 2 ? 1 : classes.length),
    ({ nFeaturesIn }) => nFeaturesIn,
  ),
};

/** A classifier whose scores are weighted sums of features. */
export abstract class LinearClassifier<
  P extends LinearClassifierParameters,
  F extends LinearFitted = LinearFitted,
> extends Classifier<P, F> {
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
    return this.scored(X, options, decisionValues);
  }

  protected override get state(): AnyStateTable {
    return linearClassifierState;
  }

  /** Finds the coefficients (one output for two classes, else one a class), and what else a class keeps of its own. */
  protected abstract solve(
    data: TrainingData,
    parameters: P,
  ): Solution & Omit<F, keyof LinearFitted>;

  /**
   * Learns. As scikit-learn does, it warns and does not fail where a model may be worse than it could be: NOT_CONVERGED
   * where the solver stopped early; QUANTIZATION_LOSS where the integers give more than 1 % of the training rows another
   * label than the coefficients do.
   *
   * @throws OUT_OF_RANGE for values above 1e140; NOT_FINITE where the solver overflowed.
   */
  protected override train(data: TrainingData, parameters: P): Learned<F> {
    checkMagnitudes('X', data.X);
    return this.learnedOf(data, this.solve(data, parameters), parameters);
  }

  /** A solution with the integers that stand for it. */
  protected learnedOf({ X }: TrainingData, solution: Solution, parameters: P): Learned<F> {
    checkSolution(this.name, solution);
    const { converged: _, ...learned } = solution;
    const integers = integerForm(this.name, X, solution, parameters);
    return { ...learned, ...integers } as unknown as Learned<F>;
  }

  protected override scores({ quantizer, integerWeights }: F): ScoreModel {
    const model = linearModel(quantizer, integerWeights, this.getParams().outOfRange);
    return { ...model, boundary: 0 };
  }

  override get folds(): MapKind {
    return 'affine';
  }

  override folded(map: FeatureMap, X: Tensor): F | null {
    if (map.kind !== 'affine') return null;
    const { fitted } = this;
    const form = beforeAffine(fitted, map);
    const integers = integerForm(this.name, X, form, this.checkedParameters());
    return { ...fitted, ...form, ...integers, nFeaturesIn: map.inputs };
  }

  protected override widened(fitted: F, X: Tensor): F {
    const integers =
      fitted.output === 'label'
        ? widenedComparison(fitted, fitted, X)
        : widenedForm(fitted, fitted, X, true);
    return { ...fitted, ...integers };
  }
}

/** The integers of a form; warns where they give more training rows another label than is tolerable. */
function integerForm(
  name: string,
  X: Tensor,
  form: LinearForm,
  parameters: LinearClassifierParameters,
): IntegerForm {
  const integers =
    parameters.output === 'label'
      ? comparedForm(X, form, parameters)
      : returnedForm(X, form, parameters, true);
  const changed = labelsChanged(integers, X, form);
  if (changed > tolerableChange) {
    const given = `other labels for ${(100 * changed).toFixed(1)} % of the training rows`;
    warn('QUANTIZATION_LOSS', { what: name, given, allowed: '1 %' });
  }
  return integers;
}

/**
 * One problem of two classes for each output: +1 for rows of the class that it stands for (`classes[1]` of two), -1 for the
 * others.
 */
export function oneVersusRest({ classes, indices }: TrainingData): Float64Array[] {
  const positives = classes.length === 2 ? [1] : classes.map((_, index) => index);
  return positives.map((positive) =>
    Float64Array.from(indices, (index) => (index === positive ? 1 : -1)),
  );
}
