/** Failures drawn alone: as many and as large as those of events that all draw their noise. */
import test from 'ava';
import { erfc } from '../../../../lib/compiler/parameters/special.ts';
import { failures } from '../../../../lib/compiler/simulation/failures.ts';
import type { SimulationModel } from '../../../../lib/compiler/simulation/model.ts';
import { createRandom } from '../../../../lib/random.ts';

/** A model of which only the noise matters: outputs of one part each. */
const modelOf = (deviations: readonly number[]): SimulationModel => ({
  cells: [],
  lookups: [],
  promises: [],
  outputs: deviations.map((deviation) => ({
    parts: [
      {
        form: { exact: { terms: [], constant: 0 }, lookups: [], constant: 0 },
        weight: 1,
        deviation,
        min: 0,
        width: 8,
      },
    ],
    offset: 0,
  })),
});

const rows = 100_000;

/** Probability that a normal number of this deviation is rounded to at least `size` or at most minus it. */
const beyond = (size: number, deviation: number): number =>
  erfc((size - 0.5) / (deviation * Math.SQRT2));

test('each event fails with its own probability, by each size as often as a rounded normal number', (t) => {
  const deviations = [0.2, 0, 0.5, 3, 0.2];
  const counts = deviations.map(() => new Map<number, number>());
  for (const { errors } of failures(modelOf(deviations))(rows, createRandom(1)))
    for (const [event, error] of errors)
      counts[event]!.set(error, (counts[event]!.get(error) ?? 0) + 1);
  deviations.forEach((deviation, event) => {
    for (const size of [-3, -2, -1, 1, 2, 3]) {
      const at = Math.abs(size);
      const expected = (rows * (beyond(at, deviation) - beyond(at + 1, deviation))) / 2;
      const drawn = counts[event]!.get(size) ?? 0;
      t.true(
        Math.abs(drawn - expected) <= 4.5 * Math.sqrt(expected) + 1,
        `event ${event} off by ${size}: ${drawn} times, expected ${expected}`,
      );
    }
  });
  t.is(counts[1]!.size, 0);
});

test('events fail independently of each other', (t) => {
  const together = [...failures(modelOf([0.5, 0.5]))(rows, createRandom(2))].filter(
    ({ errors }) => errors.size === 2,
  ).length;
  const expected = rows * beyond(1, 0.5) ** 2;
  t.true(Math.abs(together - expected) < 4.5 * Math.sqrt(expected), `${together}, ${expected}`);
});

test('rows ascend, and stay inside the batch', (t) => {
  const drawn = [...failures(modelOf([0.4, 1, 1e9]))(50, createRandom(3))].map(({ row }) => row);
  t.deepEqual(
    drawn,
    Array.from({ length: 50 }, (_, row) => row),
  );
});

test('what cannot fail, and what fails once in 2^60 rows, draws nothing', (t) => {
  const deviationOf2To60 = 0.5 / 9.02;
  for (const deviations of [[], [0, 0], [0.01], [deviationOf2To60]])
    t.deepEqual([...failures(modelOf(deviations))(rows, createRandom(4))], []);
});
