/**
 * The trees of LightGBM's text.
 */
import { error } from '../../lib/errors.ts';
import type { ImportedTree } from '../imported/trees.ts';
import type { DerivedColumns } from '../trees/derived.ts';
import { checkedFeature } from '../trees/features.ts';
import { type FileNode, orderedTree } from '../trees/order.ts';
import type { TextBlock } from './text.ts';

/** Values within so much of 0 are missing where a split says that zeros are. */
const zeroThreshold = Math.fround(1e-35);

/** Categories are integer parts of values above -1; those below it are in no set. */
const leastCategory = -1 + 2 ** -53;

/** The most leaves that LightGBM grows. */
const mostLeaves = 131_072;

/**
 * A tree whose leaves are multiplied by `weight`. Splits are numbered from 0, leaves by -1, -2, ... A value goes left where
 * it is at most the threshold, or its category is in the node's set; what is missing goes as the split says.
 *
 * @throws BAD_MODEL
 */
export function lightgbmTree(
  tree: TextBlock,
  features: number,
  weight: number,
  derived: DerivedColumns,
): ImportedTree {
  const leaves = tree.count('num_leaves', 1, mostLeaves);
  const value = tree.numbers('leaf_value', leaves);
  const splits = leaves - 1;
  const leaf = (number: number): FileNode => ({ value: [weight * value[number]!] });
  if (splits === 0) return orderedTree(tree.what, 0, 1, 1, () => leaf(0));
  const left = tree.integers('left_child', splits);
  const right = tree.integers('right_child', splits);
  const feature = tree.integers('split_feature', splits);
  const type = tree.integers('decision_type', splits);
  const threshold = tree.numbers('threshold', splits);
  const sets = categorySets(tree);
  // Leaves get the numbers behind those of splits.
  const numbered = (child: number): number => (child < 0 ? splits - 1 - child : child);
  return orderedTree(tree.what, 0, splits + leaves, 1, (id) => {
    if (id >= splits) return leaf(id - splits);
    const own = checkedFeature(tree.what, feature[id]!, features);
    const [low, high] = [numbered(left[id]!), numbered(right[id]!)];
    if ((type[id]! & 1) === 1) {
      const column = derived.member(own, setOf(tree, sets, threshold[id]!), leastCategory);
      // The column is 1 for what goes left.
      return { feature: column, threshold: 0.5, missingLeft: true, left: high, right: low };
    }
    return { ...numeric(own, type[id]!, threshold[id]!, derived), left: low, right: high };
  });
}

/** A split by a threshold: bit 1 of its type says where missing values go, bits 2 and 3 which ones are missing. */
function numeric(
  feature: number,
  type: number,
  threshold: number,
  derived: DerivedColumns,
): { readonly feature: number; readonly threshold: number; readonly missingLeft: boolean } {
  const goesLeft = (type & 2) === 2;
  switch ((type >> 2) & 3) {
    case 0:
      // Nothing is: NaN counts as 0.
      return { feature, threshold, missingLeft: 0 <= threshold };
    case 1:
      return {
        feature: derived.forgetting(feature, zeroThreshold),
        threshold,
        missingLeft: goesLeft,
      };
    default:
      return { feature, threshold, missingLeft: goesLeft };
  }
}

/** The sets of categories of a tree, each as bits of words of 32. */
function categorySets(tree: TextBlock): number[][] {
  const count = tree.has('num_cat') ? tree.count('num_cat', 0, mostLeaves) : 0;
  if (count === 0) return [];
  const bounds = tree.integers('cat_boundaries', count + 1);
  const words = tree.integers('cat_threshold', bounds.at(-1)!);
  return Array.from({ length: count }, (_, set) =>
    words
      .slice(bounds[set], bounds[set + 1])
      .flatMap((word, w) =>
        Array.from({ length: 32 }, (__, bit) => 32 * w + bit).filter(
          (category) => Math.floor(word / 2 ** (category % 32)) % 2 === 1,
        ),
      ),
  );
}

function setOf(tree: TextBlock, sets: readonly number[][], number: number): number[] {
  const set = sets[number];
  if (set !== undefined) return set;
  const allowed = `sets below ${sets.length}`;
  throw error('BAD_MODEL', { what: `${tree.what}: threshold`, given: number, allowed });
}
