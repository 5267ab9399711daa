import test from 'ava';
import type { BoostedState } from '../../estimators/boosting/train.ts';
import type { BoostedTree } from '../../estimators/boosting/trees.ts';
import { GradientBoostingClassifier, GradientBoostingRegressor } from '../../estimators/index.ts';
import { comparisonQuantizer, quantizeComparisons } from '../../estimators/quantize/comparisons.ts';
import { integerLeaf, leafSums } from '../../estimators/quantize/leafSums.ts';
import { createRandom } from '../../lib/random.ts';
import { dataSets, load } from './support.ts';

const list = (values: { data: ArrayLike<unknown> }): unknown[] => Array.from(values.data);
const numbers = (values: { data: ArrayLike<unknown> }): number[] => list(values) as number[];
const policies = ['depthwise', 'symmetric'] as const;
const small = { nEstimators: 12, maxDepth: 3, learningRate: 0.3 };

/** Rows of uniform features in [-1, 1), and targets of them with noise. */
function generated(
  rows: number,
  features: number,
  target: (row: readonly number[], noise: number) => number,
): { X: number[][]; y: number[] } {
  const random = createRandom(5);
  const X = Array.from({ length: rows }, () =>
    Array.from({ length: features }, () => 2 * random() - 1),
  );
  const y = X.map((row) => target(row, random() + random() + random() - 1.5));
  return { X, y };
}

/** Some values of X, by chance and where the row is odd, made NaN. */
function withMissing(X: readonly (readonly number[])[]): number[][] {
  const random = createRandom(3);
  return X.map((row, i) =>
    row.map((value, j) => (random() < (j === i % 2 ? 0.3 : 0.05) ? Number.NaN : value)),
  );
}

/** The scores of the unrounded trees, in the order of the outputs. */
function realScores({ start, rounds }: BoostedState, row: readonly number[]): number[] {
  return start.map((score, k) =>
    rounds.reduce((sum, round) => sum + leafValueOf(round[k]!, row), score),
  );
}

function leafValueOf(tree: BoostedTree, row: readonly number[]): number {
  let node = 0;
  while (tree.feature[node]! >= 0) {
    const value = row[tree.feature[node]!]!;
    const left = Number.isNaN(value) ? tree.missingLeft[node]! : value <= tree.threshold[node]!;
    node = (left ? tree.childrenLeft : tree.childrenRight)[node]!;
  }
  return tree.value[node]!;
}

for (const growPolicy of policies) {
  for (const name of dataSets) {
    test(`${growPolicy}, ${name}: integers lose next to nothing of the real scores`, (t) => {
      const { XTrain, yTrain, XTest, yTest } = load(name);
      const model = new GradientBoostingClassifier({ ...small, growPolicy }).fit(XTrain, yTrain);
      const scores = numbers(model.decisionFunction(XTest));
      const real = XTest.map((row) => realScores(model.fitted, row));
      const range = Math.max(...real.flat()) - Math.min(...real.flat());
      const off = real.flat().map((score, i) => Math.abs(score - scores[i]!) / range);
      t.true(Math.max(...off) < 1e-3, `${Math.max(...off)}`);
      const labels = real.map((own) =>
        own.length === 1 ? Number(own[0]! > 0) : own.indexOf(Math.max(...own)),
      );
      const accuracy = labels.filter((label, i) => label === yTest[i]).length / labels.length;
      t.true(model.score(XTest, yTest) >= accuracy - 0.005);
    });
  }

  test(`${growPolicy}: missing values are learnt from, and predicted encrypted`, async (t) => {
    const { XTrain, yTrain, XTest, yTest } = load('iris');
    const [X, rows] = [withMissing(XTrain), withMissing(XTest)];
    const model = new GradientBoostingClassifier({ ...small, nEstimators: 6, growPolicy });
    model.fit(X, yTrain);
    t.true(model.score(rows, yTest) > 0.85);
    const { missingLeft } = model.fitted.quantizer;
    t.true(missingLeft.includes(true) && missingLeft.includes(false));
    const few = rows.filter((row) => row.some(Number.isNaN)).slice(0, 3);
    t.deepEqual(
      await model.decisionFunction(few, { encrypted: true }),
      model.decisionFunction(few),
    );
    t.throws(() => model.predict([[Number.POSITIVE_INFINITY, 1, 1, 1]]), { code: 'NOT_FINITE' });
  });

  test(`${growPolicy}: monotone constraints hold everywhere`, (t) => {
    const { X, y } = generated(300, 3, ([a, b, c], noise) => a! + Math.sin(5 * b!) - c! + noise);
    const make = (monotonicCst: readonly (-1 | 0 | 1)[] | null): GradientBoostingRegressor =>
      new GradientBoostingRegressor({ growPolicy, monotonicCst, maxDepth: 4 }).fit(X, y);
    const grid = Array.from({ length: 60 }, (_, i) => -1 + i / 30);
    const falls = (model: GradientBoostingRegressor, feature: number): number => {
      const lines = [-0.7, 0, 0.4].map((other) =>
        numbers(model.predict(grid.map((x) => [0, 1, 2].map((j) => (j === feature ? x : other))))),
      );
      return lines.flatMap((line) => line.filter((value, i) => i > 0 && value < line[i - 1]!))
        .length;
    };
    const model = make([1, 0, -1]);
    t.is(falls(model, 0), 0);
    t.true(falls(make(null), 0) > 0, 'the test could not fail');
    const risesWith2 = (one: GradientBoostingRegressor): number =>
      numbers(one.predict(grid.map((x) => [0, 0, x]))).filter(
        (v, i, all) => i > 0 && v > all[i - 1]!,
      ).length;
    t.is(risesWith2(model), 0);
    t.true(falls(model, 1) > 0);
    t.true(model.score(X, y) > 0.6);
  });

  test(`${growPolicy}: importances are shares of what splits gained`, (t) => {
    const { X, y } = generated(200, 4, ([a, b]) => 3 * a! + b!);
    const { featureImportances } = new GradientBoostingRegressor({ growPolicy }).fit(X, y).fitted;
    const [first, second, third] = featureImportances as [number, number, number];
    t.true(first > 0.8 && second > 0.02 && third < 0.02, `${featureImportances}`);
    t.true(Math.abs(featureImportances.reduce((a, b) => a + b) - 1) < 1e-12);
  });
}

test('symmetric: all splits of a level are one test', (t) => {
  const { XTrain, yTrain } = load('breast-cancer');
  const model = new GradientBoostingClassifier({ ...small, growPolicy: 'symmetric' });
  for (const [tree] of model.fit(XTrain, yTrain).fitted.rounds as [BoostedTree][]) {
    const tests = new Set(
      tree.feature.flatMap((own, i) => (own < 0 ? [] : [`${own} ${tree.threshold[i]}`])),
    );
    t.true(tests.size <= 3, [...tests].join());
  }
  const { rounds } = new GradientBoostingClassifier(small).fit(XTrain, yTrain).fitted;
  t.true(
    rounds.some(([tree]) => new Set(tree!.threshold).size > 4),
    'the test could not fail',
  );
});

test('regressors: the clear, the simulated and the encrypted prediction, of all losses', async (t) => {
  const { X, y } = generated(
    150,
    3,
    ([a, b], noise) => Math.exp(a!) + Math.abs(b!) + noise / 5 + 1,
  );
  for (const loss of ['squaredError', 'absoluteError', 'poisson', 'quantile'] as const) {
    const model = new GradientBoostingRegressor({ ...small, loss, nEstimators: 4 }).fit(X, y);
    const rows = X.slice(0, 3);
    const clear = model.predict(rows);
    t.deepEqual(clear.shape, [3]);
    t.deepEqual(await model.predict(rows, { encrypted: 'simulate' }), clear);
    t.deepEqual(await model.predict(rows, { encrypted: true }), clear);
  }
});

test('poisson: means of counts, which add up and are above 0', (t) => {
  const { X, y } = generated(400, 2, ([a], noise) =>
    Math.max(0, Math.round(Math.exp(2 * a!) + noise)),
  );
  const model = new GradientBoostingRegressor({ loss: 'poisson' }).fit(X, y);
  const means = numbers(model.predict(X));
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b);
  t.true(Math.min(...means) > 0);
  t.true(Math.abs(sum(means) / sum(y) - 1) < 0.02);
  t.throws(
    () =>
      model.fit(
        X,
        y.map((value) => value - 1),
      ),
    { code: 'OUT_OF_RANGE' },
  );
  t.throws(
    () =>
      model.fit(
        X,
        y.map(() => 0),
      ),
    { code: 'OUT_OF_RANGE' },
  );
});

test('quantile: as many targets as asked for lie below, also of new rows', (t) => {
  const { X, y } = generated(1200, 2, ([a, b], noise) => a! + noise * (1.2 + b!));
  const [train, seen] = [X.slice(0, 800), y.slice(0, 800)];
  for (const alpha of [0.1, 0.5, 0.9]) {
    const model = new GradientBoostingRegressor({ loss: 'quantile', alpha, nEstimators: 60 });
    model.fit(train, seen);
    const share = (rows: number[][], targets: number[]): number =>
      numbers(model.predict(rows)).filter((bound, i) => targets[i]! <= bound).length / rows.length;
    t.true(Math.abs(share(train, seen) - alpha) < 0.04, `${share(train, seen)}`);
    t.true(Math.abs(share(X.slice(800), y.slice(800)) - alpha) < 0.07, `${alpha}`);
  }
  const median = new GradientBoostingRegressor({ loss: 'absoluteError' }).fit(train, seen);
  const half = new GradientBoostingRegressor({ loss: 'quantile', alpha: 0.5 }).fit(train, seen);
  t.true(Math.abs(median.score(X, y) - half.score(X, y)) < 0.02);
  t.throws(
    () => new GradientBoostingRegressor({ loss: 'quantile', monotonicCst: [1, 0] }).fit(X, y),
    { code: 'UNSUPPORTED', message: /quantiles/ },
  );
});

test('early stopping keeps the rounds up to the best one', (t) => {
  const { XTrain, yTrain, XTest, yTest } = load('synthetic');
  const parameters = { nEstimators: 300, learningRate: 0.3, nIterNoChange: 5 };
  const model = new GradientBoostingClassifier(parameters).fit(XTrain, yTrain);
  const { nEstimators, rounds, trainLoss, validationLoss } = model.fitted;
  t.true(nEstimators < 200, `${nEstimators}`);
  t.is(rounds.length, nEstimators);
  t.is(trainLoss.length, nEstimators + 5);
  t.is(validationLoss.length, nEstimators + 5);
  t.true(Math.min(...validationLoss) >= validationLoss[nEstimators - 1]! - 1e-4);
  t.true(trainLoss.at(-1)! < trainLoss[0]!);
  t.true(model.score(XTest, yTest) > 0.78);
  t.deepEqual(model.clone().fit(XTrain, yTrain).fitted, model.fitted);
  const tooFew = new GradientBoostingRegressor({ nIterNoChange: 2 });
  t.throws(() => tooFew.fit([[1], [2], [3]], [1, 2, 3]), { code: 'SHAPE_MISMATCH' });
});

test('subsampling and fewer features make other trees, equal ones for equal seeds', (t) => {
  const { XTrain, yTrain, XTest, yTest } = load('breast-cancer');
  const make = (more: object): GradientBoostingClassifier =>
    new GradientBoostingClassifier({ ...small, ...more }).fit(XTrain, yTrain);
  const plain = make({});
  for (const more of [{ subsample: 0.5 }, { maxFeatures: 'sqrt' }, { maxFeatures: 0.3 }]) {
    const model = make({ ...more, randomState: 1 });
    t.deepEqual(model.fitted, make({ ...more, randomState: 1 }).fitted);
    t.notDeepEqual(model.fitted.rounds, make({ ...more, randomState: 2 }).fitted.rounds);
    t.notDeepEqual(model.fitted.rounds, plain.fitted.rounds);
    t.true(model.score(XTest, yTest) > 0.92);
  }
  t.deepEqual(make({ maxFeatures: 1000 }).fitted.rounds, plain.fitted.rounds);
});

test('leaves have the rows, the weight and the gain that they need', (t) => {
  const { XTrain, yTrain } = load('breast-cancer');
  const splits = (more: object): number =>
    new GradientBoostingClassifier({ ...small, ...more })
      .fit(XTrain, yTrain)
      .fitted.rounds.flat()
      .reduce((sum, { feature }) => sum + feature.filter((own) => own >= 0).length, 0);
  const all = splits({});
  for (const growPolicy of policies) {
    t.true(splits({ growPolicy, minSamplesLeaf: 40 }) < all);
    t.true(splits({ growPolicy, minSamplesLeaf: 0.2 }) < all);
    t.true(splits({ growPolicy, minChildWeight: 20 }) < all);
    t.true(splits({ growPolicy, gamma: 5 }) < all);
    t.is(splits({ growPolicy, minSamplesLeaf: 200 }), 0);
  }
});

test('a model without any split predicts the start, encrypted too', async (t) => {
  const X = [[1], [1], [1], [1]];
  const mean = new GradientBoostingRegressor({ nEstimators: 2 }).fit(X, [1, 2, 3, 4]);
  t.true(Math.abs(numbers(mean.predict([[5]]))[0]! - 2.5) < 1e-4);
  t.deepEqual(await mean.predict([[5]], { encrypted: true }), mean.predict([[5]]));
  const shares = new GradientBoostingClassifier({ nEstimators: 2 }).fit(X, [0, 1, 1, 1]);
  t.true(Math.abs(numbers(shares.predictProba([[1]]))[1]! - 0.75) < 1e-4);
});

test('stagedPredict ends with predict', (t) => {
  const { XTrain, yTrain, XTest } = load('iris');
  const classifier = new GradientBoostingClassifier(small).fit(XTrain, yTrain);
  const stages = [...classifier.stagedPredict(XTest)];
  t.is(stages.length, small.nEstimators);
  t.deepEqual(stages.at(-1), classifier.predict(XTest));
  const counts = yTrain.map((label) => label + 1);
  const regressor = new GradientBoostingRegressor({ ...small, loss: 'poisson' });
  const values = [...regressor.fit(XTrain, counts).stagedPredict(XTest)];
  t.deepEqual(values.at(-1), regressor.predict(XTest));
  t.notDeepEqual(values[0], values.at(-1));
});

test('values missing in predictions alone go right; weights of 0 take a class out', (t) => {
  const { XTrain, yTrain } = load('iris');
  const model = new GradientBoostingClassifier(small).fit(XTrain, yTrain);
  const none = [[Number.NaN, Number.NaN, Number.NaN, Number.NaN]];
  t.deepEqual(model.decisionFunction(none), model.decisionFunction([[1e9, 1e9, 1e9, 1e9]]));
  const sampleWeight = yTrain.map((label) => Number(label < 2));
  const without = new GradientBoostingClassifier(small).fit(XTrain, yTrain, { sampleWeight });
  t.false(list(without.predict(XTrain)).includes(2));
});

test('targets or weights whose squares are no numbers are refused', (t) => {
  const model = new GradientBoostingRegressor({ nEstimators: 2 });
  t.throws(() => model.fit([[1], [2]], [1e200, 1]), { code: 'OUT_OF_RANGE' });
  t.throws(() => model.fit([[1], [2]], [1, 2], { sampleWeight: [1e200, 1] }), {
    code: 'OUT_OF_RANGE',
  });
  t.true(Math.abs(numbers(model.fit([[1], [2]], [1e100, 0]).predict([[1]]))[0]! / 5e99 - 1) < 1);
});

test('bad parameters are refused with what is allowed', (t) => {
  const { XTrain, yTrain } = load('iris');
  const fitOf = (parameters: object) => () =>
    new GradientBoostingRegressor(parameters).fit(XTrain, yTrain);
  const bad: object[] = [
    { learningRate: 0 },
    { subsample: 1.1 },
    { maxDepth: 17 },
    { nBits: 13 },
    { alpha: 1 },
    { loss: 'huber' },
    { growPolicy: 'lossguide' },
    { monotonicCst: [0, 0, 2, 0] },
    { monotonicCst: [1] },
    { validationFraction: 1 },
    { maxFeatures: 0 },
  ];
  for (const parameters of bad) {
    const [name] = Object.keys(parameters) as [string];
    const message = new RegExp(`GradientBoostingRegressor\\.${name}.*allowed`);
    t.throws(fitOf(parameters), { code: 'BAD_OPTION', message });
  }
});

test('comparisons: one input a test, and missing values go where the test says', (t) => {
  const quantizer = comparisonQuantizer([
    { feature: [1, 0, -1], threshold: [2, 0.5, 0], missingLeft: [true, false, false] },
    { feature: [1, 1, -1], threshold: [2, 2, 0], missingLeft: [true, false, false] },
  ]);
  t.deepEqual(quantizer.features, [0, 1, 1]);
  t.deepEqual(quantizer.thresholds, [0.5, 2, 2]);
  t.deepEqual(quantizer.missingLeft, [false, false, true]);
  const data = Float64Array.of(0.5, 2, 0.6, 3, Number.NaN, Number.NaN);
  const answers = quantizeComparisons(quantizer, { shape: [3, 2], data });
  t.deepEqual(answers.shape, [3, 3]);
  t.deepEqual(list(answers), [0, 0, 0, 1, 1, 1, 1, 1, 0]);
});

test('leaf sums: one scale, and sums off by less than a thousandth of their range', (t) => {
  const random = createRandom(1);
  for (const trees of [1, 3, 50]) {
    const leaves = Array.from({ length: trees }, () =>
      Array.from({ length: 8 }, () => random() - 0.5),
    );
    const { scale, offset } = leafSums([{ start: 0.3, leaves }], 'scores');
    const range = leaves.reduce((sum, own) => sum + Math.max(...own) - Math.min(...own), 0);
    const worst = leaves.map((own) =>
      Math.max(...own.map((value) => Math.abs(integerLeaf(value, scale) * scale - value))),
    );
    const off = worst.reduce((a, b) => a + b) + Math.abs(offset[0]! * scale - 0.3);
    t.true(off <= range / 1000, `${off / range}`);
  }
  t.deepEqual(leafSums([{ start: 0, leaves: [[0], [0]] }], 'scores'), { scale: 1, offset: [0] });
});
