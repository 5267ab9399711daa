/**
 * Candidates: a graph has several plans, and a plan several layouts; each gets parameters, and the cheapest is taken, bytes
 * of keys, queries and replies included.
 */
import type { Graph, Node } from '../../tracer/graph.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import { BlindfitError, error } from '../errors.ts';
import type { Bounds } from './bounds.ts';
import type { CellBuilder, Range } from './cells.ts';
import { growthOf } from './growth.ts';
import { type Layout, layout } from './layout.ts';
import { locate, operationOf } from './locate.ts';
import { widthOf } from './lower/diagram.ts';
import type { LowerOptions } from './lower/estimates.ts';
import { lower } from './lower/lower.ts';
import { packReplies } from './lower/pack.ts';
import { cellsOf, type LookupPlan, type OutputPlan, type Plan, precisionOf } from './lower/plan.ts';
import { type Prices, pricesFor, type QueryForm } from './lower/prices.ts';
import { mostGates } from './lower/tables.ts';
import type { Calibration } from './parameters/calibration.ts';
import { evaluationKeyByte, replyPrice } from './parameters/cost.ts';
import { largestExactWidth } from './parameters/reachable.ts';
import type { Choice, Infeasible } from './parameters/requirements.ts';
import { searchParameters, withMoreNoise } from './parameters/search.ts';
import { type PlanRequirements, requirementsOf } from './requirements.ts';

/** All circuits use one GLWE key of dimension 1 and this size: one key for every precision. */
const polynomialSize = 2048;

/** Of one GLWE or LWE with 20 bits a coefficient. */
const typicalReplyBytes = 5_000;

/** Share of `pError` that is assumed for one output when its digits are cut; the search gives the real shares. */
const log2OutputShare = 6;

/** Widest output, in bits, that any gadget makes exact at little cost. */
const narrowWidth = 8;

/** Bits of the sums that wider ones are cut into by digits of their weights, and where these are too noisy. */
const cutWidth = 14;
const finelyCutWidth = 10;

/** Bits of the digits of a sum's terms, at least: sums of fewer would be many; and where these do not stay together. */
const leastDigitBits = 2;
const usualDigitBits = 5;

/** Of a table of as many computed bits as there may be. */
const gateNoise = { depth: 0, circuitDepth: mostGates, squaredWeight: 1 };

/** Parts of a price that are no reason to lower a second time, or to look for parameters again. */
const cheapKeys = 0.05;
const cheapReplies = 0.01;

type Noise = Parameters<LowerOptions['exactWidth']>[0];

/** What the user asks of a circuit, and the times of this machine. */
export interface Demands {
  readonly pError: number;
  readonly query: QueryForm;
  readonly calibration: Calibration;
  /** Bytes of the largest evaluation key that may be taken. */
  readonly maxKeyBytes?: number | undefined;
}

/** A plan with everything that is known of it before it is emitted. */
export interface Candidate {
  readonly plan: Plan;
  readonly placed: Layout;
  readonly asked: PlanRequirements;
  readonly found: Choice;
}

/** The typical failure of one rounding, before their number is known. */
function log2Typical(pError: number): number {
  return Math.log2(pError) - log2OutputShare;
}

/** The prices by which engines are compared. */
export function pricesOf({ pError, query, calibration }: Demands): Prices {
  return pricesFor(polynomialSize, query, log2Typical(pError), calibration);
}

/**
 * The cheapest plan, time and key sizes together. Lowering chooses engine by engine and cannot see that the first
 * lookup brings tens of megabytes of keys; so the plan without any lookup is priced too. `pause` is called where work may
 * be cancelled.
 */
export async function cheapestPlan(
  graph: Graph,
  cells: Bounds,
  builder: CellBuilder,
  demands: Demands,
  pause: () => Promise<void>,
): Promise<Candidate> {
  const { query, calibration, pError } = demands;
  const log2Failure = log2Typical(pError);
  const prices = pricesOf(demands);
  const packedWidth = largestExactWidth(polynomialSize, calibration);
  const exactWidth = (noise: Noise) =>
    query === 'packed' ? packedWidth({ log2Failure, ...noise }) : 53;
  const gateWidth = packedWidth({ ...gateNoise, log2Failure });
  const all = { exactWidth, gateWidth, sumWidth: 53 };
  const bits = query !== 'values';
  const shared = { prices, ...all, bits, lookups: true, choices: bits };
  const candidateOf = (options: LowerOptions) =>
    attempt(() =>
      parametersFor(graph, cells.ranges, lower(graph, cells, builder, options), demands),
    );
  const plan = lower(graph, cells, builder, shared);
  await pause();
  const first = attempt(() => parametersFor(graph, cells.ranges, plan, demands));
  await pause();
  const mixed = withLookedChoices(
    withNarrowSums(first, plan, shared, candidateOf),
    plan,
    shared,
    candidateOf,
  );
  const hasLookups = plan.lookups.length > 0;
  const options = hasLookups ? { ...shared, lookups: false } : shared;
  const isTried = hasLookups && shared.bits && !keysAreCheap(mixed);
  const leveled = isTried ? candidateOf(options) : mixed;
  const best = cheaper(mixed, leveled);
  // Wide outputs may be exact and yet cost more than several narrow ones.
  const isWide = plan.outputs.some(hasWidePart);
  const isLeveled = !hasLookups || (isTried && best === leveled);
  const cut = (digitBits: number) => {
    const most = narrowWidthOf(plan, digitBits);
    return candidateOf({
      ...options,
      exactWidth: (noise: Noise) => Math.min(exactWidth(noise), most),
    });
  };
  let found = best;
  if (query === 'packed' && isWide && isLeveled) {
    const narrow = cut(leastDigitBits);
    if (!(narrow instanceof BlindfitError)) {
      found = cheaper(best, narrow);
      const isApart = narrow.plan.outputs.length > plan.outputs.length;
      const wider = found === narrow && isApart ? cut(usualDigitBits) : narrow;
      if (!(wider instanceof BlindfitError)) found = cheaper(found, wider);
    }
  }
  if (found instanceof BlindfitError) throw found;
  return found;
}

/** The candidate, or where it is too noisy one in which no bit of the query chooses a computed value with its noise. */
function withLookedChoices(
  first: Candidate | BlindfitError,
  plan: Plan,
  options: LowerOptions,
  candidateOf: (options: LowerOptions) => Candidate | BlindfitError,
): Candidate | BlindfitError {
  if (plan.embedded.size === 0 || !isNoisy(first)) return first;
  return cheaper(first, candidateOf({ ...options, choices: false }));
}

function isNoisy(found: Candidate | BlindfitError): boolean {
  return found instanceof BlindfitError && found.code === 'NO_PARAMETERS';
}

/**
 * The candidate, or one whose sums of lookups leave in narrow parts, of terms that are multiples of powers of two or of digits
 * of weights; where none has parameters, one that also looks up what diagrams of computed bits give.
 */
function withNarrowSums(
  first: Candidate | BlindfitError,
  plan: Plan,
  options: LowerOptions,
  candidateOf: (options: LowerOptions) => Candidate | BlindfitError,
): Candidate | BlindfitError {
  if (plan.lookups.length === 0) return first;
  const widest = plan.outputs.reduce(
    (most, output) => (output.kind === 'lwe' ? Math.max(most, widthOf(output.part)) : most),
    0,
  );
  const narrow = { ...options, sumWidth: narrowWidth };
  const cut = (sumWidth: number) => candidateOf({ ...options, sumWidth, cutsWeights: true });
  let best = widest > narrowWidth ? cheaper(first, candidateOf(narrow)) : first;
  if (widest > cutWidth) best = cheaper(best, cut(cutWidth));
  if (widest > finelyCutWidth && isNoisy(best)) best = cheaper(best, cut(finelyCutWidth));
  return isNoisy(best) ? cheaper(best, candidateOf({ ...narrow, gateWidth: 0 })) : best;
}

/** Of two candidates the cheaper, and of two errors the more telling. */
function cheaper(
  first: Candidate | BlindfitError,
  second: Candidate | BlindfitError,
): Candidate | BlindfitError {
  if (second instanceof BlindfitError)
    return first instanceof BlindfitError ? closerError(first, second) : first;
  if (first instanceof BlindfitError) return second;
  return priceOf(second) < priceOf(first) ? second : first;
}

/** Whether nothing is to be won without lookups: value by value they are the cheapest, so only their keys would be saved. */
function keysAreCheap(mixed: Candidate | BlindfitError): boolean {
  if (mixed instanceof BlindfitError) return false;
  const { evaluationKeyBytes, objective } = mixed.found;
  return evaluationKeyBytes * evaluationKeyByte < cheapKeys * objective;
}

/** The width at which outputs are cut: sums of many terms are wide, whatever their digits. */
function narrowWidthOf({ outputs }: Plan, digitBits: number): number {
  const counts = outputs.flatMap((output) =>
    output.kind === 'value' ? output.forms.map(({ terms }) => terms.length) : [],
  );
  return Math.max(narrowWidth, Math.ceil(Math.log2(Math.max(1, ...counts))) + digitBits);
}

function hasWidePart(output: OutputPlan): boolean {
  return output.kind === 'value' && output.parts.some((part) => widthOf(part) > narrowWidth);
}

/** Of two plans without parameters, what is wrong with the one that needs the smaller key; or else with the first. */
function closerError(first: BlindfitError, second: BlindfitError): BlindfitError {
  const missing = ({ code, details }: BlindfitError) =>
    code === 'KEY_TOO_LARGE' ? (details.smallestKeyBytes as number) : Number.POSITIVE_INFINITY;
  return missing(second) < missing(first) ? second : first;
}

/** What `work` makes, or the error with which it says that there is none. */
function attempt(work: () => Candidate): Candidate | BlindfitError {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof BlindfitError) return cause;
    throw cause;
  }
}

/** Parameters for a plan with as many outputs in one reply as is possible and worth its noise. */
function parametersFor(
  graph: Graph,
  ranges: readonly Range[],
  plan: Plan,
  demands: Demands,
): Candidate {
  const shared = candidateFor(plan, demands, true);
  const apart = shared.placed.oneProduct ? candidateFor(plan, demands, false) : shared;
  const packed = repliesAreCheap(plan, apart) ? null : packReplies(plan, polynomialSize);
  const candidates = [shared, apart];
  if (packed !== null) candidates.push(candidateFor(packed, demands, false, apart.found));
  const feasible = candidates.filter((each) => each.found.kind === 'chosen') as Candidate[];
  const [first, ...others] = feasible;
  if (first === undefined) {
    const tooLarge = candidates.flatMap(({ found }) =>
      found.kind === 'key-too-large' ? [found.evaluationKeyBytes] : [],
    );
    if (tooLarge.length > 0)
      throw keyTooLarge(graph, plan, Math.min(...tooLarge), demands.maxKeyBytes);
    const { asked, found } = apart;
    throw infeasible(graph, plan, asked, found as Infeasible, ranges);
  }
  return others.reduce((best, each) => (priceOf(each) < priceOf(best) ? each : best), first);
}

type Found = ReturnType<typeof searchParameters>;

/** @param less what was found for the plan with less noise and all else alike */
function candidateFor(
  plan: Plan,
  demands: Demands,
  shareProduct: boolean,
  less?: Found,
): Omit<Candidate, 'found'> & { found: Found } {
  const placed = layout(plan, { polynomialSize, shareProduct });
  const asked = requirementsOf(plan, placed, { ...demands, polynomialSize });
  const same = less?.kind === 'chosen' ? withMoreNoise(less, asked.requirements) : null;
  return { plan, placed, asked, found: same ?? searchParameters(asked.requirements) };
}

/** Whether nothing is to be won by fewer replies. */
function repliesAreCheap({ outputs }: Plan, { found }: { readonly found: Found }): boolean {
  if (found.kind !== 'chosen') return false;
  return replyPrice(outputs.length * typicalReplyBytes) < cheapReplies * found.objective;
}

/** Time and bytes of a candidate in microseconds, its replies included. */
function priceOf({ plan, placed, found }: Candidate): number {
  const replies = placed.oneProduct
    ? 1
    : plan.outputs.filter((output) => output.kind !== 'constant').length;
  return found.objective + replyPrice(replies * typicalReplyBytes);
}

function keyTooLarge(graph: Graph, plan: Plan, least: number, maxKeyBytes?: number): BlindfitError {
  const widest = plan.lookups.reduce<LookupPlan | undefined>(
    (best, each) => (best && precisionOf(best) >= precisionOf(each) ? best : each),
    undefined,
  );
  const node = widest === undefined ? nodeOfOutput(graph, plan, 0) : nodeOfLookup(plan, widest);
  const message =
    widest === undefined
      ? 'is computed from bits of inputs'
      : `is the widest function looked up, of ${plan.lookups.length} in all`;
  return error('KEY_TOO_LARGE', {
    what: operationOf(graph.nodes[node] as Node),
    given: `at least ${least} bytes`,
    allowed: `maxKeyBytes: ${maxKeyBytes}`,
    remedy: `raise maxKeyBytes to ${least}`,
    smallestKeyBytes: least,
    location: graph.nodes[node]?.location,
    graph: locate(graph, node, message),
  });
}

function probability(log2: number): string {
  return log2 > -0.05 ? '1' : `2^${log2.toFixed(1)}`;
}

function infeasible(
  graph: Graph,
  plan: Plan,
  asked: PlanRequirements,
  found: Infeasible,
  ranges: readonly Range[],
): Error {
  const lookup = plan.lookups[asked.lookupConstraints.indexOf(found.constraint)];
  const output = asked.outputConstraints.indexOf(found.constraint);
  const node =
    lookup === undefined ? nodeOfOutput(graph, plan, output) : nodeOfLookup(plan, lookup);
  const name = operationOf(graph.nodes[node] as Node);
  const remedy = 'use smaller weights or narrower inputs';
  return error('NO_PARAMETERS', {
    what: lookup === undefined ? `${name} as an output` : `${name} as a lookup`,
    given: `a value that comes out wrong with a probability of at least ${probability(found.log2Failure)}`,
    allowed: `${probability(found.log2FailureAllowed)}, its share of pError`,
    remedy:
      lookup === undefined
        ? `${remedy}, or return its parts and put them together after decryption`
        : `${remedy}, or drop low bits of what it reads`,
    ...growthOf(
      graph,
      node,
      ranges,
      lookup === undefined ? 'result' : 'operands',
      'is too noisy for its width',
    ),
  });
}

/** The node that a lookup computes first. */
function nodeOfLookup(plan: Plan, lookup: LookupPlan): number {
  return plan.cells[cellsOf(lookup)[0] as number]?.node as number;
}

/** The output node that the first scalar of an output plan belongs to. */
function nodeOfOutput(graph: Graph, plan: Plan, at: number): number {
  const planned = plan.outputs[at];
  let scalar = 0;
  if (planned?.kind === 'value') scalar = planned.parts[0]?.output ?? 0;
  else if (planned !== undefined) scalar = planned.output;
  let first = 0;
  for (const id of graph.outputs) {
    first += sizeOf((graph.nodes[id] as Node).shape);
    if (scalar < first) return id;
  }
  return graph.outputs[0] as number;
}
