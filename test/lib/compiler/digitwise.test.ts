/** Functions of wide values: those of computed ones by their bits and digits, those of several inputs as one table. */
import test from 'ava';
import fc from 'fast-check';
import { type CompileOptions, compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { flat, readings } from '../../support/agreement.ts';

const { int, uint, range } = encrypted;

type Specs = Record<string, ReturnType<typeof uint>>;

interface Wide {
  readonly f: np.TracedFunction;
  readonly specs: Specs;
}

const of = (f: np.TracedFunction, ...types: ReturnType<typeof uint>[]): Wide => ({
  f,
  specs: Object.fromEntries(types.map((type, i) => ['xyc'[i]!, type])),
});

const multiply = (...types: ReturnType<typeof uint>[]) =>
  of((x, y) => np.multiply(x!, y!), ...types);
const equal = (...types: ReturnType<typeof uint>[]) => of((x, y) => np.equal(x!, y!), ...types);
const maximum = (...types: ReturnType<typeof uint>[]) => of((x, y) => np.maximum(x!, y!), ...types);
const where = (...types: ReturnType<typeof uint>[]) =>
  of((x, y, c) => np.where(c!, x!, y!), ...types);
const and = (...types: ReturnType<typeof uint>[]) => of((x, y) => np.bitwiseAnd(x!, y!), ...types);
const xor = (...types: ReturnType<typeof uint>[]) => of((x, y) => np.bitwiseXor(x!, y!), ...types);
const shiftLeft = (...types: ReturnType<typeof uint>[]) =>
  of((x, y) => np.leftShift(x!, y!), ...types);
const shiftRight = (...types: ReturnType<typeof uint>[]) =>
  of((x, y) => np.rightShift(x!, y!), ...types);

/** Each of them with operands that are computed before: no diagram reads them. */
const computed: Readonly<Record<string, Wide>> = {
  'a product of 7 bits': multiply(uint(7), int(7)),
  'a product of 16 bits': multiply(uint(16), int(16)),
  'a product of many bits and few': multiply(int(14), range(-1, 2)),
  'a square': of((x) => np.square(x!), int(12)),
  'an equality of 8 bits': equal(uint(8), uint(8)),
  'an equality of 16 bits': equal(int(16), uint(16)),
  'an equality with a number': of((x) => np.notEqual(x!, 1234), uint(12)),
  'a comparison': of((x, y) => np.lessEqual(x!, y!), int(16), uint(16)),
  'a maximum of 8 bits': maximum(uint(8), int(8)),
  'a maximum of 16 bits': maximum(uint(16), int(16)),
  'a minimum': of((x, y) => np.minimum(x!, y!), range(-3, 9000), range(5, 70)),
  'an absolute difference': of((x, y) => np.abs(np.subtract(x!, y!)), int(14), uint(13)),
  'a value clipped on one side': of((x) => np.maximum(x!, -100), int(12)),
  'a choice of 10 bits': where(uint(10), uint(10), uint(1)),
  'a choice of 16 bits': where(int(16), uint(16), uint(1)),
  'a choice among sums of choices': of(
    (x, y, c) => np.where(c!, np.add(np.where(c!, x!, 5), y!), np.subtract(x!, y!)),
    uint(9),
    uint(9),
    uint(1),
  ),
  'a bitwise and of both signs': and(int(12), uint(10)),
  'a bitwise exclusive or of both signs': xor(int(10), int(16)),
  'a shift to the left': shiftLeft(int(10), uint(3)),
  'a shift to the left by up to 15': shiftLeft(uint(16), uint(4)),
  'a shift to the right': shiftRight(int(12), uint(3)),
  'a shift to the right by more than there is': shiftRight(int(9), uint(5)),
  'a chain': of(
    (x, y) => np.maximum(np.multiply(np.equal(x!, y!), 1000), np.bitwiseOr(x!, y!)),
    uint(9),
    int(9),
  ),
};

/** The row, each value moved into its range. */
function insideOf({ specs }: Wide, row: readonly number[]): number[] {
  const types = Object.values(specs);
  return types.map(({ min, max }, i) => Math.max(min, Math.min(max, row[i]!)));
}

/** The least and the largest values, equal ones, and others. */
function rowsOf(wide: Wide, count: number): number[][] {
  const types = Object.values(wide.specs);
  const random = fc.sample(fc.tuple(...types.map(({ min, max }) => fc.integer({ min, max }))), {
    numRuns: count,
    seed: 7,
  });
  return [
    types.map(({ min }) => min),
    types.map(({ max }) => max),
    types.map(({ min, max }, i) => (i % 2 === 0 ? min : max)),
    types.map(({ min, max }, i) => (i % 2 === 1 ? min : max)),
    insideOf(
      wide,
      types.map(() => 1234),
    ),
    insideOf(
      wide,
      types.map(() => -1),
    ),
    ...random,
  ];
}

/** With query values every input needs lookups; with packed queries, what was refreshed. */
const ways: readonly (readonly [
  string,
  (f: np.TracedFunction) => np.TracedFunction,
  CompileOptions,
])[] = [
  ['query values', (f) => f, { query: 'values' }],
  [
    'refreshed',
    (f) =>
      (...values) =>
        f(...values.map((v) => np.refresh(v))),
    {},
  ],
];

for (const [name, wide] of Object.entries(computed))
  for (const [way, wrap, options] of ways)
    test(`${name}: ${way}`, async (t) => {
      using circuit = await compile(wrap(wide.f), wide.specs, {
        ...options,
        calibration: 'default',
      });
      for (const row of rowsOf(wide, 25)) {
        const { evaluated, interpreted, simulated } = await readings(circuit, row);
        t.deepEqual(interpreted, evaluated, `interpreted: ${row}`);
        t.deepEqual(simulated, evaluated, `simulated: ${row}`);
      }
    });

const encryptedToo = [
  'a product of 7 bits',
  'an equality of 16 bits',
  'a maximum of 8 bits',
  'a choice of 10 bits',
  'a bitwise exclusive or of both signs',
  'a shift to the left by up to 15',
] as const;

for (const name of encryptedToo)
  test.serial(`${name}, encrypted`, async (t) => {
    const wide = computed[name]!;
    using circuit = await compile(wide.f, wide.specs, { query: 'values' });
    for (const row of rowsOf(wide, 1).slice(-2)) {
      const decrypted = flat(await circuit.encryptRunDecrypt(...row));
      t.deepEqual(decrypted, flat(circuit.evaluate(...row)), `${row}`);
    }
  });

test('what computed values of 8 bits cost grows with their bits, not with their table', async (t) => {
  const time = async ({ f, specs }: Wide) => {
    const options = { query: 'values', calibration: 'default' } as const;
    return (await compile(f, specs, options)).statistics.microseconds;
  };
  for (const make of [equal, maximum, and, multiply])
    t.true((await time(make(uint(16), uint(16)))) < 5 * (await time(make(uint(8), uint(8)))));
});

/** Comparisons of inputs whose difference has more values than a table may have entries. */
const bySign: Readonly<Record<string, Wide>> = {
  'an order of 32 bits': of((x, y) => np.less(x!, y!), int(32), int(32)),
  'an order of 24 bits of both signs': of((x, y) => np.lessEqual(x!, y!), int(24), uint(24)),
  'an equality of 32 bits': of((x, y) => np.equal(x!, y!), uint(32), uint(32)),
  'an inequality of 21 bits': of((x, y) => np.notEqual(x!, y!), uint(21), int(22)),
  'a minimum of 20 bits': of((x, y) => np.minimum(x!, y!), int(20), int(20)),
  'ranges that hardly meet': of(
    (x, y) => np.greaterEqual(x!, y!),
    range(0, 3_000_000),
    range(2_999_999, 9_000_000),
  ),
};

for (const [name, wide] of Object.entries(bySign))
  test.serial(`${name}: packed`, async (t) => {
    using circuit = await compile(wide.f, wide.specs, { calibration: 'default' });
    t.is(circuit.statistics.lookups.bootstraps, 0);
    const rows = [...rowsOf(wide, 25), [2_999_999, 2_999_999], [2_999_998, 3_000_000]];
    for (const row of rows.map((each) => insideOf(wide, each))) {
      const { evaluated, interpreted, simulated } = await readings(circuit, row);
      t.deepEqual(interpreted, evaluated, `interpreted: ${row}`);
      t.deepEqual(simulated, evaluated, `simulated: ${row}`);
    }
    for (const row of rowsOf(wide, 1)) {
      const decrypted = flat(await circuit.encryptRunDecrypt(...row));
      t.deepEqual(decrypted, flat(circuit.evaluate(...row)), `encrypted: ${row}`);
    }
  });

test('an order of computed values of 20 bits is found by extraction', async (t) => {
  const wide = of((x, y) => np.greater(x!, y!), int(20), int(20));
  using circuit = await compile(wide.f, wide.specs, { query: 'values', calibration: 'default' });
  t.is(circuit.statistics.lookups.bootstraps, 21);
  for (const row of rowsOf(wide, 25)) {
    const { evaluated, simulated } = await readings(circuit, row);
    t.deepEqual(simulated, evaluated, `${row}`);
  }
});

/** Functions of several fresh inputs, and the CMUX that one table of all their bits takes. */
const joined: Readonly<Record<string, Wide & { cmux: number }>> = {
  'a quotient of 8 bits': {
    ...of((x, y) => np.floorDivide(x!, np.add(y!, 1)), int(8), uint(8)),
    cmux: 11 + 31,
  },
  'a remainder of 5 bits': {
    ...of((x, y) => np.remainder(x!, np.add(y!, 1)), uint(5), uint(5)),
    cmux: 10,
  },
  'a function of three inputs, one of them not of all its bits': {
    ...of(
      (x, y, c) => np.map((a, b, d) => (a * b + d * d) % 31, x!, y!, c!),
      int(4),
      uint(3),
      range(-3, 9),
    ),
    cmux: 11,
  },
  'functions of the same inputs, side by side': {
    ...of(
      (x, y) => [
        np.map((a, b) => (a * b * 7 + a) % 13, x!, y!),
        np.map((a, b) => (a * a * 5 + b) % 11, x!, y!),
      ],
      uint(4),
      uint(4),
    ),
    cmux: 8,
  },
};

for (const [name, { cmux, ...wide }] of Object.entries(joined))
  for (const query of ['packed', 'unpacked'] as const)
    test.serial(`${name}: ${query}`, async (t) => {
      using circuit = await compile(wide.f, wide.specs, { query, calibration: 'default' });
      t.is(circuit.statistics.diagrams.cmux, cmux);
      t.is(circuit.statistics.lookups.bootstraps, 0);
      const rows = rowsOf(wide, 25);
      for (const row of rows) {
        const { evaluated, interpreted, simulated } = await readings(circuit, row);
        t.deepEqual(interpreted, evaluated, `interpreted: ${row}`);
        t.deepEqual(simulated, evaluated, `simulated: ${row}`);
      }
      for (const row of rows.slice(-3)) {
        const decrypted = flat(await circuit.encryptRunDecrypt(...row));
        t.deepEqual(decrypted, flat(circuit.evaluate(...row)), `encrypted: ${row}`);
      }
    });
