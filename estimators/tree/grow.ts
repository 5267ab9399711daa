/**
 * Growing a classification tree on binned data: the CART of Breiman, Friedman, Olshen and Stone (1984), with the rules
 * of scikit-learn's depth-first builder.
 */
import type { Random } from '../../lib/random.ts';
import { midpoint } from '../quantize/bins.ts';
import {
  type BinnedMatrix,
  emptyHistogram,
  fillHistogram,
  type Histogram,
  type Targets,
} from './histogram.ts';

/** How impure a node is: 1 - sum p^2, or -sum p log2 p. */
export type Criterion = 'gini' | 'entropy';

/** When to split, all as numbers of rows, levels and features. */
export interface GrowSettings {
  readonly criterion: Criterion;
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  readonly maxFeatures: number;
  readonly minImpurityDecrease: number;
}

/**
 * A tree as parallel arrays over its nodes, root first, each left subtree before the right one: scikit-learn's `tree_`.
 * Of leaves, children and feature are -1 and the threshold is 0.
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
  /** Share of each class in the node's weight, nodes x classes. */
  readonly value: readonly (readonly number[])[];
}

/** Impurities below this are none. */
const epsilon = Number.EPSILON;

/** Grows a tree; rows of weight 0 are left out. */
export function growTree(
  data: BinnedMatrix,
  targets: Targets,
  settings: GrowSettings,
  random: Random,
): Tree {
  const { indices, classes, sampleWeight } = targets;
  const tree = emptyTree();
  const histogram = emptyHistogram(data, classes);
  const impurityOf = settings.criterion === 'gini' ? gini : entropy;
  const all = Int32Array.from({ length: data.rows }, (_, row) => row);
  const root = all.filter((row) => sampleWeight[row]! > 0);
  const totalWeight = root.reduce((sum, row) => sum + sampleWeight[row]!, 0);
  // A stack of its own: chains of thousands of nodes would overflow that of recursion.
  const open: Open[] = [{ rows: root, depth: 0, parent: -1, left: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { rows, depth, parent, left } = next;
    const weights = new Float64Array(classes);
    for (const row of rows) weights[indices[row]!]! += sampleWeight[row]!;
    const weight = weights.reduce((sum, w) => sum + w, 0);
    const impurity = impurityOf(weights, weight);
    const id = addNode(tree, rows.length, weight, weights, impurity);
    if (parent >= 0) (left ? tree.childrenLeft : tree.childrenRight)[parent] = id;

    const { maxDepth, minSamplesSplit, minSamplesLeaf, minImpurityDecrease } = settings;
    const enough = rows.length >= Math.max(minSamplesSplit, 2 * minSamplesLeaf);
    if (depth >= maxDepth || !enough || impurity <= epsilon) continue;
    const split = bestSplit(data, targets, settings, random, rows, weights, histogram);
    if (split === undefined) continue;
    const gain = (weight * impurity - split.impurity) / totalWeight;
    if (gain + epsilon < minImpurityDecrease) continue;
    tree.feature[id] = split.feature;
    tree.threshold[id] = data.edges[split.feature]![split.bin]!;
    const column = data.bins.subarray(split.feature * data.rows, (split.feature + 1) * data.rows);
    const goesLeft = (row: number): boolean => column[row]! <= split.bin;
    const child = { depth: depth + 1, parent: id };
    open.push({ ...child, rows: rows.filter((row) => !goesLeft(row)), left: false });
    open.push({ ...child, rows: rows.filter(goesLeft), left: true });
  }
  return tree;
}

/** A node to be made: its rows and its place. */
interface Open {
  readonly rows: Int32Array;
  readonly depth: number;
  readonly parent: number;
  readonly left: boolean;
}

interface Split {
  readonly feature: number;
  /** Bins up to this one go left. */
  readonly bin: number;
  /** Weight times impurity, summed over both sides. */
  readonly impurity: number;
}

/**
 * The split of least impurity. Features are tried in random order, so that equal ones are chosen evenly; `maxFeatures` of
 * them, and more only while none of them could be split.
 */
function bestSplit(
  data: BinnedMatrix,
  targets: Targets,
  { criterion, minSamplesLeaf, maxFeatures }: GrowSettings,
  random: Random,
  rows: Int32Array,
  weights: Float64Array,
  histogram: Histogram,
): Split | undefined {
  const impurityOf = criterion === 'gini' ? gini : entropy;
  const order = random.shuffle(Int32Array.from({ length: data.features }, (_, f) => f));
  const { classes } = targets;
  const total = weights.reduce((sum, w) => sum + w, 0);
  const leftWeights = new Float64Array(classes);
  const rightWeights = new Float64Array(classes);
  let best: Split | undefined;
  let varying = 0;
  for (let tried = 0; tried < order.length; tried++) {
    if (tried >= maxFeatures && varying > 0) break;
    const feature = order[tried]!;
    fillHistogram(histogram, data, feature, rows, targets);
    const { counts, occupied } = histogram;
    if (occupied.length === 1) continue;
    varying += 1;
    leftWeights.fill(0);
    rightWeights.set(weights);
    let leftRows = 0;
    let leftWeight = 0;
    // A split between each occupied bin and the next one.
    for (let i = 0; i + 1 < occupied.length; i++) {
      const bin = occupied[i]!;
      leftRows += counts[bin]!;
      for (let c = 0; c < classes; c++) {
        const moved = histogram.weights[bin * classes + c]!;
        leftWeights[c]! += moved;
        rightWeights[c]! -= moved;
        leftWeight += moved;
      }
      if (leftRows < minSamplesLeaf) continue;
      if (rows.length - leftRows < minSamplesLeaf) break;
      const rightWeight = total - leftWeight;
      const impurity =
        leftWeight * impurityOf(leftWeights, leftWeight) +
        rightWeight * impurityOf(rightWeights, rightWeight);
      if (best === undefined || impurity < best.impurity) {
        best = { feature, bin: edgeBetween(data, feature, bin, occupied[i + 1]!), impurity };
      }
    }
  }
  return best;
}

/** Of the edges between two bins, empty ones between them, the nearest to the middle of the values on both sides. */
function edgeBetween(
  { edges, lows, highs }: BinnedMatrix,
  feature: number,
  left: number,
  right: number,
): number {
  const own = edges[feature]!;
  const middle = midpoint(highs[feature]![left]!, lows[feature]![right]!);
  let nearest = left;
  for (let bin = left + 1; bin < right; bin++) {
    if (Math.abs(own[bin]! - middle) < Math.abs(own[nearest]! - middle)) nearest = bin;
  }
  return nearest;
}

function gini(weights: Float64Array, total: number): number {
  let squares = 0;
  for (let c = 0; c < weights.length; c++) squares += weights[c]! * weights[c]!;
  return 1 - squares / (total * total);
}

function entropy(weights: Float64Array, total: number): number {
  let sum = 0;
  for (let c = 0; c < weights.length; c++) {
    const share = weights[c]! / total;
    if (share > 0) sum -= share * Math.log2(share);
  }
  return sum;
}

/** A tree while it grows. */
type Growing = { -readonly [Key in keyof Tree]: Tree[Key][number][] };

function emptyTree(): Growing {
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

/** Appends a leaf and returns its id; a split turns it into an inner node later. */
function addNode(
  tree: Growing,
  rows: number,
  weight: number,
  weights: Float64Array,
  impurity: number,
): number {
  tree.childrenLeft.push(-1);
  tree.childrenRight.push(-1);
  tree.feature.push(-1);
  tree.threshold.push(0);
  tree.impurity.push(Math.max(impurity, 0) + 0);
  tree.nNodeSamples.push(rows);
  tree.weightedNNodeSamples.push(weight);
  tree.value.push(Array.from(weights, (w) => w / weight));
  return tree.feature.length - 1;
}
