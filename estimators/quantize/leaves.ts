/**
 * What the leaves of trees hold, as integers that a sum over trees adds up.
 */
import { roundHalfEven } from './rounding.ts';

/**
 * Steps of the shares of classes in leaves whose sums are returned. 2520 is the least common multiple of 1 to 10, so the
 * shares in leaves of up to ten rows are exact, and sums over trees tie where they should.
 */
export const shareLevels = 2520;

/**
 * Steps of the shares in leaves of so many trees whose sums are compared on the server, where every bit of a sum costs a
 * lookup or more: sums of at most 2^10, or of 2 for each tree. An even number, so that one half is a level.
 */
export function comparedShareLevels(trees: number): number {
  return Math.max(2, 2 * Math.floor(2 ** 9 / trees));
}

/**
 * The shares of the classes in a leaf as integers in [0, levels] (`levels` is even), with the same first largest class:
 * where rounding would tie the winner with an earlier class, that class loses one level. Of two classes the second one's
 * alone, above levels / 2 exactly where it is the larger.
 */
export function quantizeShares(shares: readonly number[], levels: number): number[] {
  const rounded = shares.map((share) => roundHalfEven(share * levels));
  const winner = shares.indexOf(Math.max(...shares));
  if (shares.length === 2) {
    const half = levels / 2;
    return [winner === 1 ? Math.max(rounded[1]!, half + 1) : Math.min(rounded[1]!, half)];
  }
  rounded[winner] = Math.max(rounded[winner]!, 1);
  for (let c = 0; c < winner; c++) rounded[c] = Math.min(rounded[c]!, rounded[winner]! - 1);
  return rounded;
}

/** Steps between the least and the greatest leaf whose sums are returned. */
export const valueLevels: number = 2 ** 14;

/** The same where sums over so many trees are compared on the server: sums of at most 2^12, or of 1 for each tree. */
export function comparedValueLevels(trees: number): number {
  return Math.max(1, Math.floor(2 ** 12 / trees));
}

/** Of each output, what a leaf's integer stands for: offset + step x integer. */
export interface LeafGrid {
  readonly offset: readonly number[];
  readonly step: readonly number[];
}

/** One grid for each output of all leaves (leaves x outputs): so many steps from the least to the greatest. */
export function leafGrid(leaves: readonly (readonly number[])[], levels: number): LeafGrid {
  const offset = leaves[0]!.map((_, k) =>
    leaves.reduce((least, leaf) => Math.min(least, leaf[k]!), Number.POSITIVE_INFINITY),
  );
  const step = offset.map((least, k) => {
    const greatest = leaves.reduce((most, leaf) => Math.max(most, leaf[k]!), least);
    return (greatest - least) / levels;
  });
  return { offset, step };
}

/** A leaf's values as integers in [0, levels]. */
export function quantizeLeaf({ offset, step }: LeafGrid, leaf: readonly number[]): number[] {
  return leaf.map((value, k) =>
    step[k] === 0 ? 0 : roundHalfEven((value - offset[k]!) / step[k]!),
  );
}
