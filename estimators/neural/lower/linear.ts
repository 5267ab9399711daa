/**
 * Layers that are weighted sums, as exact sums of integers; biases stay in what the sums stand for.
 */
import * as np from '../../../tracer/index.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import { roundHalfEven } from '../../quantize/rounding.ts';
import { groupsOf, layerValue, type Value } from '../evaluate.ts';
import { convolution, countOf, dense, placesOf } from '../kernels.ts';
import type { ConvolutionLayer, DenseLayer, PoolLayer, ReduceLayer } from '../network.ts';
import { failed } from '../problems.ts';
import {
  aligned,
  classified,
  type Integers,
  type Lowered,
  lineFunction,
  type ProgramBuilder,
} from './integers.ts';

/** A dense layer or a convolution. @throws NOT_QUANTIZED for weights without steps */
export function lowerWeighted(
  program: ProgramBuilder,
  value: Lowered,
  layer: DenseLayer | ConvolutionLayer,
  shape: readonly number[],
): Lowered {
  const { unit, array, offsets } = aligned(program, value, layer);
  const { steps, data } = layer.weights;
  if (steps === undefined) {
    const details = { given: 'weights that are floats', allowed: 'weights with steps' };
    throw failed(layer, 'NOT_QUANTIZED', details);
  }
  const size = data.length / steps.length;
  const integers = data.map(
    (weight, i) => roundHalfEven(weight / steps[Math.floor(i / size)]!) + 0,
  );
  const x = program.arrays[array]!;
  const summed = { ...layer, weights: { ...layer.weights, data: integers } };
  const own = {
    shape,
    ...rangesOf(summed, x),
    ...freshOf(summed, x, shape),
    compute: sumsOf(summed, array),
  };
  const constants = layerValue(layer, [{ shape: x.shape, data: offsets }], shape, 1);
  const columns = layer.kind === 'dense' ? 1 : sizeOf(shape.slice(1));
  const scaleOf = (e: number): number => steps[Math.floor(e / columns) % steps.length]! * unit;
  return {
    array: program.add(own),
    ...classified(
      sizeOf(shape),
      (e) => `${Math.floor(e / columns) % steps.length} ${constants[e]}`,
      (e) => lineFunction(scaleOf(e), constants[e]!),
    ),
  };
}

/** The least and the largest sums: each weight meets the end of the range that its sign asks for. */
function rangesOf(
  layer: DenseLayer | ConvolutionLayer,
  { shape, min, max }: { shape: readonly number[]; min: Float64Array; max: Float64Array },
): { min: Float64Array; max: Float64Array } {
  const part = (sign: number): DenseLayer | ConvolutionLayer => {
    const data = layer.weights.data.map((weight) => (weight * sign > 0 ? weight : 0));
    const weights = { shape: layer.weights.shape, data };
    return { ...layer, weights, bias: layer.bias.map(() => 0) };
  };
  const [positive, negative] = [part(1), part(-1)];
  const sums = (own: DenseLayer | ConvolutionLayer, data: Float64Array): Float64Array =>
    own.kind === 'dense' ? dense(own, data) : convolution(own, { shape, data }, 1);
  const both = (up: Float64Array, down: Float64Array): Float64Array => {
    const negatives = sums(negative, down);
    return sums(positive, up).map((sum, e) => sum + negatives[e]! + 0);
  };
  return { min: both(min, max), max: both(max, min) };
}

/** The bits of the inputs that have a weight, and how far sums of such inputs are from their means. */
function freshOf(
  layer: DenseLayer | ConvolutionLayer,
  { shape, freshBits, deviations }: Integers,
  target: readonly number[],
): Pick<Integers, 'freshBits' | 'deviations'> {
  if (freshBits === undefined || deviations === undefined) return {};
  const summed = (weightOf: (weight: number) => number, data: Float64Array): Float64Array => {
    const weights = { shape: layer.weights.shape, data: layer.weights.data.map(weightOf) };
    const own = { ...layer, weights, bias: layer.bias.map(() => 0) };
    return layerValue(own, [{ shape, data }], target, 1);
  };
  const squares = deviations.map((own) => own ** 2);
  return {
    freshBits: summed((weight) => Number(weight !== 0), freshBits),
    deviations: summed((weight) => weight ** 2, squares).map(Math.sqrt),
  };
}

function sumsOf(
  layer: DenseLayer | ConvolutionLayer,
  array: number,
): (arrays: readonly np.Traced[]) => np.Traced {
  const { shape, data } = layer.weights;
  const weights = { shape, data: Float64Array.from(data) };
  if (layer.kind === 'dense') {
    const transposed = np.transpose(weights);
    return (arrays) => np.matmul(arrays[array]!, transposed) as np.Traced;
  }
  const { padding, strides, dilations, groups } = layer;
  const options = { padding, strides, dilations, groups };
  return (arrays) =>
    np.squeeze(np.conv(np.expandDims(arrays[array]!, 0), weights, options) as np.Traced, 0);
}

/** The mean of each window: the sum, with the step divided. */
export function lowerAveragePool(
  program: ProgramBuilder,
  value: Lowered,
  layer: PoolLayer,
  shape: readonly number[],
): Lowered {
  const { unit, array, offsets } = aligned(program, value, layer);
  const x = program.arrays[array]!;
  const [channels, ...spatial] = x.shape as [number, ...number[]];
  const places = placesOf(layer.name, layer, spatial);
  const counts = places.map((window) => countOf(layer, window));
  const { kernel, strides, dilations, padding } = layer;
  const ones = {
    shape: [channels, 1, ...kernel],
    data: new Float64Array(channels * sizeOf(kernel)).fill(1),
  };
  const options = { strides, dilations, padding, groups: channels };
  const sums = (data: Float64Array): Float64Array =>
    layerValue(layer, [{ shape: x.shape, data }], shape, 1).map((mean, e) =>
      roundHalfEven(mean * counts[e % counts.length]!),
    );
  const constants = layerValue(layer, [{ shape: x.shape, data: offsets }], shape, 1);
  const scaleOf = (e: number): number => unit / counts[e % counts.length]!;
  return {
    array: program.add({
      shape,
      min: sums(x.min),
      max: sums(x.max),
      compute: (arrays) =>
        np.squeeze(np.conv(np.expandDims(arrays[array]!, 0), ones, options) as np.Traced, 0),
    }),
    ...linear(shape, scaleOf, constants),
  };
}

/** Sums and means along axes. */
export function lowerSum(
  program: ProgramBuilder,
  value: Lowered,
  layer: ReduceLayer,
  shape: readonly number[],
): Lowered {
  const { unit, array, offsets } = aligned(program, value, layer);
  const x = program.arrays[array]!;
  const { axes, keepsAxes } = layer;
  const { length: count } = groupsOf(layer, x.shape).places;
  const sumOf = { ...layer, kind: 'sum' } as const;
  const sums = (data: Float64Array): Float64Array => {
    const own: Value = { shape: x.shape, data };
    return layerValue(sumOf, [own], shape, 1);
  };
  const constants = layerValue(layer, [{ shape: x.shape, data: offsets }], shape, 1);
  const scale = layer.kind === 'mean' ? unit / count : unit;
  const options = { axis: axes, keepDims: keepsAxes };
  return {
    array: program.add({
      shape,
      min: sums(x.min),
      max: sums(x.max),
      compute: (arrays) => np.sum(arrays[array]!, options) as np.Traced,
    }),
    ...linear(shape, () => scale, constants),
  };
}

function linear(
  shape: readonly number[],
  scaleOf: (element: number) => number,
  constants: Float64Array,
): Pick<Lowered, 'classes' | 'functions'> {
  return classified(
    sizeOf(shape),
    (e) => `${scaleOf(e)} ${constants[e]}`,
    (e) => lineFunction(scaleOf(e), constants[e]!),
  );
}
