/**
 * The core of an imported model that is a sum of trees: the same integer program as that of boosters which learn here.
 */
import type { ClassifierOutput } from '../../estimators/decider.ts';
import type { IntegerModel } from '../../estimators/model.ts';
import {
  type ComparisonQuantizer,
  comparisonQuantizer,
  quantizeComparisons,
} from '../../estimators/quantize/comparisons.ts';
import { integerLeaf, type LeafSums, leafSums } from '../../estimators/quantize/leafSums.ts';
import { hasKeys, isCount, isList, isNumbers } from '../../estimators/state.ts';
import {
  type IntegerTree,
  integerTree,
  leafOf,
  type TreeNodes,
  traceTree,
} from '../../estimators/tree/program.ts';
import { isNodes, nodeKeys } from '../../estimators/tree/state.ts';
import * as np from '../../tracer/index.ts';
import type { Tensor } from '../../tracer/tensor.ts';

/** score_k = start_k + the sum over trees of the values of the leaves that a row falls in. */
export interface TreesCore {
  readonly kind: 'trees';
  /** The score of each output before all trees. */
  readonly start: readonly number[];
  /** One tree or more for each output; or a single list of trees, each leaf of which has a value for every output. */
  readonly trees: readonly (readonly ImportedTree[])[];
}

/** A tree as parallel arrays over its nodes, root first, each before its children; -1 for what leaves do not have. */
export interface ImportedTree extends TreeNodes {
  /** Whether a row goes left where X[feature] is missing. */
  readonly missingLeft: readonly boolean[];
  /** Of each node in turn, what a leaf adds to each of its outputs; 0 of splits. */
  readonly value: readonly number[];
}

/** The number of trees in the largest sum. */
export function treeCount({ trees }: TreesCore): number {
  return Math.max(...trees.map(({ length }) => length));
}

/** Scores in floats, rows x outputs, for rows of features. */
export function treeScores(core: TreesCore, X: Tensor): Tensor {
  const quantizer = comparisonQuantizer(core.trees.flat());
  return summed(
    rootsOf(core, quantizer, (value) => value),
    core.start,
    quantizeComparisons(quantizer, X),
  );
}

/** The same scores in integers; see `leafSums` for how fine these are. */
export function treesModel(core: TreesCore, output: ClassifierOutput): IntegerModel {
  const quantizer = comparisonQuantizer(core.trees.flat());
  const { scale, offset } = gridOf(core, output);
  const roots = (): IntegerTree[][] =>
    rootsOf(core, quantizer, (value) => integerLeaf(value, scale));
  const width = offset.length / core.trees.length;
  return {
    input: { length: quantizer.features.length, min: 0, max: 1 },
    program: (codes) => {
      const sums = roots().map((own, k) =>
        np.add(
          own.map((root) => traceTree(root, codes)).reduce((a, b) => np.add(a, b)),
          width === 1 ? offset[k]! : offset,
        ),
      );
      return np.concatenate(sums);
    },
    quantize: (X) => quantizeComparisons(quantizer, X),
    evaluate: (codes) => summed(roots(), offset, codes),
    dequantize: ({ shape, data }) => ({ shape, data: data.map((sum) => sum * scale) }),
  };
}

/** Whether a value is a core on so many features, whose sums are exact in doubles. */
export function isTreesCore(value: unknown, features: number): value is TreesCore {
  if (!hasKeys(value, ['kind', 'start', 'trees']) || value.kind !== 'trees') return false;
  const { start, trees } = value;
  if (!isNumbers(start, null) || start.length === 0) return false;
  if (!isList(trees, null, Array.isArray)) return false;
  if (trees.length !== 1 && trees.length !== start.length) return false;
  const width = start.length / trees.length;
  const areTrees = trees.every(
    (own) => isList(own, null, (tree) => isImportedTree(tree, features, width)) && own.length > 0,
  );
  return areTrees && hasExactSums(value as unknown as TreesCore);
}

/** Whether sums of the integers stay below 2^52: not where leaves differ by less than a trillionth of themselves. */
export function hasExactSums(core: TreesCore): boolean {
  const { scale, offset } = gridOf(core, 'scores');
  const largest = core.trees.map((own) =>
    own.reduce(
      (sum, { value }) => sum + value.reduce((most, v) => Math.max(most, Math.abs(v)), 0),
      0,
    ),
  );
  return offset.every(
    (start, k) => Math.abs(start) + largest[k % largest.length]! / scale < 2 ** 52,
  );
}

function isImportedTree(value: unknown, features: number, width: number): boolean {
  if (!hasKeys(value, [...nodeKeys, 'missingLeft', 'value']) || !isNodes(value, features)) {
    return false;
  }
  const { length } = value.feature as readonly unknown[];
  return (
    isCount(width, 1) &&
    isList(value.missingLeft, length, (left) => typeof left === 'boolean') &&
    isNumbers(value.value, length * width)
  );
}

/** The grid of all leaves: that of boosters which learn here. */
function gridOf({ start, trees }: TreesCore, output: ClassifierOutput): LeafSums {
  const width = start.length / trees.length;
  const parts = start.map((score, k) => ({
    start: score,
    leaves: trees[Math.floor(k / width)]!.map(({ feature, value }) =>
      value.filter((_, i) => i % width === k % width && feature[Math.floor(i / width)]! < 0),
    ),
  }));
  return leafSums(parts, output);
}

/** The trees on answers to their tests, with what `leafValue` makes of each value of a leaf. */
function rootsOf(
  { start, trees }: TreesCore,
  quantizer: ComparisonQuantizer,
  leafValue: (value: number) => number,
): IntegerTree[][] {
  const width = start.length / trees.length;
  return trees.map((own) =>
    own.map((tree) =>
      integerTree(tree, quantizer, (leaf) =>
        tree.value.slice(leaf * width, (leaf + 1) * width).map(leafValue),
      ),
    ),
  );
}

/** rows x inputs -> rows x outputs. */
function summed(
  roots: readonly (readonly IntegerTree[])[],
  start: readonly number[],
  codes: Tensor,
): Tensor {
  const [rows, inputs] = codes.shape as [number, number];
  const outputs = start.length;
  const width = outputs / roots.length;
  const data = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    data.set(start, row * outputs);
    const code = (input: number): number => codes.data[row * inputs + input]!;
    roots.forEach((own, group) => {
      const first = row * outputs + group * width;
      for (const root of own) {
        leafOf(root, code).forEach((value, k) => {
          data[first + k]! += value;
        });
      }
    });
  }
  return { shape: [rows, outputs], data };
}
