/** The noise report and the costs by tag: every rounding is there once, with the line of the program that made it. */
import test from 'ava';
import { Circuit, compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';

const { uint } = encrypted;

/** Two tagged layers of lookups, both also outputs, and a third output without any. */
const layers: np.TracedFunction = (x, y) => {
  const weights = [1, 2, -2].map((w, i) => [w, 2 - w - i]);
  const relu = (value: np.Traced) => np.tag('relu', () => np.maximum(value, 0));
  const hidden = np.tag('layer', () => relu(np.matmul(x!, weights)));
  const table = np.tag('table', () =>
    hidden
      .sum()
      .add(y!)
      .map((v) => (v * v) % 16),
  );
  return [table, hidden, y!.add(1)];
};
const specs = { x: uint(3, [3]), y: uint(3) };

test('a table of lookups and outputs, the likeliest to fail first', async (t) => {
  const circuit = await compile(layers, specs, { query: 'values' });
  const lines = String(circuit.noise).split('\n');
  t.regex(
    lines[0]!,
    /^rounds +node +operation +tag +at +count +deviation +margin +deviations +failure$/,
  );
  t.is(lines.length, circuit.noise.roundings.length + 2);
  t.regex(lines.at(-1)!, /^circuit +7 +2\^-4\d\.\d$/);
  const table = circuit.noise.roundings.find(
    ({ kind, tag }) => kind === 'lookup' && tag === 'table',
  );
  const line = lines.find((text) => text.startsWith('lookup') && text.includes('table'))!;
  t.true(line.includes(`noise-report.test.ts:${table?.location?.line}`), line);
  t.true(line.includes(table!.marginDeviations.toFixed(2)), line);
});

for (const query of ['packed', 'values'] as const)
  test(`every rounding is counted, and all together keep the promise: ${query}`, async (t) => {
    const { noise, statistics, pError } = await compile(layers, specs, { query });
    const count = (kind: string) =>
      noise.roundings.reduce((sum, each) => sum + (each.kind === kind ? each.count : 0), 0);
    t.is(count('lookup'), statistics.lookups.bootstraps);
    t.is(count('output'), 1 + 2 + 1);
    for (const output of [0, 1, 2]) t.true(noise.roundings.some((each) => each.output === output));
    const sum = noise.roundings.reduce((all, each) => all + each.count * 2 ** each.log2Failure, 0);
    t.true(Math.abs(Math.log2(sum) - noise.log2Failure) < 1e-6);
    t.true(sum <= pError);
    t.is(noise.log2Failure, statistics.log2Failure);
    for (const { margin, deviation, marginDeviations } of noise.roundings)
      t.true(Math.abs(marginDeviations - margin / deviation) < 1e-9);
  });

test('without tags the table has no column for them', async (t) => {
  const { noise } = await compile((x) => x!.map((v) => v % 3), { x: uint(3) });
  t.is(noise.roundings.length, 1);
  t.false(String(noise).includes('tag'));
});

test('constants and empty outputs round nothing', async (t) => {
  const { noise } = await compile((x) => [x!.multiply(0), x!.at(np.slice(0, 0))], {
    x: uint(3, [2]),
  });
  t.deepEqual(noise.roundings, []);
});

test('the report survives JSON', async (t) => {
  const circuit = await compile(layers, specs);
  const loaded = Circuit.fromJSON(JSON.parse(JSON.stringify(circuit)));
  t.deepEqual(loaded.noise.roundings, circuit.noise.roundings);
  t.is(String(loaded.noise), String(circuit.noise));
  t.deepEqual(JSON.parse(JSON.stringify(circuit.noise)).roundings, circuit.noise.roundings);
});

test('costs by tag: a tag has what those inside it have, and all have what the nodes have', async (t) => {
  const { statistics } = await compile(layers, specs, { query: 'values' });
  const { tags, nodes, lookups } = statistics;
  const of = (name: string) => tags.find(({ tag }) => tag === name)!;
  t.deepEqual(tags.map(({ tag }) => tag).sort(), ['layer', 'layer.relu', 'table']);
  t.is(of('layer').bootstraps, of('layer.relu').bootstraps);
  t.is(of('layer').bootstraps + of('table').bootstraps, lookups.bootstraps);
  const total = nodes.reduce((sum, { microseconds }) => sum + microseconds, 0);
  t.true(Math.abs(of('layer').microseconds + of('table').microseconds - total) < 1e-6);
  t.deepEqual((await compile((x) => x!.add(1), { x: uint(3) })).statistics.tags, []);
});
