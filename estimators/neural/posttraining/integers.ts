/**
 * What the integers of a value may be, as far as weights that read them have to know.
 */
import { layerValue, type Value } from '../evaluate.ts';
import { countOf, placesOf } from '../kernels.ts';
import type { Layer } from '../network.ts';

/** value = unit * integer (+ a constant); `spans` has the number of values of each element, less one. */
export interface Spans {
  readonly unit: number;
  readonly spans: Float64Array;
}

/** The integers of a layer's value, from those that it reads; null where it has none before the next grid. */
export function spansBehind(
  layer: Layer,
  inputs: readonly (Spans | null)[],
  shapes: readonly (readonly number[])[],
  shape: readonly number[],
  size: number,
): Spans | null {
  if (layer.kind === 'grid') {
    const spans = new Float64Array(size).fill(layer.max - layer.min);
    return { unit: layer.step[0]!, spans };
  }
  const known = inputs.filter((each) => each !== null);
  if (known.length !== inputs.length) return null;
  const [first] = known as [Spans];
  const over = (own: Layer): Float64Array => {
    const values = known.map(({ spans }, k): Value => ({ shape: shapes[k]!, data: spans }));
    return layerValue(own as Parameters<typeof layerValue>[0], values, shape, 1);
  };
  switch (layer.kind) {
    case 'move':
      return { unit: first.unit, spans: over({ ...layer, fill: 0 }) };
    case 'add':
    case 'maximum':
    case 'minimum':
    case 'maxPool':
    case 'max':
    case 'sum':
      return { unit: first.unit, spans: over(layer) };
    case 'multiply':
      return { unit: first.unit * known[1]!.unit, spans: over(layer) };
    case 'subtract':
      return { unit: first.unit, spans: over({ ...layer, kind: 'add' }) };
    case 'mean': {
      const sums = over({ ...layer, kind: 'sum' });
      const count = first.spans.length / sums.length;
      return { unit: first.unit / count, spans: sums };
    }
    case 'averagePool': {
      const places = placesOf(layer.name, layer, shapes[0]!.slice(1));
      const count = Math.max(...places.map((window) => countOf(layer, window)));
      return { unit: first.unit / count, spans: over(layer).map((mean) => mean * count) };
    }
    default:
      return null;
  }
}
