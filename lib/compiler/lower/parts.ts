/**
 * Parts of noise that values may have in common, as members of classes: rotations by an input, and products and roundings of
 * CMUX that decompose masks of shared sources.
 */

import { type Family, largestOf, onePart } from './alike.ts';
import { polynomialBits } from './joined.ts';
import type { Shared, Source } from './masks.ts';
import { scaleName, scaleOf } from './scales.ts';
import type { PlainValue, Value, Values } from './value.ts';

/** A class of tails among whose sources clear bits choose: it may be any. */
export const anySource = 'any';

export type FamilyName = 'rotations' | 'products' | 'roundings';

/** Membership of a value in a class of a family: parts with the same `key` are the same. */
export interface Part {
  readonly family: FamilyName;
  readonly name: string;
  readonly key: string;
  readonly sources: readonly Source[];
  /** Whether the masks are of CMUX between clear branches: a path has one such part at most. */
  readonly isFirst: boolean;
}

export const noPart: readonly Part[] = [];

/** What classes a CMUX of masks of shared sources is part of. */
export function partsOfBranch(values: Values, id: number, masks: Shared): readonly Part[] {
  const { sources, isFirst, chosen, form } = masks;
  const scale = form === null ? null : scaleOf(form);
  const shared = { sources, isFirst };
  return [
    {
      family: 'products',
      name: productName(values.bit(id), masks),
      key: scale?.rest ?? `${id}`,
      ...shared,
    },
    {
      family: 'roundings',
      name: scale === null || chosen ? sourcesName(masks) : scaleName(scale),
      key: scale?.rest ?? `${values.zero(id)} ${values.one(id)}`,
      ...shared,
    },
  ];
}

function sourcesName({ chosen, names }: Shared): string {
  return chosen ? anySource : names.join(' ');
}

function productName(bit: number, masks: Shared): string {
  return `${bit} ${sourcesName(masks)}`;
}

/** The first masks of a diagram: parts of its CMUX that decompose those of CMUX between clear branches. */
export class FirstMasks {
  readonly #values: Values;
  /** By sources: by bit the only such CMUX, or null, and the only one by any bit. */
  readonly #known = new Map<
    Shared,
    { readonly bits: Map<number, number | null>; only: number | null }
  >();

  constructor(values: Values) {
    this.#values = values;
  }

  add(id: number, masks: Shared): void {
    const bit = this.#values.bit(id);
    const known = this.#known.get(masks);
    if (known === undefined) this.#known.set(masks, { bits: new Map([[bit, id]]), only: id });
    else {
      known.bits.set(bit, known.bits.has(bit) ? null : id);
      known.only = null;
    }
  }

  /** The largest of these and of what a path has else. */
  largest(noise: { readonly products: Family; readonly roundings: Family }): typeof noise {
    let { products, roundings } = noise;
    for (const [masks, { bits, only }] of this.#known) {
      for (const [bit, id] of bits) {
        const part = onePart(productName(bit, masks), id === null ? null : `${id}`);
        products = largestOf(products, part);
      }
      const key = only === null ? null : `${this.#values.zero(only)} ${this.#values.one(only)}`;
      roundings = largestOf(roundings, onePart(sourcesName(masks), key));
    }
    return { products, roundings };
  }
}

/** Weights of parts that are the same, in one sum. */
export class Keys {
  readonly #values: Values;
  readonly #weights = new Map<string, Map<string, number>>();
  readonly #sources = new Map<string, readonly Source[]>();
  readonly #tables = new Map<number, Set<number>>();

  constructor(values: Values) {
    this.#values = values;
  }

  /** Takes note of a table. */
  read(id: number, value: PlainValue | null): void {
    if (value?.kind !== 'lookup') return;
    const [cell] = this.#values.inputsOf(value.cell) as [number];
    const known = this.#tables.get(cell) ?? new Set();
    this.#tables.set(cell, known.add(id));
  }

  add({ family, name, key, sources }: Part, weight: number): void {
    const full = `${family} ${name}`;
    const known = this.#weights.get(full) ?? new Map<string, number>();
    this.#weights.set(full, known.set(key, weight + (known.get(key) ?? 0)));
    this.#sources.set(full, sources);
  }

  /** The most weight of one key of a class, where different keys surely are different coefficients. */
  mostOf(family: FamilyName): (name: string) => number | undefined {
    return (name) => {
      const full = `${family} ${name}`;
      const apart = this.#sources.get(full)?.every((source) => this.#isApart(source));
      if (apart !== true) return undefined;
      return Math.max(...(this.#weights.get(full) as Map<string, number>).values());
    };
  }

  /**
   * Whether what reads the source at different places reads different coefficients. Tables of one input do, unless they are
   * emitted as branches, which more tables than rotations never are (`LeveledEmitter`).
   */
  #isApart(source: Source): boolean {
    if (source.kind === 'query') return true;
    // Of different multiples the roundings have the correlation 1/2 at most (`scales.ts`), as of different coefficients.
    if (source.kind === 'computed') return true;
    if (source.kind === 'bit') return false;
    const bits = this.#values.cmuxOfCell(source.cell);
    const tables = [...(this.#tables.get(source.cell) ?? [])];
    const read = tables.map((id) => this.#values.get(id) as Value & { kind: 'lookup' });
    if (read.some(({ cell }) => cell < 0)) return false;
    const components = Math.max(1, ...read.map((each) => each.tables.length));
    const room = 2 ** (polynomialBits - Math.ceil(Math.log2(components)));
    return tables.length > bits * (1 + (tables.length * 2 ** bits) / room);
  }
}
