/** What counts of failures chance explains. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Relative standard deviation of noise from key to key: half of the variance of n binary weights is that of their number,
 * and a small key has n > 500 of them: 1 / sqrt(n).
 */
const keyDeviation = 0.04;

/**
 * How many of `rows` runs under `keys` key pairs fail with probability `p` each, but for `outside` of all experiments, half of
 * them on either side.
 *
 * Noise has a variance that differs a little from key to key, so that the count is a mixture of Poisson distributions, bounded
 * by a negative binomial one of the same mean m and the variance m + (c m)^2 / keys. A variance v that is off by a factor of
 * 1 + d makes a failure at z deviations likelier by about 1 + d (z^2 + 1) / 2: so c is that with `keyDeviation` for d.
 */
export function countInterval(p: number, rows: number, keys: number, outside: number): Interval {
  const mean = p * rows;
  // p = erfc(z / sqrt(2)) < exp(-z^2 / 2): z is at most this.
  const square = -2 * Math.log(p);
  const spread = (keyDeviation * (square + 1)) / 2;
  const shape = keys / spread ** 2;
  // Term k of the negative binomial distribution, from the one before.
  let term = Math.exp(-shape * Math.log1p(mean / shape));
  let below = 0;
  let low = 0;
  for (let k = 0; ; k++) {
    if (below + term <= outside / 2) low = k + 1;
    below += term;
    if (below >= 1 - outside / 2) return { low, high: k };
    term *= (((k + shape) / (k + 1)) * mean) / (mean + shape);
  }
}
