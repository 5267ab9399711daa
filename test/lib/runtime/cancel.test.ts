import test from 'ava';
import type { Progress } from '../../../lib/progress.ts';
import { decrypt, encrypt } from '../../../lib/runtime/ciphertexts.ts';
import { generateKeys } from '../../../lib/runtime/keys.ts';
import { loadProgram } from '../../../lib/runtime/load.ts';
import { run } from '../../../lib/runtime/run.ts';
import { linearProgram, lookupExpected, lookupProgram } from './programs.ts';

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test.serial('an abort ends a long run within a tenth of a second, with its reason', async (t) => {
  const loaded = loadProgram(lookupProgram(300, 40));
  using keys = await generateKeys(loaded);
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2), 1);
  // The first run expands the key, the others compute.
  const latencies: number[] = [];
  for (const before of [20, 1500, 400, 37]) {
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = run(loaded, keys.evaluation, query, { signal: controller.signal });
    await sleep(before);
    const start = performance.now();
    controller.abort(reason);
    t.is(await t.throwsAsync(running), reason);
    latencies.push(performance.now() - start);
  }
  // A machine with other work may be late now and then.
  latencies.sort((a, b) => a - b);
  t.true(latencies[2]! < 100 && latencies[3]! < 500, `${latencies} ms`);
});

test.serial('an abort ends its own run, though another waits behind it', async (t) => {
  const loaded = loadProgram(lookupProgram(300, 40));
  using keys = await generateKeys(loaded);
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2), 1);
  const start = (signal: AbortSignal) => run(loaded, keys.evaluation, query, { signal });
  const latencies: number[] = [];
  for (let round = 0; round < 3; round++) {
    const [first, second] = [new AbortController(), new AbortController()];
    const running = start(first.signal);
    await sleep(400);
    const waiting = start(second.signal);
    await sleep(400);
    const before = performance.now();
    setTimeout(() => second.abort(new Error('enough')), 1000);
    first.abort(new Error('enough'));
    await t.throwsAsync(running);
    latencies.push(performance.now() - before);
    await t.throwsAsync(waiting);
  }
  latencies.sort((a, b) => a - b);
  t.true(latencies[1]! < 100 && latencies[2]! < 500, `${latencies} ms`);
});

test.serial('after an abort the same keys and query still work', async (t) => {
  const loaded = loadProgram(lookupProgram(0, 1));
  using keys = await generateKeys(loaded);
  const query = encrypt(loaded, keys.secret, Float64Array.of(3, 4), 1);
  const controller = new AbortController();
  const running = run(loaded, keys.evaluation, query, { signal: controller.signal });
  controller.abort();
  const thrown = await running.catch((cause) => cause);
  t.is(thrown, controller.signal.reason);
  const reply = await run(loaded, keys.evaluation, query);
  t.deepEqual([...decrypt(loaded, keys.secret, reply)], [lookupExpected(3, 4)]);
});

test.serial('an aborted signal rejects before anything starts', async (t) => {
  const loaded = loadProgram(linearProgram(1));
  using keys = await generateKeys(loaded);
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2, 3), 1);
  const reason = { any: 'value' };
  const signal = AbortSignal.abort(reason);
  const thrown = await run(loaded, keys.evaluation, query, { signal }).catch((cause) => cause);
  t.is(thrown, reason);
});

test.serial('progress rises to the whole, once', async (t) => {
  const loaded = loadProgram(lookupProgram(4, 10));
  using keys = await generateKeys(loaded);
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2), 1);
  const seen: Progress[] = [];
  await run(loaded, keys.evaluation, query, { onProgress: (progress) => seen.push(progress) });
  t.true(seen.length > 1);
  t.deepEqual(
    seen.map(({ done }) => done),
    seen.map(({ done }) => done).sort((a, b) => a - b),
  );
  t.is(seen.filter(({ done, total }) => done === total).length, 1);
  t.is(seen.at(-1)?.done, seen.at(-1)?.total);
  await sleep(100);
});

test.serial('the JavaScript thread stays free during a run', async (t) => {
  const loaded = loadProgram(lookupProgram(4, 20));
  using keys = await generateKeys(loaded);
  const query = encrypt(loaded, keys.secret, Float64Array.of(1, 2), 1);
  const start = performance.now();
  let longest = 0;
  let last = start;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  await run(loaded, keys.evaluation, query);
  clearInterval(timer);
  const whole = performance.now() - start;
  t.true(longest < whole / 3, `${longest} ms of ${whole}`);
});
