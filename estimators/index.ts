/**
 * scikit-learn's estimators, whose predictions can run encrypted.
 */

export {
  ExplainableBoostingClassifier,
  type ExplainableBoostingClassifierFitted,
  type ExplainableBoostingClassifierParameters,
  ExplainableBoostingRegressor,
  type ExplainableBoostingRegressorFitted,
  type ExplainableBoostingRegressorParameters,
} from './additive/explainableBoosting.ts';
export type { AdditiveLearned } from './additive/fit.ts';
export type { AdditiveParameters, Interactions } from './additive/parameters.ts';
export {
  BernoulliNB,
  type BernoulliNBFitted,
  type BernoulliNBParameters,
} from './bayes/bernoulli.ts';
export {
  GaussianNB,
  type GaussianNBFitted,
  type GaussianNBParameters,
} from './bayes/gaussian.ts';
export {
  MultinomialNB,
  type MultinomialNBFitted,
  type MultinomialNBParameters,
} from './bayes/multinomial.ts';
export type {
  ClassifierFitted,
  ClassifierOutput,
  ClassifierParameters,
  Labels,
} from './classifier.ts';
export type {
  ClustererFitted,
  ClustererParameters,
  ClusterLabels,
} from './cluster/clusterer.ts';
export {
  KMeans,
  type KMeansFitted,
  type KMeansInit,
  type KMeansParameters,
} from './cluster/kMeans.ts';
export {
  NearestCentroid,
  type NearestCentroidFitted,
  type NearestCentroidParameters,
} from './cluster/nearestCentroid.ts';
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
