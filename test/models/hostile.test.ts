/** Files and documents that others have changed: refused with a code, or a model that still behaves. */
import { ok } from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import { estimatorFromJSON } from '../../estimators/registry.ts';
import { fromCatBoost, fromLightGBM, fromOnnx, fromXGBoost } from '../../models/index.ts';
import { refusal } from '../support/random/models/model.ts';
import { tampered, tamperings } from '../support/random/models/tamper.ts';
import { type Imported, modelFixture, readyToPredict, rowsOf } from './support.ts';

/** Rows of the file, as far as the model still takes them. */
function answersWithNumbers(model: Imported, X: Parameters<Imported['predict']>[0]): void {
  const given = refusal(() => [...Array.from(model.evaluate(X).data), ...labels(model, X)]);
  if (typeof given === 'string') return;
  for (const value of given) if (typeof value === 'number') ok(Number.isFinite(value));
}

function labels(model: Imported, X: Parameters<Imported['predict']>[0]): unknown[] {
  return Array.from(model.predict(X).data as ArrayLike<unknown>);
}

for (const name of [
  'xgboost-categories',
  'lightgbm-zero-missing',
  'catboost-targets',
  'sklearn-columns-tree',
  'sklearn-columns',
  'sklearn-pca',
]) {
  const fixture = modelFixture(name);
  const X = rowsOf(fixture, 3);

  test(`${name}: a saved model with any one value changed is refused, or answers with numbers`, (t) => {
    const document = JSON.parse(JSON.stringify(readyToPredict(fixture)));
    const behaves = fc.property(tamperings, (tampering) => {
      const changed = tampered(document, tampering);
      const read = refusal(() => estimatorFromJSON(changed) as Imported);
      if (typeof read !== 'string') answersWithNumbers(read, X);
    });
    t.notThrows(() => fc.assert(behaves, { numRuns: 100, includeErrorInReport: true }));
  });
}

for (const [name, read] of [
  ['xgboost-dart', fromXGBoost],
  ['xgboost-targets', fromXGBoost],
  ['catboost-multi-texts', fromCatBoost],
  ['catboost-depthwise', fromCatBoost],
] as const) {
  const fixture = modelFixture(name);
  const X = rowsOf(fixture, 3);

  test(`${name}: a file with any one value changed is refused, or is a model`, (t) => {
    const behaves = fc.property(tamperings, (tampering) => {
      const changed = tampered(fixture.model, tampering);
      const model = refusal(() => read(changed as object));
      if (typeof model !== 'string') answersWithNumbers(model, X);
    });
    t.notThrows(() => fc.assert(behaves, { numRuns: 150, includeErrorInReport: true }));
  });
}

/** Some characters of a text changed, or the rest of it gone. */
const edits = fc.record({
  at: fc.nat(),
  to: fc.constantFrom('0', '-', '9', ' ', '\n', '=', 'x', '.', 'e', ''),
  ends: fc.boolean(),
});

test('the text of LightGBM, changed or cut off, is refused, or is a model', (t) => {
  for (const name of ['lightgbm-categories', 'lightgbm-multi']) {
    const fixture = modelFixture(name);
    const text = fixture.model as string;
    const behaves = fc.property(edits, ({ at, to, ends }) => {
      const place = at % text.length;
      const changed = text.slice(0, place) + to + (ends ? '' : text.slice(place + 1));
      const model = refusal(() => fromLightGBM(changed));
      if (typeof model !== 'string') answersWithNumbers(model, rowsOf(fixture, 3));
    });
    t.notThrows(() => fc.assert(behaves, { numRuns: 150, includeErrorInReport: true }));
  }
});

test('bytes of ONNX, changed or cut off, are refused, or are a model', (t) => {
  for (const name of [
    'sklearn-columns-tree',
    'sklearn-logistic-ovr',
    'onnx-ensemble',
    'sklearn-svc',
  ]) {
    const fixture = modelFixture(name);
    const bytes = Uint8Array.from(Buffer.from(fixture.model as string, 'base64'));
    const flips = fc.record({ at: fc.nat(), to: fc.nat(255), ends: fc.nat(3) });
    const behaves = fc.property(flips, ({ at, to, ends }) => {
      const place = at % bytes.length;
      const changed = bytes.slice(0, ends === 0 ? place : bytes.length);
      if (ends > 0) changed[place] = to;
      const model = refusal(() => fromOnnx(changed));
      if (typeof model !== 'string') answersWithNumbers(model, rowsOf(fixture, 3));
    });
    t.notThrows(() => fc.assert(behaves, { numRuns: 200, includeErrorInReport: true }));
  }
});
