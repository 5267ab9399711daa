/**
 * What a leveled value costs and how noisy it is, from its structure alone.
 */
import type { Form } from '../cells.ts';
import { cellOfBit } from './diagram.ts';
import type { Value, Values } from './value.ts';

/**
 * Noise of a value's worst component: `depth` independent variances of CMUX by bits of the query, `computedDepth` by bits
 * that circuit bootstrapping made, `fresh` squared input weights.
 */
export interface NoiseSummary {
  readonly depth: number;
  readonly computedDepth: number;
  readonly fresh: number;
}

/**
 * The noise that leaves values, each computed once. A CMUX adds its own noise to that of the branch it selects; terms of a sum add
 * variances by squared coefficients, except what terms share: a CMUX, the rotations of an input or fresh inputs. Tables
 * of one input are coefficients of one rotated polynomial, and as the key's bits have mean 1/2 the noise of a
 * ciphertext is correlated along its coefficients. So these add deviations.
 */
export class Summaries {
  readonly #values: Values;
  readonly #ofQuery: Counting;
  readonly #ofComputed: Counting;

  constructor(values: Values) {
    this.#values = values;
    this.#ofQuery = ofQuery(values);
    this.#ofComputed = ofComputed(values);
  }

  of(root: number): NoiseSummary {
    const { depth, fresh } = noiseOf(this.#values, root, this.#ofQuery);
    return { depth, computedDepth: this.#computed(root).depth, fresh };
  }

  /** Numbers values so that those that share a CMUX or the rotations of an input, directly or by a chain, are alike. */
  clusters(roots: readonly number[]): number[] {
    return clusterBy(roots, (root, member) => {
      eachBranch(this.#values, root, member);
      for (const { inputs } of [noiseOf(this.#values, root, this.#ofQuery), this.#computed(root)])
        for (const cell of inputs.keys()) member(cell < 0 ? cell - largestCell : -1 - cell);
    });
  }

  #computed(root: number): ValueNoise {
    return this.#values.readsComputed(root)
      ? noiseOf(this.#values, root, this.#ofComputed)
      : noNoise;
  }
}

/** Larger than any cell: keeps members that are inputs apart from those that are several joined. */
const largestCell = 2 ** 40;

/** Whose CMUX are counted, and the noise of the values that are known already. */
interface Counting {
  readonly counts: (cell: number) => boolean;
  readonly known: Map<number, ValueNoise>;
}

function ofQuery(values: Values): Counting {
  // A choice by a clear bit is no CMUX.
  const counts = (cell: number) => !values.isClear(cell) && !values.isComputedCell(cell);
  return { counts, known: new Map() };
}

function ofComputed(values: Values): Counting {
  return { counts: (cell) => values.isComputedCell(cell), known: new Map() };
}

/** The noise of a value by where it comes from. */
interface ValueNoise {
  readonly depth: number;
  readonly fresh: number;
  /** Variance of the CMUX of branches alone. */
  readonly branches: number;
  /** Weight that the rotations of an input, or of several joined, may have, by cell, and that all may have at once: a path ends in one. */
  readonly inputs: ReadonlyMap<number, number>;
  readonly weight: number;
}

const noNoise: ValueNoise = { depth: 0, branches: 0, inputs: new Map(), weight: 0, fresh: 0 };

function noiseOf(values: Values, id: number, counting: Counting): ValueNoise {
  let noise = counting.known.get(id);
  if (noise === undefined) {
    noise = noiseOfValue(values, values.get(id), counting);
    counting.known.set(id, noise);
  }
  return noise;
}

function noiseOfValue(values: Values, value: Value, counting: Counting): ValueNoise {
  switch (value.kind) {
    case 'leaf':
      return noNoise;
    case 'branch': {
      const zero = noiseOf(values, value.zero, counting);
      const one = noiseOf(values, value.one, counting);
      const inputs = eitherInput(zero.inputs, one.inputs);
      const own = counting.counts(cellOfBit(value.bit)) ? 1 : 0;
      return {
        depth: Math.max(zero.depth, one.depth) + own,
        branches: Math.max(zero.branches, one.branches) + own,
        inputs,
        weight: Math.max(zero.weight, one.weight),
        fresh: Math.max(zero.fresh, one.fresh),
      };
    }
    case 'lookup': {
      // Clear inputs beside it rotate without noise.
      const encrypted = values.inputsOf(value.cell).filter((cell) => !values.isClear(cell));
      const [input] = encrypted;
      if (input === undefined || !counting.counts(input)) return noNoise;
      const depth = values.cmuxOfCell(value.cell);
      const rotated = encrypted.length === 1 ? input : value.cell;
      return { ...noNoise, depth, inputs: new Map([[rotated, 1]]), weight: 1 };
    }
    case 'dot':
      return { ...noNoise, fresh: squaredWeight(values, value.form) };
    case 'sum':
      return sumOf(values, value.terms, counting);
    case 'pack': {
      const terms = value.values.map((id) => [id, 1] as const);
      return sumOf(values, terms, counting);
    }
    default:
      return value satisfies never;
  }
}

/** The larger weight of each input. */
function eitherInput(
  zero: ReadonlyMap<number, number>,
  one: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  if (one.size === 0) return zero;
  if (zero.size === 0) return one;
  const inputs = new Map(zero);
  for (const [cell, weight] of one) inputs.set(cell, Math.max(weight, inputs.get(cell) ?? 0));
  return inputs;
}

function sumOf(
  values: Values,
  terms: readonly (readonly [value: number, coefficient: number])[],
  counting: Counting,
): ValueNoise {
  const clusters = clusterBy(
    terms.map(([id]) => id),
    (id, member) => eachBranch(values, id, member),
  );
  const deviations = new Map<number, number>();
  const inputs = new Map<number, number>();
  let weight = 0;
  let freshDeviation = 0;
  terms.forEach(([id, coefficient], i) => {
    const noise = noiseOf(values, id, counting);
    const factor = Math.abs(coefficient);
    const cluster = clusters[i] as number;
    const own = factor * Math.sqrt(noise.branches);
    deviations.set(cluster, (deviations.get(cluster) ?? 0) + own);
    for (const [cell, each] of noise.inputs)
      inputs.set(cell, (inputs.get(cell) ?? 0) + factor * each);
    weight += factor * noise.weight;
    freshDeviation += factor * Math.sqrt(noise.fresh);
  });
  let branches = 0;
  for (const deviation of deviations.values()) branches += deviation ** 2;
  const depth = branches + rotationNoise(values, inputs, weight);
  return { depth, branches, inputs, weight, fresh: freshDeviation ** 2 };
}

/** The largest sum of squared weights times bits, where no input has more than its weight and all have `weight`. */
function rotationNoise(
  values: Values,
  inputs: ReadonlyMap<number, number>,
  weight: number,
): number {
  let left = weight;
  let squares = 0;
  for (const most of [...inputs.values()].sort((a, b) => b - a)) {
    squares += Math.min(left, most) ** 2;
    left -= Math.min(left, most);
  }
  return squares * Math.max(0, ...[...inputs.keys()].map((cell) => values.cmuxOfCell(cell)));
}

/** Of the encrypted terms. */
function squaredWeight(values: Values, form: Form): number {
  const encrypted = form.terms.filter(([cell]) => !values.isClear(cell));
  return encrypted.reduce((sum, [, coefficient]) => sum + coefficient ** 2, 0);
}

/** Calls `visit` with each choice by an encrypted bit that a value is computed through; below it where that returns true. */
function eachBranch(values: Values, root: number, visit: (id: number) => boolean): void {
  values.walk([root], (value, id) => {
    if (value.kind !== 'branch' || values.isClear(cellOfBit(value.bit))) return true;
    return visit(id);
  });
}

/**
 * Numbers items so that those with a common member, directly or by a chain, have the same number. `member` says whether a
 * member is new: what that one is computed from was met with it.
 */
function clusterBy(
  items: readonly number[],
  membersOf: (item: number, member: (id: number) => boolean) => void,
): number[] {
  const parent = items.map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number;
      at = parent[at] as number;
    }
    return at;
  };
  const owner = new Map<number, number>();
  items.forEach((item, i) => {
    membersOf(item, (member) => {
      const other = owner.get(member);
      if (other === undefined) owner.set(member, i);
      else parent[find(i)] = find(other);
      return other === undefined;
    });
  });
  return parent.map((_, i) => find(i));
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
    values.walk(alike, (value, id) => {
      if (value.kind === 'branch') {
        if (values.isComputed(value.bit)) computedBranches++;
        else if (values.isClear(cellOfBit(value.bit))) choices++;
        else branches++;
        bits.add(value.bit);
      } else if (value.kind === 'dot') dots++;
      else if (value.kind === 'lookup') {
        const key = `${value.cell},${count}`;
        const group = lookups.get(key) ?? { cell: value.cell, components: count, values: [] };
        group.values.push(id);
        lookups.set(key, group);
        for (const bit of values.bitsOf(value.cell)) bits.add(bit);
      }
    });
  return { branches, computedBranches, choices, lookups, bits, dots };
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
