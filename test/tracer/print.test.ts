import test from 'ava';
import * as np from '../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [3], min: 0, max: 15, encrypted: true };
const y: np.InputDeclaration = { name: 'y', shape: [2], min: -16, max: 15, encrypted: false };

/** One node of each operation. */
const example = (): np.Graph =>
  np.trace(
    (v, w) => {
      const hidden = np.maximum(
        v!.matmul([
          [1, 2],
          [3, -4],
          [0, 1],
        ]),
        w!,
      );
      const table = new np.LookupTable([2, 1, 3, 0]);
      const tables = new np.LookupTable([table, new np.LookupTable([7, 8])]);
      const scores = v!.multiply(0.5).round().negative().sum({ axis: 0, keepDims: true });
      return [
        np.where(v!.at(np.slice(0, 2)).less(3), hidden, 0),
        np.concatenate([table.at(w!), tables.at(w!)]),
        scores.subtract(
          v!.map(function double(a) {
            return a * 2;
          }),
        ),
        v!.clip(2, 5).reshape([3, 1]).transpose(),
      ];
    },
    [x, y],
  );

test('a graph prints one line per node', (t) => {
  t.is(
    np.print(example()),
    `
%0 = x                               # int[0, 15] (3)
%1 = y                               # clear int[-16, 15] (2)
%2 = [[1, 2], [3, -4], [0, 1]]       # clear int (3, 2)
%3 = matmul(%0, %2)                  # int (2)
%4 = maximum(%3, %1)                 # int (2)
%5 = 0.5                             # clear float ()
%6 = multiply(%0, %5)                # float (3)
%7 = round(%6)                       # int (3)
%8 = negative(%7)                    # int (3)
%9 = sum(%8, axes=[0], keepDims)     # int (1)
%10 = at(%0, 0:2)                    # int (2)
%11 = 3                              # clear int ()
%12 = less(%10, %11)                 # int (2)
%13 = 0                              # clear int ()
%14 = where(%12, %4, %13)            # int (2)
%15 = table(%1, [2, 1, 3, 0])        # clear int (2)
%16 = table(%1, tables [2])          # clear int (2)
%17 = concatenate(%15, %16, axis=0)  # clear int (4)
%18 = double(%0)                     # int (3)
%19 = subtract(%9, %18)              # int (3)
%20 = 2                              # clear int ()
%21 = 5                              # clear int ()
%22 = clip(%0, %20, %21)             # int (3)
%23 = reshape(%22, [3, 1])           # int (3, 1)
%24 = transpose(%23)                 # int (1, 3)
return (%14, %17, %19, %24)`.trim(),
  );
});

test('a guilty node is underlined with its message and the line that made it', (t) => {
  const graph = np.trace((v) => v!.add(1).multiply(2), [x]);
  const underline = [
    { node: 2, message: 'this 17-bit value is used as an input to a table lookup' },
    { node: 2, message: 'but only 16 bits are supported' },
  ];
  const text = np.print(graph, { underline }).replace(/@ .*(\/print\.test\.ts):\d+:\d+/g, '@ $1');
  t.is(
    text,
    `
%0 = x                 # int[0, 15] (3)
%1 = 1                 # clear int ()
%2 = add(%0, %1)       # int (3)
^^^^^^^^^^^^^^^^ this 17-bit value is used as an input to a table lookup
                 but only 16 bits are supported
                 @ /print.test.ts
%3 = 2                 # clear int ()
%4 = multiply(%2, %3)  # int (3)
return %4`.trim(),
  );
});

test('ranges and locations are added where asked for', (t) => {
  const graph = np.trace((v) => v!.add(1), [x]);
  const text = np.print(graph, {
    ranges: ({ op }) => (op === 'add' ? [1, 16] : null),
    locations: true,
  });
  t.regex(text, /^%2 = add\(%0, %1\) {2}# int\[1, 16\] \(3\) {2}@ .*print\.test\.ts:\d+:\d+$/m);
});

test('of a long graph the underlined nodes and their operands are shown', (t) => {
  const graph = np.trace(
    (v) => {
      let sum = v!;
      for (let i = 0; i < 200; i++) sum = sum.add(v!);
      return sum;
    },
    [x],
  );
  const text = np.print(graph, {
    underline: { node: 100, message: 'here' },
    notes: ({ id }) => (id === 50 ? 'wide' : null),
  });
  t.is(
    text.replace(/@ .*(\/print\.test\.ts):\d+:\d+/g, '@ $1'),
    `
%0 = x               # int[0, 15] (3)
... 48 nodes left out
%49 = add(%48, %0)   # int (3)
%50 = add(%49, %0)   # int (3), wide
... 48 nodes left out
%99 = add(%98, %0)   # int (3)
%100 = add(%99, %0)  # int (3)
^^^^^^^^^^^^^^^^^^^ here
                    @ /print.test.ts
... 100 nodes left out
return %200`.trim(),
  );
});

test('large constants are shortened', (t) => {
  const graph = np.trace(
    (v) => v!.add(np.arange(300).valueOf() as never).sum(),
    [{ ...x, shape: [] }],
  );
  t.regex(np.print(graph), /^%1 = \[0, 1, 2, .*, \.\.\.\] +# clear int \(300\)$/m);
});

test('DOT text has a node and an edge for each', (t) => {
  const graph = np.trace((v) => v!.add(1), [x]);
  t.is(
    np.toDot(graph),
    `digraph {
  node [shape=box, fontname=monospace];
  n0 [label="%0 = x\\ninteger (3)", shape=ellipse];
  n1 [label="%1 = 1\\ninteger ()", shape=plain, color=grey, fontcolor=grey40];
  n2 [label="%2 = add(%0, %1)\\ninteger (3)", peripheries=2];
  n0 -> n2 [label=0];
  n1 -> n2 [label=1];
}
`,
  );
});

test('equal graphs have equal hashes, and every field counts', (t) => {
  t.is(np.hash(example()), np.hash(example()));
  t.regex(np.hash(example()), /^[0-9a-f]{16}$/);
  const variants = [
    np.trace((v) => v!.add(1), [x]),
    np.trace((v) => v!.add(2), [x]),
    np.trace((v) => v!.subtract(1), [x]),
    np.trace((v) => v!.add(1), [{ ...x, max: 14 }]),
    np.trace((v) => v!.add(1), [{ ...x, encrypted: false }]),
    np.trace((v) => v!.add(1), [{ ...x, shape: [4] }]),
    np.trace((v) => [v!.add(1), v!], [x]),
    np.trace((v) => v!.map((a) => a + 1), [x]),
    np.trace((v) => v!.map((a) => a + 2), [x]),
    np.trace((v) => new np.LookupTable([1, 2]).at(v!), [x]),
    np.trace((v) => new np.LookupTable([1, 3]).at(v!), [x]),
    np.trace((v) => v!.at([0, 1]), [x]),
    np.trace((v) => v!.at([0, 2]), [x]),
    np.trace((v) => v!.sum({ axis: 0 }), [x]),
    np.trace((v) => v!.sum({ axis: 0, keepDims: true }), [x]),
    np.trace((v) => v!.refresh(), [x]),
    np.trace((v) => v!.sort(), [x]),
    np.trace((v) => v!.hint({ bits: 3 }), [x]),
    np.trace((v) => v!.hint({ bits: 3, signed: true }), [x]),
  ];
  t.is(new Set(variants.map(np.hash)).size, variants.length);
});

test('functions of the tracer have one hash in all builds, functions of users that of their text', (t) => {
  const rebuilt = (graph: np.Graph): np.Graph => ({
    ...graph,
    nodes: graph.nodes.map((node) =>
      node.op === 'map' ? { ...node, f: (...values: number[]) => node.f(...values) } : node,
    ),
  });
  const own = np.trace((v) => v!.less(3), [x]);
  t.is(np.hash(rebuilt(own)), np.hash(own));
  const given = np.trace((v) => v!.map((a) => a + 1), [x]);
  t.not(np.hash(rebuilt(given)), np.hash(given));
});
