/**
 * scikit-learn's estimators, whose predictions can run encrypted.
 */

export type { GrowPolicy } from './boosting/boost.ts';
export {
  GradientBoostingClassifier,
  type GradientBoostingClassifierFitted,
  type GradientBoostingClassifierParameters,
} from './boosting/gradientBoostingClassifier.ts';
export {
  GradientBoostingRegressor,
  type GradientBoostingRegressorFitted,
  type GradientBoostingRegressorParameters,
} from './boosting/gradientBoostingRegressor.ts';
export type { RegressionLoss } from './boosting/losses.ts';
export type { BoostingParameters, Monotonic } from './boosting/parameters.ts';
export type { BoostedState } from './boosting/train.ts';
export type { BoostedTree } from './boosting/trees.ts';
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
export type { ComparisonQuantizer } from './quantize/comparisons.ts';
export type { LeafSums } from './quantize/leafSums.ts';
export type { ThresholdQuantizer } from './quantize/thresholds.ts';
export type { RegressorFitted } from './regressor.ts';
export { LinearSVC, type LinearSVCParameters } from './svm/linearSvc.ts';
export {
  DecisionTreeClassifier,
  type DecisionTreeClassifierParameters,
  type DecisionTreeFitted,
  type MaxFeatures,
} from './tree/decisionTree.ts';
export type { Tree } from './tree/grow.ts';
