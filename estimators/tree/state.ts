/**
 * Tests of trees that come from JSON: that each node is reached on one way from the root, and that nothing else is in them.
 */

import { comparisonQuantizer } from '../quantize/comparisons.ts';
import { hasKeys, isCount, isList, isNumber, isNumbers, isSame, type StateTest } from '../state.ts';
import type { Tree } from './grow.ts';
import type { TreeNodes } from './program.ts';

/** Whether a value is a tree on so many features, each node of which holds a value that passes. */
export function isTree(
  value: unknown,
  features: number,
  passes: (own: unknown) => boolean,
): value is Tree {
  const keys = ['impurity', 'nNodeSamples', 'weightedNNodeSamples', 'value'] as const;
  if (!hasKeys(value, [...nodeKeys, ...keys]) || !isNodes(value, features)) return false;
  const nodes = (value.feature as readonly unknown[]).length;
  return (
    isNumbers(value.impurity, nodes) &&
    isList(value.nNodeSamples, nodes, (count) => isCount(count, 1)) &&
    isNumbers(value.weightedNNodeSamples, nodes) &&
    isList(value.value, nodes, passes)
  );
}

/** The same of one tree or more. */
export function isTrees(
  value: unknown,
  features: number,
  passes: (own: unknown) => boolean,
): value is Tree[] {
  return isList(value, null, (tree) => isTree(tree, features, passes)) && value.length > 0;
}

/** The entries of `TreeNodes`. */
export const nodeKeys: readonly (keyof TreeNodes)[] = [
  'childrenLeft',
  'childrenRight',
  'feature',
  'threshold',
];

/**
 * Whether these are nodes of one tree: all but the root are the child of one node before them. So every way from the root
 * ends, and there are no more ways than nodes.
 */
export function isNodes(
  { childrenLeft, childrenRight, feature, threshold }: Record<keyof TreeNodes, unknown>,
  features: number,
): boolean {
  if (!isList(feature, null, (own) => own === -1 || isCount(own)) || feature.length === 0) {
    return false;
  }
  const nodes = feature.length;
  const isLeaf = (node: number): boolean => feature[node] === -1;
  const reached = new Set<unknown>();
  const isChild = (child: unknown, node: number): boolean => {
    if (isLeaf(node)) return child === -1;
    if (!isCount(child, node + 1) || child >= nodes || reached.has(child)) return false;
    reached.add(child);
    return true;
  };
  return (
    feature.every((own) => Number(own) < features) &&
    isNumbers(threshold, nodes) &&
    isList(childrenLeft, nodes, isChild) &&
    isList(childrenRight, nodes, isChild) &&
    reached.size === nodes - 1
  );
}

/** Whether a value are the shares of classes in a leaf. */
export function isShares(value: unknown, classes: number): boolean {
  if (!isList(value, classes, (share) => isNumber(share) && share >= 0)) return false;
  const sum = (value as number[]).reduce((a, b) => a + b, 0);
  return Math.abs(sum - 1) < 1e-6;
}

/** The test of the quantizer of one tree or more. */
export function isQuantizerOf<S>(treesOf: (state: S) => readonly Tree[]): StateTest<S> {
  return (value, state) => isSame(value, comparisonQuantizer(treesOf(state)));
}

/** Any number of finite numbers; those of a model that has taken over a map are of the features after it. */
export const isImportances = (value: unknown): boolean => isNumbers(value, null);
