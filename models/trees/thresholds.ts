/**
 * Comparisons of single precision as comparisons of doubles.
 *
 * Libraries round features to single precision before they compare; trees here compare the double that was given. Each of
 * their tests is `x <= c` for one double c, which rounding halfway cases to even decides.
 */

/** The largest double c with fround(c) <= fround(threshold), so that x <= c exactly where fround(x) is not above. */
export function lastAtMost(threshold: number): number {
  return lastRoundedTo(Math.fround(threshold));
}

/** The largest double c with fround(c) < fround(threshold). */
export function lastBelow(threshold: number): number {
  return lastRoundedTo(neighbour(Math.fround(threshold), -1));
}

/** The largest double below a finite one. */
export function doubleBelow(value: number): number {
  const [bits] = new BigInt64Array(Float64Array.of(value).buffer) as unknown as [bigint];
  if (value === 0) return -Number.MIN_VALUE;
  return new Float64Array(BigInt64Array.of(value > 0 ? bits - 1n : bits + 1n).buffer)[0]!;
}

/** The first number that single precision does not have for its size. */
const overflow = 2 ** 128;

/** The largest double that rounds to a number of single precision; no infinite one. */
function lastRoundedTo(single: number): number {
  if (single === Number.POSITIVE_INFINITY) return Number.MAX_VALUE;
  const next = neighbour(single, 1);
  const finite = (value: number): number => Math.max(-overflow, Math.min(value, overflow));
  const middle = (finite(single) + finite(next)) / 2;
  return Math.fround(middle) > single ? doubleBelow(middle) : middle;
}

/** The next number of single precision above (1) or below (-1). */
function neighbour(single: number, direction: 1 | -1): number {
  if (single === direction * Number.POSITIVE_INFINITY) return single;
  // 0 and -0 are one number.
  if (single === 0) return direction * 2 ** -149;
  const [bits] = new Int32Array(Float32Array.of(single).buffer) as unknown as [number];
  const away = single > 0 === direction > 0;
  return new Float32Array(Int32Array.of(bits + (away ? 1 : -1)).buffer)[0]!;
}
