/**
 * From a topology and its weights to a network, and to what the client does with its output.
 */
import type { Network } from '../../estimators/neural/network.ts';
import { error } from '../../lib/errors.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import { simplified } from '../networks/simplify.ts';
import { activated, type Step } from './activations.ts';
import { type Draft, emptyDraft, inputOf, moved, reshaped, type Value } from './draft.ts';
import { layerTable } from './layerTable.ts';
import { checkSupport, stepsOf } from './support.ts';
import type { Topology } from './topology.ts';
import { weightIndex, weightOf } from './weightNames.ts';
import type { KerasWeight } from './weights.ts';

/** A network on flat rows in Keras' order, with flat outputs in Keras' order. */
export interface ImportedNetwork {
  readonly network: Network;
  /** What Keras does with the output last, and the client may do instead. */
  readonly last: 'softmax' | 'sigmoid' | 'exponential' | null;
  /** The number of outputs. */
  readonly outputs: number;
}

/**
 * The network of a layers model.
 *
 * @throws UNSUPPORTED_OPERATOR naming all layers that are not supported; SHAPE_MISMATCH, BAD_MODEL, OUT_OF_RANGE naming the layer
 */
export function networkOf(topology: Topology, weights: readonly KerasWeight[]): ImportedNetwork {
  checkSupport(topology);
  const { calls, output, inputShape, isKeras3 } = topology;
  const index = weightIndex(weights);
  const draft = emptyDraft();
  const values: Value[] = [inputOf(draft, inputShape)];
  let last: ImportedNetwork['last'] = null;
  for (const [place, call] of calls.entries()) {
    if (place === 0) continue;
    const kind = layerTable[call.className]!;
    const name = call.path.join('/');
    const inputs = call.inputs.map((input) => values[input]!);
    if (inputs.length !== 1 && !kind.isMerge) {
      throw error('SHAPE_MISMATCH', { what: name, given: `${inputs.length} values`, allowed: '1' });
    }
    const names = kind.weights?.(call.config) ?? [];
    const weight = (own: string, shape: readonly number[]): Float64Array =>
      weightOf(index, call, names, own, shape);
    const own = { name, config: call.config, isKeras3, weight };
    const value = kind.build(own, inputs, draft);
    const steps = kind.options === null ? [] : stepsOf(call, isKeras3)!;
    const final = place === output ? finalOf(name, steps, value) : null;
    if (final !== null) last = final;
    values.push(activated(draft, name, value, final === null ? steps : steps.slice(0, -1)));
  }
  flatten(draft, values[output]!);
  const network = simplified({ inputShape: [sizeOf(inputShape)], layers: draft.layers });
  return { network, last, outputs: sizeOf(values[output]!.shape) };
}

/** Functions that the client can apply to the output. */
const clientFunctions: Readonly<Record<string, NonNullable<ImportedNetwork['last']>>> = {
  softmax: 'softmax',
  sigmoid: 'sigmoid',
  exp: 'exponential',
};

/** The last step, where the client can take it over. @throws UNSUPPORTED_OPERATOR for softmax over a part of the output */
function finalOf(name: string, steps: readonly Step[], { shape }: Value): ImportedNetwork['last'] {
  const last = steps.at(-1)?.function ?? '';
  if (!Object.hasOwn(clientFunctions, last)) return null;
  if (last === 'softmax' && sizeOf(shape) !== shape.at(-1)) {
    throw error('UNSUPPORTED_OPERATOR', {
      what: name,
      given: `softmax along one axis of [${shape.join(', ')}]`,
      allowed: 'softmax over all outputs of a row',
    });
  }
  return clientFunctions[last]!;
}

/** Makes a value the output: flat, in Keras' order, and of the last layer. */
function flatten(draft: Draft, value: Value): void {
  const shape = [sizeOf(value.shape)];
  const flat = reshaped(draft, 'output', value, shape);
  if (flat.layer !== draft.layers.length - 1) moved(draft, 'output', [flat], shape, (at) => at);
}
