/**
 * Growing a tree node by node, each by the best split of its own.
 */
import type { Random } from '../../lib/random.ts';
import {
  type BinnedRows,
  fillHistogram,
  type Gradients,
  subtractHistogram,
  sumsPerBin,
} from './binnedRows.ts';
import { bestSplit, leafValue, type Nodes, type Split, type SplitSettings } from './splits.ts';
import { addLeaf, emptyTree, type GrowingTree, makeSplit, partition } from './trees.ts';

/** Histograms that are not in use; a depth-first walk needs one for each level. */
export type HistogramPool = Float64Array[];

/** A node to be made of rows start..end - 1, and the bounds of its leaves. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly lower: number;
  readonly upper: number;
}

/** Grows a tree on the rows in `order`, which it puts into another order. */
export function growDepthwise(
  data: BinnedRows,
  gradients: Gradients,
  order: Int32Array,
  maxDepth: number,
  settings: SplitSettings,
  random: Random,
  pool: HistogramPool,
): GrowingTree {
  const tree = emptyTree(order);
  const scratch = new Int32Array(order.length);
  const newHistogram = (): Float64Array =>
    pool.pop() ?? new Float64Array(sumsPerBin * data.offsets[data.features]!);
  const isOpen = ({ start, end, depth }: Place): boolean =>
    depth < maxDepth && end - start >= 2 * settings.minSamplesLeaf;

  const grow = (place: Place, histogram: Float64Array | undefined): number => {
    const { start, end, depth, lower, upper } = place;
    const node = oneNode(gradients, order, place);
    const value = leafValue(node.first[0]!, node.second[0]!, lower, upper, settings);
    const id = addLeaf(tree, value, start, end);
    if (histogram === undefined) return id;
    const split = bestSplit(
      data,
      node,
      (feature) => ({ histogram, start: data.offsets[feature]! }),
      settings,
      random,
    );
    if (split === undefined) {
      pool.push(histogram);
      return id;
    }
    makeSplit(tree, id, split);
    const middle = partition(data, split, order, start, end, scratch);
    const bounds = childBounds(split, place, middle);
    const left = { start, end: middle, depth: depth + 1, ...bounds.left };
    const right = { start: middle, end, depth: depth + 1, ...bounds.right };
    const [forLeft, forRight] = histograms(histogram, left, right);
    tree.childrenLeft[id] = grow(left, forLeft);
    tree.childrenRight[id] = grow(right, forRight);
    return id;
  };

  /** Of the two sides, the smaller is summed up, and the other is what remains of their parent. */
  const histograms = (
    whole: Float64Array,
    left: Place,
    right: Place,
  ): [Float64Array | undefined, Float64Array | undefined] => {
    const [openLeft, openRight] = [isOpen(left), isOpen(right)];
    if (!openLeft && !openRight) {
      pool.push(whole);
      return [undefined, undefined];
    }
    const leftIsSmaller = left.end - left.start <= right.end - right.start;
    const smaller = leftIsSmaller ? left : right;
    const part = newHistogram();
    fillHistogram(part, data, gradients, order, smaller.start, smaller.end);
    subtractHistogram(whole, part);
    const [ofLeft, ofRight] = leftIsSmaller ? [part, whole] : [whole, part];
    if (!openLeft) pool.push(ofLeft);
    if (!openRight) pool.push(ofRight);
    return [openLeft ? ofLeft : undefined, openRight ? ofRight : undefined];
  };

  /** Where scores must not fall (or rise) with the feature, the middle between both sides is a bound of all below. */
  const childBounds = (
    { feature }: Split,
    { start, end, lower, upper }: Place,
    middle: number,
  ): Record<'left' | 'right', { readonly lower: number; readonly upper: number }> => {
    const monotonic = settings.monotonic[feature] ?? 0;
    if (monotonic === 0) return { left: { lower, upper }, right: { lower, upper } };
    const valueAt = (from: number, to: number): number => {
      const { first, second } = sumsOf(gradients, order, from, to);
      return leafValue(first, second, lower, upper, settings);
    };
    const between = (valueAt(start, middle) + valueAt(middle, end)) / 2;
    const below = { lower, upper: between };
    const above = { lower: between, upper };
    return monotonic > 0 ? { left: below, right: above } : { left: above, right: below };
  };

  const unbounded = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  const root = { start: 0, end: order.length, depth: 0, ...unbounded };
  if (!isOpen(root)) {
    grow(root, undefined);
    return tree;
  }
  const whole = newHistogram();
  fillHistogram(whole, data, gradients, order, 0, order.length);
  grow(root, whole);
  return tree;
}

function oneNode(
  gradients: Gradients,
  order: Int32Array,
  { start, end, lower, upper }: Place,
): Nodes {
  const { first, second } = sumsOf(gradients, order, start, end);
  return {
    count: 1,
    first: Float64Array.of(first),
    second: Float64Array.of(second),
    rows: Float64Array.of(end - start),
    lower: Float64Array.of(lower),
    upper: Float64Array.of(upper),
  };
}

function sumsOf(
  { first, second }: Gradients,
  order: Int32Array,
  start: number,
  end: number,
): { readonly first: number; readonly second: number } {
  let [a, b] = [0, 0];
  for (let i = start; i < end; i++) {
    const row = order[i]!;
    a += first[row]!;
    b += second[row]!;
  }
  return { first: a, second: b };
}
