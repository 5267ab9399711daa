/**
 * The trees of tree ensembles, from the parallel lists of their nodes.
 */
import type { ImportedTree, TreesCore } from '../../imported/trees.ts';
import { treesCore } from '../../trees/assemble.ts';
import { type FileNode, orderedTree } from '../../trees/order.ts';
import { doubleBelow, lastAtMost, lastBelow } from '../../trees/thresholds.ts';
import { unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';

/** How a split compares: goes to its true branch where x is at most, below, at least or above its value. */
export type SplitMode = 'leq' | 'lt' | 'gte' | 'gt' | 'eq' | 'neq' | 'member';

/** A node with its children as positions in the list of all nodes. */
export type EnsembleNode =
  | { readonly mode: 'leaf'; readonly weights: ReadonlyMap<number, number> }
  | {
      readonly mode: SplitMode;
      readonly feature: number;
      readonly value: number;
      /** Of 'member': the values that go to the true branch. */
      readonly values?: readonly number[];
      readonly whenTrue: number;
      readonly whenFalse: number;
      /** Whether missing values go to the true branch, whatever the comparison says. */
      readonly missingTrue: boolean;
    };

/** All that a core is made of. */
export interface Ensemble {
  readonly nodes: readonly EnsembleNode[];
  readonly roots: readonly number[];
  readonly features: number;
  /** Whether features are compared in single precision. */
  readonly single: boolean;
  /** The score of each output before all trees. */
  readonly start: readonly number[];
  /** What each leaf is multiplied by. */
  readonly weight: number;
  /** The column that is 1 where a feature is one of the values, else 0. */
  readonly among: (feature: number, values: readonly number[]) => number;
}

/**
 * The core of an ensemble: a list of trees for each output where every tree adds to one of them, else one list for all.
 *
 * @throws BAD_MODEL
 */
export function ensembleCore(node: OnnxNode, ensemble: Ensemble): TreesCore {
  const { roots, start } = ensemble;
  const what = `node ${node.name}`;
  const outputs = roots.map((root) => outputsBelow(node, ensemble, root));
  if (outputs.every((own) => own.size <= 1)) {
    const trees: ImportedTree[][] = start.map(() => []);
    roots.forEach((root, t) => {
      const [output = 0] = outputs[t]!;
      trees[output]!.push(treeAt(node, ensemble, root, [output]));
    });
    return treesCore(what, start, trees);
  }
  const all = start.map((_, output) => output);
  return treesCore(what, start, [roots.map((root) => treeAt(node, ensemble, root, all))]);
}

/** The outputs that the leaves of a tree add to. */
function outputsBelow(node: OnnxNode, { nodes, start }: Ensemble, root: number): Set<number> {
  const found = new Set<number>();
  const reached = new Set<number>();
  const open = [root];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const own = nodes[at];
    if (own === undefined || reached.has(at)) {
      throw badModel(`node ${node.name}`, `the node ${at} of its trees`, 'trees');
    }
    reached.add(at);
    if (own.mode !== 'leaf') open.push(own.whenTrue, own.whenFalse);
    else for (const output of own.weights.keys()) found.add(output);
  }
  const beyond = [...found].find((output) => !(output >= 0 && output < start.length));
  if (beyond === undefined) return found;
  throw badModel(
    `node ${node.name}`,
    `leaves of output ${beyond}`,
    `outputs below ${start.length}`,
  );
}

function treeAt(
  node: OnnxNode,
  ensemble: Ensemble,
  root: number,
  outputs: readonly number[],
): ImportedTree {
  const { nodes, weight } = ensemble;
  return orderedTree(`node ${node.name}`, root, nodes.length, outputs.length, (id) => {
    const own = nodes[id]!;
    if (own.mode !== 'leaf') return splitOf(node, ensemble, own);
    return { value: outputs.map((output) => weight * (own.weights.get(output) ?? 0)) };
  });
}

type Split = Exclude<EnsembleNode, { mode: 'leaf' }>;

/** A split as x <= threshold; where the comparison is the other way around, so are the branches. */
function splitOf(node: OnnxNode, ensemble: Ensemble, split: Split): FileNode {
  const { features, single, among } = ensemble;
  const { mode, feature, value, whenTrue, whenFalse, missingTrue } = split;
  if (feature >= features || (mode !== 'member' && !Number.isFinite(value))) {
    const given = `a split of feature ${feature} by ${value}`;
    throw badModel(`node ${node.name}`, given, `features below ${features}, finite values`);
  }
  const atMost = single ? lastAtMost(value) : value;
  const below = single ? lastBelow(value) : doubleBelow(value);
  switch (mode) {
    case 'leq':
      return {
        feature,
        threshold: atMost,
        missingLeft: missingTrue,
        left: whenTrue,
        right: whenFalse,
      };
    case 'lt':
      return {
        feature,
        threshold: below,
        missingLeft: missingTrue,
        left: whenTrue,
        right: whenFalse,
      };
    case 'gt':
      return {
        feature,
        threshold: atMost,
        missingLeft: !missingTrue,
        left: whenFalse,
        right: whenTrue,
      };
    case 'gte':
      return {
        feature,
        threshold: below,
        missingLeft: !missingTrue,
        left: whenFalse,
        right: whenTrue,
      };
    default: {
      const column = among(feature, mode === 'member' ? (split.values ?? []) : [value]);
      const [left, right] = mode === 'neq' ? [whenTrue, whenFalse] : [whenFalse, whenTrue];
      // A missing value equals nothing.
      const missingLeft = mode === 'neq' || !missingTrue;
      return { feature: column, threshold: 0.5, missingLeft, left, right };
    }
  }
}

/** The mode of a name such as BRANCH_LEQ, in any form. @throws UNSUPPORTED_OPERATOR */
export function splitMode(node: OnnxNode, name: string): SplitMode {
  const mode = name.replace('BRANCH_', '').toLowerCase();
  const modes: readonly string[] = ['leq', 'lt', 'gte', 'gt', 'eq', 'neq', 'member'];
  if (modes.includes(mode)) return mode as SplitMode;
  throw unsupported(node, `${node.operator} with nodes of mode ${name}`);
}
