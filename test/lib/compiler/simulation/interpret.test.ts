/** The plan on rows of clear integers: order of steps, errors in given rows, approximate lookups. */
import test from 'ava';
import { erfc } from '../../../../lib/compiler/parameters/special.ts';
import { interpreter } from '../../../../lib/compiler/simulation/interpret.ts';
import type { SimulatedForm, SimulationModel } from '../../../../lib/compiler/simulation/model.ts';
import { createRandom } from '../../../../lib/random.ts';

const form = (exact: number[], lookups: number[] = []): SimulatedForm => ({
  exact: { terms: exact.map((cell) => [cell, 1]), constant: 0 },
  lookups: lookups.map((cell) => [cell, 1]),
  constant: 0,
});

const range = { min: 0, max: 15, node: 0 };

/** One input x, a lookup of the squares of x in 16 steps of 2^log2Step, and its result as the output. */
const squares = (log2Step: number, deviation: number, approximate: boolean): SimulationModel => ({
  cells: [
    { kind: 'input', input: 0, ...range },
    {
      kind: 'table',
      index: { terms: [[0, 1]], constant: 0 },
      values: Float64Array.of(0),
      ...range,
    },
  ],
  lookups: [
    {
      index: form([0]),
      log2Step,
      deviation,
      reads: {
        kind: 'tables',
        precision: 4,
        entries: Float64Array.from({ length: 16 }, (_, i) => i * i),
        tables: [{ cell: 1, offset: 0 }],
        approximate,
      },
    },
  ],
  promises: [],
  outputs: [
    { parts: [{ form: form([], [1]), weight: 1, deviation: 0, min: -256, width: 9 }], offset: 0 },
  ],
});

test('an error moves the entry that is read in its own row only; beyond the table it is negated', (t) => {
  const inputs = Float64Array.of(3, 15, 15, 0);
  const failing = [
    { row: 0, errors: new Map([[0, 2]]) },
    { row: 2, errors: new Map([[0, 3]]) },
    { row: 3, errors: new Map([[0, -1]]) },
  ];
  const run = interpreter(squares(0, 0, false));
  t.deepEqual([...run(inputs, 4, [], null)], [9, 225, 225, 0]);
  t.deepEqual([...run(inputs, 4, failing, null)], [25, 225, -4, -225]);
});

test('an error of an output is added before it wraps', (t) => {
  const run = interpreter(squares(0, 0, false));
  const failing = [{ row: 0, errors: new Map([[1, 31]]) }];
  t.deepEqual([...run(Float64Array.of(15), 1, failing, null)], [225 + 31 - 512]);
});

test('an approximate lookup reads the step beside the right one as often as the noise crosses the border', (t) => {
  const rows = 20_000;
  const [log2Step, deviation] = [2, 0.2];
  const inputs = Float64Array.from({ length: 8 * rows }, (_, i) => 20 + (i % 8));
  const run = interpreter(squares(log2Step, deviation, true));
  const outputs = run(inputs, inputs.length, [], createRandom(3));
  t.true(run(inputs, inputs.length, [], null).every((value, i) => value === (i % 8 < 4 ? 25 : 36)));
  /** Probability of noise beyond `distance` steps on one side. */
  const beyond = (distance: number) => erfc(distance / (deviation * Math.SQRT2)) / 2;
  for (let x = 0; x < 8; x++) {
    const values = outputs.filter((_, i) => i % 8 === x);
    const inside = ((x % 4) + 0.5) / 4;
    const [step, below, above] = x < 4 ? [25, 16, 36] : [36, 25, 49];
    for (const [value, probability] of [
      [below, beyond(inside)],
      [above, beyond(1 - inside)],
    ] as const) {
      const count = values.filter((each) => each === value).length;
      const expected = rows * probability;
      t.true(
        Math.abs(count - expected) < 4.5 * Math.sqrt(expected) + 3,
        `${20 + x} read as ${value}, not ${step}: ${count} times, expected ${expected}`,
      );
    }
  }
});

test('bits of computed values are put together from their lookups, wherever they stand', (t) => {
  const bit = (position: number, cell: number) => ({
    index: form([0]),
    log2Step: position,
    deviation: 0,
    reads: { kind: 'bit', cell } as const,
  });
  const whole = { terms: [[0, 1]], constant: 0 } as const;
  const model: SimulationModel = {
    cells: [
      { kind: 'input', input: 0, ...range },
      { kind: 'bits', form: whole, bits: [2, 3], ...range },
      { kind: 'bit', form: whole, position: 0, ...range },
      { kind: 'bit', form: whole, position: 1, ...range },
    ],
    lookups: [bit(0, 2), bit(1, 3)],
    promises: [],
    outputs: [
      { parts: [{ form: form([1]), weight: 1, deviation: 0, min: 0, width: 2 }], offset: 0 },
    ],
  };
  const run = interpreter(model);
  const inputs = Float64Array.of(0, 1, 2, 3);
  t.deepEqual([...run(inputs, 4, [], null)], [0, 1, 2, 3]);
  const failing = [{ row: 2, errors: new Map([[0, 1]]) }];
  t.deepEqual([...run(inputs, 4, failing, null)], [0, 1, 3, 3]);
});

test('long chains and more rows than one piece holds', (t) => {
  const length = 5000;
  const chain: SimulationModel = {
    cells: [
      { kind: 'input', input: 0, ...range },
      ...Array.from({ length }, (_, i) => ({
        kind: 'form' as const,
        form: { terms: [[i, 1]] as const, constant: 1 },
      })),
    ],
    lookups: [],
    promises: [],
    outputs: [
      { parts: [{ form: form([length]), weight: 1, deviation: 0, min: 0, width: 20 }], offset: 0 },
    ],
  };
  const inputs = Float64Array.from({ length: 500 }, (_, i) => i);
  const failing = [{ row: 499, errors: new Map([[0, 7]]) }];
  const outputs = interpreter(chain)(inputs, 500, failing, null);
  t.true(outputs.every((value, i) => value === i + length + (i === 499 ? 7 : 0)));
});
