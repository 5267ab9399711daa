import test from 'ava';
import fc from 'fast-check';
import type { BlindfitError } from '../../../lib/errors.ts';
import * as np from '../../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [2], min: -8, max: 15, encrypted: true };
const y: np.InputDeclaration = { ...x, name: 'y' };
const trace = (f: np.TracedFunction): np.Graph => np.trace(f, [x, y]);
const operations = (f: np.TracedFunction): string[] =>
  trace(f).nodes.flatMap((node) => (node.op === 'map' ? [node.known?.function ?? node.name] : []));

/** The message of what `f` throws when traced, or when evaluated for x = [3, 4], y = [1, -2]. */
function refused(f: np.TracedFunction): string {
  try {
    np.evaluate(trace(f), [np.toTensor([3, 4]), np.toTensor([1, -2])]);
  } catch (thrown) {
    const { code, message } = thrown as BlindfitError;
    return `${code} ${message}`;
  }
  return 'nothing';
}

test('bitwise functions are those of BigInt for all integers of 53 bits', (t) => {
  const wide = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const integer = fc.oneof(wide, fc.maxSafeInteger());
  fc.assert(
    fc.property(integer, integer, fc.integer({ min: 0, max: 70 }), (a, b, by) => {
      const [left, right] = [BigInt(a), BigInt(b)];
      const expected = [left & right, left | right, left ^ right, left >> BigInt(by)];
      const got = [
        () => np.bitwiseAnd(a, b),
        () => np.bitwiseOr(a, b),
        () => np.bitwiseXor(a, b),
        () => np.rightShift(a, by),
      ];
      expected.forEach((value, k) => {
        if (value === -(2n ** 53n)) t.throws(got[k]!, { code: 'OVERFLOW_2_53' });
        else t.is(got[k]!(), Number(value));
      });
    }),
    { numRuns: 300 },
  );
});

test('what costs nothing is recorded as arithmetic, the rest as functions that the compiler knows', (t) => {
  t.deepEqual(
    operations((v) => [v!.invert(), v!.leftShift(3), v!.leftShift([0, 4]), v!.positive()]),
    [],
  );
  t.deepEqual(
    operations((v, w) => [
      v!.bitwiseAnd(w!),
      v!.bitwiseOr(3),
      np.bitwiseXor(1, w!),
      v!.leftShift(w!),
      np.leftShift(1, w!),
      v!.rightShift(w!),
      v!.rightShift(1),
    ]),
    ['bitwiseAnd', 'bitwiseOr', 'bitwiseXor', 'leftShift', 'leftShift', 'rightShift', 'rightShift'],
  );
});

test('bits are taken by shifts and masks, others than neighbours by one function', (t) => {
  t.deepEqual(
    operations((v) => [v!.bits(0), v!.bits(3), v!.bits(np.slice(2, 5)), v!.bits(np.slice(2))]),
    ['bitwiseAnd', 'rightShift', 'bitwiseAnd', 'rightShift', 'bitwiseAnd', 'rightShift'],
  );
  const graph = trace((v) => v!.bits(np.slice(0, 6, 2)));
  t.regex(np.print(graph), /= bits\(%0, 0:6:2\)/);
});

test('bits and bitwise functions of conditions are conditions as they are', (t) => {
  const names = operations((v, w) => {
    const both = v!.less(3).bitwiseAnd(w!.greater(2));
    return np.where(np.bitwiseXor(both, [0, 1]), np.where(v!.bits(1), 7, 8), 9);
  });
  t.deepEqual(names, ['less', 'greater', 'bitwiseAnd', 'bitwiseXor', 'rightShift', 'bitwiseAnd']);
  t.true(operations((v, w) => np.where(v!.bitwiseAnd(w!), 1, 2)).includes('notEqual'));
  t.deepEqual(
    operations((v) => np.where(v!.hint({ bits: 1 }).at([0, 1]).refresh(), 1, 2)),
    [],
  );
  t.regex(
    refused((v, w) => {
      v!.less(3).bitwiseAnd(w!.less(2));
      return v!;
    }),
    /^BRANCH_ON_ENCRYPTED .* nothing uses/,
  );
  t.is(
    refused((v) => {
      v!.bits(0);
      return v!;
    }),
    'nothing',
  );
});

const messages: [string, np.TracedFunction, RegExp][] = [
  [
    'a negative clear shift',
    (v) => v!.rightShift(-1),
    /^OUT_OF_RANGE rightShift: a value is out of range: given -1; allowed: a shift of 0 or more; clip it, or shift the other way \(.*bitwise\.test\.ts:\d+:\d+\)$/,
  ],
  [
    'a negative shift among values',
    (v, w) => v!.leftShift(w!),
    /^OUT_OF_RANGE leftShift\(4, -2\): a value is out of range: given -2; allowed: a shift of 0 or more; clip it, or shift the other way \(.*bitwise\.test\.ts:\d+:\d+\)$/,
  ],
  [
    'a shift to the left beyond 2^53',
    (v) => v!.leftShift(52),
    /^OVERFLOW_2_53 multiply\(3, 4503599627370496\): an integer result exceeds 2\^53: given 13510798882111488; .*bitwise\.test\.ts/,
  ],
  [
    'bits of a float',
    (v) => v!.divide(2).bitwiseAnd(1),
    /^NOT_AN_INTEGER bitwiseAnd: a value is not an integer: given a float; round it, or call toInteger\(\), first \(.*bitwise\.test\.ts:\d+:\d+\)$/,
  ],
  [
    'a clear fraction',
    (v) => v!.bitwiseOr([1, 0.5]),
    /^NOT_AN_INTEGER bitwiseOr: a value is not an integer: given 0\.5; round it/,
  ],
  [
    'a negative bit',
    (v) => v!.bits(-1),
    /^BAD_OPTION bits: an option is not valid: given -1; allowed: bits counted from 0, the lowest; .*bitwise\.test\.ts/,
  ],
  [
    'an open slice by steps',
    (v) => v!.bits(np.slice(0, null, 2)),
    /^BAD_OPTION bits: .*: given 0::2; allowed: a slice with an end: negative numbers have no first one/,
  ],
  [
    'a reverse slice without a start',
    (v) => v!.bits(np.slice(null, null, -1)),
    /^BAD_OPTION bits: .*: given ::-1; allowed: a slice with a start, as slice\(3, null, -1\)/,
  ],
  [
    'more bits than a number has',
    (v) => v!.bits(np.slice(0, 54)),
    /^BAD_OPTION bits: .*: given 0:54; allowed: at most 53 bits/,
  ],
  [
    'a list of bits',
    (v) => v!.bits([1, 2] as never),
    /^BAD_OPTION bits: .*: given \[1, 2\]; allowed: a bit, or a slice of bits/,
  ],
];

for (const [what, f, message] of messages) {
  test(`refused: ${what}`, (t) => t.regex(refused(f), message));
}
