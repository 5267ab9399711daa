/**
 * Where the masks come from that a CMUX decomposes. Those that CMUX made are as good as independent. What rotations of one
 * input are read at several places, or weighted sums of one query, have masks that are multiples of each other.
 */
import type { Form } from '../cells.ts';
import { DenseMap } from './dense-map.ts';
import { cellOfBit } from './diagram.ts';
import type { Value, Values } from './value.ts';

/** What a CMUX decomposes. */
export type Difference =
  /** Nothing: its branches are clear. */
  | { readonly kind: 'clear' }
  /** The mask of a CMUX, which no other has but those that read the same value. */
  | { readonly kind: 'fresh' }
  /** Masks of sources that others read too. */
  | {
      readonly kind: 'shared';
      readonly sources: readonly Source[];
      /** Whether clear bits choose among the sources. */
      readonly chosen: boolean;
      /** The weighted sum of inputs where it is just that, without its constant. */
      readonly form: Form | null;
    };

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
  readonly #known = new DenseMap<Difference>();

  constructor(values: Values) {
    this.#values = values;
  }

  /** What a branch decomposes: the difference of its branches. */
  ofBranch({ zero, one }: Value & { kind: 'branch' }): Difference {
    const [a, b] = [this.#of(one), this.#of(zero)];
    if (a.kind === 'fresh' || b.kind === 'fresh') return fresh;
    if (a.kind === 'clear' && b.kind === 'clear') return clear;
    return sumOf([
      [a, 1],
      [b, -1],
    ]);
  }

  #of(id: number): Difference {
    let mask = this.#known.get(id);
    if (mask === undefined) {
      mask = this.#find(this.#values.get(id));
      this.#known.set(id, mask);
    }
    return mask;
  }

  #find(value: Value): Difference {
    switch (value.kind) {
      case 'leaf':
        return clear;
      case 'lookup': {
        const [cell, ...others] = this.#values.encryptedInputsOf(value.cell);
        if (cell === undefined) return clear;
        return shared({ kind: 'rotations', cell: others.length === 0 ? cell : value.cell }, null);
      }
      case 'dot': {
        const terms = value.form.terms.filter(([cell]) => !this.#values.isClear(cell));
        return terms.length === 0 ? clear : shared({ kind: 'query' }, { terms, constant: 0 });
      }
      case 'branch': {
        if (this.#values.isClear(cellOfBit(value.bit)))
          return oneOf(this.#of(value.zero), this.#of(value.one));
        const difference = this.ofBranch(value);
        return difference.kind === 'clear' ? shared({ kind: 'bit', bit: value.bit }, null) : fresh;
      }
      case 'sum':
        return sumOf(value.terms.map(([id, coefficient]) => [this.#of(id), coefficient]));
      case 'pack':
        return sumOf(value.values.map((id) => [this.#of(id), 1]));
      default:
        return value satisfies never;
    }
  }
}

function shared(source: Source, form: Form | null): Difference {
  return { kind: 'shared', sources: [source], chosen: false, form };
}

/** A sum of masks with coefficients: fresh if any is. */
function sumOf(masks: readonly (readonly [mask: Difference, coefficient: number])[]): Difference {
  if (masks.some(([{ kind }]) => kind === 'fresh')) return fresh;
  const shared = masks.flatMap(([mask, coefficient]) =>
    mask.kind === 'shared' ? [{ mask, coefficient }] : [],
  );
  const sources = union(shared.map(({ mask }) => mask.sources));
  const chosen = shared.some(({ mask }) => mask.chosen);
  if (shared.some(({ mask }) => mask.form === null))
    return { kind: 'shared', sources, chosen, form: null };
  const weights = new Map<number, number>();
  for (const { mask, coefficient } of shared)
    for (const [cell, weight] of mask.form?.terms ?? [])
      weights.set(cell, (weights.get(cell) ?? 0) + coefficient * weight);
  const terms = [...weights].filter(([, weight]) => weight !== 0).sort(([a], [b]) => a - b);
  if (terms.length === 0) return clear;
  return { kind: 'shared', sources, chosen, form: { terms, constant: 0 } };
}

/** One of two masks: fresh if both are, or one is and the other clear. */
function oneOf(a: Difference, b: Difference): Difference {
  const sources = union([a, b].map((mask) => (mask.kind === 'shared' ? mask.sources : [])));
  if (sources.length > 0) return { kind: 'shared', sources, chosen: true, form: null };
  return a.kind === 'fresh' || b.kind === 'fresh' ? fresh : clear;
}

function union(lists: readonly (readonly Source[])[]): Source[] {
  const known = new Map(lists.flat().map((source) => [nameOf(source), source]));
  return [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source);
}
