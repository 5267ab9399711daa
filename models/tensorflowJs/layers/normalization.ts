/**
 * Layers that scale and shift: batch normalization, normalization, rescaling. Each is y = x * factor + offset.
 */
import { error } from '../../../lib/errors.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import { appended, constantOf, type Draft, type Value } from '../draft.ts';
import type { Call, LayerKind } from '../layerKind.ts';
import { axes, axesOf, flag, number, numbers, oneOf } from '../options.ts';

/** gamma * (x - mean) / sqrt(variance + epsilon) + beta, with the mean and variance of the training. */
export const batchNormalization: LayerKind = {
  options: {
    axis: axes,
    epsilon: number,
    center: flag,
    scale: flag,
    renorm: oneOf(false),
    fused: oneOf(true, false),
  },
  weights: ({ center, scale }) => [
    ...(scale === false ? [] : ['gamma']),
    ...(center === false ? [] : ['beta']),
    'moving_mean',
    'moving_variance',
  ],
  build(call, [value], draft) {
    const { config } = call;
    const shape = keptShape(call, value!, config.axis ?? -1);
    const flat = [sizeOf(shape)];
    const epsilon = (config.epsilon ?? 1e-3) as number;
    const mean = call.weight('moving_mean', flat);
    const variance = call.weight('moving_variance', flat);
    const gamma = config.scale === false ? null : call.weight('gamma', flat);
    const beta = config.center === false ? null : call.weight('beta', flat);
    const factor = variance.map((each, i) => (gamma?.[i] ?? 1) / Math.sqrt(each + epsilon));
    const offset = mean.map((each, i) => (beta?.[i] ?? 0) - each * factor[i]!);
    return scaled(call, value!, draft, shape, factor, offset);
  },
};

/** (x - mean) / max(sqrt(variance), 1e-7), with those that `adapt` found or that were given. */
export const normalization: LayerKind = {
  options: { axis: axes, mean: nested(), variance: nested(), invert: oneOf(false) },
  weights: ({ mean }) => (mean === undefined || mean === null ? ['mean', 'variance'] : []),
  build(call, [value], draft) {
    const { config } = call;
    const { axis = -1 } = config;
    const shape = axis === null ? value!.shape.map(() => 1) : keptShape(call, value!, axis);
    const kept = axis === null ? [] : axesOf(axis, shape.length)!.sort((a, b) => a - b);
    const own = kept.map((at) => shape[at]!);
    const read = (name: string): Float64Array => {
      const given = config[name];
      if (given === undefined || given === null) return call.weight(name, own);
      const flat = (
        Array.isArray(given) ? given.flat(Number.POSITIVE_INFINITY) : [given]
      ) as number[];
      const size = sizeOf(shape);
      if (flat.length === size) return Float64Array.from(flat);
      if (flat.length === 1) return new Float64Array(size).fill(flat[0]!);
      throw error('SHAPE_MISMATCH', {
        what: `${call.name}: ${name}`,
        given: `${flat.length} numbers`,
        allowed: `${size}`,
      });
    };
    const mean = read('mean');
    const factor = read('variance').map((each) => 1 / Math.max(Math.sqrt(each), 1e-7));
    const offset = mean.map((each, i) => -each * factor[i]!);
    return scaled(call, value!, draft, shape, factor, offset);
  },
};

/** x * scale + offset. */
export const rescaling: LayerKind = {
  options: { scale: numbers, offset: numbers },
  build(call, [value], draft) {
    const rank = value!.shape.length;
    const channels = value!.shape.at(-1)!;
    const shape = value!.shape.map((length, axis) => (axis === rank - 1 ? length : 1));
    const [factor, offset] = (['scale', 'offset'] as const).map((name) => {
      const given = call.config[name] ?? (name === 'scale' ? 1 : 0);
      if (typeof given === 'number') return new Float64Array(channels).fill(given);
      const list = given as readonly number[];
      if (list.length === channels) return Float64Array.from(list);
      throw error('SHAPE_MISMATCH', {
        what: `${call.name}: ${name}`,
        given: `${list.length} numbers`,
        allowed: `1 or ${channels}`,
      });
    }) as [Float64Array, Float64Array];
    return scaled(call, value!, draft, shape, factor, offset);
  },
};

function scaled(
  { name }: Call,
  { layer: input, shape: whole }: Value,
  draft: Draft,
  shape: readonly number[],
  factor: Float64Array,
  offset: Float64Array,
): Value {
  const bad = [...factor, ...offset].find((each) => !Number.isFinite(each));
  if (bad !== undefined) {
    const remedy = 'train again: a variance is negative, or out of range';
    throw error('NOT_FINITE', { what: `${name}: what it multiplies with`, given: bad, remedy });
  }
  const layer = {
    ...({ kind: 'scale', name, input } as const),
    factor: constantOf(shape, factor),
    offset: constantOf(shape, offset),
  };
  return appended(draft, layer, whole);
}

/** The lengths of the axes that have numbers of their own, and 1 for the others. */
function keptShape({ name }: Call, { shape }: Value, axis: unknown): number[] {
  const own = axesOf(axis, shape.length);
  if (own !== null) return shape.map((length, at) => (own.includes(at) ? length : 1));
  const given = `axis ${axis} of a value of shape [${shape.join(', ')}]`;
  throw error('SHAPE_MISMATCH', { what: name, given, allowed: 'axes of the value' });
}

/** Numbers in lists of any depth. */
function nested(): typeof numbers {
  return {
    allowed: numbers.allowed,
    accepts: (value, isKeras3) =>
      numbers.accepts(
        Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : value,
        isKeras3,
      ),
  };
}
