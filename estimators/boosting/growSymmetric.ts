/**
 * Growing an oblivious tree level by level: all nodes of a level have one and the same test (Prokhorenkova and others,
 * "CatBoost", 2018).
 */
import type { Random } from '../../lib/random.ts';
import { type BinnedRows, fillNodeHistograms, type Gradients, sumsPerBin } from './binnedRows.ts';
import {
  bestSplit,
  gainOfNode,
  leafValue,
  type Nodes,
  type Split,
  type SplitSettings,
} from './splits.ts';
import { addLeaf, emptyTree, type GrowingTree, makeSplit, partition } from './trees.ts';

/** A node of the level at hand. */
interface Node {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Grows a tree on the rows in `order`, which it puts into another order. A level takes the test that gains most over all of
 * its nodes; a node that gains nothing by it, or may not be split so, stays as it is until a later level.
 */
export function growSymmetric(
  data: BinnedRows,
  gradients: Gradients,
  order: Int32Array,
  maxDepth: number,
  settings: SplitSettings,
  random: Random,
): GrowingTree {
  const tree = emptyTree(order);
  const scratch = new Int32Array(order.length);
  const nodeOf = new Int32Array(data.rows);
  const widest = data.edges.reduce((most, { length }) => Math.max(most, length + 2), 0);
  let histogram = new Float64Array(0);
  let level: Node[] = [
    {
      id: addLeaf(tree, 0, 0, order.length),
      start: 0,
      end: order.length,
      lower: Number.NEGATIVE_INFINITY,
      upper: Number.POSITIVE_INFINITY,
    },
  ];
  for (let depth = 0; ; depth++) {
    const nodes = columnsOf(gradients, order, level);
    level.forEach(({ id, lower, upper }, n) => {
      tree.value[id] = leafValue(nodes.first[n]!, nodes.second[n]!, lower, upper, settings);
    });
    if (depth === maxDepth) return tree;
    const size = sumsPerBin * widest * level.length;
    if (histogram.length < size) histogram = new Float64Array(size);
    level.forEach(({ start, end }, n) => {
      for (let i = start; i < end; i++) nodeOf[order[i]!] = n;
    });
    const histogramOf = (feature: number) => {
      fillNodeHistograms(histogram, data, feature, gradients, order, nodeOf, level.length);
      return { histogram, start: 0 };
    };
    const split = bestSplit(data, nodes, histogramOf, settings, random);
    if (split === undefined) return tree;
    level = level.flatMap((node, n) => divided(node, n, nodes, split));
  }

  /** The two sides of a node, or the node itself where the split gains nothing. */
  function divided(node: Node, n: number, nodes: Nodes, split: Split): Node[] {
    const { id, start, end, lower, upper } = node;
    const middle = partition(data, split, order, start, end, scratch);
    const { first, second } = columnsOf(gradients, order, [{ ...node, end: middle }]);
    const monotonic = settings.monotonic[split.feature] ?? 0;
    const rows = middle - start;
    const gain = gainOfNode(nodes, n, first[0]!, second[0]!, rows, settings, monotonic);
    if (gain === 0) return [node];
    const valueAt = (g: number, h: number): number => leafValue(g, h, lower, upper, settings);
    const between =
      (valueAt(first[0]!, second[0]!) +
        valueAt(nodes.first[n]! - first[0]!, nodes.second[n]! - second[0]!)) /
      2;
    makeSplit(tree, id, { ...split, gain });
    const child = (from: number, to: number, isBelow: boolean): Node => ({
      id: addLeaf(tree, 0, from, to),
      start: from,
      end: to,
      lower: monotonic !== 0 && !isBelow ? between : lower,
      upper: monotonic !== 0 && isBelow ? between : upper,
    });
    const left = child(start, middle, monotonic > 0);
    const right = child(middle, end, monotonic < 0);
    tree.childrenLeft[id] = left.id;
    tree.childrenRight[id] = right.id;
    return [left, right];
  }
}

function columnsOf({ first, second }: Gradients, order: Int32Array, level: readonly Node[]): Nodes {
  const count = level.length;
  const nodes = {
    count,
    first: new Float64Array(count),
    second: new Float64Array(count),
    rows: Float64Array.from(level, ({ start, end }) => end - start),
    lower: Float64Array.from(level, ({ lower }) => lower),
    upper: Float64Array.from(level, ({ upper }) => upper),
  };
  level.forEach(({ start, end }, n) => {
    for (let i = start; i < end; i++) {
      nodes.first[n]! += first[order[i]!]!;
      nodes.second[n]! += second[order[i]!]!;
    }
  });
  return nodes;
}
