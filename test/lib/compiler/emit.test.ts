/** Emit: programs as text, and what they compute on clear torus elements. */
import test from 'ava';
import { type Circuit, type CompileOptions, compile, encrypted } from '../../../lib/index.ts';
import { loadProgram } from '../../../lib/runtime/load.ts';
import { printProgram } from '../../../lib/runtime/print.ts';
import * as np from '../../../tracer/index.ts';
import { interpret } from '../../support/interpret.ts';

const { int, range, uint } = encrypted;

/** Without what the parameter search decides. */
const printed = (circuit: Circuit): string =>
  printProgram(circuit.program)
    .split('\n')
    .filter((line) => !/^(parameters|lookup class)/.test(line))
    .map((line) => line.replace(/ at \d+ bits/, ''))
    .join('\n');

/** Interprets every row of inputs in [min, max]^count and compares with evaluation. */
function checkAll(
  t: {
    deepEqual: (a: unknown, b: unknown, message?: string) => void;
    notThrows: (f: () => unknown) => void;
  },
  circuit: Circuit,
): void {
  t.notThrows(() => loadProgram(circuit.program));
  let rows: number[][] = [[]];
  for (const { min, max } of circuit.program.inputs)
    rows = rows.flatMap((row) =>
      Array.from({ length: max - min + 1 }, (_, i) => [...row, min + i]),
    );
  for (const row of rows) {
    let next = 0;
    const args = circuit.inputs.map(({ shape }) => {
      const size = shape.reduce((a, b) => a * b, 1);
      next += size;
      return { shape, data: Float64Array.from(row.slice(next - size, next)) };
    });
    const outputs = circuit.evaluate(...args);
    const expected = (Array.isArray(outputs) ? outputs : [outputs]).flatMap((each) => [
      ...np.toTensor(each).data,
    ]);
    t.deepEqual(interpret(circuit.program, row), expected, `${row}`);
  }
}

test('a linear program: one product and no key', async (t) => {
  const circuit = await compile((x) => x!.dot([1, -2]).add(4), { x: int(2, [2]) });
  t.is(
    printed(circuit),
    `
2 inputs, 1024 rows a query
query 0: 2 linear slots, row stride 2
glwe0 = linear(query 0, 2 weights) + polynomial0
reply 0: glwe0, coefficients 1
output 0 = 1 * part0 + 0`.trim(),
  );
  checkAll(t, circuit);
});

test('a tree: its tables side by side in one rotated polynomial, and a CMUX for each bit above', async (t) => {
  const circuit = await compile(
    (x, y) => np.where(x!.less(4), np.where(y!.less(2), -5, 3), np.where(y!.less(1), 9, -1)),
    { x: uint(3), y: uint(2) },
  );
  t.is(
    printed(circuit),
    `
2 inputs, 1 rows a query
query 0: 3 packed bits
glwe0 = bit1 ? polynomial1 : polynomial0
glwe1 = bit2 ? X^4094 * glwe0 : glwe0
glwe2 = bit0 ? glwe1 : X^4092 * glwe1
glwe3 = 1 * X^0 * glwe2 + polynomial2
reply 0: glwe3, coefficients 0
output 0 = 1 * part0 + 0`.trim(),
  );
  checkAll(t, circuit);
});

test('lookups: sums, a layer, its results', async (t) => {
  const circuit = await compile(
    (x, y) =>
      x!
        .add(y!)
        .map((v) => (v * v) % 5)
        .add(x!),
    { x: uint(2), y: uint(2) },
    { query: 'values' },
  );
  t.is(
    printed(circuit),
    `
2 inputs, 1 rows a query
query 0: 2 linear slots, row stride 2048
glwe0 = linear(query 0, 2 weights)
lwe0 = glwe0[0]
bootstrap class 0: lwe1@0 = polynomial0[lwe0]
glwe1 = linear(query 0, 1 weights)
lwe2 = glwe1[0]
lwe3 = 1 * lwe2 + 1 * lwe1 + 0 * 2^61
reply 0: lwe3
output 0 = 1 * part0 + 0`.trim(),
  );
  checkAll(t, circuit);
});

test('a test polynomial has boxes centred on their values: half of the first wraps, negated', async (t) => {
  const circuit = await compile(
    (x) => new np.LookupTable([3, 1, 0, 2]).at(x!),
    { x: uint(2) },
    { query: 'values' },
  );
  const { program } = circuit;
  const size = 2048 * 2 ** program.parameters.lookups[0]!.log2Extension;
  const box = size / 4;
  t.deepEqual(program.polynomials[0]?.runs, [
    [0, box / 2, 3],
    [box / 2, box, 1],
    [box * 2.5, box, 2],
    [size - box / 2, box / 2, -3],
  ]);
  checkAll(t, circuit);
});

const circuits: readonly [
  name: string,
  f: np.TracedFunction,
  specs: Parameters<typeof compile>[1],
  options?: CompileOptions,
][] = [
  [
    'an extended table of 8 bits',
    (x) => x!.map((v) => (v * v) % 101),
    { x: uint(8) },
    { query: 'values' },
  ],
  ['a table wider than a polynomial', (x) => x!.map((v) => (v * v) % 101), { x: range(-5, 2900) }],
  [
    'tables that share a rotation',
    (x) => {
      const sum = x!.sum();
      return [1, 2, 3].map((k) => sum.map((v) => (v * k) % 4));
    },
    { x: uint(1, [3]) },
    { query: 'values' },
  ],
  [
    'negative inputs, tables and outputs',
    (x, y) => x!.map((v) => -v * v + 3).subtract(y!.abs()),
    { x: int(3), y: int(3) },
  ],
  [
    'the same by lookups',
    (x, y) => x!.map((v) => -v * v + 3).subtract(y!.abs()),
    { x: int(3), y: int(3) },
    { query: 'values' },
  ],
  [
    'the same with bits unpacked',
    (x, y) => x!.map((v) => -v * v + 3).subtract(y!.abs()),
    { x: int(3), y: int(3) },
    { query: 'unpacked' },
  ],
  ['digits', (x) => x!.map((v) => v ** 4 * (v % 2 === 0 ? 1 : -1)), { x: uint(5) }],
  [
    'digits of several outputs',
    (x) => np.where(x!.less(9), np.array([1e6, -5, 77]), np.array([3, 1e5, -1e6])),
    { x: uint(4) },
  ],
  [
    'an output of one value, one of one bit, one of no information',
    (x) => [x!.multiply(0).add(7), x!.greater(2), x!.less(9)],
    { x: uint(3) },
  ],
  [
    'several readers of one result at several scales',
    (x) => {
      const y = x!.sum().map((v) => (v * v) % 3);
      return [y, y.multiply(40).add(x!.at(0)), y.add(x!.at(1)).map((v) => v % 2)];
    },
    { x: uint(2, [2]) },
    { query: 'values' },
  ],
  [
    'a choice between results',
    (x, y) =>
      np.where(
        x!.sum().less(3),
        y!.map((v) => v * v),
        x!.sum().negative(),
      ),
    { x: uint(2, [2]), y: uint(2) },
    { query: 'values' },
  ],
];

for (const [name, f, specs, options] of circuits)
  test(`interpreted as evaluated: ${name}`, async (t) => {
    checkAll(t, await compile(f, specs, options));
  });

test('an 8 bit table is one extended rotation', async (t) => {
  const circuit = await compile(
    (x) => x!.map((v) => (v * v) % 101),
    { x: uint(8) },
    { query: 'values' },
  );
  t.true(circuit.program.parameters.lookups[0]!.log2Extension >= 2);
  t.is(circuit.statistics.lookups.bootstraps, 1);
});

test('inputs in more sections than one', async (t) => {
  const weights = Array.from({ length: 2500 }, (_, i) => (i % 7) - 3);
  const circuit = await compile((x) => x!.dot(weights), { x: int(2, [2500]) });
  t.is(circuit.program.queries.length, 2);
  const row = weights.map((_, i) => (i % 4) - 2);
  t.deepEqual(interpret(circuit.program, row), [circuit.evaluate(row)]);
});
