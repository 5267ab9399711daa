/**
 * The trees of CatBoost's JSON.
 */
import { error } from '../../lib/errors.ts';
import type { ImportedTree } from '../imported/trees.ts';
import type { JsonObject } from '../trees/json.ts';
import { type FileNode, orderedTree } from '../trees/order.ts';
import { lastAtMost } from '../trees/thresholds.ts';

/** The deepest symmetric trees that CatBoost grows. */
const mostDepth = 16;

/** A numeric feature: its column, and where its missing values go. */
export interface FloatFeature {
  readonly column: number;
  readonly missingLeft: boolean;
}

/** What trees split by, and what their leaves become. */
export interface TreeSettings {
  readonly features: ReadonlyMap<number, FloatFeature>;
  readonly outputs: number;
  readonly scale: number;
}

/** Whether a split is one of a numeric feature; else the words for what it is. */
export function unsupportedSplit(split: JsonObject): string | null {
  const type = split.has('split_type') ? split.text('split_type') : 'FloatFeature';
  return type === 'FloatFeature' ? null : `splits of type ${type}: categories, texts or embeddings`;
}

/**
 * A symmetric tree, all splits of a level of which are one test: a complete tree, which the compiler makes a table of its
 * tests. Bit i of a leaf's number says whether a value in single precision is above the border of split i.
 *
 * @throws BAD_MODEL
 */
export function symmetricTree(
  tree: JsonObject,
  what: string,
  settings: TreeSettings,
): ImportedTree {
  const splits = tree.has('splits') ? tree.objects('splits') : [];
  const depth = splits.length;
  if (depth > mostDepth) {
    const given = `${depth} splits`;
    throw error('BAD_MODEL', { what, given, allowed: `at most ${mostDepth}` });
  }
  const { outputs, scale } = settings;
  const leaves = 2 ** depth;
  const values = tree.numbers('leaf_values', leaves * outputs);
  // The first level tests the last split, so that the leaves stand in the order of their numbers.
  const tests = splits.map((split) => testOf(split, what, settings)).reverse();
  return orderedTree(what, 0, 2 * leaves - 1, outputs, (id) => {
    const level = Math.floor(Math.log2(id + 1));
    if (level < depth) return { ...tests[level]!, left: 2 * id + 1, right: 2 * id + 2 };
    const leaf = id - (leaves - 1);
    return { value: values.slice(leaf * outputs, (leaf + 1) * outputs).map((v) => v * scale) };
  });
}

/** A tree of nodes within nodes. @throws BAD_MODEL */
export function nestedTree(tree: JsonObject, what: string, settings: TreeSettings): ImportedTree {
  const nodes: JsonObject[] = [tree];
  const read = nodeReader(nodes, what, settings);
  // Nodes join the list when the split above them is read, so there is no number of them to begin with.
  return orderedTree(what, 0, Number.MAX_SAFE_INTEGER, settings.outputs, read);
}

function nodeReader(
  nodes: JsonObject[],
  what: string,
  settings: TreeSettings,
): (id: number) => FileNode {
  const { outputs, scale } = settings;
  return (id) => {
    const node = nodes[id]!;
    if (node.has('split')) {
      const left = nodes.push(node.object('left')) - 1;
      const right = nodes.push(node.object('right')) - 1;
      return { ...testOf(node.object('split'), what, settings), left, right };
    }
    const value = outputs === 1 ? [node.number('value')] : node.numbers('value', outputs);
    return { value: value.map((v) => v * scale) };
  };
}

/** Nodes of a nested tree that split. @throws BAD_MODEL */
export function nestedSplits(tree: JsonObject): JsonObject[] {
  const splits: JsonObject[] = [];
  const open = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!node.has('split')) continue;
    splits.push(node.object('split'));
    open.push(node.object('left'), node.object('right'));
  }
  return splits;
}

function testOf(
  split: JsonObject,
  what: string,
  { features }: TreeSettings,
): { readonly feature: number; readonly threshold: number; readonly missingLeft: boolean } {
  const number = split.count('float_feature_index', 0, Number.MAX_SAFE_INTEGER);
  const feature = features.get(number);
  if (feature === undefined) {
    throw error('BAD_MODEL', { what, given: `a split by float feature ${number}` });
  }
  const { column, missingLeft } = feature;
  return { feature: column, threshold: lastAtMost(split.number('border')), missingLeft };
}
