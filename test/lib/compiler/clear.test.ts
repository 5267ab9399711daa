/** Clear inputs: the server sees them, the compiler does not; what they choose costs nearly nothing. */
import test from 'ava';
import {
  type ClearType,
  type CompileOptions,
  clear,
  compile,
  encrypted,
} from '../../../lib/index.ts';
import { printProgram } from '../../../lib/runtime/print.ts';
import * as np from '../../../tracer/index.ts';
import { flat, readings } from '../../support/agreement.ts';

type Specs = Parameters<typeof compile>[1];
type Row = readonly np.ArrayLike[];

const queryForms: readonly NonNullable<CompileOptions['query']>[] = [
  'packed',
  'unpacked',
  'values',
];

/** Functions of encrypted and clear inputs, with rows of inputs. */
const cases: readonly (readonly [string, np.TracedFunction, Specs, readonly Row[]])[] = [
  [
    'a sum of both',
    (x, c) =>
      x!
        .dot([3, -5])
        .add(c!.dot([7, -100]))
        .add(1),
    { x: encrypted.int(4, [2]), c: clear.int(4, [2]) },
    [
      [
        [7, -8],
        [-8, 7],
      ],
      [
        [1, 2],
        [3, 4],
      ],
      [
        [-8, -8],
        [-8, -8],
      ],
    ],
  ],
  [
    'several sums in one product',
    (x, c) =>
      x!
        .matmul([
          [1, 2, 3],
          [4, 5, 6],
        ])
        .add(
          c!.matmul([
            [1, 0, 2],
            [0, 1, -1],
            [1, 1, 1],
          ]),
        ),
    { x: encrypted.uint(4, [2]), c: clear.uint(4, [3]) },
    [
      [
        [15, 15],
        [15, 0, 15],
      ],
      [
        [1, 2],
        [3, 4, 5],
      ],
    ],
  ],
  [
    'a product',
    (x, c) => x!.multiply(c!),
    { x: encrypted.int(3), c: clear.int(3) },
    [
      [-4, -4],
      [3, -4],
      [0, 2],
      [-1, 3],
    ],
  ],
  [
    'a comparison',
    (x, c) => [x!.less(c!), np.equal(c!, x!), np.maximum(x!, c!)],
    { x: encrypted.uint(3), c: clear.uint(3) },
    [
      [0, 0],
      [7, 6],
      [3, 4],
    ],
  ],
  [
    'a table of both',
    (x, c) => np.map((a, b) => (a * a + 3 * b) % 7, x!, c!),
    { x: encrypted.uint(3), c: clear.range(5, 9) },
    [
      [0, 5],
      [7, 9],
      [4, 6],
    ],
  ],
  [
    'a table of their sum',
    (x, c) => x!.add(c!).map((v) => (v * v) % 5),
    { x: encrypted.uint(2), c: clear.uint(2) },
    [
      [0, 0],
      [3, 3],
      [2, 3],
    ],
  ],
  [
    'a choice by a clear condition',
    (x, c) => np.where(c!.greater(4), x!.at(0), x!.at(1).subtract(3)),
    { x: encrypted.uint(4, [2]), c: clear.uint(3) },
    [
      [[15, 0], 5],
      [[15, 1], 4],
      [[2, 15], 7],
    ],
  ],
  [
    'an encrypted condition between clear values',
    (x, c) => np.where(x!.less(2), c!, c!.multiply(-1)),
    { x: encrypted.uint(2), c: clear.uint(4) },
    [
      [0, 15],
      [3, 15],
      [2, 0],
    ],
  ],
  [
    'a function of one encrypted and two clear values, several times',
    (x, c, d) => [
      np.map((a, b, e) => ((a + 3) * (b + 5) * (e + 7)) % 11, x!, c!, d!),
      np.map((e, a) => (e * a * a) % 9, d!, x!),
      np.where(
        x!.less(c!),
        d!,
        x!.map((v) => v * v),
      ),
    ],
    { x: encrypted.range(-2, 3), c: clear.range(0, 4), d: clear.int(2) },
    [
      [-2, 4, -2],
      [3, 0, 1],
      [0, 3, -1],
    ],
  ],
  [
    'a promise about both',
    (x, c) => np.hint(x!.add(c!), { min: 2, max: 5 }).map((v) => (v * v * v) % 7),
    { x: encrypted.uint(2), c: clear.uint(2) },
    [
      [0, 2],
      [3, 2],
      [2, 2],
    ],
  ],
  [
    'an element of an encrypted array at a clear place',
    (x, i) => np.where(np.equal(i!, np.arange(4)), x!, 0).sum(),
    { x: encrypted.uint(3, [4]), i: clear.uint(2) },
    [
      [[1, 2, 3, 4], 0],
      [[1, 2, 3, 7], 3],
      [[5, 6, 0, 1], 1],
    ],
  ],
  [
    'elements of an encrypted array at clear places, negative ones too',
    (x, i) => [x!.at(i!), np.take(x!, [2, 0]).at(i!.clip(0, 1)), np.set(x!, [i!], 9)],
    { x: encrypted.uint(3, [4]), i: clear.range(-4, 3) },
    [
      [[1, 2, 3, 4], -4],
      [[1, 2, 3, 7], 3],
      [[5, 6, 0, 1], 1],
    ],
  ],
  [
    'an element of a clear array at an encrypted place',
    (x, i) => x!.at(i!),
    { x: clear.uint(4, [4]), i: encrypted.uint(2) },
    [
      [[1, 15, 3, 4], 1],
      [[1, 2, 0, 7], 3],
    ],
  ],
  [
    'clear inputs alone',
    (a, b) => [a!.multiply(b!).add(1), a!.sum().map((v) => v % 3), a!.sum().add(b!)],
    { a: clear.uint(3, [2]), b: clear.int(3) },
    [
      [[7, 7], -4],
      [[0, 1], 3],
    ],
  ],
  [
    'an output of clear inputs alone beside an encrypted one',
    (x, c) => [c!.multiply(c!), x!.map((v) => (v * v) % 8), x!.add(c!)],
    { x: encrypted.uint(3), c: clear.uint(3) },
    [
      [0, 7],
      [7, 0],
      [5, 5],
    ],
  ],
];

for (const [name, f, specs, rows] of cases)
  for (const query of queryForms)
    test(`${name}: ${query}`, async (t) => {
      using circuit = await compile(f, specs, { query });
      for (const row of rows) {
        const { evaluated, interpreted, simulated } = await readings(circuit, row);
        t.deepEqual(interpreted, evaluated, `${JSON.stringify(row)} interpreted`);
        t.deepEqual(simulated, evaluated, `${JSON.stringify(row)} simulated`);
      }
      const columns = rows[0]!.map((_, input) => rows.map((row) => row[input]!)) as np.ArrayLike[];
      const batch = flat(circuit.evaluateBatch(columns));
      t.deepEqual(flat(await circuit.encryptRunDecryptBatch(columns)), batch, 'encrypted');
    });

test('many rows of clear and encrypted features share ciphertexts', async (t) => {
  using circuit = await compile((x, c) => x!.dot([1, -2, 3]).add(c!.dot([5, 7])), {
    x: encrypted.int(5, [3]),
    c: clear.int(5, [2]),
  });
  t.is(circuit.statistics.rowsPerQuery, Math.floor(2048 / 3));
  const column = (width: number) =>
    Array.from({ length: 1500 }, (_, row) =>
      Array.from({ length: width }, (_, i) => ((row * 7 + i * 5) % 32) - 16),
    );
  const inputs = [column(3), column(2)];
  t.deepEqual(
    flat(await circuit.encryptRunDecryptBatch(inputs)),
    flat(circuit.evaluateBatch(inputs)),
  );
});

test('rows of lookups and diagrams each have their own clear values', async (t) => {
  for (const query of queryForms) {
    using circuit = await compile(
      (x, c) =>
        np
          .where(
            c!.less(2),
            x!,
            x!.map((v) => (v * 3) % 4),
          )
          .add(c!),
      { x: encrypted.uint(2), c: clear.uint(2) },
      { query },
    );
    const inputs = [0, 1].map((i) => Array.from({ length: 16 }, (_, row) => (row >> (2 * i)) % 4));
    const expected = flat(circuit.evaluateBatch(inputs));
    t.deepEqual(flat(await circuit.encryptRunDecryptBatch(inputs)), expected, query);
  }
});

test('an input says whether it is encrypted, in the circuit, its graph and its JSON', async (t) => {
  const circuit = await compile(
    (x, c) => x!.add(c!),
    { x: 'encrypted', c: 'clear' },
    {
      inputset: [
        [1, -2],
        [5, 3],
      ],
    },
  );
  t.deepEqual(circuit.inputs, [
    { name: 'x', shape: [], min: 1, max: 5, encrypted: true },
    { name: 'c', shape: [], min: -2, max: 3, encrypted: false },
  ]);
  t.regex(String(circuit.graph), /%1 = c +# clear int\[-2, 3\]/);
  t.deepEqual(circuit.program.inputs, [
    { min: 1, max: 5 },
    { min: -2, max: 3, clear: true },
  ]);
  t.regex(printProgram(circuit.program), /^2 inputs, 1 of them clear, /m);
  t.deepEqual(clear.range(-2, 3, [4]), { min: -2, max: 3, shape: [4], clear: true } as ClearType);
});

test('a value out of range is refused, clear or not', async (t) => {
  using circuit = await compile((x, c) => x!.add(c!), { x: encrypted.uint(2), c: clear.uint(2) });
  const { secret } = await circuit.keygen();
  t.throws(() => circuit.encrypt(secret, 1, 4), { code: 'OUT_OF_RANGE', message: /^c: / });
  t.throws(() => circuit.encrypt(secret, 1, 0.5), { code: 'NOT_AN_INTEGER' });
  t.throws(() => circuit.encrypt(secret, 1), { code: 'SHAPE_MISMATCH' });
});

test('what depends on clear inputs alone needs no keys, no noise and no bytes of ciphertext', async (t) => {
  for (const query of queryForms) {
    const circuit = await compile(
      (c) =>
        c!
          .at(0)
          .multiply(c!.at(1))
          .map((v) => v % 11),
      { c: clear.uint(3, [2]) },
      { query },
    );
    const { statistics, program } = circuit;
    t.is(statistics.evaluationKeyBytes, 0);
    t.is(statistics.queryBytes, 16);
    t.is(statistics.diagrams.cmux, 0);
    t.is(statistics.diagrams.bits, 0);
    t.is(statistics.lookups.bootstraps, 0);
    t.is(program.parameters.packed, null);
    const { secret } = await circuit.keygen();
    // The frame has 64 bytes, the key's name and the count of rows 24.
    t.is(circuit.encrypt(secret, [1, 2]).bytes.length, 64 + 24 + 16);
  }
});

test('a table of one encrypted input and clear ones takes a CMUX for each bit of the one', async (t) => {
  const f: np.TracedFunction = (x, c, d) =>
    np.map((a, b, e) => (Math.imul(a * 77 + b * 4577 + e, 0x9e3779b1) >>> 13) % 16, x!, c!, d!);
  for (const query of ['packed', 'unpacked'] as const) {
    const specs = { x: encrypted.uint(6), c: clear.uint(6), d: clear.uint(3) };
    const { statistics } = await compile(f, specs, { query });
    t.is(statistics.diagrams.cmux, 6);
    t.is(statistics.diagrams.bits, 6);
  }
});

test('clear bits that a polynomial has no room for choose one', async (t) => {
  using circuit = await compile(
    (x, c) => np.map((a, b) => (Math.imul(a * 77 + b, 0x9e3779b1) >>> 13) % 16, x!, c!),
    { x: encrypted.uint(4), c: clear.range(0, 500) },
  );
  t.is(circuit.statistics.diagrams.cmux, 4);
  const inputs = [
    [0, 15, 7, 9],
    [0, 500, 255, 256],
  ];
  const expected = flat(circuit.evaluateBatch(inputs));
  t.deepEqual(flat(await circuit.encryptRunDecryptBatch(inputs)), expected);
});

test('a clear choice among encrypted values adds no CMUX and no noise', async (t) => {
  const x = encrypted.uint(4, [4]);
  const pick: np.TracedFunction = (x, i) => x!.at(i!);
  const times: np.TracedFunction = (x, i) => x!.multiply(i!).sum();
  for (const query of queryForms)
    for (const f of [pick, times]) {
      const { statistics } = await compile(f, { x, i: clear.uint(2) }, { query });
      t.is(statistics.diagrams.cmux + statistics.lookups.bootstraps, 0);
      t.is(statistics.evaluationKeyBytes, 0);
      t.is(statistics.queryBytes, 8 + 16 + 4 * 8);
    }
  const plain = await compile((x) => x!.at(0).map((v) => (v * v) % 16), { x });
  const scaled = await compile(
    (x, i) =>
      np.where(
        i!.less(2),
        x!.at(0).map((v) => (v * v) % 16),
        0,
      ),
    { x, i: clear.uint(2) },
  );
  t.is(scaled.statistics.diagrams.cmux, plain.statistics.diagrams.cmux);
  t.is(scaled.statistics.evaluationKeyBytes, plain.statistics.evaluationKeyBytes);
});

test('clear bits cost no key and no query bytes beside encrypted ones', async (t) => {
  const f: np.TracedFunction = (x, c) => np.map((a, b) => (a ^ b) % 5, x!, c!);
  const half = await compile(f, { x: encrypted.uint(3), c: clear.uint(3) });
  const whole = await compile(f, { x: encrypted.uint(3), c: encrypted.uint(3) });
  t.is(half.statistics.diagrams.bits, 3);
  t.is(whole.statistics.diagrams.bits, 6);
  t.is(half.statistics.diagrams.cmux, 3);
  t.is(whole.statistics.diagrams.cmux, 6);
  t.true(half.statistics.microseconds < whole.statistics.microseconds);
});

test('the keys of a program do not depend on what is clear where the parameters do not', async (t) => {
  const f: np.TracedFunction = (x, c) => x!.add(c!);
  using half = await compile(f, { x: encrypted.uint(2), c: clear.uint(2) });
  using whole = await compile(f, { x: encrypted.uint(2), c: encrypted.uint(2) });
  const { secret, evaluation } = await half.keygen();
  const query = whole.encrypt(whole.secretKey(secret.toBytes()), 1, 2);
  const key = await whole.evaluationKey(await evaluation.toBytes());
  const reply = await whole.run(key, query);
  t.is(whole.decrypt(whole.secretKey(secret.toBytes()), reply), 3);
});
