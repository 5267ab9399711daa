/** Networks of ONNX in integers: grids of the file at their word, floats by calibration; encrypted as in clear. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { accuracyScore } from '../../../estimators/index.ts';
import { estimatorFromJSON } from '../../../estimators/registry.ts';
import {
  fromOnnx,
  type ImportedClassifier,
  type ImportedRegressor,
  quantize,
} from '../../../models/index.ts';
import { modelFixture, valuesOf } from '../support.ts';
import { file, node, onnxFixture, onnxFixtures, tensor } from './support.ts';

/** One point of accuracy. */
const point = 0.01;

interface DataSet {
  readonly X: number[][];
  readonly y: number[];
}

const sets = {
  iris: dataSet('sklearn-iris', 1),
  digits: dataSet('sklearn-digits', 1 / 16),
};

function dataSet(name: string, scale: number): DataSet {
  const path = new URL(`../../fixtures/${name}.json`, import.meta.url);
  const { X, y } = JSON.parse(readFileSync(path, 'utf8')) as DataSet;
  return { X: X.slice(0, 300).map((row) => row.map((value) => value * scale)), y: y.slice(0, 300) };
}

/** The labels that the float outputs say. */
function floatLabels(model: ImportedClassifier, X: number[][]): number[] {
  const { data, shape } = model.evaluate(X);
  const width = shape[1]!;
  return X.map((_, row) => {
    const own = Array.from(data.slice(row * width, (row + 1) * width));
    return own.indexOf(Math.max(...own));
  });
}

const onGrids = onnxFixtures('onnx-torch').filter(({ name }) => /-(qdq|qonnx|qcdq)/.test(name));

for (const { name, bytes, data } of onGrids) {
  test(`${name}: integers of the file predict as the library does`, (t) => {
    const { X, y } = sets[data!];
    const model = fromOnnx(bytes, { task: 'classifier' }) as ImportedClassifier;
    const [own, theirs] = [model.predict(X), floatLabels(model, X)];
    t.true(accuracyScore(y, own) >= accuracyScore(y, theirs) - point);
    t.true(accuracyScore(theirs, own) >= 1 - point);
  });
}

for (const name of ['iris-mlp', 'digits-mlp']) {
  test(`${name}: calibrated on rows, integers lose a point at most`, async (t) => {
    const { bytes, data } = onnxFixture('onnx-torch', name);
    const { X, y } = sets[data!];
    const model = fromOnnx(bytes, { task: 'classifier' }) as ImportedClassifier;
    t.throws(() => model.predict(X), { code: 'NOT_QUANTIZED', message: /quantize\(model, X\)/ });
    const { model: quantized } = quantize(model, X, { maxLoss: point, y });
    const own = quantized.predict(X);
    t.true(accuracyScore(y, own) >= accuracyScore(y, floatLabels(model, X)) - point);
    t.deepEqual(quantized.evaluate(X).data, model.evaluate(X).data);
    const simulated = await quantized.predict(X.slice(0, 3), { encrypted: 'simulate' });
    t.deepEqual(valuesOf(simulated), valuesOf(own).slice(0, 3));
  });
}

for (const [file, name] of [
  ['onnx-operators', 'qonnx-layer'],
  ['onnx-operators', 'quantized-layer'],
  ['onnx-operators', 'quantize-channels'],
  ['onnx-torch', 'digits-qonnx-2'],
] as const) {
  test(`${name}: encrypted predictions and those of a saved model are the clear ones`, async (t) => {
    const { bytes, X } = onnxFixture(file, name);
    const model = fromOnnx(bytes);
    const rows = X.slice(0, 1);
    const clear = valuesOf(model.predict(rows));
    const encrypted = await model.predict(rows, { encrypted: true });
    t.deepEqual(valuesOf(encrypted), clear);
    const json = JSON.parse(new TextDecoder().decode(model.save()));
    const restored = estimatorFromJSON(json) as ImportedRegressor;
    t.deepEqual(valuesOf(restored.predict(rows)), clear);
    t.deepEqual(restored.evaluate(rows).data, model.evaluate(rows).data);
  });
}

test('a calibrated network answers encrypted as in clear', async (t) => {
  const { bytes, data } = onnxFixture('onnx-torch', 'iris-mlp');
  const { X } = sets[data!];
  const model = fromOnnx(bytes, { classes: ['setosa', 'versicolor', 'virginica'] });
  const { model: quantized } = quantize(model as ImportedClassifier, X, { maxLoss: 0.05 });
  const rows = [X[0]!, X[75]!, X[149]!];
  const encrypted = await quantized.predict(rows, { encrypted: true });
  t.deepEqual(valuesOf(encrypted), valuesOf(quantized.predict(rows)));
  t.deepEqual(valuesOf(encrypted), ['setosa', 'versicolor', 'virginica']);
});

test('the task is what the graph ends in, or what the options say', (t) => {
  const { bytes } = onnxFixture('onnx-torch', 'mlp-opset-17');
  t.is(fromOnnx(bytes).name, 'ImportedRegressor');
  t.is(fromOnnx(bytes, { task: 'classifier' }).name, 'ImportedClassifier');
  t.is(fromOnnx(bytes, { classes: ['a', 'b', 'c'] }).name, 'ImportedClassifier');
  t.is(fromOnnx(onnxFixture('onnx-torch', 'mlp-softmax').bytes).name, 'ImportedClassifier');
  t.throws(() => fromOnnx(bytes, { classes: ['a'] }), { code: 'BAD_OPTION' });
  t.throws(() => fromOnnx(bytes, { task: 'cluster' as 'regressor' }), { code: 'BAD_OPTION' });
  t.throws(() => fromOnnx(bytes, { mode: 1 } as object), { code: 'BAD_OPTION', message: /mode/ });
  const { bytes: indices } = onnxFixture('onnx-torch', 'mlp-argmax');
  t.throws(() => fromOnnx(indices, { task: 'regressor' }), {
    code: 'BAD_OPTION',
    message: /argmax/,
  });
});

test('options give dynamic axes their lengths, and choose an output', (t) => {
  const weights = tensor('w', [3, 1], [1, 2, 3]);
  const bytes = file({
    nodes: [node('MatMul', ['x', 'w'], ['y'])],
    constants: [weights],
    input: ['N', 'length', 3],
  });
  const model = fromOnnx(bytes, { dimensions: { length: 2 } });
  t.deepEqual(Array.from(model.evaluate([[1, 1, 1, 0, 0, 1]]).data), [6, 3]);
  t.throws(() => fromOnnx(bytes, { dimensions: { length: 0 } }), { code: 'BAD_OPTION' });
  t.throws(() => fromOnnx(bytes, { graphOutput: 'z' }), {
    code: 'BAD_OPTION',
    message: /allowed: \[y\]/,
  });
});

test('a network of a pipeline has the labels of its graph', (t) => {
  const { bytes } = onnxFixture('onnx-sklearn', 'mlp-classifier-texts');
  const model = fromOnnx(bytes) as ImportedClassifier;
  t.deepEqual(model.fitted.classes, ['setosa', 'versicolor', 'virginica']);
  const named = fromOnnx(bytes, { task: 'classifier', classes: ['a', 'b', 'c'] });
  t.deepEqual((named as ImportedClassifier).fitted.classes, ['a', 'b', 'c']);
});

test('options of networks are refused for other models', (t) => {
  const { model } = modelFixture('sklearn-tree');
  const bytes = Buffer.from(model as string, 'base64');
  t.throws(() => fromOnnx(bytes, { task: 'classifier' }), { code: 'BAD_OPTION', message: /task/ });
  t.throws(() => fromOnnx(bytes, { graphOutput: 'label' }), { code: 'BAD_OPTION' });
});
