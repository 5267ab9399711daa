import test from 'ava';
import { type BlindfitError, compile, encrypted } from 'blindfit';
import { evaluateNetwork } from '../../../../estimators/neural/evaluate.ts';
import type { ConvolutionLayer, Layer, Network } from '../../../../estimators/neural/network.ts';
import { windowsModel } from '../../../../estimators/neural/windows/model.ts';
import { createRandom } from '../../../../lib/random.ts';
import type { Tensor } from '../../../../tracer/tensor.ts';

const random = createRandom(1);

function weights(...shape: number[]): { shape: number[]; data: number[] } {
  const size = shape.reduce((a, b) => a * b);
  return { shape, data: Array.from({ length: size }, () => 2 * random() - 1) };
}

function grid(max: number): Layer {
  return { kind: 'grid', name: 'grid', input: -1, step: [1], zero: 0, min: 0, max };
}

function convolution(input: number, channels: number, kernel: number[]): ConvolutionLayer {
  return {
    kind: 'convolution',
    name: 'convolution',
    input,
    weights: weights(channels, 1, ...kernel),
    bias: weights(channels).data,
    strides: kernel.map(() => 1),
    dilations: kernel.map(() => 1),
    padding: kernel.map(() => [0, 0] as const),
    groups: 1,
  };
}

const relu = (input: number): Layer => ({
  kind: 'activation',
  name: 'relu',
  input,
  function: 'relu',
  parameters: [],
});

function dense(input: number, outputs: number, inputs: number): Layer {
  const bias = weights(outputs).data;
  return { kind: 'dense', name: 'dense', input, weights: weights(outputs, inputs), bias };
}

function flat(input: number, size: number): Layer {
  const from = Array.from({ length: size }, (_, i) => i);
  return { kind: 'move', name: 'flatten', inputs: [input], shape: [size], from, fill: 0 };
}

/** Two layers behind one another, of windows of 2 x 2 pixels of 2 bits. */
const picture: Network = {
  inputShape: [1, 4, 4],
  layers: [grid(3), convolution(0, 5, [2, 2]), relu(1), flat(2, 45), dense(3, 3, 45)],
};

/** Neurons that read two of four features each, and a maximum of two neurons. */
const sparse: Network = {
  inputShape: [4],
  layers: [
    grid(6),
    {
      ...(dense(0, 6, 4) as Layer & { kind: 'dense' }),
      weights: {
        shape: [6, 4],
        data: weights(6, 4).data.map((w, i) => ((i + Math.floor(i / 4)) % 4 < 2 ? w : 0)),
      },
    },
    { kind: 'activation', name: 'tanh', input: 1, function: 'tanh', parameters: [] },
    { kind: 'scale', name: 'scale', input: 2, factor: weights(6), offset: weights(6) },
    dense(3, 1, 6),
  ],
};

function rowsOf(network: Network, levels: number, count: number): Tensor {
  const size = network.inputShape.reduce((a, b) => a * b);
  const data = Float64Array.from({ length: count * size }, () => random.integer(levels));
  return { shape: [count, size], data };
}

function dataOf(result: unknown): Float64Array {
  return Float64Array.from((result as { data: ArrayLike<number> }).data);
}

for (const [name, network, levels] of [
  ['a convolution', picture, 4],
  ['sparse neurons', sparse, 7],
] as const) {
  test(`${name}: sums of tables are the floats but for the rounding of the tables`, (t) => {
    const model = windowsModel(network)!;
    const X = rowsOf(network, levels, 200);
    const codes = model.quantize(X);
    const values = model.dequantize(model.evaluate(codes));
    const expected = evaluateNetwork(network, X);
    t.deepEqual(values.shape, expected.shape);
    const errors = values.data.map((value, i) => Math.abs(value - expected.data[i]!));
    const mean = expected.data.reduce((a, b) => a + b) / expected.data.length;
    const variance =
      expected.data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / expected.data.length;
    const squared = errors.reduce((sum, each) => sum + each ** 2, 0) / errors.length;
    t.true(squared < 0.003 * variance, `${squared} of ${variance}`);
    t.true(squared > 0);
  });

  test(`${name}: the traced program and the encrypted run give the same integers`, async (t) => {
    const model = windowsModel(network)!;
    const { min, max, length } = model.input;
    const circuit = await compile((codes) => model.program(codes!), {
      codes: encrypted.range(min, max, [length]),
    });
    t.is(circuit.statistics.lookups.bootstraps, 0);
    const codes = model.quantize(rowsOf(network, levels, 20));
    const expected = model.evaluate(codes);
    const width = expected.shape[1]!;
    for (let row = 0; row < 20; row++) {
      const own = codes.data.subarray(row * length, (row + 1) * length);
      const wanted = expected.data.subarray(row * width, (row + 1) * width);
      t.deepEqual(dataOf(circuit.evaluate(own)), wanted);
      if (row < 2) t.deepEqual(dataOf(await circuit.encryptRunDecrypt(own)), wanted);
    }
  });
}

test('a function without a value for some input is refused', (t) => {
  const log: Layer = { kind: 'activation', name: 'log', input: 0, function: 'log', parameters: [] };
  const network = { inputShape: [2], layers: [grid(3), log, dense(1, 1, 2)] };
  const { code } = t.throws(() => windowsModel(network)) as BlindfitError;
  t.is(code, 'NOT_FINITE');
});

test('functions behind the last sum are the client’s', (t) => {
  const layers: Layer[] = [grid(3), relu(0), dense(1, 2, 4)];
  const scale: Layer = {
    kind: 'scale',
    name: 'scale',
    input: 2,
    factor: { shape: [2], data: [100, 1] },
    offset: { shape: [2], data: [5, -5] },
  };
  const X = rowsOf({ inputShape: [4], layers }, 4, 3);
  const valuesOf = (network: Network) => {
    const { quantize, evaluate, dequantize } = windowsModel(network)!;
    return dequantize(evaluate(quantize(X))).data;
  };
  const plain = valuesOf({ inputShape: [4], layers });
  const scaled = valuesOf({ inputShape: [4], layers: [...layers, scale] });
  t.deepEqual(
    scaled,
    plain.map((value, i) => (i % 2 === 0 ? value * 100 + 5 : value - 5)),
  );
});

test('a network whose neurons read too much is none', (t) => {
  const layers = [grid(3), dense(0, 4, 16), relu(1), dense(2, 2, 4)];
  t.is(windowsModel({ inputShape: [16], layers }), null);
});

test('a network without a grid on which all depends is none', (t) => {
  t.is(windowsModel({ inputShape: [4], layers: [dense(-1, 2, 4)] }), null);
  const layers: Layer[] = [grid(1), { kind: 'add', name: 'add', inputs: [0, -1] }];
  t.is(windowsModel({ inputShape: [4], layers }), null);
});
