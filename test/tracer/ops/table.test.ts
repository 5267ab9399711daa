import test from 'ava';
import type { BlindfitError } from '../../../lib/errors.ts';
import * as np from '../../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [2], min: -4, max: 15, encrypted: true };
const run = (f: np.TracedFunction, values: number[]): number[] => [
  ...np.evaluate(np.trace(f, [x]), [np.toTensor(values)])[0]!.data,
];

test('a lookup takes the entry at the value; negative ones count from the end', (t) => {
  const table = new np.LookupTable([10, 20, 30]);
  t.deepEqual(
    run((v) => table.at(v!), [2, -3]),
    [30, 10],
  );
  t.deepEqual(
    run((v) => v!.map(table), [0, -1]),
    [10, 30],
  );
  t.deepEqual(
    run((v) => np.map(table, v!), [1, 1]),
    [20, 20],
  );
  t.is(table.at(1), 20);
});

test('a value outside the table is refused with the allowed range and the line', (t) => {
  const table = new np.LookupTable([10, 20, 30]);
  const thrown = t.throws<BlindfitError>(() => run((v) => table.at(v!), [2, 3]), {
    code: 'INDEX_OUT_OF_RANGE',
  });
  t.regex(thrown!.message, /given 3; allowed: -3 to 2; .*table\.test\.ts:\d+/);
  t.throws(() => table.at(-4), { code: 'INDEX_OUT_OF_RANGE' });
});

test('an array of tables has one per element and broadcasts', (t) => {
  const [a, b] = [new np.LookupTable([1, 2, 3, 4]), new np.LookupTable([9, 8])];
  const pair = new np.LookupTable([a, b]);
  t.deepEqual([pair.shape, pair.entries.length], [[2], 2]);
  t.deepEqual(
    run((v) => pair.at(v!), [3, 1]),
    [4, 8],
  );
  t.deepEqual(
    run((v) => pair.at(v!.at(0)), [1, 0]),
    [2, 8],
  );
  const square = new np.LookupTable([
    [a, b],
    [b, a],
  ]);
  t.deepEqual(
    run((v) => square.at(v!), [0, 1]),
    [1, 8, 9, 2],
  );
  t.throws(() => run((v) => new np.LookupTable([a, a, a]).at(v!), [0, 0]), {
    code: 'SHAPE_MISMATCH',
  });
});

test('tables hold integers, one at least, and nothing traced', (t) => {
  t.throws(() => new np.LookupTable([]), { code: 'BAD_ARRAY' });
  t.throws(
    () =>
      new np.LookupTable([
        [1, 2],
        [3, 4],
      ]),
    { code: 'BAD_ARRAY' },
  );
  t.throws(() => new np.LookupTable(3), { code: 'BAD_ARRAY' });
  t.throws(() => new np.LookupTable([0.5]), { code: 'NOT_AN_INTEGER' });
  t.throws(() => new np.LookupTable([Number.NaN]), { code: 'NOT_FINITE' });
  const one = new np.LookupTable([1]);
  t.throws(() => new np.LookupTable([[one, one], [one]]), { code: 'BAD_ARRAY' });
  t.throws(() => run((v) => new np.LookupTable([v!] as never).at(v!), [0, 0]), {
    code: 'BAD_ARRAY',
  });
});

test('a float is no index', (t) => {
  const table = new np.LookupTable([1, 2]);
  t.throws(() => run((v) => table.at(v!.divide(2)), [0, 0]), {
    code: 'NOT_AN_INTEGER',
    message: /toInteger/,
  });
  t.deepEqual(
    run((v) => table.at(v!.divide(2).toInteger()), [1, 2]),
    [1, 2],
  );
});
