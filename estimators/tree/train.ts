/**
 * From checked parameters and data to one finished tree.
 */
import { error } from '../../lib/errors.ts';
import type { Random } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { binEdges, mixedEdges } from '../quantize/bins.ts';
import type { Criterion } from './criterion.ts';
import { growTree, type Tree } from './grow.ts';
import { type BinnedMatrix, binFeatures } from './histogram.ts';
import { growSettings, type TreeParameters } from './parameters.ts';
import { pruned } from './prune.ts';

/** How thresholds are chosen: the best ones, or one drawn at random for each feature. */
export type TreeSplitter = 'best' | 'random';

/** Training data as bins with the edges that suit the splitter; rows of weight 0 have no say in them. */
export function binsFor(
  X: Tensor,
  nBits: number,
  splitter: TreeSplitter,
  sampleWeight: Float64Array,
): BinnedMatrix {
  const edgesOf = splitter === 'best' ? binEdges : mixedEdges;
  return binFeatures(X, nBits, { sampleWeight, edgesOf });
}

/**
 * Grows and prunes a tree; rows of weight 0 are left out.
 *
 * @throws OUT_OF_RANGE where all weights are 0, or targets or weights too large for sums of their squares.
 */
export function trainTree(
  data: BinnedMatrix,
  criterion: Criterion,
  sampleWeight: Float64Array,
  parameters: TreeParameters,
  splitter: TreeSplitter,
  random: Random,
): Tree {
  const all = Int32Array.from(sampleWeight, (_, row) => row);
  const rows = all.filter((row) => sampleWeight[row]! > 0);
  if (rows.length === 0) throw noWeight();
  const weight = sampleWeight.reduce((sum, own) => sum + own, 0);
  const { rows: dataRows, features } = data;
  const settings = growSettings(parameters, splitter, { rows: dataRows, features, weight });
  const tree = growTree(data, criterion, rows, settings, random);
  if (!Number.isFinite(tree.impurity[0]! * weight)) {
    throw error('OUT_OF_RANGE', {
      what: 'y and sampleWeight',
      given: `an impurity of ${tree.impurity[0]} and a weight of ${weight}`,
      allowed: 'values whose squares have a finite sum',
    });
  }
  return pruned(tree, parameters.ccpAlpha);
}

function noWeight(): Error {
  return error('OUT_OF_RANGE', {
    what: 'sampleWeight',
    given: 'weights that are 0 for every row of a tree',
    allowed: 'one > 0',
    remedy: 'leave rows of weight 0 out, or raise maxSamples where rows are drawn',
  });
}
