import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  crossValidate,
  crossValScore,
  DecisionTreeClassifier,
  type EstimatorLike,
  GridSearchCV,
  KFold,
  LinearSVC,
  LogisticRegression,
  RandomizedSearchCV,
  StratifiedKFold,
  scorers,
} from '../../../estimators/index.ts';
import { gridPoints } from '../../../estimators/modelSelection/candidates.ts';
import { isClassifier } from '../../../estimators/modelSelection/estimatorLike.ts';
import { load } from '../support.ts';

const file = new URL('../../fixtures/sklearn-metrics.json', import.meta.url);
const { grids, search: expected } = JSON.parse(readFileSync(file, 'utf8'));
const irisFile = new URL('../../fixtures/sklearn-iris.json', import.meta.url);
const { XTrain, XTest, yTrain, yTest } = load('iris');

/** A regressor of one parameter: it predicts that, and fails where it is negative. */
class Constant implements EstimatorLike {
  #value: number;
  fitted: { rows: number; weight: number } = { rows: 0, weight: 0 };
  constructor({ value = 0 }: { value?: number } = {}) {
    this.#value = value;
  }
  fit(_X: unknown, y: unknown, options: { sampleWeight?: unknown } = {}): this {
    if (this.#value < 0) throw new RangeError('no negative values');
    const weights = (options.sampleWeight ?? []) as Iterable<number>;
    const sum = [...weights].reduce((a, b) => a + b, 0);
    this.fitted = { rows: (y as number[]).length, weight: sum };
    return this;
  }
  predict(X: unknown): number[] {
    return Array<number>((X as { shape: number[] }).shape[0]!).fill(this.#value);
  }
  score(X: unknown, y: unknown): number {
    return scorers.negMeanAbsoluteError(this, X as number[][], y as number[]);
  }
  getParams(): { value: number } {
    return { value: this.#value };
  }
  setParams({ value = this.#value }: { value?: number }): this {
    this.#value = value;
    return this;
  }
  clone(): Constant {
    return new Constant(this.getParams());
  }
}

const rows = Array.from({ length: 12 }, (_, row) => [row]);
const numbers = rows.map(([row]) => (row! % 4) + 0.5);

test('a grid has the points of scikit-learn, in its order', (t) => {
  for (const { grid, points } of grids) t.deepEqual(gridPoints(grid), points);
});

test("a search over iris finds what scikit-learn's finds", (t) => {
  const iris = JSON.parse(readFileSync(irisFile, 'utf8'));
  const model = new LogisticRegression({ tol: 1e-8, maxIter: 10_000 });
  const search = new GridSearchCV(model, expected.grid, { returnTrainScore: true });
  const { cvResults, bestParams, bestScore, nSplits } = search.fit(iris.X, iris.y).fitted;
  t.is(nSplits, 5);
  // Predictions are those of the integers: a row may fall to another side.
  const oneRow = 1 / 30 + 1e-9;
  expected.splitTestScores.forEach((own: number[], i: number) => {
    own.forEach((score, j) => {
      t.true(Math.abs(cvResults.splitTestScores[i]![j]! - score) <= oneRow);
    });
  });
  expected.meanTestScore.forEach((score: number, i: number) => {
    t.true(Math.abs(cvResults.meanTestScore[i]! - score) <= oneRow / 5);
    t.true(Math.abs(cvResults.stdTestScore[i]! - expected.stdTestScore[i]) <= oneRow / 2);
    t.true(Math.abs(cvResults.meanTrainScore![i]! - expected.meanTrainScore[i]) <= 1 / 120);
  });
  t.deepEqual(cvResults.rankTestScore, expected.rankTestScore);
  t.deepEqual(bestParams, expected.bestParams);
  t.true(Math.abs(bestScore - expected.bestScore) <= oneRow / 5);
});

test('a search is the best of its candidates, encrypted too', async (t) => {
  const tree = new DecisionTreeClassifier();
  const search = new GridSearchCV(tree, { maxDepth: [1, 2, 3], criterion: ['gini', 'entropy'] });
  t.is(search.fit(XTrain, yTrain), search);
  const { bestIndex, bestParams, bestScore, cvResults, classes, nFeaturesIn } = search.fitted;
  t.deepEqual([classes, nFeaturesIn], [[0, 1, 2], 4]);
  t.is(cvResults.params[bestIndex], bestParams);
  t.is(bestScore, Math.max(...cvResults.meanTestScore));
  t.is(cvResults.rankTestScore.indexOf(1), bestIndex);
  t.like(search.bestEstimator.getParams(), bestParams);

  const alone = new DecisionTreeClassifier(bestParams).fit(XTrain, yTrain);
  t.deepEqual(search.predict(XTest), alone.predict(XTest));
  t.deepEqual(search.predictProba(XTest), alone.predictProba(XTest));
  t.is(search.decisionFunction, undefined);
  t.is(search.score(XTest, yTest), alone.score(XTest, yTest));
  t.deepEqual(JSON.parse(JSON.stringify(search)), JSON.parse(JSON.stringify(alone)));
  const some = XTest.slice(0, 2);
  const encrypted = await search.predict(some, { encrypted: true });
  t.deepEqual(encrypted, alone.predict(some));
  t.throws(() => tree.fitted, { code: 'NOT_FITTED' });
});

test('cross validation fits on the other rows, by weight, and leaves the estimator alone', (t) => {
  const model = new Constant({ value: 2 });
  const weights = rows.map((_, row) => row);
  t.deepEqual(crossValScore(model, rows, numbers, { cv: 3 }), [-1, -1, -1]);
  const cv = [[[0, 1, 2], [3]]] as const;
  const seen: number[] = [];
  const scoring = (fitted: EstimatorLike): number => {
    const { rows: own, weight } = fitted.fitted as Constant['fitted'];
    seen.push(own, weight);
    return weight;
  };
  const options = { cv, scoring, sampleWeight: weights, returnTrainScore: true };
  const result = crossValidate(model, rows, numbers, options);
  t.deepEqual([result.testScore, result.trainScore, seen], [[3], [3], [3, 3, 3, 3]]);
  t.true(result.fitTime[0]! >= 0 && result.scoreTime[0]! >= 0);
  t.deepEqual(model.fitted, { rows: 0, weight: 0 });
});

test('classifiers get stratified parts, also inside of pipelines and searches', (t) => {
  const pipeline = {
    getParams: () => ({ steps: [['scale', {}] as const, ['tree', tree] as const] }),
  };
  const tree = new DecisionTreeClassifier();
  t.true([tree, pipeline, new GridSearchCV(tree, {})].every(isClassifier));
  t.false([new Constant(), new GridSearchCV(new Constant(), {}), {}, null].some(isClassifier));
  const shares: number[] = [];
  const scoring = (_: EstimatorLike, _X: unknown, y: unknown): number =>
    shares.push((y as number[]).filter((label) => label === 0).length);
  const sorted = [...yTrain].sort();
  crossValScore(tree, XTrain, sorted, { cv: 5, scoring });
  t.deepEqual(shares, [7, 7, 7, 7, 7]);
  const byHand = (splitter: KFold | StratifiedKFold): number[] =>
    crossValScore(tree, XTrain, sorted, { cv: splitter });
  t.deepEqual(byHand(new StratifiedKFold()), crossValScore(tree, XTrain, sorted));
  t.notDeepEqual(byHand(new KFold()), crossValScore(tree, XTrain, sorted));
});

test.serial(
  'a fit that fails scores NaN and ranks last, with one warning; if all fail, that is the error',
  async (t) => {
    const warnings: Error[] = [];
    const listen = (warning: Error): number => warnings.push(warning);
    process.on('warning', listen);
    const search = new GridSearchCV(new Constant(), { value: [-1, 2, 3] }, { cv: 3 });
    const { cvResults, bestIndex } = search.fit(rows, numbers).fitted;
    t.deepEqual(cvResults.meanTestScore, [Number.NaN, -1, -1.25]);
    t.deepEqual([cvResults.rankTestScore, bestIndex], [[3, 1, 2], 1]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    t.deepEqual(
      warnings.map(({ name }) => name),
      ['FitFailedWarning'],
    );
    t.regex(warnings[0]!.message, /3 of 9 fits that failed and score NaN, .*no negative values/);

    search.setParams({ errorScore: 'raise' });
    t.throws(() => search.fit(rows, numbers), { instanceOf: RangeError });
    t.throws(() => crossValScore(new Constant({ value: -1 }), rows, numbers), {
      instanceOf: RangeError,
    });
  },
);

test('onProgress counts fits, and ends the search by throwing', (t) => {
  const seen: number[] = [];
  const search = new GridSearchCV(new Constant(), { value: [1, 2] }, { cv: 3 });
  search.fit(rows, numbers, { onProgress: ({ done, total }) => seen.push(done / total) });
  t.deepEqual(
    seen,
    [1, 2, 3, 4, 5, 6].map((done) => done / 6),
  );
  const enough = new Error('enough');
  const stopping = {
    onProgress: () => {
      throw enough;
    },
  };
  t.is(
    t.throws(() => search.fit(rows, numbers, stopping)),
    enough,
  );
  t.is(
    t.throws(() => crossValScore(new Constant(), rows, numbers, stopping)),
    enough,
  );
});

test('a random search draws different points of lists, and anew from functions', (t) => {
  const options = { nIter: 6, cv: 2, randomState: 1 };
  const lists = { value: [1, 2, 3, 4, 5, 6, 7, 8] };
  const search = new RandomizedSearchCV(new Constant(), lists, options).fit(rows, numbers);
  const values = search.fitted.cvResults.params.map(({ value }) => value);
  t.is(new Set(values).size, 6);
  const again = search.clone().fit(rows, numbers);
  t.deepEqual(again.fitted.cvResults.params, search.fitted.cvResults.params);
  t.deepEqual(search.predict({ shape: [1] }), [search.fitted.bestParams.value]);

  const drawn = new RandomizedSearchCV(new Constant(), { value: (random) => random() }, options);
  const others = drawn.fit(rows, numbers).fitted.cvResults.params.map(({ value }) => value);
  t.true(others.every((value) => Number(value) >= 0 && Number(value) < 1));
  t.is(new Set(others).size, 6);
  const few = new RandomizedSearchCV(new Constant(), { value: [1, 2] }, options);
  t.is(few.fit(rows, numbers).fitted.cvResults.params.length, 2);
});

test('searches are estimators: they can be cross validated', (t) => {
  const inner = new GridSearchCV(new Constant(), { value: [0, 2] }, { cv: 2 });
  t.deepEqual(crossValScore(inner, rows, numbers, { cv: 3 }), [-1, -1, -1]);
  const { estimator, paramGrid } = inner.clone().getParams();
  t.not(estimator, inner.getParams().estimator);
  t.deepEqual(paramGrid, { value: [0, 2] });
});

test('an estimator among the candidates is copied for every fit', (t) => {
  const shared = new Constant({ value: 1 });
  const scoring = (fitted: EstimatorLike): number => {
    t.not((fitted.getParams() as { inner: unknown }).inner, shared);
    return 0;
  };
  let inner: unknown = new Constant();
  const holder: EstimatorLike = {
    fitted: {},
    fit: () => undefined,
    predict: () => [],
    score: () => 0,
    getParams: () => ({ inner }),
    setParams: (parameters: { inner?: unknown }) => {
      inner = parameters.inner;
    },
    clone: () => holder,
  };
  const search = new GridSearchCV(holder, { inner: [shared] } as never, { scoring, cv: 2 });
  t.notThrows(() => search.fit(rows, numbers));
});

test('scorers are metrics of what an estimator predicts', (t) => {
  const { XTrain: X, yTrain: y, XTest: held, yTest: truth } = load('breast-cancer', true);
  const model = new LogisticRegression().fit(X, y);
  const probability = model.predictProba(held).pick(null, 1);
  t.is(scorers.accuracy(model, held, truth), model.score(held, truth));
  const auc = scorers.rocAuc(model, held, truth);
  t.true(auc > 0.98 && Math.abs(auc - scorers.rocAucOvr(model, held, truth)) < 0.01);
  const losses = truth.map((label, row) => {
    const own = probability.get(row);
    return -Math.log(label === 1 ? own : 1 - own);
  });
  const loss = losses.reduce((a, b) => a + b) / losses.length;
  t.true(Math.abs(scorers.negLogLoss(model, held, truth) + loss) < 1e-12);
  const three = new LogisticRegression().fit(XTrain, yTrain);
  t.true(scorers.rocAucOvo(three, XTest, yTest) > 0.95);
  t.throws(() => scorers.rocAuc(three, XTest, yTest), { code: 'BAD_OPTION' });
  const machine = new LinearSVC().fit(X, y);
  t.true(scorers.rocAuc(machine, held, truth) > 0.98);
  t.throws(() => scorers.negLogLoss(machine, held, truth), { code: 'UNSUPPORTED' });
});

test('what no search can mean is refused', (t) => {
  const tree = new DecisionTreeClassifier();
  const searching =
    (grid: unknown, options: object = {}) =>
    () =>
      new GridSearchCV(tree, grid as never, options as never).fit(XTrain, yTrain);
  t.throws(searching({}, { scorer: 'f1' }), { code: 'BAD_OPTION', message: /GridSearchCV/ });
  t.throws(searching({}, { scoring: 'F1' }), { code: 'BAD_OPTION', message: /balancedAccuracy/ });
  t.throws(searching({}, { refit: 'accuracy' }), { code: 'BAD_OPTION' });
  t.throws(searching({}, { errorScore: 'nan' }), { code: 'BAD_OPTION' });
  for (const cv of [1, [], [[[], [1]]], [[[0], [999]]], [[[0.5], [1]]], 'five']) {
    t.throws(searching({}, { cv }), { code: 'BAD_OPTION' }, `${cv}`);
  }
  t.throws(searching({ maxDepth: [] }), { code: 'BAD_OPTION', message: /paramGrid.maxDepth/ });
  t.throws(searching({ depth: [1] }), { code: 'BAD_OPTION', message: /given depth/ });
  for (const grid of [[], [3], null, 'maxDepth']) t.throws(searching(grid), { code: 'BAD_OPTION' });
  t.is(new GridSearchCV(tree, {}, { cv: undefined } as object).getParams().cv, 5);
  // @ts-expect-error: the type of a grid knows the parameters of its estimator
  t.throws(() => new GridSearchCV(tree, { maxDeph: [1] }).fit(XTrain, yTrain));
  const search = new GridSearchCV(tree, { maxDepth: [1] }, { refit: false });
  t.throws(() => search.predict(XTest), { code: 'NOT_FITTED' });
  t.throws(() => search.fit(XTrain, yTrain).predict(XTest), { message: /set refit to true/ });
  t.is(search.fitted.bestIndex, 0);
  t.throws(() => new RandomizedSearchCV(tree, {}, { nIter: 0 }).fit(XTrain, yTrain), {
    code: 'BAD_OPTION',
  });
});
