/**
 * Trees of numbers, as a model of integer sums.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import type { IntegerModel } from '../model.ts';
import { leafGrid, quantizeLeaf } from '../quantize/leaves.ts';
import type { ThresholdQuantizer } from '../quantize/thresholds.ts';
import type { Tree } from './grow.ts';
import { integerTree, treesModel } from './program.ts';

/** The model whose values are means over trees of the values in leaves, rows x outputs; one grid for all leaves. */
export function valueSums(trees: readonly Tree[], quantizer: ThresholdQuantizer): IntegerModel {
  const leaves = trees.flatMap(({ feature, value }) => value.filter((_, id) => feature[id]! < 0));
  const grid = leafGrid(leaves);
  const roots = trees.map((tree) =>
    integerTree(tree, quantizer, (leaf) => quantizeLeaf(grid, tree.value[leaf]!)),
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
