/**
 * Many trees, each grown on its own random rows.
 */
import { error } from '../../lib/errors.ts';
import { createRandom, type Random } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { boolean, countOrFraction, integer, optional, type ParameterTable } from '../parameters.ts';
import { type ComparisonQuantizer, comparisonQuantizer } from '../quantize/comparisons.ts';
import type { Criterion } from './criterion.ts';
import type { Tree } from './grow.ts';
import { checkMonotonic, type TreeParameters, treeParameters } from './parameters.ts';
import { featureImportances, leafOfRow } from './structure.ts';
import { binsFor, type TreeSplitter, trainTree } from './train.ts';

/** Parameters that all forests share, beside those of their trees. */
export interface ForestParameters extends TreeParameters {
  /** The number of trees. Default 100. */
  readonly nEstimators: number;
  /** Whether each tree learns from rows drawn with replacement, and not from all. */
  readonly bootstrap: boolean;
  /** Whether to judge each row by the trees that did not learn from it. Needs `bootstrap`. Default false. */
  readonly oobScore: boolean;
  /** Rows drawn for each tree: a number, or a fraction of all; null (default): as many as there are. Needs `bootstrap`. */
  readonly maxSamples: number | null;
}

/** The table of `ForestParameters`, with the defaults that differ from class to class. */
export function forestParameters(
  defaults: Pick<ForestParameters, 'bootstrap' | 'maxFeatures' | 'nBits'>,
): ParameterTable<ForestParameters> {
  return {
    nEstimators: integer(100, 1, 100_000),
    bootstrap: boolean(defaults.bootstrap),
    oobScore: boolean(false),
    maxSamples: optional(countOrFraction(1, 1)),
    ...treeParameters(defaults),
  };
}

/** What all forests learn. */
export interface Forest {
  readonly trees: readonly Tree[];
  /** The mean over trees of their feature importances; they sum to 1, or are all 0. */
  readonly featureImportances: readonly number[];
  /** Features to the answers of all splits. */
  readonly quantizer: ComparisonQuantizer;
}

/** What the rows of each tree are, and how its nodes are judged. */
export interface ForestTraining {
  readonly X: Tensor;
  readonly splitter: TreeSplitter;
  /** Numbers that a leaf holds, one for two classes. */
  readonly outputs: number;
  /** Of each row. */
  readonly sampleWeight: Float64Array;
  /** The criterion of a tree whose rows have these weights. */
  criterionOf(sampleWeight: Float64Array): Criterion;
  /** Further weights of the rows of a tree that saw each row so many times. */
  treeWeights?(times: Float64Array): Float64Array;
}

/** What trees say about the rows that they did not learn from. */
export interface OutOfBag {
  /** Rows x outputs: the mean over those trees, or 0 where there are none. */
  readonly values: readonly (readonly number[])[];
  /** Rows for which there are some. */
  readonly seen: readonly number[];
}

/**
 * Grows the trees.
 *
 * @throws BAD_OPTION for `oobScore` or `maxSamples` without `bootstrap`; OUT_OF_RANGE for `oobScore` where every tree learned
 * from all rows but one at most; and as `checkMonotonic` and `trainTree`.
 */
export function growForest(
  training: ForestTraining,
  parameters: ForestParameters,
  name: string,
): Forest & { readonly outOfBag: OutOfBag | undefined } {
  checkBootstrap(parameters, name);
  const { X, splitter, sampleWeight, criterionOf, treeWeights } = training;
  const [rows, features] = X.shape as [number, number];
  const { nEstimators, bootstrap, oobScore, maxSamples } = parameters;
  checkMonotonic(name, parameters.monotonicCst, features, training.outputs);
  const bins = binsFor(X, parameters.nBits, splitter, sampleWeight);
  const seeds = createRandom(parameters.randomState ?? 0);
  const outOfBag = oobScore ? sums(rows) : undefined;
  const trees = Array.from({ length: nEstimators }, () => {
    // A stream for each tree: a forest of fewer trees has the first ones of a larger forest.
    const random = createRandom(seeds.integer(2 ** 32));
    const times = bootstrap ? drawn(rows, sampleCount(maxSamples, rows), random) : ones(rows);
    const own = treeWeights?.(times) ?? times;
    const weights = sampleWeight.map((weight, row) => weight * own[row]!);
    const criterion = criterionOf(weights);
    const tree = trainTree(bins, criterion, weights, parameters, splitter, random);
    outOfBag?.add(tree, X, times);
    return tree;
  });
  return {
    trees,
    featureImportances: featureImportances(trees, features),
    quantizer: comparisonQuantizer(trees),
    outOfBag: outOfBag && judging(outOfBag.means(), name),
  };
}

/** How many rows to draw. */
function sampleCount(maxSamples: number | null, rows: number): number {
  if (maxSamples === null) return rows;
  return maxSamples < 1 ? Math.max(1, Math.round(maxSamples * rows)) : maxSamples;
}

/** How often each row is drawn, with replacement. */
function drawn(rows: number, count: number, random: Random): Float64Array {
  const times = new Float64Array(rows);
  for (let i = 0; i < count; i++) times[random.integer(rows)]! += 1;
  return times;
}

function ones(rows: number): Float64Array {
  return new Float64Array(rows).fill(1);
}

/** Adds up what trees say about rows that they did not see. */
function sums(rows: number): {
  add(tree: Tree, X: Tensor, times: Float64Array): void;
  means(): OutOfBag;
} {
  const votes = new Float64Array(rows);
  const totals = Array.from({ length: rows }, (): number[] => []);
  return {
    add(tree, X, times) {
      const features = X.shape[1]!;
      for (let row = 0; row < rows; row++) {
        if (times[row]! > 0) continue;
        votes[row]! += 1;
        tree.value[leafOfRow(tree, X.data, row * features)]!.forEach((value, k) => {
          totals[row]![k] = (totals[row]![k] ?? 0) + value;
        });
      }
    },
    means() {
      const outputs = totals.reduce((most, own) => Math.max(most, own.length), 0);
      return {
        values: totals.map((own, row) =>
          Array.from({ length: outputs }, (_, k) => (own[k] ?? 0) / Math.max(votes[row]!, 1)),
        ),
        seen: Array.from(votes.keys()).filter((row) => votes[row]! > 0),
      };
    },
  };
}

/** @throws OUT_OF_RANGE where there are too few rows to judge by: of a single one there is no variance. */
function judging(outOfBag: OutOfBag, name: string): OutOfBag {
  if (outOfBag.seen.length >= 2) return outOfBag;
  throw error('OUT_OF_RANGE', {
    what: `${name}.oobScore`,
    given: `${outOfBag.seen.length} rows that some tree did not learn from`,
    allowed: '2 or more',
    remedy: 'raise nEstimators, give more rows, or set oobScore: false',
  });
}

function checkBootstrap({ bootstrap, oobScore, maxSamples }: ForestParameters, name: string): void {
  if (bootstrap) return;
  const given = oobScore
    ? 'oobScore: true'
    : maxSamples === null
      ? null
      : `maxSamples: ${maxSamples}`;
  if (given === null) return;
  const remedy = 'set bootstrap: true, or leave it out';
  throw error('BAD_OPTION', { what: name, given: `${given} and bootstrap: false`, remedy });
}
