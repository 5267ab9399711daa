/**
 * A function of each element, as a layer.
 */
import { appendLike, type Context } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import type { ComputedValue } from '../values.ts';

/** The value after one of the functions of `activations`. */
export function activated(
  context: Context,
  { name }: OnnxNode,
  value: ComputedValue,
  functionName: string,
  parameters: readonly number[] = [],
): ComputedValue {
  return appendLike(context, value, {
    kind: 'activation',
    name,
    input: value.layer,
    function: functionName,
    parameters,
  });
}
