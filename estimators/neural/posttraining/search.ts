/**
 * Which layers get how many bits: the sums that cost most are narrowed first, as long as the loss is within its budget.
 */
import type { Network } from '../network.ts';
import type { Assigned, Bits } from './assign.ts';
import { estimatedMicroseconds } from './cost.ts';
import { changes, inputStarts, type Knob, knobsOf, startOf } from './knobs.ts';
import type { Loss } from './loss.ts';
import type { Skeleton } from './skeleton.ts';

/** One choice of bits, and what it costs. */
export interface Choice extends Loss {
  readonly bits: Bits;
  readonly network: Network;
  readonly microseconds: number;
}

type Measure = (bits: Bits) => Choice;

/** Losses of more than so many budgets are far from any choice of bits that would do. */
const far = 3;

/** A step has to save at least this share of the time. */
const leastSaving = 0.02;

/**
 * Walks from wide sums to narrow ones. Each step narrows the sums of one layer, or drops more of their lowest bits: of the
 * layer where that saves most time, in the way that loses least. The integers around it have more or fewer bits where that
 * loses less. A step whose loss is beyond the budget is taken back, and that layer left as it is.
 *
 * @returns the choices that were taken, the widest first; where even the first loses too much, that one alone
 */
export function searchBits(
  skeleton: Skeleton,
  assign: (bits: Bits) => Assigned,
  lossOf: (assigned: Assigned) => Loss,
  maxLoss: number,
): Choice[] {
  const knobs = knobsOf(skeleton);
  const measured = new Map<string, Choice>();
  const measure = (bits: Bits): Choice => {
    const key = [...bits].sort(([a], [b]) => a - b).join(';');
    let choice = measured.get(key);
    if (choice === undefined) {
      const assigned = assign(bits);
      const microseconds = estimatedMicroseconds(assigned.network);
      choice = { bits, network: assigned.network, microseconds, ...lossOf(assigned) };
      measured.set(key, choice);
    }
    return choice;
  };
  const walks = inputStarts.map((bits) =>
    walk(knobs, measure(startOf(knobs, bits)), measure, maxLoss),
  );
  return walks.reduce((a, b) => (isBetter(b.at(-1)!, a.at(-1)!, maxLoss) ? b : a));
}

/** Whether a walk ends better than another: within the budget in less time, or else with less loss. */
function isBetter(a: Choice, b: Choice, maxLoss: number): boolean {
  if (a.loss <= maxLoss && b.loss <= maxLoss) return a.microseconds < b.microseconds;
  return losesLess(a, b);
}

/** The choices on the way from one start. */
function walk(knobs: readonly Knob[], start: Choice, measure: Measure, maxLoss: number): Choice[] {
  const sums = knobs.filter(({ kind }) => kind === 'sum');
  const others = knobs.filter(({ kind }) => kind !== 'sum');
  let current = settled(start, others, measure, maxLoss);
  const seen = new Set<Choice>();
  while (current.loss > maxLoss) {
    seen.add(current);
    const isFar = current.loss > far * maxLoss;
    const all = isFar ? allWider(current, knobs, measure) : null;
    const wider = all ?? widened(current, knobs, measure);
    // Fewer bits of the input, and then more of everything, may lead in a circle.
    if (wider === null || seen.has(wider))
      return [[...seen].reduce((a, b) => (losesLess(b, a) ? b : a))];
    current = wider;
  }
  const taken = [current];
  const open = new Set(sums);
  while (open.size > 0) {
    const steps = [...open].map((knob) => ({ knob, choice: narrowed(current, knob, measure) }));
    for (const { knob, choice } of steps) if (choice === null) open.delete(knob);
    const time = (step: { choice: Choice | null }): number => step.choice?.microseconds ?? Infinity;
    const best = steps.reduce((a, b) => (time(b) < time(a) ? b : a));
    if (best.choice === null) break;
    const choice = settled(best.choice, others, measure, maxLoss);
    if (choice.loss > maxLoss) open.delete(best.knob);
    else {
      current = choice;
      taken.push(current);
    }
  }
  return taken;
}

/** Of the ways to narrow the sums of a layer that save time, the one that loses least. */
function narrowed(current: Choice, knob: Knob, measure: Measure): Choice | null {
  let best: Choice | null = null;
  for (const bits of changes(current.bits, knob, -1)) {
    const choice = measure(bits);
    if (choice.microseconds > (1 - leastSaving) * current.microseconds) continue;
    if (best === null || losesLess(choice, best)) best = choice;
  }
  return best;
}

/** Some bits more or fewer, one knob after the other, until the loss is small enough; nothing may take longer for it. */
function settled(
  choice: Choice,
  knobs: readonly Knob[],
  measure: Measure,
  maxLoss: number,
): Choice {
  let best = choice;
  for (const knob of knobs) {
    for (const by of [-1, 1] as const) {
      for (let moved = true; moved && best.loss > maxLoss; ) {
        moved = false;
        for (const bits of changes(best.bits, knob, by)) {
          const next = measure(bits);
          if (next.microseconds > (1 + leastSaving) * choice.microseconds) continue;
          moved = losesLess(next, best);
          if (moved) best = next;
        }
      }
    }
  }
  return best;
}

/** A change has to save this share of the error, or else all bits change together. */
const leastGain = 0.1;

/**
 * The change by a bit that errs least, or where none helps alone, since what errs is spread over all layers, a bit more of
 * everything; null where there are no more bits.
 */
function widened(choice: Choice, knobs: readonly Knob[], measure: Measure): Choice | null {
  let best: Choice | null = null;
  for (const knob of knobs) {
    for (const by of knob.kind === 'input' ? ([-1, 1] as const) : ([1] as const)) {
      for (const bits of changes(choice.bits, knob, by)) {
        const next = measure(bits);
        if (next.error < (best ?? choice).error) best = next;
      }
    }
  }
  if (best !== null && best.error < (1 - leastGain) * choice.error) return best;
  return allWider(choice, knobs, measure) ?? best;
}

/** A bit more of everything; null where there are no more bits. */
function allWider(choice: Choice, knobs: readonly Knob[], measure: Measure): Choice | null {
  const wider = knobs.reduce((bits, knob) => changes(bits, knob, 1)[0] ?? bits, choice.bits);
  return wider === choice.bits ? null : measure(wider);
}

function losesLess(a: Choice, b: Choice): boolean {
  return a.loss < b.loss || (a.loss === b.loss && a.error < b.error);
}
