import test from 'ava';
import type { BlindfitError } from '../../lib/errors.ts';
import * as np from '../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [3], min: 0, max: 15, encrypted: true };

/** The traced graph with changed fields of one node. */
function broken(f: np.TracedFunction, id: number, change: object): np.Graph {
  const graph = np.trace(f, [x]);
  const nodes = graph.nodes.map((node) => (node.id === id ? { ...node, ...change } : node));
  return { ...graph, nodes: nodes as np.Node[] };
}

test('what the tracer makes is valid', (t) => {
  t.notThrows(() => np.verify(np.trace((v) => np.stack([v!, v!]).matmul([1, 2, 3]), [x])));
});

test('each broken rule is told with the guilty node underlined', (t) => {
  const add: np.TracedFunction = (v) => v!.add(1);
  const less: np.TracedFunction = (v) => v!.less(v!);
  const table: np.TracedFunction = (v) => new np.LookupTable([1, 2]).at(v!);
  const at: np.TracedFunction = (v) => v!.at(np.slice(0, 2));
  const cases: [np.Graph, RegExp][] = [
    [broken(add, 2, { id: 7 }), /its id is 7/],
    [broken(add, 2, { inputs: [0, 2] }), /its input %2 does not come before it/],
    [broken(add, 2, { inputs: [0] }), /it has 1 inputs instead of 2/],
    [broken(add, 2, { op: 'plus' }), /there is no operation plus/],
    [broken(add, 2, { shape: [4] }), /its shape should be \[3\]/],
    [broken(add, 2, { shape: [0.5] }), /its shape is \[0\.5\]/],
    [broken(add, 2, { kind: 'float' }), /its kind should be integer/],
    [broken(add, 2, { encrypted: false }), /it is marked clear/],
    [broken(add, 1, { shape: [2] }), /it has 1 elements/],
    [broken(add, 1, { value: np.toTensor(0.5) }), /marked integer, its elements are not/],
    [broken(add, 0, { min: 16 }), /its range is 16 to 15/],
    [broken(add, 0, { kind: 'float' }), /an input must be an integer/],
    [broken(table, 1, { tables: { shape: [2], entries: [] } }), /it has 0 tables for \[2\]/],
    [broken(table, 1, { tables: { shape: [], entries: [Float64Array.of()] } }), /is empty/],
    [
      broken(table, 1, { tables: { shape: [], entries: [Float64Array.of(0.5)] } }),
      /not all integers/,
    ],
    [broken(at, 1, { index: Int32Array.of(0) }), /it names 1 elements/],
    [broken(at, 1, { index: Int32Array.of(0, 3) }), /its element 1 names element 3 of 3/],
    [broken(at, 1, { source: Int32Array.of(0, 1) }), /its element 1 names input 1/],
    [broken((v) => v!.sum(), 1, { axes: [1] }), /its axes \[1\]/],
    [broken((v) => v!.sum(), 1, { axes: [] }), /its shape should be \[3\]/],
    [broken((v) => v!.abs(), 1, { f: null }), /it has no function/],
    [broken(less, 1, { inputs: [0] }), /less has 2 operands/],
    [broken(less, 1, { kind: 'float' }), /less is known of integers/],
    [broken(less, 1, { known: { function: 'less', bits: 2 } }), /less of 2 bits/],
    [
      broken((v) => v!.abs(), 1, { known: { function: 'approximateRound' } }),
      /approximateRound of undefined bits/,
    ],
    [broken((v) => v!.hint({ bits: 2 }), 1, { min: 4 }), /its range is 4 to 3/],
    [broken((v) => v!.refresh(), 1, { kind: 'float' }), /refresh gives integers/],
    [broken((v) => v!.sort(), 1, { kind: 'float' }), /sort gives integers/],
    [broken((v) => v!.sort(), 1, { shape: [2] }), /its shape should be \[3\]/],
    [broken((v) => v!.matmul([1, 2, 3]), 2, { inputs: [0, 0], shape: [1] }), /should be \[\]/],
  ];
  for (const [graph, message] of cases) {
    const thrown = t.throws<BlindfitError>(() => np.verify(graph), { code: 'BAD_GRAPH', message });
    t.regex(thrown!.message, /^%\d+: .*\n\n[\s\S]*\n\^\^\^/, String(message));
  }
});

test('inputs and outputs name existing nodes', (t) => {
  const graph = np.trace((v) => v!.add(1), [x]);
  t.throws(() => np.verify({ ...graph, inputs: [] }), { code: 'BAD_GRAPH' });
  t.throws(() => np.verify({ ...graph, inputs: [0, 0] }), { code: 'BAD_GRAPH' });
  t.throws(() => np.verify({ ...graph, outputs: [] }), { code: 'BAD_GRAPH' });
  t.throws(() => np.verify({ ...graph, outputs: [3] }), { code: 'BAD_GRAPH' });
});
