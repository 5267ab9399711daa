/**
 * Tails of noise whose variance is itself random: Gaussian given the keys and the query, with the variance
 * 1 + share * (u - 1), u a mean of `degrees` exponential variables (mean 1).
 *
 * Far out the likeliest way to a failure is a moderately large error in a run with an unlucky variance, so the tail is
 * above the Gaussian one. With x = margin^2 / (2 variance), by Laplace's method,
 *
 *     -ln P = min over u >= 1 of  x / (1 + share (u - 1)) + degrees (u - 1 - ln u)
 */

/** What is random in a variance; `share` 0 is Gaussian noise. */
export interface Tail {
  readonly share: number;
  readonly degrees: number;
}

export const gaussian: Tail = { share: 0, degrees: Infinity };

/** Bisections: results are good to 2^-26. */
const ROUNDS = 26;

/** Exponent (in nats) of the failure at x = margin^2 / (2 variance); at most x, equal to it when share is 0. */
export function tailExponent(x: number, share: number, degrees: number): number {
  if (share <= 0 || degrees === Infinity) return x;
  // The derivative in u is negative at 1 and rises: bisect for its zero.
  let low = 1;
  let high = 2;
  while (exponentSlope(high, x, share, degrees) < 0) high *= 2;
  for (let round = 0; round < ROUNDS; round += 1) {
    const middle = (low + high) / 2;
    if (exponentSlope(middle, x, share, degrees) < 0) low = middle;
    else high = middle;
  }
  return x / (1 + share * (low - 1)) + degrees * (low - 1 - Math.log(low));
}

function exponentSlope(u: number, x: number, share: number, degrees: number): number {
  return degrees * (1 - 1 / u) - (x * share) / (1 + share * (u - 1)) ** 2;
}

/**
 * Factor by which the variance must be smaller than for Gaussian noise so that a margin of z standard deviations keeps
 * its probability: `x / (z^2 / 2)` with tailExponent(x) = z^2 / 2. At least 1.
 */
export function tailInflation(z: number, share: number, degrees: number): number {
  const wanted = (z * z) / 2;
  if (wanted === 0 || share <= 0 || degrees === Infinity) return 1;
  // tailExponent(x) = wanted is x = max over u of (wanted - degrees (u - 1 - ln u)) (1 + share (u - 1)).
  let low = 1;
  let high = 2;
  while (inflationSlope(high, wanted, share, degrees) > 0) high *= 2;
  for (let round = 0; round < ROUNDS; round += 1) {
    const middle = (low + high) / 2;
    if (inflationSlope(middle, wanted, share, degrees) > 0) low = middle;
    else high = middle;
  }
  return (leftAt(low, wanted, degrees) * (1 + share * (low - 1))) / wanted;
}

function inflationSlope(u: number, wanted: number, share: number, degrees: number): number {
  return share * leftAt(u, wanted, degrees) - degrees * (1 - 1 / u) * (1 + share * (u - 1));
}

/** What of an exponent is left for the noise where the variance is `u` times its mean. */
function leftAt(u: number, wanted: number, degrees: number): number {
  return wanted - degrees * (u - 1 - Math.log(u));
}
