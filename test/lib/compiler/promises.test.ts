/** Values that break a promise are found in clear evaluation and simulation, with or without the function at hand. */
import test from 'ava';
import { type BlindfitError, Circuit, compile, encrypted } from '../../../lib/index.ts';
import type * as np from '../../../tracer/index.ts';

const { uint } = encrypted;

/** A sum that the user knows never to exceed 9, squared. */
const f: np.TracedFunction = (x) =>
  x!
    .sum()
    .hint({ min: 0, max: 9 })
    .map((v) => v * v);

for (const query of ['packed', 'values'] as const)
  test(`a broken promise names the value, the range and the user's line: ${query}`, async (t) => {
    const circuit = await compile(f, { x: uint(3, [3]) }, { query });
    const loaded = Circuit.fromJSON(JSON.parse(JSON.stringify(circuit)));
    for (const each of [circuit, loaded]) {
      t.is(each.evaluate([2, 3, 4]), 81);
      t.is(await each.simulate([2, 3, 4]), 81);
      const calls = [
        async () => each.evaluate([3, 3, 4]),
        () => each.simulate([3, 3, 4]),
        async () =>
          each.evaluateBatch([
            [
              [1, 1, 1],
              [3, 3, 4],
            ],
          ]),
        () =>
          each.simulateBatch([
            [
              [1, 1, 1],
              [3, 3, 4],
            ],
          ]),
      ];
      for (const call of calls) {
        const thrown = (await t.throwsAsync(call, { code: 'OUT_OF_RANGE' })) as BlindfitError;
        t.regex(
          thrown.message,
          /hint: a value is out of range: given 10; allowed: 0 to 9, as prom/,
        );
        t.true(thrown.details.location?.file.endsWith('promises.test.ts'));
        t.is(thrown.details.location?.line, 12);
      }
    }
  });

test('a promise that the ranges keep anyway costs nothing', async (t) => {
  const circuit = await compile((x) => x!.hint({ bits: 5 }).add(1), { x: uint(3) });
  const { simulation } = circuit.toJSON() as { simulation: { promises: unknown[] } };
  t.deepEqual(simulation.promises, []);
});

test('inputs outside of their range are refused before anything is computed', async (t) => {
  const circuit = await compile(f, { x: uint(3, [3]) });
  for (const call of [
    async () => circuit.evaluate([1, 8, 1]),
    () => circuit.simulate([1, 8, 1]),
    () => circuit.encryptRunDecrypt([1, 8, 1]),
  ])
    await t.throwsAsync(call, {
      code: 'OUT_OF_RANGE',
      message: /x\[1\]: .*given 8; allowed: 0 to 7/,
    });
});
