/** Compile errors: what was given, what is allowed, the remedy, the user's own line and the graph with its guilty node. */
import test from 'ava';
import {
  BlindfitError,
  type Circuit,
  type CompileOptions,
  compile,
  type ErrorCode,
  encrypted,
} from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';

const { int, range, uint } = encrypted;

interface Case {
  readonly name: string;
  readonly f: np.TracedFunction;
  readonly specs: Parameters<typeof compile>[1];
  readonly options?: CompileOptions;
  readonly code: ErrorCode;
  /** The message up to the place. */
  readonly message: string;
  /** The graph, without places. */
  readonly graph: string;
  /** The remedies, each followed: these do compile. */
  readonly cured: readonly Cure[];
}

/** What differs from the case that was refused. */
interface Cure {
  readonly f?: np.TracedFunction;
  readonly specs?: Case['specs'];
  readonly options?: CompileOptions;
}

/** Something that only a table computes. */
const digest = (x: Parameters<np.TracedFunction>[0]) =>
  np.map((v: number) => (v * v) % 7, x, { name: 'digest' });

const cases: readonly Case[] = [
  {
    name: 'a function without a value somewhere in its range',
    f: (x) => np.floor(np.log(x!)),
    specs: { x: uint(3) },
    code: 'NOT_FINITE',
    message:
      'floor(log(x)) at 0: a value is not finite: given -Infinity; allowed: an integer for every value that the operands can take; narrow the input range, or replace such operands before, with clip or np.where',
    graph: `
%0 = x                  # int[0, 7] ()
%1 = floor(log(x))(%0)  # int ()
^^^^^^^^^^^^^^^^^^^^^^ gives -Infinity
                       @ here
return %1`,
    cured: [
      { specs: { x: range(1, 7) } },
      { f: (x) => np.floor(np.log(x!.clip(1, 7))) },
      { f: (x) => np.floor(np.log(np.where(x!.equal(0), 1, x!))) },
    ],
  },
  {
    name: 'a function of two operands without a value for some of them',
    f: (x, y) => x!.floorDivide(y!),
    specs: { x: uint(2), y: int(2) },
    code: 'NOT_FINITE',
    message:
      'floorDivide at (0, 0): a value is not finite: given NaN; allowed: an integer for every value that the operands can take; narrow the input range, or clip an operand before, or say with np.map what it gives there',
    graph: `
%0 = x                           # int[0, 3] ()
%1 = y                           # int[-2, 1] ()
%2 = floorDivide(x, x1)(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ gives NaN
                                @ here
return %2`,
    cured: [
      { specs: { x: uint(2), y: range(-2, -1) } },
      { f: (x, y) => x!.floorDivide(y!.clip(1, 1)) },
      { f: (x, y) => np.map((a, b) => (b === 0 ? 0 : Math.floor(a / b)), x!, y!) },
    ],
  },
  {
    name: 'a function that is said to be of integers and is not',
    f: (x) => x!.map((v) => (v === 5 ? 0.5 : v * v), { kind: 'integer', name: 'mostly' }),
    specs: { x: uint(3) },
    code: 'NOT_AN_INTEGER',
    message:
      'mostly at 5: a value is not an integer: given 0.5; allowed: an integer for every value that the operands can take; round what the function returns',
    graph: `
%0 = x              # int[0, 7] ()
%1 = mostly(x)(%0)  # int ()
^^^^^^^^^^^^^^^^^^ gives 0.5
                   @ here
return %1`,
    cured: [{ f: (x) => x!.map((v) => (v === 5 ? Math.round(0.5) : v * v)) }],
  },
  {
    name: 'a function that throws',
    f: (x, y) =>
      np.map(
        function pick(a: number, b: number) {
          if (a + b > 3) throw new RangeError('no such entry');
          return a * b;
        },
        x!,
        y!,
      ),
    specs: { x: uint(2), y: uint(2) },
    code: 'FUNCTION_FAILED',
    message:
      'pick at (1, 3): a function given to map threw an error: given RangeError: no such entry; make it return a number for each value that it can meet',
    graph: `
%0 = x                    # int[0, 3] ()
%1 = y                    # int[0, 3] ()
%2 = pick(x, x1)(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^^^^^^^^ threw an error
                         @ here
return %2`,
    cured: [{ f: (x, y) => np.map((a, b) => (a + b > 3 ? 0 : a * b), x!, y!) }],
  },
  {
    name: 'a shift that may be negative',
    f: (x, y) => x!.leftShift(y!),
    specs: { x: uint(2), y: int(2) },
    code: 'OUT_OF_RANGE',
    message:
      'leftShift(0, -2): a value is out of range: given -2; allowed: a shift of 0 or more; clip it, or shift the other way',
    graph: `
%0 = x                  # int[0, 3] ()
%1 = y                  # int[-2, 1] ()
%2 = leftShift(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^^^^^^ threw an error
                       @ here
return %2`,
    cured: [
      { f: (x, y) => x!.leftShift(y!.clip(0, 1)) },
      { f: (x, y) => x!.rightShift(y!.negative().clip(0, 2)) },
    ],
  },
  {
    name: 'a table shorter than the range of its index',
    f: (x) => new np.LookupTable([3, 1, 2]).at(x!).add(1),
    specs: { x: uint(3) },
    code: 'INDEX_OUT_OF_RANGE',
    message:
      'table: an index is out of range: given 3; allowed: -3 to 2; add entries to the table, clip the index, or narrow the input range',
    graph: `
%0 = x                     # int[0, 7] ()
%1 = table(%0, [3, 1, 2])  # int ()
^^^^^^^^^^^^^^^^^^^^^^^^^ is looked up at 3
                          @ here
%2 = 1                     # clear int ()
%3 = add(%1, %2)           # int ()
return %3`,
    cured: [
      { f: (x) => new np.LookupTable([3, 1, 2, 0, 0, 0, 0, 9]).at(x!) },
      { f: (x) => new np.LookupTable([3, 1, 2]).at(x!.clip(0, 2)) },
      { specs: { x: range(0, 2) } },
    ],
  },
  {
    name: 'an encrypted index that may leave the array',
    f: (x, i) => x!.set([i!.add(1)], 7),
    specs: { x: uint(3, [4]), i: uint(2) },
    code: 'INDEX_OUT_OF_RANGE',
    message:
      'set: axis 0: an index is out of range: given 4; allowed: -4 to 3; clip the index, or narrow its range',
    graph: `
%0 = x                                    # int[0, 7] (4)
%1 = i                                    # int[0, 3] ()
%2 = gather(%1)                           # int (4)
%3 = [0, 1, 2, 3]                         # clear int (4)
%4 = equal(place(add(x, 1)), k1)(%2, %3)  # int (4)
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ threw an error
                                         @ here
%5 = set(%4)                              # int (4)
%6 = 7                                    # clear int ()
%7 = set(%0, %6)                          # int (4)
%8 = where(%5, %7, %0)                    # int (4)
return %8`,
    cured: [
      { f: (x, i) => x!.set([i!.add(1).clip(0, 3)], 7) },
      { specs: { x: uint(3, [4]), i: uint(1) } },
    ],
  },
  {
    name: 'a table of too many combinations',
    f: (x, y) => np.gcd(x!, y!),
    specs: { x: uint(12), y: uint(12) },
    code: 'TABLE_TOO_LARGE',
    message:
      'gcd: a table has too many entries: given a function of 12 + 12 bits; allowed: at most 20 bits in all; drop low bits of its operands first, as in x.rightShift(7), or promise a narrower range with np.hint',
    graph: `
%0 = x                   # int[0, 4095] (), 12 bits
%1 = y                   # int[0, 4095] ()
%2 = gcd(x, x1)(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^^^^^^^ reads 12 + 12 bits
                        @ here
return %2`,
    cured: [
      { f: (x, y) => np.gcd(x!.rightShift(7), y!.rightShift(7)) },
      {
        f: (x, y) => np.gcd(np.hint(x!, { bits: 5 }), np.hint(y!, { bits: 5 })),
        specs: { x: uint(5), y: uint(5) },
      },
    ],
  },
  {
    name: 'integers beyond 2^53',
    f: (x) => x!.multiply(2 ** 40).add(3),
    specs: { x: int(20) },
    code: 'OVERFLOW_2_53',
    message:
      'multiply: an integer result exceeds 2^53: given values from -576460752303423500 to 576459652791795700; allowed: integers of at most 2^53 in size; use smaller inputs or weights',
    graph: `
%0 = x                 # int[-524288, 524287] (), 20 bits
%1 = 1099511627776     # clear int ()
%2 = multiply(%0, %1)  # int[-576460752303423500, 576459652791795700] (), 60 bits
^^^^^^^^^^^^^^^^^^^^^ grows from 20 to 60 bits here
                      reaches 576460752303423500
                      @ here
%3 = 3                 # clear int ()
%4 = add(%2, %3)       # int ()
return %4`,
    cured: [{ f: (x) => x!.multiply(9).add(3) }],
  },
  {
    name: 'a function with an entry beyond 2^53',
    f: (x) => x!.power(20),
    specs: { x: uint(3) },
    code: 'OVERFLOW_2_53',
    message:
      'power at 7: an integer result exceeds 2^53: given 79792266297612000; allowed: an integer for every value that the operands can take; scale it down, or narrow the input range, or replace such operands before, with clip or np.where',
    graph: `
%0 = x                 # int[0, 7] ()
%1 = power(x, 20)(%0)  # int ()
^^^^^^^^^^^^^^^^^^^^^ gives 79792266297612000
                      @ here
return %1`,
    cured: [{ f: (x) => x!.clip(0, 2).power(20) }, { specs: { x: range(0, 2) } }],
  },
  {
    name: 'a sum of floats',
    f: (x) => np.round(x!.multiply(0.5).sum()),
    specs: { x: uint(3, [3]) },
    code: 'UNSUPPORTED',
    message:
      'sum: this is not supported: given floats; allowed: floats in element-wise functions only; scale and round to integers before it',
    graph: `
%0 = x                  # int[0, 7] (3)
%1 = 0.5                # clear float ()
%2 = multiply(%0, %1)   # float (3)
%3 = sum(%2, axes=[0])  # float ()
^^^^^^^^^^^^^^^^^^^^^^ floats may not enter here
                       @ here
%4 = round(%3)          # int ()
return %4`,
    cured: [{ f: (x) => np.round(x!.multiply(0.5)).sum() }],
  },
  {
    name: 'a product with float weights',
    f: (x) => np.round(x!.matmul([0.5, 0.25])),
    specs: { x: uint(3, [2]) },
    code: 'UNSUPPORTED',
    message:
      'matmul: this is not supported: given floats; allowed: floats in element-wise functions only; scale and round to integers before it',
    graph: `
%0 = x               # int[0, 7] (2)
%1 = [0.5, 0.25]     # clear float (2)
%2 = matmul(%0, %1)  # float ()
^^^^^^^^^^^^^^^^^^^ floats may not enter here
                    @ here
%3 = round(%2)       # int ()
return %3`,
    cured: [{ f: (x) => x!.matmul([2, 1]) }],
  },
  {
    name: 'a join of floats',
    f: (x, y) => np.round(np.stack([x!.multiply(0.5), y!.multiply(0.5)])),
    specs: { x: uint(3), y: uint(3) },
    code: 'UNSUPPORTED',
    message:
      'stack: this is not supported: given floats; allowed: floats in element-wise functions only; scale and round to integers before it',
    graph: `
%0 = x                      # int[0, 7] ()
%1 = y                      # int[0, 7] ()
%2 = 0.5                    # clear float ()
%3 = multiply(%0, %2)       # float ()
%4 = multiply(%1, %2)       # float ()
%5 = stack(%3, %4, axis=0)  # float (2)
^^^^^^^^^^^^^^^^^^^^^^^^^^ floats may not enter here
                           @ here
%6 = round(%5)              # int (2)
return %6`,
    cured: [{ f: (x, y) => np.stack([np.round(x!.multiply(0.5)), np.round(y!.multiply(0.5))]) }],
  },
  {
    name: 'a choice between too wide values',
    f: (x, y) => np.where(x!.greater(5), y!.multiply(3), 0),
    specs: { x: uint(4), y: uint(18) },
    options: { query: 'values' },
    code: 'LOOKUP_TOO_WIDE',
    message:
      "where: a function of too many bits for a lookup: given a function of 21 bits; allowed: at most 20 bits; compile with query: 'packed'; or drop low bits of its wide operands first, as in x.rightShift(1), or promise a narrower range with np.hint",
    graph: `
%0 = x                  # int[0, 15] ()
%1 = y                  # int[0, 262143] (), 18 bits
%2 = greater(x, 5)(%0)  # int ()
%3 = 3                  # clear int ()
%4 = multiply(%1, %3)   # int[0, 786429] (), 20 bits
^^^^^^^^^^^^^^^^^^^^^ grows from 18 to 20 bits here
                      @ here
%5 = 0                  # clear int ()
%6 = where(%2, %4, %5)  # int ()
^^^^^^^^^^^^^^^^^^^^^^ reads 21 bits
                       @ here
return %6`,
    cured: [{ options: { query: 'packed' } }],
  },
  {
    name: 'an output too noisy for its width',
    f: (x) => x!.multiply(2 ** 33 + 1),
    specs: { x: uint(15) },
    code: 'NO_PARAMETERS',
    message:
      'multiply as an output: no secure parameters keep the promised error: given a value that comes out wrong with a probability of at least 1; allowed: 2^-40.0, its share of pError; use smaller weights or narrower inputs, or return its parts and put them together after decryption',
    graph: `
%0 = x                 # int[0, 32767] (), 15 bits
%1 = 8589934593        # clear int ()
%2 = multiply(%0, %1)  # int[0, 281466386808831] (), 48 bits
^^^^^^^^^^^^^^^^^^^^^ grows from 15 to 48 bits here
                      is too noisy for its width
                      @ here
return %2`,
    cured: [{ f: (x) => x!.multiply(33) }, { f: (x) => [x!, x!.multiply(1)] }],
  },
  {
    name: 'the second output, too noisy',
    f: (x) => [x!.add(1), x!.multiply(2 ** 33 + 1)],
    specs: { x: uint(15) },
    code: 'NO_PARAMETERS',
    message:
      'multiply as an output: no secure parameters keep the promised error: given a value that comes out wrong with a probability of at least 1; allowed: 2^-41.0, its share of pError; use smaller weights or narrower inputs, or return its parts and put them together after decryption',
    graph: `
%0 = x                 # int[0, 32767] (), 15 bits
%1 = 1                 # clear int ()
%2 = add(%0, %1)       # int ()
%3 = 8589934593        # clear int ()
%4 = multiply(%0, %3)  # int[0, 281466386808831] (), 48 bits
^^^^^^^^^^^^^^^^^^^^^ grows from 15 to 48 bits here
                      is too noisy for its width
                      @ here
return (%2, %4)`,
    cured: [{ f: (x) => [x!.add(1), x!] }],
  },
  {
    name: 'a table of a wide and a narrow operand',
    f: (x, y) => np.gcd(x!, y!),
    specs: { x: uint(19), y: uint(3) },
    code: 'TABLE_TOO_LARGE',
    message:
      'gcd: a table has too many entries: given a function of 19 + 3 bits; allowed: at most 20 bits in all; drop low bits of its wide operands first, as in x.rightShift(12), or promise a narrower range with np.hint',
    graph: `
%0 = x                   # int[0, 524287] (), 19 bits
%1 = y                   # int[0, 7] ()
%2 = gcd(x, x1)(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^^^^^^^ reads 19 + 3 bits
                        @ here
return %2`,
    cured: [{ f: (x, y) => np.gcd(x!.rightShift(12), y!) }],
  },
  {
    name: 'a function of a sum of too many bits',
    f: (x) => np.floor(np.sqrt(x!.dot([1, 1000, 1000000]))),
    specs: { x: uint(8, [3]) },
    code: 'TABLE_TOO_LARGE',
    message:
      'floor(sqrt(x)): a table has too many entries: given a function of 28 bits; allowed: at most 20 bits in all; use narrower inputs or smaller weights, promise a narrower range with np.hint, or compute on high and low parts that are inputs of their own',
    graph: `
%0 = x                   # int[0, 255] (3), 8 bits
%1 = [1, 1000, 1000000]  # clear int (3)
%2 = matmul(%0, %1)      # int[0, 255255255] (), 28 bits
^^^^^^^^^^^^^^^^^^^ grows from 8 to 28 bits here
                    @ here
%3 = floor(sqrt(x))(%2)  # int ()
^^^^^^^^^^^^^^^^^^^^^^^ reads 28 bits
                        @ here
return %3`,
    cured: [
      {
        specs: { x: uint(1, [3]) },
        f: (x) => np.floor(np.sqrt(np.hint(x!.dot([1, 1000, 1000000]), { bits: 20 }))),
      },
      { f: (x) => np.floor(np.sqrt(x!.dot([1, 10, 100]))) },
    ],
  },
  {
    name: 'a shift of values too wide for any table',
    f: (x) => x!.rightShift(20),
    specs: { x: uint(45) },
    code: 'TABLE_TOO_LARGE',
    message:
      'rightShift: a table has too many entries: given a function of 45 bits; allowed: at most 20 bits in all; use narrower inputs or smaller weights, promise a narrower range with np.hint, or compute on high and low parts that are inputs of their own',
    graph: `
%0 = x                      # int[0, 35184372088831] (), 45 bits
%1 = rightShift(x, 20)(%0)  # int ()
^^^^^^^^^^^^^^^^^^^^^^^^^^ reads 45 bits
                           @ here
return %1`,
    cured: [
      {
        f: (x) =>
          x!
            .at(0)
            .multiply(2 ** 3)
            .add(x!.at(1).rightShift(12)),
        specs: { x: uint(15, [3]) },
      },
    ],
  },
  {
    name: 'keys for bits of inputs',
    f: (x, y) => x!.less(y!),
    specs: { x: uint(8), y: uint(8) },
    options: { maxKeyBytes: 1000 },
    code: 'KEY_TOO_LARGE',
    message:
      "less: every way to compute this needs a larger evaluation key than is allowed: given at least 49168 bytes; allowed: maxKeyBytes: 1000; compile with query: 'unpacked'; or raise maxKeyBytes to 49168",
    graph: `
%0 = x             # int[0, 255] ()
%1 = y             # int[0, 255] ()
%2 = less(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^ is computed from bits of inputs
                  @ here
return %2`,
    cured: [
      { options: { query: 'unpacked', maxKeyBytes: 1000 } },
      { options: { maxKeyBytes: 49168 } },
    ],
  },
  {
    name: 'keys for lookups',
    f: (x, y) => x!.less(y!),
    specs: { x: uint(8), y: uint(8) },
    options: { query: 'values', maxKeyBytes: 1000 },
    code: 'KEY_TOO_LARGE',
    message:
      "less: every way to compute this needs a larger evaluation key than is allowed: given at least 26066976 bytes; allowed: maxKeyBytes: 1000; compile with query: 'unpacked'; or raise maxKeyBytes to 26066976",
    graph: `
%0 = x             # int[0, 255] ()
%1 = y             # int[0, 255] ()
%2 = less(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^ is the widest function looked up, of 5 in all
                  @ here
return %2`,
    cured: [{ options: { query: 'unpacked', maxKeyBytes: 1000 } }],
  },
  {
    name: 'a promise that no value keeps',
    f: (x) => np.hint(x!.add(10), { min: 0, max: 5 }),
    specs: { x: uint(3) },
    code: 'OUT_OF_RANGE',
    message:
      'hint: a value is out of range: given the promise 0 to 5 for values of 10 to 17; allowed: a range that some of the values are in; correct the range, or leave the hint out',
    graph: `
%0 = x                   # int[0, 7] ()
%1 = 10                  # clear int ()
%2 = add(%0, %1)         # int ()
%3 = assume(%2, 0 to 5)  # int ()
^^^^^^^^^^^^^^^^^^^^^^^ has no value left
                        @ here
return %3`,
    cured: [{ f: (x) => np.hint(x!.add(10), { min: 10, max: 17 }) }, { f: (x) => x!.add(10) }],
  },
  {
    name: 'a name that is too long',
    f: (x, y) => np.map((a: number, b: number) => (a * b) % 7, x!, y!, { name: 'so'.repeat(200) }),
    specs: { x: uint(12), y: uint(12) },
    code: 'TABLE_TOO_LARGE',
    message:
      'sososososososososososososososososososososososososososososos…: a table has too many entries: given a function of 12 + 12 bits; allowed: at most 20 bits in all; drop low bits of its operands first, as in x.rightShift(7), or promise a narrower range with np.hint',
    graph: `
%0 = x                                                        # int[0, 4095] (), 12 bits
%1 = y                                                        # int[0, 4095] ()
%2 = sososososososososososososososososososososososososososososos…(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads 12 + 12 bits
                                                                          @ here
return %2`,
    cured: [],
  },
];
for (const { name, f, specs, options, code, message, graph, cured } of cases) {
  test(`${code}: ${name}`, async (t) => {
    const cause = await t.throwsAsync(() => compile(f, specs, options), {
      instanceOf: BlindfitError,
      code,
    });
    const [head, ...lines] = cause!.message.split('\n');
    const place = /^(.*) \((.*):(\d+):(\d+)\)$/.exec(head!);
    t.is(place?.[1], message);
    t.true(place?.[2]?.endsWith('errors.test.ts'), head);
    const placed = lines.join('\n').replace(/@ \S*errors\.test\.ts:\d+:\d+/g, '@ here');
    t.is(placed.trim(), graph.trim());
  });

  cured.forEach((cure, k) => {
    test(`${code}: ${name}: remedy ${k + 1} works`, async (t) => {
      const changed = { f, specs, options, ...cure };
      const circuit = await compile(changed.f, changed.specs, changed.options);
      for (const seed of [0, 1, 2]) {
        const row = exampleOf(circuit, seed);
        t.deepEqual(await circuit.simulate(...row), circuit.evaluate(...row));
      }
    });
  });
}

/** Values over the ranges of the inputs: the least, the largest, and some between. */
function exampleOf(circuit: Pick<Circuit, 'inputs'>, seed: number): np.ArrayLike[] {
  return circuit.inputs.map(({ shape, min, max }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const place = (i: number) => [0, 1, (i * 0.618 + 0.3) % 1][seed]!;
    const data = Array.from({ length: size }, (_, i) => min + Math.floor(place(i) * (max - min)));
    return shape.length === 0 ? data[0]! : np.reshape(data, shape);
  });
}

test('values outside the compiled range are refused at encryption, evaluation and simulation', async (t) => {
  const circuit = await compile((x) => x!.add(1), { x: range(-2, 5, [2]) });
  const keys = await circuit.keygen();
  const expected = { code: 'OUT_OF_RANGE', message: /^x\[1\]: .*given 6; allowed: -2 to 5/ };
  t.throws(() => circuit.encrypt(keys.secret, [0, 6]), expected);
  t.throws(() => circuit.evaluate([0, 6]), expected);
  await t.throwsAsync(() => circuit.simulate([0, 6]), expected);
  t.throws(() => circuit.evaluate([0, 1.5]), { code: 'NOT_AN_INTEGER' });
  t.throws(() => circuit.evaluate([0, 1, 2]), { code: 'SHAPE_MISMATCH' });
  t.throws(() => circuit.evaluate(), { code: 'SHAPE_MISMATCH' });
});

test('of a graph of thousands of nodes the path and its operands are shown, in less than 3 KB', async (t) => {
  const f: np.TracedFunction = (x) => {
    let sum = x!;
    for (let i = 0; i < 1250; i++) sum = np.flip(sum.add(i % 100 === 99 ? sum : np.flip(x!)));
    return digest(np.stack([sum.at(0), ...Array.from({ length: 1000 }, () => sum.at(1))]));
  };
  const cause = (await t.throwsAsync(() => compile(f, { x: uint(8, [2]) }), {
    code: 'TABLE_TOO_LARGE',
  })) as BlindfitError;
  const graph = cause.details.graph as string;
  t.true(cause.message.length < 3000, cause.message);
  const shown = graph.split('\n').filter((line) => line.startsWith('%')).length;
  const leftOut = [...graph.matchAll(/^\.\.\. (\d+) nodes? left out$/gm)];
  const left = leftOut.reduce((sum, [, count]) => sum + Number(count), 0);
  t.true(shown < 40 && shown + left > 4500, cause.message);
  t.regex(graph, /^%0 = x +# int\[0, 255\] \(2\), 8 bits$/m);
  t.regex(graph, /grows from 8 to 9 bits here/);
  t.regex(graph, /reads 28 bits\n/);
  const growth = cause.details.growth as { node: string; bits: number; min: number }[];
  t.deepEqual([growth[0]?.node, growth[0]?.bits], ['%0 = x', 8]);
  t.is(growth.at(-1)?.bits, 28);
  t.true(growth.length <= 8);
});
