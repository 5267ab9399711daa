/** What random models once got wrong, by name. */
import test from 'ava';
import {
  BernoulliNB,
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExplainableBoostingRegressor,
  GammaRegressor,
  IsolationForest,
  KBinsDiscretizer,
  LinearRegression,
  MinMaxScaler,
  NearestCentroid,
  Perceptron,
  PolynomialRegression,
  RandomForestClassifier,
  RandomForestRegressor,
  Ridge,
  SimpleImputer,
  StandardScaler,
  TweedieRegressor,
} from '../../estimators/index.ts';
import { comparisonQuantizer } from '../../estimators/quantize/comparisons.ts';
import { evaluateBatch, toTensor, trace } from '../../tracer/index.ts';
import { integerModel } from './support.ts';

const rows = [[1], [2], [3], [4], [5], [6]];
const list = (array: { readonly data: ArrayLike<unknown> }): unknown[] => Array.from(array.data);

test('labels that are names of what every object has weigh 1, as all others', (t) => {
  const labels = ['constructor', 'constructor', 'constructor', '__proto__', '__proto__', ''];
  for (const classWeight of [null, {}, { '': 1 }]) {
    const model = new DecisionTreeClassifier({ classWeight }).fit(rows, labels);
    t.deepEqual(list(model.predict(rows)), labels);
  }
});

test('-0 is 0: learned state is the same after JSON', (t) => {
  const X = rows.map(() => [-0, -0]);
  const y = rows.map(() => -0);
  for (const model of [new LinearRegression(), new Ridge(), new RandomForestRegressor()]) {
    const { fitted } = model.fit(X, y);
    t.deepEqual(JSON.parse(JSON.stringify(fitted)), fitted);
  }
  const zeros = new PolynomialRegression({ degree: 3 }).fit(rows, y).fitted;
  t.deepEqual(JSON.parse(JSON.stringify(zeros)), zeros);
});

test('an out-of-bag score needs two rows that a tree did not learn from', (t) => {
  const message = /oobScore.*given 0 rows.*raise nEstimators/;
  const options = { oobScore: true, nEstimators: 1, maxSamples: 1000 };
  const refused = { code: 'OUT_OF_RANGE', message };
  t.throws(() => new RandomForestRegressor(options).fit(rows, [1, 2, 3, 4, 5, 6]), refused);
  t.throws(() => new RandomForestClassifier(options).fit(rows, [0, 0, 0, 1, 1, 1]), refused);
});

test('tiny and huge targets have integers that are exact', (t) => {
  for (const size of [1e-290, 1e-200, 1e100]) {
    const X = rows.map(([x]) => [x!, x! ** 2]);
    const y = X.map(([a, b]) => size * (3 * a! - b!));
    const model = new LinearRegression().fit(X, y);
    const { input, program, quantize, evaluate } = integerModel(model);
    const { length, min, max } = input;
    const graph = trace(program, [{ name: 'x', shape: [length], min, max, encrypted: true }]);
    const codes = quantize(toTensor(X));
    t.deepEqual(evaluateBatch(graph, [codes])[0], evaluate(codes));
    const predicted = list(model.predict(X)) as number[];
    t.true(predicted.every((value, i) => Math.abs(value - y[i]!) < 0.01 * size));
  }
});

test('coefficients too large for integers are refused, and those that are not are kept', (t) => {
  const labels = [0, 0, 0, 1, 1, 1];
  const X = rows.map(([x]) => [(x! - 3.5) * 1e100, 1]);
  t.deepEqual(list(new Perceptron().fit(X, labels).predict(X)), labels);
  const tiny = rows.map(([x]) => [x! * 1e-290]);
  t.throws(
    () =>
      new LinearRegression().fit(
        tiny,
        rows.map(([x]) => x! * 1e100),
      ),
    { code: 'NOT_FINITE' },
  );
});

test('what no double holds is refused, not predicted', (t) => {
  const y = [-690, -190, 310].map(Math.exp);
  const options = { alpha: 0, tol: 1e-12, maxIter: 1000 };
  const model = new GammaRegressor(options).fit([[0], [1], [2]], y);
  const refused = { code: 'NOT_FINITE', message: /row 1: .*Infinity.*moderate/ };
  t.throws(() => model.predict([[2], [2.99]]), refused);
});

test('rows that are all alike are inliers by scores and by labels', (t) => {
  const X = rows.map(() => [0]);
  for (const output of ['scores', 'label'] as const) {
    for (const options of [{}, { bootstrap: true, contamination: 0.5 }]) {
      const model = new IsolationForest({ ...options, nEstimators: 7, output }).fit(X);
      t.deepEqual(list(model.predict(X)), [1, 1, 1, 1, 1, 1]);
    }
  }
});

test('only the word clip clips: a misspelt one does not', (t) => {
  const model = new Ridge().fit(rows, [1, 2, 3, 4, 5, 6]);
  model.setParams({ outOfRange: 'Clip' as 'clip' });
  t.throws(() => model.predict([[1e6]]), { code: 'OUT_OF_RANGE' });
  const curve = new PolynomialRegression().fit(rows, [1, 4, 9, 16, 25, 36]);
  curve.setParams({ outOfRange: 'Clip' as 'clip' });
  t.throws(() => curve.predict([[1e6]]), { code: 'OUT_OF_RANGE' });
});

test('tables of next to nothing on top of a constant have integers that are exact', (t) => {
  const X = [
    [1e6, 1],
    [0, 2],
    [0, 3],
    [0, 4],
    [0, 5],
    [0, 6],
  ];
  const y = X.map(() => 5);
  const additive = new ExplainableBoostingRegressor({ outerBags: 2, maxRounds: 20 });
  const sampleWeight = [1e-3, 1e2, 1, 1e-2, 10, 1];
  const models = [
    additive.fit(X, y, { sampleWeight }),
    new BernoulliNB({ alpha: 1e6 }).fit(X, [0, 0, 1, 1, 2, 2]),
  ];
  for (const model of models) {
    const { integerSums } = model.fitted;
    t.true([...integerSums.weights.flat(), ...integerSums.bias].every(Number.isSafeInteger));
  }
  t.true((list(models[0]!.predict(X)) as number[]).every((value) => Math.abs(value - 5) < 1e-6));
});

test('centroids far apart have integers', (t) => {
  const X = rows.map(([x]) => [x! * 1e100, 1]);
  const labels = [0, 0, 0, 1, 1, 1];
  t.deepEqual(list(new NearestCentroid().fit(X, labels).predict(X)), labels);
});

test('huge weights and features are refused with a code, or learned from', (t) => {
  const sampleWeight = rows.map((_, row) => (row % 2 === 0 ? 1e300 : 1e-300));
  const huge = rows.map(([x]) => [x! * 1e100]);
  const refused = { code: 'OUT_OF_RANGE', message: /roots of sampleWeight/ } as const;
  t.throws(() => new Ridge().fit(huge, [1, 2, 3, 4, 5, 6], { sampleWeight }), refused);
  const family = { power: 1.5, link: 'identity' } as const;
  t.notThrows(() => new TweedieRegressor(family).fit(huge, [1, 2, 3, 4, 5, 6]));
  const heavy = { sampleWeight: rows.map(() => 1e308) };
  t.throws(() => new Ridge().fit(rows, [1, 2, 3, 4, 5, 6], heavy), { code: 'OUT_OF_RANGE' });
  const tree = new DecisionTreeClassifier({ criterion: 'entropy' });
  const { impurity } = tree.fit(rows, [0, 1, 0, 1, 0, 1], { sampleWeight }).fitted.tree;
  t.true(impurity.every(Number.isFinite));
});

test('a scaled value that no double holds is refused, not taken for a missing one', (t) => {
  const X = rows.map(([x]) => [x! * 1e-5]);
  const refused = { code: 'NOT_FINITE', message: /feature 0 of row 0/ } as const;
  for (const scaler of [new StandardScaler(), new MinMaxScaler()]) {
    t.throws(() => scaler.fit(X).transform([[1e308]]), refused);
  }
});

test('a chain of thousands of splits predicts, and is refused by the compiler with a code', async (t) => {
  const chain = Array.from({ length: 8001 }, (_, node) => node);
  const isSplit = (node: number): boolean => node % 2 === 0 && node < 8000;
  const of = (inner: (node: number) => number, leaf: number): number[] =>
    chain.map((node) => (isSplit(node) ? inner(node) : leaf));
  const tree = {
    childrenLeft: of((node) => node + 1, -1),
    childrenRight: of((node) => node + 2, -1),
    feature: of(() => 0, -1),
    threshold: of((node) => node, 0),
    impurity: of(() => 0, 0),
    nNodeSamples: of(() => 2, 1),
    weightedNNodeSamples: of(() => 2, 1),
    value: chain.map((node) => [node % 7]),
  };
  const json = JSON.parse(
    JSON.stringify(new DecisionTreeRegressor().fit(rows, [1, 1, 1, 2, 2, 2])),
  );
  const fitted = { ...json.fitted, tree, quantizer: comparisonQuantizer([tree]) };
  const model = DecisionTreeRegressor.fromJSON({ ...json, fitted });
  t.deepEqual((list(model.predict([[5.5], [1e9]])) as number[]).map(Math.round), [0, 6]);
  await t.throwsAsync(model.compile(), { code: 'UNSUPPORTED', message: /maxDepth/ });
});

test('a column of many different values is imputed', (t) => {
  const many = Array.from({ length: 200_000 }, (_, row) => [row === 7 ? Number.NaN : row]);
  const imputer = new SimpleImputer({ strategy: 'mostFrequent' }).fit(many);
  t.deepEqual(imputer.fitted.statistics, [0]);
});

test('narrow features, and those of fewer values than bins, have bins that ascend', (t) => {
  const narrow = new KBinsDiscretizer({ encode: 'ordinal' }).fit(rows.map(([x]) => [x! * 1e-12]));
  t.deepEqual(narrow.fitted.nBins, [1]);
  const columns = rows.map(([x]) => [x! % 2, x!]);
  for (const strategy of ['uniform', 'quantile', 'kmeans'] as const) {
    const { binEdges, nBins } = new KBinsDiscretizer({ strategy }).fit(columns).fitted;
    binEdges.forEach((edges, j) => {
      t.is(edges.length, nBins[j]! + 1);
      t.true(
        edges.every((edge, i) => i === 0 || edges[i - 1]! < edge),
        `${strategy}: ${edges}`,
      );
    });
  }
});
