/** Simulation: exact without noise, and wrong as often as the noise says. */
import test from 'ava';
import { erfc } from '../../../../lib/compiler/parameters/special.ts';
import { interpreter } from '../../../../lib/compiler/simulation/interpret.ts';
import {
  type SimulationModel,
  simulationModel,
} from '../../../../lib/compiler/simulation/model.ts';
import { simulationOf } from '../../../../lib/compiler/simulation/simulate.ts';
import { Circuit, compile, encrypted } from '../../../../lib/index.ts';
import { createRandom } from '../../../../lib/random.ts';
import * as np from '../../../../tracer/index.ts';
import { lookupsOnly, pass } from '../../../support/passes.ts';

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

/** A standard normal number by Box and Muller's method. */
const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Simulation as it is defined: every rounding event of every row draws its noise, and the whole plan is run. */
function everyEvent(
  model: SimulationModel,
  inputs: Float64Array,
  rows: number,
  random: () => number,
): Float64Array {
  const deviations = [
    ...model.lookups.map(({ deviation }) => deviation),
    ...model.outputs.flatMap(({ parts }) => parts.map(({ deviation }) => deviation)),
  ];
  const failing = Array.from({ length: rows }, (_, row) => {
    const errors = deviations.map((deviation) => Math.round(deviation * gaussian(random)));
    return { row, errors: new Map(errors.entries()) };
  });
  return interpreter(model)(inputs, rows, failing, random);
}

/** The same by drawing failures alone. */
function failuresOnly(
  model: SimulationModel,
  inputs: Float64Array,
  rows: number,
  random: () => number,
): Float64Array {
  const { evaluate, simulate } = simulationOf(model);
  return simulate(inputs, rows, random, evaluate);
}

const ways = { 'every event': everyEvent, 'failures only': failuresOnly };

for (const [way, simulate] of Object.entries(ways)) {
  test(`an output fails as often as its deviation says: ${way}`, (t) => {
    const { plan, placed } = pass((x) => x!.map((v) => v * v - 5), { x: uint(3) });
    const rows = 20_000;
    const inputs = Float64Array.from({ length: rows }, (_, row) => row % 8);
    for (const p of [2 ** -5, 2 ** -7]) {
      // Outputs of [-5, 44] have 6 bits: deviations are in units of 2^-6 of the torus.
      const deviation = deviationFor(p) / 64;
      const model = simulationModel(plan, placed, { outputs: [deviation], lookups: [] });
      const values = simulate(model, inputs, rows, createRandom(7));
      const failures = values.filter((value, row) => value !== inputs[row]! ** 2 - 5).length;
      t.true(values.every((value) => value >= -5 && value < -5 + 64));
      t.true(
        Math.abs(failures / rows - p) < 4 * Math.sqrt(p / rows),
        `${failures / rows} for ${p}`,
      );
    }
  });

  test(`a lookup reads a neighbour as often as its deviation says: ${way}`, (t) => {
    const { plan, placed } = pass(
      (x) => x!.sum().map((v) => (v * 3) % 7),
      { x: uint(2, [2]) },
      { prices: lookupsOnly },
    );
    const rows = 20_000;
    const p = 2 ** -5;
    const inputs = Float64Array.from({ length: 2 * rows }, (_, i) => (i >> (i % 2)) % 4);
    // An index of 3 bits with a padding bit: units of 2^-4.
    const model = simulationModel(plan, placed, { outputs: [0], lookups: [deviationFor(p) / 16] });
    const values = simulate(model, inputs, rows, createRandom(11));
    const failures = values.filter(
      (value, row) => value !== ((inputs[2 * row]! + inputs[2 * row + 1]!) * 3) % 7,
    ).length;
    t.true(Math.abs(failures / rows - p) < 4 * Math.sqrt(p / rows), `${failures / rows} for ${p}`);
  });
}

/** Layers of lookups whose results are added up and looked up again. */
const layered: np.TracedFunction = (x, y) => {
  const first = x!.map((v) => (v * 5 + 1) % 8);
  const second = first.add(first.at(np.slice(null, null, -1))).map((v) => (v * v + 3) % 16);
  return [second, second.sum().multiply(3), x!.sum().add(y!).square()];
};

for (const [query, pError] of [
  ['packed', 2 ** -3],
  ['values', 2 ** -3],
  ['values', 2 ** -5],
] as const)
  test(`drawing failures alone and drawing every event agree: ${query}, ${pError}`, async (t) => {
    const specs = { x: uint(3, [4]), y: int(6) };
    const circuit = await compile(layered, specs, { query, pError });
    const model = (circuit.toJSON() as { simulation: SimulationModel }).simulation;
    const rows = 8000;
    const random = createRandom(2);
    const inputs = Float64Array.from({ length: 5 * rows }, (_, i) =>
      i % 5 === 4 ? Math.floor(random() * 64) - 32 : Math.floor(random() * 8),
    );
    const exact = simulationOf(model).evaluate(inputs, rows);
    const size = model.outputs.length;
    /** Of each output: how often it is wrong, and how often the first one is wrong with it. */
    const wrong = (values: Float64Array) =>
      model.outputs.flatMap((_, i) => {
        const bad = Array.from(
          { length: rows },
          (_, row) => values[row * size + i] !== exact[row * size + i],
        );
        const first = (row: number) => values[row * size] !== exact[row * size];
        return [bad.filter(Boolean).length, bad.filter((is, row) => is && first(row)).length];
      });
    const [every, only] = [everyEvent, failuresOnly].map((simulate) =>
      wrong(simulate(model, inputs, rows, createRandom(4))),
    ) as [number[], number[]];
    t.true(Math.max(...every) > 20, `${every}`);
    every.forEach((count, i) => {
      const sampling = Math.sqrt(count + only[i]! + 1);
      t.true(Math.abs(count - only[i]!) < 4.5 * sampling, `${i}: ${count} and ${only[i]}`);
    });
  });

test('without failures the plan is never run again, and takes the time of clear evaluation', async (t) => {
  const circuit = await compile(layered, { x: uint(3, [4]), y: int(6) }, { query: 'values' });
  const rows = 20_000;
  const random = createRandom(2);
  const x = Array.from({ length: rows }, () => [0, 0, 0, 0].map(() => Math.floor(random() * 8)));
  const y = Array.from({ length: rows }, () => Math.floor(random() * 64) - 32);
  const args = [np.toTensor(x), np.toTensor(y)];
  const time = async (work: () => unknown): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  let [evaluating, simulating] = [Infinity, Infinity];
  for (let round = 0; round < 5; round++) {
    evaluating = Math.min(evaluating, await time(() => circuit.evaluateBatch(args)));
    simulating = Math.min(simulating, await time(() => circuit.simulateBatch(args)));
  }
  t.log(`${simulating.toFixed(1)} ms for ${evaluating.toFixed(1)} ms`);
  t.true(simulating < 2.5 * evaluating, `${simulating} ms for ${evaluating} ms`);
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
