/**
 * Trees of features that a monotone map made.
 */
import type { FeatureMap } from '../featureMap.ts';
import { type ComparisonQuantizer, comparisonQuantizer } from '../quantize/comparisons.ts';
import { beforeMonotone } from '../quantize/fold.ts';
import type { Tree } from './grow.ts';

/** The learned state of one tree on the features before the map; null where thresholds cannot take it over. */
export function treeBefore<F extends { readonly tree: Tree }>(
  fitted: F,
  map: FeatureMap,
): F | null {
  const moved = movedTrees([fitted.tree], map);
  if (moved === null) return null;
  const { trees, ...state } = moved;
  return { ...fitted, ...state, tree: trees[0]! };
}

/** The same of several trees. */
export function forestBefore<F extends { readonly trees: readonly Tree[] }>(
  fitted: F,
  map: FeatureMap,
): F | null {
  const moved = movedTrees(fitted.trees, map);
  return moved && { ...fitted, ...moved };
}

function movedTrees(
  trees: readonly Tree[],
  map: FeatureMap,
): {
  readonly nFeaturesIn: number;
  readonly trees: readonly Tree[];
  readonly quantizer: ComparisonQuantizer;
} | null {
  if (map.kind !== 'monotone') return null;
  const moved: Tree[] = [];
  for (const tree of trees) {
    const splits = beforeMonotone(tree, map);
    if (splits === null) return null;
    moved.push({ ...tree, ...splits });
  }
  return { nFeaturesIn: map.inputs, trees: moved, quantizer: comparisonQuantizer(moved) };
}
