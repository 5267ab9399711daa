/**
 * Networks in floats: what the source library computes, and where there are grids, what the integers stand for.
 */
import { error } from '../../lib/errors.ts';
import { broadcastIndex, gather } from '../../tracer/broadcast.ts';
import { sizeOf, stridesOf, type Tensor } from '../../tracer/tensor.ts';
import { roundHalfEven } from '../quantize/rounding.ts';
import { activations } from './activations.ts';
import { averagePool, convolution, dense, maxPool } from './kernels.ts';
import type {
  ActivationLayer,
  GridLayer,
  Layer,
  MoveLayer,
  Network,
  PairLayer,
  ReduceLayer,
  ScaleLayer,
  TableLayer,
} from './network.ts';
import { inputsOf, networkShapes } from './shapes.ts';

/** Elements that are worked on at a time, all layers together. */
const largestBatch = 2 ** 24;

/** Values of a layer for some rows, side by side. */
export interface Value {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/**
 * The output of a network for rows of inputs, [rows, ...inputShape] or [rows, elements]: [rows, ...shape of the last layer].
 *
 * @throws SHAPE_MISMATCH for rows of another size, and as `networkShapes`
 */
export function evaluateNetwork(network: Network, X: Tensor): Tensor {
  const last = network.layers.length - 1;
  const [rows] = X.shape as [number];
  const data: Float64Array[] = [];
  for (const values of evaluateLayers(network, X, [last])) data.push(values[0]!.data);
  const shape = [rows, ...networkShapes(network)[last]!];
  const all = new Float64Array(sizeOf(shape));
  let at = 0;
  for (const part of data) {
    all.set(part, at);
    at += part.length;
  }
  return { shape, data: all };
}

/**
 * The values of some layers (-1: the input), for a part of the rows after the other.
 *
 * @param count how many of the layers are computed
 */
export function* evaluateLayers(
  network: Network,
  X: Tensor,
  wanted: readonly number[],
  count: number = network.layers.length,
): Generator<Value[]> {
  const shapes = networkShapes(network);
  const { inputShape } = network;
  const layers = network.layers.slice(0, count);
  const [rows = 0] = X.shape;
  const size = sizeOf(inputShape);
  if (X.shape.length === 0 || X.data.length !== rows * size) {
    const allowed = `[rows, ${inputShape.join(', ')}]`;
    throw error('SHAPE_MISMATCH', { what: 'rows of a network', given: X.shape, allowed });
  }
  const width = shapes.reduce((sum, shape) => sum + sizeOf(shape), size);
  const step = Math.max(1, Math.floor(largestBatch / width));
  for (let first = 0; first < rows; first += step) {
    const taken = Math.min(step, rows - first);
    const own = X.data.subarray(first * size, (first + taken) * size);
    const values: Value[] = [];
    const at = (place: number): Value =>
      place < 0 ? { shape: inputShape, data: own } : values[place]!;
    layers.forEach((layer, place) => {
      const data =
        layer.kind === 'table'
          ? tabulated(layer, layers[layer.input] as GridLayer, at(layer.input), taken)
          : layerValue(layer, inputsOf(layer).map(at), shapes[place]!, taken);
      values.push({ shape: shapes[place]!, data });
    });
    yield wanted.map(at);
  }
}

/** The value of one layer for some rows; tables need the grid before them. */
export function layerValue(
  layer: Exclude<Layer, TableLayer>,
  inputs: readonly Value[],
  shape: readonly number[],
  rows: number,
): Float64Array {
  const [x] = inputs as [Value];
  switch (layer.kind) {
    case 'dense':
      return dense(layer, x.data);
    case 'convolution':
      return convolution(layer, x, rows);
    case 'maxPool':
      return maxPool(layer, x, rows);
    case 'averagePool':
      return averagePool(layer, x, rows);
    case 'scale':
      return scaled(layer, x, shape, rows);
    case 'activation':
      return x.data.map(functionOf(layer));
    case 'grid':
      return onGrid(layer, x, rows);
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'maximum':
    case 'minimum':
      return paired(layer, inputs, shape, rows);
    case 'move':
      return moved(layer, inputs, rows);
    default:
      return reduced(layer, x, rows);
  }
}

/** An activation as a function of one element. */
export function functionOf({ function: name, parameters }: ActivationLayer): (x: number) => number {
  const { function: f } = activations[name]!;
  const [a, b] = parameters as [number, number];
  if (parameters.length === 0) return (x) => f(x);
  if (parameters.length === 1) return (x) => f(x, a);
  return (x) => f(x, a, b);
}

/** The integer of a value on a grid, less the zero. */
export function codeOf({ zero, min, max }: GridLayer, step: number, x: number): number {
  return Math.min(Math.max(roundHalfEven(x / step) + zero, min), max) - zero;
}

function scaled(
  { factor, offset }: ScaleLayer,
  x: Value,
  shape: readonly number[],
  rows: number,
): Float64Array {
  const factors = spread(factor.shape, shape, factor.data);
  const offsets = spread(offset.shape, shape, offset.data);
  const size = sizeOf(shape);
  const from = broadcastIndex(x.shape, shape);
  const width = sizeOf(x.shape);
  const out = new Float64Array(rows * size);
  for (let row = 0; row < rows; row++) {
    for (let e = 0; e < size; e++) {
      const value = x.data[row * width + (from === null ? e : from[e]!)]!;
      out[row * size + e] = value * factors[e]! + offsets[e]!;
    }
  }
  return out;
}

/** Constants as one for each element of a shape. */
export function spread(
  shape: readonly number[],
  target: readonly number[],
  data: readonly number[],
): Float64Array {
  const index = broadcastIndex(shape, target);
  if (index === null) return Float64Array.from(data);
  return Float64Array.from(index, (at) => data[at]!);
}

/** Steps of a grid as one for each element. */
export function stepsOf({ step }: GridLayer, shape: readonly number[]): Float64Array {
  const size = sizeOf(shape);
  const block = step.length === 1 ? size : size / step.length;
  return Float64Array.from({ length: size }, (_, e) => step[Math.floor(e / block)]!);
}

function onGrid(layer: GridLayer, { shape, data }: Value, rows: number): Float64Array {
  const size = sizeOf(shape);
  const steps = stepsOf(layer, shape);
  const out = new Float64Array(rows * size);
  for (let i = 0; i < out.length; i++) {
    const step = steps[i % size]!;
    out[i] = step * codeOf(layer, step, data[i]!);
  }
  return out;
}

function tabulated(
  layer: TableLayer,
  grid: GridLayer,
  { shape, data }: Value,
  rows: number,
): Float64Array {
  const size = sizeOf(shape);
  const steps = stepsOf(grid, shape);
  const out = new Float64Array(rows * size);
  for (let i = 0; i < out.length; i++) {
    out[i] = layer.values[roundHalfEven(data[i]! / steps[i % size]!) - layer.min]!;
  }
  return out;
}

function paired(
  { kind }: PairLayer,
  inputs: readonly Value[],
  shape: readonly number[],
  rows: number,
): Float64Array {
  const [a, b] = inputs as [Value, Value];
  const size = sizeOf(shape);
  const [fromA, fromB] = [broadcastIndex(a.shape, shape), broadcastIndex(b.shape, shape)];
  const [sizeA, sizeB] = [sizeOf(a.shape), sizeOf(b.shape)];
  const f = pairs[kind];
  const out = new Float64Array(rows * size);
  for (let row = 0; row < rows; row++) {
    for (let e = 0; e < size; e++) {
      const x = a.data[row * sizeA + (fromA === null ? e : fromA[e]!)]!;
      const y = b.data[row * sizeB + (fromB === null ? e : fromB[e]!)]!;
      out[row * size + e] = f(x, y);
    }
  }
  return out;
}

/** What pairs of values become, by the kinds of layers. */
export const pairs: Readonly<Record<PairLayer['kind'], (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
};

function moved({ from, fill }: MoveLayer, inputs: readonly Value[], rows: number): Float64Array {
  const size = from.length;
  const out = new Float64Array(rows * size).fill(fill);
  let first = 0;
  for (const { shape, data } of inputs) {
    const own = sizeOf(shape);
    from.forEach((at, e) => {
      const place = at - first;
      if (at < 0 || place < 0 || place >= own) return;
      for (let row = 0; row < rows; row++) out[row * size + e] = data[row * own + place]!;
    });
    first += own;
  }
  return out;
}

/** The elements that each element of a reduced value is made of: where they begin, and how far from there they are. */
export function groupsOf(
  { axes }: ReduceLayer,
  shape: readonly number[],
): { readonly starts: Int32Array; readonly places: Int32Array } {
  const strides = stridesOf(shape);
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const pick = (list: readonly number[], of: readonly number[]): number[] =>
    of.map((axis) => list[axis]!);
  return {
    starts: gather(pick(shape, kept), pick(strides, kept), 0),
    places: gather(pick(shape, axes), pick(strides, axes), 0),
  };
}

function reduced(layer: ReduceLayer, { shape, data }: Value, rows: number): Float64Array {
  const { starts, places } = groupsOf(layer, shape);
  const size = sizeOf(shape);
  const out = new Float64Array(rows * starts.length);
  for (let i = 0; i < out.length; i++) {
    const first = Math.floor(i / starts.length) * size + starts[i % starts.length]!;
    let result = layer.kind === 'max' ? Number.NEGATIVE_INFINITY : 0;
    for (const place of places) {
      const value = data[first + place]!;
      result = layer.kind === 'max' ? Math.max(result, value) : result + value;
    }
    out[i] = layer.kind === 'mean' ? result / places.length : result;
  }
  return out;
}
