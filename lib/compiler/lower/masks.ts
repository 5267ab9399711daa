/**
 * Where the masks come from that a CMUX decomposes. Those that CMUX made are as good as independent. What rotations of one
 * input are read at several places, or weighted sums of one query, have masks that are multiples of each other.
 */
import type { Form } from '../cells.ts';
import { DenseMap } from './dense-map.ts';
import { cellOfBit } from './diagram.ts';
import type { PlainValue, Values } from './value.ts';

/** What a CMUX decomposes. */
export type Difference =
  /** Nothing: its branches are clear. */
  | { readonly kind: 'clear' }
  /** The mask of a CMUX, which no other has but those that read the same value. */
  | { readonly kind: 'fresh' }
  | Shared;

/** Masks of sources that others read too. */
export interface Shared {
  readonly kind: 'shared';
  readonly sources: readonly Source[];
  /** As `nameOf` calls them. */
  readonly names: readonly string[];
  /** Whether the sources are CMUX between clear branches. */
  readonly isFirst: boolean;
  /** Whether clear bits choose among the sources. */
  readonly chosen: boolean;
  /** The weighted sum of inputs where it is just that, without its constant. */
  readonly form: Form | null;
}

/** Rotations by an input or several joined, the inputs of linear queries, or CMUX by one bit between clear branches. */
export type Source =
  | { readonly kind: 'rotations'; readonly cell: number }
  | { readonly kind: 'query' }
  | { readonly kind: 'bit'; readonly bit: number };

export const nameOf = (source: Source): string => {
  switch (source.kind) {
    case 'rotations':
      return `input ${source.cell}`;
    case 'query':
      return 'query';
    case 'bit':
      return `bit ${source.bit}`;
    default:
      return source satisfies never;
  }
};

const clear: Difference = { kind: 'clear' };
const fresh: Difference = { kind: 'fresh' };

/** Masks of the values of one list, each found once. */
export class Masks {
  readonly #values: Values;
  readonly #ofBranches = new DenseMap<Difference>();
  /** Of values that are no CMUX. */
  readonly #ofOthers = new Map<number, Difference>();
  /** Of a CMUX between clear branches, by its bit. */
  readonly #ofBits = new Map<number, Difference>();

  constructor(values: Values) {
    this.#values = values;
  }

  /** What a branch decomposes: the difference of its branches. */
  ofBranch(id: number): Difference {
    let difference = this.#ofBranches.get(id);
    if (difference === undefined) {
      difference = differenceOf(this.#of(this.#values.one(id)), this.#of(this.#values.zero(id)));
      this.#ofBranches.set(id, difference);
    }
    return difference;
  }

  #of(id: number): Difference {
    const plain = this.#values.plain(id);
    if (plain === null) {
      const bit = this.#values.bit(id);
      if (!this.#values.isClear(cellOfBit(bit)))
        return this.ofBranch(id).kind === 'clear' ? this.#ofBit(bit) : fresh;
    }
    let mask = this.#ofOthers.get(id);
    if (mask === undefined) {
      mask =
        plain === null
          ? oneOf(this.#of(this.#values.zero(id)), this.#of(this.#values.one(id)))
          : this.#find(plain);
      this.#ofOthers.set(id, mask);
    }
    return mask;
  }

  #ofBit(bit: number): Difference {
    let mask = this.#ofBits.get(bit);
    if (mask === undefined) {
      mask = shared([{ kind: 'bit', bit }], false, null);
      this.#ofBits.set(bit, mask);
    }
    return mask;
  }

  #find(value: PlainValue): Difference {
    switch (value.kind) {
      case 'leaf':
        return clear;
      case 'lookup': {
        const [cell, ...others] = this.#values.encryptedInputsOf(value.cell);
        if (cell === undefined) return clear;
        const rotated = others.length === 0 ? cell : value.cell;
        return shared([{ kind: 'rotations', cell: rotated }], false, null);
      }
      case 'dot': {
        const terms = value.form.terms.filter(([cell]) => !this.#values.isClear(cell));
        if (terms.length === 0) return clear;
        return shared([{ kind: 'query' }], false, { terms, constant: 0 });
      }
      case 'sum':
        return sumOf(value.terms.map(([id, coefficient]) => [this.#of(id), coefficient]));
      case 'pack':
        return sumOf(value.values.map((id) => [this.#of(id), 1]));
      case 'wheel':
        return clear;
      case 'turn':
      case 'wheels':
        return fresh;
      case 'side':
        return this.#of(value.of);
      default:
        return value satisfies never;
    }
  }
}

function shared(sources: readonly Source[], chosen: boolean, form: Form | null): Shared {
  const isFirst = sources.every(({ kind }) => kind === 'bit');
  return { kind: 'shared', sources, names: sources.map(nameOf), isFirst, chosen, form };
}

/** Of two masks: most are fresh, or those of CMUX by one bit. */
function differenceOf(one: Difference, zero: Difference): Difference {
  if (one.kind === 'fresh' || zero.kind === 'fresh') return fresh;
  if (zero.kind === 'clear') return one;
  if (zero.form === null && (one.kind === 'clear' || one === zero)) return zero;
  return sumOf([
    [one, 1],
    [zero, -1],
  ]);
}

/** A sum of masks with coefficients: fresh if any is. */
function sumOf(masks: readonly (readonly [mask: Difference, coefficient: number])[]): Difference {
  if (masks.some(([{ kind }]) => kind === 'fresh')) return fresh;
  const parts = masks.flatMap(([mask, coefficient]) =>
    mask.kind === 'shared' ? [{ mask, coefficient }] : [],
  );
  const sources = union(parts.map(({ mask }) => mask.sources));
  const chosen = parts.some(({ mask }) => mask.chosen);
  if (parts.some(({ mask }) => mask.form === null)) return shared(sources, chosen, null);
  const weights = new Map<number, number>();
  for (const { mask, coefficient } of parts)
    for (const [cell, weight] of mask.form?.terms ?? [])
      weights.set(cell, (weights.get(cell) ?? 0) + coefficient * weight);
  const terms = [...weights].filter(([, weight]) => weight !== 0).sort(([a], [b]) => a - b);
  if (terms.length === 0) return clear;
  return shared(sources, chosen, { terms, constant: 0 });
}

/** One of two masks: fresh if both are, or one is and the other clear. */
function oneOf(a: Difference, b: Difference): Difference {
  const sources = union([a, b].map((mask) => (mask.kind === 'shared' ? mask.sources : [])));
  if (sources.length > 0) return shared(sources, true, null);
  return a.kind === 'fresh' || b.kind === 'fresh' ? fresh : clear;
}

function union(lists: readonly (readonly Source[])[]): Source[] {
  const known = new Map(lists.flat().map((source) => [nameOf(source), source]));
  return [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source);
}
