import test from 'ava';
import { lossAgainst, lossWithProbes } from '../../../estimators/neural/posttraining/loss.ts';
import { withProbes } from '../../../estimators/neural/posttraining/probes.ts';
import { toTensor } from '../../../tracer/index.ts';

test('rows move away from their nearest row, within the range of each column', (t) => {
  const X = toTensor([
    [0, 0],
    [10, 400],
    [4, 0],
    [6, 300],
  ]);
  const { shape, data } = withProbes(X);
  t.deepEqual(shape, [8, 2]);
  t.deepEqual([...data.subarray(0, 8)], [...X.data]);
  t.deepEqual(
    [...data.subarray(8)],
    [
      [0, 0],
      [10, 400],
      [6, 0],
      [4, 250],
    ].flat(),
  );
});

test('rows without another that differs stay where they are', (t) => {
  const rows = toTensor([
    [1, 2],
    [1, 2],
  ]);
  t.deepEqual([...withProbes(rows).data], [1, 2, 1, 2, 1, 2, 1, 2]);
  t.deepEqual(withProbes(toTensor([[[3, 4]]])).shape, [2, 1, 2]);
});

test('of more than 500 rows, 500 are moved', (t) => {
  const X = toTensor(Array.from({ length: 1200 }, (_, row) => [row]));
  const { shape, data } = withProbes(X);
  t.deepEqual(shape, [1700, 1]);
  t.is(data.at(-1), 1197 + 0.5);
});

test('half of the labels of probes that change count, if that is more than what the rows lose', (t) => {
  const floats = toTensor([[1], [1], [1], [1]]);
  const task = 'classification';
  const lossOf = lossWithProbes(floats, 2, task, null);
  const changed = toTensor([[1], [1], [1], [-1]]);
  t.true(lossOf(changed).loss >= 0.25);
  t.is(lossOf(floats).loss, 0);
  const rowsOnly = toTensor([[1], [1]]);
  const worse = toTensor([[1], [-1], [1], [1]]);
  t.is(lossOf(worse).loss, lossAgainst(rowsOnly, task, null)(toTensor([[1], [-1]])).loss);
});
