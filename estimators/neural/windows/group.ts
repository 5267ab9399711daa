/**
 * Windows: sets of inputs, and the hidden elements that read no others. All that a window adds to the outputs is one table.
 */
import type { Part } from './additive.ts';

export interface Window {
  /** Ascending. */
  readonly inputs: readonly number[];
  readonly parts: readonly Part[];
}

/** log2 of the entries that one polynomial holds. */
const polynomialBits = 11;

/** Digits in which a score leaves. */
const typicalDigits = 2;

/**
 * CMUX that read a table of so many bits with so many outputs: low bits rotate a polynomial that has the entries for all
 * outputs, high bits choose one before (`TableInputs` of the compiler).
 */
export function windowCmux(bits: number, outputs: number): number {
  const room = Math.max(0, polynomialBits - Math.ceil(Math.log2(typicalDigits * outputs)));
  return Math.min(bits, room) + 2 ** Math.max(0, bits - room) - 1;
}

/**
 * The parts in windows: those that read the same inputs together, or some of them; and windows that have inputs in common,
 * or that are small, in one where that takes fewer CMUX. Inputs have `inputBits` bits each.
 */
export function windowsOf(parts: readonly Part[], inputBits: number, outputs: number): Window[] {
  const cost = (inputs: ReadonlySet<number>): number =>
    windowCmux(inputs.size * inputBits, outputs);
  const open = distinct(parts).sort((a, b) => b.inputs.size - a.inputs.size);
  const windows: Draft[] = [];
  for (const draft of open) {
    const best = cheapest(windows, draft, cost);
    if (best === null) windows.push(draft);
    else {
      for (const input of draft.inputs) best.inputs.add(input);
      best.parts.push(...draft.parts);
    }
  }
  return windows.map((draft) => ({
    inputs: [...draft.inputs].sort((a, b) => a - b),
    parts: draft.parts,
  }));
}

interface Draft {
  readonly inputs: Set<number>;
  readonly parts: Part[];
}

/** One draft for each set of inputs. */
function distinct(parts: readonly Part[]): Draft[] {
  const drafts = new Map<string, Draft>();
  for (const part of parts) {
    const key = part.inputs.join();
    const draft = drafts.get(key) ?? { inputs: new Set(part.inputs), parts: [] };
    draft.parts.push(part);
    drafts.set(key, draft);
  }
  return [...drafts.values()];
}

/** The window that a draft saves most CMUX in, or null where it is cheaper on its own. */
function cheapest(
  windows: readonly Draft[],
  draft: Draft,
  cost: (inputs: ReadonlySet<number>) => number,
): Draft | null {
  let best: Draft | null = null;
  let most = 0;
  const alone = cost(draft.inputs);
  for (const window of windows) {
    const together = new Set(window.inputs);
    for (const input of draft.inputs) together.add(input);
    const saved = alone + cost(window.inputs) - cost(together);
    if (saved > most || (saved === most && best === null && together.size === window.inputs.size))
      [best, most] = [window, saved];
  }
  return best;
}
