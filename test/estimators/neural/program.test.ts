import test from 'ava';
import { evaluateNetwork } from '../../../estimators/neural/evaluate.ts';
import type { Layer, Network } from '../../../estimators/neural/network.ts';
import { networkModel } from '../../../estimators/neural/program.ts';
import { compile, encrypted } from '../../../lib/index.ts';
import { createRandom } from '../../../lib/random.ts';
import { evaluateBatch, type Tensor, toTensor, trace } from '../../../tracer/index.ts';
import { activation, convolution, dense, grid, pool, randomNetwork, rowsFor } from './support.ts';

/** What clear rows give by way of integers, and the largest distance from it to the floats. */
function distance(network: Network, X: Tensor): number {
  const model = networkModel(network);
  const values = model.dequantize(model.evaluate(model.quantize(X)));
  const expected = evaluateNetwork(network, X);
  if (values.data.length !== expected.data.length) return Number.POSITIVE_INFINITY;
  return values.data.reduce((most, value, i) => {
    return Math.max(most, Math.abs(value - expected.data[i]!));
  }, 0);
}

test('integers of random networks stand for their values', (t) => {
  for (let seed = 0; seed < 70; seed++) {
    const network = randomNetwork(seed);
    t.true(distance(network, rowsFor(network, 10, seed)) < 1e-9, `seed ${seed}`);
  }
});

test('the traced program computes the same integers, one row at a time', (t) => {
  for (let seed = 200; seed < 210; seed++) {
    const network = randomNetwork(seed);
    const { input, program, quantize, evaluate } = networkModel(network);
    const { length, min, max } = input;
    const graph = trace(program, [{ name: 'x', shape: [length], min, max, encrypted: true }]);
    const codes = quantize(rowsFor(network, 3, seed));
    t.true(codes.data.every((code) => Number.isInteger(code) && code >= min && code <= max));
    t.deepEqual(evaluateBatch(graph, [codes])[0], evaluate(codes));
  }
});

for (const seed of [4, 5, 12, 15, 22, 28]) {
  test.serial(`random network ${seed}: encrypted and simulated as in clear`, async (t) => {
    const network = randomNetwork(seed);
    const { input, program, quantize, evaluate } = networkModel(network);
    const x = encrypted.range(input.min, input.max, [input.length]);
    const circuit = await compile(program, { x });
    const codes = quantize(rowsFor(network, 2, seed));
    const clear = evaluate(codes);
    const simulated = await circuit.simulateBatch([codes]);
    t.deepEqual(toTensor(simulated), clear);
    t.deepEqual(toTensor(await circuit.encryptRunDecryptBatch([codes])), clear);
  });
}

const random = createRandom(7);
const first = dense(random, 0, 3, 4);
const on = (inputShape: readonly number[], ...layers: Layer[]): Network => ({ inputShape, layers });

test('what is missing for integers is said, with the layer', (t) => {
  const { steps: _, ...floats } = first.weights;
  const missing: Record<string, Network> = {
    grid: on([4], { ...first, input: -1 }),
    weights: on([4], grid(-1, 1, 2), { ...first, weights: floats }),
    between: on(
      [4],
      grid(-1, 1, 2),
      first,
      activation(1, 'relu'),
      dense(random, 2, 3, 3),
      activation(3, 'relu'),
      dense(random, 4, 2, 3),
    ),
    around: on([4], grid(-1, 1, 2), first, dense(random, -1, 3, 4), {
      kind: 'add',
      name: 'sum',
      inputs: [1, 2],
    }),
    steps: on([4], grid(-1, 0.3, 2), grid(-1, 0.4715, 2), {
      kind: 'add',
      name: 'sum',
      inputs: [0, 1],
    }),
    maximum: on([2, 2], grid(-1, 1, 2), activation(0, 'cos'), pool(random, 1, 'maxPool', [2])),
  };
  for (const [title, network] of Object.entries(missing)) {
    const cause = t.throws(() => networkModel(network), { code: 'NOT_QUANTIZED' }, title);
    t.true(
      network.layers.some(({ name }) => cause.message.includes(`layer ${name} (`)),
      title,
    );
  }
});

test('tables that are too large, and functions without a value, are refused with the layer', (t) => {
  const wide = on([4], grid(-1, 1, 24), first, grid(1, 1, 2), dense(random, 2, 2, 3));
  t.throws(() => networkModel(wide), {
    code: 'TABLE_TOO_LARGE',
    message: /layer dense2 \(dense\)/,
  });
  const log = on(
    [4],
    grid(-1, 1, 2),
    first,
    activation(1, 'log'),
    grid(2, 1, 2),
    dense(random, 3, 2, 3),
  );
  t.throws(() => networkModel(log), { code: 'NOT_FINITE', message: /layer dense3 \(dense\)/ });
});

const grown: Record<string, Network> = {
  'functions of one value are one function': on(
    [4],
    grid(-1, 1, 2),
    first,
    activation(1, 'sigmoid'),
    { kind: 'multiply', name: 'silu', inputs: [1, 2] },
    grid(3, 0.5, 3, true),
    dense(random, 4, 2, 3),
  ),
  'a product of two values': on(
    [4],
    grid(-1, 1, 2),
    first,
    grid(1, 1, 2, true),
    dense(random, 0, 3, 4),
    grid(3, 0.5, 2),
    { kind: 'multiply', name: 'product', inputs: [2, 4] },
  ),
  'the larger and the smaller of two values': on(
    [4],
    grid(-1, 1, 2, true),
    {
      kind: 'scale',
      name: 'half',
      input: 0,
      factor: { shape: [], data: [0.5] },
      offset: { shape: [], data: [1] },
    },
    { kind: 'maximum', name: 'larger', inputs: [0, 1] },
    { kind: 'minimum', name: 'smaller', inputs: [2, 1] },
  ),
  'the largest of falling values': on(
    [2, 2],
    grid(-1, 1, 2, true),
    {
      kind: 'scale',
      name: 'less',
      input: 0,
      factor: { shape: [], data: [-1] },
      offset: { shape: [], data: [0] },
    },
    { kind: 'max', name: 'least', input: 1, axes: [1], keepsAxes: false },
  ),
  'functions that leave are joined': on(
    [4],
    grid(-1, 1, 2),
    first,
    activation(1, 'tanh'),
    activation(1, 'exp'),
    {
      kind: 'move',
      name: 'both',
      inputs: [2, 3],
      shape: [7],
      from: [0, 1, 2, 3, 4, 5, -1],
      fill: 0.25,
    },
  ),
  'padding with a constant': on(
    [4],
    grid(-1, 1, 2),
    { kind: 'move', name: 'padded', inputs: [0], shape: [4], from: [-1, 0, 1, 2], fill: 0.3 },
    { ...first, input: 1 },
  ),
  'a convolution of values that are not 0 where their integers are': on(
    [1, 4],
    grid(-1, 1, 2),
    {
      kind: 'scale',
      name: 'moved',
      input: 0,
      factor: { shape: [], data: [1] },
      offset: { shape: [], data: [0.7] },
    },
    { ...convolution(random, 1, 2, [1, 4]), padding: [[1, 1]] },
    activation(2, 'relu'),
    grid(3, 0.5, 3),
    { kind: 'mean', name: 'mean', input: 4, axes: [1], keepsAxes: false },
  ),
};

for (const [title, network] of Object.entries(grown)) {
  test(title, async (t) => {
    t.true(distance(network, rowsFor(network, 50, 3)) < 1e-9);
    const { input, program, quantize, evaluate } = networkModel(network);
    const codes = quantize(rowsFor(network, 10, 4));
    const circuit = await compile(program, {
      x: encrypted.range(input.min, input.max, [input.length]),
    });
    t.deepEqual(toTensor(await circuit.simulateBatch([codes])), evaluate(codes));
  });
}
