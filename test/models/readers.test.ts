/** Models of other libraries answer as there: in floats to 1e-5, in integers within a point, encrypted as in clear. */
import test from 'ava';
import { accuracyScore, r2Score } from '../../estimators/index.ts';
import { estimatorFromJSON } from '../../estimators/registry.ts';
import { ImportedClassifier } from '../../models/index.ts';
import {
  type Imported,
  largestDifference,
  modelFixtures,
  read,
  readyToPredict,
  rowsOf,
  valuesOf,
} from './support.ts';

/** One point of accuracy, or of R^2. */
const point = 0.01;

for (const fixture of modelFixtures()) {
  const { name, outputs, shape, labels, y } = fixture;
  const X = rowsOf(fixture);

  test(`${name}: floats are those of the library`, (t) => {
    const ours = read(fixture).evaluate(X);
    t.deepEqual(ours.shape, shape);
    const off = largestDifference(ours.data, outputs);
    t.true(off < 1e-5, `${off}`);
  });

  test(`${name}: integers predict as well`, (t) => {
    const model = readyToPredict(fixture);
    const ours = model.predict(X);
    if (model instanceof ImportedClassifier) {
      const [own, theirs] = [accuracyScore(y, ours), accuracyScore(y, labels!)];
      t.true(own >= theirs - point, `${own} ${theirs}`);
      const same = valuesOf(ours).map((label, row) => Number(label === labels![row]));
      t.true(same.reduce((a, b) => a + b) >= (1 - point) * same.length);
    } else {
      const columns = (flat: readonly number[]) =>
        shape.length === 1
          ? flat
          : Array.from(y, (_, row) => flat.slice(row * shape[1]!, (row + 1) * shape[1]!));
      const [own, theirs] = [
        r2Score(y as number[], columns(valuesOf(ours) as number[]) as number[]),
        r2Score(y as number[], columns(outputs) as number[]),
      ];
      t.true(Math.abs(own - theirs) < point, `${own} ${theirs}`);
    }
  });

  test(`${name}: simulated predictions and those of a saved model are the same`, async (t) => {
    const model = readyToPredict(fixture);
    const expected = valuesOf(model.predict(X));
    const simulated = await model.predict(X, { encrypted: 'simulate' });
    t.deepEqual(valuesOf(simulated), expected);
    const json = JSON.parse(new TextDecoder().decode(model.save()));
    const restored = estimatorFromJSON(json) as Imported;
    t.deepEqual(valuesOf(restored.predict(X)), expected);
    t.deepEqual(restored.evaluate(X).data, model.evaluate(X).data);
    t.is(JSON.stringify(restored), JSON.stringify(json));
  });
}
