/**
 * Gradient boosting: tree after tree, each on the derivatives of the loss at the sum of those before it.
 */
import type { Random } from '../../lib/random.ts';
import type { BinnedRows, Gradients } from './binnedRows.ts';
import { growDepthwise, type HistogramPool } from './growDepthwise.ts';
import { growSymmetric } from './growSymmetric.ts';
import { type Loss, weightedQuantile } from './losses.ts';
import type { SplitSettings } from './splits.ts';
import { addLeaves, type BoostedTree, finishedTree, type GrowingTree } from './trees.ts';

/** How trees grow: each node by its best split, or all nodes of a level by one. */
export type GrowPolicy = 'depthwise' | 'symmetric';

/** When to add a tree, and how to grow it. */
export interface BoostSettings extends SplitSettings {
  readonly nEstimators: number;
  readonly learningRate: number;
  readonly maxDepth: number;
  readonly growPolicy: GrowPolicy;
  /** Rows of each round, a share in (0, 1] of all. */
  readonly subsample: number;
  /** Rounds without an improvement by `tol` after which to stop; null: never. */
  readonly nIterNoChange: number | null;
  readonly tol: number;
}

/** Rows to learn from, all of weight > 0, and rows that early stopping judges by: none without it. */
export interface RowSplit {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/** What boosting comes to. */
export interface Boosted {
  /** The score of each output before all trees. */
  readonly start: readonly number[];
  /** Of each round, one tree for each output. */
  readonly rounds: readonly (readonly BoostedTree[])[];
  /** The mean loss over the training rows after each round, those after the best one included. */
  readonly trainLoss: readonly number[];
  /** The same over the validation rows; empty without early stopping. */
  readonly validationLoss: readonly number[];
}

/**
 * Boosts until there are enough rounds, or early stopping ends it. With early stopping the rounds after the best one are
 * dropped; the first is always kept.
 */
export function boost(
  data: BinnedRows,
  loss: Loss,
  residuals: { readonly y: Float64Array; readonly weights: Float64Array },
  { train, validation }: RowSplit,
  settings: BoostSettings,
  random: Random,
): Boosted {
  const { rows } = data;
  const { nEstimators, learningRate, subsample, nIterNoChange, tol } = settings;
  const start = loss.start(train);
  const scores = new Float64Array(rows * loss.outputs);
  start.forEach((score, k) => {
    scores.fill(score, k * rows, (k + 1) * rows);
  });
  const gradients = {
    first: new Float64Array(scores.length),
    second: new Float64Array(scores.length),
  };
  const pool: HistogramPool = [];
  const rounds: BoostedTree[][] = [];
  const trainLoss: number[] = [];
  const validationLoss: number[] = [];
  let best = { rounds: 0, loss: loss.mean(scores, validation) };
  while (rounds.length < nEstimators) {
    loss.fill(scores, gradients);
    const sample = drawn(train, subsample, random);
    const trees: BoostedTree[] = [];
    for (let k = 0; k < loss.outputs; k++) {
      const own = scores.subarray(k * rows, (k + 1) * rows);
      const tree = grow(data, ofOutput(gradients, k, rows), sample.slice(), settings, random, pool);
      if (loss.leafQuantile !== undefined) refit(tree, own, residuals, loss.leafQuantile);
      addLeaves(tree, data, learningRate, own);
      trees.push(finishedTree(tree, data, learningRate));
    }
    rounds.push(trees);
    trainLoss.push(loss.mean(scores, train));
    if (nIterNoChange === null) continue;
    const now = loss.mean(scores, validation);
    validationLoss.push(now);
    if (now < best.loss - tol) best = { rounds: rounds.length, loss: now };
    if (rounds.length - best.rounds >= nIterNoChange) break;
  }
  const kept = nIterNoChange === null ? rounds : rounds.slice(0, Math.max(best.rounds, 1));
  return { start, rounds: kept, trainLoss, validationLoss };
}

function grow(
  data: BinnedRows,
  gradients: Gradients,
  order: Int32Array,
  settings: BoostSettings,
  random: Random,
  pool: HistogramPool,
): GrowingTree {
  const { growPolicy, maxDepth } = settings;
  return growPolicy === 'symmetric'
    ? growSymmetric(data, gradients, order, maxDepth, settings, random)
    : growDepthwise(data, gradients, order, maxDepth, settings, random, pool);
}

/** A share of the rows, at least one, in ascending order. */
function drawn(train: Int32Array, subsample: number, random: Random): Int32Array {
  if (subsample === 1) return train;
  const count = Math.max(1, Math.floor(subsample * train.length));
  return random.shuffle(train.slice()).subarray(0, count).sort();
}

function ofOutput({ first, second }: Gradients, k: number, rows: number): Gradients {
  return {
    first: first.subarray(k * rows, (k + 1) * rows),
    second: second.subarray(k * rows, (k + 1) * rows),
  };
}

/** Makes each leaf the quantile of what the scores of its rows leave of their targets. */
function refit(
  { feature, value, order, start, end }: GrowingTree,
  scores: Float64Array,
  { y, weights }: { readonly y: Float64Array; readonly weights: Float64Array },
  level: number,
): void {
  feature.forEach((own, node) => {
    if (own >= 0) return;
    const rows = order.subarray(start[node]!, end[node]!);
    value[node] = weightedQuantile(rows, weights, (row) => y[row]! - scores[row]!, level);
  });
}
