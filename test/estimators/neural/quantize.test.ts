import test from 'ava';
import { winners } from '../../../estimators/model.ts';
import { evaluateNetwork } from '../../../estimators/neural/evaluate.ts';
import { cheapestModel } from '../../../estimators/neural/model.ts';
import type { DenseLayer, GridLayer, Layer, Network } from '../../../estimators/neural/network.ts';
import { quantizeNetwork } from '../../../estimators/neural/posttraining/quantizeNetwork.ts';
import { networkModel } from '../../../estimators/neural/program.ts';
import { budgetedWeights } from '../../../estimators/quantize/budgeted.ts';
import { clippedGrid, featureGrids } from '../../../estimators/quantize/clipped.ts';
import { compile, encrypted } from '../../../lib/index.ts';
import { createRandom } from '../../../lib/random.ts';
import { type Tensor, toTensor } from '../../../tracer/index.ts';
import { networkCases, rowsOf } from './support.ts';

const caseOf = (name: string) => networkCases().find((each) => each.name === name)!;

/** One point of accuracy. */
const point = 0.01;

/** Outputs by way of integers. */
function integerOutputs(network: Network, X: Tensor): Tensor {
  const model = networkModel(network);
  return model.dequantize(model.evaluate(model.quantize(X)));
}

for (const { name, network, set } of networkCases()) {
  test(`${name} keeps its labels within the budget, and loses a point at most on other rows`, (t) => {
    const { XTrain, XTest, yTest } = rowsOf(set, network);
    const [X, unseen] = [toTensor(XTrain), toTensor(XTest)];
    const maxLoss = 0.005;
    const { network: made, report } = quantizeNetwork(network, X, { maxLoss });
    const labels = (outputs: Tensor): number[] => Array.from(winners(outputs));
    const changes = (rows: Tensor): number => {
      const [floats, integers] = [evaluateNetwork(network, rows), integerOutputs(made, rows)];
      const after = labels(integers);
      return labels(floats).filter((label, row) => label !== after[row]).length;
    };
    const { loss } = report.rows.at(-1)!;
    t.true(loss <= maxLoss);
    t.true(changes(X) <= loss * XTrain.length + 3);
    const right = (outputs: Tensor): number =>
      labels(outputs).filter((label, row) => label === yTest[row]).length;
    const lost = right(evaluateNetwork(network, unseen)) - right(integerOutputs(made, unseen));
    const changed = changes(unseen);
    t.true(changed <= 3 * point * yTest.length, `${changed}`);
    t.true(lost <= point * yTest.length, `${lost} of ${yTest.length}, ${changed} changed`);
    t.log(`${lost} of ${yTest.length} lost, ${changed} labels changed`);
    const times = report.rows.map(({ microseconds }) => microseconds);
    t.deepEqual(
      times,
      [...times].sort((p, q) => q - p),
    );
  });
}

test('a network of one sum is one product with weights as fine as there is room for', async (t) => {
  const { network, set } = caseOf('breast-cancer-linear');
  const { XTrain, XTest } = rowsOf(set, network);
  const { network: made } = quantizeNetwork(network, toTensor(XTrain), { maxLoss: 0 });
  const [floats, integers] = [
    evaluateNetwork(network, toTensor(XTest)).data,
    integerOutputs(made, toTensor(XTest)).data,
  ];
  const inside = integers.filter((value, i) => Math.abs(value - floats[i]!) < 0.01);
  t.true(inside.length > 0.97 * floats.length);
  const { input, program } = networkModel(made);
  const x = encrypted.range(input.min, input.max, [input.length]);
  const { statistics } = await compile(program, { x });
  t.is(statistics.lookups.tables + statistics.diagrams.cmux, 0);
});

test('what follows sums of inputs needs no grid, nor do the weights behind it', (t) => {
  const { network, set } = caseOf('digits-mlp');
  const { XTrain } = rowsOf(set, network);
  const { network: made } = quantizeNetwork(network, toTensor(XTrain.slice(0, 200)), {
    maxLoss: 0.01,
  });
  t.deepEqual(
    made.layers.map(({ kind }) => kind),
    ['scale', 'grid', 'dense', 'activation', 'dense'],
  );
  t.is((made.layers[4] as DenseLayer).weights.steps, undefined);
  t.deepEqual((made.layers[4] as DenseLayer).weights, (network.layers[2] as DenseLayer).weights);
});

test('grids that a network has are kept where they are all that it needs, and clip where not', (t) => {
  const { network, set } = caseOf('digits-mlp');
  const { XTrain } = rowsOf(set, network);
  const X = toTensor(XTrain.slice(0, 200));
  const [hidden, , last] = network.layers as [DenseLayer, Layer, DenseLayer];
  const clipped = {
    kind: 'grid',
    name: 'clipped',
    input: 0,
    step: [0.25],
    zero: 0,
    min: 0,
    max: 255,
  };
  const layers = [hidden, clipped as GridLayer, { ...last, input: 1 }];
  const { network: made } = quantizeNetwork({ ...network, layers }, X, { maxLoss: 0.02 });
  t.like(
    made.layers.find(({ name }) => name === 'clipped'),
    { function: 'clip', parameters: [0, 63.75] },
  );
  const again = quantizeNetwork(onGrids(clipped as GridLayer, hidden, last), X, { maxLoss: 0 });
  t.is(again.report.rows[0]!.loss, 0);
  t.true(again.report.rows[0]!.microseconds > 0);
});

/** Two layers with weights of a step of their own, and grids before both. */
function onGrids(clipped: GridLayer, hidden: DenseLayer, last: DenseLayer): Network {
  const stepped = (layer: DenseLayer, input: number): DenseLayer => {
    const [outputs] = layer.weights.shape as [number];
    const data = layer.weights.data.map((weight) => Math.round(8 * weight) / 8);
    const weights = { ...layer.weights, data, steps: new Array<number>(outputs).fill(1 / 8) };
    return { ...layer, input, weights };
  };
  const pixels = { ...clipped, name: 'pixels', input: -1, step: [1], max: 15 };
  const inner = { ...clipped, input: 1 };
  return { inputShape: [64], layers: [pixels, stepped(hidden, 0), inner, stepped(last, 2)] };
}

test.serial('encrypted and simulated as in clear', async (t) => {
  const { network, set } = caseOf('iris-relu');
  const { XTrain, XTest } = rowsOf(set, network);
  const { network: made } = quantizeNetwork(network, toTensor(XTrain), { maxLoss: 0.02 });
  const { input, program, quantize, evaluate } = cheapestModel(made);
  const x = encrypted.range(input.min, input.max, [input.length]);
  const circuit = await compile(program, { x });
  const codes = quantize(toTensor(XTest.slice(0, 3)));
  t.deepEqual(toTensor(await circuit.simulateBatch([codes])), evaluate(codes));
  t.deepEqual(toTensor(await circuit.encryptRunDecryptBatch([codes])), evaluate(codes));
});

test('targets count where they are given, and numbers by R^2', (t) => {
  const { network, set } = caseOf('iris-relu');
  const { XTrain, yTrain } = rowsOf(set, network);
  const X = toTensor(XTrain);
  const y = toTensor(yTrain);
  const { report } = quantizeNetwork(network, X, { y, maxLoss: 0.02 });
  t.true(report.rows.at(-1)!.loss <= 0.02);
  const numbers = quantizeNetwork(network, X, { task: 'regression', maxLoss: 0.05 }).network;
  const [floats, integers] = [evaluateNetwork(network, X).data, integerOutputs(numbers, X).data];
  const errors = floats.reduce((sum, value, i) => sum + (value - integers[i]!) ** 2, 0);
  const squares = floats.reduce((sum, value) => sum + value ** 2, 0);
  t.true(errors <= 0.05 * squares);
});

test('rows, options and networks that do not fit are refused', (t) => {
  const { network } = caseOf('iris-relu');
  const X = toTensor([[1, 2, 3, 4]]);
  const refused = (rows: Tensor, options: object, code: string): void => {
    t.throws(() => quantizeNetwork(network, rows, options), { code });
  };
  refused(toTensor([[1, 2, 3]]), {}, 'SHAPE_MISMATCH');
  refused({ shape: [0, 4], data: new Float64Array() }, {}, 'SHAPE_MISMATCH');
  refused(toTensor([[1, 2, Number.NaN, 4]]), {}, 'NOT_FINITE');
  refused(X, { maxLoss: 2 }, 'BAD_OPTION');
  refused(X, { maxloss: 0.1 }, 'BAD_OPTION');
  refused(X, { task: 'ranking' }, 'BAD_OPTION');
  refused(X, { y: toTensor([1, 2]) }, 'SHAPE_MISMATCH');
  t.throws(() => networkModel(network), { code: 'NOT_QUANTIZED' });
});

test('a loss that no bits keep is refused', (t) => {
  const { network } = caseOf('breast-cancer-tanh');
  const random = createRandom(1);
  const noise = {
    shape: [400, 30],
    data: Float64Array.from({ length: 12000 }, () => 9 * random()),
  };
  const cause = t.throws(() => quantizeNetwork(network, noise, { task: 'regression', maxLoss: 0 }));
  t.like(cause, { code: 'QUANTIZATION_LOSS' });
});

test('weights within a budget explain more than rounded ones', (t) => {
  const random = createRandom(5);
  const count = 12;
  const rows = Array.from({ length: 300 }, () => Array.from({ length: count }, () => random()));
  const floats = Float64Array.from({ length: count }, () => random() - 0.5);
  const inputs = new Float64Array(count * count);
  const wanted = new Float64Array(count);
  for (const row of rows) {
    const own = row.map((value) => value - 0.5);
    const sum = own.reduce((total, value, j) => total + value * floats[j]!, 0);
    own.forEach((value, j) => {
      wanted[j]! += value * sum;
      own.forEach((other, k) => {
        inputs[j * count + k]! += value * other;
      });
    });
  }
  const spans = new Float64Array(count).fill(3);
  for (const budget of [9, 31, 127]) {
    const { weights, step } = budgetedWeights({ inputs, wanted, spans }, floats, budget);
    const used = weights.reduce((sum, weight) => sum + 3 * Math.abs(weight), 0);
    t.true(used <= budget && used > budget / 4);
    t.true(step > 0);
  }
});

test('grids are clipped where that loses less', (t) => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => (i === 0 ? 3 : (i % 10) / 10));
  const { step, min, max } = clippedGrid(values, 2);
  t.deepEqual([min, max], [0, 3]);
  t.true(step > 0.2 && step < 0.5);
  t.deepEqual(clippedGrid(Float64Array.of(0, 0), 3), { step: 1, min: 0, max: 7 });
  t.like(clippedGrid(Float64Array.of(-1, 2), 1), { min: -1, max: 1 });
  const [first, second] = featureGrids(Float64Array.of(0, 5, 3, 5, 1, 5), 2, 2);
  t.deepEqual(first, { low: 0, step: 1 });
  t.deepEqual(second, { low: 5, step: 1 });
});
