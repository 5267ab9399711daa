import test from 'ava';
import { activations } from '../../../estimators/neural/activations.ts';
import { erf } from '../../../estimators/neural/erf.ts';
import { evaluateNetwork } from '../../../estimators/neural/evaluate.ts';
import type { Layer } from '../../../estimators/neural/network.ts';
import { toTensor } from '../../../tracer/index.ts';
import { networkCases, rowsOf } from './support.ts';

/** What layers make of one row. */
function of(inputShape: readonly number[], x: readonly number[], ...layers: Layer[]): number[] {
  const data = Float64Array.from(x);
  return Array.from(evaluateNetwork({ inputShape, layers }, { shape: [1, x.length], data }).data);
}

const none = [[0, 0]] as const;

test('layers by hand', (t) => {
  const weights = { shape: [2, 3], data: [1, 2, 3, 0, -1, 1] };
  const dense = { kind: 'dense', name: 'd', input: -1, weights, bias: [10, 20] } as const;
  t.deepEqual(of([3], [1, 2, 3], dense), [24, 21]);
  t.deepEqual(of([2, 3], [1, 2, 3, 0, 0, 1], dense), [24, 21, 13, 21]);
  const conv = {
    kind: 'convolution',
    name: 'c',
    input: -1,
    weights: { shape: [2, 1, 2], data: [1, -1, 2, 0] },
    bias: [0, 1],
    strides: [2],
    dilations: [1],
    padding: [[1, 0]],
    groups: 2,
  } as const;
  // Windows (0, 1) and (2, 3), then (0, 4) and (5, 6).
  t.deepEqual(of([2, 3], [1, 2, 3, 4, 5, 6], conv), [-1, -1, 1, 11]);
  const pool = {
    name: 'p',
    input: -1,
    kernel: [2],
    strides: [1],
    dilations: [2],
    padding: none,
  } as const;
  t.deepEqual(of([1, 4], [1, 5, 3, 2], { ...pool, kind: 'maxPool', countsPadding: false }), [3, 5]);
  t.deepEqual(
    of([1, 4], [1, 5, 3, 2], { ...pool, kind: 'averagePool', countsPadding: false }),
    [2, 3.5],
  );
  const padded = { ...pool, kind: 'averagePool', dilations: [1], padding: [[1, 0]] } as const;
  t.deepEqual(of([1, 2], [-4, 2], { ...padded, countsPadding: true }), [-2, -1]);
  t.deepEqual(of([1, 2], [-4, 2], { ...padded, countsPadding: false }), [-4, -1]);
  t.deepEqual(of([1, 2], [-4, 2], { ...padded, kind: 'maxPool', countsPadding: false }), [-4, 2]);
  const grid = {
    kind: 'grid',
    name: 'g',
    input: -1,
    step: [0.5, 2],
    zero: 1,
    min: 0,
    max: 3,
  } as const;
  t.deepEqual(of([2, 2], [0.25, 9, -9, 1], grid), [0, 1, -2, 0]);
  const table = { kind: 'table', name: 't', input: 0, min: -1, values: [5, 6, 7, 8] } as const;
  t.deepEqual(of([2, 2], [0.25, 9, -9, 1], grid, table), [6, 8, 5, 6]);
  const move = {
    kind: 'move',
    name: 'm',
    inputs: [-1, -1],
    shape: [3],
    from: [1, -1, 2],
    fill: 9,
  } as const;
  t.deepEqual(of([2], [3, 4], move), [4, 9, 3]);
  const reduce = { name: 'r', input: -1, axes: [1], keepsAxes: true } as const;
  t.deepEqual(of([2, 2], [1, 2, 3, 5], { ...reduce, kind: 'mean' }), [1.5, 4]);
  t.deepEqual(of([2, 2], [1, 2, 3, 5], { ...reduce, kind: 'max', axes: [0] }), [3, 5]);
  t.deepEqual(of([2, 2], [1, 2, 3, 5], { ...reduce, kind: 'sum', axes: [0, 1] }), [11]);
  const pair = { kind: 'subtract', name: 's', inputs: [-1, 0] } as const;
  t.deepEqual(of([2, 2], [1, 2, 3, 5], { ...reduce, kind: 'sum' }, pair), [-2, -1, -5, -3]);
});

test('functions at some places', (t) => {
  const at = (name: string, x: number, ...parameters: number[]): number =>
    activations[name]!.function(x, ...parameters);
  t.true(Math.abs(at('gelu', 1) - 0.8413447460685429) < 1e-15);
  t.is(at('sigmoid', -1000), 0);
  t.is(at('softplus', 1000), 1000);
  t.is(at('hardSigmoid', 0.5, 0.2, 0.5), 0.6);
  t.is(at('hardSwish', 1.5), 1.125);
  t.is(at('elu', -1, 2), 2 * Math.expm1(-1));
  t.is(at('thresholdedRelu', 1, 1), 0);
  t.is(at('shrink', -2, 1.5, 0.5), -1.5);
  t.is(at('step', 0), 1);
  t.is(at('round', 2.5), 2);
});

test('erf to 15 digits', (t) => {
  // Abramowitz and Stegun, table 7.1; the others by arbitrary precision.
  const known = [
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3.5, 0.9999992569016276],
    [1e-10, 1.1283791670955126e-10],
  ] as const;
  for (const [x, value] of known) {
    t.true(Math.abs(erf(x) / value - 1) < 2e-15, `${x}`);
    t.is(erf(-x), -erf(x));
  }
  t.deepEqual([erf(0), erf(9), erf(-9), erf(Number.NaN)], [0, 1, -1, Number.NaN]);
});

test('functions that are said to rise do', (t) => {
  for (const [name, { parameters, function: f, rises }] of Object.entries(activations)) {
    const own = parameters.map((_, k) => (name === 'clip' || name === 'hardTanh' ? k - 0.5 : 0.5));
    if (!rises(...own)) continue;
    const values = Array.from({ length: 201 }, (_, k) => f((k - 100) / 12, ...own));
    const known = values.filter((value) => !Number.isNaN(value));
    t.true(
      known.every((value, k) => k === 0 || value >= known[k - 1]!),
      name,
    );
  }
});

for (const { name, network, outputs, set } of networkCases()) {
  test(`${name} gives what PyTorch gives`, (t) => {
    const { XTest } = rowsOf(set, network);
    const { data } = evaluateNetwork(network, toTensor(XTest.slice(0, 20)));
    outputs.flat().forEach((output, i) => {
      t.true(Math.abs(data[i]! - output) <= 1e-5 * Math.max(1, Math.abs(output)));
    });
  });
}

test('rows of another size are refused', (t) => {
  const [{ network }] = networkCases() as [ReturnType<typeof networkCases>[0]];
  t.throws(() => evaluateNetwork(network, toTensor([[1, 2]])), { code: 'SHAPE_MISMATCH' });
});
