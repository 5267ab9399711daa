/**
 * What the search for bits may change.
 */
import type { Bits } from './assign.ts';
import { joinedGrids, type Skeleton } from './skeleton.ts';

/**
 * Bits of integers: of the input, behind grids (all of one step together), of sums that are looked up, with how many of them
 * tables do not see, and of sums that leave.
 */
export type Knob =
  | { readonly kind: 'input' | 'grid' | 'last'; readonly places: readonly number[] }
  | {
      readonly kind: 'sum';
      readonly place: number;
      readonly rounding: number | null;
      /** Whether it is one of inputs alone, for which tables cost next to nothing. */
      readonly isFirst: boolean;
    };

type Kind = Knob['kind'];

/** Bits of the input that the search starts from, one after the other: fewer leave sums room for more weights. */
export const inputStarts: readonly number[] = [2, 3, 4];

const start: Readonly<Record<Exclude<Kind, 'input'>, number>> = { grid: 3, sum: 9, last: 12 };
const least: Readonly<Record<Kind, number>> = { input: 1, grid: 1, sum: 1, last: 4 };
const most: Readonly<Record<Kind, number>> = { input: 8, grid: 8, sum: 15, last: 18 };

/** Bits of sums of inputs, at the start. */
const startFirst = 11;

/** Bits of sums that tables do not see, at the start. */
const startDropped = 4;

/** Fewest bits of rounded sums: below, plain sums of so few bits are better. */
const leastKept = 3;

/** All that may be changed, in the order of the layers. */
export function knobsOf({ layers, inputGrid, hidden, first, last, roundings }: Skeleton): Knob[] {
  const joined = joinedGrids(layers);
  const knobs: Knob[] = [];
  layers.forEach(({ kind }, place) => {
    if (place === inputGrid) knobs.push({ kind: 'input', places: joined.get(place) ?? [place] });
    else if (hidden.includes(place)) {
      const rounding = roundings.get(place) ?? null;
      knobs.push({ kind: 'sum', place, rounding, isFirst: first.includes(place) });
    } else if (last.includes(place)) knobs.push({ kind: 'last', places: [place] });
    else if (kind === 'grid') {
      const group = joined.get(place) ?? [place];
      if (group[0] === place && !group.includes(inputGrid))
        knobs.push({ kind: 'grid', places: group });
    }
  });
  return knobs;
}

/** Where the search starts: wide sums, rounded where that can be. */
export function startOf(knobs: readonly Knob[], inputBits: number): Bits {
  const bits = new Map<number, number>();
  for (const knob of knobs) {
    if (knob.kind !== 'sum') {
      const own = knob.kind === 'input' ? inputBits : start[knob.kind];
      for (const place of knob.places) bits.set(place, own);
    } else if (knob.isFirst) bits.set(knob.place, startFirst);
    else if (knob.rounding === null) bits.set(knob.place, start.sum - 2);
    else bits.set(knob.place, start.sum).set(knob.rounding, startDropped);
  }
  return bits;
}

/** The same bits with one bit more (1) or fewer (-1) of a knob, where it has them: sums and their roundings in several ways. */
export function changes(bits: Bits, knob: Knob, by: -1 | 1): Bits[] {
  const { kind } = knob;
  const within = (value: number): boolean => value >= least[kind] && value <= most[kind];
  if (knob.kind !== 'sum') {
    const next = bits.get(knob.places[0]!)! + by;
    if (!within(next)) return [];
    return [new Map([...bits, ...knob.places.map((place) => [place, next] as const)])];
  }
  const { place, rounding } = knob;
  const own = bits.get(place)!;
  if (rounding === null) return within(own + by) ? [new Map([...bits, [place, own + by]])] : [];
  const dropped = bits.get(rounding)!;
  const ways = [
    [own + by, dropped],
    [own + by, dropped + by],
    [own, dropped - by],
  ] as const;
  return ways
    .filter(([sum, low]) => within(sum) && low >= 0 && (low === 0 || sum - low >= leastKept))
    .map(([sum, low]) => new Map([...bits, [place, sum], [rounding, low]]));
}
