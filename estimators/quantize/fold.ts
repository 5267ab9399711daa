/**
 * Thresholds on features that a monotone map made, as thresholds on those before it.
 */
import type { MonotoneMap } from '../featureMap.ts';

/** Splits as parallel arrays: `value of feature[i] <= threshold[i]`; an entry of `feature` below 0 is no split. */
export interface Splits {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
}

/**
 * The same splits of the features before the map: a value is on the same side of each, exactly. Null where a threshold is
 * below all that the map can return, so that no number stands for it.
 */
export function beforeMonotone({ feature, threshold }: Splits, map: MonotoneMap): Splits | null {
  const moved = [...threshold];
  for (const [i, output] of feature.entries()) {
    if (output < 0) continue;
    const last = lastBelow(map.outputs[output]!.of, threshold[i]!);
    if (last === null) return null;
    moved[i] = last;
  }
  const inputs = feature.map((output) => (output < 0 ? output : map.outputs[output]!.input));
  return { feature: inputs, threshold: moved };
}

/**
 * The largest double x with of(x) <= threshold, for a function that never falls, so that x' <= x exactly where
 * of(x') <= threshold; null where there is none. Found by halving the doubles: an inverse of the function would round.
 */
export function lastBelow(of: (value: number) => number, threshold: number): number | null {
  // All values are below it, also where the function would overflow.
  if (threshold === Number.MAX_VALUE) return threshold;
  let low = rankOf(-Number.MAX_VALUE);
  let high = rankOf(Number.MAX_VALUE);
  if (of(doubleOf(low)) > threshold) return null;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (of(doubleOf(middle)) <= threshold) low = middle;
    else high = middle - 1n;
  }
  return doubleOf(low);
}

const signBit = 1n << 63n;

/** The place of a double among all doubles in ascending order; 0 has place 0. */
function rankOf(value: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0]!;
  return bits < signBit ? bits : signBit - bits;
}

function doubleOf(rank: bigint): number {
  const bits = rank >= 0n ? rank : signBit - rank;
  return new Float64Array(BigUint64Array.of(bits).buffer)[0]!;
}
