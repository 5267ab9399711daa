/**
 * scikit-learn's estimators, whose predictions can run encrypted.
 */
export type {
  ClassifierFitted,
  ClassifierOutput,
  ClassifierParameters,
  Labels,
} from './classifier.ts';
export type { EstimatorJson, Fitted } from './estimator.ts';
export type { ClassWeight, FeaturesLike, Label, LabelsLike } from './input.ts';
export type { LinearFitted } from './linear/classifier.ts';
export { LogisticRegression, type LogisticRegressionParameters } from './linear/logistic.ts';
export { accuracyScore, confusionMatrix, r2Score } from './metrics.ts';
export { type Split, type SplitOptions, trainTestSplit } from './modelSelection.ts';
export type { ClearOptions, EncryptedOptions, PredictOptions } from './predictor.ts';
export type { AffineQuantizer, OutOfRange } from './quantize/affine.ts';
export type { ThresholdQuantizer } from './quantize/thresholds.ts';
export type { RegressorFitted } from './regressor.ts';
export { LinearSVC, type LinearSVCParameters } from './svm/linearSvc.ts';
export type { ClassImpurity } from './tree/classCriterion.ts';
export {
  DecisionTreeClassifier,
  type DecisionTreeClassifierParameters,
  type DecisionTreeFitted,
} from './tree/decisionTree.ts';
export {
  DecisionTreeRegressor,
  type DecisionTreeRegressorFitted,
  type DecisionTreeRegressorParameters,
} from './tree/decisionTreeRegressor.ts';
export {
  ExtraTreesClassifier,
  type ExtraTreesClassifierParameters,
  ExtraTreesRegressor,
  type ExtraTreesRegressorParameters,
} from './tree/extraTrees.ts';
export type { ForestClassifierFitted } from './tree/forestClassifier.ts';
export type { ForestRegressorFitted } from './tree/forestRegressor.ts';
export type { Tree } from './tree/grow.ts';
export {
  IsolationForest,
  type IsolationForestFitted,
  type IsolationForestParameters,
} from './tree/isolationForest.ts';
export type { MaxFeatures } from './tree/parameters.ts';
export {
  RandomForestClassifier,
  type RandomForestClassifierParameters,
  RandomForestRegressor,
  type RandomForestRegressorParameters,
} from './tree/randomForest.ts';
export type { RegressionImpurity } from './tree/regressionCriterion.ts';
export type { Splitter } from './tree/train.ts';
