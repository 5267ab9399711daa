/** Keras models as TensorFlow.js has them answer as Keras does; see test/fixtures/make_keras.py. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { fromTensorFlowJs, ImportedClassifier, quantize } from '../../models/index.ts';
import { layerTable } from '../../models/tensorflowJs/layerTable.ts';
import { largestDifference } from './support.ts';

interface Case {
  readonly name: string;
  readonly model: object;
  readonly shards: readonly string[];
  readonly X: number[][];
  readonly outputs: readonly (readonly number[])[];
}

const folder = new URL('../fixtures/tensorflowjs/', import.meta.url);

function json<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T;
}

const cases = ['keras2.json', 'keras3.json', 'tfjs.json'].flatMap(
  (file) => json<{ readonly cases: readonly Case[] }>(file).cases,
);

for (const { name, model, shards, X, outputs } of cases) {
  test(`${name}: floats are those of Keras`, (t) => {
    const bytes = shards.map((shard) => new Uint8Array(Buffer.from(shard, 'base64')));
    const read = fromTensorFlowJs(model, bytes);
    const ours = read.evaluate(X);
    const isBinary = read instanceof ImportedClassifier && outputs[0]!.length === 1;
    const theirs = outputs.flatMap((row) => (isBinary ? [1 - row[0]!, row[0]!] : row));
    const off = largestDifference(ours.data, theirs);
    t.true(off < 1e-5, `${off}`);
  });
}

test('files as bytes, as one buffer, as text and as objects give the same model', (t) => {
  const { model, shards, X } = cases.find(({ name }) => name === 'shards')!;
  const pieces = shards.map((shard) => new Uint8Array(Buffer.from(shard, 'base64')));
  t.true(pieces.length > 2);
  const whole = new Uint8Array(Buffer.concat(pieces));
  const text = JSON.stringify(model);
  const expected = fromTensorFlowJs(model, pieces).evaluate(X).data;
  for (const [form, bytes] of [
    [text, whole],
    [new TextEncoder().encode(text), whole.buffer],
    [model, [whole]],
    [text, pieces.map((piece) => piece.slice().buffer)],
  ] as const) {
    t.deepEqual(fromTensorFlowJs(form, bytes).evaluate(X).data, expected);
  }
});

test('softmax and the sigmoid of one output make classifiers, options make others', (t) => {
  const of = (name: string, options = {}) => {
    const { model, shards } = cases.find((each) => each.name === name)!;
    return fromTensorFlowJs(
      model,
      shards.map((shard) => new Uint8Array(Buffer.from(shard, 'base64'))),
      options,
    );
  };
  const labelled = of('dense, Keras 3', { classes: ['low', 'middle', 'high'] });
  t.deepEqual((labelled.fitted as { classes?: unknown }).classes, ['low', 'middle', 'high']);
  t.deepEqual((of('nested, Keras 3').fitted as { classes?: unknown }).classes, [0, 1]);
  t.is(of('convolutions').name, 'ImportedRegressor');
  t.is(of('convolutions', { classes: ['no', 'yes'] }).name, 'ImportedClassifier');
  t.is(of('nested, Keras 3', { task: 'regressor' }).name, 'ImportedRegressor');
  t.deepEqual(of('nested, Keras 3', { task: 'regressor' }).evaluate([[1, 2, 3, 4]]).shape, [1]);
  t.throws(() => of('convolutions', { task: 'regression' }), { code: 'BAD_OPTION' });
  t.throws(() => of('convolutions', { task: 'regressor', classes: [0, 1] }), {
    code: 'BAD_OPTION',
  });
  t.throws(() => of('dense, Keras 3', { classes: ['low', 'high'] }), { code: 'BAD_OPTION' });
});

test('rows may be nested as the model has them', (t) => {
  const { model, shards, X } = cases.find(({ name }) => name === 'pools')!;
  const bytes = shards.map((shard) => new Uint8Array(Buffer.from(shard, 'base64')));
  const read = fromTensorFlowJs(model, bytes);
  const nested = X.map((row) =>
    Array.from({ length: 6 }, (_, y) =>
      Array.from({ length: 7 }, (_, x) => row.slice((y * 7 + x) * 2, (y * 7 + x + 1) * 2)),
    ),
  );
  t.deepEqual(read.evaluate(nested).data, read.evaluate(X).data);
  t.deepEqual(
    read.evaluate({ shape: [X.length, 6, 7, 2], data: Float64Array.from(X.flat()) }).data,
    read.evaluate(X).data,
  );
  t.throws(() => read.evaluate(nested.map((row) => row.slice(1))), { code: 'SHAPE_MISMATCH' });
});

test('a network that has learned digits keeps its accuracy in integers, and runs encrypted', async (t) => {
  const model = fromTensorFlowJs(
    json<object>('digits/model.json'),
    readFileSync(new URL('digits/group1-shard1of1.bin', folder)),
  ) as ImportedClassifier;
  const digits = json<{
    readonly X: number[][];
    readonly y: readonly number[];
    readonly test: readonly number[];
  }>('../sklearn-digits.json');
  const X = digits.test.map((row) => digits.X[row]!);
  const y = digits.test.map((row) => digits.y[row]!);
  const { accuracy, outputs } = json<{
    readonly accuracy: number;
    readonly outputs: readonly (readonly number[])[];
  }>('digits/outputs.json');
  const floats = model.evaluate(X);
  t.true(largestDifference(floats.data.slice(0, outputs.flat().length), outputs.flat()) < 1e-5);
  t.throws(() => model.predict(X), { code: 'NOT_QUANTIZED' });

  const { model: quantized } = quantize(model, X.slice(0, 100), { maxLoss: 0.02 });
  t.deepEqual(quantized.evaluate(X).data, floats.data);
  t.true(quantized.score(X, y) >= accuracy - 0.01, `${quantized.score(X, y)}`);
  const rows = X.slice(0, 2);
  const decrypted = await quantized.decisionFunction(rows, { encrypted: true });
  t.deepEqual(decrypted.data, quantized.decisionFunction(rows).data);
  const restored = ImportedClassifier.load(quantized.save());
  t.deepEqual(restored.predictProba(rows).data, quantized.predictProba(rows).data);
});

test('a dense network of Keras runs encrypted as in clear', async (t) => {
  const { model, shards, X } = cases.find(({ name }) => name === 'dense, Keras 3')!;
  const bytes = shards.map((shard) => new Uint8Array(Buffer.from(shard, 'base64')));
  const rows = Array.from({ length: 60 }, (_, i) =>
    X[0]!.map((_, j) => Math.sin(i * (j + 1.3)) * 1.5),
  );
  const quantized = quantize(fromTensorFlowJs(model, bytes), rows, { maxLoss: 0.1 }).model;
  const few = rows.slice(0, 3);
  const decrypted = await quantized.predict(few, { encrypted: true });
  t.deepEqual(decrypted.data, quantized.predict(few).data);
});

test('every layer has a case, and is on the page of TensorFlow', (t) => {
  const page = readFileSync('docs/models/tensorflow.md', 'utf8');
  const files = JSON.stringify(cases.map(({ model }) => model));
  for (const name of Object.keys(layerTable)) {
    t.regex(page, new RegExp(`\\b${name}\\b`));
    t.true(files.includes(`"class_name":"${name}"`), name);
  }
});
