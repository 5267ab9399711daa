import test from 'ava';
import { Matrix } from 'ml-matrix';
import ndarray from 'ndarray';
import { DecisionTreeClassifier, LinearSVC, LogisticRegression } from '../../estimators/index.ts';
import { BlindfitError } from '../../lib/errors.ts';
import { load } from './support.ts';

/** What every estimator must do; a new one joins this list. */
const estimators = [
  { Estimator: LogisticRegression, other: { C: 0.5 } },
  { Estimator: LinearSVC, other: { C: 0.5, loss: 'hinge' as const, maxIter: 100_000 } },
  { Estimator: DecisionTreeClassifier, other: { maxDepth: 3, maxFeatures: 'sqrt' as const } },
];

const { XTrain, XTest, yTrain, yTest } = load('iris');
const names = ['setosa', 'versicolor', 'virginica'];
const list = (labels: { data: ArrayLike<unknown> }): unknown[] => Array.from(labels.data);

for (const { Estimator, other } of estimators) {
  const title = (text: string): string => `${Estimator.name}: ${text}`;
  // One type for the loop: each of the three takes its own parameters.
  const make = Estimator as new (parameters?: object) => InstanceType<typeof Estimator>;
  const fitted = (): InstanceType<typeof Estimator> => new make().fit(XTrain, yTrain);

  test(
    title('the constructor stores, getParams returns all, setParams changes, clone copies'),
    (t) => {
      const model = new make(other);
      const parameters = model.getParams();
      t.like(parameters, other);
      t.deepEqual(new make().setParams(other).getParams(), parameters);
      t.deepEqual(new make(parameters).getParams(), parameters);
      const copy = fitted().setParams(other).clone();
      t.true(copy instanceof Estimator);
      t.deepEqual(copy.getParams(), parameters);
      t.throws(() => copy.fitted, { code: 'NOT_FITTED' });
    },
  );

  test(title('fit returns this, and learns anew each time'), (t) => {
    const model = new make();
    t.is(model.fit(XTrain, yTrain), model);
    const first = model.fitted;
    t.deepEqual(first.classes, [0, 1, 2]);
    t.is(first.nFeaturesIn, 4);
    t.true(model.score(XTest, yTest) > 0.85);
    const two = yTrain.map((label) => Number(label > 0));
    t.deepEqual(model.fit(XTrain, two).fitted.classes, [0, 1]);
    t.deepEqual(model.fit(XTrain, yTrain).fitted, first);
  });

  test(title('misspelt options of a prediction are refused: it would be clear silently'), (t) => {
    const model = fitted();
    const predict = (options: object) => () => model.predict(XTest, options as never);
    t.throws(predict({ encrypt: true }), { code: 'BAD_OPTION', message: /given \{ encrypt \}/ });
    const message = /encrypted: .*given simulated; allowed: true, false or 'simulate'/;
    t.throws(predict({ encrypted: 'simulated' }), { code: 'BAD_OPTION', message });
  });

  test(title('equal seeds give equal models'), (t) => {
    const model = () => new make({ ...other, ...seeded(7) }).fit(XTrain, yTrain).toJSON();
    const seeded = (seed: number): object =>
      'randomState' in new make().getParams() ? { randomState: seed } : {};
    t.deepEqual(model(), model());
  });

  test(title('JSON holds everything, exactly'), (t) => {
    const model = new make(other).fit(XTrain, yTrain);
    const restored = make.prototype.constructor.fromJSON(JSON.parse(JSON.stringify(model)));
    t.true(restored instanceof Estimator);
    t.deepEqual(restored.getParams(), model.getParams());
    t.deepEqual(restored.fitted, model.fitted);
    t.deepEqual(list(restored.predict(XTest)), list(model.predict(XTest)));
    t.deepEqual(JSON.stringify(restored), JSON.stringify(model));
    const fresh = make.prototype.constructor.fromJSON(new make(other).toJSON());
    t.throws(() => fresh.predict(XTest), { code: 'NOT_FITTED' });
    t.throws(
      () => make.prototype.constructor.fromJSON({ ...model.toJSON(), estimator: 'Another' }),
      {
        code: 'BAD_JSON',
      },
    );
    t.throws(() => make.prototype.constructor.fromJSON({}), { code: 'BAD_JSON' });
  });

  test(title('all kinds of arrays and labels mean the same'), (t) => {
    const expected = list(fitted().predict(XTest));
    const flat = Float64Array.from(XTrain.flat());
    for (const X of [ndarray(flat, [XTrain.length, 4]), new Matrix(XTrain), XTrain]) {
      t.deepEqual(list(new make().fit(X, yTrain).predict(XTest)), expected);
    }
    for (const y of [Int32Array.from(yTrain), ndarray(Float64Array.from(yTrain))]) {
      t.deepEqual(list(new make().fit(XTrain, y).predict(XTest)), expected);
    }
    t.deepEqual(list(fitted().predict(new Matrix(XTest))), expected);
    const texts = new make().fit(
      XTrain,
      yTrain.map((label) => names[label]!),
    );
    t.deepEqual(texts.fitted.classes, names);
    t.deepEqual(
      list(texts.predict(XTest)),
      expected.map((label) => names[label as number]),
    );
    t.is(
      texts.score(
        XTest,
        yTest.map((label) => names[label]!),
      ),
      fitted().score(XTest, yTest),
    );
  });

  test(title('weights of 2 are rows given twice, weights of 0 rows left out'), (t) => {
    const twice = XTrain.map((_, row) => row % 3);
    const X = XTrain.flatMap((row, i) => Array<number[]>(twice[i]!).fill(row));
    const y = yTrain.flatMap((label, i) => Array<number>(twice[i]!).fill(label));
    const exact = 'tol' in new make().getParams() ? { tol: 1e-9, maxIter: 100_000 } : {};
    const weighted = new make(exact).fit(XTrain, yTrain, { sampleWeight: twice });
    const repeated = new make(exact).fit(X, y);
    t.deepEqual(list(weighted.predict(XTest)), list(repeated.predict(XTest)));
  });

  test(title('class weights multiply sample weights'), (t) => {
    const exact = 'tol' in new make().getParams() ? { tol: 1e-9, maxIter: 100_000 } : {};
    const byClass = new make({ ...exact, classWeight: { 0: 1, 1: 5, 2: 0.5 } }).fit(XTrain, yTrain);
    const bySample = new make(exact).fit(XTrain, yTrain, {
      sampleWeight: yTrain.map((label) => [1, 5, 0.5][label]!),
    });
    t.deepEqual(list(byClass.predict(XTest)), list(bySample.predict(XTest)));
    t.throws(() => new make({ classWeight: { 9: 1 } }).fit(XTrain, yTrain), { code: 'BAD_OPTION' });
  });

  test(title('predictions before a fit are refused'), (t) => {
    const model = new make();
    const error = t.throws(() => model.predict(XTest), { instanceOf: BlindfitError });
    t.is(error.code, 'NOT_FITTED');
    t.true(error.message.includes(Estimator.name));
    t.throws(() => model.circuit, { code: 'NOT_COMPILED' });
  });

  test(title('an encrypted prediction rejects, and never throws'), async (t) => {
    await t.throwsAsync(new make().predict(XTest, { encrypted: true }), { code: 'NOT_FITTED' });
    await t.throwsAsync(fitted().predict([[1]], { encrypted: true }), { code: 'SHAPE_MISMATCH' });
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const thrown = await t.throwsAsync(fitted().predict(XTest, { encrypted: true, signal }));
    t.is(thrown, reason);
  });

  test(title('bad data are refused with what was given and what is allowed'), (t) => {
    const model = fitted();
    const fitOf = (X: unknown, y: unknown, sampleWeight?: unknown) => () =>
      new make().fit(
        X as number[][],
        y as number[],
        sampleWeight ? { sampleWeight: sampleWeight as number[] } : {},
      );
    t.throws(fitOf([], []), { code: 'SHAPE_MISMATCH' });
    t.throws(fitOf([1, 2], [0, 1]), { code: 'SHAPE_MISMATCH', message: /wrap a single row/ });
    t.throws(fitOf([[1], [2, 3]], [0, 1]), { code: 'BAD_ARRAY' });
    t.throws(fitOf([[1], [Number.NaN]], [0, 1]), { code: 'NOT_FINITE', message: /X\[1,0\].*NaN/ });
    t.throws(fitOf([[1], [Number.POSITIVE_INFINITY]], [0, 1]), { code: 'NOT_FINITE' });
    t.throws(fitOf([[1], ['a']], [0, 1]), { code: 'BAD_ARRAY' });
    t.throws(fitOf([[1], [2]], [0, 1, 2]), {
      code: 'SHAPE_MISMATCH',
      message: /3 labels.*2, one a row/,
    });
    t.throws(fitOf([[1], [2]], [1, 1]), { code: 'BAD_LABELS', message: /single class 1/ });
    t.throws(fitOf([[1], [2]], ['a', 1]), { code: 'BAD_LABELS' });
    t.throws(fitOf([[1], [2]], [0, null]), { code: 'BAD_LABELS' });
    t.throws(fitOf([[1], [2]], [0, 1], [1]), { code: 'SHAPE_MISMATCH' });
    t.throws(fitOf([[1], [2]], [0, 1], [1, -1]), { code: 'OUT_OF_RANGE' });
    t.throws(fitOf([[1], [2]], [0, 1], [0, 0]), { code: 'OUT_OF_RANGE' });
    t.throws(() => model.predict([[1, 2, 3]]), { code: 'SHAPE_MISMATCH', message: /4 features/ });
    t.throws(() => model.predict([[1, 2, 3, Number.NaN]]), { code: 'NOT_FINITE' });
  });

  test(title('bad parameters are refused: unknown names at once, values by fit'), (t) => {
    t.throws(() => new make({ alpha: 1 }), {
      code: 'BAD_OPTION',
      message: /given alpha; allowed: /,
    });
    t.throws(() => new make().setParams({ alpha: 1 } as object), { code: 'BAD_OPTION' });
    for (const [name, value] of Object.entries(new make().getParams())) {
      const parameters = { [name]: typeof value === 'object' ? 'nonsense' : { no: 'sense' } };
      const model = new make(parameters);
      t.throws(() => model.fit(XTrain, yTrain), {
        code: 'BAD_OPTION',
        message: new RegExp(`${Estimator.name}\\.${name}`),
      });
    }
  });
}
