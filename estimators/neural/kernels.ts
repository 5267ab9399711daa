/**
 * Dense layers, convolutions and pools of floats, a batch of rows at a time.
 */

import { windowsOf } from '../../tracer/ops/windows.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import type { Value } from './evaluate.ts';
import { type Window, windowOf } from './linearShapes.ts';
import type { ConvolutionLayer, DenseLayer, PoolLayer } from './network.ts';

/** x . weights + bias along the last axis of all rows. */
export function dense({ weights, bias }: DenseLayer, x: Float64Array): Float64Array {
  const [outputs, inputs] = weights.shape as [number, number];
  const w = Float64Array.from(weights.data);
  const rows = x.length / inputs;
  const out = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    const first = row * inputs;
    for (let k = 0; k < outputs; k++) {
      const own = k * inputs;
      let sum = bias[k]!;
      for (let j = 0; j < inputs; j++) sum += x[first + j]! * w[own + j]!;
      out[row * outputs + k] = sum;
    }
  }
  return out;
}

/** The windows of a layer over a value: for each, the element at each of its places, -1 in the padding. */
export function placesOf(
  name: string,
  { kernel, strides, dilations, padding }: Window,
  spatial: readonly number[],
): readonly Int32Array[] {
  return windowsOf(name, spatial, kernel, { strides, dilations, padding }).places;
}

/** The cross-correlation of each row. */
export function convolution(layer: ConvolutionLayer, x: Value, rows: number): Float64Array {
  const { weights, bias, groups } = layer;
  const [channels, ...spatial] = x.shape as [number, ...number[]];
  const [outputs, depth] = weights.shape as [number, number];
  const places = placesOf(layer.name, windowOf(layer), spatial);
  const kernel = sizeOf(weights.shape.slice(2));
  const size = sizeOf(spatial);
  const inner = depth * kernel;
  const columns = places.length;
  const patches = new Float64Array(channels * kernel * columns);
  const out = new Float64Array(rows * outputs * columns);
  for (let row = 0; row < rows; row++) {
    fillPatches(patches, x.data, row * channels * size, { channels, size, kernel, places });
    for (let output = 0; output < outputs; output++) {
      const start = (row * outputs + output) * columns;
      const group = Math.floor((output * groups) / outputs);
      out.fill(bias[output]!, start, start + columns);
      for (let k = 0; k < inner; k++) {
        const weight = weights.data[output * inner + k]!;
        if (weight === 0) continue;
        const source = (group * inner + k) * columns;
        for (let j = 0; j < columns; j++) {
          out[start + j] = out[start + j]! + weight * patches[source + j]!;
        }
      }
    }
  }
  return out;
}

interface Patches {
  readonly channels: number;
  readonly size: number;
  readonly kernel: number;
  readonly places: readonly Int32Array[];
}

/** [channels * kernel, windows] of one row. */
function fillPatches(
  patches: Float64Array,
  x: Float64Array,
  first: number,
  { channels, size, kernel, places }: Patches,
): void {
  let next = 0;
  for (let channel = 0; channel < channels; channel++) {
    const plane = first + channel * size;
    for (let k = 0; k < kernel; k++) {
      for (const window of places) {
        const place = window[k]!;
        patches[next++] = place < 0 ? 0 : x[plane + place]!;
      }
    }
  }
}

/** The largest element of each window. */
export function maxPool(layer: PoolLayer, x: Value, rows: number): Float64Array {
  return pooled(layer, x, rows, (plane, window) => {
    let largest = Number.NEGATIVE_INFINITY;
    for (const place of window) if (place >= 0) largest = Math.max(largest, plane[place]!);
    return largest;
  });
}

/** The mean of each window. */
export function averagePool(layer: PoolLayer, x: Value, rows: number): Float64Array {
  return pooled(layer, x, rows, (plane, window) => {
    let sum = 0;
    for (const place of window) if (place >= 0) sum += plane[place]!;
    return sum / countOf(layer, window);
  });
}

/** How many elements the mean of a window counts. */
export function countOf({ countsPadding }: PoolLayer, window: Int32Array): number {
  if (countsPadding) return window.length;
  let count = 0;
  for (const place of window) if (place >= 0) count++;
  return count;
}

function pooled(
  layer: PoolLayer,
  x: Value,
  rows: number,
  f: (plane: Float64Array, window: Int32Array) => number,
): Float64Array {
  const [channels, ...spatial] = x.shape as [number, ...number[]];
  const places = placesOf(layer.name, layer, spatial);
  const size = sizeOf(spatial);
  const planes = rows * channels;
  const out = new Float64Array(planes * places.length);
  for (let plane = 0; plane < planes; plane++) {
    const own = x.data.subarray(plane * size, (plane + 1) * size);
    places.forEach((window, at) => {
      out[plane * places.length + at] = f(own, window);
    });
  }
  return out;
}
