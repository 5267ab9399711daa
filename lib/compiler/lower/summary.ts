/**
 * What a leveled value costs and how noisy it is, from its structure alone.
 */
import type { CmuxCount } from '../parameters/cmux-noise.ts';
import { cellOfBit } from './diagram.ts';
import { Masks } from './masks.ts';
import { childrenOf, reachable, type Values } from './value.ts';
import { branchNodes, Counting } from './value-noise.ts';

/** Noise of a value's worst component. */
export interface NoiseSummary {
  /** CMUX by bits of the query. */
  readonly cmux: Required<CmuxCount>;
  /** CMUX by bits that circuit bootstrapping made. */
  readonly computedDepth: number;
  /** Squared input weights. */
  readonly fresh: number;
}

/** Whether there is any noise in it. */
export function isNoisy({ depth, rounding, clear }: Required<CmuxCount>): boolean {
  return depth + rounding + clear > 0;
}

/**
 * What one CMUX between clear branches counts, at most, by a computed bit: digits up to B/2 instead of uniform ones meet a
 * body row, whose noise is below 2/N of the mask row's.
 */
const clearShare = 2 ** -8;

/** The noise that leaves a value. */
export function summarize(values: Values, root: number): NoiseSummary {
  const { query, computed } = countingsOf(values);
  const { depth, rounding, clear } = computed?.cmux(root) ?? { depth: 0, rounding: 0, clear: 0 };
  return {
    cmux: query.cmux(root),
    computedDepth: Math.max(depth, rounding) + clearShare * clear,
    fresh: query.fresh(root),
  };
}

/** Every CMUX, every input's rotations and every source of masks that a value shares with others, as keys. */
export function noiseNodes(values: Values, root: number): Set<string> {
  const found = branchNodes(values, reachable(values, [root]));
  const { query, computed } = countingsOf(values);
  for (const source of query.sources(root)) found.add(source);
  for (const source of computed?.sources(root) ?? []) found.add(source);
  return found;
}

/** The noise of values that were asked for: values only ever become more. */
const countings = new WeakMap<Values, { readonly query: Counting; readonly computed: Counting }>();

function countingsOf(values: Values): { query: Counting; computed: Counting | null } {
  let known = countings.get(values);
  if (known === undefined) {
    const masks = new Masks(values);
    // A choice by a clear bit is no CMUX.
    const ofQuery = (cell: number) => !values.isClear(cell) && !values.isComputedCell(cell);
    known = {
      query: new Counting(values, masks, ofQuery),
      computed: new Counting(values, masks, (cell) => values.isComputedCell(cell)),
    };
    countings.set(values, known);
  }
  return { query: known.query, computed: values.computesBits ? known.computed : null };
}

/** How much a set of values needs: distinct CMUX, rotations by input and component count, and input bits. */
export interface Work {
  /** Choices by encrypted bits of the query and by computed ones, one CMUX each. */
  readonly branches: number;
  readonly computedBranches: number;
  /** Choices by clear bits. */
  readonly choices: number;
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
  let computedBranches = 0;
  let choices = 0;
  let dots = 0;
  const lookups = new Map<string, { cell: number; components: number; values: number[] }>();
  const bits = new Set<number>();
  const seen = new Map<number, Set<number>>();
  for (const root of roots) {
    const packed = values.get(root).kind === 'pack';
    const count = packed ? 1 : components(root);
    const seenHere = seen.get(count) ?? new Set();
    seen.set(count, seenHere);
    const stack = [root];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (seenHere.has(id)) continue;
      seenHere.add(id);
      const value = values.get(id);
      if (value.kind === 'branch') {
        if (values.isClear(cellOfBit(value.bit))) choices++;
        else if (values.isComputed(value.bit)) computedBranches++;
        else branches++;
        bits.add(value.bit);
        stack.push(value.zero, value.one);
        continue;
      }
      if (value.kind === 'dot') dots++;
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
  return { branches, computedBranches, choices, lookups, bits, dots };
}
