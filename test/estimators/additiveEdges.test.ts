import test from 'ava';
import {
  BernoulliNB,
  ExplainableBoostingClassifier,
  ExplainableBoostingRegressor,
  GaussianNB,
  KMeans,
  MinMaxScaler,
  MultinomialNB,
  makePipeline,
  NearestCentroid,
} from '../../estimators/index.ts';
import { joinParts, returnedSums } from '../../estimators/quantize/sums.ts';
import { createRandom } from '../../lib/random.ts';
import { load } from './support.ts';

const list = (array: { data: ArrayLike<unknown> }): number[] => Array.from(array.data) as number[];
const quick = { outerBags: 2, maxRounds: 100 };

/** Two features that say the class, one constant, one with two values. */
const rows = Array.from({ length: 60 }, (_, i) => [i % 30, 7, i % 2, (i * 7) % 11]);
const labels = rows.map(([first], i) => (first! > 14 ? 'high' : i < 2 ? 'high' : 'low'));

test('constant features and features of two values have tables of their own size', (t) => {
  const model = new ExplainableBoostingClassifier(quick).fit(rows, labels);
  const { binEdges, termScores, termImportances } = model.fitted;
  t.deepEqual(
    binEdges.map(({ length }) => length),
    [29, 0, 1, 10],
  );
  // One more bin is that of missing values.
  t.deepEqual(
    termScores.map(({ length }) => length),
    [31, 2, 3, 12],
  );
  t.is(termImportances[1], 0);
  t.true(termImportances[0]! > 3 * Math.max(...termImportances.slice(1)));
  t.deepEqual(model.termNames, ['feature 0', 'feature 1', 'feature 2', 'feature 3']);
});

test('models of nothing but constants predict what there is most of, encrypted too', async (t) => {
  const X = rows.map(() => [1, 2]);
  for (const make of [
    () => new ExplainableBoostingClassifier(quick),
    () => new GaussianNB(),
    () => new BernoulliNB(),
    () => new MultinomialNB(),
  ]) {
    const model = make().fit(X, labels);
    t.deepEqual(new Set(list(model.predict(X))), new Set<unknown>(['high']));
    t.deepEqual((await model.predict([[1, 2]], { encrypted: true })).data, ['high']);
  }
  const mean = new ExplainableBoostingRegressor(quick).fit(
    X,
    rows.map(([first]) => first!),
  );
  t.true(Math.abs(mean.predict([[1, 2]]).get(0) - 14.5) < 1e-3);
});

test('values beyond the last edge fall into the last bin, and missing ones into their own', async (t) => {
  const gaps = rows.map((row, i) => (i % 5 === 0 ? [Number.NaN, ...row.slice(1)] : row));
  const y = rows.map(([first], i) => (i % 5 === 0 ? 100 : first!));
  const model = new ExplainableBoostingRegressor({
    outerBags: 1,
    validationSize: 0,
    maxRounds: 300,
  });
  model.fit(gaps, y);
  const asked = [
    [Number.NaN, 7, 0, 0],
    [29, 7, 0, 0],
    [1e9, 7, 0, 0],
    [-1e9, 7, 0, 0],
    [1, 7, 0, 0],
  ];
  const [missing, last, beyond, before, first] = list(model.predict(asked)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  t.true(Math.abs(missing - 100) < 3, `${missing}`);
  t.is(beyond, last);
  t.is(before, first);
  t.deepEqual(list(await model.predict(asked, { encrypted: true })), list(model.predict(asked)));
});

test('a product of two features is found among the pairs, and boosted', async (t) => {
  const random = createRandom(3);
  const X = Array.from({ length: 400 }, () => Array.from({ length: 5 }, () => random() - 0.5));
  const y = X.map(([, a, , b]) => Number(a! * b! > 0));
  const alone = new ExplainableBoostingClassifier(quick).fit(X, y);
  const model = new ExplainableBoostingClassifier({ ...quick, interactions: 1 }).fit(X, y);
  t.deepEqual(model.fitted.termFeatures[5], [1, 3]);
  t.is(model.termNames[5], 'feature 1 & feature 3');
  t.true(alone.score(X, y) < 0.7);
  t.true(model.score(X, y) > 0.95, `${model.score(X, y)}`);
  const asked = new ExplainableBoostingClassifier({ ...quick, interactions: [[3, 1]] }).fit(X, y);
  t.true(asked.score(X, y) > 0.95);
  const some = X.slice(0, 5);
  t.deepEqual(
    await model.decisionFunction(some, { encrypted: true }),
    model.decisionFunction(some),
  );
});

test('pairs of columns that are not there are refused', (t) => {
  for (const interactions of [
    [[0, 4]],
    [[1, 1]],
    [
      [0, 1],
      [1, 0],
    ],
  ] as [number, number][][]) {
    t.throws(() => new ExplainableBoostingClassifier({ interactions }).fit(rows, labels), {
      code: 'BAD_OPTION',
      message: /interactions.*pairs of different columns/,
    });
  }
});

test('terms have a mean of 0, and scores of classes sum to 0', (t) => {
  const { XTrain, yTrain } = load('iris');
  const { fitted } = new ExplainableBoostingClassifier(quick).fit(XTrain, yTrain);
  const { termScores, quantizer } = fitted;
  for (const [j, table] of termScores.entries()) {
    const edges = quantizer.terms[j]!.edges[0]!;
    const sums = [0, 0, 0];
    for (const row of XTrain) {
      const scores = table[edges.filter((edge) => edge < row[j]!).length]!;
      scores.forEach((score, k) => {
        sums[k]! += score;
      });
    }
    t.true(sums.every((sum) => Math.abs(sum) < 1e-9));
    for (const scores of table) t.true(Math.abs(scores.reduce((a, b) => a + b)) < 1e-9);
  }
});

test('integers are within a ten-thousandth of the range of the tables that they stand for', (t) => {
  const { XTrain, XTest, yTrain } = load('breast-cancer');
  const model = new ExplainableBoostingClassifier(quick).fit(XTrain, yTrain);
  const { termScores, intercept, quantizer } = model.fitted;
  const exact = XTest.map((row) =>
    termScores.reduce((sum, table, j) => {
      const bin = quantizer.terms[j]!.edges[0]!.filter((edge) => edge < row[j]!).length;
      return sum + table[bin]![0]!;
    }, intercept[0]!),
  );
  const range = Math.max(...exact) - Math.min(...exact);
  const error = list(model.decisionFunction(XTest)).map((score, i) => Math.abs(score - exact[i]!));
  t.true(Math.max(...error) <= 1e-4 * range, `${Math.max(...error) / range}`);
});

test('Gaussians of next to no variance keep their labels: digits have pixels that are always 0', (t) => {
  const { XTrain, XTest, yTrain } = load('digits');
  const model = new GaussianNB({ outOfRange: 'clip' }).fit(XTrain, yTrain);
  const { integerSums, theta, var: variances, classPrior } = model.fitted;
  t.true(integerSums.bias.length > integerSums.outputs, 'digits of wide sums');
  const labels = XTest.map((row) => {
    const scores = theta.map((own, k) =>
      own.reduce((sum, mean, j) => {
        const variance = variances[k]![j]!;
        return sum - Math.log(variance) / 2 - (row[j]! - mean) ** 2 / variance / 2;
      }, Math.log(classPrior[k]!)),
    );
    return scores.indexOf(Math.max(...scores));
  });
  t.deepEqual(list(model.predict(XTest)), labels);
});

test('sums of digits, put together, are the sums of the whole integers', (t) => {
  const random = createRandom(5);
  const any = (size: number): number => Math.round((random() * 2 - 1) * size);
  for (let round = 0; round < 100; round++) {
    const inputs = 1 + random.integer(20);
    const size = 2 ** (1 + random.integer(40));
    const coef = [0, 1, 2].map(() => Array.from({ length: inputs }, () => any(size)));
    const intercept = [any(size), 0, any(size)];
    const range = { min: -8, max: 8 };
    const sums = returnedSums({ coef, intercept }, range, 1);
    const { weights, bias, radix, scale } = sums;
    // One product has room for the digits, which are at most half the radix; the last of a bias is what is left.
    if (radix > 1) t.true(weights.flat().every((digit) => Math.abs(digit) <= radix / 2));
    const x = Array.from({ length: inputs }, () => any(8));
    const outputs = bias.map((own, k) => x.reduce((sum, xj, j) => sum + xj * weights[j]![k]!, own));
    const joined = joinParts(sums, { shape: [1, bias.length], data: Float64Array.from(outputs) });
    coef.forEach((own, k) => {
      const exact = own.reduce((sum, weight, j) => sum + weight * x[j]!, intercept[k]!);
      t.true(Math.abs(joined.data[k]! - exact) <= (scale < 1 ? 8 * (inputs + 1) * scale : 0));
    });
  }
});

test('no variance and no smoothing is refused', (t) => {
  const X = rows.map((row, i) => [row[0]!, labels[i] === 'high' ? 1 : 0]);
  t.notThrows(() => new GaussianNB().fit(X, labels));
  t.throws(() => new GaussianNB({ varSmoothing: 0 }).fit(X, labels), {
    code: 'OUT_OF_RANGE',
    message: /variance of feature 1 in class high.*raise varSmoothing/,
  });
});

test('priors are one for each class, above 0, and sum to 1', (t) => {
  for (const priors of [[1], [0.5, 0.6]]) {
    t.throws(() => new GaussianNB({ priors }).fit(rows, labels), { code: 'BAD_OPTION' });
  }
  t.throws(() => new GaussianNB({ priors: [0, 1] }).fit(rows, labels), { code: 'BAD_OPTION' });
  t.throws(() => new BernoulliNB({ classPrior: [1] }).fit(rows, labels), { code: 'BAD_OPTION' });
});

test('a class without any weight is refused', (t) => {
  const sampleWeight = labels.map((label) => Number(label === 'low'));
  for (const model of [new GaussianNB(), new MultinomialNB(), new NearestCentroid()]) {
    t.throws(() => model.fit(rows, labels, { sampleWeight }), {
      code: 'OUT_OF_RANGE',
      message: /every row of class high/,
    });
  }
});

test('counts that never occurred count as next to none, without smoothing too', async (t) => {
  const X = [
    [3, 0],
    [5, 0],
    [0, 2],
    [1, 4],
  ];
  for (const model of [new MultinomialNB({ alpha: 0 }), new BernoulliNB({ alpha: 0 })]) {
    model.fit(X, ['a', 'a', 'b', 'b']);
    t.true(model.fitted.featureLogProb.flat().every(Number.isFinite));
    const asked = [
      [4, 0],
      [0, 9],
      [0, 0],
    ];
    t.deepEqual((await model.predict(asked, { encrypted: true })).data, model.predict(asked).data);
    t.deepEqual(model.predict(asked.slice(0, 2)).data, ['a', 'b']);
  }
});

test('negative counts, and features that are no bits, are refused', async (t) => {
  const negative = rows.map((row) => [row[0]! - 1, 0]);
  t.throws(() => new MultinomialNB().fit(negative, labels), {
    code: 'OUT_OF_RANGE',
    message: /feature 0 of row 0.*given -1.*counts >= 0/,
  });
  const counts = new MultinomialNB().fit(rows, labels);
  t.throws(() => counts.predict([[0, 0, 0, -2]]), { code: 'OUT_OF_RANGE' });
  await t.throwsAsync(counts.compile([[0, 0, 0, -2]]), { code: 'OUT_OF_RANGE' });
  t.throws(() => counts.predict([[1000, 0, 0, 0]]), { code: 'OUT_OF_RANGE' });
  const bits = rows.map((row) => [row[2]!]);
  const model = new BernoulliNB({ binarize: null }).fit(bits, labels);
  t.deepEqual(model.predict(bits).data, new BernoulliNB().fit(bits, labels).predict(bits).data);
  t.throws(() => new BernoulliNB({ binarize: null }).fit(rows, labels), { code: 'OUT_OF_RANGE' });
  t.throws(() => model.predict([[2]]), { code: 'OUT_OF_RANGE', message: /0 and 1/ });
});

test('ranges widen with compile(X), and what lies outside is refused or clipped', async (t) => {
  const far = [[500, 7, 0, 3]];
  for (const make of [
    (more: object) => new GaussianNB(more),
    (more: object) => new NearestCentroid(more),
    (more: object) => new NearestCentroid({ metric: 'manhattan', ...more }),
  ]) {
    const model = make({}).fit(rows, labels);
    const before = list(model.predict(rows));
    t.throws(() => model.predict(far), { code: 'OUT_OF_RANGE', message: /feature 0 of row 0/ });
    await model.compile(far);
    t.deepEqual((await model.predict(far, { encrypted: true })).data, model.predict(far).data);
    t.deepEqual(list(model.predict(rows)), before);
    t.notThrows(() => make({ outOfRange: 'clip' }).fit(rows, labels).predict(far));
  }
});

test('tables take over scalers before them, missing values included', async (t) => {
  const { XTrain, XTest, yTrain } = load('iris');
  const holes = (X: number[][]): number[][] =>
    X.map((row, i) => row.map((value, j) => ((i + j) % 5 === 0 ? Number.NaN : value)));
  for (const [last, missing] of [
    [new ExplainableBoostingClassifier({ ...quick, interactions: 1 }), true],
    [new BernoulliNB({ binarize: 0.4 }), false],
  ] as const) {
    const [X, asked] = missing ? [holes(XTrain), holes(XTest)] : [XTrain, XTest];
    const model = makePipeline(new MinMaxScaler(), last).fit(X, yTrain);
    t.deepEqual(
      model.placement.map(({ runs }) => runs),
      ['folded', 'server'],
    );
    const [scaler, own] = Object.values(model.namedSteps) as unknown as [MinMaxScaler, BernoulliNB];
    t.deepEqual(list(model.predict(asked)), list(own.predict(scaler.transform(asked))));
    const some = asked.slice(0, 3);
    t.deepEqual(list(await model.predict(some, { encrypted: true })), list(model.predict(some)));
  }
  const bits = makePipeline(new MinMaxScaler(), new BernoulliNB({ binarize: null }));
  const rows01 = rows.map((row) => [row[2]!]);
  t.deepEqual(
    bits.fit(rows01, labels).placement.map(({ runs }) => runs),
    ['client', 'server'],
  );
});

test('k-means: one cluster, as many clusters as rows, and too many', async (t) => {
  const X = [
    [0, 0],
    [1, 0],
    [5, 5],
    [6, 5],
  ];
  const one = new KMeans({ nClusters: 1 }).fit(X);
  t.deepEqual(one.fitted.clusterCenters, [[3, 2.5]]);
  t.deepEqual(list(one.predict(X)), [0, 0, 0, 0]);
  t.deepEqual(list(await one.predict(X, { encrypted: true })), [0, 0, 0, 0]);
  const all = new KMeans({ nClusters: 4, nInit: 5 }).fit(X);
  t.is(all.fitted.inertia, 0);
  t.is(new Set(list(all.predict(X))).size, 4);
  const distances = all.transform(X);
  for (const [row, cluster] of list(all.predict(X)).entries()) {
    t.true(distances.get(row, cluster) < 1e-3);
  }
  t.throws(() => new KMeans({ nClusters: 5 }).fit(X), { code: 'OUT_OF_RANGE' });
  t.throws(() => new KMeans({ nClusters: 2, init: [[0, 0]] }).fit(X), { code: 'SHAPE_MISMATCH' });
  const same = new KMeans({ nClusters: 2 }).fit([[1], [1], [1]]);
  t.is(same.fitted.inertia, 0);
});

test('k-means: fitPredict gives the labels of the fit, score the negative inertia', (t) => {
  const { XTrain } = load('iris');
  const model = new KMeans({ nClusters: 3 });
  const found = list(model.fitPredict(XTrain));
  t.deepEqual(found, [...model.fitted.labels]);
  t.true(Math.abs(model.score(XTrain) + model.fitted.inertia) < 1e-9 * model.fitted.inertia);
  t.deepEqual(list(model.predict(XTrain)), found);
});

test('k-means: labels decided encrypted, and distances are then there in clear only', async (t) => {
  const { XTrain, XTest } = load('iris');
  for (const nClusters of [2, 3]) {
    const model = new KMeans({ nClusters, output: 'label' }).fit(XTrain);
    const some = XTest.slice(0, 3);
    t.deepEqual(list(await model.predict(some, { encrypted: true })), list(model.predict(some)));
    t.deepEqual(model.transform(some).shape, [3, nClusters]);
    await t.throwsAsync(model.transform(some, { encrypted: true }), { code: 'UNSUPPORTED' });
  }
});
