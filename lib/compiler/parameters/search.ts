/** The parameter search: the cheapest parameters under which every rounding event keeps its share of `pError`. */

import { error } from '../../errors.ts';
import type { Parameters } from '../../runtime/program.ts';
import { type BitSet, bitSets, pathTails } from './bit-sets.ts';
import { circuitCandidates } from './circuit-candidates.ts';
import type { CircuitSet } from './circuit-sets.ts';
import {
  type BoundContext,
  constraintBound,
  type Gadgets,
  hasDiagram,
  hasLookup,
} from './constraint-bounds.ts';
import { evaluationKeyByte, evaluationKeyBytes, smallQueryBytes } from './cost.ts';
import { type LookupBound, type LookupChoice, searchLookups } from './lookup-search.ts';
import {
  type ClassRequirement,
  type LookupTables,
  leastBound,
  lookupTables,
} from './lookup-sets.ts';
import { log2Union, predictor } from './predict.ts';
import type {
  Choice,
  CircuitRequirement,
  Constraint,
  Infeasible,
  KeyTooLarge,
  Requirements,
} from './requirements.ts';
import { log2erfc, marginFor } from './special.ts';

/** Bit gadgets sampled where the noise of diagrams and lookups meets. */
const SAMPLES = 6;
/** Sets that the bounds admit may miss a prediction by rounding; no more. */
const ROUNDING = 1e-6;

/** Up to so many constraints are searched with at once; of more, those that bind are found by and by. */
const FEW_CONSTRAINTS = 24;

/** Gadgets of computed bits that are tried with shared keys: the best of those with keys of their own. */
const BEST_CIRCUITS = 2;

/** Doublings of the price of a key after which nothing else counts. */
const LARGEST_DOUBLINGS = 32;

/**
 * Chooses parameters. Deterministic; takes milliseconds.
 *
 * Where the cheapest have too large a key, the price of a byte of key is raised until it fits, and no further: time and
 * sizes of queries still count for the rest.
 */
export function searchParameters(requirements: Requirements): Choice | Infeasible | KeyTooLarge {
  const { maxKeyBytes = Infinity } = requirements;
  const free = searchAt(requirements, evaluationKeyByte);
  if (free.kind !== 'chosen' || free.evaluationKeyBytes <= maxKeyBytes) return free;
  let best: Choice | null = null;
  let evaluationKeyBytes = free.evaluationKeyBytes;
  /** Whether the key fits where its price is doubled so often. */
  const fits = (doublings: number): boolean => {
    const found = searchAt(requirements, evaluationKeyByte * 2 ** doublings);
    if (found.kind !== 'chosen') return false;
    evaluationKeyBytes = Math.min(evaluationKeyBytes, found.evaluationKeyBytes);
    if (found.evaluationKeyBytes > maxKeyBytes) return false;
    if (best === null || found.objective < best.objective) best = found;
    return true;
  };
  let [low, high] = [0, LARGEST_DOUBLINGS];
  if (!fits(high)) return { kind: 'key-too-large', evaluationKeyBytes };
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return best ?? free;
}

/**
 * The search at a price of a byte of evaluation key. Every exact event gets the same share of `pError` (union bound).
 *
 * A program of thousands of lookups has thousands of constraints, few of which bind. So the search is for those that have most
 * of some kind of noise, and is repeated with what its result breaks until it breaks none.
 */
function searchAt(requirements: Requirements, keyByte: number): Choice | Infeasible {
  const { constraints } = requirements;
  const search = searcher(requirements, keyByte);
  const active =
    constraints.length <= FEW_CONSTRAINTS ? new Set(constraints) : noisiest(constraints);
  for (;;) {
    const found = search.cheapest([...active]);
    if (found === null) return search.diagnosis();
    const choice = report(requirements, found, keyByte);
    const worst = broken(requirements, choice);
    if (worst.size === 0) return choice;
    for (const each of worst) {
      // The search under a constraint must keep it.
      if (active.has(each)) throw error('INTERNAL', { what: 'the parameter search', given: each });
      active.add(each);
    }
  }
}

/**
 * The same parameters for events with at least the noise of those that they were chosen for: nothing cheaper holds. Null where
 * one of the events fails too often.
 */
export function withMoreNoise(choice: Choice, requirements: Requirements): Choice | null {
  const { constraints } = requirements;
  const predictions = constraints.map(predictor(choice.parameters, choice.lookupClasses));
  const again = { ...choice, predictions, log2Failure: log2Union(constraints, predictions) };
  return broken(requirements, again).size === 0 ? again : null;
}

/** What rounds a value, and how far from its neighbours. */
function readerOf({ margin, lookup, keyswitched, replyBits }: Constraint): string {
  return `${margin} ${lookup} ${keyswitched} ${replyBits}`;
}

/** For each key the constraint of the largest size. */
class Largest {
  readonly #best = new Map<string, { readonly constraint: Constraint; readonly size: number }>();

  add(key: string, constraint: Constraint, size: number): void {
    if (size > (this.#best.get(key)?.size ?? -Infinity)) this.#best.set(key, { constraint, size });
  }

  get all(): Set<Constraint> {
    return new Set([...this.#best.values()].map(({ constraint }) => constraint));
  }
}

/** For each kind of reader the constraint with the most noise of each kind, and with the most if all sources were alike. */
function noisiest(constraints: readonly Constraint[]): Set<Constraint> {
  const noisiest = new Largest();
  for (const constraint of constraints) {
    const reader = readerOf(constraint);
    let all = 0;
    for (const term of constraint.terms) {
      const size = term.squaredWeight * ('depth' in term ? term.depth : 1);
      all += size;
      const kind = 'lookup' in term ? `${term.source} ${term.lookup}` : term.source;
      noisiest.add(`${reader} ${kind}`, constraint, size);
    }
    noisiest.add(reader, constraint, all);
  }
  return noisiest.all;
}

/** For each kind of reader the constraint that a choice breaks most, if it breaks any. */
function broken(requirements: Requirements, { predictions }: Choice): Set<Constraint> {
  const allowed = eventShare(requirements) * (1 - ROUNDING);
  const worst = new Largest();
  requirements.constraints.forEach((constraint, index) => {
    const failure = predictions[index]?.log2Failure ?? -Infinity;
    if (failure > allowed) worst.add(readerOf(constraint), constraint, failure);
  });
  return worst.all;
}

interface Search {
  /** The cheapest parameters that keep all of `constraints`, or null. */
  readonly cheapest: (constraints: readonly Constraint[]) => Whole | null;
  /** Why there are none. */
  readonly diagnosis: () => Infeasible;
}

/**
 * The search with what its repetitions share. Bit gadgets are tried from the cheapest on; for each, lookups and computed
 * bits get what its noise leaves of the margins; the search ends when no later one can be cheaper.
 */
function searcher(requirements: Requirements, keyByte: number): Search {
  const { polynomialSize: size, bits, circuit, lookups, calibration } = requirements;
  const tables = lookupTables(size, calibration, keyByte);
  const sets: readonly (BitSet | null)[] =
    bits === null ? [null] : bitSets(bits, size, calibration, keyByte);
  const context: BoundContext = {
    z: marginFor(eventShare(requirements)),
    size,
    circuitClass: lookups.length,
    tailOf: pathTails(size),
  };
  const classes = circuit === null ? lookups : [...lookups, circuitClass(circuit)];

  const cheapest: Search['cheapest'] = (constraints) => {
    const circuits = circuitCandidates(circuit, constraints, tables, context);
    const boundsOf = boundsUnder(constraints, context);
    /** The best that goes with bits of the query; without `ways`, however lookups may share keys. */
    const beside = (
      set: BitSet | null,
      among: readonly (CircuitSet | null)[],
      ways?: number[][],
    ) => {
      let best: Beside | null = null;
      for (const each of among) {
        const bounds = boundsOf({ bits: set, circuit: each });
        const shares = ways === undefined ? undefined : [0.5];
        const choice = searchLookups(classes, bounds, tables, ways, shares);
        if (choice === null) continue;
        const price = choice.price + (each?.price ?? 0);
        if (best === null || price < best.price) best = { circuit: each, choice, price };
      }
      return best;
    };

    const ranked = () =>
      circuits
        .flatMap((each) => beside(null, [each], sharings(classes.length).slice(0, 1)) ?? [])
        .sort((a, b) => a.price - b.price)
        .map((each) => each.circuit);
    const likely = circuits.length > 1 ? ranked().slice(0, BEST_CIRCUITS) : circuits;
    const apart = likely.length > 1 ? beside(null, likely, sharings(classes.length)) : null;
    const best = apart === null ? likely.slice(0, 1) : [apart.circuit];
    const floor = beside(null, best.length > 0 ? best : circuits);
    if (floor === null) return null;
    const roomy = sets.filter((set) =>
      boundsOf({ bits: set, circuit: null }).every((bound) => bound.room >= 0),
    );
    const coupled = constraints.some((c) => hasDiagram(c) && hasLookup(c));
    if (!coupled) {
      const set = roomy[0];
      return set === undefined ? null : { ...floor, set };
    }
    const ways = [[...floor.choice.classes]];
    // What computed bits are best alone mostly is beside bits of the query too: the others are tried once, in the end.
    const besideBits = (set: BitSet | null) =>
      beside(set, [floor.circuit], ways) ?? beside(set, circuits, ways);
    const chosen = cheapestPair(roomy, besideBits, floor.price);
    if (chosen === null) return null;
    const { set } = chosen;
    const mixed = circuits.length > 1 ? cheaper(chosen, beside(set, circuits, ways)) : chosen;
    return { ...cheaper(mixed, beside(set, [mixed.circuit])), set };
  };

  const diagnosis = () => {
    const { constraints } = requirements;
    const circuits = circuitCandidates(circuit, constraints, tables, context);
    const precise = { bits: sets.at(-1) ?? null, circuit: circuits.at(-1) ?? null };
    const bounds = constraints.map((each) => constraintBound(each, precise, context));
    return diagnose(requirements, bounds, tables);
  };
  return { cheapest, diagnosis };
}

/** The bounds of constraints under gadgets; those of constraints that no bits of the query are in are kept. */
function boundsUnder(
  constraints: readonly Constraint[],
  context: BoundContext,
): (gadgets: Gadgets) => LookupBound[] {
  const [open, fixed] = [constraints.filter(hasDiagram), constraints.filter((c) => !hasDiagram(c))];
  const known = new Map<CircuitSet | null, LookupBound[]>();
  return (gadgets) => {
    const bounds = (some: readonly Constraint[]) =>
      some.map((each) => constraintBound(each, gadgets, context));
    const kept = known.get(gadgets.circuit) ?? bounds(fixed);
    known.set(gadgets.circuit, kept);
    return [...bounds(open), ...kept];
  };
}

/** Circuit bootstraps as a class of lookups: one bit each, without padding. */
function circuitClass(bits: CircuitRequirement): ClassRequirement {
  return { precision: 0, count: 0, keyswitchCount: 0, smallSlotCount: 0, bits };
}

/** Ways to share keys that decide about gadgets: the last class has its own, or those of one other. */
function sharings(count: number): [number[], ...number[][]] {
  const last = count - 1;
  const apart = Array.from({ length: count }, (_, index) => index);
  return [apart, ...apart.slice(0, last).map((other) => apart.with(last, other))];
}

/** What goes with a way to send bits: computed bits, lookups, and the price of both. */
interface Beside {
  readonly circuit: CircuitSet | null;
  readonly choice: LookupChoice;
  readonly price: number;
}

function cheaper(first: Beside, second: Beside | null): Beside {
  return second !== null && second.price < first.price ? second : first;
}

/** All of it; the price is still that of what goes with the bits. */
interface Whole extends Beside {
  readonly set: BitSet | null;
}

/**
 * The set, and what goes with it, of the least price together. Along `sets` their own price rises and that of the rest
 * falls, so a few samples and ever closer ones around the best find it.
 */
function cheapestPair(
  sets: readonly (BitSet | null)[],
  besideOf: (set: BitSet | null) => Beside | null,
  leastBeside: number,
): Whole | null {
  let best: { readonly whole: Whole; readonly index: number; readonly price: number } | null = null;
  const tried = new Set<number>();
  const visit = (index: number) => {
    const set = sets[index];
    if (set === undefined || tried.has(index)) return;
    tried.add(index);
    const setPrice = set?.price ?? 0;
    if (best !== null && setPrice + leastBeside >= best.price) return;
    const found = besideOf(set);
    if (found === null) return;
    const price = setPrice + found.price;
    if (best === null || price < best.price) best = { whole: { ...found, set }, price, index };
  };
  let stride = Math.max(1, Math.ceil(sets.length / SAMPLES));
  for (let index = sets.length - 1; index >= 0; index -= stride) visit(index);
  const center = () => best?.index ?? -1;
  while (stride > 1 && center() >= 0) {
    stride = Math.ceil(stride / 2);
    const middle = center();
    visit(middle - stride);
    visit(middle + stride);
  }
  return (best as { readonly whole: Whole } | null)?.whole ?? null;
}

/** log2 of what one exact event may fail with: pError over the number of events. */
export function eventShare(requirements: Pick<Requirements, 'pError' | 'constraints'>): number {
  let events = 0;
  for (const { count } of requirements.constraints) events += count;
  return Math.log2(requirements.pError) - Math.log2(Math.max(1, events));
}

function report(
  requirements: Requirements,
  { set, circuit, choice, price }: Whole,
  keyByte: number,
): Choice {
  const lookupClasses = choice.classes.slice(0, requirements.lookups.length);
  const rotating = choice.classes[requirements.lookups.length] ?? 0;
  const parameters: Parameters = {
    glwe: { dimension: 1, polynomialSize: requirements.polynomialSize },
    packed: set?.packed ?? null,
    unpacked: set?.unpacked ?? null,
    lookups: choice.sets.map((each) => each.lookup),
    circuit: circuit === null ? null : { ...circuit.gadgets, lookup: rotating },
  };
  const predictions = requirements.constraints.map(predictor(parameters, lookupClasses));
  const keyBytes = evaluationKeyBytes(parameters);
  const slots = requirements.lookups.map(({ smallSlotCount }) => smallQueryBytes(smallSlotCount));
  return {
    kind: 'chosen',
    parameters,
    lookupClasses,
    predictions,
    log2Failure: log2Union(requirements.constraints, predictions),
    microseconds: (set?.microseconds ?? 0) + (circuit?.microseconds ?? 0) + choice.microseconds,
    evaluationKeyBytes: keyBytes,
    queryBytes: (set?.queryBytes ?? 0) + slots.reduce((sum, bytes) => sum + bytes, 0),
    objective: (set?.price ?? 0) + price - (keyByte - evaluationKeyByte) * keyBytes,
  };
}

/** Names the constraint that is farthest from holding when parameters serve it alone: `bounds` are under precise gadgets. */
function diagnose(
  requirements: Requirements,
  bounds: readonly LookupBound[],
  tables: LookupTables,
): Infeasible {
  const { constraints } = requirements;
  const log2Share = eventShare(requirements);
  const z = marginFor(log2Share);
  let worst = { index: 0, ratio: -Infinity, variance: Infinity };
  for (const [index, constraint] of constraints.entries()) {
    const bound = bounds[index];
    if (bound === undefined) continue;
    const target = (constraint.margin / z) ** 2;
    const total = (weights: Float64Array) => weights.reduce((sum, weight) => sum + weight, 0);
    const variance =
      target -
      bound.room +
      leastBound(
        {
          bootstrap: total(bound.bootstrap),
          small: total(bound.small),
          keyswitch: bound.lookup !== null && bound.keyswitched ? 1 : 0,
          switched: bound.lookup !== null && bound.coarse === null ? 1 : 0,
          coarse: bound.coarse ?? 0,
        },
        tables,
      );
    const ratio = variance / target;
    if (ratio > worst.ratio) worst = { index, ratio, variance };
  }
  return {
    kind: 'infeasible',
    constraint: worst.index,
    variance: worst.variance,
    log2Failure: log2erfc(z / Math.sqrt(2 * worst.ratio)),
    log2FailureAllowed: log2Share,
    jointly: worst.ratio <= 1,
  };
}
