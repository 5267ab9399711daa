/**
 * Reports of wrong results and crashes in Concrete (zama-ai/concrete, by their numbers): here the same programs compute
 * what they mean. Report 1305 needs a GPU; its program is here for the processor.
 */
import test from 'ava';
import { Circuit, clear, compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { flat, readings } from '../../support/agreement.ts';
import { agreesEverywhere, type ProgramCase } from '../../support/cases.ts';

const { int, range, uint } = encrypted;

const cases: Readonly<Record<string, ProgramCase>> = {
  'concrete#1293: a constant output keeps its value': {
    f: (x) => x!.multiply(0).subtract(97),
    specs: { x: int(8) },
    rows: [[1], [-128]],
  },
  'concrete#1293: several constant outputs keep their values': {
    f: (x) => [1, 2, -3].map((value) => x!.multiply(0).add(value)),
    specs: { x: int(8) },
    rows: [[1]],
  },
  'concrete#1293: a number as the only output': {
    f: () => -97,
    specs: { x: int(8) },
    rows: [[1], [-128]],
  },
  'concrete#1293: an array as the only output': {
    f: () => np.array([1, -2, 3]),
    specs: { x: int(8) },
    rows: [[1]],
  },
  'concrete#1293: numbers and arrays among computed outputs': {
    f: (x) => [-97, x!, x!.map((v) => (v * v) % 7), [[2 ** 40, -1]], np.add(1, 2)],
    specs: { x: int(4) },
    rows: [[1], [-8]],
  },
  'concrete#1293: a number beside a clear input': {
    f: (c) => [c!.add(1), -97],
    specs: { c: clear.int(8) },
    rows: [[1], [-128]],
  },
  'concrete#1296: a constant times an array that holds an input among constants': {
    f: (x) => np.array([0, 1, x!, 2, 3]).multiply(np.constant(4)).at(2).add(x!),
    specs: { x: int(8) },
    rows: [[-76], [-128], [127]],
  },
  'concrete#1296: a column of constants times a row of inputs': {
    f: (x) => x!.multiply(np.constant([[3], [-2]])),
    specs: { x: int(4, [3]) },
    rows: [[[-8, 0, 7]]],
  },
  'concrete#1300: a maximum of operands of different widths, compared': {
    f: (x, y) => {
      const most = np.bitwiseOr(np.abs(-2), np.abs(15)) as number;
      return np.maximum(x!, y!.subtract(13)).greaterEqual(most).add(most).add(x!);
    },
    specs: { x: int(8), y: int(8) },
    rows: [
      [-128, 127],
      [15, 28],
      [14, 27],
      [127, -128],
    ],
    options: { query: 'packed' },
  },
  'concrete#1300: minimum and maximum of operands of different widths': {
    f: (x, y) => [np.minimum(x!, y!), np.maximum(y!, x!)],
    specs: { x: uint(5), y: int(2) },
    rows: [
      [31, -2],
      [0, 1],
      [1, 1],
    ],
  },
  'concrete#1301: arithmetic on a result that is always 0': {
    f: (x) => {
      const zero = np.bitwiseXor(x!.abs(), x!.abs());
      const sum = zero.add(13);
      const difference = np.subtract(5, sum);
      return [zero, sum, difference, sum.multiply(difference)];
    },
    specs: { x: int(8) },
    rows: [[-3], [-128], [127]],
  },
  'concrete#1302: a maximum of signed products': {
    f: (x, y) => np.maximum(x!.multiply(y!), x!.subtract(y!).multiply(3)),
    specs: { x: int(4), y: int(4) },
    rows: [
      [-8, -8],
      [-8, 7],
      [7, -8],
      [0, 0],
    ],
    options: { query: 'packed' },
  },
  'concrete#1303: a minimum of a narrow and a wide input': {
    f: (x, y) => np.minimum(x!, y!).add(y!),
    specs: { x: int(8), y: int(12) },
    rows: [
      [-93, -105],
      [-93, 2047],
      [127, -2048],
    ],
    options: { query: 'packed' },
  },
  'concrete#1304: a constant shifted by a comparison': {
    f: (x) => np.rightShift(np.invert(-4), np.greater(x!.multiply(x!), 0)),
    specs: { x: int(8) },
    rows: [[13], [0], [-128]],
  },
  'concrete#1305: a comparison times negative numbers': {
    f: (x) => x!.subtract(12).equal(9).subtract(1).multiply(8).multiply(-10),
    specs: { x: int(8) },
    rows: [[-45], [21]],
  },
  'concrete#1307: a product and its maximum, alone': {
    f: (x, y) => np.maximum(y!.multiply(x!), y!.multiply(x!).subtract(1)),
    specs: { x: int(4), y: int(4) },
    rows: [
      [6, -8],
      [-8, -8],
    ],
    options: { query: 'packed' },
  },
  'concrete#1307: results do not depend on what else is returned': {
    f: (x, y) => {
      const product = y!.multiply(x!);
      const most = np.maximum(product, product.subtract(1));
      const large = most.greaterEqual(7);
      return [product, most, large, large.multiply(1).equal(8), most.add(most), x!, most];
    },
    specs: { x: int(3), y: int(3) },
    rows: [
      [3, 3],
      [-4, -4],
      [2, -3],
    ],
  },
  'concrete#1309: a chain of multiplications of a comparison, plus an input': {
    f: (x, y) => {
      const larger = np.greater(x!, y!.subtract(x!));
      return larger.add(3).multiply(-10).subtract(13).multiply(13).multiply(13).add(x!);
    },
    specs: { x: int(8), y: int(8) },
    rows: [
      [-60, 2],
      [127, -128],
      [-128, 127],
    ],
    options: { query: 'packed' },
  },
  'concrete#1309: a chain of products of one input, plus it': {
    f: (x) => x!.multiply(3).multiply(x!).multiply(2).multiply(x!).add(x!),
    specs: { x: int(3) },
    rows: [[-4], [-1], [3]],
  },
  'concrete#1316: a pair that is computed by shifts, comparisons and minima': {
    f: (x, y) => {
      const offset = np.subtract(np.invert(4), np.hint(x!, { bits: 8, signed: true }));
      const probe = np.rightShift(np.invert(4), offset.abs());
      const bit = np.subtract(np.invert(4), offset).greater(y!);
      return [np.minimum(bit.multiply(120), 100).add(x!), probe.add(y!)];
    },
    specs: { x: int(8), y: int(8) },
    rows: [
      [-5, -5],
      [-128, 127],
      [127, -128],
    ],
    options: { query: 'packed' },
  },
  'concrete#1257: a table of negative values at negative indices': {
    f: (x) => new np.LookupTable([-3, 5, -7, 0]).at(x!),
    specs: { x: range(-4, 3) },
    rows: [[-4], [-1], [0], [3]],
  },
};

for (const [title, each] of Object.entries(cases))
  test.serial(title, async (t) => agreesEverywhere(t, each));

test.serial(
  'concrete#1293: a constant survives as JSON, alone and beside what is computed',
  async (t) => {
    for (const f of [() => -97, (x) => [x!.negative(), -97]] as np.TracedFunction[]) {
      using circuit = await compile(f, { x: int(8) });
      const copy = Circuit.fromJSON(JSON.stringify(circuit));
      using keys = await copy.keygen();
      const reply = await copy.run(keys.evaluation, copy.encrypt(keys.secret, 5));
      t.deepEqual(copy.decrypt(keys.secret, reply), circuit.evaluate(5));
      t.deepEqual(copy.evaluate(5), circuit.evaluate(5));
      t.is(flat(copy.evaluate(5)).at(-1), -97);
    }
  },
);

test('concrete#1299: the root of a negative constant is an error, not a crash', async (t) => {
  const f: np.TracedFunction = (x) => x!.add(np.toInteger(np.sqrt(-100)));
  await t.throwsAsync(() => compile(f, { x: int(8) }), { code: 'NOT_FINITE' });
  const later: np.TracedFunction = (x) => np.toInteger(np.sqrt(x!.multiply(0).subtract(100)));
  await t.throwsAsync(() => compile(later, { x: int(8) }), { code: 'NOT_FINITE' });
});

const byExample = { x: 'encrypted', y: 'encrypted' } as const;

test('concrete#1306: an inputset that misses extremes of results changes no result', async (t) => {
  const f: np.TracedFunction = (x, y) => x!.multiply(y!).subtract(x!.add(y!).abs());
  const examples = [
    [
      [-4, -4],
      [3, 3],
      [0, 0],
    ],
    [
      [3, -4],
      [-4, 3],
    ],
  ] as const;
  const [first, second] = await Promise.all(
    examples.map((inputset) => compile(f, byExample, { inputset })),
  );
  t.deepEqual(first!.program, second!.program);
  for (const row of [
    [-4, -4],
    [-4, 3],
    [3, 3],
  ] as const)
    for (const circuit of [first!, second!]) {
      const expected = row[0] * row[1] - Math.abs(row[0] + row[1]);
      t.is((await readings(circuit, row)).interpreted[0], expected);
      t.is((await circuit.encryptRunDecrypt(...row)) as number, expected);
    }
});

test('concrete#1306, discussion 704: what an inputset did not show is refused, and does not overflow', async (t) => {
  const inputset = [
    [0, 1],
    [3, 2],
  ] as const;
  using circuit = await compile((x, y) => x!.multiply(y!).add(x!), byExample, { inputset });
  const [x, y] = circuit.inputs;
  t.deepEqual([x!.min, x!.max, y!.min, y!.max], [0, 3, 1, 2]);
  using keys = await circuit.keygen();
  for (const row of [
    [4, 1],
    [0, 0],
    [-1, 2],
    [2, 3],
  ] as const) {
    t.throws(() => circuit.encrypt(keys.secret, ...row), { code: 'OUT_OF_RANGE' });
    t.throws(() => circuit.evaluate(...row), { code: 'OUT_OF_RANGE' });
    await t.throwsAsync(() => circuit.simulate(...row), { code: 'OUT_OF_RANGE' });
    await t.throwsAsync(() => circuit.encryptRunDecrypt(...row), { code: 'OUT_OF_RANGE' });
  }
  // Every pair inside the ranges is right, shown or not.
  for (const row of [0, 1, 2, 3].flatMap((a) => [[a, 1] as const, [a, 2] as const]))
    t.is((await circuit.encryptRunDecrypt(...row)) as number, row[0] * row[1] + row[0]);
});

test('concrete#1134: results fed back as inputs forty times stay right', async (t) => {
  using circuit = await compile((x) => x!.map((v) => (v * 5 + 1) % 16), { x: uint(4) });
  let [x, expected] = [3, 3];
  for (let i = 0; i < 40; i++) {
    [x] = flat(await circuit.encryptRunDecrypt(x)) as [number];
    expected = (expected * 5 + 1) % 16;
  }
  t.is(x, expected);
});
