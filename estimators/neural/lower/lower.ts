/**
 * From a network whose input lies on a grid to arrays of integers: each layer in turn.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { stepsOf } from '../evaluate.ts';
import { linearTail, tailNetwork } from '../linearTail.ts';
import type { GridLayer, Layer, Network } from '../network.ts';
import { failed } from '../problems.ts';
import { inputsOf, networkShapes } from '../shapes.ts';
import { lowerActivation, lowerGrid, lowerScale, lowerTable } from './elementwise.ts';
import { classified, type Lowered, lineFunction, ProgramBuilder } from './integers.ts';
import { lowerAveragePool, lowerSum, lowerWeighted } from './linear.ts';
import { lowerMax, lowerMaxPool, lowerMove } from './moves.ts';
import { areFunctionsOfOne, isPair, lowerPair, lowerPairOfOne } from './pairs.ts';
import { hasNoGrid, lowerScores } from './scores.ts';
import { materialized } from './tables.ts';

/** A network as integers. */
export interface IntegerNetwork {
  readonly program: ProgramBuilder;
  /** What leaves: the client applies the functions of its elements. */
  readonly output: Lowered;
  /** Position of the grid whose integers the client makes; it computes the layers before it too. */
  readonly inputGrid: number;
}

/**
 * Lowers a network.
 *
 * @throws NOT_QUANTIZED where integers are missing, with the layer; UNSUPPORTED for what no circuit computes;
 * TABLE_TOO_LARGE; NOT_FINITE; and as `networkShapes`
 */
export function lowerNetwork(network: Network): IntegerNetwork {
  const shapes = networkShapes(network);
  const { layers } = network;
  const inputGrid = inputGridOf(network);
  const program = new ProgramBuilder();
  const values: (Lowered | undefined)[] = [];
  const tables = new Map<number, Lowered>();
  values[inputGrid] = inputOf(program, layers[inputGrid] as GridLayer, shapes[inputGrid]!);
  const needed = neededLayers(layers);
  const tail = linearTail(network);
  layers.forEach((layer, at) => {
    if (at <= inputGrid || !needed.has(at)) return;
    if (tail !== null && at > tail.from && at <= tail.to && hasNoGrid(values[tail.from]!)) {
      if (at < tail.to) return;
      const sums = tailNetwork(network, tail, shapes[tail.from]!);
      values[at] = lowerScores(program, values[tail.from]!, sums, shapes[at]!);
      return;
    }
    const own = inputsOf(layer).map((input) => values[input]!);
    if (isPair(layer) && areFunctionsOfOne(program, own, shapes[at]!)) {
      values[at] = lowerPairOfOne(own, layer);
      return;
    }
    const inputs = inputsOf(layer).map((input): Lowered => {
      const value = values[input]!;
      if (isElementwise(layer)) return value;
      // One table serves all that read it.
      if (!tables.has(input)) {
        const hasGrid = value.functions.every(({ line, code }) => line !== null || code !== null);
        tables.set(input, hasGrid ? materialized(program, value, layer) : value);
      }
      return tables.get(input)!;
    });
    values[at] = lowered(program, layer, inputs, shapes[at]!, layers);
  });
  return { program, output: values[layers.length - 1]!, inputGrid };
}

function lowered(
  program: ProgramBuilder,
  layer: Layer,
  inputs: readonly Lowered[],
  shape: readonly number[],
  layers: readonly Layer[],
): Lowered {
  const [x] = inputs as [Lowered];
  switch (layer.kind) {
    case 'dense':
    case 'convolution':
      return lowerWeighted(program, x, layer, shape);
    case 'averagePool':
      return lowerAveragePool(program, x, layer, shape);
    case 'sum':
    case 'mean':
      return lowerSum(program, x, layer, shape);
    case 'maxPool':
      return lowerMaxPool(program, x, layer, shape);
    case 'max':
      return lowerMax(program, x, layer, shape);
    case 'move':
      return lowerMove(program, inputs, layer);
    case 'scale':
      return lowerScale(program, x, layer, shape);
    case 'activation':
      return lowerActivation(x, layer);
    case 'grid':
      return lowerGrid(x, layer, shape);
    case 'table':
      return lowerTable(x, layer, layers[layer.input] as GridLayer, shape);
    default:
      return lowerPair(program, inputs, layer, shape);
  }
}

/** Layers that only say what integers stand for. */
function isElementwise({ kind }: Layer): boolean {
  return kind === 'scale' || kind === 'activation' || kind === 'grid' || kind === 'table';
}

/** Layers that the client may compute before it makes integers. */
const clientKinds: readonly string[] = ['scale', 'activation', 'move'];

/** The first grid; everything reads it, or what was made of it, or belongs to the client alone. */
function inputGridOf({ layers }: Network): number {
  const at = layers.findIndex(({ kind }) => kind === 'grid');
  const first = layers[at === -1 ? 0 : at]!;
  const before = layers.slice(0, Math.max(at, 0)).find(({ kind }) => !clientKinds.includes(kind));
  if (at === -1 || before !== undefined) {
    const allowed = 'a grid layer on the input, behind nothing but scales, functions and moves';
    throw failed(before ?? first, 'NOT_QUANTIZED', { given: 'inputs that are floats', allowed });
  }
  const needed = neededLayers(layers);
  layers.forEach((layer, place) => {
    if (place <= at || !needed.has(place) || inputsOf(layer).every((input) => input >= at)) return;
    const details = { given: `what is before ${first.name}`, allowed: 'what is made of that grid' };
    throw failed(layer, 'NOT_QUANTIZED', details);
  });
  return at;
}

/** The layers that the last one needs. */
function neededLayers(layers: readonly Layer[]): Set<number> {
  const needed = new Set([layers.length - 1]);
  for (let at = layers.length - 1; at >= 0; at--) {
    if (needed.has(at)) for (const input of inputsOf(layers[at]!)) needed.add(input);
  }
  return needed;
}

function inputOf(program: ProgramBuilder, layer: GridLayer, shape: readonly number[]): Lowered {
  const size = sizeOf(shape);
  const steps = stepsOf(layer, shape);
  const values = layer.max - layer.min + 1;
  return {
    array: program.add({
      shape,
      min: new Float64Array(size).fill(layer.min - layer.zero),
      max: new Float64Array(size).fill(layer.max - layer.zero),
      freshBits: new Float64Array(size).fill(Math.ceil(Math.log2(values))),
      deviations: new Float64Array(size).fill(Math.sqrt((values ** 2 - 1) / 12)),
      compute: ([codes]) => codes!,
    }),
    ...classified(
      size,
      (e) => `${steps[e]}`,
      (e) => lineFunction(steps[e]!, 0),
    ),
  };
}
