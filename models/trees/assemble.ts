/**
 * Trees of a file as the core of an imported model.
 */
import { error } from '../../lib/errors.ts';
import { hasExactSums, type ImportedTree, type TreesCore } from '../imported/trees.ts';

/** An output without trees is that of a tree which is a leaf of 0. */
const nothing: ImportedTree = {
  childrenLeft: [-1],
  childrenRight: [-1],
  feature: [-1],
  threshold: [0],
  missingLeft: [false],
  value: [0],
};

/** The core of a list of trees for each output. @throws BAD_MODEL for sums that doubles do not hold */
export function treesCore(
  what: string,
  start: readonly number[],
  trees: readonly (readonly ImportedTree[])[],
): TreesCore {
  const core: TreesCore = {
    kind: 'trees',
    start,
    trees: trees.map((own) => (own.length > 0 ? own : [nothing])),
  };
  const finite = start.every(Number.isFinite);
  if (finite && hasExactSums(core)) return core;
  throw error('BAD_MODEL', {
    what: `${what}: leaves`,
    given: 'values whose sums are not finite, or differ by too little for their size',
    allowed: 'finite values of moderate size',
  });
}

/** All that is not supported, in one error. @throws UNSUPPORTED_OPERATOR unless there is none */
export function checkSupported(what: string, unsupported: readonly string[]): void {
  if (unsupported.length === 0) return;
  throw error('UNSUPPORTED_OPERATOR', { what, given: unsupported.join('; ') });
}
