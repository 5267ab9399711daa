import test from 'ava';
import { loadBreastCancer, splitBreastCancer } from '../../docs/examples/data/load.ts';

test('the breast cancer data are the 569 rows that their README describes', (t) => {
  const { X, y, featureNames } = loadBreastCancer();
  t.is(X.length, 569);
  t.true(X.every((row) => row.length === 30 && row.every(Number.isFinite)));
  t.is(featureNames.length, 30);
  t.is(y.filter((target) => target === 0).length, 212);
  t.is(y.filter((target) => target === 1).length, 357);
  t.is(X[0]![0], 17.99);
});

test('the split uses every row once', (t) => {
  const { XTrain, XTest, yTrain, yTest } = splitBreastCancer();
  t.deepEqual([XTrain.length, XTest.length, yTrain.length, yTest.length], [398, 171, 398, 171]);
  t.is(new Set([...XTrain, ...XTest].map(String)).size, 569);
});
