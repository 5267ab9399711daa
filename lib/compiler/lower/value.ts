/**
 * Leveled values: what can be computed from a fresh query without bootstrapping, as an expression over GLWE
 * ciphertexts. A value has one or several components, each in its own coefficient of the same ciphertext, so
 * that several outputs (the classes of a tree) cost no more than one. Values are hash-consed.
 *
 * Nearly all values are branches, a hundred thousand in a large program: these are columns of numbers, and an object only
 * where one is asked for.
 */
import { type Cell, type Form, formKey } from '../cells.ts';
import { KnownEntries } from '../entries.ts';
import { mapped } from '../mapped.ts';
import { bitOf, cellOfBit, widthOf } from './diagram.ts';
import { TableInputs } from './joined.ts';
import { UniqueTable } from './unique-table.ts';

export type Value =
  /** One CMUX: `bit ? one : zero`. */
  | { readonly kind: 'branch'; readonly bit: number; readonly zero: number; readonly one: number }
  | PlainValue;

/** A value that is no branch. */
export type PlainValue =
  /** Clear components. */
  | { readonly kind: 'leaf'; readonly values: readonly number[] }
  /**
   * Tables of one input, one per component: a clear polynomial rotated by the input's bits. A negative `cell` stands for
   * several inputs (`joined.ts`).
   */
  | { readonly kind: 'lookup'; readonly cell: number; readonly tables: readonly Float64Array[] }
  /** A weighted sum of inputs, one component: a product of the linear query with a clear polynomial. */
  | { readonly kind: 'dot'; readonly form: Form }
  /**
   * A sum of results of lookups, one component: an LWE ciphertext, which is the constant coefficient of a GLWE. `lookups` are
   * the cells of these.
   */
  | { readonly kind: 'embed'; readonly form: Form; readonly lookups: readonly number[] }
  /** Sum of values and clear constants. */
  | {
      readonly kind: 'sum';
      readonly terms: readonly (readonly [value: number, coefficient: number])[];
      readonly constants: readonly number[];
    }
  /** Values of one component each, as the components of one ciphertext; only as a whole output. */
  | { readonly kind: 'pack'; readonly values: readonly number[] }
  | Drum
  | Wheel;

/**
 * Tables of a weighted sum of bits, one for each component (`rolled.ts`): a polynomial of their entries, already turned by
 * `start`. Each bit rolls it by its weight, and the coefficients of the components then are the entries at the sum.
 */
export type Drum =
  | {
      readonly kind: 'drum';
      readonly tables: readonly Float64Array[];
      readonly start: number;
      /** How many ciphertexts it is. */
      readonly extension: number;
    }
  | {
      readonly kind: 'roll';
      readonly bit: number;
      readonly of: number;
      /** Coefficients, in [1, 2M), where M is N times the extension of the drum. */
      readonly by: number;
      /** Ciphertexts of the result that are read. */
      readonly parts: number;
    };

/**
 * On which side of a bound a weighted sum of bits is (`turned.ts`). A wheel is a polynomial all M coefficients of which are 1/2:
 * what lies before the first of them counts as -1/2. Each bit turns it by its weight, one CMUX, and the coefficient where the
 * bound has come to lie, plus 1/2, is the result. Where M is E N, a wheel is E ciphertexts, the coefficients k, k + E, k + 2 E and
 * so on in the k-th, and a turn as many CMUX.
 */
export type Wheel =
  | { readonly kind: 'wheel' }
  | {
      readonly kind: 'turn';
      readonly bit: number;
      readonly of: number;
      /** Coefficients, in [1, 2M). */
      readonly by: number;
    }
  /** Wheels, each turned on and with a coefficient, in one: what comes next turns them all. */
  | { readonly kind: 'wheels'; readonly terms: readonly WheelTerm[] }
  /**
   * One component: the coefficient `at`, in [0, 2M), plus half of the coefficients of all wheels in it. Of one wheel that is 1
   * where the coefficient is 1/2, and 0 where it is -1/2.
   */
  | { readonly kind: 'side'; readonly of: number; readonly at: number; readonly weight: number };

/** A wheel that is read from its coefficient `at`, in [0, 2M), on. */
export interface WheelTerm {
  readonly of: number;
  readonly at: number;
  readonly coefficient: number;
}

/** The bit of what is no branch. */
const noBit = -1;

export class Values {
  /** The graph node for which each value was made first. */
  readonly nodeOf: number[] = [];
  readonly #cells: readonly Cell[];
  /** Branches as (bit, zero, one), others as (no bit, index in `#plain`, 0). */
  readonly #nodes = new UniqueTable();
  readonly #plain: PlainValue[] = [];
  readonly #known = new Map<string, number>();
  readonly #tables = new KnownEntries();
  readonly #inputs: TableInputs;
  /** Digits of the results of tables of joined inputs, by value. */
  readonly #digits = new Map<number, number>();
  /** By value, the last walk that came by. */
  #marks = new Uint32Array(1024);
  #lastMark = 0;
  #node = 0;
  /** How many ciphertexts a wheel is: 1, 2 or 4. */
  readonly extension: number;
  readonly #readsComputed = new Set<number>();

  constructor(cells: readonly Cell[], extension = 1) {
    this.#cells = cells;
    this.extension = extension;
    this.#inputs = new TableInputs(cells);
  }

  /** The graph node for which values are made from now on. */
  set node(node: number) {
    this.#node = node;
  }

  /** The inputs that a lookup reads: one, or encrypted ones and then clear ones. */
  inputsOf(cell: number): readonly number[] {
    return this.#inputs.of(cell);
  }

  /** Number of bits of an input, or of several joined. */
  bitsOfCell(cell: number): number {
    return this.#inputs.bits(cell);
  }

  /** The bits of an input, or of several joined, least significant first. */
  bitsOf(cell: number): number[] {
    return this.inputsOf(cell).flatMap((id) =>
      Array.from({ length: widthOf(this.#cells[id] as Cell) }, (_, bit) => bitOf(id, bit)),
    );
  }

  /** Whether an input cell is clear. */
  isClear(cell: number): boolean {
    const found = this.#cells[cell];
    return found?.kind === 'input' && found.clear === true;
  }

  /** The encrypted ones of the inputs that a lookup reads. */
  encryptedInputsOf(cell: number): readonly number[] {
    return this.#inputs.encrypted(cell);
  }

  /** Encrypted bits of an input, or of several joined: CMUX on the way through one of its tables. */
  cmuxOfCell(cell: number): number {
    return this.#inputs.encryptedBits(cell);
  }

  /** CMUX that read `count` tables, of so many components each, of an input or of several joined. */
  tableCmux(cell: number, count: number, components: number): number {
    return this.#inputs.cmux(cell, count, components);
  }

  /** As `tableCmux` of one component: tables of joined inputs with wide results are cut into digits, each a table. */
  digitCmux(cell: number, ids: readonly number[]): number {
    const digits = ids.reduce((sum, id) => sum + (this.#digits.get(id) ?? 1), 0);
    return this.#inputs.cmux(cell, digits, 1);
  }

  /** Whether a bit is computed, by circuit bootstrapping, rather than part of the query. */
  isComputed(bit: number): boolean {
    return this.isComputedCell(cellOfBit(bit));
  }

  /** Whether the bits of a cell are computed. */
  isComputedCell(cell: number): boolean {
    return this.#cells[cell]?.kind === 'bits';
  }

  /** Whether a value is computed from bits that are computed themselves. */
  readsComputed(id: number): boolean {
    return this.#readsComputed.has(id);
  }

  get(id: number): Value {
    const plain = this.plain(id);
    if (plain !== null) return plain;
    return { kind: 'branch', bit: this.bit(id), zero: this.zero(id), one: this.one(id) };
  }

  /** A value that is no branch, or null where it is one. */
  plain(id: number): PlainValue | null {
    if (this.#nodes.first(id) !== noBit) return null;
    return this.#plain[this.#nodes.second(id)] as PlainValue;
  }

  /** The bit that a branch tests, and its two branches. */
  bit(branch: number): number {
    return this.#nodes.first(branch);
  }

  zero(branch: number): number {
    return this.#nodes.second(branch);
  }

  one(branch: number): number {
    return this.#nodes.third(branch);
  }

  /**
   * Visits every value that `roots` are computed from, themselves included, once; where `visit` returns false, not those that
   * are only read by that value. A branch is visited with null. Walks may not nest: marks of an inner one would overwrite
   * those of the outer.
   */
  walk(roots: readonly number[], visit: (id: number, plain: PlainValue | null) => unknown): void {
    if (this.#marks.length < this.#nodes.size) this.#marks = new Uint32Array(2 * this.#nodes.size);
    const marks = this.#marks;
    const mark = ++this.#lastMark;
    const stack = [...roots];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (marks[id] === mark) continue;
      marks[id] = mark;
      const plain = this.plain(id);
      if (visit(id, plain) === false) continue;
      if (plain === null) stack.push(this.zero(id), this.one(id));
      else stack.push(...childrenOf(plain));
    }
  }

  leaf(values: readonly number[]): number {
    return this.#add(`leaf ${values}`, { kind: 'leaf', values });
  }

  branch(bit: number, zero: number, one: number): number {
    if (zero === one) return zero;
    const id = this.#nodes.numberOf(bit, zero, one, Number.POSITIVE_INFINITY);
    if (id < this.nodeOf.length) return id;
    this.nodeOf.push(this.#node);
    const computed = this.#readsComputed;
    if (this.isComputed(bit) || computed.has(zero) || computed.has(one)) computed.add(id);
    return id;
  }

  dot(form: Form): number {
    return this.#add(`dot ${formKey(form)}`, { kind: 'dot', form });
  }

  embed(form: Form, lookups: readonly number[]): number {
    return this.#add(`embed ${formKey(form)} ${lookups}`, { kind: 'embed', form, lookups });
  }

  sum(
    terms: readonly (readonly [value: number, coefficient: number])[],
    constants: readonly number[],
  ): number {
    return this.#add(`sum ${terms.join(' ')} ${constants}`, { kind: 'sum', terms, constants });
  }

  /** Tables of a sum, of equal length, in so many ciphertexts. */
  drum(tables: readonly Float64Array[], start: number, extension: number): number {
    const numbers = mapped(tables, (table) => this.#tables.numberOf(table));
    const shared = mapped(numbers, (number) => this.#tables.get(number));
    const key = `drum ${start} ${extension} ${numbers}`;
    return this.#add(key, { kind: 'drum', tables: shared, start, extension });
  }

  /** A drum that is rolled on by so many coefficients where a bit is 1. */
  roll(bit: number, of: number, by: number, parts: number): number {
    return this.#add(`roll ${bit} ${of} ${by} ${parts}`, { kind: 'roll', bit, of, by, parts });
  }

  /** The CMUX that a turn or a roll is. */
  cmuxOfTurn(value: PlainValue): number {
    return value.kind === 'roll' ? value.parts : this.extension;
  }

  /** A polynomial of halves. */
  wheel(): number {
    return this.#add('wheel', { kind: 'wheel' });
  }

  /** A wheel that is turned on by so many coefficients where a bit is 1. */
  turn(bit: number, of: number, by: number): number {
    return this.#add(`turn ${bit} ${of} ${by}`, { kind: 'turn', bit, of, by });
  }

  wheels(terms: readonly WheelTerm[]): number {
    const texts = terms.map(({ of, at, coefficient }) => `${coefficient}*${of}@${at}`);
    return this.#add(`wheels ${texts}`, { kind: 'wheels', terms });
  }

  /** One coefficient of a wheel, or of several with coefficients that sum to `weight`, plus the half of these. */
  side(of: number, at: number, weight = 1): number {
    return this.#add(`side ${of} ${at} ${weight}`, { kind: 'side', of, at, weight });
  }

  pack(values: readonly number[]): number {
    return this.#add(`pack ${values}`, { kind: 'pack', values });
  }

  /** The tables of a lookup value as branches: the cheaper form when the tables have few distinct entries. */
  lookupAsBranches(cell: number, tables: readonly Float64Array[]): number {
    const { max, min } = this.#cells[cell] as Cell;
    const from = (base: number, bit: number): number => {
      if (bit < 0) return this.leaf(tables.map((table) => table[base] as number));
      const zero = from(base, bit - 1);
      const high = base + 2 ** bit;
      if (high > max - min) return zero;
      return this.branch(bitOf(cell, bit), zero, from(high, bit - 1));
    };
    return from(0, this.bitsOfCell(cell) - 1);
  }

  /** The number by which lookups call several inputs, encrypted ones first. */
  joined(inputs: readonly number[]): number {
    return this.#inputs.nameOf(inputs);
  }

  /** As `lookup` of several inputs, with results that would leave in so many digits. */
  joinedLookup(name: number, tables: readonly Float64Array[], digits: number): number {
    const value = this.lookup(name, tables);
    this.#digits.set(value, digits);
    return value;
  }

  /** Tables of an input, or of several joined; a leaf where all are constant. */
  lookup(cell: number, tables: readonly Float64Array[]): number {
    if (tables.every((table) => table.every((value) => value === table[0])))
      return this.leaf(tables.map((table) => table[0] as number));
    const numbers = mapped(tables, (table) => this.#tables.numberOf(table));
    const shared = mapped(numbers, (number) => this.#tables.get(number));
    return this.#add(`lookup ${cell} ${numbers}`, { kind: 'lookup', cell, tables: shared });
  }

  #add(key: string, value: PlainValue): number {
    let id = this.#known.get(key);
    if (id === undefined) {
      const at = this.#plain.push(value) - 1;
      id = this.#nodes.numberOf(noBit, at, 0, Number.POSITIVE_INFINITY);
      this.nodeOf.push(this.#node);
      if (this.#anyComputed(value)) this.#readsComputed.add(id);
      this.#known.set(key, id);
    }
    return id;
  }

  #anyComputed(value: PlainValue): boolean {
    if (value.kind === 'lookup') return this.isComputedCell(value.cell);
    if (value.kind === 'turn' && this.isComputed(value.bit)) return true;
    return childrenOf(value).some((child) => this.#readsComputed.has(child));
  }
}

/**
 * The turns that a drum, a wheel, several, or a side of them have been through, each with the sum of the coefficients of what it
 * turned; none of other values.
 */
export function turnsOf(values: Values, side: number): Map<number, number> {
  const turns = new Map<number, number>();
  const open: [id: number, weight: number][] = [[side, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [id, weight] = next;
    const value = values.plain(id);
    if (isTurn(value)) turns.set(id, (turns.get(id) ?? 0) + weight);
    if (isTurn(value) || value?.kind === 'side') open.push([value.of, weight]);
    if (value?.kind === 'wheels')
      for (const { of, coefficient } of value.terms) open.push([of, weight * coefficient]);
  }
  return turns;
}

/** Whether a value is a drum or a wheel that one more bit has turned. */
export function isTurn(value: PlainValue | null): value is PlainValue & { kind: 'roll' | 'turn' } {
  return value?.kind === 'turn' || value?.kind === 'roll';
}

/** Values that `value` is computed from directly. */
function childrenOf(value: PlainValue): readonly number[] {
  switch (value.kind) {
    case 'sum':
      return value.terms.map(([child]) => child);
    case 'pack':
      return value.values;
    case 'roll':
    case 'turn':
    case 'side':
      return [value.of];
    case 'wheels':
      return value.terms.map(({ of }) => of);
    case 'leaf':
    case 'lookup':
    case 'dot':
    case 'drum':
    case 'wheel':
    case 'embed':
      return [];
    default:
      return value satisfies never;
  }
}
