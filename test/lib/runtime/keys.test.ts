import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { decrypt, encrypt } from '../../../lib/runtime/ciphertexts.ts';
import { EvaluationKey, generateKeys, SecretKey } from '../../../lib/runtime/keys.ts';
import { loadProgram } from '../../../lib/runtime/load.ts';
import { liveObjects } from '../../../lib/runtime/native.ts';
import { run } from '../../../lib/runtime/run.ts';
import { linearProgram, tableExpected, tableProgram } from './programs.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Waits until garbage is collected and finalizers have run. */
async function settle() {
  for (let round = 0; round < 5; round++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test.serial('keys survive the way through bytes', async (t) => {
  const loaded = loadProgram(tableProgram());
  using keys = await generateKeys(loaded);
  const secretBytes = keys.secret.toBytes();
  const evaluationBytes = await keys.evaluation.toBytes();
  t.true(secretBytes.length < 400, `${secretBytes.length}`);
  t.true(evaluationBytes.length < 1e6, `${evaluationBytes.length}`);
  using secret = SecretKey.fromBytes(loaded, secretBytes);
  using evaluation = await EvaluationKey.fromBytes(loaded, evaluationBytes);
  const reply = await run(loaded, evaluation, encrypt(loaded, keys.secret, Float64Array.of(9), 1));
  t.deepEqual([...decrypt(loaded, secret, reply)], [tableExpected(9)]);
});

test.serial('damaged keys are refused with a code', async (t) => {
  const loaded = loadProgram(tableProgram());
  using keys = await generateKeys(loaded);
  const damage = (bytes: Uint8Array, place: number) => {
    const damaged = Uint8Array.from(bytes);
    damaged[place]! ^= 1;
    return damaged;
  };
  const secret = keys.secret.toBytes();
  const evaluation = await keys.evaluation.toBytes();
  for (const place of [0, 9, 10, 14, 50, 60, 300]) {
    const broken = () => SecretKey.fromBytes(loaded, damage(secret, place));
    t.throws(broken, { code: 'BAD_KEY' }, `byte ${place}`);
    const late = EvaluationKey.fromBytes(loaded, damage(evaluation, place));
    await t.throwsAsync(late, { code: 'BAD_KEY' }, `byte ${place}`);
  }
  t.throws(() => SecretKey.fromBytes(loaded, secret.subarray(0, 100)), { code: 'BAD_KEY' });
  t.throws(() => SecretKey.fromBytes(loaded, evaluation), {
    code: 'BAD_KEY',
    message: /an evaluation key where a secret key is wanted/,
  });
});

test.serial('keys of other parameters are refused', async (t) => {
  const [linear, table] = [loadProgram(linearProgram(1)), loadProgram(tableProgram())];
  using keys = await generateKeys(table);
  t.throws(() => SecretKey.fromBytes(linear, keys.secret.toBytes()), { code: 'WRONG_KEY' });
  const bytes = await keys.evaluation.toBytes();
  await t.throwsAsync(EvaluationKey.fromBytes(linear, bytes), { code: 'WRONG_KEY' });
});

test.serial('a server cannot be given a secret key', async (t) => {
  const loaded = loadProgram(linearProgram(1));
  using keys = await generateKeys(loaded);
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2, 3), 1);
  // @ts-expect-error: the two types of keys do not fit each other.
  await t.throwsAsync(run(loaded, keys.secret, query), { name: 'TypeError' });
  // @ts-expect-error: the two types of keys do not fit each other.
  t.throws(() => encrypt(loaded, keys.evaluation, Float64Array.of(1, 2, 3), 1), {
    name: 'TypeError',
  });
});

test.serial('a disposed key is of no use', async (t) => {
  const loaded = loadProgram(linearProgram(1));
  const keys = await generateKeys(loaded);
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2, 3), 1);
  keys[Symbol.dispose]();
  keys[Symbol.dispose]();
  t.throws(() => encrypt(loaded, keys.secret, Float64Array.of(1, 2, 3), 1), { code: 'DISPOSED' });
  t.throws(() => keys.secret.toBytes(), { code: 'DISPOSED' });
  await t.throwsAsync(keys.evaluation.toBytes(), { code: 'DISPOSED' });
  await t.throwsAsync(run(loaded, keys.evaluation, query), { code: 'DISPOSED' });
});

test.serial('keys that are disposed of during a run serve it to the end', async (t) => {
  const loaded = loadProgram(tableProgram());
  const keys = await generateKeys(loaded);
  const running = run(loaded, keys.evaluation, encrypt(loaded, keys.secret, Float64Array.of(7), 1));
  keys.evaluation[Symbol.dispose]();
  t.deepEqual([...decrypt(loaded, keys.secret, await running)], [tableExpected(7)]);
});

/** Makes and uses all kinds of native objects. */
async function useKeys(dispose: boolean) {
  const loaded = loadProgram(tableProgram());
  const keys = await generateKeys(loaded);
  const query = encrypt(loaded, keys.secret, Float64Array.of(5), 1);
  await run(loaded, keys.evaluation, query);
  if (dispose) keys[Symbol.dispose]();
}

test.serial('disposed keys are freed at once', async (t) => {
  await settle();
  const { secretKeys, evaluationKeys } = liveObjects();
  await useKeys(true);
  t.is(liveObjects().secretKeys, secretKeys);
  t.is(liveObjects().evaluationKeys, evaluationKeys);
});

test.serial('forgotten keys and programs are collected', async (t) => {
  await settle();
  const before = liveObjects();
  for (let round = 0; round < 3; round++) await useKeys(false);
  t.true(liveObjects().secretKeys > before.secretKeys);
  await settle();
  t.deepEqual(liveObjects(), before);
});
