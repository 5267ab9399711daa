/** Counts and sizes of a compiled circuit, by engine and by node of the graph. */
import type { Program } from '../runtime/program.ts';
import type { Layout, Root } from './layout.ts';
import type { Plan } from './lower/plan.ts';
import { pricesFor } from './lower/prices.ts';
import { reachable } from './lower/value.ts';
import type { Calibration } from './parameters/calibration.ts';
import { cmuxTime, evaluationKeyBytes, linearTime } from './parameters/cost.ts';

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
  readonly nodes: readonly {
    readonly node: number;
    readonly cmux: number;
    readonly bootstraps: number;
    readonly microseconds: number;
  }[];
}

/** Smaller failure probabilities are not told apart; -Infinity would not survive JSON. */
const leastLog2Failure = -10_000;

export function statisticsOf(
  program: Program,
  plan: Plan,
  layout: Layout,
  choice: { readonly microseconds: number; readonly log2Failure: number },
  calibration: Calibration,
): Statistics {
  const count = (op: string) => program.instructions.filter((each) => each.op === op).length;
  const bits = program.queries.reduce((sum, q) => sum + (q.kind === 'bits' ? q.bits.length : 0), 0);
  return {
    linear: { products: count('linear'), additions: count('sum') + count('combine') },
    diagrams: { bits, cmux: count('cmux') },
    lookups: {
      tables: plan.lookups.reduce((sum, lookup) => sum + lookup.cells.length, 0),
      bootstraps: plan.lookups.length,
      layers: Math.max(0, ...plan.lookups.map((lookup) => lookup.layer + 1)),
    },
    evaluationKeyBytes: evaluationKeyBytes(program.parameters),
    queryBytes: queryBytes(program),
    replyBytes: replyBytes(program),
    rowsPerQuery: program.rowsPerQuery,
    log2Failure: Math.max(choice.log2Failure, leastLog2Failure),
    microseconds: choice.microseconds + linearMicroseconds(program, calibration),
    nodes: nodeCosts(program, plan, layout.roots, calibration),
  };
}

/** Products of the linear query, which the parameter search does not count. */
function linearMicroseconds(program: Program, calibration: Calibration): number {
  const size = program.parameters.glwe.polynomialSize;
  return program.instructions.reduce(
    (sum, each) =>
      sum + (each.op === 'linear' ? linearTime(each.weights.length, size, calibration) : 0),
    0,
  );
}

/** Seeds are 16 bytes; linear and small-key slots are 8 bytes; bits are whole polynomials. */
function queryBytes(program: Program): number {
  const { packed, unpacked, glwe } = program.parameters;
  const polynomialBytes = glwe.polynomialSize * 8;
  let bytes = 0;
  for (const query of program.queries) {
    bytes += 16;
    if (query.kind === 'bits') {
      const levels = (packed?.gadget ?? unpacked)?.levelCount ?? 0;
      const payload = 2 ** (packed?.log2Coefficients ?? 0);
      const polynomials =
        query.encoding === 'packed'
          ? Math.ceil((query.bits.length * levels) / payload)
          : query.bits.length * levels * 2;
      bytes += polynomials * polynomialBytes;
    } else if (query.kind === 'linear')
      bytes += query.whole ? polynomialBytes : query.slots.length * 8;
    else bytes += query.slots.length * 8;
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

function nodeCosts(
  program: Program,
  plan: Plan,
  roots: readonly Root[],
  calibration: Calibration,
): Statistics['nodes'] {
  const { packed, unpacked, glwe } = program.parameters;
  const levels = (packed?.gadget ?? unpacked)?.levelCount ?? 1;
  const cmuxPrice = cmuxTime(levels, glwe.polynomialSize, calibration);
  const { lookup: lookupPrice } = pricesFor(glwe.polynomialSize, 'packed', calibration);
  const costs = new Map<number, { cmux: number; bootstraps: number; microseconds: number }>();
  const at = (node: number) => {
    const cost = costs.get(node) ?? { cmux: 0, bootstraps: 0, microseconds: 0 };
    costs.set(node, cost);
    return cost;
  };
  const used = reachable(
    plan.values,
    roots.map((root) => root.value),
  );
  for (const id of used) {
    const value = plan.values.get(id);
    const cmux =
      value.kind === 'branch'
        ? 1
        : value.kind === 'lookup'
          ? plan.values.bitsOfCell(value.cell)
          : 0;
    if (cmux === 0) continue;
    const cost = at(plan.values.nodeOf[id] as number);
    cost.cmux += cmux;
    cost.microseconds += cmux * cmuxPrice;
  }
  for (const lookup of plan.lookups) {
    const cost = at(plan.cells[lookup.cells[0] as number]?.node as number);
    cost.bootstraps += 1;
    cost.microseconds += lookupPrice(lookup.precision + lookup.log2Tables);
  }
  return [...costs]
    .map(([node, cost]) => ({ node, ...cost }))
    .sort((a, b) => b.microseconds - a.microseconds);
}
