import test from 'ava';
import { Matrix } from 'ml-matrix';
import { DecisionTreeClassifier, GridSearchCV, trainTestSplit } from '../../../estimators/index.ts';

const X = Array.from({ length: 20 }, (_, row) => [row, 100 + row]);
const y = X.map(([row]) => (row! % 5 === 0 ? 'rare' : 'often'));

test('every row is in one part, with its own label, and equal seeds split equally', (t) => {
  const [XTrain, XTest, yTrain, yTest] = trainTestSplit(X, y, { randomState: 3 });
  t.deepEqual(
    [XTrain.shape, XTest.shape],
    [
      [15, 2],
      [5, 2],
    ],
  );
  const rows = [...Array(15).keys()].map((i) => XTrain.get(i, 0));
  const held = [...Array(5).keys()].map((i) => XTest.get(i, 0));
  t.deepEqual(
    [...rows, ...held].sort((a, b) => a - b),
    [...Array(20).keys()],
  );
  t.deepEqual(
    yTrain,
    rows.map((row) => y[row]!),
  );
  t.deepEqual(
    yTest,
    held.map((row) => y[row]!),
  );
  t.deepEqual(trainTestSplit(X, y, { randomState: 3 })[3], yTest);
  t.notDeepEqual(
    Array.from(trainTestSplit(X, y, { randomState: 4 })[1].data),
    Array.from(XTest.data),
  );
});

test('stratify keeps the shares, shuffle: false holds out the last rows', (t) => {
  const [, , , yTest] = trainTestSplit(X, y, { testSize: 5, stratify: y });
  t.is(yTest.filter((label) => label === 'rare').length, 1);
  const [, XTest] = trainTestSplit(X, y, { testSize: 0.1, shuffle: false });
  t.deepEqual(Array.from(XTest.data), [18, 118, 19, 119]);
});

test('sizes that leave a part empty are refused', (t) => {
  for (const testSize of [0, 20, 1.5, -1, 0.99]) {
    t.throws(() => trainTestSplit(X, y, { testSize }), { code: 'BAD_OPTION' }, `${testSize}`);
  }
  t.throws(() => trainTestSplit(X, y, { shuffle: false, stratify: y }), { code: 'BAD_OPTION' });
});

test('the numbers of a regression, one a row or several, go with their rows', (t) => {
  const [XTrain, XTest, yTrain, yTest] = trainTestSplit(
    X,
    X.map(([row]) => row! + 0.5),
    { testSize: 4 },
  );
  const first = (matrix: typeof XTrain, i: number): number => matrix.get(i, 0);
  t.deepEqual(
    yTrain,
    yTrain.map((_, i) => first(XTrain, i) + 0.5),
  );
  t.deepEqual(
    yTest,
    yTest.map((_, i) => first(XTest, i) + 0.5),
  );
  const pairs = X.map(([row]) => [-row!, 2 * row!]);
  for (const y of [pairs, new Matrix(pairs)]) {
    const [, XHeld, YTrain, YHeld] = trainTestSplit(X, y, { testSize: 4 });
    t.deepEqual([YTrain.shape, YHeld.shape].flat(), [16, 2, 4, 2]);
    for (let i = 0; i < 4; i++) {
      t.deepEqual([YHeld.get(i, 0), YHeld.get(i, 1)], [-first(XHeld, i), 2 * first(XHeld, i)]);
    }
  }
  t.throws(() => trainTestSplit(X, pairs.slice(1)), { code: 'SHAPE_MISMATCH' });
});

test('missing values of features are left to the estimator', (t) => {
  const [, XTest] = trainTestSplit([[1], [Number.NaN]], [0, 1], { shuffle: false });
  t.deepEqual(Array.from(XTest.data), [Number.NaN]);
});

test('rows with names keep them', (t) => {
  const named = X.map(([a, b]) => ({ a: a!, b: b! }));
  const [XTrain, XTest, , yTest] = trainTestSplit(named, y, { testSize: 2, shuffle: false });
  t.deepEqual([XTrain, XTest, yTest], [named.slice(0, 18), named.slice(18), y.slice(18)]);
  const search = new GridSearchCV(new DecisionTreeClassifier(), { maxDepth: [1, 2] }, { cv: 2 });
  search.fit(named, y);
  t.deepEqual(search.bestEstimator.fitted.featureNamesIn, ['a', 'b']);
  t.deepEqual(search.predict([{ b: 100, a: 0 }]).data, ['rare']);
});
