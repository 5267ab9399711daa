/** The cheapest keys of one class of lookups under linear bounds on its variances. */

import type { Gadget, LookupParameters } from '../../runtime/program.ts';
import type { Calibration } from './calibration.ts';
import {
  blindRotationTime,
  bootstrapKeyBytes,
  evaluationKeyByte,
  keyswitchTime,
  lonelinessTime,
  lookupKeyBytes,
  queryPrice,
  smallQueryBytes,
} from './cost.ts';
import {
  bootstrapVariance,
  freshSmallVariance,
  keyswitchParts,
  keyswitchVariance,
  LOG2_SMALL_MODULUS,
  modulusSwitchVariance,
} from './noise.ts';
import type { CircuitRequirement, LookupRequirement } from './requirements.ts';
import { secureVariance } from './security.ts';

/**
 * bootstrap * v_pbs + small * v_small + keyswitch * v_ks + switched * v_ms + coarse * n <= room, all of one class.
 * `coarse` is v_ms / n of a modulus switch that does not depend on the class: that of a circuit bootstrap.
 */
export interface ClassBound {
  readonly bootstrap: number;
  readonly small: number;
  readonly keyswitch: 0 | 1;
  readonly switched: 0 | 1;
  readonly coarse?: number;
  readonly room: number;
}

/** The small dimension n and the four variances of a class. */
export interface ClassNoise {
  readonly dimension: number;
  readonly bootstrap: number;
  readonly small: number;
  readonly keyswitch: number;
  readonly switched: number;
}

/** What a class is asked to do: `bits` are its circuit bootstraps, which turn polynomials of N whatever the extension. */
export interface ClassRequirement extends LookupRequirement {
  readonly bits?: Pick<CircuitRequirement, 'bitCount' | 'layerCount'> | undefined;
}

/** Parameters of a class with the price of its lookups, keys and query values. */
export interface LookupSet {
  readonly lookup: LookupParameters;
  readonly noise: ClassNoise;
  readonly microseconds: number;
  readonly price: number;
}

/** Small dimensions tried. The security curve holds from 450; beyond the last, the modulus of 2^32 is too coarse. */
const DIMENSIONS = { first: 500, last: 1240, step: 4 } as const;
const LARGEST_LOG2_EXTENSION = 8;
const EXTENSIONS = Array.from({ length: LARGEST_LOG2_EXTENSION + 1 }, (_, e) => e);
const LARGEST_BOOTSTRAP_LEVELS = 4;
const LARGEST_KEYSWITCH_LEVELS = 14;
/** Keyswitch digits cover at most this much of the 32 bits. */
const KEYSWITCH_BITS = 30;

/** A keyswitch gadget and what it adds. */
interface KeyswitchSet {
  readonly gadget: Gadget;
  readonly variance: number;
}

/** A bootstrap gadget; v_pbs and the time of a rotation are proportional to n. */
interface BootstrapSet {
  readonly gadget: Gadget;
  /** v_pbs / n. */
  readonly step: number;
  /** Time / n, per log2Extension. */
  readonly stepTimes: readonly number[];
}

/** Gadgets that a search needs again and again; made once per search and size. */
export interface LookupTables {
  readonly size: number;
  readonly calibration: Calibration;
  /** Price of a byte of evaluation key. */
  readonly keyByte: number;
  /** Per level count, the base with the least noise. */
  readonly bootstraps: readonly BootstrapSet[];
  /** Per log2Extension, v_ms / n. */
  readonly switches: readonly number[];
  /** What depends on the small dimension alone. */
  readonly dimension: (lweDimension: number) => DimensionSet;
  /** The cheapest parameters found so far, by what they were found for: a descent asks for most of them several times. */
  readonly found: Map<string, LookupSet | null>;
}

/** One small dimension: noise of fresh samples, and keyswitches into it, more levels for less noise. */
interface DimensionSet {
  readonly small: number;
  readonly keyswitches: readonly KeyswitchSet[];
}

/** Tables for polynomials of `size` coefficients. */
export function lookupTables(
  size: number,
  calibration: Calibration,
  keyByte: number = evaluationKeyByte,
): LookupTables {
  const known = new Map<number, DimensionSet>();
  const keyswitches = keyswitchGadgets(size);
  return {
    size,
    calibration,
    keyByte,
    bootstraps: Array.from({ length: LARGEST_BOOTSTRAP_LEVELS }, (_, index) =>
      bestBootstrap(index + 1, size, calibration),
    ),
    switches: EXTENSIONS.map((e) => modulusSwitchVariance(1, Math.log2(size) + e + 1)),
    dimension: (lweDimension) => {
      let set = known.get(lweDimension);
      if (set === undefined) {
        const small = freshSmallVariance(lweDimension);
        set = { small, keyswitches: keyswitchSets(lweDimension, keyswitches) };
        known.set(lweDimension, set);
      }
      return set;
    },
    found: new Map(),
  };
}

/** Variances of a class's parameters. */
export function classNoise(lookup: LookupParameters, size: number): ClassNoise {
  const n = lookup.lweDimension;
  return {
    dimension: n,
    bootstrap: bootstrapVariance(n, lookup.bootstrap, size),
    small: freshSmallVariance(n),
    keyswitch: keyswitchVariance(size, n, lookup.keyswitch),
    switched: modulusSwitchVariance(n, Math.log2(size) + lookup.log2Extension + 1),
  };
}

/** The cheapest parameters of a class, or null when none satisfy `bounds`. */
export function bestLookupSet(
  bounds: readonly ClassBound[],
  requirement: ClassRequirement,
  tables: LookupTables,
): LookupSet | null {
  if (bounds.some((bound) => bound.room <= 0)) return null;
  const tight = tightest(bounds);
  const key = questionKey(tight, requirement);
  let set = tables.found.get(key);
  if (set === undefined) {
    set = cheapestUnder(tight, requirement, tables);
    tables.found.set(key, set);
  }
  return set;
}

/** A text that is equal for equal bounds and requirements. */
function questionKey(bounds: readonly ClassBound[], requirement: ClassRequirement): string {
  const { precision, count, keyswitchCount, smallSlotCount, bits } = requirement;
  let key = `${precision} ${count} ${keyswitchCount} ${smallSlotCount} ${bits?.bitCount} ${bits?.layerCount}`;
  for (const { bootstrap, small, keyswitch, switched, coarse, room } of bounds)
    key += ` ${bootstrap} ${small} ${keyswitch} ${switched} ${coarse} ${room}`;
  return key;
}

function cheapestUnder(
  tight: readonly ClassBound[],
  requirement: ClassRequirement,
  tables: LookupTables,
): LookupSet | null {
  const rooms = new Rooms(tight);
  const { size, calibration, keyByte } = tables;
  const leastStep = Math.min(...tables.bootstraps.map(({ step }) => step));
  const { bitCount = 0, layerCount = 0 } = requirement.bits ?? {};
  const keyswitchCount = requirement.keyswitchCount + bitCount;
  const needsKeyswitch = keyswitchCount > 0 || tight.some((b) => b.keyswitch === 1);
  const leastExtension = Math.max(0, requirement.precision + 1 - Math.log2(size));
  const fixed = queryPrice(smallQueryBytes(requirement.smallSlotCount));
  const rotationTime = ({ stepTimes }: BootstrapSet, e: number) =>
    requirement.count * (stepTimes[e] as number) + bitCount * (stepTimes[0] as number);
  let best: { lookup: LookupParameters; microseconds: number; price: number } | null = null;
  // Those that may still be in the best: their prices, keys and noise grow with n.
  const open = [...tables.bootstraps];
  const first = firstDimension(tight, tables);
  for (let n = first; n <= DIMENSIONS.last && open.length > 0; n += DIMENSIONS.step) {
    const { small, keyswitches } = tables.dimension(n);
    const leastKeyswitch = needsKeyswitch ? (keyswitches.at(-1)?.variance ?? Infinity) : 0;
    const leastSwitched = n * (tables.switches[LARGEST_LOG2_EXTENSION] ?? Infinity);
    // Not even with the most precise bootstraps.
    rooms.without(n * leastStep, small, n);
    if (rooms.forKeyswitch(leastSwitched) < leastKeyswitch) continue;
    const leastFixed = fixed + keyswitchCount * keyswitchTime(n, 1, size, calibration);
    for (let index = 0; index < open.length; index += 1) {
      const bootstrap = open[index] as BootstrapSet;
      const { gadget, step } = bootstrap;
      const keyPrice = bootstrapKeyBytes(n, gadget, size) * keyByte;
      const least = n * rotationTime(bootstrap, leastExtension) + keyPrice + leastFixed;
      if (best !== null && least >= best.price) {
        open.splice(index--, 1);
        continue;
      }
      rooms.without(n * step, small, n);
      if (rooms.forKeyswitch(leastSwitched) < leastKeyswitch) {
        rooms.without(n * step, 0, n);
        if (rooms.forKeyswitch(leastSwitched) < 0) open.splice(index--, 1);
        continue;
      }
      for (let e = leastExtension; e <= LARGEST_LOG2_EXTENSION; e += 1) {
        const rotations = n * rotationTime(bootstrap, e);
        if (best !== null && rotations + keyPrice + leastFixed >= best.price) break;
        const room = rooms.forKeyswitch(n * (tables.switches[e] ?? Infinity));
        if (room < leastKeyswitch) continue;
        const keyswitch = needsKeyswitch
          ? keyswitches.find((set) => set.variance <= room)?.gadget
          : { baseLog: 1, levelCount: 1 };
        if (keyswitch === undefined) continue;
        const lookup = { lweDimension: n, keyswitch, bootstrap: gadget, log2Extension: e };
        const microseconds =
          rotations +
          keyswitchCount * keyswitchTime(n, keyswitch.levelCount, size, calibration) +
          bitCount * lonelinessTime(bitCount, layerCount, lookup, size, calibration);
        const price = microseconds + lookupKeyBytes(lookup, size) * keyByte + fixed;
        if (best === null || price < best.price) best = { lookup, microseconds, price };
        break;
      }
    }
  }
  return best === null ? null : { noise: classNoise(best.lookup, size), ...best };
}

/** The first small dimension where the noise of keyswitches and fresh samples, which falls with n, leaves room for any other. */
function firstDimension(bounds: readonly ClassBound[], tables: LookupTables): number {
  const { first, last, step } = DIMENSIONS;
  const leavesRoom = (n: number): boolean => {
    const set = tables.dimension(n);
    const keyswitched = set.keyswitches.at(-1)?.variance ?? Infinity;
    return bounds.every(
      ({ room, small, keyswitch }) =>
        room - small * set.small >= (keyswitch === 1 ? keyswitched : 0),
    );
  };
  let [low, high] = [0, (last - first) / step + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (leavesRoom(first + middle * step)) high = middle;
    else low = middle + 1;
  }
  return first + low * step;
}

/** The least that `bound` (its room ignored) can come to under any parameters of its class. */
export function leastBound(bound: Omit<ClassBound, 'room'>, tables: LookupTables): number {
  let least = Infinity;
  for (let n = DIMENSIONS.first; n <= DIMENSIONS.last; n += 4 * DIMENSIONS.step) {
    const switched = modulusSwitchVariance(n, Math.log2(tables.size) + LARGEST_LOG2_EXTENSION + 1);
    const { small, keyswitches } = tables.dimension(n);
    const keyswitch = keyswitches.at(-1)?.variance ?? Infinity;
    for (const { step } of tables.bootstraps) {
      const sum =
        bound.bootstrap * n * step +
        bound.small * small +
        (bound.keyswitch === 1 ? keyswitch : 0) +
        (bound.switched === 1 ? switched : 0) +
        (bound.coarse ?? 0) * n;
      least = Math.min(least, sum);
    }
  }
  return least;
}

/**
 * What bounds leave for keyswitch and modulus switch: the least room among those that have both, each alone, or neither.
 * Numbers in typed arrays, since this is asked a million times.
 */
class Rooms {
  /** Of each bound: its room, its weights of bootstraps, fresh samples and coarse switches, and which switches it has. */
  readonly #bounds: Float64Array;
  readonly #least = new Float64Array(4);

  constructor(bounds: readonly ClassBound[]) {
    this.#bounds = new Float64Array(
      bounds.flatMap(({ room, bootstrap, small, coarse = 0, keyswitch, switched }) => [
        room,
        bootstrap,
        small,
        coarse,
        2 * keyswitch + switched,
      ]),
    );
  }

  /** Takes the noise of bootstraps, fresh samples and coarse switches away. */
  without(bootstrap: number, small: number, dimension: number): void {
    const bounds = this.#bounds;
    const least = this.#least.fill(Infinity);
    for (let i = 0; i < bounds.length; i += 5) {
      const left =
        (bounds[i] as number) -
        (bounds[i + 1] as number) * bootstrap -
        (bounds[i + 2] as number) * small -
        (bounds[i + 3] as number) * dimension;
      const kind = bounds[i + 4] as number;
      if (left < (least[kind] as number)) least[kind] = left;
    }
  }

  /** What is left for the keyswitch: negative when a bound is broken already, Infinity when none has one. */
  forKeyswitch(switched: number): number {
    const least = this.#least;
    if ((least[0] as number) < 0 || (least[1] as number) < switched) return -1;
    return Math.min(least[2] as number, (least[3] as number) - switched);
  }
}

/** Drops every bound that another one implies, after scaling rooms to 1. */
function tightest(bounds: readonly ClassBound[]): ClassBound[] {
  const implies = (a: ClassBound, b: ClassBound) =>
    a.bootstrap / a.room >= b.bootstrap / b.room &&
    a.small / a.room >= b.small / b.room &&
    a.keyswitch / a.room >= b.keyswitch / b.room &&
    a.switched / a.room >= b.switched / b.room &&
    (a.coarse ?? 0) / a.room >= (b.coarse ?? 0) / b.room;
  const kept: ClassBound[] = [];
  for (const bound of bounds) {
    if (kept.some((other) => implies(other, bound))) continue;
    const survivors = kept.filter((other) => !implies(bound, other));
    kept.length = 0;
    kept.push(...survivors, bound);
  }
  return kept;
}

function bestBootstrap(levelCount: number, size: number, calibration: Calibration): BootstrapSet {
  let best = { gadget: { baseLog: 1, levelCount }, step: Infinity };
  for (let baseLog = 2; baseLog <= 26 && baseLog * levelCount <= 48; baseLog += 1) {
    const gadget = { baseLog, levelCount };
    const step = bootstrapVariance(1, gadget, size);
    if (step < best.step) best = { gadget, step };
  }
  const stepTimes = EXTENSIONS.map((e) => blindRotationTime(1, best.gadget, e, size, calibration));
  return { stepTimes, ...best };
}

/** All that are tried, with their noise for all output dimensions. */
function keyswitchGadgets(size: number) {
  const gadgets: ({ readonly gadget: Gadget } & ReturnType<typeof keyswitchParts>)[] = [];
  for (let levelCount = 1; levelCount <= LARGEST_KEYSWITCH_LEVELS; levelCount += 1) {
    for (let baseLog = 1; baseLog * levelCount <= KEYSWITCH_BITS; baseLog += 1) {
      const gadget = { baseLog, levelCount };
      gadgets.push({ gadget, ...keyswitchParts(size, gadget) });
    }
  }
  return gadgets;
}

function keyswitchSets(
  lweDimension: number,
  gadgets: ReturnType<typeof keyswitchGadgets>,
): KeyswitchSet[] {
  const sets: KeyswitchSet[] = [];
  const key = secureVariance(lweDimension, LOG2_SMALL_MODULUS);
  let least = Infinity;
  for (const { gadget, ofKey, fixed } of gadgets) {
    const variance = ofKey * key + fixed;
    if (variance >= least) continue;
    least = variance;
    if (sets.at(-1)?.gadget.levelCount === gadget.levelCount) sets.pop();
    sets.push({ gadget, variance });
  }
  return sets;
}
