/** Parameters for all lookup classes at once: which classes share keys, and what those keys are. */

import {
  bestLookupSet,
  type ClassBound,
  type ClassNoise,
  type ClassRequirement,
  type LookupSet,
  type LookupTables,
} from './lookup-sets.ts';

/**
 * One constraint with everything but lookups already subtracted: the sum over classes of weights times variances must
 * stay below `room`. `bootstrap` and `small` are squared weights by class.
 */
export interface LookupBound {
  readonly bootstrap: Float64Array;
  readonly small: Float64Array;
  /** The class that switches, or null; whether it keyswitches first. */
  readonly lookup: number | null;
  readonly keyswitched: boolean;
  /** Where a circuit bootstrap switches, its v_ms / n; else null, and v_ms is that of the class. */
  readonly coarse: number | null;
  readonly room: number;
}

/** Keys for every class. */
export interface LookupChoice {
  readonly sets: readonly LookupSet[];
  /** Requirement index to index in `sets`. */
  readonly classes: readonly number[];
  readonly microseconds: number;
  readonly price: number;
}

/** Up to this many classes all ways to merge neighbours are tried; beyond, only none and all. */
const LARGEST_EXHAUSTIVE = 5;
/** How much of a bound a class may use at first when others share it: several starts, the cheapest result wins. */
const FIRST_SHARES = [0.5, 0.1, 0.9] as const;
const LARGEST_ROUNDS = 6;
/** A round that saves a smaller part of the price is the last. */
const LEAST_GAIN = 1e-3;

/**
 * The cheapest keys for all classes, or null. Classes are merged where that is cheaper: keys have their price.
 * `ways` are the mergings to try, each a list of requirement index to class; `shares` the starts of the descent.
 */
export function searchLookups(
  requirements: readonly ClassRequirement[],
  bounds: readonly LookupBound[],
  tables: LookupTables,
  ways: readonly (readonly number[])[] = partitions(requirements),
  shares: readonly number[] = FIRST_SHARES,
): LookupChoice | null {
  if (requirements.length === 0) {
    return bounds.every((bound) => bound.room >= 0)
      ? { sets: [], classes: [], microseconds: 0, price: 0 }
      : null;
  }
  let best: LookupChoice | null = null;
  const tight = tightest(bounds);
  for (const classes of ways) {
    const merged = mergeRequirements(requirements, classes);
    const renamed = mergeBounds(tight, classes);
    for (const share of shares) {
      const sets = descend(merged, renamed, tables, share);
      if (sets === null) continue;
      const price = sets.reduce((sum, set) => sum + set.price, 0);
      if (best === null || price < best.price) {
        const microseconds = sets.reduce((sum, set) => sum + set.microseconds, 0);
        best = { sets, classes, microseconds, price };
      }
      if (!renamed.some(isShared)) break;
    }
  }
  return best;
}

/** Ways to merge classes that are neighbours in precision, separate keys first. */
function partitions(requirements: readonly ClassRequirement[]): number[][] {
  const order = requirements.map((_, index) => index);
  order.sort((a, b) => (requirements[a]?.precision ?? 0) - (requirements[b]?.precision ?? 0));
  const joints = requirements.length - 1;
  const masks =
    requirements.length <= LARGEST_EXHAUSTIVE
      ? Array.from({ length: 2 ** joints }, (_, mask) => mask)
      : [0, 2 ** joints - 1];
  return masks.map((mask) => {
    const classes = Array.from(requirements, () => 0);
    let current = 0;
    order.forEach((index, position) => {
      const joined = position > 0 && Math.floor(mask / 2 ** (position - 1)) % 2 === 1;
      if (position > 0 && !joined) current += 1;
      classes[index] = current;
    });
    return classes;
  });
}

function mergeRequirements(
  requirements: readonly ClassRequirement[],
  classes: readonly number[],
): ClassRequirement[] {
  const merged: ClassRequirement[] = [];
  requirements.forEach((requirement, index) => {
    const target = classes[index] ?? 0;
    const known = merged[target];
    merged[target] =
      known === undefined
        ? requirement
        : {
            precision: Math.max(known.precision, requirement.precision),
            count: known.count + requirement.count,
            keyswitchCount: known.keyswitchCount + requirement.keyswitchCount,
            smallSlotCount: known.smallSlotCount + requirement.smallSlotCount,
            bits: known.bits ?? requirement.bits,
          };
  });
  return merged;
}

/** A bound between classes that share keys. */
interface MergedBound extends LookupBound {
  /** The classes that have a part in it. */
  readonly parts: readonly number[];
}

function mergeBounds(bounds: readonly LookupBound[], classes: readonly number[]): MergedBound[] {
  const rename = (weights: Float64Array) => {
    const renamed = new Float64Array(classes.length);
    for (let index = 0; index < classes.length; index++) {
      const target = classes[index] as number;
      renamed[target] = (renamed[target] as number) + (weights[index] as number);
    }
    return renamed;
  };
  return bounds.map(({ keyswitched, coarse, room, ...bound }) => {
    const [bootstrap, small] = [rename(bound.bootstrap), rename(bound.small)];
    const lookup = bound.lookup === null ? null : (classes[bound.lookup] ?? 0);
    const parts: number[] = [];
    for (let index = 0; index < classes.length; index++)
      if (bootstrap[index] !== 0 || small[index] !== 0 || lookup === index) parts.push(index);
    return { bootstrap, small, lookup, keyswitched, coarse, room, parts };
  });
}

/**
 * Coordinate descent: each class in turn gets the cheapest keys that the others' present noise allows. In the first
 * round, what classes not chosen yet will use is set aside: `share` of the room is for those chosen before.
 */
function descend(
  requirements: readonly ClassRequirement[],
  bounds: readonly MergedBound[],
  tables: LookupTables,
  share: number,
): LookupSet[] | null {
  const noises = Array.from(requirements, (): ClassNoise | null => null);
  const sets: LookupSet[] = [];
  let price = Infinity;
  for (let round = 0; round < LARGEST_ROUNDS; round += 1) {
    for (let index = 0; index < requirements.length; index += 1) {
      const requirement = requirements[index];
      if (requirement === undefined) continue;
      const own: ClassBound[] = [];
      for (const bound of bounds)
        if (bound.parts.includes(index)) own.push(classBound(bound, index, noises, share));
      const set = bestLookupSet(own, requirement, tables);
      if (set === null) return null;
      sets[index] = set;
      noises[index] = set.noise;
    }
    const total = sets.reduce((sum, set) => sum + set.price, 0);
    if (total >= price * (1 - LEAST_GAIN)) break;
    price = total;
    if (requirements.length === 1) break;
  }
  return sets;
}

/** Drops every bound that another one implies, after scaling rooms to 1: most of hundreds. */
function tightest(bounds: readonly LookupBound[]): LookupBound[] {
  let kept: LookupBound[] = [];
  for (const bound of bounds) {
    if (kept.some((other) => implies(other, bound))) continue;
    kept = kept.filter((other) => !implies(bound, other));
    kept.push(bound);
  }
  return kept;
}

/** Whether what keeps `a` keeps `b`, as far as that is seen without the keys; one without room is implied by none. */
function implies(a: LookupBound, b: LookupBound): boolean {
  if (a.room <= 0 || b.room <= 0) return false;
  const isSame = a.lookup === b.lookup && a.keyswitched === b.keyswitched && a.coarse === b.coarse;
  if (b.lookup !== null && !(isSame && a.room <= b.room)) return false;
  const scale = a.room / b.room;
  for (let index = 0; index < b.bootstrap.length; index++) {
    if ((a.bootstrap[index] as number) < (b.bootstrap[index] as number) * scale) return false;
    if ((a.small[index] as number) < (b.small[index] as number) * scale) return false;
  }
  return true;
}

/** Whether several classes have a part in it, so that the order of choosing matters. */
function isShared({ parts }: MergedBound): boolean {
  return parts.length > 1;
}

/** `bound` as class `index` sees it, which has a part in it. */
function classBound(
  bound: MergedBound,
  index: number,
  noises: readonly (ClassNoise | null)[],
  share: number,
): ClassBound {
  const { lookup, keyswitched, coarse } = bound;
  let used = 0;
  let open = false;
  for (const other of bound.parts) {
    if (other === index) continue;
    const noise = noises[other] ?? null;
    if (noise === null) {
      open = true;
      continue;
    }
    used +=
      (bound.bootstrap[other] as number) * noise.bootstrap +
      (bound.small[other] as number) * noise.small;
    if (lookup === other) {
      used += coarse === null ? noise.switched : coarse * noise.dimension;
      if (keyswitched) used += noise.keyswitch;
    }
  }
  const switched = lookup === index;
  return {
    bootstrap: bound.bootstrap[index] as number,
    small: bound.small[index] as number,
    keyswitch: switched && keyswitched ? 1 : 0,
    switched: switched && coarse === null ? 1 : 0,
    coarse: switched ? (coarse ?? 0) : 0,
    room: (bound.room - used) * (open ? share : 1),
  };
}
