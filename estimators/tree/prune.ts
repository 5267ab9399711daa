/**
 * Minimal cost-complexity pruning: Breiman, Friedman, Olshen and Stone (1984), chapter 3.
 */
import type { Tree } from './grow.ts';

/**
 * The tree without its weakest links: while it does not exceed `alpha`, the inner node becomes a leaf whose removal of
 * splits costs the least, (R(node) - R(its leaves)) / (its leaves - 1), R being impurity x share of all weight.
 */
export function pruned(tree: Tree, alpha: number): Tree {
  if (alpha === 0) return tree;
  const { childrenLeft, childrenRight, impurity, weightedNNodeSamples } = tree;
  const total = weightedNNodeSamples[0]!;
  const risk = impurity.map((own, id) => (own * weightedNNodeSamples[id]!) / total);
  const cut = new Set<number>();
  for (;;) {
    // Children have larger numbers than their parents, so this order has them summed before.
    const leaves = new Array<number>(risk.length).fill(1);
    const below = [...risk];
    let weakest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let id = risk.length - 1; id >= 0; id--) {
      if (childrenLeft[id]! < 0 || cut.has(id)) continue;
      leaves[id] = leaves[childrenLeft[id]!]! + leaves[childrenRight[id]!]!;
      below[id] = below[childrenLeft[id]!]! + below[childrenRight[id]!]!;
    }
    for (const id of innerNodes(tree, cut)) {
      const own = (risk[id]! - below[id]!) / (leaves[id]! - 1);
      if (own >= least) continue;
      least = own;
      weakest = id;
    }
    if (weakest < 0 || least > alpha) return without(tree, cut);
    cut.add(weakest);
  }
}

/** Nodes that are still split, each before its children. */
function innerNodes({ childrenLeft, childrenRight }: Tree, cut: ReadonlySet<number>): number[] {
  const inner: number[] = [];
  const open = [0];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (childrenLeft[id]! < 0 || cut.has(id)) continue;
    inner.push(id);
    open.push(childrenRight[id]!, childrenLeft[id]!);
  }
  return inner;
}

/** The tree with some inner nodes as leaves, each left subtree before the right one. */
function without(tree: Tree, cut: ReadonlySet<number>): Tree {
  const kept: number[] = [];
  const open = [0];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    kept.push(id);
    if (tree.childrenLeft[id]! < 0 || cut.has(id)) continue;
    open.push(tree.childrenRight[id]!, tree.childrenLeft[id]!);
  }
  const place = new Map(kept.map((id, at) => [id, at]));
  const isLeaf = (id: number): boolean => tree.feature[id]! < 0 || cut.has(id);
  const pick = <T>(values: readonly T[]): T[] => kept.map((id) => values[id]!);
  const ofInner = (values: readonly number[], leaf: number): number[] =>
    kept.map((id) => (isLeaf(id) ? leaf : values[id]!));
  return {
    childrenLeft: ofInner(tree.childrenLeft, -1).map((id) => place.get(id) ?? -1),
    childrenRight: ofInner(tree.childrenRight, -1).map((id) => place.get(id) ?? -1),
    feature: ofInner(tree.feature, -1),
    threshold: ofInner(tree.threshold, 0),
    impurity: pick(tree.impurity),
    nNodeSamples: pick(tree.nNodeSamples),
    weightedNNodeSamples: pick(tree.weightedNNodeSamples),
    value: pick(tree.value),
  };
}
