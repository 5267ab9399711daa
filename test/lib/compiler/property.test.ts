/**
 * Random programs: what a circuit means, what its program computes and what simulation shows are one thing. Other programs
 * each time; a failure prints its seed. `npm run fuzz` tries many more and keeps what fails.
 */
import test from 'ava';
import fc from 'fast-check';
import {
  agreesEncrypted,
  agreesInClear,
  compiled,
  isShort,
  type QueryForm,
} from '../../support/random/agree.ts';
import { programs } from '../../support/random/programs.ts';
import { readRegressions, regressionOf, replay } from '../../support/random/regression.ts';

/** Runs of the clear properties and, with keys of their own, of the encrypted ones. */
const runs: Record<QueryForm, readonly [clear: number, encrypted: number]> = {
  packed: [80, 20],
  unpacked: [50, 15],
  values: [80, 5],
};

for (const query of ['packed', 'unpacked', 'values'] as const) {
  test(`programs compute what they mean, interpreted and simulated: ${query}`, async (t) => {
    let refused = 0;
    const agree = fc.asyncProperty(programs(7), async (source) => {
      const circuit = await compiled(source, query);
      if (typeof circuit === 'string') refused++;
      else await agreesInClear(circuit, source);
    });
    const [numRuns] = runs[query];
    await t.notThrowsAsync(fc.assert(agree, { numRuns, includeErrorInReport: true }));
    t.true(refused < numRuns / 4, `${refused} of ${numRuns} programs were refused`);
  });

  test.serial(`programs compute what they mean, encrypted: ${query}`, async (t) => {
    const agree = fc.asyncProperty(programs(5), async (source) => {
      const circuit = await compiled(source, query);
      if (typeof circuit === 'string' || !isShort(circuit)) return fc.pre(false);
      using _ = circuit;
      await agreesEncrypted(circuit, source);
    });
    const numRuns = runs[query][1];
    await t.notThrowsAsync(fc.assert(agree, { numRuns, includeErrorInReport: true }));
  });
}

for (const [name, regression] of readRegressions())
  test.serial(`${name}, once found by chance: ${regression.about}`, async (t) => {
    await t.notThrowsAsync(replay(regression));
  });

test('a program that is recorded as a regression is run again as it was', async (t) => {
  const recorded = fc
    .sample(programs(4), { numRuns: 20, seed: 3 })
    .map((source) => regressionOf(source, 'nothing was wrong'))
    .find(({ expected }) => expected?.some((row) => row.length > 0))!;
  const read = JSON.parse(JSON.stringify(recorded));
  t.deepEqual(read, recorded);
  await t.notThrowsAsync(replay(read));
  const expected = recorded.expected!.map((row) => row.map((value) => value + 1));
  await t.throwsAsync(replay({ ...read, expected }), { message: /record this anew/ });
});
