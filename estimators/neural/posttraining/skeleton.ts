/**
 * Where the grids of a network go that was trained in floats.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { type LinearTail, lastSum, linearTail } from '../linearTail.ts';
import type { ConvolutionLayer, DenseLayer, GridLayer, Layer, Network } from '../network.ts';
import { failed } from '../problems.ts';
import { inputsOf, networkShapes } from '../shapes.ts';

/** A network with a grid wherever one is needed; steps, ends and weights are still to be chosen. */
export interface Skeleton {
  readonly inputShape: readonly number[];
  readonly layers: readonly Layer[];
  /** For each layer the one of the float network whose value it approximates; -1: the input. */
  readonly origins: readonly number[];
  /** The grid of the input, and those between sums, by the sums that they follow. */
  readonly inputGrid: number;
  /** Layers with weights: those whose sums are looked up, those of them that read inputs alone, and those whose sums leave. */
  readonly hidden: readonly number[];
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** For each hidden layer the place behind it where its sums may be rounded: an identity, or a grid of coarser steps. */
  readonly roundings: ReadonlyMap<number, number>;
  /** Whether the input has a grid of its own for each feature: all that reads it are dense layers of rank 1. */
  readonly byFeature: boolean;
}

/**
 * Puts a grid behind the input, and between any two layers that compute on integers: right behind the last element-wise
 * function, so that maxima and moves are of narrow integers. Grids that a network has are made again; that they clip stays.
 *
 * @throws UNSUPPORTED for a learned table
 */
export function skeletonOf(network: Network): Skeleton {
  const shapes = networkShapes(network);
  const float = { ...network, layers: network.layers.map(withoutSteps) };
  const client = clientPart(float.layers);
  const tail = tableTail(float, shapes, client);
  const wanted = gridsWanted(float.layers, client, tail);
  const layers: Layer[] = [];
  const origins: number[] = [];
  // The place in the skeleton of each value of the network: that of its grid, where it has one.
  const places = new Map<number, number>();
  const byFeature = isByFeature(float, shapes, client);
  const put = (layer: Layer, origin: number): number => {
    origins.push(origin);
    return layers.push(layer) - 1;
  };
  const gridBehind = (origin: number, name: string): void => {
    let input = places.get(origin)!;
    if (origin === client && byFeature) {
      const ones = { shape: [], data: [1] };
      const zeros = { shape: [], data: [0] };
      const layer = { kind: 'scale', name: `${name}/scaled`, input, factor: ones, offset: zeros };
      input = put(layer as Layer, origin);
    }
    places.set(origin, put(gridOn(input, `${name}/grid`), origin));
  };
  places.set(-1, -1);
  if (client === -1) gridBehind(-1, 'input');
  float.layers.forEach((layer, at) => {
    places.set(at, put(moved(layer, places), at));
    if (at === client || wanted.has(at)) gridBehind(at, layer.name);
  });
  return withRoundings({ inputShape: network.inputShape, layers, origins, byFeature });
}

/** A grid as what it clips to, which may be all that a function of elements did. */
function withoutSteps(layer: Layer): Layer {
  if (layer.kind !== 'grid') return layer;
  const { name, input, step, zero, min, max } = layer;
  const widest = Math.max(...step);
  const parameters = [widest * (min - zero), widest * (max - zero)];
  return { kind: 'activation', name, input, function: 'clip', parameters };
}

/** Most values that weights of a tail and tables of sums of 10 bits have together. */
const mostTabulated = 2 ** 26;
const tabulatedBits = 10;

/**
 * The sums at the end, where tables of sums of inputs may take them in, whose hidden values so need no grid; else null.
 */
function tableTail(
  { layers, inputShape }: Network,
  shapes: readonly (readonly number[])[],
  client: number,
): LinearTail | null {
  const tail = linearTail({ inputShape, layers });
  if (tail === null || tail.from <= client) return null;
  const source = sourceOf(layers, tail.from);
  const entries = sizeOf(shapes[tail.from]!) * sizeOf(shapes[tail.to]!) * 2 ** tabulatedBits;
  return readsInputs(layers, source, client) && entries <= mostTabulated ? tail : null;
}

function isWeighted(layer: Layer | undefined): layer is DenseLayer | ConvolutionLayer {
  return layer?.kind === 'dense' || layer?.kind === 'convolution';
}

/** Whether a layer has weights, and reads what the client makes, or some of its elements. */
function readsInputs(layers: readonly Layer[], at: number, client: number): boolean {
  const layer = layers[at];
  if (!isWeighted(layer)) return false;
  let { input } = layer;
  for (;;) {
    if (input === client) return true;
    const read = layers[input];
    if (read?.kind !== 'move' || read.inputs.length !== 1) return false;
    [input] = read.inputs as [number];
  }
}

/** Puts a place for a rounding behind each layer whose sums are looked up. */
function withRoundings(
  skeleton: Pick<Skeleton, 'inputShape' | 'layers' | 'origins' | 'byFeature'>,
): Skeleton {
  const inputGrid = skeleton.layers.findIndex(({ kind }) => kind === 'grid');
  const { hidden, first } = weightedLayers(skeleton.layers, inputGrid);
  const shapes = networkShapes(skeleton);
  const places = new Map([[-1, -1]]);
  const layers: Layer[] = [];
  const origins: number[] = [];
  const roundings = new Map<number, number>();
  skeleton.layers.forEach((layer, at) => {
    const origin = skeleton.origins[at]!;
    origins.push(origin);
    const place = layers.push(moved(layer, places)) - 1;
    places.set(at, place);
    // Steps are those of the first axis, which of several is none of a dense layer's outputs.
    const isByChannel = layer.kind === 'convolution' || shapes[at]!.length === 1;
    // What bits of inputs turn costs by what is turned, whatever is in it.
    if (!hidden.includes(at) || first.includes(at) || !isByChannel) return;
    const name = `${layer.name}/rounded`;
    const identity = { kind: 'activation', name, input: place, parameters: [] } as const;
    origins.push(origin);
    places.set(at, layers.push({ ...identity, function: 'identity' }) - 1);
    roundings.set(place, places.get(at)!);
  });
  return {
    ...skeleton,
    layers,
    origins,
    inputGrid,
    ...weightedLayers(layers, inputGrid),
    roundings,
  };
}

/** The layers without those that are the identity. */
export function withoutIdentities({ inputShape, layers }: Network): Network {
  const places = new Map([[-1, -1]]);
  const kept: Layer[] = [];
  layers.forEach((layer, at) => {
    const isIdentity = layer.kind === 'activation' && layer.function === 'identity';
    if (isIdentity && kept.length > 0) places.set(at, places.get(layer.input)!);
    else places.set(at, kept.push(moved(layer, places)) - 1);
  });
  return { inputShape, layers: kept };
}

/** The layer with its inputs at their new places. */
function moved(layer: Layer, places: ReadonlyMap<number, number>): Layer {
  if ('inputs' in layer) {
    return { ...layer, inputs: layer.inputs.map((input) => places.get(input)!) } as Layer;
  }
  return { ...layer, input: places.get(layer.input)! };
}

function gridOn(input: number, name: string): GridLayer {
  return { kind: 'grid', name, input, step: [1], zero: 0, min: 0, max: 1 };
}

/** Layers that pick or add integers, and need no weights for it. */
const passing: readonly Layer['kind'][] = ['move', 'maxPool', 'max', 'averagePool', 'sum', 'mean'];
const pairs: readonly Layer['kind'][] = ['add', 'subtract', 'multiply', 'maximum', 'minimum'];
const elementwise: readonly Layer['kind'][] = ['scale', 'activation', 'grid'];

/** The last of the first layers that are scales, functions of elements or moves, one after the other: the client's. */
function clientPart(layers: readonly Layer[]): number {
  let last = -1;
  for (let at = 0; at < layers.length - 1; at++) {
    const readers = layers.filter((layer) => inputsOf(layer).includes(last));
    const layer = layers[at]!;
    const isNext = readers.length === 1 && readers[0] === layer && inputsOf(layer).length === 1;
    if (!isNext || !(elementwise.includes(layer.kind) || layer.kind === 'move')) break;
    last = at;
  }
  return last;
}

/** The layers whose values need a grid. */
function gridsWanted(
  layers: readonly Layer[],
  client: number,
  tail: LinearTail | null,
): Set<number> {
  const wanted = new Set<number>();
  layers.forEach((layer, at) => {
    if (at <= client || isElementwise(layers, at)) return;
    if (tail !== null && at > tail.from && at <= tail.to) return;
    if (layer.kind === 'table') {
      const details = { given: 'a learned table in a float network', allowed: 'other layers' };
      throw failed(layer, 'UNSUPPORTED', { ...details, remedy: 'train it quantization-aware' });
    }
    for (const input of inputsOf(layer)) {
      if (passing.includes(layer.kind) && !leadsToSum(layers, at) && leavesAsItIs(layers, layer))
        continue;
      const origin = behindPassing(layers, input, client);
      if (origin !== null) wanted.add(origin);
    }
  });
  return wanted;
}

/** Layers that add what they read. */
const adding: readonly Layer['kind'][] = ['averagePool', 'sum', 'mean'];

/** Whether a layer whose value leaves needs no grid for it: it picks elements, or it adds sums with weights. */
function leavesAsItIs(layers: readonly Layer[], layer: Layer): boolean {
  if (!adding.includes(layer.kind)) return true;
  const [input] = inputsOf(layer) as [number];
  const read = layers[input];
  if (read === undefined) return true;
  if (passing.includes(read.kind))
    return leavesAsItIs(layers, { ...read, kind: layer.kind } as Layer);
  return read.kind === 'dense' || read.kind === 'convolution';
}

/** The value from which integers would come: that before moves and pools; null where it has a grid anyway. */
function behindPassing(layers: readonly Layer[], input: number, client: number): number | null {
  if (input <= client) return null;
  const layer = layers[input]!;
  if (isElementwise(layers, input)) return input;
  // Both operands of a pair have grids.
  if (pairs.includes(layer.kind)) return null;
  if (!passing.includes(layer.kind)) return input;
  return inputsOf(layer).length === 1 ? behindPassing(layers, inputsOf(layer)[0]!, client) : null;
}

/** Whether a layer says what integers stand for, and computes nothing: a pair of functions of one value too. */
function isElementwise(layers: readonly Layer[], at: number): boolean {
  const layer = layers[at]!;
  if (elementwise.includes(layer.kind)) return true;
  if (!pairs.includes(layer.kind)) return false;
  const [a, b] = inputsOf(layer) as [number, number];
  return a !== b && sourceOf(layers, a) === sourceOf(layers, b);
}

/** The value of which another is a function, element by element. */
function sourceOf(layers: readonly Layer[], at: number): number {
  if (at < 0 || !isElementwise(layers, at)) return at;
  return sourceOf(layers, inputsOf(layers[at]!)[0]!);
}

/** Whether integers behind a pool or a move are computed with: else it is done on what leaves. */
function leadsToSum(layers: readonly Layer[], at: number): boolean {
  return layers.some((layer, reader) => {
    if (!inputsOf(layer).includes(at)) return false;
    const goesOn = passing.includes(layer.kind) || isElementwise(layers, reader);
    return !goesOn || leadsToSum(layers, reader);
  });
}

/** A dense layer of rank 1 takes a step for each feature into its weights. */
function isByFeature(
  { layers, inputShape }: Network,
  shapes: readonly (readonly number[])[],
  client: number,
): boolean {
  const shape = client === -1 ? inputShape : shapes[client]!;
  const readers = layers.filter((layer, at) => at > client && inputsOf(layer).includes(client));
  return shape.length === 1 && sizeOf(shape) > 1 && readers.every(({ kind }) => kind === 'dense');
}

/**
 * Layers with weights: those whose sums are looked up, since a grid follows or what has none is tabulated; of these, those
 * that read the integers of inputs; and those whose sums leave.
 */
function weightedLayers(
  layers: readonly Layer[],
  inputGrid: number,
): Pick<Skeleton, 'hidden' | 'first' | 'last'> {
  const [hidden, first, last]: [number[], number[], number[]] = [[], [], []];
  const tail = linearTail({ inputShape: [], layers });
  const read = tail === null ? -1 : sourceOf(layers, tail.from);
  const isTabulated =
    tail !== null && layers[tail.from]!.kind !== 'grid' && isWeighted(layers[read]);
  const source = isTabulated ? read : null;
  const end = lastSum(layers);
  layers.forEach((layer, at) => {
    if (!isWeighted(layer)) return;
    if (at === source || leadsToGrid(layers, at)) {
      hidden.push(at);
      if (readsInputs(layers, at, inputGrid)) first.push(at);
    } else if (source === null || at <= source || at > end) last.push(at);
  });
  return { hidden, first, last };
}

function leadsToGrid(layers: readonly Layer[], at: number): boolean {
  return layers.some((layer, reader) => {
    if (!inputsOf(layer).includes(at)) return false;
    return layer.kind === 'grid' || leadsToGrid(layers, reader);
  });
}

/** Grids whose values are added or joined: for each the whole group, of which all must have one step. */
export function joinedGrids(layers: readonly Layer[]): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, readonly number[]>();
  for (const layer of layers) {
    // Factors of a product have steps of their own.
    if (!('inputs' in layer) || layer.inputs.length < 2 || layer.kind === 'multiply') continue;
    const grids = [...new Set(layer.inputs.flatMap((input) => gridsBefore(layers, input)))];
    const all = [...new Set(grids.flatMap((grid) => groups.get(grid) ?? [grid]))];
    if (all.length > 1) for (const grid of all) groups.set(grid, all);
  }
  return groups;
}

/** The grids from which the integers of a value come. */
function gridsBefore(layers: readonly Layer[], at: number): readonly number[] {
  const layer = layers[at];
  if (layer === undefined) return [];
  if (layer.kind === 'grid') return [at];
  if (!passing.includes(layer.kind) && !pairs.includes(layer.kind)) return [];
  return inputsOf(layer).flatMap((input) => gridsBefore(layers, input));
}
