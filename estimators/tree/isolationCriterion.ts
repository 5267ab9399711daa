/**
 * Nothing to judge splits by: any that separates rows.
 */
import type { Criterion } from './criterion.ts';

/**
 * The criterion of isolation: rows are split until each is alone. Rows weigh 1, and nodes have no value that could be
 * constrained.
 */
export function isolationCriterion(): Criterion {
  let weight = 0;
  let leftWeight = 0;
  return {
    absoluteGain: false,
    start(_, start, end) {
      weight = end - start;
      leftWeight = 0;
      return { weight, impurity: weight > 1 ? 1 : 0, value: [] };
    },
    restart() {
      leftWeight = 0;
    },
    move(_, from, to) {
      leftWeight += to - from;
    },
    sides: () => [0, 0],
    weight: () => weight,
    leftWeight: () => leftWeight,
    gain: () => 0,
  };
}
