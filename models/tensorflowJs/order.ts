/**
 * The order in which the calls of a model can run.
 */
import { badModel } from './json.ts';
import type { ModelLayer, ModelLayers } from './modelLayers.ts';

/** One call of a layer. */
export interface OrderedNode {
  readonly layer: ModelLayer;
  readonly node: number;
  /** `name/node`. */
  readonly key: string;
}

/**
 * The calls that the output needs, each after those that it takes values of; what `known` holds needs no call.
 *
 * Depth first, with a stack of its own: chains may be longer than the stack of JavaScript is deep.
 *
 * @throws BAD_MODEL for cycles, and for calls and layers that are not there.
 */
export function orderedNodes(
  { layers, outputs }: ModelLayers,
  known: ReadonlyMap<string, number>,
  what: string,
): readonly OrderedNode[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const ordered: OrderedNode[] = [];
  const done = new Set(known.keys());
  const open = new Set<string>();
  const stack = outputs.map(({ layer, node }) => ({ name: layer, node }));
  while (stack.length > 0) {
    const { name, node } = stack.at(-1)!;
    const key = `${name}/${node}`;
    const layer = byName.get(name);
    if (done.has(key)) {
      stack.pop();
      continue;
    }
    const inputs = layer?.nodes[node];
    if (layer === undefined || inputs === undefined || inputs.length === 0) {
      const allowed = 'calls of layers of the model, from its inputs on';
      throw badModel(`${what}: inbound_nodes`, `call ${node} of ${name}`, allowed);
    }
    const missing = inputs.filter((from) => !done.has(`${from.layer}/${from.node}`));
    if (missing.length === 0) {
      ordered.push({ layer, node, key });
      done.add(key);
      stack.pop();
      continue;
    }
    if (open.has(key)) throw badModel(`${what}: inbound_nodes`, `a cycle through ${name}`, 'none');
    open.add(key);
    stack.push(...missing.map((from) => ({ name: from.layer, node: from.node })));
  }
  return ordered;
}
