/** Counts and sizes of a compiled circuit, by engine, by node of the graph and by tag. */
import type { Graph } from '../../tracer/graph.ts';
import type { Program } from '../runtime/program.ts';
import type { Cell } from './cells.ts';
import type { Layout } from './layout.ts';
import { cellOfBit } from './lower/diagram.ts';
import { cellsOf, type Plan, precisionOf } from './lower/plan.ts';
import type { Prices } from './lower/prices.ts';
import { bitOfCmux } from './lower/summary.ts';
import type { Calibration } from './parameters/calibration.ts';
import { choiceTime, cmuxTime, evaluationKeyBytes, linearTime } from './parameters/cost.ts';

export interface Statistics {
  /** Leveled linear engine: products of the query with clear polynomials, and additions of ciphertexts. */
  readonly linear: { readonly products: number; readonly additions: number };
  /** Decision diagrams: encrypted input bits, and CMUX (external products). */
  readonly diagrams: { readonly bits: number; readonly cmux: number };
  /** Table lookups: tables that are read, and bootstraps (blind rotations), which may share tables. */
  readonly lookups: {
    readonly tables: number;
    readonly bootstraps: number;
    readonly layers: number;
  };
  /** Bytes without frames: the seeded evaluation key, and query and reply of one row. */
  readonly evaluationKeyBytes: number;
  readonly queryBytes: number;
  readonly replyBytes: number;
  /** Rows that one query holds. */
  readonly rowsPerQuery: number;
  /** log2 of the probability that any rounding of one run fails; at least -10,000. */
  readonly log2Failure: number;
  /** Estimate for one row on one thread, microseconds. */
  readonly microseconds: number;
  /** Estimate per node of the fused graph that costs something, dearest first. */
  readonly nodes: readonly (Cost & { readonly node: number })[];
  /** The same by np.tag; a tag has what the tags inside it have too. */
  readonly tags: readonly (Cost & { readonly tag: string })[];
}

/** What a part of a circuit takes: CMUX, blind rotations, and the estimate of both. */
export interface Cost {
  readonly cmux: number;
  readonly bootstraps: number;
  readonly microseconds: number;
}

/** Smaller failure probabilities are not told apart; -Infinity would not survive JSON. */
export const leastLog2Failure = -10_000;

/** A compiled circuit before it is packed up. */
export interface Emitted {
  /** Fused. */
  readonly graph: Graph;
  readonly plan: Plan;
  readonly placed: Layout;
  readonly program: Program;
  readonly prices: Prices;
  readonly calibration: Calibration;
}

/** @param choice what the parameter search says: time without linear work, and log2 of the whole failure */
export function statisticsOf(
  emitted: Emitted,
  choice: { readonly microseconds: number; readonly log2Failure: number },
): Statistics {
  const { graph, plan, program, calibration } = emitted;
  const size = program.parameters.glwe.polynomialSize;
  const nodes = nodeCosts(emitted);
  const bits = program.queries.flatMap((query) => (query.kind === 'bits' ? query.bits : []));
  // Registers beyond those of the query are computed bits.
  const isClear = (input: number | undefined) =>
    input !== undefined && program.inputs[input]?.clear === true;
  let [products, additions, cmux, choices, linear] = [0, 0, 0, 0, 0];
  for (const each of program.instructions) {
    if (each.op === 'cmux') {
      if (isClear(bits[each.bit]?.input)) choices++;
      else cmux++;
    } else if (each.op === 'linear') {
      products++;
      linear += linearTime(each.weights.length, size, calibration);
    } else if (each.op === 'sum' || each.op === 'combine') additions++;
  }
  return {
    linear: { products, additions },
    diagrams: { bits: bits.filter(({ input }) => !isClear(input)).length, cmux },
    lookups: {
      tables: plan.lookups.reduce((sum, lookup) => sum + cellsOf(lookup).length, 0),
      bootstraps: plan.lookups.length,
      layers: plan.lookups.reduce((most, { layer }) => Math.max(most, layer + 1), 0),
    },
    evaluationKeyBytes: evaluationKeyBytes(program.parameters),
    queryBytes: queryBytes(program),
    replyBytes: replyBytes(program),
    rowsPerQuery: program.rowsPerQuery,
    log2Failure: Math.max(choice.log2Failure, leastLog2Failure),
    // The parameter search counts neither products of the linear query nor choices.
    microseconds: choice.microseconds + linear + choices * choiceTime(size, calibration),
    nodes: dearestFirst(nodes).map(([node, cost]) => ({ node, ...cost })),
    tags: dearestFirst(tagCosts(graph, nodes)).map(([tag, cost]) => ({ tag, ...cost })),
  };
}

/** Seeds are 16 bytes; clear inputs, linear slots and small-key slots are 8 bytes; bits are whole polynomials. */
function queryBytes(program: Program): number {
  const { packed, unpacked, glwe } = program.parameters;
  const polynomialBytes = glwe.polynomialSize * 8;
  let bytes = 8 * program.inputs.filter(({ clear }) => clear).length;
  for (const query of program.queries) {
    const named = query.kind === 'bits' ? query.bits : query.slots;
    const encrypted = named.filter(({ input }) => !program.inputs[input]?.clear).length;
    if (encrypted === 0) continue;
    bytes += 16;
    if (query.kind === 'bits') {
      const levels = (packed?.gadget ?? unpacked)?.levelCount ?? 0;
      const payload = 2 ** (packed?.log2Coefficients ?? 0);
      const polynomials =
        query.encoding === 'packed'
          ? Math.ceil((encrypted * levels) / payload)
          : encrypted * levels * 2;
      bytes += polynomials * polynomialBytes;
    } else bytes += query.kind === 'linear' && query.whole ? polynomialBytes : encrypted * 8;
  }
  return bytes;
}

function replyBytes(program: Program): number {
  const { dimension, polynomialSize } = program.parameters.glwe;
  const mask = dimension * polynomialSize;
  let bits = 0;
  for (const reply of program.replies) {
    const bodies = reply.kind === 'glwe' ? reply.positions.length : 1;
    bits += (mask + bodies) * reply.bits;
  }
  return Math.ceil(bits / 8);
}

function nodeCosts({ program, plan, placed, prices, calibration }: Emitted): Map<number, Cost> {
  const { packed, unpacked, glwe } = program.parameters;
  const levels = (packed?.gadget ?? unpacked)?.levelCount ?? 1;
  const cmuxPrice = cmuxTime(levels, glwe.polynomialSize, calibration);
  const cmuxOf = new Map<number, number>();
  const roots = placed.roots.map((root) => root.value);
  plan.values.walk(roots, (id, value) => {
    let cmux = 0;
    const bit = bitOfCmux(plan.values, id, value);
    const one = value === null ? 1 : plan.values.cmuxOfTurn(value);
    if (bit !== null) cmux = plan.values.isClear(cellOfBit(bit)) ? 0 : one;
    else if (value?.kind === 'lookup')
      cmux = plan.values.tableCmux(value.cell, 1, value.tables.length);
    if (cmux === 0) return;
    const node = plan.values.nodeOf[id] as number;
    cmuxOf.set(node, (cmuxOf.get(node) ?? 0) + cmux);
  });
  const costs = new Map<number, Sum>();
  for (const [node, cmux] of cmuxOf)
    costs.set(node, { cmux, bootstraps: 0, microseconds: cmux * cmuxPrice });
  for (const lookup of plan.lookups) {
    const { node } = plan.cells[cellsOf(lookup)[0] as number] as Cell;
    const microseconds = prices.lookup(precisionOf(lookup));
    addCost(costs, node, { cmux: 0, bootstraps: 1, microseconds });
  }
  return costs;
}

/** A cost while it is added up. */
type Sum = { -readonly [K in keyof Cost]: Cost[K] };

/** `a.b` counts for `a` too. */
function tagCosts(graph: Graph, nodes: ReadonlyMap<number, Cost>): Map<string, Cost> {
  const costs = new Map<string, Sum>();
  for (const [node, cost] of nodes) {
    const names = graph.nodes[node]?.tag?.split('.') ?? [];
    names.forEach((_, i) => {
      addCost(costs, names.slice(0, i + 1).join('.'), cost);
    });
  }
  return costs;
}

function addCost<K>(costs: Map<K, Sum>, key: K, more: Cost): void {
  const known = costs.get(key);
  if (known === undefined) {
    costs.set(key, { ...more });
    return;
  }
  known.cmux += more.cmux;
  known.bootstraps += more.bootstraps;
  known.microseconds += more.microseconds;
}

function dearestFirst<K>(costs: ReadonlyMap<K, Cost>): [K, Cost][] {
  return [...costs].sort(([, a], [, b]) => b.microseconds - a.microseconds);
}
