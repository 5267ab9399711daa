/** What every classifier must do beside `contract.ts`. */
import test from 'ava';
import { type AnyEstimator, type Entry, iris, names, values } from './contractTypes.ts';

/** Registers the tests of one classifier. */
export function classifierContract(
  entry: Entry,
  make: (more?: object) => AnyEstimator,
  fitted: (more?: object) => AnyEstimator,
  title: (text: string) => string,
): void {
  const { XTrain, XTest, yTrain, yTest } = iris;
  const { prefix = '' } = entry;
  const classes = (model: AnyEstimator): unknown => (model.fitted as { classes?: unknown }).classes;

  test(title('labels may be numbers, texts or booleans'), (t) => {
    const expected = values(fitted().predict(XTest));
    const texts = make().fit(
      XTrain,
      yTrain.map((label) => names[label]!),
    );
    t.deepEqual(classes(fitted()), [0, 1, 2]);
    t.deepEqual(classes(texts), names);
    t.deepEqual(
      values(texts.predict(XTest)),
      expected.map((label) => names[label as number]),
    );
    const named = yTest.map((label) => names[label]!);
    t.is(texts.score(XTest, named), fitted().score(XTest, yTest));
    const apart = yTrain.map((label) => [-7, 0.5, 1e6][label]!);
    t.deepEqual(
      values(make().fit(XTrain, apart).predict(XTest)),
      expected.map((label) => [-7, 0.5, 1e6][label as number]),
    );
    const two = make().fit(
      XTrain,
      yTrain.map((label) => label > 0),
    );
    t.deepEqual(classes(two), [0, 1]);
  });

  test(title('labels of a single class, of mixed types or missing are refused'), (t) => {
    const fitOf = (y: unknown) => () => make().fit([[1], [2]], y);
    t.throws(fitOf([1, 1]), { code: 'BAD_LABELS', message: /single class 1/ });
    t.throws(fitOf(['a', 1]), { code: 'BAD_LABELS' });
    t.throws(fitOf([0, null]), { code: 'BAD_LABELS' });
    t.throws(fitOf([0, Number.NaN]), { code: 'BAD_LABELS' });
  });

  if (entry.classWeight === true) {
    test(title('class weights multiply sample weights'), (t) => {
      const classWeight = { 0: 1, 1: 5, 2: 0.5 };
      const exact = entry.exact ?? {};
      const byClass = make({ ...exact, [`${prefix}classWeight`]: classWeight }).fit(XTrain, yTrain);
      const sampleWeight = yTrain.map((label) => [1, 5, 0.5][label]!);
      const bySample = make(exact).fit(XTrain, yTrain, { sampleWeight });
      t.deepEqual(values(byClass.predict(XTest)), values(bySample.predict(XTest)));
      t.throws(() => fitted({ [`${prefix}classWeight`]: { 9: 1 } }), { code: 'BAD_OPTION' });
    });
  }

  test(title('output: label decides encrypted, of two classes and of three'), async (t) => {
    for (const labels of [yTrain, yTrain.map((label) => Number(label > 0))]) {
      const model = make({ [`${prefix}output`]: 'label' }).fit(XTrain, labels);
      const rows = XTest.slice(0, 3);
      const expected = values(model.predict(rows));
      t.deepEqual(values(await model.predict(rows, { encrypted: 'simulate' })), expected);
      t.deepEqual(values(await model.predict(rows, { encrypted: true })), expected);
      t.deepEqual(model.circuit.outputs, [[1]]);
      t.true(model.score(XTrain, labels) >= entry.score!);
      const scores = entry.methods?.[0];
      if (scores === undefined) continue;
      const call = (model as unknown as Record<string, (X: unknown, options?: object) => unknown>)[
        scores
      ]!.bind(model);
      t.notThrows(() => call(rows));
      await t.throwsAsync(call(rows, { encrypted: true }) as Promise<unknown>, {
        code: 'UNSUPPORTED',
      });
    }
  });
}
