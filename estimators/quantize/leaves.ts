/**
 * Probabilities in the leaves of trees as integers.
 */
import { roundHalfEven } from './rounding.ts';

/** Integer scores stand for score / `leafLevels`. Even, so that one half is a level and ties stay ties. */
export const leafLevels = 254;

/**
 * The probabilities of a leaf as integers in [0, leafLevels], with the same first largest class: where rounding would
 * tie the winner with an earlier class, that class loses one level.
 */
export function quantizeProbabilities(probabilities: readonly number[]): number[] {
  const levels = probabilities.map((p) => roundHalfEven(p * leafLevels));
  const winner = probabilities.indexOf(Math.max(...probabilities));
  levels[winner] = Math.max(levels[winner]!, 1);
  for (let c = 0; c < levels.length; c++) {
    if (c === winner || levels[c]! < levels[winner]!) continue;
    if (probabilities[c]! === probabilities[winner]!) continue;
    levels[c] = levels[winner]! - 1;
  }
  return levels;
}
