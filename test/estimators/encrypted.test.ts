import test from 'ava';
import { DecisionTreeClassifier, LinearSVC, LogisticRegression } from '../../estimators/index.ts';
import type { Progress } from '../../lib/progress.ts';
import { load } from './support.ts';

const list = (labels: { data: ArrayLike<unknown> }): unknown[] => Array.from(labels.data);

const models = {
  LogisticRegression: () => new LogisticRegression({ maxIter: 1000, outOfRange: 'clip' }),
  LinearSVC: () => new LinearSVC({ tol: 1e-3, outOfRange: 'clip' }),
  DecisionTreeClassifier: () => new DecisionTreeClassifier({ maxDepth: 5 }),
};

for (const data of ['breast-cancer', 'iris'] as const) {
  for (const [name, make] of Object.entries(models)) {
    test.serial(
      `${data}: ${name} predicts the same encrypted, simulated and in clear`,
      async (t) => {
        const { XTrain, XTest, yTrain } = load(data);
        const rows = XTest.slice(0, 20);
        const model = make().fit(XTrain, yTrain);
        const clear = list(model.predict(rows));
        t.deepEqual(list(await model.predict(rows, { encrypted: 'simulate' })), clear);
        t.deepEqual(list(await model.predict(rows, { encrypted: true })), clear);
        const scores = 'predictProba' in model ? 'predictProba' : 'decisionFunction';
        const score = (model as LogisticRegression)[scores].bind(model as LogisticRegression);
        t.deepEqual(await score(rows, { encrypted: true }), score(rows));
      },
    );
  }
}

test('linear models need no evaluation key and no lookup', async (t) => {
  const { XTrain, yTrain } = load('iris');
  for (const model of [new LogisticRegression(), new LinearSVC()]) {
    const { statistics } = await model.fit(XTrain, yTrain).compile();
    t.is(statistics.evaluationKeyBytes, 0);
    t.is(statistics.lookups.tables, 0);
  }
});

test('every model can be compiled for an error rate of 2^-128', async (t) => {
  const strict = { pError: 2 ** -128 };
  for (const data of ['breast-cancer', 'iris', 'digits']) {
    const { XTrain, yTrain } = load(data);
    for (const make of Object.values(models)) {
      const { statistics } = await make().fit(XTrain, yTrain).compile(null, strict);
      t.true(statistics.log2Failure <= -128);
    }
  }
});

test('a tree costs one choice and at most one bit a split, and no lookup', async (t) => {
  const { XTrain, yTrain } = load('breast-cancer');
  const model = new DecisionTreeClassifier({ maxDepth: 5 }).fit(XTrain, yTrain);
  const { statistics } = await model.compile();
  const splits = model.getNLeaves() - 1;
  t.is(statistics.lookups.tables, 0);
  t.true(statistics.diagrams.cmux <= splits, `${statistics.diagrams.cmux}`);
  t.true(statistics.diagrams.bits <= splits);
});

test('a model of one leaf runs too', async (t) => {
  const { XTrain, XTest, yTrain } = load('iris');
  const model = new DecisionTreeClassifier({ minSamplesLeaf: 0.9 }).fit(XTrain, yTrain);
  t.is(model.getNLeaves(), 1);
  const rows = XTest.slice(0, 2);
  t.deepEqual(list(await model.predict(rows, { encrypted: true })), list(model.predict(rows)));
});

test('a compiled model comes back from JSON without compiling again', async (t) => {
  const { XTrain, XTest, yTrain } = load('iris');
  const model = new DecisionTreeClassifier().fit(XTrain, yTrain);
  await model.compile();
  const restored = DecisionTreeClassifier.fromJSON(JSON.parse(JSON.stringify(model)));
  t.deepEqual(restored.circuit.program, model.circuit.program);
  const rows = XTest.slice(0, 3);
  t.deepEqual(list(await restored.predict(rows, { encrypted: true })), list(model.predict(rows)));
});

test('another fit forgets the circuit', async (t) => {
  const { XTrain, yTrain } = load('iris');
  const model = new LogisticRegression().fit(XTrain, yTrain);
  t.is(await model.compile(), model.circuit);
  model.fit(XTrain, yTrain);
  t.throws(() => model.circuit, { code: 'NOT_COMPILED' });
});

test('values outside the range are refused until compile(X) has seen such', async (t) => {
  const { XTrain, yTrain } = load('iris');
  const far = [[20, 3, 5, 2]];
  const model = new LogisticRegression().fit(XTrain, yTrain);
  const before = list(model.predict(XTrain));
  t.throws(() => model.predict(far), {
    code: 'OUT_OF_RANGE',
    message: /feature 0 of row 0.*given 20/,
  });
  await t.throwsAsync(model.predict(far, { encrypted: true }), { code: 'OUT_OF_RANGE' });
  await model.compile(far);
  t.deepEqual(list(await model.predict(far, { encrypted: true })), list(model.predict(far)));
  t.deepEqual(list(model.predict(XTrain)), before);
  const clipping = new LogisticRegression({ outOfRange: 'clip' }).fit(XTrain, yTrain);
  t.notThrows(() => clipping.predict(far));
});

test('progress is told, and an abort rejects with its reason', async (t) => {
  const { XTrain, XTest, yTrain } = load('breast-cancer');
  const model = new DecisionTreeClassifier().fit(XTrain, yTrain);
  const reports: Progress[] = [];
  const onProgress = (report: Progress): void => {
    reports.push(report);
  };
  await model.predict(XTest.slice(0, 3), { encrypted: true, onProgress });
  t.true(reports.length > 0);
  const last = reports.at(-1)!;
  t.is(last.done, last.total);
  const controller = new AbortController();
  const reason = new Error('no longer wanted');
  const running = model.predict(XTest, { encrypted: true, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 30);
  t.is(await t.throwsAsync(running), reason);
});

test('two predictions at once compile once', async (t) => {
  const { XTrain, XTest, yTrain } = load('iris');
  const model = new LogisticRegression().fit(XTrain, yTrain);
  const rows = XTest.slice(0, 2);
  const [a, b] = await Promise.all([
    model.predict(rows, { encrypted: true }),
    model.predictProba(rows, { encrypted: true }),
  ]);
  t.deepEqual(list(a), list(model.predict(rows)));
  t.deepEqual(b, model.predictProba(rows));
  t.notThrows(() => model.circuit);
});
