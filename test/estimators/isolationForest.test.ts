import test from 'ava';
import { IsolationForest } from '../../estimators/index.ts';
import { createRandom } from '../../lib/random.ts';

const list = (values: { data: ArrayLike<number> }): number[] => Array.from(values.data);

/** 190 rows around the origin, then 10 far away. */
function cloud(): number[][] {
  const random = createRandom(5);
  const around = (): number => random() + random() + random() - 1.5;
  return Array.from({ length: 200 }, (_, row) =>
    row < 190 ? [around(), around()] : [6 + around(), -5 - row / 40],
  );
}

const X = cloud();

test('rows far away are outliers, and rows between them and the others too', (t) => {
  const model = new IsolationForest({ contamination: 0.05 }).fit(X);
  const labels = list(model.predict(X));
  const outliers = Array.from(labels.keys()).filter((row) => labels[row] === -1);
  t.true(outliers.length >= 8 && outliers.length <= 10, `${outliers}`);
  t.true(outliers.filter((row) => row < 190).length <= 1, `${outliers}`);
  t.deepEqual(
    list(
      model.predict([
        [20, -20],
        [0, 0],
        [3.5, -4.5],
      ]),
    ),
    [-1, 1, -1],
  );
});

test('scores, decisions and labels agree', (t) => {
  for (const contamination of ['auto', 0.1, 0.5] as const) {
    const model = new IsolationForest({ contamination }).fit(X);
    const scores = list(model.scoreSamples(X));
    const { offset } = model.fitted;
    t.true(scores.every((score) => score > -1 && score < 0));
    t.deepEqual(
      list(model.decisionFunction(X)),
      scores.map((score) => score - offset),
    );
    t.deepEqual(
      list(model.predict(X)),
      scores.map((score) => (score < offset ? -1 : 1)),
    );
    if (contamination === 'auto') t.is(offset, -0.5);
    else {
      const outliers = scores.filter((score) => score < offset).length;
      t.true(Math.abs(outliers - contamination * 200) <= 1, `${outliers}`);
    }
  }
});

test('scores are those of unrounded path lengths, but for a sliver', (t) => {
  const model = new IsolationForest({ nEstimators: 30, maxSamples: 64 }).fit(X);
  const { trees, maxSamples } = model.fitted;
  t.is(maxSamples, 64);
  const expected = (n: number): number =>
    n < 2 ? 0 : n === 2 ? 1 : 2 * (Math.log(n - 1) + 0.5772156649) - (2 * (n - 1)) / n;
  const floats = X.map((row) => {
    const lengths = trees.map((tree) => {
      let [id, depth] = [0, 0];
      for (; tree.feature[id]! >= 0; depth++) {
        const isLeft = row[tree.feature[id]!]! <= tree.threshold[id]!;
        id = (isLeft ? tree.childrenLeft : tree.childrenRight)[id]!;
      }
      t.true(depth <= 6);
      return depth + expected(tree.nNodeSamples[id]!);
    });
    return -(2 ** -(lengths.reduce((a, b) => a + b) / 30 / expected(64)));
  });
  list(model.scoreSamples(X)).forEach((score, row) => {
    t.true(Math.abs(score - floats[row]!) < 1e-4);
  });
});

test('an encrypted run gives the same scores, or labels alone', async (t) => {
  const rows = [[20, -20], [0, 0], ...X.slice(0, 2)];
  const parameters = { nEstimators: 20, maxSamples: 64, contamination: 0.05 };
  const model = new IsolationForest(parameters).fit(X);
  t.deepEqual(await model.scoreSamples(rows, { encrypted: true }), model.scoreSamples(rows));
  t.deepEqual(await model.predict(rows, { encrypted: true }), model.predict(rows));
  const labels = new IsolationForest({ ...parameters, output: 'label' }).fit(X);
  t.deepEqual(await labels.predict(rows, { encrypted: true }), labels.predict(rows));
  t.deepEqual(labels.circuit.outputs, [[1]]);
  t.deepEqual(labels.scoreSamples(rows), model.scoreSamples(rows));
  const agree = list(labels.predict(X)).filter((label, row) => label === model.predict(X).get(row));
  t.true(agree.length >= 197, `${agree.length}`);
  await t.throwsAsync(labels.scoreSamples(rows, { encrypted: true }), { code: 'UNSUPPORTED' });
});

test('each tree learns from its own rows and features', (t) => {
  const { trees } = new IsolationForest({ nEstimators: 8, maxFeatures: 1 }).fit(X).fitted;
  const used = trees.map(({ feature }) => new Set(feature.filter((column) => column >= 0)).size);
  t.true(used.every((count) => count === 1));
  t.true(new Set(trees.map(({ feature }) => feature[0])).size === 2);
  const drawn = new IsolationForest({ nEstimators: 4, bootstrap: true }).fit(X).fitted.trees;
  t.true(drawn.every(({ nNodeSamples }) => nNodeSamples[0]! > 100 && nNodeSamples[0]! < 150));
  t.is(new IsolationForest({ maxSamples: 0.25 }).fit(X).fitted.maxSamples, 50);
  t.is(new IsolationForest({ maxSamples: 1000 }).fit(X).fitted.maxSamples, 200);
  const single = new IsolationForest({ maxSamples: 1 }).fit(X);
  t.true(list(single.scoreSamples(X)).every((score) => score === -0.5));
});
