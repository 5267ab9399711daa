import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';
import {
  accuracyScore,
  balancedAccuracyScore,
  confusionMatrix,
  f1Score,
  logLoss,
  precisionScore,
  recallScore,
  rocAucScore,
  rocCurve,
} from '../../../estimators/index.ts';

test('accuracy is the share of right labels, by weight where weights are given', (t) => {
  t.is(accuracyScore([0, 1, 2, 2], [0, 1, 1, 2]), 0.75);
  t.is(accuracyScore(['a', 'b'], ['b', 'b'], { sampleWeight: [3, 1] }), 0.25);
  t.is(accuracyScore(Int32Array.of(1, 0), ndarray(Float64Array.of(1, 0))), 1);
});

test('the confusion matrix counts true classes by row, predicted ones by column', (t) => {
  const counts = confusionMatrix([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2]);
  t.deepEqual(counts.shape, [3, 3]);
  t.deepEqual(Array.from(counts.data), [2, 0, 0, 0, 0, 1, 1, 0, 2]);
});

test('labels that do not fit are refused', (t) => {
  t.throws(() => accuracyScore([0, 1], [0]), { code: 'SHAPE_MISMATCH' });
  t.throws(() => accuracyScore([0, 'a'], [0, 1]), { code: 'BAD_LABELS' });
  t.throws(() => accuracyScore([0, Number.NaN], [0, 1]), { code: 'BAD_LABELS' });
  t.throws(
    () =>
      accuracyScore(
        [
          [0, 1],
          [1, 0],
        ],
        [0, 1],
      ),
    { code: 'SHAPE_MISMATCH' },
  );
});

test('texts beside numbers, no rows, no weights and misspelt options are refused', (t) => {
  for (const score of [accuracyScore, confusionMatrix, f1Score, balancedAccuracyScore]) {
    t.throws(() => score(['a', 'b'], [0, 1]), { code: 'BAD_LABELS', message: /one type/ });
    t.throws(() => score([], []), { code: 'SHAPE_MISMATCH', message: /no rows/ });
    t.throws(() => score([0, 1], [0, 1], { sampleWeight: [0, 0] }), { code: 'OUT_OF_RANGE' });
    t.throws(() => score([0, 1], [0, 1], { sampleweight: [1, 1] } as object), {
      code: 'BAD_OPTION',
      message: /write sampleWeight/,
    });
  }
});

const size = 12;
const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: size, maxLength: size });
const grid = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: size, maxLength: size });
/** The first two rows are of both classes, and count. */
const two = labels.map((all) => [0, 1, ...all.slice(2).map((label) => label % 2)]);
const weighted = grid.map((all) => [1, 2, ...all.slice(2)]);

test('accuracy, micro means and the diagonal of the confusion matrix are one number', (t) => {
  fc.assert(
    fc.property(labels, labels, weighted, (yTrue, yPred, sampleWeight) => {
      const accuracy = accuracyScore(yTrue, yPred, { sampleWeight });
      const shares = confusionMatrix(yTrue, yPred, { sampleWeight, normalize: 'all' });
      const diagonal = [...Array(shares.shape[0]).keys()].map((i) => shares.get(i, i));
      const sum = diagonal.reduce((a, b) => a + b, 0);
      const others = [precisionScore, recallScore, f1Score].map((score) =>
        score(yTrue, yPred, { average: 'micro', sampleWeight }),
      );
      for (const other of [...others, sum]) t.true(Math.abs(other - accuracy) < 1e-12);
    }),
  );
});

test('the area under the curve is the share of pairs that are in order', (t) => {
  fc.assert(
    fc.property(two, grid, weighted, (yTrue, yScore, sampleWeight) => {
      let inOrder = 0;
      let all = 0;
      yTrue.forEach((positive, i) => {
        yTrue.forEach((negative, j) => {
          if (positive !== 1 || negative !== 0) return;
          const weight = sampleWeight[i]! * sampleWeight[j]!;
          all += weight;
          inOrder += weight * (Math.sign(yScore[i]! - yScore[j]!) / 2 + 0.5);
        });
      });
      const area = rocAucScore(yTrue, yScore, { sampleWeight });
      t.true(Math.abs(area - inOrder / all) < 1e-12);
    }),
  );
});

test('probabilities of both classes in the place of scores are refused with the way out', (t) => {
  const proba = [
    [0.2, 0.8],
    [0.6, 0.4],
  ];
  const message = /given shape \[2, 2\]; allowed: \[2\], one a row; .*pick\(null, 1\)/;
  t.throws(() => rocAucScore([0, 1], proba), { code: 'SHAPE_MISMATCH', message });
  t.throws(() => rocCurve([0, 1], proba), { code: 'SHAPE_MISMATCH', message });
  t.throws(() => rocCurve(['a', 'b'], [1, 2]), { code: 'BAD_OPTION', message: /posLabel/ });
  t.throws(() => logLoss([0, 1], [0.5, 1.5]), { code: 'OUT_OF_RANGE' });
});

test('lists of classes hold each once', (t) => {
  for (const labels of [[], ['a', 'b', 'a']]) {
    const refused = { code: 'BAD_OPTION', message: /each once/ };
    t.throws(() => confusionMatrix(['a', 'b'], ['a', 'b'], { labels }), refused);
    t.throws(() => f1Score(['a', 'b'], ['a', 'b'], { average: 'micro', labels }), refused);
    t.throws(() => logLoss(['a', 'b'], [0, 1], { labels }), refused);
  }
});
