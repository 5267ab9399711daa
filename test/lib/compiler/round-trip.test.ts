import test from 'ava';
import { compile, encrypted } from '../../../lib/index.ts';
import type { Progress } from '../../../lib/progress.ts';
import type { Traced } from '../../../tracer/value.ts';

/** Unpacked queries of a little more than 128 KiB a row: a part of a batch, of 16 MiB at most, has 127 rows. */
const square = () =>
  compile((x: Traced) => x.map((v) => v * v), { x: encrypted.uint(4) }, { query: 'unpacked' });

test('a long batch runs in parts, and tells how many of its rows are done', async (t) => {
  const circuit = await square();
  const rows = Array.from({ length: 300 }, (_, i) => i % 16);
  const reports: Progress[] = [];
  const onProgress = (report: Progress) => reports.push(report);
  const outputs = await circuit.encryptRunDecryptBatch([rows], { onProgress });
  t.deepEqual(
    Array.from((outputs as { data: Float64Array }).data),
    rows.map((x) => x * x),
  );
  const ofRows = reports.filter(({ stage }) => stage === 'rows');
  t.deepEqual([...new Set(reports.map(({ stage }) => stage))], ['keygen', 'rows']);
  t.true(ofRows.every(({ total }) => total === 300));
  t.deepEqual(
    ofRows.map(({ done }) => done),
    ofRows.map(({ done }) => done).sort((a, b) => a - b),
  );
  for (const done of [127, 254, 300]) t.true(ofRows.some((report) => report.done === done));
  t.deepEqual(ofRows.at(-1), { stage: 'rows', done: 300, total: 300 });
});

test('a long batch is cancelled between its parts too', async (t) => {
  const circuit = await square();
  const controller = new AbortController();
  const reason = new Error('enough');
  const rows = Array.from({ length: 300 }, (_, i) => i % 16);
  const onProgress = ({ stage, done }: Progress) => {
    if (stage === 'rows' && done === 127) controller.abort(reason);
  };
  const { signal } = controller;
  const running = circuit.encryptRunDecryptBatch([rows], { signal, onProgress });
  t.is(await t.throwsAsync(running), reason);
});
