/**
 * Functions of one value that exporters write as several layers, such as x * sigmoid(x), under their name.
 */
import { activations } from '../../estimators/neural/activations.ts';
import type { Layer, Network } from '../../estimators/neural/network.ts';
import { pruned, renumbered } from './layers.ts';

/** What two functions of one value may be together. */
const named = ['silu', 'gelu', 'geluTanh', 'mish', 'hardSwish', 'softsign', 'softplus'];

/** Layers in which functions of one value meet. */
const joining: readonly Layer['kind'][] = ['add', 'subtract', 'multiply'];

/** Where functions are compared: every sixteenth from -12 to 12. */
const samples: readonly number[] = Array.from({ length: 385 }, (_, i) => (i - 192) / 16);

/** How far values may be apart, for constants in single precision. */
const tolerance = 2e-6;

/** How many layers one function may be written in. */
const longest = 12;

/** The same network with a named function, times a number, wherever two functions of one value are one together. */
export function withNamedFunctions({ inputShape, layers }: Network): Network {
  const result: Layer[] = [];
  const places = new Map([[-1, -1]]);
  layers.forEach((layer, at) => {
    const found = joining.includes(layer.kind) ? namedProduct(layers, at) : undefined;
    if (found === undefined) {
      places.set(at, result.push(renumbered(layer, (input) => places.get(input)!)) - 1);
      return;
    }
    const { name } = layer;
    const input = places.get(found.source)!;
    const activation = { kind: 'activation', name, input, parameters: [] } as const;
    let place = result.push({ ...activation, function: found.function }) - 1;
    if (found.factor !== 1) {
      const factor = { shape: [], data: [found.factor] };
      const offset = { shape: [], data: [0] };
      place = result.push({ kind: 'scale', name, input: place, factor, offset }) - 1;
    }
    places.set(at, place);
  });
  return { inputShape, layers: pruned(result, places.get(layers.length - 1)!) };
}

/** factor * function(the value of layer source). */
interface NamedProduct {
  readonly source: number;
  readonly function: string;
  readonly factor: number;
}

function namedProduct(layers: readonly Layer[], at: number): NamedProduct | undefined {
  for (const source of sourcesOf(layers, at)) {
    const values = valuesOf(layers, at, source, longest, new Map());
    if (values === undefined) continue;
    for (const name of named) {
      const factor = factorOf(values, name);
      if (factor !== undefined) return { source, function: name, factor };
    }
    return undefined;
  }
  return undefined;
}

/** Layers that everything before a product may be a function of, the nearest first. */
function sourcesOf(layers: readonly Layer[], at: number): number[] {
  const sources: number[] = [];
  for (let next = at; next >= 0 && sources.length < longest; ) {
    const layer = layers[next]!;
    const isPair = 'inputs' in layer && layer.kind !== 'move';
    if (!isPair && layer.kind !== 'activation' && layer.kind !== 'scale') break;
    next = 'inputs' in layer ? layer.inputs[0]! : layer.input;
    sources.push(next);
  }
  return sources;
}

/** A layer as a function of another one, at the samples; undefined where it reads anything else. */
function valuesOf(
  layers: readonly Layer[],
  at: number,
  source: number,
  depth: number,
  known: Map<number, readonly number[] | undefined>,
): readonly number[] | undefined {
  if (at === source) return samples;
  if (depth === 0 || at < source) return undefined;
  if (!known.has(at)) {
    const of = (input: number) => valuesOf(layers, input, source, depth - 1, known);
    known.set(at, appliedTo(layers[at]!, of));
  }
  return known.get(at);
}

/** The samples after one layer, whose inputs are functions of them too. */
function appliedTo(
  layer: Layer,
  of: (input: number) => readonly number[] | undefined,
): readonly number[] | undefined {
  switch (layer.kind) {
    case 'activation': {
      const { function: f } = activations[layer.function]!;
      return of(layer.input)?.map((x) => f(x, ...layer.parameters));
    }
    case 'scale': {
      const [factor, offset] = [layer.factor.data, layer.offset.data];
      if (factor.length !== 1 || offset.length !== 1) return undefined;
      return of(layer.input)?.map((x) => x * factor[0]! + offset[0]!);
    }
    case 'add':
    case 'subtract':
    case 'multiply': {
      const [a, b] = layer.inputs.map(of);
      if (a === undefined || b === undefined) return undefined;
      if (layer.kind === 'add') return a.map((x, i) => x + b[i]!);
      return a.map((x, i) => (layer.kind === 'multiply' ? x * b[i]! : x - b[i]!));
    }
    default:
      return undefined;
  }
}

/** The number by which a function is a multiple of a named one; undefined where it is none. */
function factorOf(values: readonly number[], name: string): number | undefined {
  const { function: f } = activations[name]!;
  const own = samples.map((x) => f(x));
  const raw = values.at(-1)! / own.at(-1)!;
  // Constants in single precision are not exact; exporters write halves and twos.
  const near = Math.round(raw * 16) / 16;
  const factor = Math.abs(near - raw) <= tolerance ? near : raw;
  const fits = values.every((value, i) => {
    return Math.abs(value - factor * own[i]!) <= tolerance * (1 + Math.abs(value));
  });
  return fits && factor !== 0 ? factor : undefined;
}
