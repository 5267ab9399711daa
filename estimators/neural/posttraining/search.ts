/**
 * Which layers get how many bits: the sums that cost most are narrowed first, as long as the loss is within its budget.
 */
import type { Network } from '../network.ts';
import type { Assigned, Bits } from './assign.ts';
import { estimatedMicroseconds } from './cost.ts';
import type { Loss } from './loss.ts';
import type { Skeleton } from './skeleton.ts';
import { joinedGrids } from './skeleton.ts';

/** One choice of bits, and what it costs. */
export interface Choice extends Loss {
  readonly bits: Bits;
  readonly network: Network;
  readonly microseconds: number;
}

/** Bits that the search starts from: more would be slower than they are worth. */
const start = { input: 4, grid: 3, sum: 7, last: 12 };

/** Most bits of what has no price: integers of inputs, integers behind grids. */
const most = { input: 8, grid: 6, sum: 10, last: 16 };

/** What may be changed: bits of one layer, or of grids that share a step. */
interface Knob {
  readonly places: readonly number[];
  readonly kind: keyof typeof start;
  readonly least: number;
}

/**
 * Walks from wide sums to narrow ones. Each step takes a bit from the sums of one layer, the one that saves most time first,
 * and lets the integers around it have more or fewer bits where that loses less; a step whose loss is beyond the budget is
 * taken back, and that layer left as it is.
 *
 * @returns the choices that were taken, the widest first
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
    const key = [...bits].join(';');
    let choice = measured.get(key);
    if (choice === undefined) {
      const assigned = assign(bits);
      const microseconds = estimatedMicroseconds(assigned.network);
      choice = { bits, network: assigned.network, microseconds, ...lossOf(assigned) };
      measured.set(key, choice);
    }
    return choice;
  };
  let current = measure(
    new Map(
      knobs.flatMap(({ places, kind }) => places.map((place) => [place, start[kind]] as const)),
    ),
  );
  current = settled(
    current,
    knobs.filter(({ kind }) => kind !== 'sum'),
    measure,
  );
  while (current.loss > maxLoss) {
    const wider = widened(current, knobs, measure);
    if (wider === null) break;
    current = wider;
  }
  const taken = [current];
  const open = new Set(knobs.filter(({ kind }) => kind === 'sum'));
  while (open.size > 0) {
    const [knob] = [...open].sort(
      (a, b) => saving(b, current, measure) - saving(a, current, measure),
    );
    const narrower = changed(current.bits, knob!, -1);
    if (narrower === null) {
      open.delete(knob!);
      continue;
    }
    const around = knobs.filter(({ kind }) => kind !== 'sum');
    const choice = settled(measure(narrower), around, measure, maxLoss);
    if (choice.loss > maxLoss || choice.microseconds >= current.microseconds) {
      open.delete(knob!);
      continue;
    }
    current = choice;
    taken.push(current);
  }
  return taken;
}

function knobsOf({ layers, inputGrid, hidden, last }: Skeleton): Knob[] {
  const joined = joinedGrids(layers);
  const knobs: Knob[] = [];
  layers.forEach(({ kind }, place) => {
    if (place === inputGrid) knobs.push({ places: [place], kind: 'input', least: 1 });
    else if (hidden.includes(place)) knobs.push({ places: [place], kind: 'sum', least: 1 });
    else if (last.includes(place)) knobs.push({ places: [place], kind: 'last', least: 4 });
    else if (kind === 'grid') {
      const group = joined.get(place) ?? [place];
      if (group[0] === place) knobs.push({ places: group, kind: 'grid', least: 1 });
    }
  });
  return knobs;
}

function changed(bits: Bits, { places, kind, least }: Knob, by: number): Bits | null {
  const next = bits.get(places[0]!)! + by;
  if (next < least || next > most[kind]) return null;
  return new Map([...bits, ...places.map((place) => [place, next] as const)]);
}

/** Microseconds that one bit less would save. */
function saving(knob: Knob, current: Choice, measure: (bits: Bits) => Choice): number {
  const narrower = changed(current.bits, knob, -1);
  return narrower === null ? 0 : current.microseconds - measure(narrower).microseconds;
}

/** Some bits more or fewer, one knob after the other, as long as that loses less, and costs nothing. */
function settled(
  choice: Choice,
  knobs: readonly Knob[],
  measure: (bits: Bits) => Choice,
  enough = 0,
): Choice {
  let best = choice;
  for (const knob of knobs) {
    for (const by of [-1, 1]) {
      for (let moved = true; moved && best.loss > enough; ) {
        const bits = changed(best.bits, knob, by);
        const next = bits === null ? null : measure(bits);
        moved = next !== null && isBetter(next, best);
        if (moved) best = next!;
      }
    }
  }
  return best;
}

function isBetter(a: Choice, b: Choice): boolean {
  if (a.microseconds > 1.02 * b.microseconds) return false;
  return a.loss < b.loss || (a.loss === b.loss && a.error < b.error);
}

/** The single change by a bit that loses least; null where none helps. */
function widened(
  choice: Choice,
  knobs: readonly Knob[],
  measure: (bits: Bits) => Choice,
): Choice | null {
  let best: Choice | null = null;
  for (const knob of knobs) {
    const bits = changed(choice.bits, knob, 1);
    if (bits === null) continue;
    const next = measure(bits);
    if (next.error < (best ?? choice).error) best = next;
  }
  return best;
}
