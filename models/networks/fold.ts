/**
 * Scales as part of the weights beside them: what batch normalization becomes when nothing is trained any more.
 */
import type { ConvolutionLayer, DenseLayer, ScaleLayer } from '../../estimators/neural/network.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import { alongAxis } from './scales.ts';

/** A layer of weighted sums. */
export type WeightedLayer = DenseLayer | ConvolutionLayer;

/**
 * (w x + b) f + o = (w f) x + (b f + o), with a factor and an offset for each output; undefined where they differ
 * otherwise. Weights on a grid stay on it, with its steps scaled.
 */
export function scaledAfter(
  layer: WeightedLayer,
  { factor, offset }: ScaleLayer,
  shape: readonly number[],
): WeightedLayer | undefined {
  const axis = layer.kind === 'dense' ? shape.length - 1 : 0;
  const factors = alongAxis(factor, shape, axis);
  const offsets = alongAxis(offset, shape, axis);
  if (factors === undefined || offsets === undefined) return undefined;
  const { data, steps } = layer.weights;
  if (steps !== undefined && factors.includes(0)) return undefined;
  const size = data.length / factors.length;
  const weights = {
    ...layer.weights,
    data: data.map((weight, i) => weight * factors[Math.floor(i / size)]!),
    steps: steps?.map((step, output) => step * Math.abs(factors[output]!)),
  };
  const bias = layer.bias.map((each, output) => each * factors[output]! + offsets[output]!);
  return { ...layer, weights, bias };
}

/**
 * w (x f + o) + b = (w f) x + (w o + b), with a factor and an offset for each input; undefined where they differ otherwise,
 * where a border of zeros would become one of offsets, and where weights on a grid would leave it.
 */
export function scaledBefore(
  { factor, offset, input }: ScaleLayer,
  layer: WeightedLayer,
  shape: readonly number[],
): WeightedLayer | undefined {
  const axis = layer.kind === 'dense' ? shape.length - 1 : 0;
  const factors = alongAxis(factor, shape, axis);
  const offsets = alongAxis(offset, shape, axis);
  if (factors === undefined || offsets === undefined) return undefined;
  const isPadded = layer.kind === 'convolution' && layer.padding.flat().some((each) => each > 0);
  if (isPadded && offsets.some((each) => each !== 0)) return undefined;
  const { steps, data } = layer.weights;
  const [first] = factors as [number];
  if (steps !== undefined && (first === 0 || factors.some((each) => each !== first)))
    return undefined;
  const inputOf = inputsOfWeights(layer);
  const size = data.length / layer.bias.length;
  const bias = [...layer.bias];
  data.forEach((weight, i) => {
    bias[Math.floor(i / size)]! += weight * offsets[inputOf(i)]!;
  });
  const weights = {
    ...layer.weights,
    data: data.map((weight, i) => weight * factors[inputOf(i)]!),
    steps: steps?.map((step) => step * Math.abs(first)),
  };
  return { ...layer, input, weights, bias };
}

/** Which input feature or channel a weight multiplies. */
function inputsOfWeights(layer: WeightedLayer): (weight: number) => number {
  const [outputs, depth, ...kernel] = layer.weights.shape as [number, number, ...number[]];
  const window = sizeOf(kernel);
  const groups = layer.kind === 'dense' ? 1 : layer.groups;
  return (weight) => {
    const output = Math.floor(weight / (depth * window));
    const group = Math.floor(output / (outputs / groups));
    return group * depth + (Math.floor(weight / window) % depth);
  };
}
