/**
 * Gradient boosted trees for classification.
 */
import {
  type ClassifierFitted,
  type ClassifierParameters,
  classifierParameters,
  classifierState,
  type Labels,
  type Learned,
  labelsOf,
  type TrainingData,
} from '../classifier.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import { type ClassWeight, type FeaturesLike, isClassWeight, trainingWeights } from '../input.ts';
import { type ScoreModel, winners } from '../model.ts';
import { choice, custom, type ParameterTable } from '../parameters.ts';
import { DecisionClassifier } from '../probabilities.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isNumbers, type StateTable } from '../state.ts';
import { boostedBefore } from './fold.ts';
import { binaryLoss, softmaxLoss } from './losses.ts';
import { type BoostingParameters, boostingParameters } from './parameters.ts';
import { boostedModel, stagedScores } from './program.ts';
import { boostedState } from './state.ts';
import { type BoostedState, trainBooster } from './train.ts';

/** Parameters of `GradientBoostingClassifier`. */
export interface GradientBoostingClassifierParameters
  extends BoostingParameters,
    ClassifierParameters {
  /** 'logLoss' (default): logistic for two classes, of the softmax for more. */
  readonly loss: 'logLoss';
  /** Weights of classes. Default null: 1 each. */
  readonly classWeight: ClassWeight;
}

const table: ParameterTable<GradientBoostingClassifierParameters> = {
  loss: choice('logLoss', ['logLoss']),
  classWeight: custom<ClassWeight>(null, "'balanced', weights by label, or null", isClassWeight),
  ...boostingParameters,
  ...classifierParameters,
};

/** Learned state of `GradientBoostingClassifier`. */
export type GradientBoostingClassifierFitted = ClassifierFitted & BoostedState;

const state: StateTable<GradientBoostingClassifierFitted> = {
  ...classifierState,
  ...boostedState,
  start: (value, { classes }) => isNumbers(value, classes.length === 2 ? 1 : classes.length),
};

/**
 * A sum of trees, each a Newton step on the logistic loss of those before it: XGBoost's second-order boosting on histograms.
 * Missing values (NaN) go to the side of each split that lowers the loss most.
 *
 * An encrypted prediction sums up all trees on the server, in integers; see `leafSums` for how fine these are. It returns
 * one score, or one a class, and never those of single trees.
 */
export class GradientBoostingClassifier extends DecisionClassifier<
  GradientBoostingClassifierParameters,
  GradientBoostingClassifierFitted
> {
  constructor(parameters: Partial<GradientBoostingClassifierParameters> = {}) {
    super('GradientBoostingClassifier', table, parameters);
  }

  /** Labels after one round, after two, and so on, in clear. @throws as `predict`. */
  *stagedPredict(X: FeaturesLike): Generator<Labels> {
    const { fitted } = this;
    for (const scores of stagedScores(fitted, this.readRows(X))) {
      yield labelsOf(winners(scores), fitted.classes);
    }
  }

  override get folds(): MapKind {
    return 'monotone';
  }

  override folded(map: FeatureMap): GradientBoostingClassifierFitted | null {
    return boostedBefore(this.fitted, map);
  }

  protected override get takesMissing(): boolean {
    return true;
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, classes, indices, sampleWeight }: TrainingData,
    parameters: GradientBoostingClassifierParameters,
  ): Learned<GradientBoostingClassifierFitted> {
    const weights = trainingWeights(sampleWeight, parameters.classWeight, classes, indices);
    const loss =
      classes.length === 2
        ? binaryLoss(indices, weights)
        : softmaxLoss(indices, classes.length, weights);
    const data = { X, y: Float64Array.from(indices), weights, stratify: true };
    return trainBooster('GradientBoostingClassifier', data, loss, parameters, parameters.output);
  }

  protected override scores(fitted: GradientBoostingClassifierFitted): ScoreModel {
    return { ...boostedModel(fitted), boundary: 0 };
  }
}

register('GradientBoostingClassifier', GradientBoostingClassifier);
