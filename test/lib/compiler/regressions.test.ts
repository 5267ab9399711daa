/** Programs that once computed something else: here, or in Concrete (its open issues are named by number). */
import test from 'ava';
import { type CompileOptions, compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { flat, readings } from '../../support/agreement.ts';

const { int, range, uint } = encrypted;

interface Regression {
  readonly name: string;
  readonly f: np.TracedFunction;
  readonly specs: Parameters<typeof compile>[1];
  readonly rows: readonly (readonly np.ArrayLike[])[];
  readonly options?: CompileOptions;
}

const regressions: readonly Regression[] = [
  {
    name: 'a constant output (concrete#1293)',
    f: (x) => x!.multiply(0).subtract(97),
    specs: { x: uint(4) },
    rows: [[0], [15]],
  },
  {
    name: 'a constant times an array (concrete#1296)',
    f: (x) => x!.multiply(np.constant([[3], [-2]])),
    specs: { x: int(4, [3]) },
    rows: [[[-8, 0, 7]]],
  },
  {
    name: 'minimum and maximum of operands of different widths (concrete#1300)',
    f: (x, y) => [np.minimum(x!, y!), np.maximum(y!, x!)],
    specs: { x: uint(5), y: int(2) },
    rows: [
      [31, -2],
      [0, 1],
      [1, 1],
    ],
  },
  {
    name: 'a signed product and a maximum (concrete#1302)',
    f: (x, y) => np.maximum(x!.multiply(y!), x!.subtract(y!)),
    specs: { x: int(3), y: int(3) },
    rows: [
      [-4, -4],
      [-4, 3],
      [3, -4],
      [0, 0],
    ],
  },
  {
    name: 'results that do not depend on what else is returned (concrete#1307)',
    f: (x, y) => {
      const product = x!.multiply(y!);
      return [product, product.add(x!), x!, product.greater(7), y!.negative(), product];
    },
    specs: { x: uint(3), y: uint(3) },
    rows: [
      [7, 7],
      [0, 5],
      [3, 2],
    ],
  },
  {
    name: 'a chain of multiplications, plus its input (concrete#1309)',
    f: (x) => x!.multiply(3).multiply(x!).multiply(2).multiply(x!).add(x!),
    specs: { x: int(3) },
    rows: [[-4], [-1], [3]],
  },
  {
    name: 'a table of negative values at negative indices (concrete#1257)',
    f: (x) => new np.LookupTable([-3, 5, -7, 0]).at(x!),
    specs: { x: range(-4, 3) },
    rows: [[-4], [-1], [0], [3]],
  },
  {
    name: 'a result doubled six times, looked up: its noise grows 64 times (Concrete assumes 8)',
    f: (x) => {
      let y = x!.greater(3);
      for (let i = 0; i < 6; i++) y = y.add(y);
      return y.add(x!.sum()).map((v) => v % 67);
    },
    specs: { x: uint(3) },
    rows: [[3], [4], [7]],
    options: { query: 'values' },
  },
  {
    name: 'a function of reshaped elements',
    f: (x) => x!.reshape([3, 2]).map((v) => v * v),
    specs: { x: int(3, [2, 3]) },
    rows: [
      [
        [
          [-4, -3, -2],
          [1, 2, 3],
        ],
      ],
    ],
  },
  {
    name: 'a function of a sum that is always the same',
    f: (x) => new np.LookupTable([5, 7, 9]).at(x!.at(0).less(2).add(x!.at(0).greaterEqual(2))),
    specs: { x: uint(2, [1]) },
    rows: [[[0]], [[3]]],
  },
  {
    name: 'a diagram whose leaves are all the same',
    f: (x, y) =>
      x!
        .less(2)
        .add(x!.greaterEqual(2))
        .multiply(2)
        .add(y!.multiply(0))
        .add(np.minimum(y!, x!.add(4)))
        .map((v) => (v > 1 ? 7 : 3)),
    specs: { x: uint(2), y: uint(2) },
    rows: [
      [0, 0],
      [3, 3],
    ],
  },
  {
    name: 'the same value returned twice, beside itself as a component',
    f: (x) => [x!.less(2), x!.less(2), np.stack([x!.less(2), x!.greater(0)])],
    specs: { x: uint(2) },
    rows: [[0], [1], [3]],
  },
];

const forms = ['packed', 'unpacked', 'values'] as const;

for (const { name, f, specs, rows, options } of regressions)
  test.serial(name, async (t) => {
    for (const query of options?.query === undefined ? forms : [options.query]) {
      const circuit = await compile(f, specs, { ...options, query });
      for (const row of rows) {
        const { evaluated, interpreted, simulated } = await readings(circuit, row);
        t.deepEqual(interpreted, evaluated, `${query} ${JSON.stringify(row)}`);
        t.deepEqual(simulated, evaluated, `${query} ${JSON.stringify(row)}`);
        const decrypted = flat(await circuit.encryptRunDecrypt(...row));
        t.deepEqual(decrypted, evaluated, `${query} ${JSON.stringify(row)}`);
      }
    }
  });

test('the root of a negative constant is an error, not a crash (concrete#1299)', async (t) => {
  await t.throwsAsync(() => compile((x) => x!.add(np.round(np.sqrt(-4))), { x: uint(2) }), {
    code: 'NOT_FINITE',
  });
});

test('an inputset that misses the extremes changes no result (concrete#1306, discussion 704)', async (t) => {
  const f: np.TracedFunction = (x, y) => x!.multiply(y!).subtract(x!.add(y!).abs());
  const inputs = ['encrypted', 'encrypted'] as const;
  const specs = { x: inputs[0], y: inputs[1] };
  const first = await compile(f, specs, {
    inputset: [
      [-4, -4],
      [3, 3],
      [0, 0],
    ],
  });
  const second = await compile(f, specs, {
    inputset: [
      [3, -4],
      [-4, 3],
    ],
  });
  t.deepEqual(first.program, second.program);
  for (const row of [
    [-4, -4],
    [-4, 3],
    [3, 3],
  ] as const)
    t.is((await readings(second, row)).interpreted[0], row[0] * row[1] - Math.abs(row[0] + row[1]));
});

test('a wide sum beside a comparison makes it no dearer (Concrete locks their widths)', async (t) => {
  const specs = { x: uint(3), y: uint(3) };
  const alone = await compile((x, y) => x!.less(y!), specs);
  const beside = await compile((x, y) => [x!.less(y!), x!.add(1000)], specs);
  t.is(beside.statistics.diagrams.cmux, alone.statistics.diagrams.cmux);
  t.deepEqual(beside.program.parameters, alone.program.parameters);
});

test('repeated runs with the same keys stay right (concrete#1134)', async (t) => {
  const circuit = await compile((x) => x!.map((v) => (v * 5 + 1) % 16), { x: uint(4) });
  let [x, expected] = [3, 3];
  for (let i = 0; i < 40; i++) {
    x = (await circuit.encryptRunDecrypt(x)) as number;
    expected = (expected * 5 + 1) % 16;
  }
  t.is(x, expected);
});
