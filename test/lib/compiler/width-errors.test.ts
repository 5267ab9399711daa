/** Compile errors of what is too wide, too noisy or too large: where it grew, and what to do. */
import test from 'ava';
import { type BlindfitError, compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { checkErrors, digest, type ErrorCase } from '../../support/error-cases.ts';

const { int, range, uint } = encrypted;

const cases: readonly ErrorCase[] = [
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

checkErrors('width-errors.test.ts', cases);

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
