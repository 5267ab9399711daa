import test from 'ava';
import type { BlindfitError } from '../../../lib/errors.ts';
import * as np from '../../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [4, 2], min: 0, max: 15, encrypted: true };
const i: np.InputDeclaration = { name: 'i', shape: [], min: -8, max: 7, encrypted: true };
const values = np.toTensor([
  [1, 2],
  [3, 4],
  [5, 6],
  [7, 8],
]);
const run = (f: np.TracedFunction, place: number): number[] => [
  ...np.evaluate(np.trace(f, [x, i]), [values, np.toTensor(place)])[0]!.data,
];
const names = (graph: np.Graph): string[] =>
  graph.nodes.map((node) => (node.op === 'map' || node.op === 'rearrange' ? node.name : node.op));

test('a traced index into a traced array is a tree of choices by its bits', (t) => {
  const graph = np.trace((v, at) => v!.at(at!, 1), [x, i]);
  np.verify(graph);
  t.is(names(graph).filter((name) => name === 'where').length, 2);
  const sizes = graph.nodes.flatMap((node) =>
    node.op === 'where' ? [np.shapeOf(node.shape)] : [],
  );
  t.deepEqual(sizes, [[1], [1]]);
  t.deepEqual(
    [0, 3, -1, -4].flatMap((place) => run((v, at) => v!.at(at!, 1), place)),
    [2, 8, 8, 2],
  );
});

test('a traced index into a clear array is one table, shared by all elements that it serves', (t) => {
  const graph = np.trace(
    (_, at) => np.take(np.arange(7), np.add(at!, [0, 1, 2])) as np.Traced,
    [x, i],
  );
  const [table] = graph.nodes.filter((node) => node.op === 'table');
  t.deepEqual([...table!.tables.shape], [1]);
  t.is(table!.tables.entries.length, 1);
  t.deepEqual(
    run((_, at) => np.take(np.arange(7), at!) as np.Traced, -2),
    [5],
  );
  t.deepEqual(
    run(
      (_, at) =>
        np.at(
          [
            [9, 8],
            [7, 6],
          ],
          at!,
        ) as np.Traced,
      1,
    ),
    [7, 6],
  );
});

test('what is nested with traced values indexes as an array', (t) => {
  t.deepEqual(
    run((v, at) => v!.at([at!, 0], 0), 2),
    [5, 1],
  );
  t.deepEqual(
    run((v, at) => v!.set([[at!, 0], 0], 9).at(np.slice(), 0), 2),
    [9, 3, 9, 7],
  );
});

test('later writes win where traced indices are equal', (t) => {
  t.deepEqual(
    run((v, at) => v!.at(np.slice(), 0).set([[at!, 1]], [20, 30]), 1),
    [1, 30, 5, 7],
  );
  t.deepEqual(
    run((v, at) => v!.at(np.slice(), 0).set([[1, at!]], [20, 30]), -3),
    [1, 30, 5, 7],
  );
});

test('an index outside the array is refused when evaluated, with its value and the line', (t) => {
  for (const [f, what] of [
    [(v, at) => v!.at(at!), 'at: axis 0'],
    [(v, at) => v!.at(0, at!), 'at: axis 1'],
    [(v, at) => v!.at(np.slice(0, 1), 0).at(at!), 'at: axis 0'],
    [(v, at) => v!.take(at!, { axis: 1 }), 'take: axis 1'],
    [(_, at) => np.at([1, 2], at!) as np.Traced, 'at: axis 0'],
    [(v, at) => v!.set([at!], 1), 'set: axis 0'],
  ] as [np.TracedFunction, string][]) {
    const { message, code } = t.throws<BlindfitError>(() => run(f, 5));
    t.is(code, 'INDEX_OUT_OF_RANGE');
    t.regex(
      message,
      /^(at|take|set): axis \d: an index is out of range: given 5; allowed: -\d to \d; clip the index, or narrow its range \(.*indexing\.test\.ts:\d+:\d+\)$/,
    );
    t.true(message.startsWith(what), message);
  }
});

test('what cannot index is refused with the remedy and the line', (t) => {
  const cases: [np.TracedFunction, RegExp][] = [
    [
      (v) => v!.at(v!.at(np.slice(), 0).less(3)),
      /^at: an option is not valid: given a traced mask; allowed: clear masks: .*; choose with np\.where; for places 0 and 1 use np\.take \(.*indexing\.test\.ts:\d+:\d+\)$/,
    ],
    [(v) => v!.set([v!.less(3)], 0), /^set: .* given a traced mask; .* choose with np\.where/],
    [
      (v) => v!.at(v!.at(0, 0).divide(2)),
      /^at: index: a value is not an integer: given a float; round it/,
    ],
    [(v) => v!.at(true), /^at: .* given true; allowed: masks of rank 1 or more; use 0 or 1/],
    [(v) => v!.at([true, false]), /^at: mask: the shapes do not fit: given \[2\]; allowed: \[4\]/],
    [(v) => v!.at(4), /^at: axis 0: an index is out of range: given 4; allowed: -4 to 3/],
    [(v) => v!.at(0, 0, 0), /^at: .* given 3 indices; allowed: at most 2/],
    [
      (v, at) => v!.at(np.slice(0, 0)).at(at!),
      /^at: axis 0: .* given a traced index; allowed: none, the axis is empty/,
    ],
    [(_, at) => np.at([0.5, 1], at!) as np.Traced, /^at: a value is not an integer: given 0\.5/],
    [
      (v) => v!.set(0 as never, 1),
      /^set: indices: .* given 0; allowed: a list of indices, as in set\(x, \[0, slice\(1\)\], value\)/,
    ],
    [
      (v) => v!.set([0], [1, 2, 3]),
      /^set: value: the shapes do not fit: given \[3\]; allowed: what broadcasts to \[2\]/,
    ],
    [(v) => v!.set([9], 1), /^set: axis 0: .* given 9; allowed: -4 to 3/],
    [(v) => v!.take([0.5]), /^take: indices\[0\]: a value is not an integer: given 0\.5/],
    [(v) => v!.take([8]), /^take: axis 0: .* given 8; allowed: -8 to 7/],
  ];
  for (const [f, message] of cases) t.throws(() => np.trace(f, [x, i]), { message }, String(f));
});

test('x[0] and x[0] = v are refused, since JavaScript cannot overload them', (t) => {
  type Indexed = Record<number, unknown>;
  t.throws(() => np.trace((v) => (v as unknown as Indexed)[2] as np.Traced, [x]), {
    code: 'UNSUPPORTED',
    message:
      /^a traced value: .* given x\[2\]; read with x\.at\(2\) \(.*indexing\.test\.ts:\d+:\d+\)$/,
  });
  const write: np.TracedFunction = (v) => {
    (v as unknown as Indexed)[0] = 5;
    return v!;
  };
  t.throws(() => np.trace(write, [x]), {
    code: 'UNSUPPORTED',
    message: /given x\[0\] = v; write x = x\.set\(\[0\], v\) \(/,
  });
  np.trace(
    (v) => {
      t.is((v as unknown as { then?: unknown }).then, undefined);
      return v!;
    },
    [x],
  );
});
