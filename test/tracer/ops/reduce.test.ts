import test from 'ava';
import * as np from '../../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [4], min: -9, max: 9, encrypted: true };
const printed = (f: np.TracedFunction, shape: readonly number[] = [4]): string =>
  np.print(np.trace(f, [{ ...x, shape }]));

test('argmax compares neighbours, and keeps values only as long as it needs them', (t) => {
  const { nodes } = np.trace((v) => v!.argmax(), [{ ...x, shape: [3] }]);
  const names = nodes.map((node) => (node.op === 'map' ? node.name : node.op));
  t.deepEqual(
    names.filter((name) => !['input', 'constant', 'rearrange'].includes(name)),
    ['maximum', 'greaterEqual', 'where', 'greaterEqual', 'where'],
  );
});

test('any and all count truths, in groups where there are many', (t) => {
  t.is(
    printed((v) => v!.any()),
    `
%0 = x                  # int[-9, 9] (4)
%1 = 0                  # clear int ()
%2 = notEqual(%0, %1)   # int (4)
%3 = sum(%2, axes=[0])  # int ()
%4 = greater(%3, %1)    # int ()
return %4`.trim(),
  );
  const sums = np.trace((v) => v!.greater(0).all(), [{ ...x, shape: [600] }]).nodes;
  t.deepEqual(
    sums.flatMap((node) => (node.op === 'sum' ? [sums[node.inputs[0]!]!.shape[0]] : [])),
    [255, 255, 90, 3],
  );
});

test('cumsum is a product with a triangle, in blocks where there are many elements', (t) => {
  t.is(
    printed((v) => v!.cumsum({ axis: 0 })),
    `
%0 = x                                          # int[-9, 9] (4)
%1 = [[1, 1, 1, 1], [0, 1, 1, 1], [0, 0, ...]]  # clear int (4, 4)
%2 = matmul(%0, %1)                             # int (4)
return %2`.trim(),
  );
  const { nodes } = np.trace((v) => v!.cumsum(), [{ ...x, shape: [5000] }]);
  t.true(nodes.every((node) => node.op !== 'constant' || node.value.data.length <= 128 * 128));
});

test('what cannot be reduced is refused with the line', (t) => {
  const cases: [np.TracedFunction, RegExp][] = [
    [
      (v) => v!.at(np.slice(0, 0)).argmax(),
      /^argmax: the shapes do not fit: given \[0\]; allowed: at least one element; .*reduce\.test\.ts:\d+:\d+\)$/,
    ],
    [(v) => v!.argmin({ axis: 1 }), /^argmin: axis: .* given 1; allowed: -1 to 0/],
    [(v) => v!.at(np.slice(0, 0)).ptp(), /^ptp: .* allowed: at least one element/],
    [(v) => v!.cumsum({ axis: -2 }), /^cumsum: axis: .* given -2; allowed: -1 to 0/],
    [
      (v) => v!.mean({ rounding: 'ceil' as never }),
      /^mean: rounding: an option is not valid: given ceil; allowed: \[floor, nearest, none\]/,
    ],
    [
      (v) => np.inner(v!, [1, 2]) as np.Traced,
      /^inner: .* given \[4\] and \[2\]; allowed: equal last extents/,
    ],
  ];
  for (const [f, message] of cases) t.throws(() => np.trace(f, [x]), { message }, String(f));
});
