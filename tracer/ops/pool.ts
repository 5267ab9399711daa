/**
 * Pooling: the largest element, or the mean, of each window.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { sizeOf } from '../tensor.ts';
import { patchIndex } from './conv.ts';
import { maximum } from './elementwise.ts';
import { fold } from './fold.ts';
import { at } from './indexing.ts';
import { ellipsis } from './indices.ts';
import { concatenate } from './join.ts';
import { rearrange } from './move.ts';
import { sum } from './reduce.ts';
import { moveaxis } from './reorder.ts';
import { divideRounded, type Rounding, roundingOf } from './rounding.ts';
import { reshape } from './shape.ts';
import { perAxis, type WindowOptions, type Windows, windowsOf } from './windows.ts';

/** How `averagePool` works. */
export interface AveragePoolOptions extends WindowOptions {
  /** Whether padding counts as elements, which are zeros. Default: false. */
  readonly countIncludePad?: boolean;
  /** What the quotient becomes: an integer, or with 'none', the default, a float. */
  readonly rounding?: Rounding;
}

const ofWindows = ['strides', 'padding', 'dilations', 'ceilMode'];

/** An array [N, C, ...spatial] and the windows over it. */
interface Pooled {
  readonly batch: number;
  readonly channels: number;
  readonly size: number;
  readonly windows: Windows;
}

/**
 * The largest element of each window of extents `kernel`, in the layout of ONNX: x is [N, C, ...spatial], the result
 * [N, C, ...windows]. What is in the padding does not count.
 *
 * @throws SHAPE_MISMATCH for rank below 3 or a window larger than the padded array; BAD_OPTION, also for a window
 * that is in the padding as a whole
 */
export function maxPool<X extends Operand>(
  x: X,
  kernel: number | readonly number[],
  options: WindowOptions = {},
): ArrayResult<X> {
  return locate(() => {
    checkOptions('maxPool', options, ofWindows);
    const pooled = windowsOver('maxPool', x, kernel, options);
    const { batch, channels, windows } = pooled;
    // Windows with equally many elements are done together, so that none costs more comparisons than it needs.
    const groups = new Map<number, number[]>();
    windows.places.forEach((places, window) => {
      const count = places.filter((element) => element >= 0).length;
      if (!groups.has(count)) groups.set(count, []);
      groups.get(count)!.push(window);
    });
    if (groups.size === 0) return reshape(x, [batch, channels, ...windows.shape]);
    const parts = [...groups].map(([count, members]) => largestOf(x, pooled, count, members));
    const order = new Int32Array(windows.places.length);
    [...groups.values()].flat().forEach((window, place) => {
      order[window] = place;
    });
    const joined = parts.length === 1 ? parts[0]! : (concatenate(parts, -1) as Operand);
    const ordered = parts.length === 1 ? joined : at(joined, ellipsis, order);
    return reshape(ordered as Operand, [batch, channels, ...windows.shape]);
  }) as ArrayResult<X>;
}

/**
 * The mean of each window of extents `kernel`, in the layout of `maxPool`. It is a float unless `rounding` says
 * otherwise.
 *
 * @throws as `maxPool`
 */
export function averagePool<X extends Operand>(
  x: X,
  kernel: number | readonly number[],
  options: AveragePoolOptions = {},
): ArrayResult<X> {
  return locate(() => {
    checkOptions('averagePool', options, [...ofWindows, 'countIncludePad', 'rounding']);
    const rounding = roundingOf('averagePool', options.rounding);
    const { batch, channels, size, windows } = windowsOver('averagePool', x, kernel, options);
    const patches = rearrange('windows', x, () => ({
      shape: [batch, channels, windows.places[0]?.length ?? 0, windows.places.length],
      index: patchIndex(batch * channels, size, windows),
    }));
    const counts = windows.places.map((places, window) => {
      return options.countIncludePad
        ? windows.padded[window]!
        : places.filter((element) => element >= 0).length;
    });
    const same = counts.every((count) => count === counts[0]);
    const totals = sum(patches as Operand, { axis: 2 }) as Operand;
    const means = divideRounded(totals, same ? (counts[0] ?? 1) : counts, rounding);
    return reshape(means, [batch, channels, ...windows.shape]);
  }) as ArrayResult<X>;
}

function windowsOver(
  what: string,
  x: Operand,
  kernel: number | readonly number[],
  options: WindowOptions,
): Pooled {
  const { shape } = argumentOf(x, what);
  if (shape.length < 3) {
    const allowed = '[N, C, ...spatial], with one spatial axis or more';
    const remedy = 'add axes of extent 1 with reshape';
    throw error('SHAPE_MISMATCH', { what, given: shape, allowed, remedy });
  }
  const [batch, channels, ...spatial] = shape as [number, number, ...number[]];
  const extents = perAxis(`${what}: kernel`, kernel, spatial.length, 1);
  const windows = windowsOf(what, spatial, extents, options);
  if (windows.places.some((places) => places.every((element) => element < 0))) {
    const given = 'a window without any element';
    throw error('BAD_OPTION', { what: `${what}: padding`, given, allowed: 'less padding' });
  }
  return { batch, channels, size: sizeOf(spatial), windows };
}

/** The largest of `count` elements in each of some windows: [N, C, windows]. */
function largestOf(
  x: Operand,
  { batch, channels, size, windows }: Pooled,
  count: number,
  members: readonly number[],
): Operand {
  const places = members.map((window) => windows.places[window]!.filter((at) => at >= 0));
  const patches = rearrange('windows', x, () => ({
    shape: [batch, channels, count, members.length],
    index: patchIndex(batch * channels, size, { ...windows, places }),
  }));
  const first = moveaxis(patches as Operand, 2, 0) as Operand;
  const [largest] = fold([first], count, ([a], [b]) => [maximum(a!, b!)]);
  return reshape(largest!, [batch, channels, members.length]) as Operand;
}
