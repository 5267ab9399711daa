/** Compiling: deterministic, loadable from JSON, told by options and inputsets. */
import test from 'ava';
import { BlindfitError, Circuit, compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';

const { int, range, uint } = encrypted;

const f: np.TracedFunction = (x, y) => [
  np.maximum(x!.dot([1, -2]), y!).map((v) => v % 5),
  np.where(x!.at(0).less(3), y!, x!.at(1)),
];
const specs = { x: int(3, [2]), y: uint(2) };

for (const query of ['packed', 'unpacked', 'values'] as const)
  test(`equal functions make equal programs, byte for byte: ${query}`, async (t) => {
    const [a, b] = [await compile(f, specs, { query }), await compile(f, specs, { query })];
    t.is(JSON.stringify(a.toJSON()), JSON.stringify(b.toJSON()));
  });

test('the hash is that of the function and its inputs', async (t) => {
  const hashOf = async (g: np.TracedFunction, inputs = specs): Promise<unknown> =>
    ((await compile(g, inputs)).toJSON() as { hash: string }).hash;
  const hash = await hashOf(f);
  t.is(await hashOf(f), hash);
  t.not(await hashOf((x, y) => [x!.at(0), y!]), hash);
  t.not(await hashOf(f, { x: int(3, [2]), y: uint(3) }), hash);
});

test('a circuit from JSON runs without compiling, and says the same of itself', async (t) => {
  const circuit = await compile(f, specs);
  const text = JSON.stringify(circuit);
  const loaded = Circuit.fromJSON(text);
  t.is(JSON.stringify(loaded), text);
  t.deepEqual(loaded.statistics, circuit.statistics);
  t.is(String(loaded.graph), String(circuit.graph));
  t.deepEqual(loaded.inputs, circuit.inputs);
  const expected = circuit.evaluate([-3, 2], 3);
  t.deepEqual(loaded.evaluate([-3, 2], 3), expected);
  t.deepEqual(await loaded.simulate([-3, 2], 3), expected);
  t.deepEqual(await loaded.encryptRunDecrypt([-3, 2], 3), expected);
  const keys = await circuit.keygen();
  const reply = await loaded.run(keys.evaluation, circuit.encrypt(keys.secret, [-3, 2], 3).bytes);
  t.deepEqual(circuit.decrypt(keys.secret, reply.bytes), expected);
});

test('a list of outputs comes out as a list, of one too, also after JSON', async (t) => {
  const one = await compile((x) => [x.add(1)], { x: uint(3) });
  const bare = await compile((x) => x.add(1), { x: uint(3) });
  for (const [circuit, expected] of [
    [one, [4]],
    [Circuit.fromJSON(JSON.stringify(one)), [4]],
    [bare, 4],
    [Circuit.fromJSON(JSON.stringify(bare)), 4],
  ] as const) {
    t.deepEqual(circuit.evaluate(3) as unknown, expected);
    t.deepEqual((await circuit.simulate(3)) as unknown, expected);
    t.deepEqual((await circuit.encryptRunDecrypt(3)) as unknown, expected);
  }
});

test('what is no circuit is refused', (t) => {
  for (const json of [null, 7, {}, '{', '[]', { format: 2 }])
    t.throws(() => Circuit.fromJSON(json), { instanceOf: BlindfitError, code: 'BAD_PROGRAM' });
});

test('a circuit prints its fused graph with the range of every value', async (t) => {
  const circuit = await compile(
    (x) =>
      x!
        .multiply(2)
        .add(1)
        .map((v) => v % 3),
    { x: uint(3) },
  );
  t.is(
    String(circuit.graph),
    `
%0 = x                                # int[0, 7] ()
%1 = map(add(multiply(x, 2), 1))(%0)  # int[0, 2] ()
return %1`.trim(),
  );
  t.regex(circuit.graph.toDot(), /^digraph/);
});

test('an inputset gives shape and range of the inputs, and of nothing else', async (t) => {
  const circuit = await compile(
    (x, y) => x!.sum().multiply(y!),
    { x: 'encrypted', y: 'encrypted' },
    {
      inputset: [
        [[1, 2], 3],
        [[0, 7], 5],
      ],
    },
  );
  t.deepEqual(circuit.inputs, [
    { name: 'x', shape: [2], min: 0, max: 7, encrypted: true },
    { name: 'y', shape: [], min: 3, max: 5, encrypted: true },
  ]);
  // Never seen in the inputset, and still right: ranges follow from those of the inputs.
  t.is(circuit.evaluate([7, 7], 5), 70);
  t.is(await circuit.simulate([7, 7], 5), 70);
  t.is(await circuit.encryptRunDecrypt([7, 7], 5), 70);
  t.throws(() => circuit.evaluate([8, 7], 5), { code: 'OUT_OF_RANGE' });
});

test('a declared type stands beside an inputset', async (t) => {
  const circuit = await compile(
    (x, y) => x!.add(y!),
    { x: uint(4), y: 'encrypted' },
    { inputset: [[1, -2]] },
  );
  t.deepEqual(circuit.inputs, [
    { name: 'x', shape: [], min: 0, max: 15, encrypted: true },
    { name: 'y', shape: [], min: -2, max: -2, encrypted: true },
  ]);
});

test('a smaller pError never predicts a larger failure, and each promise holds', async (t) => {
  for (const pError of [0.5, 2 ** -10, 2 ** -40, 2 ** -128])
    for (const query of ['packed', 'values'] as const) {
      const { statistics } = await compile(
        (x) => x!.sum().map((v) => v % 5),
        { x: uint(2, [3]) },
        { pError, query },
      );
      t.true(statistics.log2Failure <= Math.log2(pError), `${pError} ${query}`);
    }
});

test('inputs that nothing reads are not in the query', async (t) => {
  const circuit = await compile((x, _) => x!.at(1).add(1), {
    x: uint(3, [3]),
    unused: uint(60 - 8),
  });
  t.deepEqual(
    circuit.program.queries.flatMap((query) =>
      query.kind === 'bits'
        ? query.bits.map(({ input }) => input)
        : query.slots.map(({ input }) => input),
    ),
    [1],
  );
  t.is(await circuit.encryptRunDecrypt([1, 6, 2], 5), 7);
});

test('programs without anything to compute run: constants, ranges of one value, no elements', async (t) => {
  const nothing = await compile((x) => x!.multiply(0).add(-97), { x: uint(3) });
  t.is(await nothing.encryptRunDecrypt(5), -97);
  const fixed = await compile((x) => x!.add(1).map((v) => v % 4), { x: range(5, 5) });
  t.is(await fixed.encryptRunDecrypt(5), 2);
  const empty = await compile((x) => x!.add(1), { x: uint(3, [0]) });
  t.deepEqual(np.toTensor((await empty.encryptRunDecrypt([])) as np.ClearArray).shape, [0]);
});

test('sums that are too noisy in one product have one each', async (t) => {
  const multiples = (count: number) =>
    compile((x) => [...Array(count).keys()].map((k) => x!.multiply(2 ** 16 - k)), { x: uint(12) });
  const circuit = await multiples(12);
  t.is(circuit.program.replies.length, 12);
  t.is(
    (await compile((x) => [1, 2, 3, 4].map((k) => x!.multiply(k)), { x: uint(12) })).program.replies
      .length,
    1,
  );
  t.deepEqual(await circuit.encryptRunDecrypt(4095), circuit.evaluate(4095));
});

test('compiling can be cancelled: before it starts, and between passes', async (t) => {
  let traced = 0;
  const count = (signal: AbortSignal) =>
    compile(
      (x, y) => {
        traced++;
        return x!.multiply(y!).map((v) => v % 7);
      },
      { x: uint(5, [20]), y: uint(5, [20]) },
      { signal },
    );
  await t.throwsAsync(count(AbortSignal.abort(new Error('never'))), { message: 'never' });
  t.is(traced, 0);
  const stop = new AbortController();
  const compiling = count(stop.signal);
  stop.abort(new Error('too late'));
  await t.throwsAsync(compiling, { message: 'too late' });
  t.is(traced, 1);
  const later = new AbortController();
  const other = count(later.signal);
  setTimeout(() => later.abort(new Error('timeout')), 1);
  await t.throwsAsync(other, { message: 'timeout' });
});
