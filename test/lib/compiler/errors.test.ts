/** Compile errors of what no circuit computes: what was given, what is allowed, the remedy, the user's own line and the graph. */
import test from 'ava';
import { compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { checkErrors, type ErrorCase } from '../../support/error-cases.ts';

const { int, range, uint } = encrypted;

const cases: readonly ErrorCase[] = [
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
];

checkErrors('errors.test.ts', cases);

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
