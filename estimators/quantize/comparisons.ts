/**
 * Features as answers to the tests of trained trees: one bit for each threshold.
 */
import type { Tensor } from '../../tracer/tensor.ts';

/**
 * The tests of trained trees, each once. Input i is 0 where X[features[i]] <= thresholds[i], or where that value is missing
 * and `missingLeft[i]`; else 1. Where a missing value goes is so decided before it is encrypted, and costs nothing.
 *
 * Codes that say between which thresholds of a feature a value lies would have fewer bits, but make a split a chain of
 * choices by all of them; here it is one choice by one bit. An encrypted bit takes the server as long as a few choices, which
 * pays where a test is used by several trees, and always where a tree is nothing but a table of few tests. Shorter chains
 * also have less noise.
 *
 * Whoever quantizes holds this object, and so learns the tests (not the shape of the trees, nor their leaves).
 */
export interface ComparisonQuantizer {
  readonly kind: 'comparisons';
  readonly features: readonly number[];
  readonly thresholds: readonly number[];
  readonly missingLeft: readonly boolean[];
}

/** Splits as parallel arrays; an entry of `feature` below 0 is no split. Without `missingLeft`, nothing may be missing. */
export interface Comparisons {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly missingLeft?: readonly boolean[];
}

/** The quantizer of all splits of some trees; sorted, so that it does not tell their order. Never empty. */
export function comparisonQuantizer(trees: readonly Comparisons[]): ComparisonQuantizer {
  const all = trees.flatMap((tree) =>
    tree.feature.flatMap((column, i) => (column < 0 ? [] : [testOf(tree, i)])),
  );
  if (all.length === 0) all.push([0, 0, false]);
  all.sort(byTest);
  const sorted = all.filter((test, i) => i === 0 || byTest(test, all[i - 1]!) !== 0);
  return {
    kind: 'comparisons',
    features: sorted.map(([column]) => column),
    thresholds: sorted.map(([, threshold]) => threshold),
    missingLeft: sorted.map(([, , left]) => left),
  };
}

/** Answers for rows x features as rows x inputs, each 0 or 1. */
export function quantizeComparisons(
  { features, thresholds, missingLeft }: ComparisonQuantizer,
  X: Tensor,
): Tensor {
  const [rows, columns] = X.shape as [number, number];
  const inputs = features.length;
  const data = new Float64Array(rows * inputs);
  for (let row = 0; row < rows; row++) {
    for (let input = 0; input < inputs; input++) {
      const value = X.data[row * columns + features[input]!]!;
      const left = Number.isNaN(value) ? missingLeft[input]! : value <= thresholds[input]!;
      data[row * inputs + input] = Number(!left);
    }
  }
  return { shape: [rows, inputs], data };
}

/** The input that answers a split of a tree that the quantizer was made of. */
export function comparisonInput(
  { features, thresholds, missingLeft }: ComparisonQuantizer,
  tree: Comparisons,
  node: number,
): number {
  const test = testOf(tree, node);
  let low = 0;
  let high = features.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = [features[middle]!, thresholds[middle]!, missingLeft[middle]!] as const;
    if (byTest(other, test) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Comparison = readonly [feature: number, threshold: number, missingLeft: boolean];

function testOf({ feature, threshold, missingLeft }: Comparisons, node: number): Comparison {
  return [feature[node]!, threshold[node]!, missingLeft?.[node] ?? false];
}

function byTest([a, b, c]: Comparison, [d, e, f]: Comparison): number {
  return a - d || b - e || Number(c) - Number(f);
}
