/**
 * Trees of files, whose nodes come in any order, as trees with each node before its children.
 */
import { error } from '../../lib/errors.ts';
import type { ImportedTree } from '../imported/trees.ts';

/** A node of a file: a leaf, or a split with the numbers of its children. */
export type FileNode =
  | { readonly value: readonly number[] }
  | {
      readonly feature: number;
      /** A row goes left where X[feature] <= threshold. */
      readonly threshold: number;
      readonly missingLeft: boolean;
      readonly left: number;
      readonly right: number;
    };

/**
 * The tree that hangs on node `root`, whose leaves have `width` values each. Nodes that it does not reach are left out.
 *
 * @throws BAD_MODEL with the node for one that is reached twice, or that is not there
 */
export function orderedTree(
  what: string,
  root: number,
  nodes: number,
  width: number,
  nodeOf: (id: number) => FileNode,
): ImportedTree {
  const tree = {
    childrenLeft: [] as number[],
    childrenRight: [] as number[],
    feature: [] as number[],
    threshold: [] as number[],
    missingLeft: [] as boolean[],
    value: [] as number[],
  };
  const none = new Array<number>(width).fill(0);
  const reached = new Set<number>();
  const open: { readonly id: number; readonly link: (place: number) => void }[] = [
    { id: root, link: () => {} },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { id, link } = next;
    if (!Number.isSafeInteger(id) || id < 0 || id >= nodes || reached.has(id)) {
      const given = reached.has(id) ? `node ${id} twice` : `node ${id} of ${nodes}`;
      throw error('BAD_MODEL', {
        what,
        given,
        allowed: 'a tree: each node on one way from the root',
      });
    }
    reached.add(id);
    const place = tree.feature.length;
    link(place);
    const node = nodeOf(id);
    const isLeaf = 'value' in node;
    tree.childrenLeft.push(-1);
    tree.childrenRight.push(-1);
    tree.feature.push(isLeaf ? -1 : node.feature);
    tree.threshold.push(isLeaf ? 0 : node.threshold);
    tree.missingLeft.push(isLeaf ? false : node.missingLeft);
    for (const value of isLeaf ? node.value : none) tree.value.push(value);
    if (isLeaf) continue;
    open.push({ id: node.right, link: (child) => (tree.childrenRight[place] = child) });
    open.push({ id: node.left, link: (child) => (tree.childrenLeft[place] = child) });
  }
  return tree;
}
