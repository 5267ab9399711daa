/**
 * Combining many elements two by two.
 */
import type { Operand } from '../record.ts';
import { at } from './indexing.ts';
import { concatenate } from './join.ts';
import { slice } from './slice.ts';

/**
 * Arrays of `count` elements (1 or more) along axis 0, combined as a balanced tree: neighbours first, so that the first
 * argument always stands before the second. One element along axis 0 is left.
 *
 * @param combine what two elements become, given some of each array along axis 0
 */
export function fold(
  arrays: readonly Operand[],
  count: number,
  combine: (a: readonly Operand[], b: readonly Operand[]) => readonly unknown[],
): readonly Operand[] {
  let level = arrays;
  for (let left = count; left > 1; left = Math.ceil(left / 2)) {
    const paired = left - (left % 2);
    const every = (start: number): Operand[] =>
      level.map((each) => at(each, slice(start, paired, 2)) as Operand);
    const combined = combine(every(0), every(1)) as readonly Operand[];
    const odd = (k: number): Operand => at(level[k]!, slice(paired)) as Operand;
    level =
      left === paired
        ? combined
        : combined.map((each, k) => concatenate([each, odd(k)]) as Operand);
  }
  return level;
}
