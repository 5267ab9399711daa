/**
 * The mean absolute error around the median.
 */
import type { Criterion } from './criterion.ts';
import type { ValueTargets } from './valueCriterion.ts';

/**
 * The criterion of the mean absolute error around the weighted median, the mean over outputs; a node's value is the median
 * of each output, midway between two targets where half the weight lies on either side.
 *
 * Both sides of a split keep their rows in Fenwick trees over the ranks of their targets (Fenwick, "A new data structure
 * for cumulative frequency tables", 1994): a move and a gain take time logarithmic in the rows of the node.
 */
export function absoluteCriterion(targets: ValueTargets): Criterion {
  const { outputs, sampleWeight } = targets;
  const each = Array.from({ length: outputs }, (_, output) => medianSides(targets, output));
  const meanOf = (of: (output: MedianSides) => number): number =>
    each.reduce((sum, output) => sum + of(output), 0) / outputs;
  let weight = 0;
  let leftWeight = 0;
  let mass = 0;
  return {
    absoluteGain: false,
    start(rows, start, end) {
      for (const output of each) output.start(rows, start, end);
      leftWeight = 0;
      mass = meanOf(({ right }) => right.error());
      weight = each[0]!.right.weight();
      return { weight, impurity: mass / weight, value: each.map(({ right }) => right.median()) };
    },
    restart() {
      leftWeight = 0;
      for (const output of each) output.restart();
    },
    move(sorted, from, to) {
      for (let i = from; i < to; i++) {
        const row = sorted[i]!;
        leftWeight += sampleWeight[row]!;
        for (const output of each) output.move(row);
      }
    },
    sides: () => [each[0]!.left.median(), each[0]!.right.median()],
    weight: () => weight,
    leftWeight: () => leftWeight,
    gain: () => mass - meanOf(({ left, right }) => left.error() + right.error()),
  };
}

/** One output of the rows of a node, on both sides of a split. */
interface MedianSides {
  readonly left: MedianTree;
  readonly right: MedianTree;
  start(rows: Int32Array, start: number, end: number): void;
  restart(): void;
  move(row: number): void;
}

function medianSides({ values, outputs, sampleWeight }: ValueTargets, output: number): MedianSides {
  const targetOf = (row: number): number => values[row * outputs + output]!;
  const order = Int32Array.from(sampleWeight, (_, row) => row).sort(
    (a, b) => targetOf(a) - targetOf(b),
  );
  const place = new Int32Array(order.length);
  order.forEach((row, at) => {
    place[row] = at;
  });
  /** The targets of the node, ascending; and of each of its rows the place among them. */
  const targets = new Float64Array(order.length);
  const rank = new Int32Array(order.length);
  const left = medianTree(targets);
  const right = medianTree(targets);
  const all = medianTree(targets);
  return {
    left,
    right,
    start(rows, start, end) {
      const places = rows.slice(start, end);
      for (let i = 0; i < places.length; i++) places[i] = place[places[i]!]!;
      places.sort();
      all.clear(places.length);
      places.forEach((at, i) => {
        const row = order[at]!;
        rank[row] = i;
        targets[i] = targetOf(row);
        all.add(i, sampleWeight[row]!);
      });
      this.restart();
    },
    restart() {
      left.clear(all.size());
      right.copy(all);
    },
    move(row) {
      left.add(rank[row]!, sampleWeight[row]!);
      right.add(rank[row]!, -sampleWeight[row]!);
    },
  };
}

/** Weights of targets in ascending order, as sums over ranges. */
interface MedianTree {
  size(): number;
  weight(): number;
  /** Empties it, for the first `size` targets. */
  clear(size: number): void;
  copy(other: MedianTree): void;
  add(rank: number, weight: number): void;
  /** Weighted sum of distances from the median. */
  error(): number;
  median(): number;
  /** sums[2 i] and sums[2 i + 1]: weight, and weight x target, of the i & -i targets that end at rank i, counted from 1. */
  readonly sums: Float64Array;
}

/** Shares of weight that differ by less are equal. */
const rounding = 1e-9;

function medianTree(targets: Float64Array): MedianTree {
  const sums = new Float64Array(2 * (targets.length + 1));
  let size = 0;
  let weight = 0;
  let mass = 0;
  /** The first rank up to which there is as much weight, and what lies below it. */
  const reached = (
    limit: number,
  ): { readonly rank: number; readonly weightBelow: number; readonly massBelow: number } => {
    let rank = 0;
    let weightBelow = 0;
    let massBelow = 0;
    for (let step = 2 ** Math.floor(Math.log2(size)); step >= 1; step /= 2) {
      const next = rank + step;
      if (next > size || weightBelow + sums[2 * next]! >= limit) continue;
      rank = next;
      weightBelow += sums[2 * next]!;
      massBelow += sums[2 * next + 1]!;
    }
    return { rank: Math.min(rank, size - 1), weightBelow, massBelow };
  };
  return {
    sums,
    size: () => size,
    weight: () => weight,
    clear(own) {
      size = own;
      weight = 0;
      mass = 0;
      sums.fill(0, 0, 2 * (own + 1));
    },
    copy(other) {
      this.clear(0);
      size = other.size();
      weight = other.weight();
      sums.set(other.sums.subarray(0, 2 * (size + 1)));
      for (let i = size; i > 0; i -= i & -i) mass += sums[2 * i + 1]!;
    },
    add(rank, own) {
      weight += own;
      mass += own * targets[rank]!;
      for (let i = rank + 1; i <= size; i += i & -i) {
        sums[2 * i]! += own;
        sums[2 * i + 1]! += own * targets[rank]!;
      }
    },
    error() {
      const { rank, weightBelow, massBelow } = reached(weight / 2);
      const median = targets[rank]!;
      return Math.max(0, median * (2 * weightBelow - weight) + mass - 2 * massBelow);
    },
    median() {
      // Half is half, however the sums were rounded: two targets are then in the middle.
      const low = targets[reached(weight * (0.5 - rounding)).rank]!;
      const high = targets[reached(weight * (0.5 + rounding)).rank]!;
      return low === high ? low : low / 2 + high / 2;
    },
  };
}
