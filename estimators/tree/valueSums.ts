/**
 * Trees of numbers, as a model of integer sums.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import type { IntegerModel } from '../model.ts';
import type { ComparisonQuantizer } from '../quantize/comparisons.ts';
import { leafGrid, quantizeLeaf } from '../quantize/leaves.ts';
import type { Tree } from './grow.ts';
import { integerTree, treesModel } from './program.ts';

/** What the leaf of a tree holds: one number for each output. */
export type LeafValue = (tree: Tree, leaf: number) => readonly number[];

/**
 * The model whose values are means over trees of what their leaves hold, rows x outputs: as integers, so many steps from the
 * least of all leaves to the greatest.
 */
export function valueSums(
  trees: readonly Tree[],
  quantizer: ComparisonQuantizer,
  levels: number,
  leafValue: LeafValue = ({ value }, leaf) => value[leaf]!,
): IntegerModel {
  const leaves = trees.flatMap((tree) =>
    Array.from(tree.feature.keys())
      .filter((id) => tree.feature[id]! < 0)
      .map((leaf) => leafValue(tree, leaf)),
  );
  const grid = leafGrid(leaves, levels);
  const roots = trees.map((tree) =>
    integerTree(tree, quantizer, (leaf) => quantizeLeaf(grid, leafValue(tree, leaf))),
  );
  const outputs = grid.offset.length;
  return {
    ...treesModel(roots, quantizer, new Array<number>(outputs).fill(0)),
    dequantize: ({ shape, data }: Tensor) => ({
      shape,
      data: data.map((sum, i) => {
        const k = i % outputs;
        return grid.offset[k]! + (grid.step[k]! * sum) / trees.length;
      }),
    }),
  };
}
