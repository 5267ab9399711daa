import test from 'ava';
import { evaluateNetwork } from '../../../estimators/neural/evaluate.ts';
import type { Network } from '../../../estimators/neural/network.ts';
import { networkModel } from '../../../estimators/neural/program.ts';
import { compile, encrypted } from '../../../lib/index.ts';
import { evaluateBatch, type Tensor, toTensor, trace } from '../../../tracer/index.ts';
import { randomNetwork, rowsFor } from './support.ts';

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
