import test from 'ava';
import { fromOnnx, ImportedClassifier, quantize } from '../../models/index.ts';
import { load } from '../estimators/support.ts';
import { onnxFixture } from './onnx/support.ts';
import { modelFixture, read } from './support.ts';

const list = (labels: { data: ArrayLike<unknown> }): unknown[] => Array.from(labels.data);

/** A model that PyTorch exported; see test/fixtures/make_onnx_torch.py. */
function exported(name: string): ImportedClassifier {
  const { bytes } = onnxFixture('onnx-torch', name);
  return fromOnnx(bytes, { task: 'classifier' }) as ImportedClassifier;
}

test('a network without integers says what to do, and one of trees has nothing to quantize', (t) => {
  const { XTest } = load('iris');
  const model = exported('iris-mlp');
  const cause = t.throws(() => model.predict(XTest), { code: 'NOT_QUANTIZED' });
  t.regex(cause.message, /quantize\(model, X\)/);
  const trees = read(modelFixture('xgboost-binary')) as ImportedClassifier;
  t.throws(() => quantize(trees, XTest), { code: 'UNSUPPORTED' });
});

test('calibration rows and labels are checked', (t) => {
  const model = exported('iris-mlp');
  const rows = load('iris').XTest;
  t.throws(() => quantize(model, [[1, 2]]), { code: 'SHAPE_MISMATCH' });
  t.throws(() => quantize(model, [[1, 2, 3, Number.NaN]]), { code: 'NOT_FINITE' });
  t.throws(() => quantize(model, rows, { maxLoss: -1 }), { code: 'BAD_OPTION' });
  t.throws(() => quantize(model, rows, { bits: 3 } as object), { code: 'BAD_OPTION' });
  t.throws(() => quantize(model, rows, { y: rows.map(() => 7) }), { code: 'BAD_LABELS' });
  t.throws(() => quantize(model, rows, { y: [0] }), { code: 'SHAPE_MISMATCH' });
});

test.serial(
  'a quantized network predicts the same in clear, simulated and encrypted',
  async (t) => {
    const { XTrain, XTest } = load('iris');
    const float = exported('iris-mlp');
    const { model, report } = quantize(float, XTrain, { maxLoss: 0.03 });
    t.true(report.rows.at(-1)!.loss <= 0.03);
    t.deepEqual(model.evaluate(XTest), float.evaluate(XTest));
    const rows = XTest.slice(0, 3);
    const clear = list(model.predict(rows));
    t.deepEqual(list(await model.predict(rows, { encrypted: 'simulate' })), clear);
    t.deepEqual(list(await model.predict(rows, { encrypted: true })), clear);
    const restored = ImportedClassifier.fromJSON(JSON.parse(JSON.stringify(model)));
    t.deepEqual(list(restored.predict(XTest)), list(model.predict(XTest)));
    const labels = model.clone().setParams({ output: 'label' });
    t.deepEqual(list(labels.predict(XTest)), list(model.predict(XTest)));
  },
);

test('the integers of another network are refused', (t) => {
  const { XTrain } = load('iris');
  const { model } = quantize(exported('iris-mlp'), XTrain, { maxLoss: 0.03 });
  const json = JSON.parse(JSON.stringify(model));
  const float = { ...json, circuit: null };
  float.fitted.core.integers.layers = json.fitted.core.network.layers;
  t.throws(() => ImportedClassifier.fromJSON(float), { code: 'BAD_JSON' });
});
