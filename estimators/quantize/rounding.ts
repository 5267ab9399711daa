/**
 * The one rounding rule: floats become integers in this folder, and nowhere else.
 */

/** Rounds to the nearest integer, ties to the even one (numpy's `rint`; `Math.round` sends ties up). */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return fraction < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The nearest number half way between two integers: what is added to integers so that none of their roundings is a tie. */
export function betweenIntegers(value: number): number {
  return roundHalfEven(value - 0.5) + 0.5;
}
