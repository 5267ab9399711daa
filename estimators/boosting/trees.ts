/**
 * Boosted trees as data, and the way of rows through them.
 */
import type { BinnedRows } from './binnedRows.ts';
import type { Split } from './splits.ts';

/** A tree as parallel arrays over its nodes, root first, each before its children. */
export interface BoostedTree {
  /** -1 of leaves, as `childrenRight` and `feature`. */
  readonly childrenLeft: readonly number[];
  readonly childrenRight: readonly number[];
  readonly feature: readonly number[];
  /** A row goes left where X[feature] <= threshold; 0 of leaves. */
  readonly threshold: readonly number[];
  /** Whether a row goes left where X[feature] is missing. */
  readonly missingLeft: readonly boolean[];
  /** What a leaf adds to the score, the learning rate included; 0 of splits. */
  readonly value: readonly number[];
  /** What a split took from the loss, to second order; 0 of leaves. */
  readonly gain: readonly number[];
}

/** A tree while it grows: its nodes, and the rows of each leaf among `order`. */
export interface GrowingTree {
  readonly childrenLeft: number[];
  readonly childrenRight: number[];
  readonly feature: number[];
  /** The last bin on the left side. */
  readonly bin: number[];
  readonly missingLeft: boolean[];
  readonly value: number[];
  readonly gain: number[];
  /** Rows of the tree, those of a leaf side by side. */
  readonly order: Int32Array;
  /** Of each leaf, where its rows start in `order` and where they end. */
  readonly start: number[];
  readonly end: number[];
}

/** A tree without nodes on these rows; `order` is put into another order while the tree grows. */
export function emptyTree(order: Int32Array): GrowingTree {
  return {
    childrenLeft: [],
    childrenRight: [],
    feature: [],
    bin: [],
    missingLeft: [],
    value: [],
    gain: [],
    order,
    start: [],
    end: [],
  };
}

/** Appends a leaf and returns its number. */
export function addLeaf(tree: GrowingTree, value: number, start: number, end: number): number {
  tree.childrenLeft.push(-1);
  tree.childrenRight.push(-1);
  tree.feature.push(-1);
  tree.bin.push(0);
  tree.missingLeft.push(false);
  tree.value.push(value);
  tree.gain.push(0);
  tree.start.push(start);
  tree.end.push(end);
  return tree.feature.length - 1;
}

/** Makes a leaf a split; its children are told when they are there. */
export function makeSplit(tree: GrowingTree, node: number, split: Split): void {
  tree.feature[node] = split.feature;
  tree.bin[node] = split.bin;
  tree.missingLeft[node] = split.missingLeft;
  tree.gain[node] = split.gain;
  tree.value[node] = 0;
}

/** Puts the rows that go left before those that go right, each in the order that they had; where the right ones start. */
export function partition(
  { rows, bins, edges }: BinnedRows,
  { feature, bin, missingLeft }: Omit<Split, 'gain'>,
  order: Int32Array,
  start: number,
  end: number,
  scratch: Int32Array,
): number {
  const column = feature * rows;
  const missing = edges[feature]!.length + 1;
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = order[i]!;
    const own = bins[column + row]!;
    if (own === missing ? missingLeft : own <= bin) order[left++] = row;
    else scratch[right++] = row;
  }
  order.set(scratch.subarray(0, right), left);
  return left;
}

/** Adds the leaves of all rows, those that the tree has not grown on included, times `rate`, to their scores. */
export function addLeaves(
  tree: GrowingTree,
  { rows, bins, edges }: BinnedRows,
  rate: number,
  scores: Float64Array,
): void {
  const { feature, bin, missingLeft, childrenLeft, childrenRight, value } = tree;
  for (let row = 0; row < rows; row++) {
    let node = 0;
    for (let own = feature[0]!; own >= 0; own = feature[node]!) {
      const at = bins[own * rows + row]!;
      const left = at === edges[own]!.length + 1 ? missingLeft[node]! : at <= bin[node]!;
      node = (left ? childrenLeft : childrenRight)[node]!;
    }
    scores[row]! += rate * value[node]!;
  }
}

/** The finished tree, with thresholds in the place of bins and leaves times `rate`. */
export function finishedTree(tree: GrowingTree, { edges }: BinnedRows, rate: number): BoostedTree {
  const { childrenLeft, childrenRight, feature, bin, missingLeft, value, gain } = tree;
  return {
    childrenLeft,
    childrenRight,
    feature,
    // Behind the last edge are all values: JSON has no infinity, and no number is larger than this.
    threshold: feature.map((own, node) =>
      own < 0 ? 0 : (edges[own]![bin[node]!] ?? Number.MAX_VALUE),
    ),
    missingLeft,
    // Adding 0 makes -0 the 0 that JSON would make of it.
    value: value.map((leaf) => rate * leaf + 0),
    gain,
  };
}
