/** The parameter search: the cheapest parameters under which every rounding event keeps its share of `pError`. */

import { error } from '../../errors.ts';
import type { Parameters } from '../../runtime/program.ts';
import { type BitSet, bitSets, type PathVariance, pathVariance } from './bit-sets.ts';
import { evaluationKeyByte, evaluationKeyBytes, smallQueryBytes } from './cost.ts';
import { type LookupBound, type LookupChoice, searchLookups } from './lookup-search.ts';
import { type LookupTables, leastBound, lookupTables } from './lookup-sets.ts';
import { freshVariance, LOG2_MODULUS, replyVariance } from './noise.ts';
import { predict } from './predict.ts';
import type { Choice, Constraint, Infeasible, KeyTooLarge, Requirements } from './requirements.ts';
import { log2erfc, marginFor } from './special.ts';

export { predict, smallestReplyBits } from './predict.ts';

/** Bit gadgets sampled where the noise of diagrams and lookups meets. */
const SAMPLES = 6;
/** Sets that the bounds admit may miss a prediction by rounding; no more. */
const ROUNDING = 1e-6;

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
 * The search at a price of a byte of evaluation key. Every exact event gets the same share of `pError` (union bound). Bit
 * gadgets are tried from the cheapest on; for each, the lookups get what its noise leaves of the margins; the search ends
 * when no later one can be cheaper.
 */
function searchAt(requirements: Requirements, keyByte: number): Choice | Infeasible {
  const { polynomialSize: size, bits, lookups, calibration } = requirements;
  const log2Share = eventShare(requirements);
  const z = marginFor(log2Share);
  const constraints = mergeEqual(requirements.constraints);
  const tables = lookupTables(size, calibration, keyByte);
  const sets: readonly (BitSet | null)[] =
    bits === null ? [null] : bitSets(bits, size, calibration, keyByte);
  const path = pathVariance(z, size);
  const boundsOf = (set: BitSet | null) =>
    constraints.map((c) => lookupBound(c, set, z, size, path));
  const guilty = () => diagnose(requirements, constraints, sets, log2Share, tables, path);

  const floor = searchLookups(lookups, boundsOf(null), tables);
  if (floor === null) return guilty();
  const roomy = sets.filter((set) => boundsOf(set).every((bound) => bound.room >= 0));
  const coupled = constraints.some((c) => hasDiagram(c) && hasLookup(c));
  if (!coupled) {
    const set = roomy[0];
    return set === undefined ? guilty() : report(requirements, set, floor, log2Share, keyByte);
  }
  const chosen = cheapestPair(
    roomy,
    (set) => searchLookups(lookups, boundsOf(set), tables, [floor.classes], [0.5]),
    floor.price,
  );
  if (chosen === null) return guilty();
  const all = searchLookups(lookups, boundsOf(chosen.set), tables) ?? chosen.choice;
  const choice = all.price < chosen.choice.price ? all : chosen.choice;
  return report(requirements, chosen.set, choice, log2Share, keyByte);
}

interface Pair {
  readonly set: BitSet | null;
  readonly choice: LookupChoice;
  readonly price: number;
}

/**
 * The set and the lookups beside it with the least price together. Along `sets` their own price rises and that of the
 * lookups falls, so a few samples and ever closer ones around the best find it.
 */
function cheapestPair(
  sets: readonly (BitSet | null)[],
  lookupsFor: (set: BitSet | null) => LookupChoice | null,
  leastLookupPrice: number,
): Pair | null {
  let best: (Pair & { readonly index: number }) | null = null;
  const tried = new Set<number>();
  const visit = (index: number) => {
    const set = sets[index];
    if (set === undefined || tried.has(index)) return;
    tried.add(index);
    const setPrice = set?.price ?? 0;
    if (best !== null && setPrice + leastLookupPrice >= best.price) return;
    const choice = lookupsFor(set);
    if (choice === null) return;
    const price = setPrice + choice.price;
    if (best === null || price < best.price) best = { set, choice, price, index };
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
  return best;
}

/** log2 of what one exact event may fail with: pError over the number of events. */
export function eventShare(requirements: Pick<Requirements, 'pError' | 'constraints'>): number {
  let events = 0;
  for (const { count } of requirements.constraints) events += count;
  return Math.log2(requirements.pError) - Math.log2(Math.max(1, events));
}

/** Constraints that differ only in `count` are one. Positions are lost: `report` and `diagnose` use the originals. */
function mergeEqual(constraints: readonly Constraint[]): Constraint[] {
  const distinct = new Map<string, Constraint>();
  for (const constraint of constraints) {
    const key = JSON.stringify({ ...constraint, count: 0 });
    if (!distinct.has(key)) distinct.set(key, constraint);
  }
  return [...distinct.values()];
}

/** A constraint with the noise of all but lookups subtracted; `set` null leaves diagrams out. */
function lookupBound(
  constraint: Constraint,
  set: BitSet | null,
  z: number,
  size: number,
  path: PathVariance,
): LookupBound {
  let room = (constraint.margin / z) ** 2;
  const bootstrap = new Map<number, number>();
  const small = new Map<number, number>();
  for (const term of constraint.terms) {
    const weight = term.squaredWeight;
    switch (term.source) {
      case 'fresh-glwe':
        room -= weight * freshVariance(size);
        break;
      case 'diagram':
        // Most sets fail without the costlier correction of the tail.
        if (set === null) break;
        if (room < weight * term.depth * set.variance) {
          room -= weight * term.depth * set.variance;
        } else room -= weight * path(set, term.depth);
        break;
      case 'bootstrap':
        bootstrap.set(term.lookup, (bootstrap.get(term.lookup) ?? 0) + weight);
        break;
      case 'fresh-small':
        small.set(term.lookup, (small.get(term.lookup) ?? 0) + weight);
        break;
      default:
        term satisfies never;
    }
  }
  if (constraint.lookup === null) {
    room -= replyVariance(size, constraint.replyBits ?? LOG2_MODULUS);
  }
  const { lookup, keyswitched } = constraint;
  return { bootstrap, small, lookup, keyswitched, room };
}

function hasDiagram(constraint: Constraint): boolean {
  return constraint.terms.some((term) => term.source === 'diagram' && term.depth > 0);
}

function hasLookup(constraint: Constraint): boolean {
  const lookup = (source: string) => source === 'bootstrap' || source === 'fresh-small';
  return constraint.lookup !== null || constraint.terms.some((term) => lookup(term.source));
}

function report(
  requirements: Requirements,
  set: BitSet | null,
  choice: LookupChoice,
  log2Share: number,
  keyByte: number,
): Choice {
  const parameters: Parameters = {
    glwe: { dimension: 1, polynomialSize: requirements.polynomialSize },
    packed: set?.packed ?? null,
    unpacked: set?.unpacked ?? null,
    lookups: choice.sets.map((each) => each.lookup),
    circuit: null,
  };
  const predictions = requirements.constraints.map((constraint) => {
    const prediction = predict(constraint, parameters, choice.classes);
    if (prediction.log2Failure > log2Share * (1 - ROUNDING)) {
      throw error('INTERNAL', {
        what: 'the parameter search',
        given: { constraint, prediction },
      });
    }
    return prediction;
  });
  const keyBytes = evaluationKeyBytes(parameters);
  let failure = 0;
  requirements.constraints.forEach((constraint, index) => {
    // Relative to the share: probabilities themselves may underflow.
    const excess = (predictions[index]?.log2Failure ?? -Infinity) - log2Share;
    failure += constraint.count * 2 ** excess;
  });
  const slots = requirements.lookups.map(({ smallSlotCount }) => smallQueryBytes(smallSlotCount));
  return {
    kind: 'chosen',
    parameters,
    lookupClasses: choice.classes,
    predictions,
    log2Failure: Math.log2(failure) + log2Share,
    microseconds: (set?.microseconds ?? 0) + choice.microseconds,
    evaluationKeyBytes: keyBytes,
    queryBytes: (set?.queryBytes ?? 0) + slots.reduce((sum, bytes) => sum + bytes, 0),
    objective: (set?.price ?? 0) + choice.price - (keyByte - evaluationKeyByte) * keyBytes,
  };
}

/** Names the constraint that is farthest from holding when parameters serve it alone. */
function diagnose(
  requirements: Requirements,
  constraints: readonly Constraint[],
  sets: readonly (BitSet | null)[],
  log2Share: number,
  tables: LookupTables,
  path: PathVariance,
): Infeasible {
  const z = marginFor(log2Share);
  const size = requirements.polynomialSize;
  const precise = sets.at(-1) ?? null;
  let worst = { constraint: constraints[0], ratio: -Infinity, variance: Infinity };
  for (const constraint of constraints) {
    const bound = lookupBound(constraint, precise, z, size, path);
    const target = (constraint.margin / z) ** 2;
    const total = (weights: ReadonlyMap<number, number>) =>
      [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    const variance =
      target -
      bound.room +
      leastBound(
        {
          bootstrap: total(bound.bootstrap),
          small: total(bound.small),
          keyswitch: bound.lookup !== null && bound.keyswitched ? 1 : 0,
          switched: bound.lookup !== null ? 1 : 0,
        },
        tables,
      );
    const ratio = variance / target;
    if (ratio > worst.ratio) worst = { constraint, ratio, variance };
  }
  const guilty = worst.constraint;
  const index = guilty === undefined ? -1 : requirements.constraints.indexOf(guilty);
  return {
    kind: 'infeasible',
    constraint: index,
    variance: worst.variance,
    log2Failure: log2erfc(z / Math.sqrt(2 * worst.ratio)),
    log2FailureAllowed: log2Share,
    jointly: worst.ratio <= 1,
  };
}
