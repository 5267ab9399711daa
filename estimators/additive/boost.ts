/**
 * Cyclic gradient boosting: each round takes a small step for each term in turn, so that terms that say the same share it
 * (Lou, Caruana and Gehrke, "Intelligible models for classification and regression", 2012).
 */
import type { Random } from '../../lib/random.ts';
import type { CellSums, LossState } from './losses.ts';
import { quarters } from './pairs.ts';
import { intervals, type Shape, type ShapeSettings } from './shapes.ts';

/** A term of the model on the training data. */
export interface Term {
  /** The cell of each row. */
  readonly cells: Uint32Array;
  /** Number of bins of each feature. */
  readonly bins: readonly number[];
}

/** How to boost. */
export interface BoostSettings extends ShapeSettings {
  readonly learningRate: number;
  readonly maxRounds: number;
  /** First rounds, in which steps are cut at random. */
  readonly smoothingRounds: number;
  /** Stop after as many rounds without a loss lower by more than the tolerance. */
  readonly earlyStoppingRounds: number;
  readonly earlyStoppingTolerance: number;
}

/** Rows to learn from, and rows to judge by; without the latter all rounds count. */
export interface Bag {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** Draws the first cuts. */
  readonly random: Random;
}

/** Scores by term: those of `cell` from `cell * outputs` on. */
export interface Boosted {
  readonly tables: readonly Float64Array[];
  /** Rounds that they are of. */
  readonly rounds: number;
}

/** Boosts terms from the scores in `state`, which it changes. Returns the tables of the least validation loss. */
export function boost(
  terms: readonly Term[],
  outputs: number,
  state: LossState,
  { train, validation, random }: Bag,
  settings: BoostSettings,
): Boosted {
  const { learningRate, maxRounds, earlyStoppingRounds, earlyStoppingTolerance } = settings;
  const steps = terms.map((term) => ({ term, ...roomFor(term, outputs, train) }));
  const tables = steps.map(({ update }) => new Float64Array(update.length));
  const copies = (): Float64Array[] => tables.map((table) => table.slice());
  const judged = validation.length > 0;
  let best: Boosted = { tables: copies(), rounds: 0 };
  let least = judged ? state.mean(validation) : Number.POSITIVE_INFINITY;
  let reference = least;
  let waited = 0;
  for (let round = 1; round <= maxRounds; round++) {
    let changed = false;
    steps.forEach(({ term, shape, sums, update }, t) => {
      sums.gradients.fill(0);
      sums.hessians.fill(0);
      state.collect(term.cells, train, sums);
      const step = term.bins.length === 1 ? intervals : quarters;
      const any = round <= settings.smoothingRounds ? random : null;
      if (!step(shape, sums, settings, any, update)) return;
      changed = true;
      const table = tables[t]!;
      for (let i = 0; i < update.length; i++) {
        update[i]! *= learningRate;
        table[i]! += update[i]!;
      }
      state.add(term.cells, update);
    });
    if (!changed) break;
    if (!judged) continue;
    const loss = state.mean(validation);
    if (loss < least) {
      least = loss;
      best = { tables: copies(), rounds: round };
    }
    waited = loss < reference - earlyStoppingTolerance ? 0 : waited + 1;
    reference = Math.min(reference, loss);
    if (waited >= earlyStoppingRounds) break;
  }
  return judged ? best : { tables, rounds: maxRounds };
}

/** The shape of a term on the rows of a bag, and room for the sums and the steps of its cells. */
export function roomFor(
  { cells, bins }: Term,
  outputs: number,
  rows: Int32Array,
): { readonly shape: Shape; readonly sums: CellSums; readonly update: Float64Array } {
  const size = bins.reduce((product, count) => product * count, 1);
  const counts = new Float64Array(size);
  for (const row of rows) counts[cells[row]!]! += 1;
  const sums = {
    gradients: new Float64Array(size * outputs),
    hessians: new Float64Array(size * outputs),
  };
  return { shape: { bins, outputs, counts }, sums, update: new Float64Array(size * outputs) };
}
