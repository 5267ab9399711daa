import test from 'ava';
import { Matrix } from 'ml-matrix';
import ndarray from 'ndarray';
import { BlindfitError } from '../../lib/errors.ts';
import { fromTensor, indexAt, toIntegerTensor, toTensor } from '../../tracer/tensor.ts';

const expectCode = (code: string) => ({ instanceOf: BlindfitError, code });

test('numbers, booleans and bigints are arrays of rank 0', (t) => {
  t.deepEqual(toTensor(3), { shape: [], data: Float64Array.of(3) });
  t.deepEqual(toTensor(true), { shape: [], data: Float64Array.of(1) });
  t.deepEqual(toTensor(-5n), { shape: [], data: Float64Array.of(-5) });
});

test('nested arrays keep their shape, also with no elements', (t) => {
  t.deepEqual(
    toTensor([
      [1, 2, 3],
      [4, 5, 6],
    ]).shape,
    [2, 3],
  );
  t.deepEqual(toTensor([]).shape, [0]);
  t.deepEqual(toTensor([[], []]).shape, [2, 0]);
  t.deepEqual(toTensor([Int8Array.of(1, 2), [3, 4]]).data, Float64Array.of(1, 2, 3, 4));
});

test('typed arrays, ndarray views and matrices are read in row-major order', (t) => {
  t.deepEqual(toTensor(Uint8Array.of(1, 255)).data, Float64Array.of(1, 255));
  t.deepEqual(toTensor(BigInt64Array.of(-1n, 7n)).data, Float64Array.of(-1, 7));
  const view = ndarray(Int32Array.of(1, 2, 3, 4, 5, 6), [2, 3])
    .transpose(1, 0)
    .step(-1);
  t.deepEqual(toTensor(view), { shape: [3, 2], data: Float64Array.of(3, 6, 2, 5, 1, 4) });
  t.deepEqual(toTensor(ndarray([7], [])).shape, []);
  const matrix = new Matrix([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  t.deepEqual(toTensor(matrix), { shape: [3, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6) });
});

test('a copy is taken, so that later changes do not reach the tensor', (t) => {
  const source = Float64Array.of(1, 2);
  const tensor = toTensor(source);
  source[0] = 9;
  t.is(tensor.data[0], 1);
});

test('rank 0 leaves as a number, everything else as an ndarray', (t) => {
  t.is(fromTensor(toTensor(4)), 4);
  const view = fromTensor(
    toTensor([
      [1, 2],
      [3, 4],
    ]),
  );
  t.true(typeof view === 'object' && view.get(1, 0) === 3);
});

test('ragged arrays and what is no number are refused with the place', (t) => {
  const ragged = t.throws(() => toTensor([[1, 2], [3]], 'X'), expectCode('BAD_ARRAY'));
  t.regex(ragged!.message, /^X: .*given 1 elements; allowed: 2 elements at depth 1/);
  t.throws(() => toTensor([1, [2]]), expectCode('BAD_ARRAY'));
  t.throws(() => toTensor([[1], 2] as never), expectCode('BAD_ARRAY'));
  for (const value of ['a', null, undefined, {}, [null], ['1'], () => 1]) {
    t.throws(() => toTensor(value as never), expectCode('BAD_ARRAY'), String(value));
  }
});

test('where integers are needed, anything else is refused with its index', (t) => {
  const fraction = t.throws(
    () =>
      toIntegerTensor(
        [
          [1, 2],
          [3, 0.5],
        ],
        'X',
      ),
    expectCode('NOT_AN_INTEGER'),
  );
  t.regex(fraction!.message, /^X\[1,1\]: .*given 0\.5/);
  t.throws(() => toIntegerTensor([Number.NaN]), expectCode('NOT_FINITE'));
  t.throws(() => toIntegerTensor(Number.POSITIVE_INFINITY), expectCode('NOT_FINITE'));
  t.throws(() => toIntegerTensor([2 ** 53]), expectCode('OVERFLOW_2_53'));
  t.throws(() => toTensor(2n ** 53n), expectCode('OVERFLOW_2_53'));
  t.is(toIntegerTensor(2 ** 53 - 1).data[0], 2 ** 53 - 1);
});

test('a flat index has an index per axis', (t) => {
  t.deepEqual(indexAt([2, 3, 4], 23), [1, 2, 3]);
  t.deepEqual(indexAt([], 0), []);
});
