/**
 * Random data sets at the edge of what estimators take: constants, repeated and collinear columns, tiny and huge scales,
 * few rows, odd labels, weights of 0.
 */
import fc from 'fast-check';
import { createRandom, type Random } from '../../../../lib/random.ts';

/** A data set as plain data that fast-check prints and shrinks; the numbers follow from the seed. */
export interface DataSource {
  readonly seed: number;
  readonly rows: number;
  readonly columns: readonly { readonly kind: string; readonly exponent: number }[];
  readonly labels: string;
  readonly classes: number;
  readonly targets: string;
  readonly weights: string;
}

/** The numbers of a data set. */
export interface Data {
  readonly X: number[][];
  /** One of few labels a row. */
  readonly labels: (number | string | boolean)[];
  readonly targets: number[];
  readonly sampleWeight: number[] | undefined;
  /** More rows, some of them far outside of X. */
  readonly others: number[][];
}

type Column = (row: number, random: Random, before: readonly number[]) => number;

/** A value of each row by the kind of the column; `before` are the columns on its left. */
const columns: Readonly<Record<string, Column>> = {
  uniform: (_, random) => random() - 0.5,
  normal: (_, random) => gaussian(random),
  integers: (_, random) => random.integer(7) - 3,
  binary: (_, random) => random.integer(2),
  constant: () => 3,
  zeros: () => 0,
  negativeZeros: (_, random) => [-0, 0, 1][random.integer(3)]!,
  copied: (row, _, before) => before.at(-1) ?? row,
  collinear: (row, _, before) => before.reduce((sum, value) => 2 * sum + value, 1) + 0 * row,
  outlier: (row, random) => (row === 1 ? 1e6 : random()),
  ascending: (row) => row,
  chain: (row) => 2 ** row,
};

const labelSets: Readonly<Record<string, readonly (number | string | boolean)[]>> = {
  numbers: [0, 1, 2, 3],
  odd: [-7, 0.5, 1e300, 5e-324],
  texts: ['constructor', '', '__proto__', 'ü'],
  booleans: [false, true, false, true],
};

/** Targets of regression by what the first column holds. */
const targetKinds: Readonly<Record<string, (x: number, random: Random) => number>> = {
  linear: (x: number, random: Random) => 3 * x + random(),
  positive: (x: number, random: Random) => Math.exp(Math.min(Math.max(x, -3), 3)) + random(),
  counts: (x: number, random: Random) => random.integer(Math.abs(x) > 1 ? 9 : 3),
  constant: () => 5,
  zeros: () => 0,
  huge: (_: number, random: Random) => 1e60 * gaussian(random),
  tiny: (_: number, random: Random) => 1e-200 * (1 + random()),
};

const weightKinds: Readonly<Record<string, ((row: number, random: Random) => number) | undefined>> =
  {
    none: undefined,
    ones: () => 1,
    someZero: (row) => row % 3,
    huge: (row) => (row % 2 === 0 ? 1e250 : 1e-250),
    uneven: (row, random) => (row % 4 === 3 ? 0 : 10 ** (6 * random() - 3)),
  };

/** Random data sets of at most so many rows and columns. Most have moderate numbers. */
export function dataSources(rows: number, most: number): fc.Arbitrary<DataSource> {
  const column = fc.record({
    kind: fc.constantFrom(...Object.keys(columns)),
    exponent: fc.oneof(
      { arbitrary: fc.constant(0), weight: 7 },
      fc.constantFrom(-300, -30, -3, 3, 20, 100),
    ),
  });
  return fc.record({
    seed: fc.nat(),
    rows: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 6, max: rows })),
    columns: fc.array(column, { minLength: 1, maxLength: most }),
    labels: fc.constantFrom(...Object.keys(labelSets)),
    classes: fc.integer({ min: 2, max: 4 }),
    targets: fc.constantFrom(...Object.keys(targetKinds)),
    weights: fc.constantFrom(...Object.keys(weightKinds)),
  });
}

/** The numbers of a source; with `missing`, some of them NaN. */
export function dataOf(source: DataSource, missing: boolean): Data {
  const random = createRandom(source.seed);
  const X = Array.from({ length: source.rows }, (_, row) => rowOf(source, row, random));
  const z = X.map((own) => own.reduce((sum, value) => sum + Math.tanh(value), 0));
  const labels = labelSets[source.labels]!.slice(0, source.classes);
  const weightOf = weightKinds[source.weights];
  const all = {
    labels: z.map((value, row) => {
      const place = Math.floor(value + 2 + random());
      return labels[(row < labels.length ? row : Math.abs(place)) % labels.length]!;
    }),
    targets: z.map((value) => targetKinds[source.targets]!(value, random)),
    sampleWeight: weightOf && X.map((_, row) => weightOf(row, random)),
    others: [
      X[0]!.map((value) => -value),
      X[0]!.map((value) => 1e6 * value + 1),
      X[0]!.map(() => (random() - 0.5) * 1e9),
    ],
  };
  return { ...all, X: missing ? X.map((own) => own.map((x) => withHoles(x, random))) : X };
}

function rowOf({ columns: kinds }: DataSource, row: number, random: Random): number[] {
  const unscaled: number[] = [];
  return kinds.map(({ kind, exponent }) => {
    const value = columns[kind]!(row, random, unscaled);
    unscaled.push(value);
    return value * 10 ** exponent;
  });
}

function withHoles(value: number, random: Random): number {
  return random.integer(5) === 0 ? Number.NaN : value;
}

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
