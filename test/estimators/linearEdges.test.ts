/** Linear models on data at the edge of what they can take. */
import test from 'ava';
import {
  ElasticNet,
  GammaRegressor,
  Lasso,
  LinearRegression,
  LinearSVC,
  LinearSVR,
  LogisticRegression,
  Perceptron,
  PoissonRegressor,
  PolynomialRegression,
  Ridge,
  RidgeClassifier,
  SGDClassifier,
  SGDRegressor,
  TweedieRegressor,
} from '../../estimators/index.ts';
import { createRandom } from '../../lib/random.ts';
import { load } from './support.ts';

const regressors = [
  ['LinearRegression', () => new LinearRegression()],
  ['LinearRegression, positive', () => new LinearRegression({ positive: true })],
  ['Ridge', () => new Ridge({ alpha: 1e-6 })],
  ['Lasso', () => new Lasso({ alpha: 1e-6, tol: 1e-9 })],
  ['ElasticNet', () => new ElasticNet({ alpha: 1e-6, tol: 1e-9 })],
  ['PolynomialRegression', () => new PolynomialRegression({ feature: 0, degree: 3 })],
  ['PoissonRegressor', () => new PoissonRegressor({ alpha: 1e-6 })],
  ['GammaRegressor', () => new GammaRegressor({ alpha: 1e-6 })],
  ['TweedieRegressor', () => new TweedieRegressor({ alpha: 1e-6, power: 1.5 })],
  ['SGDRegressor', () => new SGDRegressor({ alpha: 1e-6, eta0: 0.05 })],
  ['LinearSVR', () => new LinearSVR({ C: 100, loss: 'squaredEpsilonInsensitive' })],
] as const;

const classifiers = [
  ['LogisticRegression', () => new LogisticRegression({ C: 100 })],
  ['LogisticRegression, l1', () => new LogisticRegression({ penalty: 'l1', C: 100 })],
  ['RidgeClassifier', () => new RidgeClassifier()],
  ['SGDClassifier', () => new SGDClassifier()],
  ['Perceptron', () => new Perceptron()],
  ['LinearSVC', () => new LinearSVC({ C: 100 })],
] as const;

const random = createRandom(11);
const X = Array.from({ length: 60 }, () => [random(), 3, random(), 0]);
/** Nearly linear in the first feature, and above 0. */
const y = X.map(([a, , c]) => Math.exp(a!) + 0.01 * c!);
const labels = X.map(([a, , c]) => Number(a! + 0.3 * c! > 0.6));
const list = (array: { data: ArrayLike<unknown> }): number[] => Array.from(array.data) as number[];

for (const [name, make] of regressors) {
  test(`${name}: constant columns, one row, and constant targets`, (t) => {
    const score = make().fit(X, y).score(X, y);
    t.true(score > 0.9, `${score}`);
    const flat = make().fit(
      X,
      y.map(() => 7),
    );
    t.true(list(flat.predict(X)).every((value) => Math.abs(value - 7) < 0.2));
    if (name === 'PolynomialRegression') {
      t.throws(() => make().fit([[1]], [5]), { code: 'BAD_OPTION', message: /below 1/ });
    } else {
      const one = make()
        .fit([[1, 2, 3]], [5])
        .predict([[1, 2, 3]]);
      t.true(Math.abs(one.data[0]! - 5) < 0.2, `${one.data[0]}`);
    }
  });

  test(`${name}: huge values are learned from, or refused; never taken for others`, (t) => {
    const times = (factor: number) => X.map((row) => row.map((value) => value * factor));
    if (!name.startsWith('SGD')) {
      const model = make().fit(times(1e12), y);
      t.true(model.score(times(1e12), y) > 0.9, `${model.score(times(1e12), y)}`);
      const large = y.map((value) => value * 1e12);
      t.true(make().fit(X, large).score(X, large) > 0.9);
    }
    t.throws(() => make().fit(times(1e200), y), { code: 'OUT_OF_RANGE', message: /1e\+140/ });
  });

  test(`${name}: rows of weight 0 change nothing, and some must count`, (t) => {
    const without = list(make().fit(X.slice(0, 40), y.slice(0, 40)).predict(X.slice(0, 40)));
    const sampleWeight = y.map((_, row) => Number(row < 40));
    const wild = y.map((value, row) => (row < 40 ? value : 1e3));
    const weighted = list(make().fit(X, wild, { sampleWeight }).predict(X.slice(0, 40)));
    // The grids of features differ a little.
    t.true(weighted.every((value, i) => Math.abs(value - without[i]!) < 5e-3));
    t.throws(() => make().fit(X, y, { sampleWeight: y.map(() => 0) }), { code: 'OUT_OF_RANGE' });
  });
}

for (const [name, make] of classifiers) {
  test(`${name}: constant columns, and rows that no line tells apart`, async (t) => {
    t.true(make().fit(X, labels).score(X, labels) > 0.9);
    const same = [
      [1, 2, 3],
      [1, 2, 3],
    ];
    for (const output of ['scores', 'label'] as const) {
      const model = make().setParams({ output }).fit(same, ['a', 'b']);
      t.deepEqual(
        list(await model.predict(same, { encrypted: true })),
        list(model.predict(same)),
        output,
      );
    }
    t.throws(
      () =>
        make().fit(
          X.map((row) => row.map((value) => value * 1e200)),
          labels,
        ),
      { code: 'OUT_OF_RANGE' },
    );
  });
}

test('several outputs: shapes are those of y, and each output is as exact as the others', async (t) => {
  const both = y.map((value, row) => [value, 1e9 * X[row]![2]!]);
  for (const make of [
    () => new LinearRegression(),
    () => new LinearRegression({ positive: true }),
    () => new Ridge({ alpha: [1e-6, 1e-6] }),
    () => new Lasso({ alpha: 1e-4 }),
    () => new ElasticNet({ alpha: 1e-4 }),
  ]) {
    const model = make().fit(X, both);
    const { name } = model;
    t.is(model.fitted.coef.length, 2);
    t.deepEqual(model.predict(X).shape, [60, 2], name);
    t.true(model.score(X, both) > 0.95, `${name} ${model.score(X, both)}`);
    const column = name === 'Ridge' ? new Ridge() : make();
    const one = column.fit(
      X,
      y.map((value) => [value]),
    );
    t.deepEqual(one.predict(X).shape, [60, 1], name);
    const rows = X.slice(0, 3);
    const encrypted = await model.predict(rows, { encrypted: true });
    t.deepEqual([encrypted.shape, list(encrypted)], [[3, 2], list(model.predict(rows))]);
  }
  t.throws(() => new LinearSVR().fit(X, both), { code: 'SHAPE_MISMATCH' });
  t.throws(() => new Ridge({ alpha: [1] }).fit(X, both), {
    code: 'BAD_OPTION',
    message: /given 1 numbers; allowed: 2, one an output/,
  });
});

test('a feature of small numbers beside one of large ones is no rounding error', (t) => {
  const rows = X.map(([a, , c]) => [1e12 * a!, 1e-6 * c!]);
  const targets = rows.map(([a, c]) => 1e-12 * a! + 1e6 * c!);
  const { coef } = new LinearRegression().fit(rows, targets).fitted;
  t.true(Math.abs(coef[0]![0]! / 1e-12 - 1) < 1e-6);
  t.true(Math.abs(coef[0]![1]! / 1e6 - 1) < 1e-6);
});

test('targets that a family cannot have are refused', (t) => {
  const below = y.map((value) => -value);
  const none = y.map(() => 0);
  t.throws(() => new PoissonRegressor().fit(X, below), { code: 'OUT_OF_RANGE', message: />= 0/ });
  t.throws(() => new PoissonRegressor().fit(X, none), { code: 'OUT_OF_RANGE', message: /mean/ });
  t.throws(() => new GammaRegressor().fit(X, none), { code: 'OUT_OF_RANGE', message: /> 0/ });
  t.notThrows(() => new TweedieRegressor({ alpha: 1e-3 }).fit(X, below));
  t.throws(() => new TweedieRegressor({ power: 0.5 }).fit(X, y), { code: 'BAD_OPTION' });
  t.throws(() => new TweedieRegressor({ link: 'log' }).fit(X, below), { code: 'OUT_OF_RANGE' });
  const identity = { power: 1.5, link: 'identity' as const, fitIntercept: false };
  t.throws(() => new TweedieRegressor(identity).fit(X, y), { code: 'OUT_OF_RANGE' });
});

test('options that would do nothing, or contradict, are refused', (t) => {
  const fits = (make: () => { fit(X: number[][], y: number[]): unknown }) => () =>
    make().fit(X, labels);
  for (const make of [
    () => new LogisticRegression({ penalty: 'elasticnet' }),
    () => new LogisticRegression({ l1Ratio: 0.5 }),
    () => new SGDClassifier({ learningRate: 'constant' }),
    () => new SGDClassifier({ alpha: 0 }),
    () => new SGDClassifier({ earlyStopping: true, validationFraction: 0.001 }),
    () => new LinearSVR({ dual: false }),
    () => new PolynomialRegression(),
    () => new PolynomialRegression({ feature: 4 }),
    () => new PolynomialRegression({ feature: 1, degree: 1 }),
  ]) {
    t.throws(fits(make), { code: 'BAD_OPTION' });
  }
});

test('probabilities of SGD: for two losses, and rows sum to 1 even far from the border', (t) => {
  const { XTrain, yTrain } = load('iris');
  const far = [
    [-50, 50, 90, -90],
    [50, -50, -90, 90],
  ];
  for (const loss of ['logLoss', 'modifiedHuber'] as const) {
    for (const target of [yTrain, yTrain.map((label) => Number(label > 0))]) {
      const model = new SGDClassifier({ loss, alpha: 0.001 });
      model.setParams({ outOfRange: 'clip', maxIter: 5000 }).fit(XTrain, target);
      const { shape, data } = model.predictProba([...XTrain, ...far]);
      const classes = shape[1]!;
      for (let row = 0; row < shape[0]!; row++) {
        const sum = data.subarray(row * classes, (row + 1) * classes).reduce((a, b) => a + b);
        t.true(Math.abs(sum - 1) < 1e-12, `${loss} ${sum}`);
      }
      // What was learned answers, whatever the parameters are by now.
      t.notThrows(() => model.setParams({ loss: 'hinge' }).predictProba(XTrain));
    }
  }
  const hinge = new SGDClassifier().fit(X, labels);
  t.throws(() => hinge.predictProba(X), { code: 'UNSUPPORTED', message: /loss 'hinge'/ });
});

test('polynomials: as numpy has them, refused or clipped beyond their range, and widened', async (t) => {
  const x = Array.from({ length: 30 }, (_, i) => [-3 + i / 5]);
  const cubic = (v: number): number => 2 - v + 0.5 * v ** 3;
  const model = new PolynomialRegression({ degree: 3 }).fit(
    x,
    x.map(([v]) => cubic(v!)),
  );
  const { center, halfSpan, coefficients, limit } = model.fitted;
  const at = (v: number): number =>
    coefficients.reduce((sum, a, k) => sum + a * ((v - center) / halfSpan) ** k, 0);
  t.true([-3, 0, 1.7, 2.8].every((v) => Math.abs(at(v) - cubic(v)) < 1e-9));
  t.true([-3, 0, 1.7, 2.8].every((v) => Math.abs(model.predict([[v]]).data[0]! - cubic(v)) < 0.01));
  const end = center + limit * halfSpan;
  const far = [[end + 0.5]];
  t.throws(() => model.predict(far), { code: 'OUT_OF_RANGE', message: /feature 0 of row 0/ });
  const clipped = model.clone().setParams({ outOfRange: 'clip' });
  clipped.fit(
    x,
    x.map(([v]) => cubic(v!)),
  );
  t.true(Math.abs(clipped.predict(far).data[0]! - cubic(end)) < 0.05);
  await model.compile(far);
  const encrypted = await model.predict(far, { encrypted: true });
  t.deepEqual(list(encrypted), list(model.predict(far)));
  t.true(Math.abs(encrypted.data[0]! - cubic(end + 0.5)) < 0.05);
  t.throws(
    () =>
      new PolynomialRegression().fit(x, x.flat(), {
        sampleWeight: x.map((_, i) => 1 + i),
      }),
    { code: 'UNSUPPORTED' },
  );
});

for (const [data, scaled] of [
  ['breast-cancer', false],
  ['iris', false],
  ['synthetic', false],
] as const) {
  test(`${data}: labels decided on the server are those of the scores, all but 1 %`, (t) => {
    const { XTrain, XTest, yTrain, yTest } = load(data, scaled);
    const parameters = { maxIter: 1000, outOfRange: 'clip' } as const;
    const scores = new LogisticRegression(parameters).fit(XTrain, yTrain);
    const label = new LogisticRegression({ ...parameters, output: 'label' }).fit(XTrain, yTrain);
    const [a, b] = [list(scores.predict(XTrain)), list(label.predict(XTrain))];
    t.true(a.filter((one, i) => one !== b[i]).length <= 0.015 * a.length);
    t.true(label.score(XTest, yTest) >= scores.score(XTest, yTest) - 0.01);
  });
}

test('labels of ten classes and 64 features compile', async (t) => {
  const { XTrain, yTrain } = load('digits');
  const model = new RidgeClassifier({ output: 'label', alpha: 100 }).fit(XTrain, yTrain);
  const { statistics } = await model.compile();
  t.true(statistics.log2Failure <= -40);
});

test('sums of any outputs, and labels, can be compiled for an error rate of 2^-128', async (t) => {
  const { XTrain, yTrain } = load('iris');
  for (const model of [
    new Ridge().fit(
      X,
      y.map((value, row) => [value, 1e9 * X[row]![2]!]),
    ),
    new RidgeClassifier({ output: 'label' }).fit(XTrain, yTrain),
  ]) {
    const { statistics } = await model.compile(null, { pError: 2 ** -128 });
    t.true(statistics.log2Failure <= -128);
  }
});

test('widening the range of a model that decides labels keeps its sums as wide', async (t) => {
  const { XTrain, yTrain } = load('iris');
  const far = [[20, 3, 5, 2]];
  const model = new LogisticRegression({ output: 'label' }).fit(XTrain, yTrain);
  t.throws(() => model.predict(far), { code: 'OUT_OF_RANGE' });
  await model.compile(far);
  t.deepEqual(list(await model.predict(far, { encrypted: true })), list(model.predict(far)));
});

test.serial('regressors warn where integers predict less well', async (t) => {
  const codeOf = (work: () => unknown): Promise<string> =>
    new Promise((resolve) => {
      process.once('warning', (warning) => resolve((warning as Error & { code: string }).code));
      work();
    });
  t.is(await codeOf(() => new LinearRegression({ nBits: 2 }).fit(X, y)), 'QUANTIZATION_LOSS');
  t.is(await codeOf(() => new Lasso({ alpha: 1e-6, maxIter: 1 }).fit(X, y)), 'NOT_CONVERGED');
});
