/** Bounds for counts of random events. */

/** The probability of `count` or more among `trials` independent events of probability `p`, with 0 < p < 1. */
export function binomialTail(count: number, trials: number, p: number): number {
  if (count <= 0) return 1;
  // ln C(trials, count) p^count (1 - p)^(trials - count), then term by term upwards.
  let log = count * Math.log(p) + (trials - count) * Math.log1p(-p);
  for (let i = 1; i <= count; i++) log += Math.log((trials - count + i) / i);
  let term = Math.exp(log);
  let sum = term;
  for (let k = count + 1; k <= trials && term > sum * 1e-12; k++) {
    term *= ((trials - k + 1) / k) * (p / (1 - p));
    sum += term;
  }
  return Math.min(1, sum);
}
