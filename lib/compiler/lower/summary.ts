/**
 * What a leveled value costs and how noisy it is, from its structure alone.
 */
import type { CmuxCount } from '../parameters/cmux-noise.ts';
import { clusterBy } from './clusters.ts';
import { DenseNumbers } from './dense-map.ts';
import { cellOfBit } from './diagram.ts';
import { Masks } from './masks.ts';
import type { PlainValue, Values } from './value.ts';
import { Counting } from './value-noise.ts';

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

const depthOf = ({ depth, rounding, clear }: Required<CmuxCount>): number =>
  Math.max(depth, rounding) + clearShare * clear;

/** The noise that leaves values, each computed once. */
export class Summaries {
  readonly #values: Values;
  readonly #ofQuery: Counting;
  readonly #ofComputed: Counting;

  constructor(values: Values) {
    const masks = new Masks(values);
    this.#values = values;
    // A choice by a clear bit is no CMUX.
    const ofQuery = (cell: number) => !values.isClear(cell) && !values.isComputedCell(cell);
    this.#ofQuery = new Counting(values, masks, ofQuery);
    this.#ofComputed = new Counting(values, masks, (cell) => values.isComputedCell(cell));
  }

  of(root: number): NoiseSummary {
    return {
      cmux: this.#ofQuery.cmux(root),
      computedDepth: this.#computedDepth(root),
      fresh: this.#ofQuery.fresh(root),
    };
  }

  /** What one turn of a wheel adds. */
  ofTurn(turn: number): NoiseSummary {
    return {
      cmux: this.#ofQuery.turn(turn),
      computedDepth: depthOf(this.#ofComputed.turn(turn)),
      fresh: 0,
    };
  }

  #computedDepth(root: number): number {
    if (!this.#values.readsComputed(root)) return 0;
    return depthOf(this.#ofComputed.cmux(root));
  }

  /** Numbers values so that those that share a CMUX or a source of masks, directly or by a chain, are alike. */
  clusters(roots: readonly number[]): number[] {
    const membersOf = (root: number, member: (id: number | string) => boolean) => {
      this.#values.walk([root], (id, value) => {
        for (const source of this.#ofQuery.sources(id, value)) member(source);
        for (const source of this.#ofComputed.sources(id, value)) member(source);
        const bit = bitOfCmux(this.#values, id, value);
        return bit === null || this.#values.isClear(cellOfBit(bit)) || member(id);
      });
    };
    return clusterBy(roots, membersOf, new DenseNumbers());
  }
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
  for (const [count, alike] of byComponents(values, roots, components))
    values.walk(alike, (id, value) => {
      const bit = bitOfCmux(values, id, value);
      if (bit !== null) {
        const count = value === null ? 1 : values.extension;
        if (values.isComputed(bit)) computedBranches += count;
        else if (values.isClear(cellOfBit(bit))) choices += count;
        else branches += count;
        bits.add(bit);
      } else if (value?.kind === 'dot') dots++;
      else if (value?.kind === 'lookup') {
        const key = `${value.cell},${count}`;
        const group = lookups.get(key) ?? { cell: value.cell, components: count, values: [] };
        group.values.push(id);
        lookups.set(key, group);
        for (const bit of values.bitsOf(value.cell)) bits.add(bit);
      }
    });
  return { branches, computedBranches, choices, lookups, bits, dots };
}

/** The bit of a value that is one CMUX: a choice, or a turn. Null of others. */
export function bitOfCmux(values: Values, id: number, value: PlainValue | null): number | null {
  if (value === null) return values.bit(id);
  return value.kind === 'turn' ? value.bit : null;
}

/** Roots by the number of their components; what is packed has one each. */
function byComponents(
  values: Values,
  roots: readonly number[],
  components: (root: number) => number,
): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const root of roots) {
    const count = values.get(root).kind === 'pack' ? 1 : components(root);
    const group = groups.get(count);
    if (group === undefined) groups.set(count, [root]);
    else group.push(root);
  }
  return groups;
}
