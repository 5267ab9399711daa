/**
 * The values of a network element by element: what each is computed from. Numbers of elements are in the order in which they
 * are computed; the first ones are those of the input grid.
 */
import { broadcastIndex } from '../../../tracer/broadcast.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import { roundHalfEven } from '../../quantize/rounding.ts';
import { codeOf, functionOf, spread, stepsOf } from '../evaluate.ts';
import { countOf, placesOf } from '../kernels.ts';
import { windowOf } from '../linearShapes.ts';
import type {
  ConvolutionLayer,
  DenseLayer,
  GridLayer,
  Layer,
  Network,
  PairLayer,
  PoolLayer,
  ReduceLayer,
} from '../network.ts';
import { inputsOf, networkShapes } from '../shapes.ts';

/** An element of a value. */
export type Element =
  | SumElement
  /** A function of one element. */
  | { readonly kind: 'map'; readonly of: number; readonly function: (x: number) => number }
  /** A function of two elements over some, from the first to the last. */
  | {
      readonly kind: 'fold';
      readonly of: readonly number[];
      readonly function: (a: number, b: number) => number;
    };

/** A weighted sum of elements and a constant. */
export interface SumElement {
  readonly kind: 'sum';
  readonly terms: readonly Term[];
  readonly constant: number;
}

type Term = readonly [element: number, weight: number];

export interface Elements {
  /** Elements below this are those of the input grid. */
  readonly inputs: number;
  /** The elements of the output, in C order. */
  readonly outputs: readonly number[];
  /** An element that is none of the inputs. */
  readonly of: (element: number) => Element;
}

/** The elements behind the layer at `grid`, on which all later ones depend. */
export function elementsOf(network: Network, grid: number): Elements {
  const shapes = networkShapes(network);
  const { layers } = network;
  const inputs = sizeOf(shapes[grid]!);
  const firsts = new Map([[grid, 0]]);
  const makers: Maker[] = [];
  const owners: number[] = [];
  let next = inputs;
  for (let place = grid + 1; place < layers.length; place++) {
    firsts.set(place, next);
    const operands = inputsOf(layers[place]!).map(
      (at): Operand => ({ first: firsts.get(at)!, shape: shapes[at]! }),
    );
    makers.push(makerOf(layers, place, operands, shapes[place]!));
    owners.push(next);
    next += sizeOf(shapes[place]!);
  }
  const known = new Map<number, Element>();
  const of = (element: number): Element => {
    let found = known.get(element);
    if (found === undefined) {
      const at = owners.findLastIndex((first) => first <= element);
      found = makers[at]!(element - owners[at]!);
      known.set(element, found);
    }
    return found;
  };
  const last = layers.length - 1;
  const size = sizeOf(shapes[last]!);
  return {
    inputs,
    outputs: Array.from({ length: size }, (_, k) => firsts.get(last)! + k),
    of,
  };
}

/** A value that a layer reads: its first element, and its shape. */
interface Operand {
  readonly first: number;
  readonly shape: readonly number[];
}

/** The element of a layer's value at a place. */
type Maker = (at: number) => Element;

function makerOf(
  layers: readonly Layer[],
  place: number,
  operands: readonly Operand[],
  shape: readonly number[],
): Maker {
  const layer = layers[place]!;
  const [x] = operands as [Operand];
  switch (layer.kind) {
    case 'dense':
      return denseElements(layer, x);
    case 'convolution':
      return convolutionElements(layer, x);
    case 'maxPool':
    case 'averagePool':
      return poolElements(layer, x);
    case 'scale': {
      const factors = spread(layer.factor.shape, shape, layer.factor.data);
      const offsets = spread(layer.offset.shape, shape, layer.offset.data);
      const from = placesIn(x.shape, shape);
      return (at) => sum([[x.first + from(at), factors[at]!]], offsets[at]!);
    }
    case 'activation': {
      const f = functionOf(layer);
      if (layer.function === 'identity') return (at) => sum([[x.first + at, 1]], 0);
      return (at) => ({ kind: 'map', of: x.first + at, function: f });
    }
    case 'grid': {
      const steps = stepsOf(layer, shape);
      return (at) => ({
        kind: 'map',
        of: x.first + at,
        function: (value) => steps[at]! * codeOf(layer, steps[at]!, value),
      });
    }
    case 'table': {
      const steps = stepsOf(layers[layer.input] as GridLayer, shape);
      return (at) => ({
        kind: 'map',
        of: x.first + at,
        function: (value) => layer.values[roundHalfEven(value / steps[at]!) - layer.min]!,
      });
    }
    case 'move': {
      const all = operands.flatMap(({ first, shape: own }) =>
        Array.from({ length: sizeOf(own) }, (_, e) => first + e),
      );
      return (at) => {
        const from = layer.from[at]!;
        return from < 0 ? sum([], layer.fill) : sum([[all[from]!, 1]], 0);
      };
    }
    case 'sum':
    case 'mean':
    case 'max':
      return reducedElements(layer, x, shape);
    default:
      return pairElements(layer, operands, shape);
  }
}

function sum(terms: readonly Term[], constant: number): SumElement {
  return { kind: 'sum', terms: terms.filter(([, weight]) => weight !== 0), constant };
}

function maximum(of: readonly number[]): Element {
  return { kind: 'fold', of, function: Math.max };
}

/** Where an element of a broadcast value is read. */
function placesIn(from: readonly number[], to: readonly number[]): (at: number) => number {
  const index = broadcastIndex(from, to);
  return index === null ? (at) => at : (at) => index[at]!;
}

function denseElements({ weights, bias }: DenseLayer, { first }: Operand): Maker {
  const [outputs, inputs] = weights.shape as [number, number];
  return (at) => {
    const output = at % outputs;
    const start = first + Math.floor(at / outputs) * inputs;
    const terms = Array.from(
      { length: inputs },
      (_, j): Term => [start + j, weights.data[output * inputs + j]!],
    );
    return sum(terms, bias[output]!);
  };
}

function convolutionElements(layer: ConvolutionLayer, { first, shape }: Operand): Maker {
  const { weights, bias, groups } = layer;
  const [, ...spatial] = shape;
  const [outputs, depth] = weights.shape as [number, number];
  const places = placesOf(layer.name, windowOf(layer), spatial);
  const kernel = sizeOf(weights.shape.slice(2));
  const size = sizeOf(spatial);
  return (at) => {
    const output = Math.floor(at / places.length);
    const window = places[at % places.length]!;
    const channel = Math.floor((output * groups) / outputs) * depth;
    const terms: Term[] = [];
    for (let d = 0; d < depth; d++) {
      for (let k = 0; k < kernel; k++) {
        if (window[k]! < 0) continue;
        const weight = weights.data[(output * depth + d) * kernel + k]!;
        terms.push([first + (channel + d) * size + window[k]!, weight]);
      }
    }
    return sum(terms, bias[output]!);
  };
}

function poolElements(layer: PoolLayer, { first, shape }: Operand): Maker {
  const [, ...spatial] = shape;
  const places = placesOf(layer.name, layer, spatial);
  const size = sizeOf(spatial);
  return (at) => {
    const window = places[at % places.length]!;
    const start = first + Math.floor(at / places.length) * size;
    const of = [...window].filter((place) => place >= 0).map((place) => start + place);
    if (layer.kind === 'maxPool') return maximum(of);
    const weight = 1 / countOf(layer, window);
    return sum(
      of.map((element): Term => [element, weight]),
      0,
    );
  };
}

function reducedElements(
  { kind, axes }: ReduceLayer,
  { first, shape }: Operand,
  reduced: readonly number[],
): Maker {
  const kept = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const to = placesIn(kept, shape);
  const groups = Array.from({ length: sizeOf(reduced) }, (): number[] => []);
  for (let e = 0; e < sizeOf(shape); e++) groups[to(e)]!.push(first + e);
  return (at) => {
    const of = groups[at]!;
    if (kind === 'max') return maximum(of);
    const weight = kind === 'mean' ? 1 / of.length : 1;
    return sum(
      of.map((element): Term => [element, weight]),
      0,
    );
  };
}

function pairElements(
  { kind }: PairLayer,
  operands: readonly Operand[],
  shape: readonly number[],
): Maker {
  const [a, b] = operands.map(({ first, shape: own }) => {
    const from = placesIn(own, shape);
    return (at: number): number => first + from(at);
  }) as [(at: number) => number, (at: number) => number];
  switch (kind) {
    case 'add':
    case 'subtract': {
      const weight = kind === 'add' ? 1 : -1;
      return (at) =>
        sum(
          [
            [a(at), 1],
            [b(at), weight],
          ],
          0,
        );
    }
    case 'multiply':
      return (at) => ({ kind: 'fold', of: [a(at), b(at)], function: (u, v) => u * v });
    case 'maximum':
      return (at) => maximum([a(at), b(at)]);
    case 'minimum':
      return (at) => ({ kind: 'fold', of: [a(at), b(at)], function: Math.min });
    default:
      return kind satisfies never;
  }
}
