import test from 'ava';
import {
  accuracyScore,
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  RandomForestClassifier,
  RandomForestRegressor,
  r2Score,
  type Tree,
} from '../../estimators/index.ts';
import { createRandom } from '../../lib/random.ts';
import { load } from './support.ts';

const list = (values: { data: ArrayLike<unknown> }): number[] =>
  Array.from(values.data as ArrayLike<number>);

/** The mean over trees of the values in the leaves of a row, in floats. */
function floatValues(trees: readonly Tree[], row: readonly number[]): number[] {
  const leaves = trees.map((tree) => {
    let id = 0;
    while (tree.feature[id]! >= 0) {
      const isLeft = row[tree.feature[id]!]! <= tree.threshold[id]!;
      id = (isLeft ? tree.childrenLeft : tree.childrenRight)[id]!;
    }
    return tree.value[id]!;
  });
  return leaves[0]!.map((_, k) => leaves.reduce((sum, leaf) => sum + leaf[k]!, 0) / trees.length);
}

for (const name of ['breast-cancer', 'digits'] as const) {
  for (const Forest of [RandomForestClassifier, ExtraTreesClassifier]) {
    test(`${name}: ${Forest.name} loses nothing to integers but a sliver`, (t) => {
      const { XTrain, XTest, yTrain, yTest } = load(name);
      const model = new Forest({ nEstimators: 30 }).fit(XTrain, yTrain);
      const floats = XTest.map((row) => floatValues(model.fitted.trees, row));
      const probabilities = model.predictProba(XTest);
      floats.forEach((own, row) => {
        own.forEach((share, k) => {
          t.true(Math.abs(share - probabilities.get(row, k)) < 5e-4);
        });
      });
      const labels = floats.map((own) => own.indexOf(Math.max(...own)));
      t.true(accuracyScore(labels, model.predict(XTest)) >= 0.995);
      t.true(model.score(XTest, yTest) >= accuracyScore(yTest, labels) - 0.005);
      // Labels that are decided encrypted go by coarser scores.
      const coarse = new Forest({ nEstimators: 30, output: 'label' }).fit(XTrain, yTrain);
      t.true(coarse.score(XTest, yTest) >= accuracyScore(yTest, labels) - 0.01);
      t.deepEqual(coarse.predictProba(XTest), probabilities);
    });
  }
}

test('a tree keeps the very label of its float leaves, ties too', (t) => {
  const { XTrain, XTest, yTrain } = load('synthetic');
  for (const output of ['scores', 'label'] as const) {
    for (const labels of [yTrain, yTrain.map((label) => Number(label > 1))]) {
      const model = new DecisionTreeClassifier({ minSamplesLeaf: 6, output }).fit(XTrain, labels);
      const floats = XTest.map((row) => floatValues([model.fitted.tree], row));
      const expected = floats.map((own) => own.indexOf(Math.max(...own)));
      t.deepEqual(list(model.predict(XTest)), expected);
    }
  }
});

test('predictions of numbers are within 2^-14 of the range of the targets', (t) => {
  const { X, y } = waves(200);
  const span = Math.max(...y) - Math.min(...y);
  const parameters = { nEstimators: 20, criterion: 'squaredError' } as const;
  const models = [
    new DecisionTreeRegressor().fit(X, y),
    new RandomForestRegressor(parameters).fit(X, y),
    new ExtraTreesRegressor(parameters).fit(X, y),
  ];
  for (const model of models) {
    const trees = 'tree' in model.fitted ? [model.fitted.tree] : model.fitted.trees;
    const predicted = list(model.predict(X));
    const floats = X.map((row) => floatValues(trees, row)[0]!);
    const farthest = Math.max(...floats.map((value, row) => Math.abs(value - predicted[row]!)));
    t.true(farthest <= span * 2 ** -14, `${farthest / span}`);
    t.true(r2Score(y, predicted) >= r2Score(y, floats) - 1e-4);
  }
});

test('encrypted forests predict what they predict in clear', async (t) => {
  const cancer = load('breast-cancer');
  const digits = load('digits');
  const two = new RandomForestClassifier({ nEstimators: 20, maxDepth: 4 });
  two.fit(cancer.XTrain, cancer.yTrain);
  const ten = new ExtraTreesClassifier({ nEstimators: 10, maxDepth: 5 });
  ten.fit(digits.XTrain, digits.yTrain);
  for (const [model, { XTest }] of [
    [two, cancer],
    [ten, digits],
  ] as const) {
    const rows = XTest.slice(0, 3);
    const encrypted = await model.predictProba(rows, { encrypted: true });
    t.deepEqual(encrypted, model.predictProba(rows));
    t.is(model.circuit.statistics.lookups.tables, 0);
  }
  t.deepEqual(two.circuit.outputs, [[1]]);
  t.deepEqual(ten.circuit.outputs, [[10]]);
});

test('several outputs share one tree, also encrypted', async (t) => {
  const { X, y } = waves(120);
  const both = y.map((value, row) => [value, 1000 - 10 * X[row]![1]!]);
  for (const model of [
    new DecisionTreeRegressor({ maxDepth: 6 }),
    new DecisionTreeRegressor({ maxDepth: 6, criterion: 'absoluteError' }),
    new RandomForestRegressor({ nEstimators: 10, maxDepth: 5 }),
  ]) {
    model.fit(X, both);
    const predicted = model.predict(X);
    t.deepEqual(predicted.shape, [120, 2]);
    t.true(r2Score(both, predicted) > 0.9, `${r2Score(both, predicted)}`);
    const rows = X.slice(0, 2);
    t.deepEqual(await model.predict(rows, { encrypted: true }), model.predict(rows));
  }
});

test('the first trees of a forest do not depend on how many follow', (t) => {
  const { XTrain, yTrain } = load('iris');
  const few = new RandomForestClassifier({ nEstimators: 3 }).fit(XTrain, yTrain).fitted.trees;
  const many = new RandomForestClassifier({ nEstimators: 6 }).fit(XTrain, yTrain).fitted.trees;
  t.deepEqual(many.slice(0, 3), few);
  t.notDeepEqual(few[0], few[1]);
});

test('bounds on leaves, weights and depth hold in every tree', (t) => {
  const { XTrain, yTrain } = load('breast-cancer');
  const rows = yTrain.length;
  const limits = { maxLeafNodes: 9, minSamplesLeaf: 0.02, minWeightFractionLeaf: 0.03 };
  const trees = [
    new DecisionTreeClassifier(limits).fit(XTrain, yTrain).fitted.tree,
    new DecisionTreeClassifier({ ...limits, splitter: 'random' }).fit(XTrain, yTrain).fitted.tree,
    ...new RandomForestClassifier({ ...limits, nEstimators: 5 }).fit(XTrain, yTrain).fitted.trees,
  ];
  for (const { feature, nNodeSamples, weightedNNodeSamples } of trees) {
    const leaves = Array.from(feature.keys()).filter((id) => feature[id]! < 0);
    t.true(leaves.length <= 9 && leaves.length > 4, `${leaves.length}`);
    t.true(leaves.every((id) => nNodeSamples[id]! >= 0.02 * rows));
    const all = weightedNNodeSamples[0]!;
    t.true(leaves.every((id) => weightedNNodeSamples[id]! >= 0.03 * all - 1e-9));
  }
});

test('pruning: more alpha, fewer leaves, down to the root', (t) => {
  const { XTrain, yTrain } = load('breast-cancer');
  const leaves = [0, 0.001, 0.005, 0.02, 0.5].map((ccpAlpha) =>
    new DecisionTreeClassifier({ ccpAlpha }).fit(XTrain, yTrain).getNLeaves(),
  );
  t.deepEqual(
    leaves,
    leaves.slice().sort((a, b) => b - a),
  );
  t.true(new Set(leaves).size >= 4);
  t.is(leaves.at(-1), 1);
});

test('the most valuable splits come first where leaves are few', (t) => {
  const { X, y } = waves(300);
  const score = (maxLeafNodes: number): number =>
    new DecisionTreeRegressor({ maxLeafNodes }).fit(X, y).score(X, y);
  const scores = [2, 4, 8, 16, 32].map(score);
  t.deepEqual(
    scores,
    scores.slice().sort((a, b) => a - b),
  );
  const byDepth = new DecisionTreeRegressor({ maxDepth: 3 }).fit(X, y);
  t.true(score(byDepth.getNLeaves()) >= byDepth.score(X, y));
});

test('absolute error: leaves are weighted medians, and splits the best of all', (t) => {
  const random = createRandom(3);
  for (let run = 0; run < 20; run++) {
    const x = Array.from({ length: 15 }, () => random.integer(8));
    const y = x.map(() => random.integer(6));
    const sampleWeight = x.map(() => 1 + random.integer(3));
    const X = x.map((value) => [value]);
    const options = { criterion: 'absoluteError', maxDepth: 1 } as const;
    const { tree } = new DecisionTreeRegressor(options).fit(X, y, { sampleWeight }).fitted;
    const errorOf = (isIn: (value: number) => boolean): number => {
      const errors = y.map((center) =>
        y.reduce((sum, target, row) => {
          return isIn(x[row]!) ? sum + sampleWeight[row]! * Math.abs(target - center) : sum;
        }, 0),
      );
      return Math.min(...errors);
    };
    const all = errorOf(() => true);
    t.true(Math.abs(tree.impurity[0]! * tree.weightedNNodeSamples[0]! - all) < 1e-9);
    const best = Math.min(
      ...[0, 1, 2, 3, 4, 5, 6].map((edge) => errorOf((v) => v <= edge) + errorOf((v) => v > edge)),
    );
    const reached = [1, 2].reduce(
      (sum, id) => sum + tree.impurity[id]! * tree.weightedNNodeSamples[id]!,
      0,
    );
    t.true(Math.abs(reached - best) < 1e-9, `${reached} and not ${best}`);
  }
});

test('constraints hold everywhere: predictions rise or fall with a feature as they say', (t) => {
  const { X, y } = waves(300);
  const monotonicCst = [-1, 1, 0] as const;
  const parameters = { monotonicCst, nEstimators: 10 };
  const labels = y.map((value) => Number(value > -20));
  const numbers = (model: { predict(rows: number[][]): { data: ArrayLike<number> } }) => {
    return (rows: number[][]): number[] => list(model.predict(rows));
  };
  const shares = (model: RandomForestClassifier | DecisionTreeClassifier) => {
    return (rows: number[][]): number[] =>
      list(model.predictProba(rows)).filter((_, i) => i % 2 === 1);
  };
  const models = [
    numbers(new DecisionTreeRegressor({ monotonicCst }).fit(X, y)),
    numbers(new DecisionTreeRegressor({ monotonicCst, maxLeafNodes: 20 }).fit(X, y)),
    numbers(new DecisionTreeRegressor({ monotonicCst, criterion: 'absoluteError' }).fit(X, y)),
    numbers(new ExtraTreesRegressor(parameters).fit(X, y)),
    numbers(new RandomForestRegressor(parameters).fit(X, y)),
    shares(new DecisionTreeClassifier({ monotonicCst }).fit(X, labels)),
    shares(new RandomForestClassifier(parameters).fit(X, labels)),
  ];
  const grid = Array.from({ length: 21 }, (_, i) => i / 2);
  for (const [index, predict] of models.entries()) {
    for (const [feature, sign] of [-1, 1].entries()) {
      for (const row of X.slice(0, 20)) {
        const along = predict(grid.map((value) => row.with(feature, value)));
        const steps = along.slice(1).map((value, i) => sign * (value - along[i]!));
        t.true(Math.min(...steps) >= 0, `model ${index}, feature ${feature}`);
      }
    }
    // The constraint on the second feature is not true of the data, but that on the first is.
    t.true(new Set(predict(X)).size > 5);
  }
  const fitted = (cst: readonly (-1 | 0 | 1)[], targets: number[] | number[][]) => () =>
    new DecisionTreeRegressor({ monotonicCst: cst }).fit(X, targets);
  t.throws(fitted([1], y), { code: 'BAD_OPTION', message: /1 numbers; allowed: 3, one a feature/ });
  const both = y.map((value) => [value, value]);
  t.throws(fitted([1, 0, 0], both), { code: 'UNSUPPORTED', message: /2 classes or targets/ });
});

test('importances sum to 1 and name the features that matter', (t) => {
  const { X, y } = waves(200);
  const models = [
    new DecisionTreeRegressor().fit(X, y),
    new RandomForestRegressor({ nEstimators: 10 }).fit(X, y),
    new ExtraTreesRegressor({ nEstimators: 10 }).fit(X, y),
  ];
  for (const { fitted } of models) {
    const shares = fitted.featureImportances;
    t.true(Math.abs(shares.reduce((a, b) => a + b) - 1) < 1e-9);
    t.is(shares.indexOf(Math.max(...shares)), 0);
    t.true(shares[2]! < 0.1);
  }
});

test('what forests cannot do is refused', (t) => {
  const { XTrain, yTrain } = load('iris');
  const fitted = (parameters: object) => () =>
    new ExtraTreesClassifier(parameters).fit(XTrain, yTrain);
  t.throws(fitted({ oobScore: true }), {
    code: 'BAD_OPTION',
    message: /oobScore: true and bootstrap/,
  });
  t.throws(fitted({ maxSamples: 10 }), {
    code: 'BAD_OPTION',
    message: /maxSamples: 10 and bootstrap/,
  });
  t.notThrows(fitted({ maxSamples: 10, bootstrap: true, nEstimators: 2 }));
  const ofNumbers = (y: number[], criterion: 'poisson' | 'squaredError') => () =>
    new DecisionTreeRegressor({ criterion }).fit([[1], [2], [3]], y);
  t.throws(ofNumbers([1, -1, 2], 'poisson'), { code: 'OUT_OF_RANGE', message: /given -1/ });
  t.throws(ofNumbers([0, 0, 0], 'poisson'), { code: 'OUT_OF_RANGE' });
  t.throws(ofNumbers([1e300, -1e300, 0], 'squaredError'), { code: 'OUT_OF_RANGE' });
  t.notThrows(ofNumbers([7, 7, 7], 'squaredError'));
});

test('features that are constant, huge or equal are no trouble', async (t) => {
  const X = Array.from({ length: 12 }, (_, i) => [3, i * 1e300, i % 4 === 0 ? -1e-300 : 0]);
  const y = X.map((_, i) => Number(i >= 6));
  const model = new RandomForestClassifier({ nEstimators: 5, bootstrap: false }).fit(X, y);
  t.is(model.score(X, y), 1);
  const rows = X.slice(5, 7);
  t.deepEqual(list(await model.predict(rows, { encrypted: true })), [0, 1]);
  const alike = new DecisionTreeRegressor().fit([[1], [1], [1]], [1, 2, 6]);
  t.deepEqual(list(alike.predict([[0], [5]])), [3, 3]);
});

test('balanced weights of each draw help the rare class', (t) => {
  const { XTrain, yTrain } = load('breast-cancer');
  const kept = yTrain.map((label, row) => (label === 1 || row % 10 === 0 ? row : -1));
  const rows = kept.filter((row) => row >= 0);
  const [X, y] = [rows.map((row) => XTrain[row]!), rows.map((row) => yTrain[row]!)];
  const forest = (classWeight: 'balanced' | 'balancedSubsample' | null): Tree => {
    const parameters = { nEstimators: 1, classWeight, randomState: 1 } as const;
    return new RandomForestClassifier(parameters).fit(X, y).fitted.trees[0]!;
  };
  const shares = (tree: Tree): number => tree.value[0]![0]!;
  t.true(shares(forest(null)) < 0.2);
  t.true(Math.abs(shares(forest('balancedSubsample')) - 0.5) < 1e-9);
  t.true(Math.abs(shares(forest('balanced')) - 0.5) > 1e-9);
});

/** Targets that fall with the first of three features, wave with the second, and do not depend on the third. */
function waves(rows: number): { X: number[][]; y: number[] } {
  const random = createRandom(1);
  const X = Array.from({ length: rows }, () => [10 * random(), 10 * random(), random()]);
  return { X, y: X.map(([a, b]) => -5 * a! + 4 * Math.sin(b!)) };
}
