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
export {
  type AccuracyOptions,
  accuracyScore,
  type BalancedAccuracyOptions,
  balancedAccuracyScore,
} from './metrics/accuracy.ts';
export { type ConfusionOptions, confusionMatrix } from './metrics/confusion.ts';
export {
  d2TweedieScore,
  meanGammaDeviance,
  meanPoissonDeviance,
  meanTweedieDeviance,
  type TweedieOptions,
} from './metrics/deviance.ts';
export { type LogLossOptions, logLoss } from './metrics/logLoss.ts';
export {
  f1Score,
  type PrecisionRecallMetric,
  type PrecisionRecallOptions,
  precisionScore,
  recallScore,
} from './metrics/precisionRecall.ts';
export type { MetricOptions } from './metrics/read.ts';
export {
  meanAbsoluteError,
  meanPinballLoss,
  meanSquaredError,
  type PinballOptions,
  type RegressionMetric,
  type RegressionOptions,
  r2Score,
  rootMeanSquaredError,
} from './metrics/regression.ts';
export { type RocCurve, type RocCurveOptions, rocCurve } from './metrics/roc.ts';
export { type RocAucOptions, rocAucScore } from './metrics/rocAuc.ts';
export type {
  Candidate,
  Distribution,
  ParameterDistributions,
  ParameterGrid,
} from './modelSelection/candidates.ts';
export {
  type CrossValidateOptions,
  type CrossValidationOptions,
  type CrossValidationResult,
  crossValidate,
  crossValScore,
} from './modelSelection/crossValidate.ts';
export type { FeaturesOf, TargetsOf } from './modelSelection/data.ts';
export type { EstimatorLike, ParametersOf } from './modelSelection/estimatorLike.ts';
export type { CrossValidation, ErrorScore } from './modelSelection/evaluate.ts';
export {
  type Fold,
  type FoldOptions,
  KFold,
  type Splitter,
  StratifiedKFold,
} from './modelSelection/folds.ts';
export { GridSearchCV, type GridSearchParameters } from './modelSelection/gridSearch.ts';
export {
  RandomizedSearchCV,
  type RandomizedSearchOptions,
  type RandomizedSearchParameters,
} from './modelSelection/randomizedSearch.ts';
export type { SearchResults } from './modelSelection/results.ts';
export { type Scorer, type ScorerName, type Scoring, scorers } from './modelSelection/scorers.ts';
export type { SearchFitOptions, SearchFitted, SearchParameters } from './modelSelection/search.ts';
export { type Split, type SplitOptions, trainTestSplit } from './modelSelection/split.ts';
export type { ClearOptions, EncryptedOptions, PredictOptions } from './predictor.ts';
export type { AffineQuantizer, OutOfRange } from './quantize/affine.ts';
export type { ComparisonQuantizer } from './quantize/comparisons.ts';
export type { LeafSums } from './quantize/leafSums.ts';
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
export type { TreeSplitter } from './tree/train.ts';
