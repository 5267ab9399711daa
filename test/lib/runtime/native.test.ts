import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { programBytes } from '../../../lib/runtime/load.ts';
import { load, native } from '../../../lib/runtime/native.ts';
import { linearExpected, linearProgram } from './programs.ts';

/** The addon's own objects for a linear program. */
async function start() {
  const addon = native();
  const program = new addon.NativeProgram(programBytes(linearProgram(1)));
  const secret = await addon.NativeSecretKey.generate(program);
  const evaluation = await secret.evaluationKey(program);
  return { addon, program, secret, evaluation };
}

function detach(bytes: Uint8Array): void {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] });
}

test('an addon that is not there is named, with the command that builds it', (t) => {
  const address = pathToFileURL(join(tmpdir(), 'nowhere', 'blindfit.node'));
  const thrown = t.throws(() => load(address), { code: 'NATIVE_MISSING' });
  t.regex(
    thrown.message,
    /nowhere.*does not load: given no such file; .*`node lib\/native\/build.mjs`/,
  );
  const compiled = pathToFileURL(join(tmpdir(), 'dist', 'lib', 'native', 'blindfit.node'));
  t.throws(() => load(compiled), { message: /build\.mjs dist.lib.native.blindfit\.node`/ });
});

test('an addon that does not load says why', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'blindfit-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'blindfit.node');
  writeFileSync(path, 'built for nothing'.repeat(100));
  const thrown = t.throws(() => load(pathToFileURL(path)), { code: 'NATIVE_MISSING' });
  const { cause } = thrown as { cause?: unknown };
  t.true(cause instanceof Error && thrown.message.includes(cause.message), thrown.message);
});

test('the addon itself refuses values that are no integers of their range', async (t) => {
  const { addon, program, secret } = await start();
  const given = (value: number) => () =>
    addon.encrypt(program, secret, Float64Array.of(0, value, 0), 1);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, 8, -9, 2 ** 60]) {
    t.throws(given(value), { code: 'OUT_OF_RANGE' }, `${value}`);
  }
  for (const rows of [0, 2, -1, 2 ** 31, Number.NaN]) {
    const refused = () => addon.encrypt(program, secret, Float64Array.of(0, 0, 0), rows);
    t.throws(refused, { code: 'OUT_OF_RANGE' }, `${rows} rows`);
  }
  const narrow = Float32Array.of(0, 0, 0) as unknown as Float64Array;
  t.throws(() => addon.encrypt(program, secret, narrow, 1), { message: /Expected/ });
});

test('buffers that are gone are empty', async (t) => {
  const { addon, program, secret, evaluation } = await start();
  const values = Float64Array.of(1, 2, 3);
  detach(new Uint8Array(values.buffer));
  t.throws(() => addon.encrypt(program, secret, values, 1), { code: 'OUT_OF_RANGE' });
  const query = new Uint8Array(100);
  detach(query);
  const running = addon.run(
    program,
    evaluation,
    query,
    undefined,
    new addon.NativeCancel(),
    undefined,
  );
  await t.throwsAsync(running, { code: 'BAD_CIPHERTEXT' });
  t.throws(() => addon.decrypt(program, secret, query), { code: 'BAD_CIPHERTEXT' });
});

test('a run keeps what it needs, whatever becomes of what it was given', async (t) => {
  const { addon, program, secret, evaluation } = await start();
  const values = Float64Array.of(1, 2, 3);
  const query = Uint8Array.from(addon.encrypt(program, secret, values, 1));
  const cancel = new addon.NativeCancel();
  const running = addon.run(program, evaluation, query, undefined, cancel, undefined);
  query.fill(0);
  detach(query);
  evaluation.release();
  t.deepEqual([...addon.decrypt(program, secret, (await running)[0])], linearExpected(values));
});
