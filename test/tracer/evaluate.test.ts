import test from 'ava';
import fc from 'fast-check';
import type { BlindfitError } from '../../lib/errors.ts';
import * as np from '../../tracer/index.ts';

const input = (
  name: string,
  shape: number[] = [],
  min = -1000,
  max = 1000,
): np.InputDeclaration => ({
  name,
  shape,
  min,
  max,
  encrypted: true,
});

const evaluateAt = (graph: np.Graph, ...values: np.ArrayLike[]): number[][] =>
  np
    .evaluate(
      graph,
      values.map((value) => np.toTensor(value)),
    )
    .map(({ data }) => [...data]);

test('a small network by hand', (t) => {
  const graph = np.trace(
    (x) =>
      np
        .matmul(x!, [
          [1, -2],
          [3, 4],
        ])
        .add([-10, 1])
        .maximum(0),
    [input('x', [2])],
  );
  t.deepEqual(evaluateAt(graph, [2, 5]), [[7, 17]]);
  t.deepEqual(evaluateAt(graph, [1, 1]), [[0, 3]]);
});

test('a batch gives what row by row gives', (t) => {
  const graph = np.trace(
    (x, y) => {
      const product = x!.matmul(
        np.array([
          [1, 2],
          [-3, 4],
          [0, 5],
        ]),
      );
      const chosen = np.where(y!.greater(2), product, [7, 8]);
      return [
        chosen.sum(),
        chosen.at(np.slice(null, null, -1)),
        x!.max(),
        new np.LookupTable([4, 5, 6]).at(y!),
      ];
    },
    [input('x', [3]), input('y', [])],
  );
  const rows = fc.array(
    fc.tuple(
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 }),
      fc.integer({ min: -3, max: 2 }),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(rows, (batch) => {
      const xs = { shape: [batch.length, 3], data: Float64Array.from(batch.flatMap(([x]) => x)) };
      const ys = np.toTensor(Float64Array.from(batch.map(([, y]) => y)));
      const results = np.evaluateBatch(graph, [xs, ys]);
      results.forEach((result, k) => {
        const single = batch.flatMap(([x, y]) => evaluateAt(graph, x, y)[k]!);
        t.deepEqual([...result.data], single);
        t.is(result.shape[0], batch.length);
      });
    }),
    { numRuns: 40, seed: 2 },
  );
});

test('a batch larger than one piece is put together in order', (t) => {
  const graph = np.trace((x) => x!.broadcastTo([1000]).sum(), [input('x', [], 0, 10 ** 6)]);
  const data = Float64Array.from({ length: 3000 }, (_, i) => i);
  const [result] = np.evaluateBatch(graph, [{ shape: [3000], data }]);
  t.deepEqual(
    [...result!.data],
    [...data].map((v) => v * 1000),
  );
});

test('a constant output is repeated for each row, and no rows give no rows', (t) => {
  const traced = np.trace((x) => x!.add([7, 8]), [input('x', [2])]);
  const graph = { ...traced, outputs: [1, 2] };
  const [constant, sum] = np.evaluateBatch(graph, [
    np.toTensor([
      [0, 0],
      [1, 1],
    ]),
  ]);
  t.deepEqual(
    [constant!.shape, [...constant!.data], [...sum!.data]],
    [
      [2, 2],
      [7, 8, 7, 8],
      [7, 8, 8, 9],
    ],
  );
  const [none] = np.evaluateBatch(graph, [{ shape: [0, 2], data: new Float64Array(0) }]);
  t.deepEqual([none!.shape, none!.data.length], [[0, 2], 0]);
});

test('an error in a batch names the arguments of its row', (t) => {
  const graph = np.trace(
    (x, y) => np.map((a, b) => a / b, x!, y!, { kind: 'integer' }),
    [input('x', [2]), input('y')],
  );
  const rows = [
    np.toTensor([
      [2, 4],
      [6, 9],
    ]),
    np.toTensor([2, 6]),
  ];
  t.throws(() => np.evaluateBatch(graph, rows), {
    code: 'NOT_AN_INTEGER',
    message: /^map\(9, 6\): .*1\.5/,
  });
});

test('every operation counts -0 as 0', (t) => {
  const graph = np.trace(
    (x) => [
      x!.multiply(-1),
      x!.negative(),
      x!.map((v) => -v),
      x!.divide(-5).round(),
      x!.abs().multiply(-0),
    ],
    [input('x')],
  );
  for (const [value] of evaluateAt(graph, 0)) t.true(Object.is(value, 0));
});

test('sums that pass 2^53 on the way are exact, results beyond it are refused', (t) => {
  const big = 2 ** 52;
  const [least, most] = [-big - 2, big + 2];
  const sum = np.trace((x) => x!.sum(), [input('x', [5], least, most)]);
  t.deepEqual(evaluateAt(sum, [big, big, 1, -big, -big]), [[1]]);
  const dot = np.trace((x) => x!.dot([3, 3, 1, -3, -3]), [input('x', [5], least, most)]);
  t.deepEqual(evaluateAt(dot, [big, big, 1, big, big]), [[1]]);
  for (const overflow of [
    np.trace((x) => x!.add(x!), [input('x', [], least, most)]),
    np.trace((x) => x!.multiply(x!), [input('x', [], least, most)]),
    np.trace((x) => x!.broadcastTo([3]).sum(), [input('x', [], least, most)]),
    np.trace((x) => x!.broadcastTo([3]).dot([1, 1, 1]), [input('x', [], least, most)]),
    np.trace((x) => x!.map((v) => v * 4), [input('x', [], least, most)]),
  ]) {
    const thrown = t.throws<BlindfitError>(() => evaluateAt(overflow, big), {
      code: 'OVERFLOW_2_53',
    });
    t.regex(thrown!.message, /evaluate\.test\.ts:\d+:\d+/);
  }
});

test('a function that gives no integer names its value, its argument and its line', (t) => {
  const graph = np.trace(
    (x) =>
      np.map(
        function half(v) {
          return v / 2;
        },
        x!,
        { kind: 'integer' },
      ),
    [input('x', [2])],
  );
  t.deepEqual(evaluateAt(graph, [4, 6]), [[2, 3]]);
  const thrown = t.throws<BlindfitError>(() => evaluateAt(graph, [4, 7]), {
    code: 'NOT_AN_INTEGER',
  });
  t.regex(thrown!.message, /^half\(7\): .*given 3\.5; .*evaluate\.test\.ts:\d+:\d+\)$/);
  const missing = np.trace((x) => x!.map((v) => [1, 2][v] as number), [input('x')]);
  t.throws(() => evaluateAt(missing, 2), {
    code: 'FUNCTION_FAILED',
    message: /^map\(2\): .*it returned undefined, not a number/,
  });
});

test('what a function throws arrives with its argument and as the cause', (t) => {
  const graph = np.trace(
    (x) =>
      x!.map((v) => {
        if (v === 3) throw new RangeError('three');
        return v;
      }),
    [input('x', [4])],
  );
  const thrown = t.throws<BlindfitError>(() => evaluateAt(graph, [1, 2, 3, 4]), {
    code: 'FUNCTION_FAILED',
  });
  t.regex(thrown!.message, /^map\(3\): .*RangeError: three/);
  t.true(thrown!.cause instanceof RangeError);
});

test('inputs that do not fit are refused by name', (t) => {
  const graph = np.trace((x) => x!.add(1), [input('x', [2])]);
  t.throws(() => evaluateAt(graph, [1, 2, 3]), {
    code: 'SHAPE_MISMATCH',
    message: /^x: .*\[3\]; allowed: \[2\]/,
  });
  t.throws(() => evaluateAt(graph, [1, 0.5]), { code: 'NOT_AN_INTEGER' });
  t.throws(() => evaluateAt(graph), { code: 'SHAPE_MISMATCH', message: /0 inputs/ });
});

test('each element-wise node tells its scalar function', (t) => {
  const graph = np.trace(
    (x) => new np.LookupTable([5, 6]).at(x!.add(1).less(3)).subtract(2),
    [input('x', [2])],
  );
  const functions = graph.nodes.map((node) => np.scalarFunction(node));
  t.deepEqual(
    functions.map((f) => f !== null),
    [false, false, true, false, true, true, false, true],
  );
  t.is(functions[5]!(1), 6);
});
