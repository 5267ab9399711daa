/**
 * What a finished tree tells about itself.
 */
import type { Tree } from './grow.ts';

/** The number of splits on the longest way from the root to a leaf. */
export function depthOf(tree: Tree): number {
  return depths(tree).reduce((a, b) => Math.max(a, b));
}

/** Of each node, the number of splits above it. */
export function depths({ childrenLeft, childrenRight }: Tree): number[] {
  const depth = new Array<number>(childrenLeft.length).fill(0);
  childrenLeft.forEach((left, id) => {
    if (left < 0) return;
    depth[left] = depth[id]! + 1;
    depth[childrenRight[id]!] = depth[id]! + 1;
  });
  return depth;
}

/** The number of leaves. */
export function leafCount({ feature }: Tree): number {
  return feature.filter((column) => column < 0).length;
}

/** The leaf that a row of features, from `start` on, falls in. */
export function leafOfRow(tree: Tree, X: Float64Array, start: number): number {
  const { childrenLeft, childrenRight, feature, threshold } = tree;
  let id = 0;
  for (let column = feature[0]!; column >= 0; column = feature[id]!) {
    id = X[start + column]! <= threshold[id]! ? childrenLeft[id]! : childrenRight[id]!;
  }
  return id;
}

/**
 * The share of each feature in all that splits took from the impurity, the mean over the trees that were split; they sum to
 * 1, or are all 0.
 */
export function featureImportances(trees: readonly Tree[], features: number): number[] {
  const all = trees.map((tree) => shares(gains(tree, features)));
  return shares(all[0]!.map((_, feature) => all.reduce((sum, own) => sum + own[feature]!, 0)));
}

function gains(tree: Tree, features: number): number[] {
  const gain = new Array<number>(features).fill(0);
  const mass = (id: number): number => tree.weightedNNodeSamples[id]! * tree.impurity[id]!;
  tree.feature.forEach((feature, id) => {
    if (feature < 0) return;
    gain[feature]! += mass(id) - mass(tree.childrenLeft[id]!) - mass(tree.childrenRight[id]!);
  });
  return gain;
}

function shares(gain: readonly number[]): number[] {
  const total = gain.reduce((sum, own) => sum + own, 0);
  return gain.map((own) => (total > 0 ? own / total + 0 : 0));
}
