/**
 * Trees as integer programs: nested choices between vectors of leaf scores.
 */
import * as np from '../../tracer/index.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { Traced } from '../../tracer/value.ts';
import { classShares } from '../classShares.ts';
import type { ScoreModel } from '../model.ts';
import { leafLevels, quantizeProbabilities } from '../quantize/leaves.ts';
import { lastCode, quantizeThresholds, type ThresholdQuantizer } from '../quantize/thresholds.ts';
import type { Tree } from './grow.ts';

/** A tree of integers: a leaf with its outputs, or a choice by one comparison of codes. */
export type IntegerTree =
  | { readonly outputs: readonly number[] }
  | {
      readonly input: number;
      /** `low` where code <= last, else `high`. */
      readonly last: number;
      readonly low: IntegerTree;
      readonly high: IntegerTree;
    };

/**
 * The tree on codes. Its outputs are class scores in [0, leafLevels]; of two classes only the second one's, since the
 * first one's is the rest. Splits between equal outputs are merged.
 */
export function integerTree(tree: Tree, quantizer: ThresholdQuantizer): IntegerTree {
  const made: IntegerTree[] = [];
  // Children have larger ids than their parents.
  for (let id = tree.feature.length - 1; id >= 0; id--) {
    const feature = tree.feature[id]!;
    if (feature < 0) {
      const scores = quantizeProbabilities(tree.value[id]!);
      made[id] = { outputs: scores.length === 2 ? scores.slice(1) : scores };
      continue;
    }
    const low = made[tree.childrenLeft[id]!]!;
    const high = made[tree.childrenRight[id]!]!;
    const input = quantizer.features.indexOf(feature);
    const last = lastCode(quantizer, input, tree.threshold[id]!);
    made[id] = sameOutputs(low, high) ? low : { input, last, low, high };
  }
  return made[0]!;
}

/** The tree in the four steps of every model. */
export function treeModel(tree: Tree, quantizer: ThresholdQuantizer): ScoreModel {
  const root = integerTree(tree, quantizer);
  const outputs = leafOf(root, () => 0).length;
  return {
    input: { length: quantizer.features.length, min: 0, max: 2 ** quantizer.bits - 1 },
    program: (codes) => traceTree(root, codes),
    quantize: (X) => quantizeThresholds(quantizer, X),
    evaluate: (codes) => leaves(root, codes, outputs),
    dequantize: probabilities,
    boundary: leafLevels / 2,
  };
}

/** Shape [inputs] -> [outputs]. */
function traceTree(node: IntegerTree, codes: Traced): Traced {
  if ('outputs' in node) return np.add(np.multiply(codes.at(0), 0), node.outputs);
  const trace = (branch: IntegerTree): Traced | readonly number[] =>
    'outputs' in branch ? branch.outputs : traceTree(branch, codes);
  return np.where(np.lessEqual(codes.at(node.input), node.last), trace(node.low), trace(node.high));
}

/** rows x inputs -> rows x outputs, by walking the same tree. */
function leaves(root: IntegerTree, codes: Tensor, outputs: number): Tensor {
  const [rows, inputs] = codes.shape as [number, number];
  const data = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    data.set(
      leafOf(root, (input) => codes.data[row * inputs + input]!),
      row * outputs,
    );
  }
  return { shape: [rows, outputs], data };
}

function leafOf(root: IntegerTree, code: (input: number) => number): readonly number[] {
  let node = root;
  while (!('outputs' in node)) node = code(node.input) <= node.last ? node.low : node.high;
  return node.outputs;
}

/** Class scores to probabilities, rows x classes; rows sum to 1. */
function probabilities(scores: Tensor): Tensor {
  return classShares(scores, (own) =>
    own.length === 1 ? [leafLevels - own[0]!, own[0]!] : [...own],
  );
}

function sameOutputs(a: IntegerTree, b: IntegerTree): boolean {
  if (!('outputs' in a) || !('outputs' in b)) return false;
  return a.outputs.every((score, c) => score === b.outputs[c]);
}
