/**
 * Dense layers.
 */
import { appended, spend } from '../draft.ts';
import type { LayerKind } from '../layerKind.ts';
import { activation, count, flag } from '../options.ts';
import { biasOf, withBias } from './bias.ts';

/** y = x . kernel + bias along the last axis: where there are others, a convolution of windows of one element. */
export const dense: LayerKind = {
  options: { units: count, activation, use_bias: flag },
  weights: withBias('kernel'),
  build(call, [value], draft) {
    const { name, config } = call;
    const { shape, layer: input } = value!;
    const inputs = shape.at(-1) ?? 0;
    const outputs = config.units as number;
    const kernel = call.weight('kernel', [inputs, outputs]);
    const bias = biasOf(call, outputs);
    spend(draft, name, kernel.length);
    const data = transposed(kernel, inputs, outputs);
    const out = [...shape.slice(0, -1), outputs];
    const weights = { shape: [outputs, inputs], data };
    if (shape.length === 1) {
      return appended(draft, { kind: 'dense', name, input, weights, bias }, out);
    }
    const ones = shape.slice(1).map(() => 1);
    const convolution = {
      ...({ kind: 'convolution', name, input, bias, groups: 1 } as const),
      weights: { shape: [outputs, inputs, ...ones], data },
      strides: ones,
      dilations: ones,
      padding: ones.map(() => [0, 0] as const),
    };
    return appended(draft, convolution, out);
  },
};

function transposed(kernel: Float64Array, inputs: number, outputs: number): number[] {
  return Array.from(kernel, (_, at) => kernel[(at % inputs) * outputs + Math.floor(at / inputs)]!);
}
