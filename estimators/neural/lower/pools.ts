/**
 * Maxima behind the functions of their elements: a function that never falls gives the same before a maximum and after it,
 * and behind a grid the maximum is one of narrow integers.
 */
import { activations } from '../activations.ts';
import type { Layer, Network, PoolLayer, ScaleLayer } from '../network.ts';
import { inputsOf } from '../shapes.ts';

/** The same network with each maximum behind the next grid, where only functions that never fall are between. */
export function raisePools(network: Network): Network {
  const layers = [...network.layers];
  for (let at = layers.length - 2; at >= 0; at--) {
    if (layers[at]!.kind !== 'maxPool') continue;
    const chain = chainOf(layers, at);
    if (chain === null) continue;
    // The functions move to where the maximum was, and the maximum to where the last of them was.
    const pool = layers[at] as PoolLayer;
    const places = [at, ...chain];
    chain.forEach((from, k) => {
      const input = k === 0 ? pool.input : places[k - 1]!;
      layers[places[k]!] = { ...layers[from]!, input } as Layer;
    });
    layers[places.at(-1)!] = { ...pool, input: places.at(-2)! };
  }
  return { ...network, layers };
}

/** The layers from behind a maximum up to the next grid, each the only reader of the one before; null where others are between. */
function chainOf(layers: readonly Layer[], at: number): number[] | null {
  const rank = (layers[at] as PoolLayer).kernel.length + 1;
  const chain: number[] = [];
  for (let last = at; ; ) {
    const readers = layers.flatMap((layer, k) => (inputsOf(layer).includes(last) ? [k] : []));
    const [reader] = readers;
    if (readers.length !== 1 || !neverFalls(layers[reader!]!, rank)) return null;
    chain.push(reader!);
    if (layers[reader!]!.kind === 'grid') return hasTable(layers, reader!) ? null : chain;
    last = reader!;
  }
}

/** Whether a learned table reads the value: it needs the grid right before it. */
function hasTable(layers: readonly Layer[], at: number): boolean {
  return layers.some((layer) => layer.kind === 'table' && layer.input === at);
}

function neverFalls(layer: Layer, rank: number): boolean {
  if (layer.kind === 'grid') return true;
  if (layer.kind === 'activation') {
    return activations[layer.function]!.rises(...layer.parameters);
  }
  return (
    layer.kind === 'scale' && isByChannel(layer, rank) && layer.factor.data.every((f) => f >= 0)
  );
}

/** Whether all elements of a channel meet the same constants. */
function isByChannel({ factor, offset }: ScaleLayer, rank: number): boolean {
  return [factor, offset].every(
    ({ shape, data }) =>
      data.length === 1 ||
      (shape.length === rank && shape.slice(1).every((extent) => extent === 1)),
  );
}
