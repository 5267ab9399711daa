/** Calibration: measured once a machine, kept, and never a reason to fail. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { cacheName, calibrationFor, keptOrMeasured } from '../../../lib/compiler/calibrate.ts';
import { defaultCalibration } from '../../../lib/compiler/parameters/calibration.ts';
import { compile, encrypted } from '../../../lib/index.ts';
import { measurePrimitives } from '../../../lib/runtime/measure.ts';

function newFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'blindfit-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const scaled = (factor: number) =>
  Object.fromEntries(
    Object.entries(defaultCalibration).map(([name, time]) => [name, time * factor]),
  ) as unknown as typeof defaultCalibration;

const never = () => Promise.reject(new Error('measured again'));

test('a machine is measured once: later uses read the cache', async (t) => {
  const folder = newFolder(t);
  const times = await keptOrMeasured(folder, async () => scaled(2));
  t.deepEqual(times, scaled(2));
  t.deepEqual(await keptOrMeasured(folder, never), times);
  t.deepEqual(readdirSync(folder), [cacheName()]);
});

test('small disturbances do not change the times', async (t) => {
  const quiet = await keptOrMeasured(newFolder(t), async () => scaled(1));
  t.deepEqual(quiet, defaultCalibration);
  t.deepEqual(await keptOrMeasured(newFolder(t), async () => scaled(1.08)), quiet);
  t.deepEqual(await keptOrMeasured(newFolder(t), async () => scaled(0.93)), quiet);
});

test('a cache that is damaged, of another machine or not credible is replaced', async (t) => {
  const folder = newFolder(t);
  const path = join(folder, cacheName());
  await keptOrMeasured(folder, async () => scaled(2));
  const kept = JSON.parse(readFileSync(path, 'utf8')) as { subject: object; times: object };
  for (const bad of [
    'null',
    '{"times"',
    JSON.stringify({ ...kept, subject: { ...kept.subject, processor: 'another' } }),
    JSON.stringify({ ...kept, times: { ...kept.times, pass: -1 } }),
    JSON.stringify({ ...kept, times: { ...kept.times, pass: 1e9 } }),
    JSON.stringify({ ...kept, times: { ...kept.times, pass: '0.3' } }),
    JSON.stringify({ ...kept, times: {} }),
  ]) {
    writeFileSync(path, bad);
    t.deepEqual(await keptOrMeasured(folder, async () => scaled(4)), scaled(4), bad);
    t.deepEqual(await keptOrMeasured(folder, never), scaled(4), bad);
  }
});

test('without a measurement, or with one that is not credible, the fixed times are taken and nothing is kept', async (t) => {
  const folder = newFolder(t);
  t.deepEqual(await keptOrMeasured(folder, never), defaultCalibration);
  t.deepEqual(await keptOrMeasured(folder, async () => scaled(Number.NaN)), defaultCalibration);
  t.deepEqual(await keptOrMeasured(folder, async () => scaled(1e4)), defaultCalibration);
  t.deepEqual(readdirSync(folder), []);
  t.deepEqual(await keptOrMeasured(null, async () => scaled(2)), scaled(2));
});

test('a measurement that waits behind other work is not waited for, and kept when it comes', async (t) => {
  const folder = newFolder(t);
  let finish: (times: typeof defaultCalibration) => void = () => undefined;
  const slow = new Promise<typeof defaultCalibration>((resolve) => {
    finish = resolve;
  });
  t.deepEqual(await keptOrMeasured(folder, () => slow, 10), defaultCalibration);
  finish(scaled(2));
  await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(await keptOrMeasured(folder, never), scaled(2));
});

test('the native runtime measures what a calibration has', async (t) => {
  t.deepEqual(
    Object.keys(await measurePrimitives()).sort(),
    Object.keys(defaultCalibration).sort(),
  );
});

test('tests count with the fixed times; an option overrules', async (t) => {
  t.is(await calibrationFor(undefined), defaultCalibration);
  t.deepEqual(await calibrationFor(scaled(3)), scaled(3));
  for (const bad of ['fast', {}, { ...defaultCalibration, pass: 0 }])
    await t.throwsAsync(calibrationFor(bad as never), { code: 'BAD_OPTION' });
});

test('parameters follow the times: dear keyswitches get fewer levels', async (t) => {
  const compiled = (calibration: typeof defaultCalibration) =>
    compile(
      (x) => x!.sum().map((v) => (v * v) % 7),
      { x: encrypted.uint(2, [4]) },
      { query: 'values', calibration },
    );
  const [usual, dear, fast] = await Promise.all([
    compiled(defaultCalibration),
    compiled({ ...defaultCalibration, keyswitchThousand: 5 }),
    compiled(scaled(0.5)),
  ]);
  const levels = (circuit: typeof usual) =>
    circuit.program.parameters.lookups[0]!.keyswitch.levelCount;
  t.true(levels(dear) < levels(usual), `${levels(dear)}, ${levels(usual)}`);
  t.true(fast.statistics.microseconds < 0.7 * usual.statistics.microseconds);
});
