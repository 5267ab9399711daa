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
export type { BoostingParameters } from './boosting/parameters.ts';
export type { BoostedState } from './boosting/train.ts';
export type { BoostedTree } from './boosting/trees.ts';
export type {
  ClassifierFitted,
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
export type { ClassifierOutput } from './decider.ts';
export { PCA, type PCAFitted, type PCAParameters } from './decomposition/pca.ts';
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
export {
  KNeighborsClassifier,
  type KNeighborsClassifierFitted,
  type KNeighborsClassifierParameters,
} from './neighbors/kNeighborsClassifier.ts';
export {
  KNeighborsRegressor,
  type KNeighborsRegressorFitted,
  type KNeighborsRegressorParameters,
} from './neighbors/kNeighborsRegressor.ts';
export type {
  KNeighborsOptions,
  Neighbors,
  NeighborsFitted,
  NeighborsParameters,
} from './neighbors/neighbors.ts';
export * as architectures from './neural/architectures.ts';
export {
  MLPClassifier,
  type MLPClassifierParameters,
  type NetworkClassifierFitted,
  NeuralNetworkClassifier,
  type NeuralNetworkClassifierParameters,
} from './neural/classifier.ts';
export {
  type ActivationSpec,
  activation,
  averagePool,
  batchNormalization,
  type ConvolutionOptions,
  type ConvolutionSpec,
  conv1d,
  conv2d,
  type DenseSpec,
  dense,
  type FlattenSpec,
  flatten,
  maxPool,
  type NeuronOptions,
  type NormalizationSpec,
  type PoolSpec,
  type ResidualSpec,
  residual,
  type TrainableLayer,
} from './neural/layers.ts';
export type { HiddenActivation } from './neural/modules/activations.ts';
export type { WeightLimits } from './neural/modules/neurons.ts';
export type { Network } from './neural/network.ts';
export type { OptimizerParameters } from './neural/optimizer.ts';
export type {
  DenseNetworkParameters,
  LayerParameters,
  NetworkClassifierParameters,
  NetworkParameters,
} from './neural/parameters.ts';
export {
  MLPRegressor,
  type MLPRegressorParameters,
  type NetworkRegressorFitted,
  NeuralNetworkRegressor,
  type NeuralNetworkRegressorParameters,
} from './neural/regressor.ts';
export type { NetworkLearningRate } from './neural/schedule.ts';
export type { NetworkFitOptions, TrainedNetwork } from './neural/train.ts';
export type { PipelineStep, Steps } from './pipeline/assemble.ts';
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
export { makePipeline } from './pipeline/makePipeline.ts';
export {
  Pipeline,
  type PipelineFitted,
  type PipelineParameters,
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
export type { ComparisonQuantizer } from './quantize/comparisons.ts';
export type { LeafSums } from './quantize/leafSums.ts';
export type { RegressorFitted } from './regressor.ts';
export { LinearSVC, type LinearSVCParameters } from './svm/linearSvc.ts';
export { LinearSVR, type LinearSVRParameters } from './svm/linearSvr.ts';
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
export type { Monotonic } from './tree/split.ts';
export type { TreeSplitter } from './tree/train.ts';
