/** The complementary error function where probabilities underflow a double, and its inverse. */

const LOG2_E = Math.LOG2E;
/** Above this the continued fraction converges in `FRACTION_TERMS` terms to the last digit; below, the series does. */
const FRACTION_FROM = 1.5;
const FRACTION_TERMS = 200;
const FEWEST_TERMS = 12;

/** erfc(x) for x >= 0; relative error about 1e-14 until it underflows at x = 26. */
export function erfc(x: number): number {
  return x < FRACTION_FROM ? 1 - erf(x) : Math.exp(-x * x) * scaledErfc(x);
}

/** log2 erfc(x) for x >= 0, for probabilities as small as one likes. */
export function log2erfc(x: number): number {
  if (x < FRACTION_FROM) return Math.log2(1 - erf(x));
  return -x * x * LOG2_E + Math.log2(scaledErfc(x));
}

/**
 * The margin in standard deviations that a Gaussian leaves with probability 2^log2Probability on either side:
 * z with erfc(z / sqrt 2) = 2^log2Probability. 0 for log2Probability >= 0.
 */
export function marginFor(log2Probability: number): number {
  if (log2Probability >= 0) return 0;
  const target = log2Probability / LOG2_E;
  // Newton on the concave function log erfc(z / sqrt 2): from below it never overshoots the root twice.
  let z = target < -1 ? Math.sqrt(-2 * target) : -target;
  for (let round = 0; round < 60; round += 1) {
    const x = z / Math.SQRT2;
    const value = log2erfc(x) / LOG2_E;
    const ratio = x < FRACTION_FROM ? Math.exp(-x * x) / erfc(x) : 1 / scaledErfc(x);
    const step = (value - target) / (Math.sqrt(2 / Math.PI) * ratio);
    z = Math.max(z + step, z / 4);
    if (Math.abs(step) <= 1e-15 * z) break;
  }
  return z;
}

/** Maclaurin series of erf with the exponential drawn out: all terms are positive. Abramowitz and Stegun 7.1.6. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** exp(x^2) erfc(x) by its continued fraction, of which as many terms count as 1/x^2. Abramowitz and Stegun 7.1.14. */
function scaledErfc(x: number): number {
  let tail = x;
  const terms = FEWEST_TERMS + Math.ceil(FRACTION_TERMS * (FRACTION_FROM / x) ** 2);
  for (let n = terms; n >= 1; n -= 1) tail = x + n / 2 / tail;
  return 1 / (tail * Math.sqrt(Math.PI));
}
