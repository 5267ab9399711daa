import test from 'ava';
import { searchParameters } from '../../../lib/compiler/parameters/search.ts';
import {
  decrypt,
  encrypt,
  queryFromBytes,
  replyFromBytes,
} from '../../../lib/runtime/ciphertexts.ts';
import { generateKeys } from '../../../lib/runtime/keys.ts';
import { loadProgram } from '../../../lib/runtime/load.ts';
import type { Program } from '../../../lib/runtime/program.ts';
import { run } from '../../../lib/runtime/run.ts';
import { interpret } from '../../support/interpret.ts';
import {
  circuitExpected,
  circuitProgram,
  circuitRequirements,
  linearExpected,
  linearProgram,
  lookupExpected,
  lookupProgram,
  tableExpected,
  tableProgram,
} from './programs.ts';

async function start(program: Program) {
  const loaded = loadProgram(program);
  const keys = await generateKeys(loaded);
  const evaluate = async (values: Float64Array, rowCount: number) => {
    const query = encrypt(loaded, keys.secret, values, rowCount);
    return [...decrypt(loaded, keys.secret, await run(loaded, keys.evaluation, query))];
  };
  return { loaded, keys, evaluate };
}

test('a linear program computes one row and many', async (t) => {
  const { evaluate } = await start(linearProgram(600));
  for (const rowCount of [0, 1, 600, 1301]) {
    const rows = Float64Array.from({ length: 3 * rowCount }, (_, i) => ((i * i) % 16) - 8);
    t.deepEqual(await evaluate(rows, rowCount), linearExpected(rows));
  }
});

test('a table of packed bits', async (t) => {
  const { evaluate } = await start(tableProgram());
  const rows = Float64Array.from({ length: 16 }, (_, x) => x + 3);
  t.deepEqual(await evaluate(rows, 16), [...rows].map(tableExpected));
});

test('lookups in two layers', async (t) => {
  const { evaluate } = await start(lookupProgram(1, 2));
  const rows = Float64Array.of(0, 0, 7, 7, 2, 5);
  t.deepEqual(await evaluate(rows, 3), [
    lookupExpected(0, 0),
    lookupExpected(7, 7),
    lookupExpected(2, 5),
  ]);
});

test('a wide table of a computed value', async (t) => {
  const found = searchParameters(circuitRequirements(9));
  if (found.kind !== 'chosen') return t.fail(JSON.stringify(found));
  const program = circuitProgram(9, found.parameters);
  const { evaluate } = await start(program);
  const rows = [
    [0, 0],
    [255, 255],
    [170, 87],
  ] as const;
  const expected = rows.map(([x, y]) => circuitExpected(9, x, y));
  t.deepEqual(await evaluate(Float64Array.from(rows.flat()), rows.length), expected);
  t.deepEqual(
    rows.map((row) => interpret(program, row)),
    expected.map((value) => [value]),
  );
  return undefined;
});

test('messages are small, and travel as bytes', async (t) => {
  const { loaded, keys } = await start(linearProgram(1));
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2, 3), 1);
  t.true(query.bytes.length < 200, `${query.bytes.length}`);
  const reply = await run(loaded, keys.evaluation, queryFromBytes(Uint8Array.from(query.bytes)));
  t.true(reply.bytes.length < 8400, `${reply.bytes.length}`);
  const values = decrypt(loaded, keys.secret, replyFromBytes(Uint8Array.from(reply.bytes)));
  t.deepEqual([...values], [14]);
});

test('two programs of one key hash share keys, but not messages', async (t) => {
  const { loaded, keys } = await start(linearProgram(1));
  const other = loadProgram(linearProgram(2));
  t.is(other.keyHash, loaded.keyHash);
  t.not(other.hash, loaded.hash);
  const query = encrypt(other, keys.secret, Float64Array.of(1, 2, 3), 1);
  const reply = await run(other, keys.evaluation, query);
  t.deepEqual([...decrypt(other, keys.secret, reply)], [14]);
  await t.throwsAsync(run(loaded, keys.evaluation, query), { code: 'WRONG_PROGRAM' });
  t.throws(() => decrypt(loaded, keys.secret, reply), { code: 'WRONG_PROGRAM' });
});

test('keys of another client are refused', async (t) => {
  const { loaded, keys } = await start(linearProgram(1));
  const stranger = await generateKeys(loaded);
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2, 3), 1);
  await t.throwsAsync(run(loaded, stranger.evaluation, query), { code: 'WRONG_KEY' });
  const reply = await run(loaded, keys.evaluation, query);
  t.throws(() => decrypt(loaded, stranger.secret, reply), { code: 'WRONG_KEY' });
});

test('keys of other parameters are refused', async (t) => {
  const { loaded } = await start(linearProgram(1));
  const { loaded: table, keys } = await start(tableProgram());
  const values = Float64Array.of(1, 2, 3);
  t.throws(() => encrypt(loaded, keys.secret, values, 1), { code: 'WRONG_KEY' });
  const query = encrypt(table, keys.secret, Float64Array.of(5), 1);
  await t.throwsAsync(run(loaded, keys.evaluation, query), { code: 'WRONG_PROGRAM' });
});

test('values that are no integers of their range are refused', async (t) => {
  const { loaded, keys } = await start(linearProgram(1));
  const given = (value: number) => () =>
    encrypt(loaded, keys.secret, Float64Array.of(0, value, 0), 1);
  const refused = t.throws(given(8), { code: 'OUT_OF_RANGE' });
  t.regex(refused.message, /input 1 of row 0.*given 8; allowed: integers from -8 to 7/);
  t.throws(given(-9), { code: 'OUT_OF_RANGE' });
  t.throws(given(0.5), { code: 'NOT_AN_INTEGER' });
  t.throws(given(Number.NaN), { code: 'NOT_AN_INTEGER' });
  t.throws(() => encrypt(loaded, keys.secret, Float64Array.of(1, 2), 1), {
    code: 'SHAPE_MISMATCH',
  });
});

test('a program that does not hold together is refused where it is wrong', (t) => {
  const program = linearProgram(1);
  const broken = { ...program, replies: [{ ...program.replies[0]!, source: 7 }] };
  const refused = t.throws(() => loadProgram(broken as Program), { code: 'BAD_PROGRAM' });
  t.regex(refused.message, /replies\[0\]\.source/);
  t.throws(() => loadProgram({} as Program), { code: 'BAD_PROGRAM' });
});

test('damaged messages are refused with a code', async (t) => {
  const { loaded, keys } = await start(linearProgram(1));
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2, 3), 1);
  const reply = await run(loaded, keys.evaluation, query);
  for (const place of [0, 8, 10, 13, 49, 57, 72, query.bytes.length - 1]) {
    const bytes = Uint8Array.from(query.bytes);
    bytes[place]! ^= 4;
    const refusal = run(loaded, keys.evaluation, queryFromBytes(bytes));
    await t.throwsAsync(refusal, { code: 'BAD_CIPHERTEXT' }, `byte ${place}`);
    const answer = Uint8Array.from(reply.bytes);
    answer[place]! ^= 4;
    t.throws(() => decrypt(loaded, keys.secret, replyFromBytes(answer)), {
      code: 'BAD_CIPHERTEXT',
    });
  }
  for (const length of [0, 1, 55, 56, 63, 64, 100]) {
    const cut = queryFromBytes(query.bytes.subarray(0, length));
    await t.throwsAsync(run(loaded, keys.evaluation, cut), { code: 'BAD_CIPHERTEXT' });
  }
  await t.throwsAsync(run(loaded, keys.evaluation, queryFromBytes(reply.bytes)), {
    code: 'BAD_CIPHERTEXT',
    message: /a reply where a query is wanted/,
  });
});

test('what is no byte array is refused', async (t) => {
  const { loaded, keys } = await start(linearProgram(1));
  const nothing = queryFromBytes(undefined as unknown as Uint8Array);
  await t.throwsAsync(run(loaded, keys.evaluation, nothing), { code: 'INTERNAL' });
});

test('runs at the same time share one expansion of the key', async (t) => {
  const { evaluate } = await start(lookupProgram(1, 4));
  const pairs = [0, 1, 2, 3, 4, 5, 6, 7].map((x) => [x, 7 - x] as const);
  const values = await Promise.all(pairs.map(([x, y]) => evaluate(Float64Array.of(x, y), 1)));
  t.deepEqual(
    values,
    pairs.map(([x, y]) => [lookupExpected(x, y)]),
  );
});

test('a short run does not wait for a long one', async (t) => {
  const long = await start(lookupProgram(100, 40));
  const controller = new AbortController();
  const query = encrypt(long.loaded, long.keys.secret, Float64Array.of(1, 2), 1);
  const { signal } = controller;
  const running = run(long.loaded, long.keys.evaluation, query, { signal }).catch(() => 'aborted');
  const short = await start(linearProgram(1));
  const rows = Float64Array.of(1, 2, 3);
  t.deepEqual(await evaluateBefore(running, short.evaluate(rows, 1)), [14]);
  controller.abort();
  t.is(await running, 'aborted');
});

test('the number of threads is checked', async (t) => {
  const { loaded, keys } = await start(linearProgram(1));
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2, 3), 1);
  for (const threads of [0, -1, 1e6, Number.NaN]) {
    await t.throwsAsync(run(loaded, keys.evaluation, query, { threads }), { code: 'OUT_OF_RANGE' });
  }
});

/** What the second promise gives; fails when the first settles before it. */
function evaluateBefore<T>(long: Promise<unknown>, short: Promise<T>): Promise<T | 'late'> {
  return Promise.race([short, long.then(() => 'late' as const)]);
}
