/**
 * The compiler's table of contents: each line of `compileGraph` is one pass, in its own file.
 */
import type { Graph, Node, NodeOf } from '../../tracer/graph.ts';
import { hash } from '../../tracer/hash.ts';
import { type ClearArray, sizeOf } from '../../tracer/tensor.ts';
import { trace } from '../../tracer/trace.ts';
import type { Traced } from '../../tracer/value.ts';
import { verify } from '../../tracer/verify.ts';
import { BlindfitError, error } from '../errors.ts';
import { type Bounds, bounds } from './bounds.ts';
import { CellBuilder } from './cells.ts';
import { Circuit, type Compiled, viewsOf } from './circuit.ts';
import { emitProgram } from './emit/program.ts';
import { fuse } from './fuse.ts';
import { type Layout, layout } from './layout.ts';
import { locate } from './locate.ts';
import { lower } from './lower/lower.ts';
import { packReplies } from './lower/pack.ts';
import type { Plan } from './lower/plan.ts';
import { pricesFor, type QueryForm, queryForms } from './lower/prices.ts';
import { replyPrice } from './parameters/cost.ts';
import { predict, smallestReplyBits } from './parameters/predict.ts';
import { largestExactWidth } from './parameters/reachable.ts';
import type { Choice, Constraint, Infeasible, Prediction } from './parameters/requirements.ts';
import { eventShare, searchParameters } from './parameters/search.ts';
import { type PlanRequirements, requirementsOf } from './requirements.ts';
import { simulationModel } from './simulate.ts';
import { declareInputs, type InputSpecs, type Inputset } from './specs.ts';
import { statisticsOf } from './statistics.ts';

export interface CompileOptions {
  /** Examples that give shape and range of inputs declared `'encrypted'`. */
  readonly inputset?: Inputset;
  /** Largest probability that any output of a run is wrong; in (0, 0.5]. Default: 2^-40. */
  readonly pError?: number;
  /** How inputs travel where they are not only summed. Default: `'packed'`. */
  readonly query?: QueryForm;
}

/** All circuits use one GLWE key of dimension 1 and this size: one key for every precision. */
const polynomialSize = 2048;

/** Of one GLWE or LWE with 20 bits a coefficient. */
const typicalReplyBytes = 5_000;

/** Share of `pError` that is assumed for one output when its digits are cut; the search gives the real shares. */
const log2OutputShare = 6;

/**
 * Compiles a function of arrays into a circuit that runs on encrypted inputs.
 *
 * @param f called once with traced values, one per input, in the order of `specs`
 * @param specs the inputs by name
 * @throws what tracing throws; BAD_OPTION; NOT_AN_INTEGER, NOT_FINITE or TABLE_TOO_LARGE for a function that has no
 * integer table over the range of its operand; LOOKUP_TOO_WIDE; NO_PARAMETERS
 */
export async function compile<R extends Traced | readonly Traced[]>(
  f: (...inputs: Traced[]) => R,
  specs: InputSpecs,
  options: CompileOptions = {},
): Promise<Circuit<R extends Traced ? ClearArray : ClearArray[]>> {
  const { pError = 2 ** -40, query = 'packed' } = options;
  if (!(pError > 0 && pError <= 0.5))
    throw error('BAD_OPTION', {
      what: 'pError',
      given: pError,
      allowed: 'a probability in (0, 0.5]',
    });
  if (!queryForms.includes(query))
    throw error('BAD_OPTION', { what: 'query', given: query, allowed: queryForms });
  const graph = trace(f, declareInputs(specs, options.inputset));
  return new Circuit(compileGraph(graph, pError, query), graph);
}

function compileGraph(graph: Graph, pError: number, query: QueryForm): Compiled {
  const fused = fuse(graph);
  verify(fused);
  const builder = new CellBuilder();
  const cells = bounds(fused, builder);
  const { plan, placed, asked, found } = cheapestPlan(fused, cells, builder, pError, query);
  const { parameters, lookupClasses } = found;
  const share = eventShare(asked.requirements);
  const constraints = asked.requirements.constraints.map((constraint): Constraint => {
    if (constraint.lookup !== null) return constraint;
    const replyBits = smallestReplyBits(constraint, parameters, lookupClasses, share);
    return { ...constraint, replyBits };
  });
  const predictions = constraints.map((each) => predict(each, parameters, lookupClasses));
  const replyBits = asked.outputConstraints.map((at) => constraints[at]?.replyBits ?? 64);
  const inputs = graph.inputs.map((id) => {
    const { name, shape, min, max } = graph.nodes[id] as NodeOf<'input'>;
    return { name, shape, min, max };
  });
  const scalars = inputs.flatMap(({ shape, min, max }) =>
    Array.from({ length: sizeOf(shape) }, () => ({ min, max })),
  );
  const emitted = { inputs: scalars, parameters, lookupClasses, replyBits, query };
  const program = emitProgram(plan, placed, emitted);
  const deviation = (at: number) => Math.sqrt(predictions[at]?.variance ?? 0);
  return {
    format: 1,
    hash: hash(graph),
    inputs,
    outputs: graph.outputs.map((id) => graph.nodes[id]?.shape as readonly number[]),
    pError,
    program,
    statistics: statisticsOf(program, plan, placed, {
      microseconds: found.microseconds,
      log2Failure: log2Union(constraints, predictions),
    }),
    simulation: simulationModel(plan, {
      outputs: asked.outputConstraints.map(deviation),
      lookups: asked.lookupConstraints.map(deviation),
    }),
    graph: viewsOf(fused, cells.ranges),
  };
}

/** A plan with everything that is known of it before it is emitted. */
interface Candidate {
  readonly plan: Plan;
  readonly placed: Layout;
  readonly asked: PlanRequirements;
  readonly found: Choice;
}

/**
 * The cheapest plan, time and key sizes together. Lowering chooses engine by engine and cannot see that the first
 * lookup brings tens of megabytes of keys; so the plan without any lookup is priced too.
 */
function cheapestPlan(
  graph: Graph,
  cells: Bounds,
  builder: CellBuilder,
  pError: number,
  query: QueryForm,
): Candidate {
  const prices = pricesFor(polynomialSize, query);
  const log2Failure = Math.log2(pError) - log2OutputShare;
  const exactWidth = (noise: { depth: number; squaredWeight: number }) =>
    query === 'packed' ? largestExactWidth({ ...noise, log2Failure }, polynomialSize) : 53;
  const bits = query !== 'values';
  const plan = lower(graph, cells, builder, { prices, exactWidth, bits });
  const mixed = attempt(() => parametersFor(graph, plan, pError, query));
  const leveled =
    bits && plan.lookups.length > 0
      ? attempt(() => {
          const noLookups = { ...prices, largestPrecision: 0 };
          const other = lower(graph, cells, builder, { prices: noLookups, exactWidth, bits });
          return parametersFor(graph, other, pError, query);
        })
      : mixed;
  if (leveled instanceof BlindfitError) {
    if (mixed instanceof BlindfitError) throw mixed;
    return mixed;
  }
  if (mixed instanceof BlindfitError) return leveled;
  return priceOf(leveled) < priceOf(mixed) ? leveled : mixed;
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

/** log2 of the sum of the failure probabilities of all events. */
function log2Union(constraints: readonly Constraint[], predictions: readonly Prediction[]): number {
  const largest = Math.max(-1e6, ...predictions.map(({ log2Failure }) => log2Failure));
  // Relative to the largest: probabilities themselves may underflow.
  const sum = predictions.reduce(
    (total, { log2Failure }, i) =>
      total + (constraints[i]?.count ?? 0) * 2 ** (log2Failure - largest),
    0,
  );
  return largest + Math.log2(Math.max(1, sum));
}

/** Parameters for a plan with as many outputs in one reply as is possible and worth its noise. */
function parametersFor(graph: Graph, plan: Plan, pError: number, query: QueryForm): Candidate {
  const shared = candidateFor(plan, pError, query, true);
  const apart = shared.placed.oneProduct ? candidateFor(plan, pError, query, false) : shared;
  const packed = packReplies(plan, polynomialSize);
  const candidates = [shared, apart];
  if (packed !== null) candidates.push(candidateFor(packed, pError, query, false));
  const feasible = candidates.filter((each) => each.found.kind === 'chosen') as Candidate[];
  const [first, ...others] = feasible;
  if (first === undefined) {
    const { asked, found } = apart;
    throw infeasible(graph, plan, asked, found as Infeasible);
  }
  return others.reduce((best, each) => (priceOf(each) < priceOf(best) ? each : best), first);
}

function candidateFor(
  plan: Plan,
  pError: number,
  query: QueryForm,
  shareProduct: boolean,
): Omit<Candidate, 'found'> & { found: Choice | Infeasible } {
  const placed = layout(plan, { polynomialSize, shareProduct });
  const asked = requirementsOf(plan, placed, { pError, polynomialSize, query });
  return { plan, placed, asked, found: searchParameters(asked.requirements) };
}

/** Time and bytes of a candidate in microseconds, its replies included. */
function priceOf({ plan, placed, found }: Candidate): number {
  const replies = placed.oneProduct
    ? 1
    : plan.outputs.filter((output) => output.kind !== 'constant').length;
  return found.objective + replyPrice(replies * typicalReplyBytes);
}

function infeasible(graph: Graph, plan: Plan, asked: PlanRequirements, found: Infeasible): Error {
  const lookup = asked.lookupConstraints.indexOf(found.constraint);
  const node =
    lookup >= 0
      ? (plan.cells[plan.lookups[lookup]?.cells[0] as number]?.node as number)
      : nodeOfOutput(graph, plan, asked.outputConstraints.indexOf(found.constraint));
  return error('NO_PARAMETERS', {
    what: lookup >= 0 ? 'table lookup' : 'output',
    given: `an error of at least 2^${found.log2Failure.toFixed(1)}`,
    allowed: `2^${found.log2FailureAllowed.toFixed(1)} for each rounding`,
    remedy: 'narrow what is looked up or returned, use smaller weights, or raise pError',
    location: graph.nodes[node]?.location,
    graph: locate(graph, node, 'is too noisy for its width'),
  });
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
