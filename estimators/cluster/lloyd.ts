/**
 * Lloyd's algorithm for k-means, and where it starts from.
 */
import type { Random } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { type Centres, squaredDistances } from './distances.ts';

/** Where a run of k-means ended. */
export interface Clustering {
  /** Clusters x features. */
  readonly centres: number[][];
  /** The nearest centre of each row. */
  readonly labels: Int32Array;
  /** Weighted sum of squared distances from the nearest centre. */
  readonly inertia: number;
  readonly iterations: number;
  /** Whether it ended by itself. */
  readonly converged: boolean;
}

/**
 * Moves centres to the means of their rows until no row changes its centre, or until the squares of all moves sum to at most
 * `tolerance`. A centre without rows is moved to the row that is farthest from its own.
 */
export function lloyd(
  X: Tensor,
  weights: Float64Array,
  start: Centres,
  { maxIter, tolerance }: { readonly maxIter: number; readonly tolerance: number },
): Clustering {
  let centres = start.map((own) => [...own]);
  let before: Int32Array | undefined;
  for (let iteration = 1; ; iteration++) {
    const nearest = assign(X, centres);
    const next = means(X, weights, centres, nearest);
    const moved = next.reduce((sum, own, k) => sum + squaredDistance(own, centres[k]!), 0);
    centres = next;
    const isSame = before?.every((label, row) => label === nearest.labels[row]) ?? false;
    if (isSame || moved <= tolerance || iteration === maxIter) {
      const last = isSame ? { ...assign(X, centres), labels: nearest.labels } : assign(X, centres);
      const inertia = last.labels.reduce((sum, label, row) => {
        return sum + weights[row]! * last.distances.data[row * centres.length + label]!;
      }, 0);
      const converged = isSame || moved <= tolerance;
      return { centres, labels: last.labels, inertia, iterations: iteration, converged };
    }
    before = nearest.labels;
  }
}

/**
 * Rows to start from: each drawn with a probability that grows with the squared distance from those before, the best of a few
 * (Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", 2007).
 */
export function plusPlus(
  X: Tensor,
  weights: Float64Array,
  count: number,
  random: Random,
): number[][] {
  const trials = 2 + Math.floor(Math.log(count));
  const centres = [rowOf(X, drawn(weights, random))];
  let closest = squaredDistances(X, centres).data;
  while (centres.length < count) {
    const mass = closest.map((distance, row) => distance * weights[row]!);
    let best:
      | { readonly row: number; readonly closest: Float64Array; readonly sum: number }
      | undefined;
    for (let trial = 0; trial < trials; trial++) {
      const row = drawn(mass, random);
      const own = squaredDistances(X, [rowOf(X, row)]).data;
      const next = closest.map((distance, i) => Math.min(distance, own[i]!));
      const sum = next.reduce((all, distance, i) => all + distance * weights[i]!, 0);
      if (best === undefined || sum < best.sum) best = { row, closest: next, sum };
    }
    centres.push(rowOf(X, best!.row));
    closest = best!.closest;
  }
  return centres;
}

/** Different rows with weight, drawn evenly. */
export function randomRows(
  X: Tensor,
  weights: Float64Array,
  count: number,
  random: Random,
): number[][] {
  const left = weights.slice();
  return Array.from({ length: count }, () => {
    const row = drawn(left, random);
    left[row] = 0;
    return rowOf(X, row);
  });
}

/** The nearest centre of each row, the first of several, and squared distances from all, rows x centres. */
export interface Assigned {
  readonly labels: Int32Array;
  readonly distances: Tensor;
}

/** Assigns rows to centres. */
export function assign(X: Tensor, centres: Centres): Assigned {
  const distances = squaredDistances(X, centres);
  const labels = Int32Array.from({ length: X.shape[0]! }, (_, row) => {
    const own = distances.data.subarray(row * centres.length, (row + 1) * centres.length);
    return own.indexOf(Math.min(...own));
  });
  return { labels, distances };
}

/** The weighted means of the rows of each centre. */
function means(
  X: Tensor,
  weights: Float64Array,
  centres: Centres,
  { labels, distances }: Assigned,
): number[][] {
  const [rows, features] = X.shape as [number, number];
  const sums = centres.map(() => new Array<number>(features).fill(0));
  const totals = new Array<number>(centres.length).fill(0);
  const move = (row: number, cluster: number, weight: number): void => {
    totals[cluster]! += weight;
    const own = sums[cluster]!;
    for (let j = 0; j < features; j++) own[j]! += weight * X.data[row * features + j]!;
  };
  for (let row = 0; row < rows; row++) move(row, labels[row]!, weights[row]!);
  const empty = [...totals.keys()].filter((cluster) => totals[cluster] === 0);
  if (empty.length > 0) {
    const distance = (row: number): number => {
      return weights[row]! > 0 ? distances.data[row * centres.length + labels[row]!]! : 0;
    };
    const farthest = Array.from(labels.keys()).sort((a, b) => distance(b) - distance(a));
    empty.forEach((cluster, i) => {
      const row = farthest[i]!;
      if (distance(row) === 0) return;
      move(row, labels[row]!, -weights[row]!);
      move(row, cluster, weights[row]!);
    });
  }
  return sums.map((own, cluster) => {
    const total = totals[cluster]!;
    return total > 0 ? own.map((sum) => sum / total) : [...centres[cluster]!];
  });
}

/** An index, with a probability in proportion to its mass; evenly where there is none. */
function drawn(mass: Float64Array, random: Random): number {
  const total = mass.reduce((sum, own) => sum + own, 0);
  if (!(total > 0)) return random.integer(mass.length);
  let left = random() * total;
  for (let i = 0; i < mass.length; i++) {
    left -= mass[i]!;
    if (left < 0) return i;
  }
  return mass.findLastIndex((own) => own > 0);
}

function rowOf({ shape, data }: Tensor, row: number): number[] {
  const features = shape[1]!;
  return Array.from(data.subarray(row * features, (row + 1) * features));
}

function squaredDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0);
}
