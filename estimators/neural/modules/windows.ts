/**
 * Sliding windows over the axes after channels: patches for convolutions, windows for pools.
 */
import { sizeOf, stridesOf } from '../../../tracer/tensor.ts';
import type { Places } from '../tape/gather.ts';

/** A window, how far it moves, and the zeros around; one entry for each axis. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [before: number, after: number])[];
}

/** The number of places of the window along each axis of an extent. */
export function positionsOf(
  extents: readonly number[],
  { kernel, strides, padding }: Windows,
): number[] {
  return extents.map((extent, axis) => {
    const [before, after] = padding[axis]!;
    return Math.floor((extent + before + after - kernel[axis]!) / strides[axis]!) + 1;
  });
}

/** Zeros so that a window that moves by its strides has ceil(extent / stride) places: more after than before, as TensorFlow. */
export function samePadding(
  extents: readonly number[],
  kernel: readonly number[],
  strides: readonly number[],
): (readonly [number, number])[] {
  return extents.map((extent, axis) => {
    const [size, stride] = [kernel[axis]!, strides[axis]!];
    const total = Math.max((Math.ceil(extent / stride) - 1) * stride + size - extent, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
}

/** For each position the elements of all channels in its window: [positions, channels * window]. */
export function patches(
  [channels, ...extents]: readonly number[],
  windows: Windows,
): { readonly positions: readonly number[]; readonly places: Places } {
  const positions = positionsOf(extents, windows);
  const [count, size] = [sizeOf(positions), sizeOf(windows.kernel)];
  const width = channels! * size;
  const from = new Int32Array(count * width);
  for (let at = 0; at < count; at++) {
    for (let i = 0; i < width; i++) {
      const channel = Math.floor(i / size);
      from[at * width + i] = placeOf(channel, at, i % size, positions, extents, windows);
    }
  }
  return { positions, places: { shape: [count, width], from } };
}

/** For each channel and position the elements in its window: [channels, ...positions, window]. */
export function pooled(
  [channels, ...extents]: readonly number[],
  windows: Windows,
): { readonly positions: readonly number[]; readonly places: Places } {
  const positions = positionsOf(extents, windows);
  const [count, size] = [sizeOf(positions), sizeOf(windows.kernel)];
  const from = Int32Array.from({ length: channels! * count * size }, (_, i) => {
    const [channel, at] = [Math.floor(i / (count * size)), Math.floor(i / size) % count];
    return placeOf(channel, at, i % size, positions, extents, windows);
  });
  return { positions, places: { shape: [channels!, ...positions, size], from } };
}

/** Where the element `inside` the window at position `at` lies in its row; -1 for padding. */
function placeOf(
  channel: number,
  at: number,
  inside: number,
  positions: readonly number[],
  extents: readonly number[],
  { kernel, strides, padding }: Windows,
): number {
  const [steps, insides] = [stridesOf(positions), stridesOf(kernel)];
  let place = channel;
  for (let axis = 0; axis < extents.length; axis++) {
    const position = Math.floor(at / steps[axis]!) % positions[axis]!;
    const own = Math.floor(inside / insides[axis]!) % kernel[axis]!;
    const index = position * strides[axis]! + own - padding[axis]![0];
    if (index < 0 || index >= extents[axis]!) return -1;
    place = place * extents[axis]! + index;
  }
  return place;
}
