/**
 * From checked data to the learned state that all boosters share.
 */
import { error } from '../../lib/errors.ts';
import { createRandom, type Random } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { type ComparisonQuantizer, comparisonQuantizer } from '../quantize/comparisons.ts';
import { type LeafSums, leafSums } from '../quantize/leafSums.ts';
import { binRows } from './binnedRows.ts';
import { boost, type RowSplit } from './boost.ts';
import type { Loss } from './losses.ts';
import { type BoostingParameters, boostSettings } from './parameters.ts';
import type { BoostedTree } from './trees.ts';

/** Learned state of every booster. */
export interface BoostedState {
  /** Rounds that are kept: fewer than the parameter `nEstimators` where early stopping ended them. */
  readonly nEstimators: number;
  /** The score of each output before all trees. */
  readonly start: readonly number[];
  /** Of each round, one tree for each output. */
  readonly rounds: readonly (readonly BoostedTree[])[];
  /** The mean loss over the training rows after each round, also after those that early stopping dropped. */
  readonly trainLoss: readonly number[];
  /** The same over the validation rows; empty without early stopping. */
  readonly validationLoss: readonly number[];
  /** Share of each feature in all that splits gained; they sum to 1, or are all 0. */
  readonly featureImportances: readonly number[];
  /** Features to integers. */
  readonly quantizer: ComparisonQuantizer;
  /** Integers to scores. */
  readonly leafSums: LeafSums;
}

/** What to learn from. */
export interface BoostingData {
  readonly X: Tensor;
  /** Targets, or class indices: of each row. */
  readonly y: Float64Array;
  /** Weights >= 0, not all 0. */
  readonly weights: Float64Array;
  /** Whether each class keeps its share of the rows that early stopping judges by. */
  readonly stratify: boolean;
}

/** @throws BAD_OPTION; OUT_OF_RANGE for huge numbers; SHAPE_MISMATCH where early stopping has too few rows to judge by. */
export function trainBooster(
  name: string,
  { X, y, weights, stratify }: BoostingData,
  loss: Loss,
  parameters: BoostingParameters,
  output: 'scores' | 'label',
): BoostedState {
  const [rows, features] = X.shape as [number, number];
  checkSquares(y, weights);
  const settings = boostSettings(name, parameters, rows, features, loss.maxStep);
  const random = createRandom(parameters.randomState ?? 0);
  const split = rowSplit({ y, weights, stratify }, parameters, random);
  const data = binRows(X, split.train, parameters.nBits);
  const boosted = boost(data, loss, { y, weights }, split, settings, random);
  const { start, rounds } = boosted;
  const parts = start.map((score, k) => ({
    start: score,
    leaves: rounds.map((round) => leavesOf(round[k]!)),
  }));
  return {
    nEstimators: rounds.length,
    ...boosted,
    featureImportances: importances(rounds.flat(), features),
    quantizer: comparisonQuantizer(rounds.flat()),
    leafSums: leafSums(parts, output),
  };
}

/** Gains are squares of sums of derivatives, which no weighted target may exceed. */
function checkSquares(y: Float64Array, weights: Float64Array): void {
  const sum = weights.reduce((total, weight, row) => total + weight * (1 + Math.abs(y[row]!)), 0);
  if (Number.isFinite(sum * sum)) return;
  const [given, allowed] = [`numbers that sum up to ${sum}`, 'sums below 1e154'];
  throw error('OUT_OF_RANGE', { what: 'y, weighted', given, allowed, remedy: 'scale them down' });
}

/** The values of the leaves of a tree. */
function leavesOf({ feature, value }: BoostedTree): number[] {
  return value.filter((_, node) => feature[node]! < 0);
}

/** Rows of weight above 0, a share of them drawn to validate by where there is early stopping. */
function rowSplit(
  { y, weights, stratify }: Omit<BoostingData, 'X'>,
  { nIterNoChange, validationFraction }: BoostingParameters,
  random: Random,
): RowSplit {
  const all = Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
  if (nIterNoChange === null) return { train: all, validation: new Int32Array(0) };
  const groups = stratify
    ? [...new Set(y)].map((own) => all.filter((row) => y[row] === own))
    : [all];
  const held = new Set(
    groups.flatMap((group) => {
      const count = Math.min(Math.round(validationFraction * group.length), group.length - 1);
      return Array.from(random.shuffle(group).subarray(0, count));
    }),
  );
  const train = all.filter((row) => !held.has(row));
  const validation = all.filter((row) => held.has(row));
  if (validation.length > 0) return { train, validation };
  throw error('SHAPE_MISMATCH', {
    what: 'X',
    given: `${all.length} rows of weight above 0`,
    allowed: `so many that a share of ${validationFraction} is one row or more`,
    remedy: 'give more rows, or nIterNoChange: null for no early stopping',
  });
}

/** The total gain by feature, as shares. */
function importances(trees: readonly BoostedTree[], features: number): number[] {
  const gains = new Array<number>(features).fill(0);
  for (const { feature, gain } of trees) {
    feature.forEach((own, node) => {
      if (own >= 0) gains[own]! += gain[node]!;
    });
  }
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return gains.map((gain) => (total > 0 ? gain / total : 0));
}
