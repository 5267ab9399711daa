/** Convolution and pooling in random programs. */
import type { Padding } from '../../../tracer/index.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import {
  between,
  type Known,
  known,
  type Makes,
  mixed,
  type Operand,
  type Reader,
  tabulable,
} from './reader.ts';

/** A value as an image of one channel: [1, 1, ...spatial]. */
function imageOf(read: Reader, allowed: (x: Known) => boolean): Known | null {
  const x = read.value((x) => x.shape.length > 0 && sizeOf(x.shape) > 0 && allowed(x));
  if (x === null) return null;
  const spatial = x.shape.length > 2 ? [sizeOf(x.shape)] : x.shape;
  return mixed(read.np.reshape(x.value, [1, 1, ...spatial]), [x]);
}

const paddings: readonly Padding[] = ['valid', 'same', 1];

/** Without the axes of batch and channel, which programs have no room for. */
const flat = (read: Reader, result: Operand): Operand => read.np.flatten(result);

export const windows: Makes = {
  conv: (read) => {
    const x = imageOf(read, () => true);
    if (x === null) return null;
    const kernel = x.shape.slice(2).map((extent) => Math.min(2, extent));
    const size = sizeOf(kernel);
    const isWeight = (w: Known): boolean => sizeOf(w.shape) === size && tabulable(x, w);
    const traced = read.below(3) === 0 ? read.value(isWeight) : null;
    const w = traced ?? known({ shape: [size], data: Float64Array.from(read.numbers(size)) });
    const weight = read.np.reshape(w.value, [1, 1, ...kernel]);
    const bias = [read.number()];
    const result = read.np.conv(x.value, weight, {
      bias,
      padding: read.choose(paddings),
      strides: 1 + read.below(2),
    });
    const corners = [x.min, x.max, 0].flatMap((a) => [a * w.min, a * w.max]);
    const low = bias[0]! + size * Math.min(...corners);
    return between(flat(read, result), low, bias[0]! + size * Math.max(...corners));
  },
  maxPool: (read) => {
    const x = imageOf(read, (each) => tabulable(each, each));
    if (x === null) return null;
    const kernel = x.shape.slice(2).map((extent) => Math.min(2, extent));
    const padding = kernel.map((extent) => [0, extent - 1] as const);
    const strides = 1 + read.below(2);
    return mixed(flat(read, read.np.maxPool(x.value, kernel, { padding, strides })), [x]);
  },
  averagePool: (read) => {
    const x = imageOf(read, ({ min, max }) => max - min < 64);
    if (x === null) return null;
    const kernel = x.shape.slice(2).map((extent) => Math.min(2, extent));
    const result = read.np.averagePool(x.value, kernel, {
      padding: kernel.map((extent) => [extent - 1, 0] as const),
      strides: 2,
      ceilMode: true,
      countIncludePad: read.below(2) === 0,
      rounding: read.choose(['floor', 'nearest'] as const),
    });
    return between(flat(read, result), Math.min(0, x.min), Math.max(0, x.max));
  },
};
