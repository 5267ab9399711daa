/**
 * Explainable boosting: generalized additive models whose terms are boosted tables.
 */
import {
  type ClassifierFitted,
  type ClassifierParameters,
  classifierParameters,
  classifierState,
  type Learned,
  type TrainingData,
} from '../classifier.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import { trainingWeights } from '../input.ts';
import type { IntegerModel, ScoreModel } from '../model.ts';
import type { ParameterTable } from '../parameters.ts';
import { DecisionClassifier } from '../probabilities.ts';
import { stepsBefore } from '../quantize/steps.ts';
import { register } from '../registry.ts';
import {
  type LearnedTargets,
  type RegressionData,
  Regressor,
  type RegressorFitted,
  regressorState,
} from '../regressor.ts';
import type { AnyStateTable, StateTable } from '../state.ts';
import { type AdditiveLearned, additiveState, fitAdditive } from './fit.ts';
import { logisticLoss, softmaxLoss, squaredLoss } from './losses.ts';
import { type AdditiveParameters, additiveParameters } from './parameters.ts';
import { tablesModel } from './program.ts';

/** Parameters of `ExplainableBoostingClassifier`. */
export type ExplainableBoostingClassifierParameters = AdditiveParameters & ClassifierParameters;

/** Parameters of `ExplainableBoostingRegressor`. */
export type ExplainableBoostingRegressorParameters = AdditiveParameters;

/** Learned state of `ExplainableBoostingClassifier`. */
export type ExplainableBoostingClassifierFitted = ClassifierFitted & AdditiveLearned;

/** Learned state of `ExplainableBoostingRegressor`. */
export type ExplainableBoostingRegressorFitted = RegressorFitted & AdditiveLearned;

const stateOfClassifier: StateTable<ExplainableBoostingClassifierFitted> = {
  ...classifierState,
  ...additiveState<ExplainableBoostingClassifierFitted>(({ classes }) =>
    classes.length === 2 ? 1 : classes.length,
  ),
};
const stateOfRegressor: StateTable<ExplainableBoostingRegressorFitted> = {
  ...regressorState,
  ...additiveState<ExplainableBoostingRegressorFitted>(() => 1),
};

const classifierTable: ParameterTable<ExplainableBoostingClassifierParameters> = {
  ...additiveParameters(0.015, 75),
  ...classifierParameters,
};
const regressorTable: ParameterTable<ExplainableBoostingRegressorParameters> = additiveParameters(
  0.04,
  500,
);

/**
 * score = intercept + sum of one table for each feature, and for chosen pairs of features, read at the bin of its value. Of
 * two classes the score is the logarithm of the odds; of more, probabilities are the softmax of one score for each. NaN
 * stands for a missing value and has a bin of its own.
 *
 * An encrypted prediction is one product of integers, as that of a linear model: the client says for each edge between two
 * bins whether a value is beyond it.
 */
export class ExplainableBoostingClassifier extends DecisionClassifier<
  ExplainableBoostingClassifierParameters,
  ExplainableBoostingClassifierFitted
> {
  constructor(parameters: Partial<ExplainableBoostingClassifierParameters> = {}) {
    super('ExplainableBoostingClassifier', classifierTable, parameters);
  }

  /** Names of the terms: of their features, two joined by ' & '. @throws NOT_FITTED */
  get termNames(): string[] {
    return namesOf(this.fitted);
  }

  override get folds(): MapKind {
    return 'monotone';
  }

  override folded(map: FeatureMap): ExplainableBoostingClassifierFitted | null {
    const quantizer = stepsBefore(this.fitted.quantizer, map);
    return quantizer && { ...this.fitted, quantizer, nFeaturesIn: map.inputs };
  }

  protected override train(
    { X, classes, indices, sampleWeight }: TrainingData,
    parameters: ExplainableBoostingClassifierParameters,
  ): Learned<ExplainableBoostingClassifierFitted> {
    const weights = trainingWeights(sampleWeight, null, classes, indices);
    const loss =
      classes.length === 2
        ? logisticLoss(indices, weights)
        : softmaxLoss(indices, classes.length, weights);
    const data = { X, loss, groups: indices, weights };
    return fitAdditive(this.name, data, parameters, parameters.output);
  }

  protected override get state(): AnyStateTable {
    return stateOfClassifier;
  }

  protected override scores(fitted: ExplainableBoostingClassifierFitted): ScoreModel {
    return { ...tablesModel(fitted.quantizer, fitted.integerSums), boundary: 0 };
  }

  protected override get takesMissing(): boolean {
    return true;
  }
}

/**
 * prediction = intercept + sum of one table for each feature, and for chosen pairs of features, read at the bin of its value:
 * of least squared error. NaN stands for a missing value and has a bin of its own.
 *
 * An encrypted prediction is one product of integers, as that of a linear model: the client says for each edge between two
 * bins whether a value is beyond it.
 */
export class ExplainableBoostingRegressor extends Regressor<
  ExplainableBoostingRegressorParameters,
  ExplainableBoostingRegressorFitted
> {
  constructor(parameters: Partial<ExplainableBoostingRegressorParameters> = {}) {
    super('ExplainableBoostingRegressor', regressorTable, parameters);
  }

  /** Names of the terms: of their features, two joined by ' & '. @throws NOT_FITTED */
  get termNames(): string[] {
    return namesOf(this.fitted);
  }

  override get folds(): MapKind {
    return 'monotone';
  }

  override folded(map: FeatureMap): ExplainableBoostingRegressorFitted | null {
    const quantizer = stepsBefore(this.fitted.quantizer, map);
    return quantizer && { ...this.fitted, quantizer, nFeaturesIn: map.inputs };
  }

  protected override train(
    { X, y, sampleWeight }: RegressionData,
    parameters: ExplainableBoostingRegressorParameters,
  ): LearnedTargets<ExplainableBoostingRegressorFitted> {
    const data = {
      X,
      loss: squaredLoss(y.data, sampleWeight),
      groups: new Int32Array(y.data.length),
      weights: sampleWeight,
    };
    return fitAdditive(this.name, data, parameters, 'scores');
  }

  protected override get state(): AnyStateTable {
    return stateOfRegressor;
  }

  protected override model(fitted: ExplainableBoostingRegressorFitted): IntegerModel {
    return tablesModel(fitted.quantizer, fitted.integerSums);
  }

  protected override get takesMissing(): boolean {
    return true;
  }
}

function namesOf({
  termFeatures,
  featureNamesIn,
}: Pick<ExplainableBoostingRegressorFitted, 'termFeatures' | 'featureNamesIn'>): string[] {
  return termFeatures.map((columns) =>
    columns.map((column) => featureNamesIn?.[column] ?? `feature ${column}`).join(' & '),
  );
}

register('ExplainableBoostingClassifier', ExplainableBoostingClassifier);
register('ExplainableBoostingRegressor', ExplainableBoostingRegressor);
