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
export type { LinearClassifierParameters, LinearFitted } from './linear/classifier.ts';
export {
  ElasticNet,
  type ElasticNetParameters,
  Lasso,
  type LassoParameters,
} from './linear/elasticNet.ts';
export type { LinearState, QuantizationParameters } from './linear/fitted.ts';
export {
  GammaRegressor,
  type GlmFitted,
  type GlmParameters,
  PoissonRegressor,
  TweedieRegressor,
  type TweedieRegressorParameters,
} from './linear/glm.ts';
export { LinearRegression, type LinearRegressionParameters } from './linear/linearRegression.ts';
export { LogisticRegression, type LogisticRegressionParameters } from './linear/logistic.ts';
export { Perceptron, type PerceptronParameters } from './linear/perceptron.ts';
export {
  PolynomialRegression,
  type PolynomialRegressionFitted,
  type PolynomialRegressionParameters,
} from './linear/polynomial.ts';
export type { LinearRegressorFitted } from './linear/regressor.ts';
export { Ridge, type RidgeParameters } from './linear/ridge.ts';
export { RidgeClassifier, type RidgeClassifierParameters } from './linear/ridgeClassifier.ts';
export {
  SGDClassifier,
  type SGDClassifierFitted,
  type SGDClassifierParameters,
} from './linear/sgdClassifier.ts';
export { SGDRegressor, type SGDRegressorParameters } from './linear/sgdRegressor.ts';
export { accuracyScore, confusionMatrix, r2Score } from './metrics.ts';
export { type Split, type SplitOptions, trainTestSplit } from './modelSelection.ts';
export type { ClearOptions, EncryptedOptions, PredictOptions } from './predictor.ts';
export type { AffineQuantizer, OutOfRange } from './quantize/affine.ts';
export type { ThresholdQuantizer } from './quantize/thresholds.ts';
export type { RegressorFitted } from './regressor.ts';
export { LinearSVC, type LinearSVCParameters } from './svm/linearSvc.ts';
export { LinearSVR, type LinearSVRParameters } from './svm/linearSvr.ts';
export {
  DecisionTreeClassifier,
  type DecisionTreeClassifierParameters,
  type DecisionTreeFitted,
  type MaxFeatures,
} from './tree/decisionTree.ts';
export type { Tree } from './tree/grow.ts';
