/**
 * Trees as integer programs: nested choices between vectors of leaf scores, and sums of such.
 */
import * as np from '../../tracer/index.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { Traced } from '../../tracer/value.ts';
import type { IntegerModel } from '../model.ts';
import {
  type ComparisonQuantizer,
  type Comparisons,
  comparisonInput,
  quantizeComparisons,
} from '../quantize/comparisons.ts';

/** A tree of integers: a leaf with its outputs, or a choice by one input, `low` where it is 0 and `high` where it is 1. */
export type IntegerTree =
  | { readonly outputs: readonly number[] }
  | { readonly input: number; readonly low: IntegerTree; readonly high: IntegerTree };

/** The structure of a tree as parallel arrays over its nodes, each with a smaller number than its children, root first. */
export interface TreeNodes extends Comparisons {
  readonly childrenLeft: readonly number[];
  readonly childrenRight: readonly number[];
}

/** The tree on answers, its leaves with the integers of `outputsOf`. Splits between equal outputs are merged. */
export function integerTree(
  tree: TreeNodes,
  quantizer: ComparisonQuantizer,
  outputsOf: (leaf: number) => readonly number[],
): IntegerTree {
  const made: IntegerTree[] = [];
  for (let id = tree.feature.length - 1; id >= 0; id--) {
    if (tree.feature[id]! < 0) {
      made[id] = { outputs: outputsOf(id) };
      continue;
    }
    const low = made[tree.childrenLeft[id]!]!;
    const high = made[tree.childrenRight[id]!]!;
    const input = comparisonInput(quantizer, tree, id);
    made[id] = sameOutputs(low, high) ? low : { input, low, high };
  }
  return made[0]!;
}

/** The sum of one tree or more, which all have as many outputs, plus `offset`: the first two steps of a model. */
export function treesModel(
  roots: readonly IntegerTree[],
  quantizer: ComparisonQuantizer,
  offset: readonly number[],
): Omit<IntegerModel, 'dequantize'> {
  return {
    input: { length: quantizer.features.length, min: 0, max: 1 },
    program: (codes) => {
      const sum = roots.map((root) => traceTree(root, codes)).reduce((a, b) => np.add(a, b));
      return offset.some((value) => value !== 0) ? np.add(sum, offset) : sum;
    },
    quantize: (X) => quantizeComparisons(quantizer, X),
    evaluate: (codes) => sums(roots, codes, offset),
  };
}

/** Shape [inputs] -> [outputs]. Children come first, by a list: chains of thousands of splits would overflow recursion. */
export function traceTree(root: IntegerTree, codes: Traced): Traced {
  if ('outputs' in root) return np.add(np.multiply(codes.at(0), 0), root.outputs);
  const splits: Exclude<IntegerTree, { outputs: unknown }>[] = [];
  const open: IntegerTree[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ('outputs' in node) continue;
    splits.push(node);
    open.push(node.high, node.low);
  }
  const traced = new Map<IntegerTree, Traced>();
  const outputOf = (node: IntegerTree): Traced | readonly number[] =>
    'outputs' in node ? node.outputs : traced.get(node)!;
  for (const node of splits.reverse()) {
    traced.set(node, np.where(codes.at(node.input), outputOf(node.high), outputOf(node.low)));
  }
  return traced.get(root)!;
}

/** rows x inputs -> rows x outputs, by walking the same trees. */
function sums(roots: readonly IntegerTree[], codes: Tensor, offset: readonly number[]): Tensor {
  const [rows, inputs] = codes.shape as [number, number];
  const outputs = offset.length;
  const data = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    data.set(offset, row * outputs);
    for (const root of roots) {
      const leaf = leafOf(root, (input) => codes.data[row * inputs + input]!);
      for (let k = 0; k < outputs; k++) data[row * outputs + k]! += leaf[k]!;
    }
  }
  return { shape: [rows, outputs], data };
}

/** The outputs of the leaf that codes lead to. */
export function leafOf(root: IntegerTree, code: (input: number) => number): readonly number[] {
  let node = root;
  while (!('outputs' in node)) node = code(node.input) === 0 ? node.low : node.high;
  return node.outputs;
}

function sameOutputs(a: IntegerTree, b: IntegerTree): boolean {
  if (!('outputs' in a) || !('outputs' in b)) return false;
  return a.outputs.every((score, c) => score === b.outputs[c]);
}
