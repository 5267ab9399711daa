/**
 * The error function.
 */

/** Beyond, erf is 1 to the last bit of a double. */
const flat = 6;

/**
 * erf(x) to 15 digits: 2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n + 1) / (1 * 3 * ... * (2n + 1)), whose terms all have one
 * sign (Abramowitz and Stegun, 7.1.6).
 */
export function erf(x: number): number {
  if (!(Math.abs(x) < flat)) return Number.isNaN(x) ? x : Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
