/**
 * Trees that classify, as a model of integer scores.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { classShares } from '../classShares.ts';
import type { ScoreModel } from '../model.ts';
import type { ComparisonQuantizer } from '../quantize/comparisons.ts';
import { quantizeShares, shareLevels } from '../quantize/leaves.ts';
import type { Tree } from './grow.ts';
import { integerTree, treesModel } from './program.ts';

/**
 * The model whose outputs are sums over trees of the classes' shares in leaves, in steps of 1 / levels, of two classes the
 * second one's alone; its values are probabilities, rows x classes.
 */
export function classScores(
  trees: readonly Tree[],
  quantizer: ComparisonQuantizer,
  classes: number,
  levels: number = shareLevels,
): ScoreModel {
  const roots = trees.map((tree) =>
    integerTree(tree, quantizer, (leaf) => quantizeShares(tree.value[leaf]!, levels)),
  );
  const most = levels * trees.length;
  return {
    ...treesModel(roots, quantizer, new Array<number>(classes === 2 ? 1 : classes).fill(0)),
    dequantize: (scores: Tensor) =>
      classShares(scores, (own) =>
        own.length === 1 ? [most - own[0]!, own[0]!] : Array.from(own),
      ),
    boundary: most / 2,
  };
}
