/**
 * One step of boosting for one term: the piecewise constant function of its cells that takes most from the loss.
 */
import type { Random } from '../../lib/random.ts';
import type { CellSums } from './losses.ts';

/** What every step needs to know of a term. */
export interface Shape {
  /** Number of bins of each feature of the term, the bin of missing values with them. */
  readonly bins: readonly number[];
  readonly outputs: number;
  /** Training rows in each cell. */
  readonly counts: Float64Array;
}

/** One step for one term: writes to `update`, by cell and output, and returns false where there is nothing to gain. */
export type Step = (
  shape: Shape,
  sums: CellSums,
  settings: ShapeSettings,
  random: Random | null,
  update: Float64Array,
) => boolean;

/** Limits of a step. */
export interface ShapeSettings {
  /** Pieces at most, of terms of one feature; missing values are a piece of their own. */
  readonly maxLeaves: number;
  /** Rows that each piece needs. */
  readonly minSamplesLeaf: number;
}

/** Hessians below this are none. */
export const leastHessian = 1e-12;

/**
 * The Newton step of each piece, sum of gradients / sum of hessians, for terms of one feature: the pieces are intervals of
 * bins, split one after the other where it gains most. With `random`, any of them is split anywhere.
 */
export const intervals: Step = (
  { bins, outputs, counts },
  { gradients, hessians },
  { maxLeaves, minSamplesLeaf },
  random,
  update,
) => {
  // The last bin holds missing values.
  const last = bins[0]! - 1;
  update.fill(0);
  const cutOf = random === null ? bestCut : anyCut(random);
  const pieces = [cutOf(0, last)];
  while (pieces.length < maxLeaves) {
    const next = pieces.reduce((a, b) => (b.gain > a.gain ? b : a));
    if (next.gain <= 0) break;
    pieces.splice(pieces.indexOf(next), 1, cutOf(next.from, next.cut), cutOf(next.cut, next.to));
  }
  if (counts[last]! >= minSamplesLeaf) pieces.push({ from: last, to: last + 1, cut: 0, gain: 0 });
  else if (pieces.length === 1) return false;
  for (const { from, to } of pieces) {
    for (let k = 0; k < outputs; k++) {
      let gradient = 0;
      let hessian = 0;
      for (let bin = from; bin < to; bin++) {
        gradient += gradients[bin * outputs + k]!;
        hessian += hessians[bin * outputs + k]!;
      }
      const step = hessian > leastHessian ? gradient / hessian : 0;
      for (let bin = from; bin < to; bin++) update[bin * outputs + k] = step;
    }
  }
  return true;

  function bestCut(from: number, to: number): Piece {
    let rows = 0;
    for (let bin = from; bin < to; bin++) rows += counts[bin]!;
    const best = { from, to, cut: from, gain: 0 };
    if (rows < 2 * minSamplesLeaf) return best;
    const totals = new Float64Array(2 * outputs);
    const left = new Float64Array(2 * outputs);
    for (let bin = from; bin < to; bin++) accumulate(totals, bin);
    const whole = scoreOf(totals, null);
    let leftRows = 0;
    for (let bin = from; bin + 1 < to; bin++) {
      accumulate(left, bin);
      leftRows += counts[bin]!;
      if (counts[bin] === 0 || leftRows < minSamplesLeaf) continue;
      if (rows - leftRows < minSamplesLeaf) break;
      const gain = scoreOf(left, null) + scoreOf(totals, left) - whole;
      if (gain > best.gain) Object.assign(best, { cut: bin + 1, gain });
    }
    return best;
  }

  function accumulate(into: Float64Array, bin: number): void {
    for (let k = 0; k < outputs; k++) {
      into[2 * k]! += gradients[bin * outputs + k]!;
      into[2 * k + 1]! += hessians[bin * outputs + k]!;
    }
  }

  /** Sum over outputs of gradient^2 / hessian, of `all` without `part`. */
  function scoreOf(all: Float64Array, part: Float64Array | null): number {
    let score = 0;
    for (let k = 0; k < outputs; k++) {
      const gradient = all[2 * k]! - (part === null ? 0 : part[2 * k]!);
      const hessian = all[2 * k + 1]! - (part === null ? 0 : part[2 * k + 1]!);
      if (hessian > leastHessian) score += (gradient * gradient) / hessian;
    }
    return score;
  }
};

/** A piece to be cut anywhere; larger ones come first. */
function anyCut(random: Random): (from: number, to: number) => Piece {
  return (from, to) => {
    const gain = to - from - 1;
    return { from, to, cut: gain > 0 ? from + 1 + random.integer(gain) : from, gain };
  };
}

/** Bins from..to-1, the best place to cut them, and what that gains; no cut where the gain is 0. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly cut: number;
  readonly gain: number;
}
