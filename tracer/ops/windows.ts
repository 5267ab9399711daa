/**
 * Sliding windows, as ONNX defines them for convolution and pooling: where they stand and what they cover.
 */
import { error } from '../../lib/errors.ts';
import { indexAt, sizeOf, stridesOf } from '../tensor.ts';

/**
 * Elements around an array that count as zeros, or in `maxPool` as nothing. 'valid': none. 'same': as few as give
 * ceil(extent / stride) windows, an odd one at the end. A number: at both ends of every spatial axis. A list: for each
 * spatial axis a number, or [before, after].
 */
export type Padding =
  | 'valid'
  | 'same'
  | number
  | readonly (number | readonly [before: number, after: number])[];

/** How windows stand. */
export interface WindowOptions {
  /** Default: 'valid'. */
  readonly padding?: Padding;
  /** From one window to the next, for all spatial axes or for each. Default: 1. */
  readonly strides?: number | readonly number[];
  /** From one place inside a window to the next, for all spatial axes or for each. Default: 1. */
  readonly dilations?: number | readonly number[];
  /** Whether a last window may leave the padded array, if it begins inside. Default: false. */
  readonly ceilMode?: boolean;
}

/** All windows over an array of some spatial extents. */
export interface Windows {
  /** How many there are along each axis. */
  readonly shape: readonly number[];
  /** For each window in row-major order, and each place in it likewise: the flat element there, or -1 outside. */
  readonly places: readonly Int32Array[];
  /** For each window, how many of its places are in the array or in the padding. */
  readonly padded: readonly number[];
}

/** Windows along one axis: for each, where its places are; they are in the padded array up to `end`. */
interface Line {
  readonly starts: readonly number[];
  readonly offsets: readonly number[];
  readonly extent: number;
  readonly end: number;
}

/**
 * The windows of extents `kernel` over an array of extents `spatial`.
 *
 * @throws BAD_OPTION for options that are no whole numbers in range, or lists of another length; SHAPE_MISMATCH where
 * the padded array is smaller than a window
 */
export function windowsOf(
  what: string,
  spatial: readonly number[],
  kernel: readonly number[],
  options: WindowOptions,
): Windows {
  const rank = spatial.length;
  const strides = perAxis(`${what}: strides`, options.strides ?? 1, rank, 1);
  const dilations = perAxis(`${what}: dilations`, options.dilations ?? 1, rank, 1);
  const lines = spatial.map((extent, axis): Line => {
    const [stride, dilation] = [strides[axis]!, dilations[axis]!];
    const reach = (kernel[axis]! - 1) * dilation + 1;
    const [before, after] = paddingOf(what, options.padding ?? 'valid', axis, rank, () => {
      return (Math.ceil(extent / stride) - 1) * stride + reach - extent;
    });
    const room = before + extent + after - reach;
    if (room < 0) {
      const given = `${before + extent + after} elements along axis ${axis}, padding included`;
      const allowed = `at least ${reach}, as a window has`;
      throw error('SHAPE_MISMATCH', { what, given, allowed });
    }
    let count = Math.floor(room / stride) + 1;
    if (options.ceilMode && room % stride > 0 && count * stride < before + extent) count++;
    const starts = Array.from({ length: count }, (_, k) => k * stride - before);
    const offsets = Array.from({ length: kernel[axis]! }, (_, k) => k * dilation);
    return { starts, offsets, extent, end: extent + after };
  });
  return gatherWindows(lines);
}

/** One whole number from `least` on for each axis, from one for all or a list. @throws BAD_OPTION */
export function perAxis(
  what: string,
  given: number | readonly number[],
  rank: number,
  least: number,
): readonly number[] {
  const list = typeof given === 'number' ? new Array<number>(rank).fill(given) : given;
  const fits = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= least;
  if (Array.isArray(list) && list.length === rank && list.every(fits)) return list;
  const allowed = `a whole number from ${least} on, or one for each of ${rank} spatial axes`;
  throw error('BAD_OPTION', { what, given, allowed });
}

function paddingOf(
  what: string,
  padding: Padding,
  axis: number,
  rank: number,
  missing: () => number,
): readonly [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'same') {
    const total = Math.max(0, missing());
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  const list = typeof padding === 'number' ? new Array<number>(rank).fill(padding) : padding;
  const own = Array.isArray(list) && list.length === rank ? list[axis] : null;
  const pair = typeof own === 'number' ? [own, own] : own;
  const fits = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
  if (Array.isArray(pair) && pair.length === 2 && pair.every(fits)) return [pair[0], pair[1]];
  const allowed = `'valid', 'same', or a whole number or [before, after] for each of ${rank} spatial axes`;
  throw error('BAD_OPTION', { what: `${what}: padding`, given: padding, allowed });
}

function gatherWindows(lines: readonly Line[]): Windows {
  const shape = lines.map(({ starts }) => starts.length);
  const kernel = lines.map(({ offsets }) => offsets.length);
  const strides = stridesOf(lines.map(({ extent }) => extent));
  const inside = Array.from({ length: sizeOf(kernel) }, (_, k) => indexAt(kernel, k));
  const places: Int32Array[] = [];
  const padded: number[] = [];
  for (let window = 0; window < sizeOf(shape); window++) {
    const at = indexAt(shape, window);
    let covered = 0;
    const elements = inside.map((offset) => {
      let element = 0;
      let isPadded = true;
      lines.forEach(({ starts, offsets, extent, end }, axis) => {
        const place = starts[at[axis]!]! + offsets[offset[axis]!]!;
        if (place >= end) isPadded = false;
        if (place < 0 || place >= extent) element = -1;
        else if (element >= 0) element += place * strides[axis]!;
      });
      if (isPadded) covered++;
      return element;
    });
    places.push(Int32Array.from(elements));
    padded.push(covered);
  }
  return { shape, places, padded };
}
