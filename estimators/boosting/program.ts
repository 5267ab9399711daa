/**
 * Boosted trees as integer programs: a sum of trees for each output.
 */
import * as np from '../../tracer/index.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { IntegerModel } from '../model.ts';
import { quantizeComparisons } from '../quantize/comparisons.ts';
import { integerLeaf } from '../quantize/leafSums.ts';
import { type IntegerTree, integerTree, leafOf, traceTree } from '../tree/program.ts';
import type { BoostedState } from './train.ts';
import type { BoostedTree } from './trees.ts';

/** score_k = scale * (offset_k + sum over rounds of the leaf of tree k), in the steps of every model. */
export function boostedModel(state: BoostedState): IntegerModel {
  const { quantizer, leafSums } = state;
  const { scale, offset } = leafSums;
  const { features } = quantizer;
  return {
    input: { length: features.length, min: 0, max: 1 },
    program: (codes) => {
      const rounds = integerRounds(state);
      const sums = offset.map((constant, k) => {
        const trees = rounds.map((round) => traceTree(round[k]!, codes));
        return np.add(
          trees.reduce((a, b) => np.add(a, b)),
          constant,
        );
      });
      return np.concatenate(sums);
    },
    quantize: (X) => quantizeComparisons(quantizer, X),
    evaluate: (codes) => {
      let last = codes;
      for (const sums of stagedSums(state, codes)) last = sums;
      return last;
    },
    dequantize: ({ shape, data }) => ({ shape, data: data.map((sum) => sum * scale) }),
  };
}

/** The sums after each round, rows x outputs; always the same array, with other values. */
function* stagedSums(state: BoostedState, codes: Tensor): Generator<Tensor> {
  const { offset } = state.leafSums;
  const [rows, inputs] = codes.shape as [number, number];
  const outputs = offset.length;
  const data = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) data.set(offset, row * outputs);
  for (const round of integerRounds(state)) {
    for (let row = 0; row < rows; row++) {
      const code = (input: number): number => codes.data[row * inputs + input]!;
      round.forEach((root, k) => {
        data[row * outputs + k]! += leafOf(root, code)[0]!;
      });
    }
    yield { shape: [rows, outputs], data };
  }
}

/** The scores after each round, rows x outputs, for rows of features. */
export function* stagedScores(state: BoostedState, X: Tensor): Generator<Tensor> {
  const { scale } = state.leafSums;
  for (const { shape, data } of stagedSums(state, quantizeComparisons(state.quantizer, X))) {
    yield { shape, data: data.map((sum) => sum * scale) };
  }
}

function integerRounds({ rounds, quantizer, leafSums }: BoostedState): IntegerTree[][] {
  const rooted = (tree: BoostedTree): IntegerTree =>
    integerTree(tree, quantizer, (leaf) => [integerLeaf(tree.value[leaf]!, leafSums.scale)]);
  return rounds.map((round) => round.map(rooted));
}
