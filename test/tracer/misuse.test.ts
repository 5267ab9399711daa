/** Calls that a newcomer from numpy makes: each is refused with what to write instead, and the line. */
import test from 'ava';
import type { ErrorCode } from '../../lib/errors.ts';
import * as np from '../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [2, 3], min: 0, max: 7, encrypted: true };
const y: np.InputDeclaration = { ...x, name: 'y' };

/** JavaScript has no types. */
const js = np as unknown as Readonly<Record<string, (...args: unknown[]) => np.Traced>>;
type Call = (x: np.Traced, y: np.Traced) => unknown;

const refused: readonly [call: Call, code: ErrorCode, message: string][] = [
  [
    (x) => js.map!(x, (v: number) => v),
    'BAD_OPTION',
    'map: an option is not valid: given %0 x: encrypted integer [2,3]; allowed: a function or a LookupTable; write map(f, x)',
  ],
  [
    () => js.map!((v: number) => v),
    'BAD_OPTION',
    'map: an option is not valid: given no values; allowed: one or more; write map(f, x)',
  ],
  [
    () => np.map((() => undefined) as never, 3),
    'FUNCTION_FAILED',
    'map(3): a function given to map threw an error: given TypeError: it returned undefined, not a number; make it return a number for each value that it can meet',
  ],
  [
    () => np.map((() => '3') as never, 3),
    'FUNCTION_FAILED',
    'map(3): a function given to map threw an error: given TypeError: it returned a text, not a number; make it return a number for each value that it can meet',
  ],
  [
    () => np.map((() => null) as never, 3),
    'FUNCTION_FAILED',
    'map(3): a function given to map threw an error: given TypeError: it returned null, not a number; make it return a number for each value that it can meet',
  ],
  [
    () => np.map((async () => 3) as never, 3),
    'FUNCTION_FAILED',
    'map(3): a function given to map threw an error: given TypeError: it returned a promise, not a number; make it return a number for each value that it can meet',
  ],
  [
    (x) => np.map((() => x) as never, 3),
    'FUNCTION_FAILED',
    'map(3): a function given to map threw an error: given TypeError: it returned a traced value: give that to map as an operand of its own; make it return a number for each value that it can meet',
  ],
  [
    (x, y) => js.map!(new np.LookupTable([1, 2]), x, y),
    'BAD_OPTION',
    'map: an option is not valid: given 2 values for a LookupTable; allowed: one; give a function',
  ],
  [
    (x, y) => js.concatenate!(x, y),
    'BAD_OPTION',
    'concatenate: an option is not valid: given %0 x: encrypted integer [2,3]; allowed: a list of arrays; write concatenate([x, y])',
  ],
  [
    (x, y) => js.stack!(x, y),
    'BAD_OPTION',
    'stack: an option is not valid: given %0 x: encrypted integer [2,3]; allowed: a list of arrays; write stack([x, y])',
  ],
  [
    (x, y) => js.vstack!(x, y),
    'BAD_OPTION',
    'vstack: an option is not valid: given %0 x: encrypted integer [2,3]; allowed: a list of arrays; write vstack([x, y])',
  ],
  [
    (x, y) => js.hstack!(x, y),
    'BAD_OPTION',
    'hstack: an option is not valid: given %0 x: encrypted integer [2,3]; allowed: a list of arrays; write hstack([x, y])',
  ],
  [
    (x, y) => js.array!(x, y),
    'BAD_OPTION',
    'array: an option is not valid: given 2 values; allowed: one list; write array([x, y])',
  ],
  [
    (x, y) => js.concatenate!([x, y], { axis: 1 }),
    'BAD_OPTION',
    'concatenate: axis: an option is not valid: given {"axis":1}; allowed: an integer; write the axis itself',
  ],
  [
    (x) => js.flip!(x, { axis: 0 }),
    'BAD_OPTION',
    'flip: axis: an option is not valid: given {"axis":0}; allowed: an axis, or a list of axes; write the axis',
  ],
  [
    (x) => js.roll!(x, 1, { axis: 0 }),
    'BAD_OPTION',
    'roll: axis: an option is not valid: given {"axis":0}; allowed: an integer; write the axis itself',
  ],
  [
    (x) => js.expandDims!(x),
    'BAD_OPTION',
    'expandDims: axis: an option is not valid: given undefined; allowed: an integer; write the axis itself',
  ],
  [
    (x) => js.transpose!(x, 1, 0),
    'BAD_OPTION',
    'transpose: axes: an option is not valid: given 1; allowed: a list of axes; write [1, 0]',
  ],
  [
    (x) => js.round!(x, 0.5),
    'BAD_OPTION',
    'round: decimals: an option is not valid: given 0.5; allowed: a whole number; give one of the allowed values',
  ],
  [
    (x) => js.astype!(x, 'int32'),
    'BAD_OPTION',
    "astype: an option is not valid: given int32; allowed: 'integer' or 'float'; give one of the allowed values",
  ],
  [
    (x) => js.clip!(x),
    'BAD_OPTION',
    'clip: an option is not valid: given no limit; allowed: at least one limit; give one of the allowed values',
  ],
  [
    () => np.arange(0, 5, 0),
    'BAD_OPTION',
    'arange: an option is not valid: given 0 to 5 by 0; allowed: finite numbers, no step of 0; give one of the allowed values',
  ],
  [
    () => np.zeros([2, -1]),
    'BAD_OPTION',
    'zeros: shape: an option is not valid: given [2, -1]; allowed: a list of whole numbers of 0 or more; give one of the allowed values',
  ],
  [
    () => np.eye(2.5),
    'BAD_OPTION',
    'eye: shape: an option is not valid: given [2.5, 2.5]; allowed: a list of whole numbers of 0 or more; give one of the allowed values',
  ],
  [
    (x) => js.at!(x, ':', 0),
    'BAD_OPTION',
    "at: index: an option is not valid: given the text ':'; allowed: integers, slice(1, 3), newAxis, ellipsis, arrays of integers, clear masks; write slice() for ':' and slice(1, 3) for '1:3'",
  ],
  [
    (x) => js.at!(x, undefined),
    'BAD_OPTION',
    "at: index: an option is not valid: given undefined; allowed: integers, slice(1, 3), newAxis, ellipsis, arrays of integers, clear masks; write slice() for ':' and slice(1, 3) for '1:3'",
  ],
  [
    (x) => js.trace!(x),
    'BAD_OPTION',
    'trace: an option is not valid: given %0 x: encrypted integer [2,3]; allowed: a function, and its inputs; use np.matrixTrace, or x.trace(), for the sum of a diagonal',
  ],
  [
    (x) => js.tag!('layer', x),
    'BAD_OPTION',
    "tag layer: an option is not valid: given %0 x: encrypted integer [2,3]; allowed: a function; write tag('name', () => ...)",
  ],
  [
    () => new np.LookupTable([[1, 2]] as never),
    'BAD_ARRAY',
    'LookupTable: this is not an array of numbers: given shape [1, 2]; allowed: a list of one integer or more, or arrays of LookupTables; for one table per element, write new LookupTable([new LookupTable(a), b])',
  ],
  [
    () => new np.LookupTable(Math.abs as never),
    'BAD_ARRAY',
    'LookupTable: this is not an array of numbers: given function abs; write np.map(f, x) for a function',
  ],
  [
    (x) => js.where!(x.less(3), x),
    'BAD_ARRAY',
    'where: this is not an array of numbers: given undefined; allowed: numbers, arrays, ndarray, Matrix; give equally long nested arrays of numbers',
  ],
];

for (const [call, code, message] of refused)
  test(`refused: ${call}`, (t) => {
    const thrown = t.throws(() => np.trace((v, w) => call(v!, w!) as np.Traced, [x, y]), { code });
    const place = / \(\S*misuse\.test\.ts:\d+:\d+\)$/;
    t.regex(thrown!.message, place);
    t.is(thrown!.message.replace(place, ''), message);
  });

test('shapes and axes of methods are a list or its elements, as in numpy', (t) => {
  const shapeOf = (call: Call) => [
    ...(np.trace((v, w) => call(v!, w!) as np.Traced, [x, y]).nodes.at(-1)?.shape ?? []),
  ];
  t.deepEqual(
    shapeOf((x) => x.reshape(3, 2)),
    [3, 2],
  );
  t.deepEqual(
    shapeOf((x) => x.reshape(6, 1)),
    [6, 1],
  );
  t.deepEqual(
    shapeOf((x) => x.reshape(-1)),
    [6],
  );
  t.deepEqual(
    shapeOf((x) => x.reshape([1, -1])),
    [1, 6],
  );
  t.deepEqual(
    shapeOf((x) => x.transpose(1, 0)),
    [3, 2],
  );
  t.deepEqual(
    shapeOf((x) => x.transpose([1, 0])),
    [3, 2],
  );
});

test('full takes what broadcasts, traced or clear', (t) => {
  t.deepEqual(np.toTensor(np.full([2, 3], [1, 2, 3])).data, Float64Array.of(1, 2, 3, 1, 2, 3));
  t.is(np.full([], 5), 5);
  const graph = np.trace((v) => np.full([2, 2, 3], v!), [x]);
  t.deepEqual(graph.nodes.at(-1)?.shape, [2, 2, 3]);
});

test('array maps lists, as JavaScript calls it with an index', (t) => {
  const rows = (v: np.Traced) => [[v, v], [v]].map((row) => np.stack(row)).map(np.array);
  t.deepEqual(
    np.trace((v) => rows(v!) as np.Traced[], [x]).nodes.map(({ op }) => op),
    ['input', 'rearrange', 'rearrange'],
  );
});

test('functions of two reduce lists, as JavaScript calls them with more than two arguments', (t) => {
  const graph = np.trace((v) => [...v!].reduce(np.maximum<np.Traced, np.Traced>).sum(), [x]);
  const values = np.toTensor([
    [1, 5, 2],
    [3, 0, 2],
  ]);
  t.is(np.evaluate(graph, [values])[0]!.data[0], 10);
});
