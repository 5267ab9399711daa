/**
 * Leaves of boosted trees as integers that are added up.
 */
import { roundHalfEven } from './rounding.ts';

/** Steps of a leaf, on average over the trees, between the least and the greatest leaf of a tree: see `leafSums`. */
const leafSteps = 1024;

/**
 * log2 of the steps of a sum that is compared on the server and then forgotten: each bit of a computed value costs a lookup
 * or more.
 */
const comparedBits = 10;

/** score_k = scale * (sum of integer leaves + offset_k). */
export interface LeafSums {
  readonly scale: number;
  readonly offset: readonly number[];
}

/** The scores before all trees, and the values of the leaves of each tree, by output. */
export interface ScoreParts {
  readonly start: number;
  readonly leaves: readonly (readonly number[])[];
}

/**
 * One scale for all leaves of all outputs.
 *
 * A score is a sum of T trees, each with a range of its own; these add up to R (the largest of the outputs). Where scores are
 * returned the scale is R / (1024 T): every leaf and the offset are off by half a step at most, so a score is off by at most
 * R (T + 1) / (2048 T) < R / 1000, and typically by R / (3500 sqrt(T)): 4e-5 of its range for 50 trees. Where the server
 * only compares scores, the scale is at least R / 2^10.
 */
export function leafSums(outputs: readonly ScoreParts[], output: 'scores' | 'label'): LeafSums {
  const trees = Math.max(1, ...outputs.map(({ leaves }) => leaves.length));
  const range = Math.max(
    ...outputs.map(({ leaves }) => leaves.reduce((r, own) => r + spread(own), 0)),
  );
  const steps = output === 'scores' ? leafSteps * trees : 2 ** comparedBits;
  const largest = Math.max(...outputs.map(({ start }) => Math.abs(start)));
  const scale = (range > 0 ? range / steps : largest / 2 ** 16) || 1;
  return { scale, offset: outputs.map(({ start }) => integerLeaf(start, scale)) };
}

/** The integer that stands for the value of a leaf. */
export function integerLeaf(value: number, scale: number): number {
  return roundHalfEven(value / scale) + 0;
}

function spread(leaves: readonly number[]): number {
  const greatest = leaves.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return greatest - leaves.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}
