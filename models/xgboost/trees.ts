/**
 * The trees of XGBoost's JSON.
 */
import { error } from '../../lib/errors.ts';
import type { ImportedTree } from '../imported/trees.ts';
import type { DerivedColumns } from '../trees/derived.ts';
import { checkedFeature } from '../trees/features.ts';
import type { JsonObject } from '../trees/json.ts';
import { orderedTree } from '../trees/order.ts';
import { lastBelow } from '../trees/thresholds.ts';

/**
 * A tree whose leaves are multiplied by `weight`. A row goes left where its value in single precision is below the
 * threshold, or its category is not in the node's set.
 *
 * @throws BAD_MODEL
 */
export function xgboostTree(
  tree: JsonObject,
  what: string,
  features: number,
  weight: number,
  derived: DerivedColumns,
): ImportedTree {
  const left = tree.list('left_children');
  const nodes = left.length;
  const right = tree.list('right_children', nodes);
  const feature = tree.integers('split_indices', 0, nodes);
  const condition = tree.list('split_conditions', nodes);
  const missingLeft = tree.list('default_left', nodes).map(Boolean);
  const types = tree.has('split_type') ? tree.integers('split_type', 0, nodes) : [];
  const categories = types.includes(1) ? categoriesOf(tree) : new Map<number, number[]>();
  const conditionOf = (id: number): number => {
    const value = condition[id];
    if (Number.isFinite(value)) return value as number;
    throw error('BAD_MODEL', {
      what: `${what}, node ${id}`,
      given: value,
      allowed: 'a finite number',
    });
  };
  return orderedTree(what, 0, nodes, 1, (id) => {
    if (left[id] === -1) return { value: [weight * Math.fround(conditionOf(id))] };
    const own = checkedFeature(what, feature[id]!, features);
    const children = {
      missingLeft: missingLeft[id]!,
      left: left[id] as number,
      right: right[id] as number,
    };
    if (types[id] !== 1)
      return { feature: own, threshold: lastBelow(conditionOf(id)), ...children };
    const set = categories.get(id);
    if (set !== undefined)
      return { feature: derived.member(own, set, 0), threshold: 0.5, ...children };
    const details = { given: 'none', allowed: 'categories of a split by categories' };
    throw error('BAD_MODEL', { what: `${what}, node ${id}`, ...details });
  });
}

/** Of nodes that split by categories, the set of those that go right. */
function categoriesOf(tree: JsonObject): Map<number, readonly number[]> {
  const ids = tree.integers('categories_nodes', 0);
  const starts = tree.integers('categories_segments', 0, ids.length);
  const sizes = tree.integers('categories_sizes', 0, ids.length);
  const all = tree.integers('categories', 0);
  return new Map(ids.map((id, i) => [id, all.slice(starts[i]!, starts[i]! + sizes[i]!)]));
}
