/** Bits of a query choose computed values: products and choices of one fresh and one computed operand without a lookup. */
import test from 'ava';
import { compile, encrypted, type InputSpecs } from '../../../lib/index.ts';
import { createRandom } from '../../../lib/random.ts';
import * as np from '../../../tracer/index.ts';
import { flat, readings } from '../../support/agreement.ts';
import { pass } from '../../support/passes.ts';

const { int, uint, range } = encrypted;

type Types = ReturnType<typeof int>[];

interface Computed {
  readonly f: np.TracedFunction;
  readonly types: Types;
  /** Bootstraps: those that refresh operands, and those that `f` itself looks up. */
  readonly bootstraps: number;
}

const r = np.refresh;

const computed: Readonly<Record<string, Computed>> = {
  'a product': { f: (x, y) => np.multiply(x!, r(y!)), types: [int(4), int(5)], bootstraps: 1 },
  'a product the other way round': {
    f: (x, y) => np.multiply(r(y!), x!),
    types: [uint(3), int(4)],
    bootstraps: 1,
  },
  'a product by a range that fills no bits': {
    f: (x, y) => np.multiply(x!, r(y!)),
    types: [range(-3, 9), range(-5, 5)],
    bootstraps: 1,
  },
  'a product by a sum of inputs': {
    f: (x, y) => np.multiply(np.add(np.multiply(x!.at(0), 3), np.subtract(x!.at(1), 2)), r(y!)),
    types: [int(3, [2]), int(4)],
    bootstraps: 1,
  },
  'a scalar product': {
    f: (x, y) => np.dot(x!, r(y!)),
    types: [int(3, [5]), int(4, [5])],
    bootstraps: 5,
  },
  'a product of three': {
    f: (x, y) => np.multiply(x!.at(0), np.multiply(x!.at(1), r(y!))),
    types: [int(2, [2]), int(4)],
    bootstraps: 1,
  },
  'a product with what is fresh in part': {
    f: (x, y) => np.multiply(x!.at(0), np.subtract(r(y!), np.multiply(x!.at(1), 5))),
    types: [int(3, [2]), int(4)],
    bootstraps: 1,
  },
  'a choice between two': {
    f: (x, y) => np.where(x!, r(y!.at(0)), r(y!.at(1))),
    types: [uint(1), int(5, [2])],
    bootstraps: 2,
  },
  'a choice by a comparison': {
    f: (x, y) => np.where(np.greater(x!, 5), r(y!), 3),
    types: [uint(4), int(5)],
    bootstraps: 1,
  },
  'a table of a product': {
    f: (x, y) =>
      np.map(
        (v: number) => (((v * 7) % 11) + 11) % 11,
        np.add(np.dot(x!, r(y!)), np.multiply(x!.at(0), x!.at(1))),
      ),
    types: [int(2, [2]), int(3, [2])],
    bootstraps: 3,
  },
};

const specsOf = (types: Types): InputSpecs => ({ x: types[0]!, y: types[1]! });

/** Arguments at both ends of the ranges, and random ones. */
function argumentsOf(types: Types, count: number): np.Tensor[][] {
  const random = createRandom(5);
  const filled = (value: (min: number, max: number) => number): np.Tensor[] =>
    types.map(({ min, max, shape }) => ({
      shape,
      data: new Float64Array(shape.reduce((a, b) => a * b, 1)).map(() => value(min, max)),
    }));
  return [
    filled((min) => min),
    filled((_, max) => max),
    ...Array.from({ length: count }, () =>
      filled((min, max) => min + random.integer(max - min + 1)),
    ),
  ];
}

for (const [name, { f, types, bootstraps }] of Object.entries(computed))
  test(`${name}: no lookup but those of its operands, and all readings agree`, async (t) => {
    using circuit = await compile(f, specsOf(types), { calibration: 'default' });
    t.is(circuit.statistics.lookups.bootstraps, bootstraps);
    for (const args of argumentsOf(types, 40)) {
      const { evaluated, interpreted, simulated } = await readings(circuit, args);
      t.deepEqual(interpreted, evaluated);
      t.deepEqual(simulated, evaluated);
    }
    for (const args of argumentsOf(types, 2))
      t.deepEqual(
        flat(await circuit.encryptRunDecrypt(...args)),
        flat(circuit.evaluate(...args)),
        `encrypted: ${args.map(({ data }) => data)}`,
      );
  });

test('a clear bit chooses a computed value too', async (t) => {
  using circuit = await compile(
    (x, y) => np.multiply(x, np.refresh(y)),
    { x: { ...int(3), clear: true }, y: int(4) },
    { calibration: 'default' },
  );
  t.is(circuit.statistics.lookups.bootstraps, 1);
  for (const [x, y] of [
    [-4, 7],
    [3, -8],
    [2, 5],
  ] as const)
    t.deepEqual(flat(await circuit.encryptRunDecrypt(x, y)), [x * y]);
});

test('without bits in the query, products of computed values are looked up', async (t) => {
  using circuit = await compile(
    (x, y) => np.multiply(x, np.refresh(y)),
    { x: int(2), y: int(2) },
    { calibration: 'default', query: 'values' },
  );
  t.true(circuit.statistics.lookups.bootstraps > 1);
  t.is(circuit.statistics.diagrams.cmux, 0);
  t.deepEqual(flat(circuit.evaluate(-2, 1)), [-2]);
});

/** Squared weights of the noise of an output by its source. */
function noiseOf(f: np.TracedFunction, x: Types[number], y: Types[number]) {
  const { asked } = pass(f, { x, y });
  const { terms } = asked.requirements.constraints[asked.outputConstraints[0]!]!;
  const weightOf = (source: string) =>
    terms.filter((term) => term.source === source).reduce((sum, t) => sum + t.squaredWeight, 0);
  return { bootstrap: weightOf('bootstrap'), diagram: terms.find((t) => t.source === 'diagram') };
}

test('noise of what is chosen is multiplied by the largest factor, and each bit adds one CMUX', (t) => {
  const product = noiseOf((x, y) => np.multiply(x!, np.refresh(y!)), int(4), int(4));
  t.is(product.bootstrap, 8 ** 2);
  t.like(product.diagram, { depth: 4, apart: 4, clear: 0 });
  const positive = noiseOf((x, y) => np.multiply(x!, np.refresh(y!)), uint(4), int(4));
  t.is(positive.bootstrap, 15 ** 2);
  // Two products by one source: y is multiplied by x - 1 in all, from -1 to 2.
  const twice = noiseOf(
    (x, y) => {
      const value = np.refresh(y!);
      return np.subtract(np.multiply(x!, value), value);
    },
    uint(2),
    int(4),
  );
  t.is(twice.bootstrap, 2 ** 2);
});

test('roundings of one mask at several scales are alike, those of different masks are not', (t) => {
  const diagram = (f: np.TracedFunction) => noiseOf(f, uint(2, [2]), int(4, [2])).diagram;
  const apart = diagram((x, y) => np.dot(x!, np.refresh(y!)));
  // Of y and 2 y: as if half of them were the same.
  t.like(apart, { depth: 4, rounding: 2 * (2 + 4) * 0.5 });
  const same = diagram((x, y) => np.multiply(np.sum(x!), np.refresh(y!.at(0))));
  // Twice each of them.
  t.like(same, { depth: 4, rounding: (4 * 2 + 16) / 2 });
});
