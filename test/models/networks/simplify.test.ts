/** Networks with fewer layers compute the same. */
import test from 'ava';
import { evaluateNetwork } from '../../../estimators/neural/evaluate.ts';
import type { Layer, Network } from '../../../estimators/neural/network.ts';
import { createRandom } from '../../../lib/random.ts';
import { simplified } from '../../../models/networks/simplify.ts';
import { sizeOf } from '../../../tracer/tensor.ts';

const random = createRandom(3);
const numbers = (count: number): number[] => Array.from({ length: count }, () => random() * 2 - 1);

function constant(shape: readonly number[]): { shape: readonly number[]; data: number[] } {
  return { shape, data: numbers(sizeOf(shape)) };
}

function scale(input: number, shape: readonly number[]): Layer {
  return { kind: 'scale', name: 'scale', input, factor: constant(shape), offset: constant(shape) };
}

function dense(input: number, outputs: number, inputs: number, step?: number): Layer {
  const { shape, data } = constant([outputs, inputs]);
  const weights =
    step === undefined
      ? { shape, data }
      : {
          shape,
          data: data.map((weight) => Math.round(weight / step) * step),
          steps: new Array<number>(outputs).fill(step),
        };
  return { kind: 'dense', name: 'dense', input, weights, bias: numbers(outputs) };
}

function convolution(input: number, border: number): Layer {
  return {
    kind: 'convolution',
    name: 'convolution',
    input,
    weights: constant([4, 1, 2, 2]),
    bias: numbers(4),
    strides: [1, 1],
    dilations: [1, 1],
    padding: [
      [border, 0],
      [0, border],
    ],
    groups: 2,
  };
}

const activation = (input: number, name: string): Layer => ({
  kind: 'activation',
  name,
  input,
  function: name,
  parameters: [],
});

/** The kinds of layers after simplifying, which compute the same as those before. */
function kindsOf(
  t: { true(value: boolean, message?: string): void },
  inputShape: readonly number[],
  layers: readonly Layer[],
): string {
  const network: Network = { inputShape, layers };
  const short = simplified(network);
  const X = {
    shape: [5, sizeOf(inputShape)],
    data: Float64Array.from(numbers(5 * sizeOf(inputShape))),
  };
  const [before, after] = [evaluateNetwork(network, X), evaluateNetwork(short, X)];
  const off = before.data.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - after.data[i]!)),
    0,
  );
  t.true(off < 1e-5, `${off}`);
  return short.layers
    .map((layer) => (layer.kind === 'activation' ? layer.function : layer.kind))
    .join(' ');
}

test('scales go into weights before and behind them', (t) => {
  t.is(kindsOf(t, [3], [dense(-1, 4, 3), scale(0, [4])]), 'dense');
  t.is(kindsOf(t, [3], [scale(-1, [3]), dense(0, 4, 3)]), 'dense');
  t.is(kindsOf(t, [3], [scale(-1, [1]), dense(0, 4, 3), scale(1, []), scale(2, [4])]), 'dense');
  t.is(kindsOf(t, [2, 3, 3], [convolution(-1, 1), scale(0, [4, 1, 1])]), 'convolution');
  t.is(kindsOf(t, [2, 3, 3], [scale(-1, [2, 1, 1]), convolution(0, 0)]), 'convolution');
});

test('scales that differ within a channel, or meet a border, stay', (t) => {
  t.is(kindsOf(t, [2, 3, 3], [scale(-1, [2, 1, 1]), convolution(0, 1)]), 'scale convolution');
  t.is(kindsOf(t, [2, 3, 3], [convolution(-1, 0), scale(0, [2, 2])]), 'convolution scale');
  t.is(kindsOf(t, [2, 3], [dense(-1, 4, 3), scale(0, [2, 1])]), 'dense scale');
  const twice: Layer[] = [
    dense(-1, 4, 3),
    scale(0, [4]),
    { kind: 'add', name: 'add', inputs: [0, 1] },
  ];
  t.is(kindsOf(t, [3], twice), 'dense scale add');
});

test('weights on a grid stay on it', (t) => {
  t.is(kindsOf(t, [3], [dense(-1, 4, 3, 0.25), scale(0, [4])]), 'dense');
  const { layers } = simplified({
    inputShape: [3],
    layers: [
      dense(-1, 4, 3, 0.25),
      { ...scale(0, []), factor: { shape: [], data: [-2] } } as Layer,
    ],
  });
  t.deepEqual((layers[0] as { weights: { steps?: unknown } }).weights.steps, [0.5, 0.5, 0.5, 0.5]);
  t.is(kindsOf(t, [3], [scale(-1, [3]), dense(0, 4, 3, 0.25)]), 'scale dense');
});

test('moves are one, and those that move nothing are none', (t) => {
  const move = (input: number, shape: number[], from: number[], fill = 0): Layer => ({
    kind: 'move',
    name: 'move',
    inputs: [input],
    shape,
    from,
    fill,
  });
  const turned = [move(-1, [3], [2, 1, 0]), move(0, [3], [2, 0, -1], 5), activation(1, 'relu')];
  t.is(kindsOf(t, [3], turned), 'move relu');
  t.is(
    kindsOf(t, [3], [dense(-1, 4, 3), move(0, [4], [0, 1, 2, 3]), activation(1, 'relu')]),
    'dense relu',
  );
  const filled = [move(-1, [2], [0, -1], 1), move(0, [3], [0, 1, -1], 2)];
  t.is(kindsOf(t, [3], filled), 'move move');
});

test('functions that are written as several layers get their names', (t) => {
  const multiply = (a: number, b: number): Layer => ({
    kind: 'multiply',
    name: 'm',
    inputs: [a, b],
  });
  t.is(kindsOf(t, [3], [dense(-1, 3, 3), activation(0, 'sigmoid'), multiply(0, 1)]), 'dense silu');
  t.is(
    kindsOf(t, [3], [activation(-1, 'softplus'), activation(0, 'tanh'), multiply(-1, 1)]),
    'mish',
  );
  t.is(
    kindsOf(t, [3], [activation(-1, 'sigmoid'), activation(-1, 'tanh'), multiply(0, 1)]),
    'sigmoid tanh multiply',
  );
  t.is(
    kindsOf(t, [3], [dense(-1, 3, 3), activation(-1, 'sigmoid'), multiply(0, 1)]),
    'dense sigmoid multiply',
  );
});
