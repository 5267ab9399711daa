/**
 * scikit-learn's estimators, whose predictions can run encrypted.
 */
export type {
  ClassifierFitted,
  ClassifierOutput,
  ClassifierParameters,
  Labels,
} from './classifier.ts';
export { PCA, type PCAFitted, type PCAParameters } from './decomposition/pca.ts';
export type { EstimatorJson, Fitted } from './estimator.ts';
export type { ClassWeight, FeaturesLike, Label, LabelsLike } from './input.ts';
export type { LinearFitted } from './linear/classifier.ts';
export { LogisticRegression, type LogisticRegressionParameters } from './linear/logistic.ts';
export { accuracyScore, confusionMatrix, r2Score } from './metrics.ts';
export { type Split, type SplitOptions, trainTestSplit } from './modelSelection.ts';
export type { Columns } from './pipeline/columns.ts';
export {
  type ColumnBlock,
  type ColumnEntry,
  type ColumnStep,
  ColumnTransformer,
  type ColumnTransformerFitted,
  type ColumnTransformerParameters,
} from './pipeline/columnTransformer.ts';
export type { Placement } from './pipeline/factor.ts';
export {
  makePipeline,
  Pipeline,
  type PipelineFitted,
  type PipelineParameters,
  type PipelineStep,
  type Steps,
} from './pipeline/pipeline.ts';
export type { ClearOptions, EncryptedOptions, PredictOptions } from './predictor.ts';
export type {
  CategoriesFitted,
  CategoriesParameter,
  Category,
  CategoryParameters,
} from './preprocessing/categories.ts';
export {
  KBinsDiscretizer,
  type KBinsDiscretizerFitted,
  type KBinsDiscretizerParameters,
} from './preprocessing/kBinsDiscretizer.ts';
export {
  MinMaxScaler,
  type MinMaxScalerFitted,
  type MinMaxScalerParameters,
} from './preprocessing/minMaxScaler.ts';
export {
  OneHotEncoder,
  type OneHotEncoderFitted,
  type OneHotEncoderParameters,
} from './preprocessing/oneHotEncoder.ts';
export {
  OrdinalEncoder,
  type OrdinalEncoderFitted,
  type OrdinalEncoderParameters,
} from './preprocessing/ordinalEncoder.ts';
export {
  PolynomialFeatures,
  type PolynomialFeaturesFitted,
  type PolynomialFeaturesParameters,
} from './preprocessing/polynomialFeatures.ts';
export {
  RobustScaler,
  type RobustScalerFitted,
  type RobustScalerParameters,
} from './preprocessing/robustScaler.ts';
export {
  SimpleImputer,
  type SimpleImputerFitted,
  type SimpleImputerParameters,
} from './preprocessing/simpleImputer.ts';
export {
  StandardScaler,
  type StandardScalerFitted,
  type StandardScalerParameters,
} from './preprocessing/standardScaler.ts';
export type { Cell, TableArray, TableLike } from './preprocessing/table.ts';
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
