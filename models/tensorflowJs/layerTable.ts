/**
 * Every class of layers that is supported.
 */
import type { LayerKind } from './layerKind.ts';
import { functions, named, pReLU } from './layers/activation.ts';
import { convolution, depthwise, separable } from './layers/convolution.ts';
import { dense } from './layers/dense.ts';
import { average, concatenate, merge } from './layers/merge.ts';
import { batchNormalization, normalization, rescaling } from './layers/normalization.ts';
import { globalPooling, pooling } from './layers/pooling.ts';
import {
  cropping,
  flatten,
  permute,
  repeatVector,
  reshape,
  upSampling,
  zeroPadding,
} from './layers/shape.ts';

/** What only acts while a model learns: a prediction passes through. */
const trainingOnly: LayerKind = { options: null, build: (_call, [value]) => value! };

/** Kinds of layers by Keras' names of their classes. */
export const layerTable: Readonly<Record<string, LayerKind>> = {
  ActivityRegularization: trainingOnly,
  AlphaDropout: trainingOnly,
  Dropout: trainingOnly,
  GaussianDropout: trainingOnly,
  GaussianNoise: trainingOnly,
  Identity: trainingOnly,
  InputLayer: trainingOnly,
  SpatialDropout1D: trainingOnly,
  SpatialDropout2D: trainingOnly,

  Dense: dense,
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  DepthwiseConv1D: depthwise(1),
  DepthwiseConv2D: depthwise(2),
  SeparableConv1D: separable(1),
  SeparableConv2D: separable(2),

  Activation: named,
  PReLU: pReLU,
  ...functions,

  BatchNormalization: batchNormalization,
  Normalization: normalization,
  Rescaling: rescaling,

  AveragePooling1D: pooling('averagePool', 1),
  AveragePooling2D: pooling('averagePool', 2),
  MaxPooling1D: pooling('maxPool', 1),
  MaxPooling2D: pooling('maxPool', 2),
  GlobalAveragePooling1D: globalPooling('mean', 1),
  GlobalAveragePooling2D: globalPooling('mean', 2),
  GlobalMaxPooling1D: globalPooling('max', 1),
  GlobalMaxPooling2D: globalPooling('max', 2),

  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  RepeatVector: repeatVector,
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
  Cropping1D: cropping(1),
  Cropping2D: cropping(2),
  UpSampling1D: upSampling(1),
  UpSampling2D: upSampling(2),

  Add: merge('add'),
  Subtract: merge('subtract', 2),
  Multiply: merge('multiply'),
  Maximum: merge('maximum'),
  Minimum: merge('minimum'),
  Average: average,
  Concatenate: concatenate,
};
