/**
 * Checks of the layers that have windows or weights, and the shapes that they give.
 */
import { sizeOf } from '../../tracer/tensor.ts';
import { roundHalfEven } from '../quantize/rounding.ts';
import type { ConvolutionLayer, DenseLayer, Layer, PoolLayer, Weights } from './network.ts';
import { failed, isExtent, numbers, shown } from './problems.ts';

type Shape = readonly number[];

/** A window that moves over spatial axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly (readonly [before: number, after: number])[];
}

/** The window of a convolution. */
export function windowOf({ weights, strides, dilations, padding }: ConvolutionLayer): Window {
  return { kernel: weights.shape.slice(2), strides, dilations, padding };
}

/** The shape of a dense layer's value. */
export function checkDense(layer: DenseLayer, shape: Shape): number[] {
  const { weights, bias } = layer;
  checkWeights(layer, weights);
  const [outputs, inputs] = weights.shape as [number, number];
  if (weights.shape.length !== 2 || shape.length === 0 || inputs !== shape.at(-1)) {
    const given = `weights ${shown(weights.shape)} for a value of shape ${shown(shape)}`;
    throw failed(layer, 'SHAPE_MISMATCH', { given, allowed: `[outputs, ${shape.at(-1)}]` });
  }
  numbers(layer, 'bias', bias, outputs);
  return [...shape.slice(0, -1), outputs];
}

/** The shape of a convolution's value. */
export function checkConvolution(layer: ConvolutionLayer, shape: Shape): number[] {
  const { weights, bias, groups } = layer;
  checkWeights(layer, weights);
  const [channels = 0, ...spatial] = shape;
  const [outputs = 0, depth = 0, ...kernel] = weights.shape;
  const fits =
    spatial.length >= 1 &&
    spatial.length <= 3 &&
    kernel.length === spatial.length &&
    isExtent(groups) &&
    depth * groups === channels &&
    outputs % groups === 0;
  if (!fits) {
    const given = `weights ${shown(weights.shape)} in ${groups} groups for ${shown(shape)}`;
    const allowed = '[outputs, channels / groups, ...kernel] for 1 to 3 spatial axes';
    throw failed(layer, 'SHAPE_MISMATCH', { given, allowed });
  }
  numbers(layer, 'bias', bias, outputs);
  return [outputs, ...windowCounts(layer, windowOf(layer), spatial)];
}

/** The shape of what a pool gives. */
export function checkPool(layer: PoolLayer, shape: Shape): number[] {
  const [channels = 0, ...spatial] = shape;
  const { kernel, strides, dilations, padding, countsPadding, kind } = layer;
  if (spatial.length === 0 || spatial.length > 3) {
    const allowed = '[channels, ...1 to 3 spatial axes]';
    throw failed(layer, 'SHAPE_MISMATCH', { given: shown(shape), allowed });
  }
  const counts = windowCounts(layer, { kernel, strides, dilations, padding }, spatial);
  if (kind === 'averagePool' && countsPadding) return [channels, ...counts];
  counts.forEach((count, axis) => {
    for (let window = 0; window < count; window++) {
      const start = window * strides[axis]! - padding[axis]![0];
      const inside = Array.from({ length: kernel[axis]! }, (_, k) => start + k * dilations[axis]!);
      if (inside.some((place) => place >= 0 && place < spatial[axis]!)) continue;
      const given = `window ${window} along axis ${axis}, which is in the padding as a whole`;
      throw failed(layer, 'BAD_NETWORK', { given, allowed: 'windows that meet the value' });
    }
  });
  return [channels, ...counts];
}

/** Weights are as many finite numbers as their shape says, on their grid where they have one. */
export function checkWeights(layer: Layer, { shape, data, steps }: Weights): void {
  if (!shape.every(isExtent)) {
    throw failed(layer, 'BAD_NETWORK', { given: `weights ${shown(shape)}`, allowed: 'extents' });
  }
  numbers(layer, 'weights', data, sizeOf(shape));
  if (steps === undefined) return;
  const [outputs = 1] = shape;
  numbers(layer, 'steps of weights', steps, outputs);
  const size = data.length / outputs;
  steps.forEach((step, output) => {
    if (!(step > 0)) {
      throw failed(layer, 'BAD_NETWORK', { given: `step ${step}`, allowed: 'steps above 0' });
    }
    const wrong = data
      .slice(output * size, (output + 1) * size)
      .find((weight) => !isMultiple(weight, step));
    if (wrong === undefined) return;
    const given = `the weight ${wrong} of output ${output}`;
    throw failed(layer, 'BAD_NETWORK', { given, allowed: `integer multiples of its step ${step}` });
  });
}

/** Steps that were computed in single precision leave this much of a step between a weight and its multiple. */
const slack = 1e-3;

function isMultiple(weight: number, step: number): boolean {
  const ratio = weight / step;
  return Math.abs(ratio) < 2 ** 31 && Math.abs(ratio - roundHalfEven(ratio)) <= slack;
}

/** Most elements along an axis of a window, and most elements of all windows of a channel. */
const largestExtent = 2 ** 20;
const largestPatches = 2 ** 26;

/** How many windows there are along each axis. */
function windowCounts(layer: Layer, window: Window, spatial: Shape): number[] {
  const { kernel, strides, dilations, padding } = window;
  const isWhole = (value: number): boolean =>
    Number.isSafeInteger(value) && value >= 0 && value <= largestExtent;
  const fits =
    [kernel, strides, dilations].every(
      (list) =>
        list.length === spatial.length &&
        list.every((value) => isExtent(value) && value <= largestExtent),
    ) &&
    padding.length === spatial.length &&
    padding.every((pair) => pair.length === 2 && pair.every(isWhole));
  if (!fits) {
    const given = `kernel ${shown(kernel)}, strides ${shown(strides)}, dilations ${shown(dilations)}, padding [${padding.map(shown).join(', ')}]`;
    const allowed = `whole numbers for each of ${spatial.length} axes`;
    throw failed(layer, 'BAD_NETWORK', { given, allowed });
  }
  const counts = spatial.map((extent, axis) => {
    const reach = (kernel[axis]! - 1) * dilations[axis]! + 1;
    const room = extent + padding[axis]![0] + padding[axis]![1] - reach;
    if (room >= 0) return Math.floor(room / strides[axis]!) + 1;
    const given = `a window of ${reach} elements along axis ${axis}`;
    const allowed = `at most the ${extent} elements of the value and its padding`;
    throw failed(layer, 'SHAPE_MISMATCH', { given, allowed });
  });
  if (sizeOf(counts) * sizeOf(kernel) <= largestPatches) return counts;
  const given = `${sizeOf(counts)} windows of ${sizeOf(kernel)} elements`;
  throw failed(layer, 'BAD_NETWORK', { given, allowed: `${largestPatches} elements in all` });
}
