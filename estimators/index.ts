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
export { accuracyScore, confusionMatrix, r2Score } from './metrics.ts';
export { type Split, type SplitOptions, trainTestSplit } from './modelSelection.ts';
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
