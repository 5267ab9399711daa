/** Small networks for tests, with what they lie on: random ones, and single layers by hand. */
import { readFileSync } from 'node:fs';
import type {
  ActivationLayer,
  ConvolutionLayer,
  DenseLayer,
  GridLayer,
  Layer,
  Network,
  PoolLayer,
} from '../../../estimators/neural/network.ts';
import { networkShapes } from '../../../estimators/neural/shapes.ts';
import { createRandom, type Random } from '../../../lib/random.ts';
import { sizeOf, type Tensor } from '../../../tracer/tensor.ts';
import { type DataSet, load } from '../support.ts';

/** An integer in low..high, both inclusive. */
export function between(random: Random, low: number, high: number): number {
  return low + random.integer(high - low + 1);
}

/** A grid of `bits` bits; without a sign from 0 on. */
export function grid(input: number, step: number, bits: number, signed = false): GridLayer {
  const [min, max] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  return { kind: 'grid', name: `grid${input}`, input, step: [step], zero: 0, min, max };
}

/** An activation without parameters. */
export function activation(
  input: number,
  name: string,
  parameters: readonly number[] = [],
): ActivationLayer {
  return { kind: 'activation', name: `${name}${input}`, input, function: name, parameters };
}

/** Weights of 2 bits and a sign, on steps of their own for each output. */
export function weights(random: Random, shape: readonly number[]): DenseLayer['weights'] {
  const steps = Array.from({ length: shape[0]! }, () => 2 ** -between(random, 0, 2));
  const size = sizeOf(shape.slice(1));
  const data = steps.flatMap((step) =>
    Array.from({ length: size }, () => step * between(random, -3, 3)),
  );
  return { shape, data, steps };
}

/** A dense layer with random weights. */
export function dense(random: Random, input: number, outputs: number, inputs: number): DenseLayer {
  const bias = Array.from({ length: outputs }, () => 2 * random() - 1);
  const own = weights(random, [outputs, inputs]);
  return { kind: 'dense', name: `dense${input}`, input, weights: own, bias };
}

/** A convolution with random weights, strides, padding and groups. */
export function convolution(
  random: Random,
  input: number,
  outputs: number,
  shape: readonly number[],
): ConvolutionLayer {
  const [channels, ...spatial] = shape as [number, ...number[]];
  const groups = channels % 2 === 0 && outputs % 2 === 0 ? between(random, 1, 2) : 1;
  const kernel = spatial.map((extent) => between(random, 1, Math.min(3, extent)));
  return {
    kind: 'convolution',
    name: `convolution${input}`,
    input,
    weights: weights(random, [outputs, channels / groups, ...kernel]),
    bias: Array.from({ length: outputs }, () => 2 * random() - 1),
    strides: spatial.map(() => between(random, 1, 2)),
    dilations: spatial.map((extent, axis) =>
      extent > 2 * kernel[axis]! ? between(random, 1, 2) : 1,
    ),
    padding: kernel.map((extent) => [between(random, 0, extent - 1), between(random, 0, 1)]),
    groups,
  };
}

/** A pool of windows of two elements along each axis. */
export function pool(
  random: Random,
  input: number,
  kind: PoolLayer['kind'],
  spatial: readonly number[],
): PoolLayer {
  return {
    kind,
    name: `${kind}${input}`,
    input,
    kernel: spatial.map((extent) => Math.min(2, extent)),
    strides: spatial.map(() => between(random, 1, 2)),
    dilations: spatial.map(() => 1),
    padding: spatial.map((extent) => [extent > 1 ? between(random, 0, 1) : 0, 0]),
    countsPadding: random() < 0.5,
  };
}

/**
 * A random network of one to three sums with all that may stand between them. Its values stay small: every table has a
 * few hundred entries.
 */
export function randomNetwork(seed: number): Network {
  const random = createRandom(seed);
  const ranks = [[6], [2, 5], [2, 4, 4]];
  const inputShape = ranks[random.integer(3)]!;
  const layers: Layer[] = [];
  const network = { inputShape, layers };
  const last = (): number => layers.length - 1;
  const shape = (): readonly number[] => networkShapes(network).at(-1)!;
  if (random() < 0.3) {
    const constant = (value: number) => ({ shape: [], data: [value] });
    const factor = constant(between(random, 1, 3) / 2);
    layers.push({ kind: 'scale', name: 'scaled', input: -1, factor, offset: constant(random()) });
  }
  layers.push({ ...grid(last(), 1, 2, random() < 0.5), zero: random() < 0.2 ? 1 : 0 });
  const sums = between(random, 1, 3);
  for (let k = 1; k <= sums; k++) {
    if (shape().length > 1 && random() < 0.3 && k > 1) layers.push(flattened(last(), shape()));
    const rank = shape().length;
    if (rank > 1) layers.push(convolution(random, last(), between(random, 1, 4), shape()));
    else layers.push(dense(random, last(), between(random, 2, 5), shape()[0]!));
    if (k === sums && random() < 0.7) break;
    betweenSums(random, layers, network);
  }
  return network;
}

function betweenSums(random: Random, layers: Layer[], network: Network): void {
  const last = (): number => layers.length - 1;
  const shape = (): readonly number[] => networkShapes(network).at(-1)!;
  const [channels, ...spatial] = shape() as [number, ...number[]];
  if (random() < 0.4) {
    const own = [channels, ...spatial.map(() => 1)];
    const data = (low: number): number[] =>
      Array.from({ length: channels }, () => low + 2 * random());
    layers.push({
      kind: 'scale',
      name: `norm${last()}`,
      input: last(),
      factor: { shape: own, data: data(0.2) },
      offset: { shape: own, data: data(-1) },
    });
  }
  const isPooled = spatial.length > 0 && random() < 0.5;
  const poolKind = random() < 0.6 ? 'maxPool' : 'averagePool';
  const function_ = ['relu', 'sigmoid', 'hardSwish', 'sign', 'tanh'][random.integer(5)]!;
  if (isPooled && poolKind === 'maxPool' && function_ !== 'hardSwish' && random() < 0.5) {
    layers.push(pool(random, last(), poolKind, spatial));
  }
  layers.push(activation(last(), function_));
  layers.push(grid(last(), [0.5, 1][random.integer(2)]!, 2, random() < 0.6));
  if (random() < 0.2) {
    const values = Array.from({ length: 4 }, () => random());
    const { min } = layers[last()] as GridLayer;
    layers.push({ kind: 'table', name: `table${last()}`, input: last(), min, values });
    layers.push(grid(last(), 0.25, 2));
  }
  if (shape().length > 1 && isPooled) {
    layers.push(pool(random, last(), poolKind, shape().slice(1)));
  }
  if (random() < 0.25) {
    const before = last();
    layers.push(activation(before, 'abs'), grid(before + 1, 1, 2, true));
    layers.push({ kind: 'add', name: `sum${before}`, inputs: [before, before + 2] });
  }
}

/** All elements in one row. */
export function flattened(input: number, shape: readonly number[]): Layer {
  const size = sizeOf(shape);
  const from = Array.from({ length: size }, (_, e) => e);
  return { kind: 'move', name: `flat${input}`, inputs: [input], shape: [size], from, fill: 0 };
}

/** Rows of inputs in -3..3. */
export function rowsFor({ inputShape }: Network, rows: number, seed: number): Tensor {
  const random = createRandom(seed);
  const data = Float64Array.from({ length: rows * sizeOf(inputShape) }, () => 6 * random() - 3);
  return { shape: [rows, ...inputShape], data };
}

/** What PyTorch made of one small network; see test/fixtures/make_networks.py. */
export interface NetworkCase {
  readonly name: string;
  readonly set: string;
  readonly task: 'classification' | 'regression';
  readonly network: Network;
  readonly outputs: number[][];
  readonly score: number;
}

/** All of them. */
export function networkCases(): NetworkCase[] {
  const file = new URL('../../fixtures/networks.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as NetworkCase[];
}

/** The rows of a case, as its network reads them: digits as they are, others scaled. */
export function rowsOf(set: string, { inputShape }: Network): DataSet {
  return load(set, inputShape.length === 1 && set !== 'digits');
}
