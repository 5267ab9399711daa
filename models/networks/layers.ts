/**
 * Lists of layers: which are needed, and which read which.
 */
import type { Layer } from '../../estimators/neural/network.ts';
import { inputsOf } from '../../estimators/neural/shapes.ts';

/** The layers that layer `last` needs. */
export function pruned(layers: readonly Layer[], last: number): Layer[] {
  const needed = new Set([last]);
  for (let at = last; at >= 0; at--) {
    if (needed.has(at)) for (const input of inputsOf(layers[at]!)) needed.add(input);
  }
  const places = new Map([[-1, -1]]);
  const result: Layer[] = [];
  layers.forEach((layer, at) => {
    if (!needed.has(at)) return;
    const own = renumbered(layer, (input) => places.get(input)!);
    places.set(at, result.push(own) - 1);
  });
  return result;
}

/** A layer that reads others in the places of its inputs. */
export function renumbered(layer: Layer, place: (input: number) => number): Layer {
  if (!('inputs' in layer)) return { ...layer, input: place(layer.input) };
  return { ...layer, inputs: layer.inputs.map(place) } as Layer;
}

/** How often each layer is read, the last one once more. */
export function useCounts(layers: readonly Layer[]): number[] {
  const uses = layers.map((_, at) => Number(at === layers.length - 1));
  for (const input of layers.flatMap((layer) => [...inputsOf(layer)])) {
    if (input >= 0) uses[input]! += 1;
  }
  return uses;
}
