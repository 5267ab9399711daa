/**
 * Models that other libraries trained: readers that give estimators which predict in clear, simulated and encrypted.
 */

export type {
  QuantizationReport,
  QuantizationRow,
} from '../estimators/neural/posttraining/report.ts';
export { fromCatBoost } from './catboost/fromCatBoost.ts';
export type { FinishStep } from './imported/finish.ts';
export type { NetworkCore } from './imported/network.ts';
export type { ImportedParts } from './imported/parts.ts';
export type { PrepareStep } from './imported/prepare.ts';
export type { ImportedTree, TreesCore } from './imported/trees.ts';
export { ImportedClassifier, type ImportedClassifierFitted } from './importedClassifier.ts';
export { ImportedRegressor, type ImportedRegressorFitted } from './importedRegressor.ts';
export { fromLightGBM } from './lightgbm/fromLightGBM.ts';
export { fromOnnx, type OnnxOptions } from './onnx/fromOnnx.ts';
export type { ReadOptions } from './options.ts';
export { type QuantizedModel, type QuantizeOptions, quantize } from './quantize.ts';
export { fromTensorFlowJs, type TensorFlowJsOptions } from './tensorflowJs/fromTensorFlowJs.ts';
export type { WeightBytes } from './tensorflowJs/weights.ts';
export type { ModelJson } from './trees/json.ts';
export { fromXGBoost } from './xgboost/fromXGBoost.ts';
