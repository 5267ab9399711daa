import test from 'ava';
import ndarray from 'ndarray';
import { accuracyScore, confusionMatrix } from '../../estimators/index.ts';

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
