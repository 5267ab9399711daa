/**
 * Features as answers to the tests of trained trees: one bit for each threshold.
 */
import type { Tensor } from '../../tracer/tensor.ts';

/**
 * The tests of trained trees, each once. Input i is 0 where X[features[i]] <= thresholds[i], or where that value is missing
 * and `missingLeft[i]`; else 1. Where a missing value goes is so decided before it is encrypted, and costs nothing.
 *
 * Beside `ThresholdQuantizer`, whose codes have fewer bits: there a split is a chain of choices by all bits of a code, here
 * one choice by one bit. An encrypted bit takes the server as long as a few choices, which pays where a test is used by
 * several trees, and always where a tree is nothing but a table of few tests. Shorter chains also have less noise.
 *
 * Whoever quantizes holds this object, and so learns the tests (not the shape of the trees, nor their leaves).
 */
export interface ComparisonQuantizer {
  readonly kind: 'comparisons';
  readonly features: readonly number[];
  readonly thresholds: readonly number[];
  readonly missingLeft: readonly boolean[];
}

/** Splits as parallel arrays; an entry of `feature` below 0 is no split. */
export interface Comparisons {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly missingLeft: readonly boolean[];
}

/** The quantizer of all splits of some trees; sorted, so that it does not tell their order. Never empty. */
export function comparisonQuantizer(trees: readonly Comparisons[]): ComparisonQuantizer {
  const known = new Map<string, readonly [number, number, boolean]>();
  for (const { feature, threshold, missingLeft } of trees) {
    feature.forEach((column, i) => {
      if (column < 0) return;
      const test = [column, threshold[i]!, missingLeft[i]!] as const;
      known.set(keyOf(...test), test);
    });
  }
  if (known.size === 0) known.set('', [0, 0, false]);
  const sorted = [...known.values()].sort(
    ([a, b, c], [d, e, f]) => a - d || b - e || Number(c) - Number(f),
  );
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

/** From a test that the quantizer was made of to the input that answers it. */
export function comparisonInputs({
  features,
  thresholds,
  missingLeft,
}: ComparisonQuantizer): (feature: number, threshold: number, left: boolean) => number {
  const inputs = new Map(
    features.map((feature, i) => [keyOf(feature, thresholds[i]!, missingLeft[i]!), i]),
  );
  return (feature, threshold, left) => inputs.get(keyOf(feature, threshold, left))!;
}

/** Equal for equal tests. */
function keyOf(feature: number, threshold: number, left: boolean): string {
  return `${feature} ${threshold} ${left}`;
}
