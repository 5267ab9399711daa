/**
 * What a leveled value costs and how noisy it is, from its structure alone.
 */
import type { Form } from '../cells.ts';
import { childrenOf, type Value, type Values } from './value.ts';

/** Noise of a value's worst component: `depth` independent CMUX variances, `fresh` squared input weights. */
export interface NoiseSummary {
  readonly depth: number;
  readonly fresh: number;
}

/**
 * The noise that leaves a value. A CMUX adds its own noise to that of the branch it selects; terms of a sum add
 * variances by squared coefficients, except terms that share a CMUX, a rotation or inputs: these may be equal, and
 * add deviations.
 */
export function summarize(values: Values, root: number): NoiseSummary {
  const known = new Map<number, NoiseSummary>();
  const visit = (id: number): NoiseSummary => {
    let summary = known.get(id);
    if (summary === undefined) {
      summary = summaryOf(values, values.get(id), visit);
      known.set(id, summary);
    }
    return summary;
  };
  return visit(root);
}

function summaryOf(
  values: Values,
  value: Value,
  visit: (id: number) => NoiseSummary,
): NoiseSummary {
  switch (value.kind) {
    case 'leaf':
      return { depth: 0, fresh: 0 };
    case 'branch': {
      const [zero, one] = [visit(value.zero), visit(value.one)];
      return { depth: Math.max(zero.depth, one.depth) + 1, fresh: Math.max(zero.fresh, one.fresh) };
    }
    case 'lookup':
      return { depth: values.bitsOfCell(value.cell), fresh: 0 };
    case 'dot':
      return { depth: 0, fresh: squaredWeight(value.form) };
    case 'sum':
      return sumOf(values, value.terms, visit);
    default:
      return value satisfies never;
  }
}

function sumOf(
  values: Values,
  terms: readonly (readonly [value: number, coefficient: number])[],
  visit: (id: number) => NoiseSummary,
): NoiseSummary {
  const clusters = clusterBy(terms.map(([id]) => noiseNodes(values, id)));
  const deviation = new Map<number, number>();
  let freshDeviation = 0;
  terms.forEach(([id, coefficient], i) => {
    const summary = visit(id);
    const cluster = clusters[i] as number;
    const own = Math.abs(coefficient) * Math.sqrt(summary.depth);
    deviation.set(cluster, (deviation.get(cluster) ?? 0) + own);
    freshDeviation += Math.abs(coefficient) * Math.sqrt(summary.fresh);
  });
  let depth = 0;
  for (const each of deviation.values()) depth += each ** 2;
  return { depth, fresh: freshDeviation ** 2 };
}

function squaredWeight(form: Form): number {
  return form.terms.reduce((sum, [, coefficient]) => sum + coefficient ** 2, 0);
}

/** Every CMUX and rotation that a value is computed through, as keys. */
export function noiseNodes(values: Values, root: number): Set<string> {
  const found = new Set<string>();
  const seen = new Set<number>();
  const stack = [root];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const value = values.get(id);
    if (value.kind === 'branch') found.add(`branch ${id}`);
    if (value.kind === 'lookup') found.add(id === root ? `input ${value.cell}` : `lookup ${id}`);
    stack.push(...childrenOf(value));
  }
  return found;
}

/** Numbers sets so that those with a common member, directly or by a chain, have the same number. */
export function clusterBy(sets: readonly Set<string>[]): number[] {
  const parent = sets.map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] as number;
    return at;
  };
  const owner = new Map<string, number>();
  sets.forEach((set, i) => {
    for (const member of set) {
      const other = owner.get(member);
      if (other === undefined) owner.set(member, i);
      else parent[find(i)] = find(other);
    }
  });
  return parent.map((_, i) => find(i));
}

/** How much a set of values needs: distinct CMUX, rotations by input and component count, and input bits. */
export interface Work {
  readonly branches: number;
  /** Lookups per rotated input: keys `cell,components`. */
  readonly lookups: ReadonlyMap<string, { cell: number; components: number; values: number[] }>;
  readonly bits: ReadonlySet<number>;
  readonly dots: number;
}

/** Walks everything that `roots` are computed from, each once. */
export function workOf(
  values: Values,
  roots: readonly number[],
  components: (root: number) => number,
): Work {
  let branches = 0;
  let dots = 0;
  const lookups = new Map<string, { cell: number; components: number; values: number[] }>();
  const bits = new Set<number>();
  const seen = new Set<string>();
  for (const root of roots) {
    const count = components(root);
    const stack = [root];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (seen.has(`${id},${count}`)) continue;
      seen.add(`${id},${count}`);
      const value = values.get(id);
      if (value.kind === 'branch') {
        branches++;
        bits.add(value.bit);
      } else if (value.kind === 'dot') dots++;
      else if (value.kind === 'lookup') {
        const key = `${value.cell},${count}`;
        const group = lookups.get(key) ?? { cell: value.cell, components: count, values: [] };
        group.values.push(id);
        lookups.set(key, group);
        for (const bit of values.bitsOf(value.cell)) bits.add(bit);
      }
      stack.push(...childrenOf(value));
    }
  }
  return { branches, lookups, bits, dots };
}
