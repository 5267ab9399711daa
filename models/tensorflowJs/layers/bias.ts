/**
 * The bias of layers with weights.
 */
import type { JsonObject } from '../json.ts';
import type { Call } from '../layerKind.ts';

/** The names of a layer's weights, with that of the bias where it has one. */
export function withBias(...names: readonly string[]): (config: JsonObject) => readonly string[] {
  return ({ use_bias: hasBias }) => (hasBias === false ? names : [...names, 'bias']);
}

/** The bias, or zeros. */
export function biasOf(call: Call, outputs: number): number[] {
  if (call.config.use_bias === false) return new Array<number>(outputs).fill(0);
  return Array.from(call.weight('bias', [outputs]));
}
