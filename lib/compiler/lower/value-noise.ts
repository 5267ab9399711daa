/**
 * The noise of leveled values, from their structure alone: how many CMUX, of which kinds, and what they have in common.
 *
 * A CMUX adds its own noise to that of the branch it selects; terms of a sum add variances by squared coefficients, except
 * what terms share. Tables of one input are coefficients of one rotated polynomial. Different CMUX by one bit meet the same
 * errors, and CMUX by any bits round alike, where they decompose masks of one source (`masks.ts`); elsewhere they have
 * nothing in common. What is one and the same adds deviations; for what is only alike, `Squares` has both bounds.
 */
import type { Form } from '../cells.ts';
import type { CmuxCount } from '../parameters/cmux-noise.ts';
import {
  type Family,
  largestOf,
  limited,
  noParts,
  onePart,
  type Squares,
  scaled,
  squaresOf,
  together,
} from './alike.ts';
import { clusterBy } from './clusters.ts';
import { DenseMap } from './dense-map.ts';
import { cellOfBit } from './diagram.ts';
import { type Masks, nameOf, type Shared, type Source } from './masks.ts';
import { anySource, FirstMasks, Keys, noPart, type Part, partsOfBranch } from './parts.ts';
import { negated, opposite, roundingOf } from './scales.ts';
import { type PlainValue, turnsOf, type Value, type Values } from './value.ts';

const noSources: readonly string[] = [];

const noCmux = { depth: 0, apart: 0, rounding: 0, clear: 0 } as const;
const firstCmux = { ...noCmux, clear: 1 } as const;
const furtherCmux = { depth: 1, apart: 1, rounding: 1, clear: 0 } as const;

/** The noise of a value by where it comes from; counts are those of its noisiest path. */
interface ValueNoise {
  /** CMUX that decompose fresh masks, and those of them that round: by bits that are 1. */
  readonly branches: number;
  readonly ones: number;
  /** Rotations by inputs, all but the first of which decompose masks. */
  readonly rotations: Family;
  /** CMUX that decompose masks of shared sources: their products by bit and source, their roundings by source. */
  readonly products: Family;
  readonly roundings: Family;
  /** Weight of CMUX between clear branches: a path has one at most, and those of terms may be by the same bit. */
  readonly clears: number;
  /** Squared weights of inputs. */
  readonly fresh: number;
}

const noNoise: ValueNoise = {
  branches: 0,
  ones: 0,
  rotations: noParts,
  products: noParts,
  roundings: noParts,
  clears: 0,
  fresh: 0,
};

/**
 * Noise of values by the bits that `counts` accepts the cells of.
 *
 * Most values are nodes of diagrams, of which a compiler has very many. Nodes with equal counts have one noise, and what their
 * first masks share, those of CMUX between clear branches, is looked for where a diagram ends: in `#whole`.
 */
export class Counting {
  readonly #values: Values;
  readonly #counts: (cell: number) => boolean;
  readonly #masks: Masks;
  readonly #known = new DenseMap<ValueNoise>();
  readonly #knownWhole = new Map<number, ValueNoise>();
  readonly #knownParts = new Map<number, readonly Part[]>();
  /** Noise of nodes of diagrams by their counts. */
  readonly #ofDiagrams = new Map<number, ValueNoise>();

  constructor(values: Values, masks: Masks, counts: (cell: number) => boolean) {
    this.#values = values;
    this.#counts = counts;
    this.#masks = masks;
  }

  fresh(id: number): number {
    return this.#whole(id).fresh;
  }

  cmux(id: number): Required<CmuxCount> {
    const { branches, ones, rotations, products, roundings, clears } = this.#whole(id);
    const cells = [...rotations.classes.keys()].map(Number);
    const turns = Math.max(0, ...cells.map((cell) => this.#values.cmuxOfCell(cell) - 1));
    const turned = squaresOf(rotations);
    const product = squaresOf(oneClass(products));
    // Different coefficients of an error times the key have the correlation 1/2 at most (`packedCmux`).
    const half = ({ equal, apart }: Squares) => (equal + apart) / 2;
    return {
      depth: branches + turns * turned.equal + product.equal,
      apart: branches + turns * turned.apart + product.apart,
      rounding: ones + turns * half(turned) + roundingOf(oneClass(roundings), half),
      clear: clears ** 2,
    };
  }

  /** The sources of masks that the CMUX of a value itself may share with those of others. */
  sources(id: number, value: PlainValue | null): readonly string[] {
    if (value === null) return this.#shared(id)?.names ?? noSources;
    const cell = value.kind === 'lookup' ? this.#rotatedBy(value) : null;
    return cell === null ? noSources : [nameOf({ kind: 'rotations', cell })];
  }

  /** The noise of a value and of the first masks of its diagrams. */
  #whole(id: number): ValueNoise {
    let noise = this.#knownWhole.get(id);
    if (noise === undefined) {
      const firsts = new FirstMasks(this.#values);
      this.#values.walk([id], (each, value) => {
        if (value !== null) return false;
        const masks = this.#shared(each);
        if (masks?.isFirst) firsts.add(each, masks);
        return true;
      });
      const own = this.#of(id);
      noise = { ...own, ...firsts.largest(own) };
      this.#knownWhole.set(id, noise);
    }
    return noise;
  }

  /** The noise of a value but for the first masks of its diagrams. */
  #of(id: number): ValueNoise {
    let noise = this.#known.get(id);
    if (noise === undefined) {
      const value = this.#values.plain(id);
      noise = value === null ? this.#ofBranch(id) : this.#find(value);
      this.#known.set(id, noise);
    }
    return noise;
  }

  #ofBranch(id: number): ValueNoise {
    const zero = this.#of(this.#values.zero(id));
    const one = this.#of(this.#values.one(id));
    if (!this.#counts(cellOfBit(this.#values.bit(id))))
      return this.#either(zero, one, 0, one.ones, 0);
    const difference = this.#masks.ofBranch(id);
    if (difference.kind === 'clear') return this.#either(zero, one, 0, one.ones, 1);
    if (difference.kind === 'fresh') return this.#either(zero, one, 1, one.ones + 1, 0);
    const under = this.#either(zero, one, 0, one.ones, 0);
    if (difference.isFirst) return under;
    const added = { products: under.products, roundings: under.roundings };
    for (const { family, name, key } of this.#parts(id, null))
      if (family !== 'rotations') added[family] = together(added[family], onePart(name, key));
    return { ...under, ...added };
  }

  #find(value: PlainValue): ValueNoise {
    switch (value.kind) {
      case 'leaf':
        return noNoise;
      case 'lookup': {
        // Clear inputs beside it rotate without noise.
        const input = this.#rotatedBy(value);
        return input === null ? noNoise : { ...noNoise, rotations: onePart(`${input}`), clears: 1 };
      }
      case 'dot':
        return { ...noNoise, fresh: squaredWeight(this.#values, value.form) };
      case 'sum':
        return this.#sum(value.terms);
      case 'pack':
        return this.#sum(value.values.map((each) => [each, 1] as const));
      case 'wheel':
        return noNoise;
      case 'turn':
        return this.#turned(value);
      case 'side':
        return this.#of(value.of);
      case 'wheels':
        return this.#sum(value.terms.map(({ of, coefficient }) => [of, coefficient] as const));
      default:
        return value satisfies never;
    }
  }

  /** A CMUX between a wheel and the same turned on. */
  #turned(value: Value & { kind: 'turn' }): ValueNoise {
    const noise = this.#of(value.of);
    const { depth, clear } = this.#ofTurn(value);
    if (depth + clear === 0) return noise;
    const { branches, ones, clears } = noise;
    return { ...noise, branches: branches + depth, ones: ones + depth, clears: clears + clear };
  }

  /** The CMUX that one turn is. Of the first one of a wheel both branches are clear. */
  turn(id: number): Required<CmuxCount> {
    return this.#ofTurn(this.#values.plain(id) as Value & { kind: 'turn' });
  }

  #ofTurn({ bit, of }: Value & { kind: 'turn' }): Required<CmuxCount> {
    if (!this.#counts(cellOfBit(bit))) return noCmux;
    return this.#values.plain(of)?.kind === 'wheel' ? firstCmux : furtherCmux;
  }

  #sum(terms: readonly (readonly [value: number, coefficient: number])[]): ValueNoise {
    const within = terms.map(([id]) => {
      const ids: number[] = [];
      this.#values.walk([id], (each) => ids.push(each));
      return ids;
    });
    const clusters = clusterBy(
      terms.map((_, i) => i),
      (i, member) => {
        for (const id of within[i] as number[]) if (isEncrypted(this.#values, id)) member(id);
      },
    );
    const [branches, ones] = [new Deviations(), new Deviations()];
    let [freshDeviation, sum] = [0, noNoise];
    const keys = new Keys(this.#values);
    const turned = new Map<number, number>();
    terms.forEach(([id, coefficient], i) => {
      const noise = this.#whole(id);
      const factor = Math.abs(coefficient);
      const turns = turnsOf(this.#values, id);
      for (const [turn, weight] of turns)
        turned.set(turn, (turned.get(turn) ?? 0) + coefficient * weight);
      if (turns.size === 0) {
        branches.add(clusters[i] as number, factor, noise.branches);
        ones.add(clusters[i] as number, factor, noise.ones);
      }
      freshDeviation += factor * Math.sqrt(noise.fresh);
      const renamed = coefficient < 0 ? opposite : (name: string) => name;
      const roundings = coefficient < 0 ? negated(noise.roundings) : noise.roundings;
      sum = {
        ...sum,
        rotations: together(sum.rotations, scaled(noise.rotations, factor)),
        products: together(sum.products, scaled(noise.products, factor)),
        roundings: together(sum.roundings, scaled(roundings, factor)),
        clears: sum.clears + factor * noise.clears,
      };
      for (const each of within[i] as number[]) {
        const value = this.#values.plain(each);
        keys.read(each, value);
        for (const part of this.#parts(each, value)) {
          const weight = noise[part.family].classes.get(part.name)?.weight ?? 0;
          const name = part.family === 'roundings' ? renamed(part.name) : part.name;
          keys.add({ ...part, name }, factor * weight);
        }
      }
    });
    // What wheels have in common is counted for just that.
    const ofTurns = [...turned].reduce(
      (squares, [turn, weight]) => squares + this.turn(turn).depth * weight ** 2,
      0,
    );
    return {
      branches: branches.squares + ofTurns,
      ones: ones.squares + ofTurns,
      rotations: limited(sum.rotations, keys.mostOf('rotations')),
      products: limited(sum.products, keys.mostOf('products')),
      roundings: limited(sum.roundings, keys.mostOf('roundings')),
      clears: sum.clears,
      fresh: freshDeviation ** 2,
    };
  }

  /** Of a choice: at most what either has, with so much more for this CMUX. */
  #either(
    zero: ValueNoise,
    one: ValueNoise,
    moreBranches: number,
    ofOnes: number,
    moreClears: number,
  ): ValueNoise {
    const branches = Math.max(zero.branches, one.branches) + moreBranches;
    const ones = Math.max(zero.ones, ofOnes);
    const clears = Math.max(zero.clears, one.clears) + moreClears;
    if (!isDiagram(zero) || !isDiagram(one)) {
      return {
        branches,
        ones,
        rotations: largestOf(zero.rotations, one.rotations),
        products: largestOf(zero.products, one.products),
        roundings: largestOf(zero.roundings, one.roundings),
        clears,
        fresh: Math.max(zero.fresh, one.fresh),
      };
    }
    const key = (branches * largestDepth + ones) * largestDepth + clears;
    let noise = this.#ofDiagrams.get(key);
    if (noise === undefined) {
      noise = { ...noNoise, branches, ones, clears };
      this.#ofDiagrams.set(key, noise);
    }
    return noise;
  }

  /** The masks that a branch decomposes where they are of shared sources and count here; else null. */
  #shared(branch: number): Shared | null {
    if (!this.#counts(cellOfBit(this.#values.bit(branch)))) return null;
    const difference = this.#masks.ofBranch(branch);
    return difference.kind === 'shared' ? difference : null;
  }

  /** What classes a lookup, or a CMUX of masks of shared sources, is part of. */
  #parts(id: number, value: PlainValue | null): readonly Part[] {
    if (value !== null) return value.kind === 'lookup' ? this.#partsOfLookup(id, value) : noPart;
    const masks = this.#shared(id);
    if (masks === null) return noPart;
    let parts = this.#knownParts.get(id);
    if (parts === undefined) {
      parts = partsOfBranch(this.#values, id, masks);
      this.#knownParts.set(id, parts);
    }
    return parts;
  }

  /** The input, or several joined, that counts and rotates a table; null where that is without noise here. */
  #rotatedBy({ cell }: Value & { kind: 'lookup' }): number | null {
    const [input, ...others] = this.#values.encryptedInputsOf(cell);
    if (input === undefined || !this.#counts(input)) return null;
    return others.length === 0 ? input : cell;
  }

  #partsOfLookup(id: number, value: Value & { kind: 'lookup' }): readonly Part[] {
    const cell = this.#rotatedBy(value);
    if (cell === null) return noPart;
    const sources: Source[] = [{ kind: 'rotations', cell }];
    return [{ family: 'rotations', name: `${cell}`, key: `${id}`, sources, isFirst: false }];
  }
}

/** Deviations that add within a cluster. */
class Deviations {
  readonly #known = new Map<number, number>();

  add(cluster: number, factor: number, variance: number): void {
    const deviation = factor * Math.sqrt(variance);
    this.#known.set(cluster, (this.#known.get(cluster) ?? 0) + deviation);
  }

  get squares(): number {
    return [...this.#known.values()].reduce((sum, deviation) => sum + deviation ** 2, 0);
  }
}

/** More than the CMUX of any path. */
const largestDepth = 2 ** 16;

/** Whether a value is a node of a diagram with clear leaves. */
function isDiagram({ rotations, products, roundings, fresh }: ValueNoise): boolean {
  return rotations === noParts && products === noParts && roundings === noParts && fresh === 0;
}

/** A family as one class where clear bits choose among sources. */
function oneClass(family: Family): Family {
  if (![...family.classes.keys()].some((name) => name.endsWith(anySource))) return family;
  const { weight } = family;
  return { weight, classes: new Map([[anySource, { weight, most: weight, key: null }]]) };
}

/** Of the encrypted terms. */
function squaredWeight(values: Values, form: Form): number {
  const encrypted = form.terms.filter(([cell]) => !values.isClear(cell));
  return encrypted.reduce((sum, [, coefficient]) => sum + coefficient ** 2, 0);
}

/** Whether a value is a choice by an encrypted bit, or a turn by one. */
function isEncrypted(values: Values, id: number): boolean {
  const plain = values.plain(id);
  if (plain !== null) return plain.kind === 'turn';
  return !values.isClear(cellOfBit(values.bit(id)));
}
