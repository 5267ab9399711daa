/** Comparisons of single precision, at every place where rounding decides. */
import test from 'ava';
import fc from 'fast-check';
import { doubleBelow, lastAtMost, lastBelow } from '../../models/trees/thresholds.ts';

const singles = fc.float({ noNaN: true, noDefaultInfinity: true });
const largest = 3.4028234663852886e38;
const smallest = 2 ** -149;

/** Doubles at c and next to it, as far as there are any. */
function around(c: number): number[] {
  const above = c === Number.MAX_VALUE ? c : -doubleBelow(-c);
  return [c, above, c === -Number.MAX_VALUE ? c : doubleBelow(c)];
}

test('x <= lastBelow(t) exactly where x is below t in single precision', (t) => {
  const holds = fc.property(singles, (threshold) => {
    const c = lastBelow(threshold);
    return around(c).every((x) => x <= c === Math.fround(x) < threshold);
  });
  t.notThrows(() => fc.assert(holds, { numRuns: 5000, includeErrorInReport: true }));
});

test('x <= lastAtMost(t) exactly where x is at most t in single precision', (t) => {
  const holds = fc.property(singles, (threshold) => {
    const c = lastAtMost(threshold);
    return around(c).every((x) => x <= c === Math.fround(x) <= threshold);
  });
  t.notThrows(() => fc.assert(holds, { numRuns: 5000, includeErrorInReport: true }));
});

test('halfway cases go to the even number: 1 + 2^-24 rounds down, 1 + 3 * 2^-24 up', (t) => {
  t.is(lastAtMost(1), 1 + 2 ** -24);
  t.is(lastBelow(1 + 2 ** -22), doubleBelow(1 + 3 * 2 ** -24));
});

test('zero, the least numbers, and the largest are no exceptions', (t) => {
  for (const threshold of [0, -0, smallest, -smallest, largest, -largest]) {
    for (const [last, holds] of [
      [lastBelow, (x: number) => Math.fround(x) < threshold],
      [lastAtMost, (x: number) => Math.fround(x) <= threshold],
    ] as const) {
      const c = last(threshold);
      for (const x of around(c)) t.is(x <= c, holds(x), `${threshold} ${x}`);
    }
  }
  t.is(lastAtMost(Number.POSITIVE_INFINITY), Number.MAX_VALUE);
});

test('thresholds that are written in decimals are those of single precision', (t) => {
  t.is(lastAtMost(0.1), lastAtMost(Math.fround(0.1)));
  t.is(lastBelow(0.1), lastBelow(Math.fround(0.1)));
});
