/**
 * One-dimensional k-means.
 */
import { mean, type Present, variance } from './statistics.ts';

/** What scikit-learn's KMeans stops at: rounds, and the movement of the means, as a share of the variance. */
const rounds = 300;
const tolerance = 1e-4;

/**
 * The means that Lloyd's iterations reach from `start`, ascending: each value belongs to the nearest mean, each mean is
 * that of its values. A mean without values moves to the value farthest from its own, as in scikit-learn, unless that would
 * leave another mean without any; then it stays.
 */
export function intervalMeans(column: Present, start: readonly number[]): number[] {
  const { values, weights } = column;
  const even = { values, weights: weights.map(() => 1) };
  const enough = tolerance * variance(even, mean(even));
  let means = [...start];
  let nearest = new Int32Array(values.length).fill(-1);
  for (let round = 0; round < rounds; round++) {
    const before = nearest;
    nearest = Int32Array.from(values, (value) => nearestOf(means, value));
    const next = moved(column, means, nearest);
    const movement = next.reduce((sum, own, k) => sum + (own - means[k]!) ** 2, 0);
    means = next;
    if (movement <= enough || nearest.every((own, i) => own === before[i])) break;
  }
  return means.sort((a, b) => a - b);
}

/** The first of several that are equally near. */
function nearestOf(means: readonly number[], value: number): number {
  let best = 0;
  means.forEach((own, k) => {
    if (Math.abs(own - value) < Math.abs(means[best]! - value)) best = k;
  });
  return best;
}

function moved(
  { values, weights }: Present,
  means: readonly number[],
  nearest: Int32Array,
): number[] {
  const sums = means.map(() => 0);
  const totals = means.map(() => 0);
  const counts = means.map(() => 0);
  values.forEach((value, i) => {
    sums[nearest[i]!]! += weights[i]! * value;
    totals[nearest[i]!]! += weights[i]!;
    counts[nearest[i]!]! += 1;
  });
  const empty = [...totals.keys()].filter((k) => totals[k] === 0);
  if (empty.length > 0) {
    const distance = (i: number): number => Math.abs(values[i]! - means[nearest[i]!]!);
    const farthest = [...values.keys()].sort((a, b) => distance(b) - distance(a));
    empty.forEach((k, place) => {
      const i = farthest[place];
      if (i === undefined || counts[nearest[i]!] === 1) return;
      counts[nearest[i]!]! -= 1;
      const weight = weights[i]!;
      sums[nearest[i]!]! -= weight * values[i]!;
      totals[nearest[i]!]! -= weight;
      sums[k] = weight * values[i]!;
      totals[k] = weight;
    });
  }
  return sums.map((sum, k) => (totals[k]! > 0 ? sum / totals[k]! : means[k]!));
}
