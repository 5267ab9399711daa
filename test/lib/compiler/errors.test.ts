/** Compile errors: what was given, what is allowed, the remedy, the user's own line and the graph with its guilty node. */
import test from 'ava';
import {
  BlindfitError,
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
}

const cases: readonly Case[] = [
  {
    name: 'a function without a value somewhere in its range',
    f: (x) => np.floor(np.log(x!)),
    specs: { x: uint(3) },
    code: 'NOT_FINITE',
    message:
      'floor(log(x)) at 0: a value is not finite: given -Infinity; allowed: an integer for every value that the operands can take; round the result, or narrow the input range',
    graph: `
%0 = x                  # int[0, 7] ()
%1 = floor(log(x))(%0)  # int ()
^^^^^^^^^^^^^^^^^^^^^^ gives -Infinity
return %1`,
  },
  {
    name: 'a function that is said to be of integers and is not',
    f: (x) => x!.map((v) => (v === 5 ? 0.5 : v * v), { kind: 'integer', name: 'mostly' }),
    specs: { x: uint(3) },
    code: 'NOT_AN_INTEGER',
    message:
      'mostly(x) at 5: a value is not an integer: given 0.5; allowed: an integer for every value that the operands can take; round the result, or narrow the input range',
    graph: `
%0 = x              # int[0, 7] ()
%1 = mostly(x)(%0)  # int ()
^^^^^^^^^^^^^^^^^^ gives 0.5
return %1`,
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
      'pick(x, x1) at (1, 3): a function given to map threw an error: given RangeError: no such entry; make it return a number for each value that it can meet',
    graph: `
%0 = x                    # int[0, 3] ()
%1 = y                    # int[0, 3] ()
%2 = pick(x, x1)(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^^^^^^^^ threw an error
return %2`,
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
return %2`,
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
%2 = 1                     # clear int ()
%3 = add(%1, %2)           # int ()
return %3`,
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
%5 = set(%4)                              # int (4)
%6 = 7                                    # clear int ()
%7 = set(%0, %6)                          # int (4)
%8 = where(%5, %7, %0)                    # int (4)
return %8`,
  },
  {
    name: 'a table of too many combinations',
    f: (x, y) => np.gcd(x!, y!),
    specs: { x: uint(12), y: uint(12) },
    code: 'TABLE_TOO_LARGE',
    message:
      'gcd(x, x1): a table has too many entries: given operands with 4096 x 4096 possible values; allowed: at most 1048576 combinations; narrow the operands first, by rounding or clipping',
    graph: `
%0 = x                   # int[0, 4095] ()
%1 = y                   # int[0, 4095] ()
%2 = gcd(x, x1)(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^^^^^^^ reads 24 bits
return %2`,
  },
  {
    name: 'integers beyond 2^53',
    f: (x) => x!.multiply(2 ** 40).add(3),
    specs: { x: int(20) },
    code: 'OVERFLOW_2_53',
    message: `multiply: an integer result exceeds 2^53: given values from ${-(2 ** 59)} to ${(2 ** 19 - 1) * 2 ** 40}; allowed: integers of at most 2^53 in size; use smaller inputs or weights`,
    graph: `
%0 = x                 # int[-524288, 524287] ()
%1 = 1099511627776     # clear int ()
%2 = multiply(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^^^^^ reaches ${2 ** 59}
%3 = 3                 # clear int ()
%4 = add(%2, %3)       # int ()
return %4`,
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
%4 = round(%3)          # int ()
return %4`,
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
%3 = round(%2)       # int ()
return %3`,
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
%6 = round(%5)              # int (2)
return %6`,
  },
  {
    name: 'a lookup of too wide a value',
    f: (x) => x!.dot([1, 2, 5, 10]).map((v) => (v * v) % 7, { name: 'digest' }),
    specs: { x: uint(8, [4]) },
    options: { query: 'values' },
    code: 'LOOKUP_TOO_WIDE',
    message:
      'map: a function of too many bits for a lookup: given a function of 13 bits; allowed: at most 10 bits; narrow its operand with clip, or divide and round it first',
    graph: `
%0 = x               # int[0, 255] (4)
%1 = [1, 2, 5, 10]   # clear int (4)
%2 = matmul(%0, %1)  # int ()
%3 = digest(x)(%2)   # int ()
^^^^^^^^^^^^^^^^^^ reads 13 bits
return %3`,
  },
  {
    name: 'an output too noisy for its width',
    f: (x) => x!.multiply(2 ** 33 + 1),
    specs: { x: uint(15) },
    code: 'NO_PARAMETERS',
    message:
      'output: no secure parameters keep the promised error: given an error of at least 2^-0.0; allowed: 2^-40.0 for each rounding; narrow what is looked up or returned, use smaller weights, or raise pError',
    graph: `
%0 = x                 # int[0, 32767] ()
%1 = 8589934593        # clear int ()
%2 = multiply(%0, %1)  # int ()
^^^^^^^^^^^^^^^^^^^^^ is too noisy for its width
return %2`,
  },
  {
    name: 'the second output, too noisy',
    f: (x) => [x!.add(1), x!.multiply(2 ** 33 + 1)],
    specs: { x: uint(15) },
    code: 'NO_PARAMETERS',
    message:
      'output: no secure parameters keep the promised error: given an error of at least 2^-0.0; allowed: 2^-41.0 for each rounding; narrow what is looked up or returned, use smaller weights, or raise pError',
    graph: `
%0 = x                 # int[0, 32767] ()
%1 = 1                 # clear int ()
%2 = add(%0, %1)       # int ()
%3 = 8589934593        # clear int ()
%4 = multiply(%0, %3)  # int ()
^^^^^^^^^^^^^^^^^^^^^ is too noisy for its width
return (%2, %4)`,
  },
];

for (const { name, f, specs, options, code, message, graph } of cases)
  test(`${code}: ${name}`, async (t) => {
    const cause = await t.throwsAsync(() => compile(f, specs, options), {
      instanceOf: BlindfitError,
      code,
    });
    const [head, ...lines] = cause!.message.split('\n');
    const place = /^(.*) \((.*):(\d+):(\d+)\)$/.exec(head!);
    t.is(place?.[1], message);
    t.true(place?.[2]?.endsWith('errors.test.ts'), head);
    const placed = lines.filter((line) => /^ *@ .*errors\.test\.ts:\d+:\d+$/.test(line));
    t.is(placed.length, 1, cause!.message);
    t.is(
      lines
        .filter((line) => !placed.includes(line))
        .join('\n')
        .trim(),
      graph.trim(),
    );
  });

const refused: readonly [name: string, specs: unknown, options: unknown, message: RegExp][] = [
  [
    'pError 0',
    { x: uint(3) },
    { pError: 0 },
    /^pError: .*given 0; allowed: a probability in \(0, 0.5\]/,
  ],
  ['pError 1', { x: uint(3) }, { pError: 1 }, /given 1; allowed: a probability in \(0, 0.5\]/],
  ['pError NaN', { x: uint(3) }, { pError: Number.NaN }, /given NaN; allowed: a probability/],
  [
    'an unknown query form',
    { x: uint(3) },
    { query: 'bytes' },
    /^query: .*given bytes; allowed: \[packed, unpacked, values\]/,
  ],
  [
    'no inputset',
    { x: 'encrypted' },
    {},
    /^input x: .*given 'encrypted' without an inputset; .*pass \{ inputset \}/,
  ],
  ['an unknown type', { x: 'secret' }, {}, /^input x: .*given secret; allowed: encrypted.uint/],
  [
    'a clear input that nothing shows',
    { x: 'clear' },
    {},
    /^input x: .*given 'clear' without an inputset; .*declare it, as in clear\.uint\(4\)/,
  ],
  [
    'an empty inputset',
    { x: 'encrypted' },
    { inputset: [] },
    /^inputset: .*given no examples; allowed: at least one/,
  ],
  [
    'an inputset row that is too short',
    { x: 'encrypted' },
    { inputset: [[1], []] },
    /^inputset\[1\]: .*given 0 values; allowed: a list of 1, one per input \(x\)/,
  ],
  [
    'an inputset of floats',
    { x: 'encrypted' },
    { inputset: [[1.5]] },
    /inputset\[0\].x.*not an integer.*1.5/,
  ],
  [
    'an inputset of several shapes',
    { x: 'encrypted' },
    { inputset: [[[1, 2]], [[3]]] },
    /^inputset\[1\].x: .*given \[1\]; allowed: \[2\], as in inputset\[0\]/,
  ],
  [
    'an inputset that nothing needs',
    { x: uint(3) },
    { inputset: [[1]] },
    /^inputset: .*a declared type for every input; allowed: one of the two/,
  ],
];

for (const [name, specs, options, message] of refused)
  test(`options: ${name}`, async (t) => {
    await t.throwsAsync(() => compile((x) => x!, specs as never, options as never), {
      instanceOf: BlindfitError,
      message,
    });
  });

test('types of inputs: bits and ranges are checked where they are made', (t) => {
  t.throws(() => uint(0), {
    code: 'BAD_OPTION',
    message: /given 0; allowed: an integer from 1 to 53/,
  });
  t.throws(() => int(54), { code: 'BAD_OPTION' });
  t.throws(() => uint(2.5), { code: 'BAD_OPTION' });
  t.throws(() => range(3, 2), {
    code: 'BAD_OPTION',
    message: /given 3 to 2; allowed: integers min <= max/,
  });
});

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
