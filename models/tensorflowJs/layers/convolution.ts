/**
 * Convolutions of all kinds.
 */
import { error } from '../../../lib/errors.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import { appended, type Draft, spend, type Value } from '../draft.ts';
import type { Call, LayerKind } from '../layerKind.ts';
import { activation, channelsLast, count, flag, lengths, lengthsOf, oneOf } from '../options.ts';
import { checkRank, windowOf } from '../windows.ts';
import { biasOf, withBias } from './bias.ts';

/** A convolution over `rank` axes. */
export function convolution(rank: number): LayerKind {
  return {
    options: {
      ...windowOptions(rank, rank === 1),
      filters: count,
      groups: {
        allowed: 'an integer >= 1',
        accepts: (value) => value === undefined || count.accepts(value, true),
      },
    },
    weights: withBias('kernel'),
    build(call, [value], draft) {
      checkRank(call, value!, rank + 1);
      const { config } = call;
      const groups = (config.groups ?? 1) as number;
      const filters = config.filters as number;
      const channels = value!.shape.at(-1)!;
      if (channels % groups !== 0 || filters % groups !== 0) {
        const given = `${channels} channels and ${filters} filters in ${groups} groups`;
        throw error('SHAPE_MISMATCH', { what: call.name, given, allowed: 'multiples of groups' });
      }
      const kernel = lengthsOf(config.kernel_size, rank, 1);
      const shape = [...kernel, channels / groups, filters];
      const weights = call.weight('kernel', shape);
      // [...kernel, inputs, outputs] to [outputs, inputs, ...kernel].
      const data = rearranged(
        draft,
        call,
        weights,
        [filters, channels / groups, sizeOf(kernel)],
        (o, i, k) => (k * (channels / groups) + i) * filters + o,
      );
      return convolved(call, value!, draft, { kernel, groups, data, outputs: filters });
    },
  };
}

/** A convolution of each channel for itself: outputs 0 to multiplier - 1 are those of the first one. */
export function depthwise(rank: number): LayerKind {
  return {
    options: {
      ...windowOptions(rank, rank === 1),
      depth_multiplier: optionalCount,
      groups: oneOf(1),
    },
    weights: withBias('depthwise_kernel'),
    build(call, [value], draft) {
      checkRank(call, value!, rank + 1);
      const { kernel, weights, channels, multiplier } = depthwiseKernel(call, value!, rank);
      const outputs = channels * multiplier;
      // [...kernel, channels, multiplier] to [channels * multiplier, 1, ...kernel].
      const data = rearranged(
        draft,
        call,
        weights,
        [outputs, 1, sizeOf(kernel)],
        (o, _, k) => k * outputs + o,
      );
      return convolved(call, value!, draft, { kernel, groups: channels, data, outputs });
    },
  };
}

/**
 * A depthwise convolution and a product over its channels, which nothing rounds in between: they are one convolution, with
 * weights sum_m depthwise[k, c, m] * pointwise[c, m, o].
 */
export function separable(rank: number): LayerKind {
  return {
    options: {
      ...windowOptions(rank, rank === 1),
      filters: count,
      depth_multiplier: optionalCount,
      groups: oneOf(1),
    },
    weights: withBias('depthwise_kernel', 'pointwise_kernel'),
    build(call, [value], draft) {
      checkRank(call, value!, rank + 1);
      const { kernel, weights, channels, multiplier } = depthwiseKernel(call, value!, rank);
      const filters = call.config.filters as number;
      const ones = kernel.map(() => 1);
      const pointwise = call.weight('pointwise_kernel', [...ones, channels * multiplier, filters]);
      const size = sizeOf(kernel);
      spend(draft, call.name, filters * channels * size);
      const data = new Array<number>(filters * channels * size).fill(0);
      for (let o = 0; o < filters; o++) {
        for (let c = 0; c < channels; c++) {
          for (let k = 0; k < size; k++) {
            for (let m = 0; m < multiplier; m++) {
              const depth = weights[(k * channels + c) * multiplier + m]!;
              data[(o * channels + c) * size + k]! +=
                depth * pointwise[(c * multiplier + m) * filters + o]!;
            }
          }
        }
      }
      return convolved(call, value!, draft, { kernel, groups: 1, data, outputs: filters });
    },
  };
}

const optionalCount = {
  allowed: 'an integer >= 1',
  accepts: (value: unknown): boolean => value === undefined || count.accepts(value, true),
};

function windowOptions(rank: number, causal: boolean): NonNullable<LayerKind['options']> {
  return {
    kernel_size: lengths(rank),
    strides: lengths(rank),
    padding: oneOf('valid', 'same', ...(causal ? ['causal'] : [])),
    data_format: channelsLast,
    dilation_rate: lengths(rank),
    activation,
    use_bias: flag,
  };
}

function depthwiseKernel(
  call: Call,
  { shape }: Value,
  rank: number,
): {
  readonly kernel: readonly number[];
  readonly weights: Float64Array;
  readonly channels: number;
  readonly multiplier: number;
} {
  const kernel = lengthsOf(call.config.kernel_size, rank, 1);
  const channels = shape.at(-1)!;
  const multiplier = (call.config.depth_multiplier ?? 1) as number;
  const weights = call.weight('depthwise_kernel', [...kernel, channels, multiplier]);
  return { kernel, weights, channels, multiplier };
}

function convolved(
  call: Call,
  value: Value,
  draft: Draft,
  own: {
    readonly kernel: readonly number[];
    readonly groups: number;
    readonly data: readonly number[];
    readonly outputs: number;
  },
): Value {
  const { kernel, groups, data, outputs } = own;
  const { strides, dilations, padding, places } = windowOf(call, value, kernel, 1);
  const inputs = value.shape.at(-1)! / groups;
  const layer = {
    ...({ kind: 'convolution', name: call.name, input: value.layer } as const),
    weights: { shape: [outputs, inputs, ...kernel], data },
    bias: biasOf(call, outputs),
    ...{ strides, dilations, padding, groups },
  };
  return appended(draft, layer, [...places, outputs]);
}

/** Weights by output, input and place in the kernel. */
function rearranged(
  draft: Draft,
  { name }: Call,
  weights: Float64Array,
  [outputs, inputs, size]: readonly [number, number, number],
  place: (output: number, input: number, k: number) => number,
): number[] {
  spend(draft, name, weights.length);
  const data = new Array<number>(weights.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let k = 0; k < size; k++) data[(o * inputs + i) * size + k] = weights[place(o, i, k)]!;
    }
  }
  return data;
}
