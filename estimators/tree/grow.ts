/**
 * Growing a tree on binned data: the CART of Breiman, Friedman, Olshen and Stone (1984), with the rules of scikit-learn's
 * builders.
 */
import type { Random } from '../../lib/random.ts';
import { type Criterion, epsilon } from './criterion.ts';
import { type BinnedMatrix, columnOf, nodeRows, partition } from './histogram.ts';
import {
  type Bounds,
  findSplit,
  type Split,
  type SplitContext,
  type SplitLimits,
} from './split.ts';

/** When to split, all as numbers of rows, weights, levels, leaves and features; Infinity where there is no limit. */
export interface GrowSettings extends SplitLimits {
  readonly maxDepth: number;
  readonly maxLeafNodes: number;
  readonly minSamplesSplit: number;
  readonly minImpurityDecrease: number;
}

/**
 * A tree as parallel arrays over its nodes, root first, each before its children: scikit-learn's `tree_`. Without a limit
 * of leaves, each left subtree comes before the right one. Of leaves, children and feature are -1 and the threshold is 0.
 */
export interface Tree {
  readonly childrenLeft: readonly number[];
  readonly childrenRight: readonly number[];
  /** A row goes left where X[feature] <= threshold. */
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly impurity: readonly number[];
  readonly nNodeSamples: readonly number[];
  readonly weightedNNodeSamples: readonly number[];
  /** Nodes x outputs: the share of each class in the node's weight, or the value of each output. */
  readonly value: readonly (readonly number[])[];
}

/** Grows a tree on `rows`, all of weight above 0, and by `features`; the order of neither is kept. */
export function growTree(
  data: BinnedMatrix,
  criterion: Criterion,
  rows: Int32Array,
  settings: GrowSettings,
  random: Random,
  features: Int32Array = Int32Array.from({ length: data.features }, (_, feature) => feature),
): Tree {
  const node = nodeRows(rows, data);
  const context = { data, criterion, limits: settings, random, node, features };
  const growing = { tree: emptyTree(), settings, context, totalWeight: 0 };
  const root = {
    start: 0,
    end: rows.length,
    depth: 0,
    parent: -1,
    left: false,
    lower: Number.NEGATIVE_INFINITY,
    upper: Number.POSITIVE_INFINITY,
  };
  if (settings.maxLeafNodes < Number.POSITIVE_INFINITY) growByGain(growing, root);
  else growByDepth(growing, root);
  return growing.tree;
}

/** A tree while it grows. */
interface Growing {
  readonly tree: { -readonly [Key in keyof Tree]: Tree[Key][number][] };
  readonly settings: GrowSettings;
  readonly context: SplitContext;
  /** The weight of the root. */
  totalWeight: number;
}

/** A node to be made: its rows, its place and its bounds. */
interface Place extends Bounds {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly parent: number;
  readonly left: boolean;
}

/** A node that can be split. */
interface Splittable extends Place {
  readonly id: number;
  readonly split: Split;
}

/** A stack of its own: chains of thousands of nodes would overflow that of recursion. */
function growByDepth(growing: Growing, root: Place): void {
  const open = [root];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const node = addNode(growing, place);
    if (node === undefined) continue;
    const [left, right] = splitNode(growing, node);
    open.push(right, left);
  }
}

/** The split of the largest gain first, until there are as many leaves as are allowed. */
function growByGain(growing: Growing, root: Place): void {
  const open: Splittable[] = [];
  const add = (place: Place): void => {
    const node = addNode(growing, place);
    if (node !== undefined) open.push(node);
  };
  add(root);
  for (let leaves = 1; leaves < growing.settings.maxLeafNodes && open.length > 0; leaves++) {
    const gains = open.map(({ split }) => split.gain);
    const most = gains.reduce((a, b) => Math.max(a, b));
    const [best] = open.splice(gains.indexOf(most), 1);
    for (const place of splitNode(growing, best!)) add(place);
  }
}

/** Appends a node, a leaf until it is split, and finds its split where it may have one. */
function addNode(growing: Growing, place: Place): Splittable | undefined {
  const { tree, settings, context } = growing;
  const { start, end, depth, parent, left } = place;
  const { weight, impurity, value } = context.criterion.start(context.node.rows, start, end);
  const id = tree.feature.length;
  if (parent < 0) growing.totalWeight = weight;
  else (left ? tree.childrenLeft : tree.childrenRight)[parent] = id;
  tree.childrenLeft.push(-1);
  tree.childrenRight.push(-1);
  tree.feature.push(-1);
  tree.threshold.push(0);
  tree.impurity.push(impurity);
  tree.nNodeSamples.push(end - start);
  tree.weightedNNodeSamples.push(weight);
  tree.value.push(value);

  const enough = end - start >= Math.max(settings.minSamplesSplit, 2 * settings.minSamplesLeaf);
  if (depth >= settings.maxDepth || !enough || weight < 2 * settings.minWeightLeaf) return;
  if (impurity <= epsilon) return;
  const split = findSplit(context, start, end, weight * impurity, place);
  if (split === undefined) return;
  const decrease = context.criterion.absoluteGain ? split.gain : split.gain / growing.totalWeight;
  if (decrease + epsilon < settings.minImpurityDecrease) return;
  return { ...place, id, split };
}

/** Makes an inner node of a leaf, and returns the places of its children. */
function splitNode({ tree, context }: Growing, node: Splittable): [left: Place, right: Place] {
  const { id, start, end, split } = node;
  const { data, node: rows, limits } = context;
  const { feature, bin } = split;
  tree.feature[id] = feature;
  tree.threshold[id] = data.edges[feature]![bin]!;
  const middle = partition(rows, columnOf(data, feature), bin, start, end);
  rows.rows.set(rows.sorted.subarray(start, end), start);
  const child = { depth: node.depth + 1, parent: id };
  const [onLeft, onRight] = childBounds(node, split, limits.monotonic[feature] ?? 0);
  return [
    { ...child, ...onLeft, start, end: middle, left: true },
    { ...child, ...onRight, start: middle, end, left: false },
  ];
}

/** Values on both sides of a constrained split stay on their side of its middle, whatever follows. */
function childBounds(
  { lower, upper }: Bounds,
  { middle }: Split,
  rising: number,
): [left: Bounds, right: Bounds] {
  const lesser = { lower, upper: rising === 0 ? upper : middle };
  const greater = { lower: rising === 0 ? lower : middle, upper };
  return rising < 0 ? [greater, lesser] : [lesser, greater];
}

function emptyTree(): Growing['tree'] {
  return {
    childrenLeft: [],
    childrenRight: [],
    feature: [],
    threshold: [],
    impurity: [],
    nNodeSamples: [],
    weightedNNodeSamples: [],
    value: [],
  };
}
