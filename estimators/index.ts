/**
 * scikit-learn's estimators, whose predictions can run encrypted.
 */
export type { ClassifierFitted, Labels } from './classifier.ts';
export type {
  ClearOptions,
  EncryptedOptions,
  EstimatorJson,
  Fitted,
  PredictOptions,
} from './estimator.ts';
export type { ClassWeight, Label, LabelsLike } from './input.ts';
export type { LinearFitted } from './linear/classifier.ts';
export { LogisticRegression, type LogisticRegressionParameters } from './linear/logistic.ts';
export { accuracyScore, confusionMatrix } from './metrics.ts';
export { type Split, type SplitOptions, trainTestSplit } from './modelSelection.ts';
export type { AffineQuantizer, OutOfRange } from './quantize/affine.ts';
export type { ThresholdQuantizer } from './quantize/thresholds.ts';
export { LinearSVC, type LinearSVCParameters } from './svm/linearSvc.ts';
export {
  DecisionTreeClassifier,
  type DecisionTreeClassifierParameters,
  type DecisionTreeFitted,
  type MaxFeatures,
} from './tree/decisionTree.ts';
export type { Tree } from './tree/grow.ts';
