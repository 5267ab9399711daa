import test from 'ava';
import * as np from '../../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [2, 3], min: -9, max: 9, encrypted: true };
const tracing = (f: np.TracedFunction) => () => np.trace(f, [x]);

test('sort is one node, which works along the last axis', (t) => {
  t.is(
    np.print(np.trace((v) => v!.sort({ axis: 0 }), [x])),
    `
%0 = x                      # int[-9, 9] (2, 3)
%1 = transpose(%0, [1, 0])  # int (3, 2)
%2 = sort(%1)               # int (3, 2)
%3 = transpose(%2, [1, 0])  # int (2, 3)
return %3`.trim(),
  );
});

test('a median of an odd number is an integer, of an even one as declared', (t) => {
  np.trace(
    (v) => {
      t.is(v!.median({ axis: 1 }).kind, 'integer');
      t.is(v!.median().kind, 'float');
      t.is(v!.median({ rounding: 'floor' }).kind, 'integer');
      return v!;
    },
    [x],
  );
  t.is(np.median([2 ** 52 - 1, 2 ** 52 - 4], { rounding: 'nearest' }), 2 ** 52 - 2);
});

test('what cannot be sorted is refused with the remedy and the line', (t) => {
  const cases: [np.TracedFunction, RegExp][] = [
    [
      (v) => v!.divide(2).sort(),
      /^sort: a value is not an integer: given a float; round it, or call toInteger\(\), before it is sorted \(.*sort\.test\.ts:\d+:\d+\)$/,
    ],
    [
      (v) => v!.divide(2).median(),
      /^median: a value is not an integer: given a float; round it, .*sort\.test\.ts/,
    ],
    [
      (v) => v!.at(np.slice(0, 0)).median({ axis: 0 }),
      /^median: the shapes do not fit: given \[0, 3\]; allowed: at least one element/,
    ],
    [
      (v) => v!.median({ axis: 1, rounding: 'up' as never }),
      /^median: rounding: .* given up; allowed: \[floor, nearest, none\]/,
    ],
    [(v) => v!.sort({ axis: 2 }), /^sort: axis: .* given 2; allowed: -2 to 1/],
    [(v) => v!.at(0, 0).sort(), /^sort: axis: .* given -1; allowed: none, the value has rank 0/],
  ];
  for (const [f, message] of cases) t.throws(tracing(f), { message }, String(f));
});
