/**
 * Windows that move over the spatial axes of a value: their padding, and how many there are.
 */
import { error } from '../../lib/errors.ts';
import type { Value } from './draft.ts';
import type { Call } from './layerKind.ts';
import { lengthsOf } from './options.ts';

/** A window, as networks have it. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly (readonly [before: number, after: number])[];
  /** The number of its places along each axis. */
  readonly places: readonly number[];
}

/**
 * The window of a layer over a value with as many spatial axes as the kernel.
 *
 * 'same' pads to ceil(length / stride) places, the smaller half of the zeros before (TensorFlow, "Neural network operations:
 * padding"); 'causal' pads what the window reaches back.
 *
 * @throws SHAPE_MISMATCH where the window does not fit in.
 */
export function windowOf(
  { name, config }: Call,
  { shape }: Value,
  kernel: readonly number[],
  initialStrides: number | readonly number[],
): Window {
  const spatial = shape.slice(0, -1);
  const rank = spatial.length;
  const strides = lengthsOf(config.strides, rank, initialStrides);
  const dilations = lengthsOf(config.dilation_rate, rank, 1);
  const reach = kernel.map((length, axis) => (length - 1) * dilations[axis]! + 1);
  const padding = spatial.map((length, axis): readonly [number, number] => {
    if (config.padding === 'causal') return [reach[axis]! - 1, 0];
    if (config.padding !== 'same') return [0, 0];
    const stride = strides[axis]!;
    const total = (Math.ceil(length / stride) - 1) * stride + reach[axis]! - length;
    return total > 0 ? [Math.floor(total / 2), Math.ceil(total / 2)] : [0, 0];
  });
  const places = spatial.map((length, axis) => {
    const [before, after] = padding[axis]!;
    return Math.floor((length + before + after - reach[axis]!) / strides[axis]!) + 1;
  });
  if (places.some((number) => number < 1)) {
    const given = `a window that reaches over [${reach.join(', ')}]`;
    const allowed = `at most [${spatial.join(', ')}]`;
    throw error('SHAPE_MISMATCH', { what: name, given, allowed, remedy: 'export the model again' });
  }
  return { kernel, strides, dilations, padding, places };
}

/** A value of so many axes. @throws SHAPE_MISMATCH naming the layer */
export function checkRank({ name }: Call, { shape }: Value, rank: number): void {
  if (shape.length === rank) return;
  throw error('SHAPE_MISMATCH', {
    what: name,
    given: `a value of shape [${shape.join(', ')}]`,
    allowed: `${rank} axes beside that of the rows`,
    remedy: 'export the model again',
  });
}
