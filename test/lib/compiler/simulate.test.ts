/** Simulation: exact without noise, and wrong as often as the noise says. */
import test from 'ava';
import { erfc } from '../../../lib/compiler/parameters/special.ts';
import { simulateRow, simulationModel } from '../../../lib/compiler/simulate.ts';
import { Circuit, compile, encrypted } from '../../../lib/index.ts';
import { createRandom } from '../../../lib/random.ts';
import * as np from '../../../tracer/index.ts';
import { lookupsOnly, pass } from '../../support/passes.ts';

const { int, uint } = encrypted;

/** Probability that rounding a Gaussian of this standard deviation does not give 0. */
const failure = (deviation: number): number => erfc(0.5 / deviation / Math.SQRT2);

/** The standard deviation that fails with probability `p`, by bisection. */
function deviationFor(p: number): number {
  let [low, high] = [0.01, 2];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (failure(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

const f: np.TracedFunction = (x, y) => [
  x!
    .sum()
    .map((v) => (v * v) % 7)
    .subtract(y!),
  np.where(x!.at(0).less(2), y!, x!.at(1).negative()),
];
const specs = { x: uint(2, [2]), y: int(3) };

for (const query of ['packed', 'unpacked', 'values'] as const)
  test(`without noise it is evaluation: ${query}`, async (t) => {
    const circuit = await compile(f, specs, { query });
    // A circuit from JSON has no graph: it evaluates by simulating without noise.
    const loaded = Circuit.fromJSON(circuit.toJSON());
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++)
        for (const y of [-4, -1, 0, 3])
          t.deepEqual(loaded.evaluate([a, b], y), circuit.evaluate([a, b], y));
  });

test('an output fails as often as its deviation says', (t) => {
  const { plan, placed } = pass((x) => x!.map((v) => v * v - 5), { x: uint(3) });
  const rows = 20_000;
  for (const p of [2 ** -5, 2 ** -7]) {
    // Outputs of [-5, 44] have 6 bits: deviations are in units of 2^-6 of the torus.
    const deviation = deviationFor(p) / 64;
    const model = simulationModel(plan, placed, { outputs: [deviation], lookups: [] });
    const random = createRandom(7);
    let failures = 0;
    for (let row = 0; row < rows; row++) {
      const v = row % 8;
      const [value] = simulateRow(model, Float64Array.of(v), random);
      if (value !== v * v - 5) failures++;
      t.true(value! >= -5 - 1 && value! < -5 + 64);
    }
    const sampling = Math.sqrt(p / rows);
    t.true(Math.abs(failures / rows - p) < 4 * sampling, `${failures / rows} for ${p}`);
  }
});

test('a lookup reads a neighbour as often as its deviation says', (t) => {
  const { plan, placed } = pass(
    (x) => x!.sum().map((v) => (v * 3) % 7),
    { x: uint(2, [2]) },
    { prices: lookupsOnly },
  );
  const rows = 20_000;
  const p = 2 ** -5;
  // An index of 3 bits with a padding bit: units of 2^-4.
  const model = simulationModel(plan, placed, { outputs: [0], lookups: [deviationFor(p) / 16] });
  const random = createRandom(11);
  let failures = 0;
  for (let row = 0; row < rows; row++) {
    const [a, b] = [row % 4, (row >> 2) % 4];
    const [value] = simulateRow(model, Float64Array.of(a, b), random);
    if (value !== ((a + b) * 3) % 7) failures++;
  }
  t.true(Math.abs(failures / rows - p) < 4 * Math.sqrt(p / rows), `${failures / rows} for ${p}`);
});

test('doubling a result doubles its deviation: six times is 64 times, in rows and in the prediction', async (t) => {
  const doubled = await compile(
    (x) => {
      let y = x!.greater(3);
      for (let i = 0; i < 6; i++) y = y.add(y);
      return y.add(x!).map((v) => v % 67);
    },
    { x: uint(3) },
    { query: 'values', pError: 2 ** -6 },
  );
  const times = await compile(
    (x) =>
      x!
        .greater(3)
        .multiply(64)
        .add(x!)
        .map((v) => v % 67),
    { x: uint(3) },
    { query: 'values', pError: 2 ** -6 },
  );
  t.deepEqual(doubled.program, times.program);
});

for (const query of ['packed', 'values'] as const)
  test(`simulated rows keep a weak promise: ${query}`, async (t) => {
    const pError = 2 ** -5;
    const circuit = await compile(
      (x, y) =>
        x!
          .sum()
          .map((v) => (v * v * 91) % 128)
          .add(y!.map((v) => (v * v * 37) % 128)),
      { x: uint(2, [3]), y: uint(4) },
      { query, pError },
    );
    const rows = 4000;
    const random = createRandom(3);
    const x = Array.from({ length: rows }, () => [0, 0, 0].map(() => Math.floor(random() * 4)));
    const y = Array.from({ length: rows }, () => Math.floor(random() * 16));
    const expected = np.toTensor(circuit.evaluateBatch([x, y]) as np.ClearArray).data;
    const simulated = await circuit.simulateBatch([x, y], { randomState: 5 });
    const got = np.toTensor(simulated as np.ClearArray).data;
    const failures = got.reduce((sum, value, i) => sum + Number(value !== expected[i]), 0);
    t.true(failures / rows <= pError + 4 * Math.sqrt(pError / rows), `${failures} of ${rows}`);
  });

test('simulation with a seed repeats', async (t) => {
  const circuit = await compile(f, specs, { pError: 0.5 });
  const rows = [Array.from({ length: 50 }, (_, i) => [i % 4, 3]), new Array(50).fill(-2)];
  const run = (randomState: number) => circuit.simulateBatch(rows, { randomState });
  t.deepEqual(await run(1), await run(1));
});
