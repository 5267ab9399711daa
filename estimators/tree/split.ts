/**
 * The split of a node.
 */
import type { Random } from '../../lib/random.ts';
import { midpoint } from '../quantize/bins.ts';
import type { Criterion } from './criterion.ts';
import {
  type BinnedMatrix,
  binSpan,
  columnOf,
  type NodeRows,
  partition,
  sortRows,
} from './histogram.ts';

/** Of each feature: 1 where values may only rise with it, -1 where they may only fall, 0 where they may do both. */
export type Monotonic = readonly (-1 | 0 | 1)[];

/** A split of a node's rows: bins of `feature` up to `bin` go left. */
export interface Split {
  readonly feature: number;
  readonly bin: number;
  /** What it takes from weight x impurity. */
  readonly gain: number;
  /** Midway between what both sides would predict, where constraints need it; else 0. */
  readonly middle: number;
}

/** What every value below a node must lie between, inclusive. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** What both sides of a split need, and how many features it may choose from. */
export interface SplitLimits {
  /** 'best': the threshold that gains the most, 'random': one drawn evenly between the least and the greatest value. */
  readonly splitter: 'best' | 'random';
  readonly minSamplesLeaf: number;
  readonly minWeightLeaf: number;
  readonly maxFeatures: number;
  /** One for each feature, or none at all. */
  readonly monotonic: Monotonic;
}

/** Everything about a tree while it grows that a split is chosen by. */
export interface SplitContext {
  readonly data: BinnedMatrix;
  readonly criterion: Criterion;
  readonly limits: SplitLimits;
  readonly random: Random;
  readonly node: NodeRows;
  /** The features to choose from, in any order. */
  readonly features: Int32Array;
}

/** A gain must exceed another by as large a share of the node's weight x impurity: less is rounding. */
const relevant = 1e-12;

/**
 * The best split of rows `start` to `end`, which the criterion has started with; undefined where there is none. `mass` is
 * their weight x impurity.
 *
 * Features are tried in random order, so that equal ones are chosen evenly: `maxFeatures` of them, and more only while none
 * of them varies.
 */
export function findSplit(
  context: SplitContext,
  start: number,
  end: number,
  mass: number,
  bounds: Bounds,
): Split | undefined {
  const { data, criterion, limits, random, node, features } = context;
  const tryFeature = limits.splitter === 'best' ? bestThreshold : randomThreshold;
  let best = none;
  let varying = 0;
  for (let tried = 0; tried < features.length; tried++) {
    if (tried >= limits.maxFeatures && varying > 0) break;
    const drawn = tried + random.integer(features.length - tried);
    const feature = features[drawn]!;
    features[drawn] = features[tried]!;
    features[tried] = feature;
    const column = columnOf(data, feature);
    const span = binSpan(node, column, start, end);
    if (span.low === span.high) continue;
    varying += 1;
    criterion.restart();
    const split = tryFeature(
      context,
      feature,
      column,
      { start, end, ...span, ...bounds },
      relevant * mass,
    );
    if (split.gain > best.gain + relevant * mass) best = split;
  }
  return best.feature < 0 ? undefined : best;
}

/** What is better than no split: any. */
const none: Split = { feature: -1, bin: -1, gain: Number.NEGATIVE_INFINITY, middle: 0 };

/** The rows of a node, the span of their bins in one feature, and the bounds of its values. */
interface Span extends Bounds {
  readonly start: number;
  readonly end: number;
  readonly low: number;
  readonly high: number;
}

/** The best split of one feature, or `none`; gains that differ by less than `least` count as equal. */
type TryFeature = (
  context: SplitContext,
  feature: number,
  column: Uint16Array,
  span: Span,
  least: number,
) => Split;

const bestThreshold: TryFeature = (context, feature, column, span, least) => {
  const { data, criterion, limits, node } = context;
  const { minSamplesLeaf, minWeightLeaf } = limits;
  const { sorted } = node;
  const { start, end } = span;
  sortRows(node, column, start, end, span);
  const weight = criterion.weight();
  let best = none;
  let moved = start;
  for (let i = start + 1; i < end; i++) {
    const bin = column[sorted[i - 1]!]!;
    const next = column[sorted[i]!]!;
    if (bin === next || i - start < minSamplesLeaf) continue;
    if (end - i < minSamplesLeaf) break;
    criterion.move(sorted, moved, i);
    moved = i;
    const leftWeight = criterion.leftWeight();
    if (leftWeight < minWeightLeaf || weight - leftWeight < minWeightLeaf) continue;
    const gain = criterion.gain();
    if (gain <= best.gain + least) continue;
    const middle = allowedMiddle(context, feature, span);
    if (middle === undefined) continue;
    best = { feature, bin: edgeBetween(data, feature, bin, next), gain, middle };
  }
  return best;
};

const randomThreshold: TryFeature = (context, feature, column, span) => {
  const { data, criterion, limits, random, node } = context;
  const { start, end, low, high } = span;
  const share = random();
  const drawn = data.lows[feature]![low]! * (1 - share) + data.highs[feature]![high]! * share;
  const bin = nearestEdge(data.edges[feature]!, low, high, drawn);
  const middle = partition(node, column, bin, start, end);
  const { minSamplesLeaf, minWeightLeaf } = limits;
  if (middle - start < minSamplesLeaf || end - middle < minSamplesLeaf) return none;
  criterion.move(node.sorted, start, middle);
  const leftWeight = criterion.leftWeight();
  if (leftWeight < minWeightLeaf || criterion.weight() - leftWeight < minWeightLeaf) return none;
  const allowed = allowedMiddle(context, feature, span);
  if (allowed === undefined) return none;
  return { feature, bin, gain: criterion.gain(), middle: allowed };
};

/** The `middle` of the split that the criterion has come to; undefined where constraints do not allow it. */
function allowedMiddle(
  { criterion, limits: { monotonic } }: SplitContext,
  feature: number,
  { lower, upper }: Bounds,
): number | undefined {
  if (monotonic.length === 0) return 0;
  const [left, right] = criterion.sides();
  const inside = Math.min(left, right) >= lower && Math.max(left, right) <= upper;
  const rising = monotonic[feature]!;
  if (!inside || (rising > 0 && left > right) || (rising < 0 && left < right)) return undefined;
  return left / 2 + right / 2;
}

/** Between two bins, of the edges with nothing but empty bins between them, the nearest to the middle of the values. */
function edgeBetween(
  { edges, lows, highs }: BinnedMatrix,
  feature: number,
  left: number,
  right: number,
): number {
  const middle = midpoint(highs[feature]![left]!, lows[feature]![right]!);
  return nearestEdge(edges[feature]!, left, right, middle);
}

/** Of the edges `from` to `to` (exclusive), the nearest to a value. */
function nearestEdge(edges: Float64Array, from: number, to: number, value: number): number {
  let nearest = from;
  for (let i = from + 1; i < to; i++) {
    if (Math.abs(edges[i]! - value) < Math.abs(edges[nearest]! - value)) nearest = i;
  }
  return nearest;
}
