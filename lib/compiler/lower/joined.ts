/**
 * Functions of several inputs as one table of all their bits.
 *
 * Low bits of a table rotate a polynomial, one CMUX each; high bits choose among polynomials. Bits of clear inputs are known
 * when the program runs: they choose among clear polynomials, or rotate by a known power of X. So a function of one
 * encrypted input and of clear ones takes a CMUX for each bit of the one, whatever it is, and one of several encrypted
 * inputs of 11 bits in all a CMUX for each bit, with twice as many choices for each further one.
 */
import { error } from '../../errors.ts';
import { type Cell, type Form, formsOf, isCell, type Range } from '../cells.ts';
import { entriesOf } from '../entries.ts';
import { mapped } from '../mapped.ts';
import { hasBits, widthOf } from './diagram.ts';

/** Bits of a table of several inputs: fewer where only one of them is encrypted. */
export interface JoinedBits {
  readonly oneEncrypted: number;
  readonly several: number;
}

/** Bits of a table that one polynomial holds. */
export const polynomialBits = 11;

/**
 * The inputs of tables: single cells, or several that were joined, which have negative numbers. Bits of tables are those of
 * the inputs, one after the other from the lowest, the encrypted ones first.
 */
export class TableInputs {
  readonly #cells: readonly Cell[];
  /** List k is called -1 - k. */
  readonly #lists: (readonly number[])[] = [];
  readonly #known = new Map<string, number>();

  constructor(cells: readonly Cell[]) {
    this.#cells = cells;
  }

  /** The name of several inputs. */
  nameOf(inputs: readonly number[]): number {
    const key = inputs.join();
    let name = this.#known.get(key);
    if (name === undefined) {
      name = -this.#lists.push(inputs);
      this.#known.set(key, name);
    }
    return name;
  }

  of(cell: number): readonly number[] {
    return cell < 0 ? (this.#lists[-1 - cell] as readonly number[]) : [cell];
  }

  encrypted(cell: number): readonly number[] {
    return this.of(cell).filter((id) => !isClear(this.#cells[id] as Cell));
  }

  bits(cell: number): number {
    return this.#width(this.of(cell));
  }

  encryptedBits(cell: number): number {
    return this.#width(this.encrypted(cell));
  }

  /**
   * CMUX that read `count` tables of so many components each. Tables of one encrypted input share a rotation, or are few
   * choices where they are wide. Of several inputs, low bits rotate a polynomial, of as many tables as it has room for;
   * high bits choose one first, encrypted ones before clear ones.
   */
  cmux(cell: number, count: number, components: number): number {
    const bits = this.encryptedBits(cell);
    if (this.encrypted(cell).length < 2) return bits;
    const room = polynomialBits - Math.ceil(Math.log2(components));
    const width = this.bits(cell);
    if (width <= room) return bits * Math.ceil(count / 2 ** (room - width));
    const choices = 2 ** (width - room) - 2 ** (width - Math.max(bits, room));
    return count * (Math.min(bits, room) + choices);
  }

  #width(inputs: readonly number[]): number {
    return inputs.reduce((sum, id) => sum + widthOf(this.#cells[id] as Cell), 0);
  }
}

/** Entries of all tables of several inputs of a program. */
const mostEntriesInAll = 2 ** 25;

/** Entries that may be held at once while a table is made, those of nested functions included. */
const mostEntries = 2 ** 22;

/**
 * The inputs that forms are functions of, the encrypted ones first: their bits, one after the other from the lowest, index
 * tables. Null where there are no tables, or too large ones. `bits` says whether encrypted inputs travel as bits.
 */
export function inputsToJoin(
  cells: readonly Cell[],
  forms: readonly Form[],
  bits: boolean,
  most: JoinedBits,
): number[] | null {
  const walked: Walked = { seen: new Set(), width: 0 };
  for (const form of forms) if (!collect(cells, form, walked, most.several)) return null;
  const inputs = [...walked.seen].filter((id) => isInput(cells[id] as Cell)).sort((a, b) => a - b);
  const open = inputs.filter((id) => !isClear(cells[id] as Cell));
  const clear = inputs.filter((id) => isClear(cells[id] as Cell));
  if (inputs.length < 2 || open.some((id) => !hasBits(cells[id], bits))) return null;
  // What is computed bit by bit has keys of its own.
  if (open.length > 1 && open.some((id) => cells[id]?.kind === 'bits')) return null;
  if (walked.width > (open.length > 1 ? most.several : most.oneEncrypted)) return null;
  if (walked.seen.size * 2 ** walked.width > mostEntries) return null;
  return [...open, ...clear];
}

/** Tables of several inputs, of which elements of arrays often have the same. */
export class JoinedTables {
  readonly #cells: readonly Cell[];
  readonly #known = new Map<string, Float64Array>();
  /** Of the entries of table cells, which are kept once. */
  readonly #numbers = new Map<Float64Array, number>();
  /** The tables so far that are cells as they are: others read these. */
  readonly #ofCells = new Map<number, Entries>();
  /** Entries that may still be made: it takes time. */
  #left = mostEntriesInAll;

  constructor(cells: readonly Cell[]) {
    this.#cells = cells;
  }

  /** The forms as tables of the bits of `inputs`; null where all programs of so many would take too long to compile. */
  of(forms: readonly Form[], inputs: readonly number[]): Float64Array[] | null {
    const width = inputs.reduce((sum, id) => sum + widthOf(this.#cells[id] as Cell), 0);
    const only = forms.length === 1 ? (forms[0] as Form) : null;
    const key = only === null ? null : this.#keyOf(only, inputs);
    const known = key === null ? undefined : this.#known.get(key);
    if (known !== undefined) return [known];
    this.#left -= forms.length * 2 ** width;
    if (this.#left < 0) return null;
    const tables = forms.map(tabulator(this.#cells, inputs, this.#ofCells));
    const [values] = tables as [Float64Array];
    if (key !== null) this.#known.set(key, values);
    // Of one form: one of several need not read all inputs.
    if (only !== null && isCell(only))
      this.#ofCells.set((only.terms[0] as [number, 1])[0], { inputs, values });
    return tables;
  }

  /** Equal for equal tables of inputs with equal ranges; null for what is not just one such table. */
  #keyOf({ terms, constant }: Form, inputs: readonly number[]): string | null {
    const [[id, coefficient] = [-1, 0]] = terms;
    const cell = this.#cells[id];
    if (terms.length !== 1 || cell?.kind !== 'table') return null;
    const { values, index } = cell;
    if (index.terms.length !== inputs.length) return null;
    if (!index.terms.every(([input]) => inputs.includes(input))) return null;
    const parts = index.terms.map(([input, weight]) => `${inputs.indexOf(input)}:${weight}`);
    const ranges = inputs.map((input) => {
      const { min, max } = this.#cells[input] as Cell;
      return `${min}:${max}`;
    });
    const number = this.#numbers.get(values) ?? this.#numbers.size;
    this.#numbers.set(values, number);
    return `${coefficient} ${constant} ${number} ${index.constant} ${parts} ${ranges}`;
  }
}

const isInput = (cell: Cell): boolean => cell.kind === 'input' || cell.kind === 'bits';
const isClear = (cell: Cell): boolean => cell.kind === 'input' && cell.clear === true;

/** Cells below a joined table: larger functions are not worth the walk. */
const mostCells = 1000;

/** The cells below forms, and the bits of the inputs among them. */
interface Walked {
  readonly seen: Set<number>;
  width: number;
}

/** Notes every cell that a form is computed from; false where one is no function of inputs, or these have too many bits. */
function collect(cells: readonly Cell[], form: Form, walked: Walked, mostBits: number): boolean {
  for (const term of form.terms) if (!collectCell(cells, term[0], walked, mostBits)) return false;
  return true;
}

function collectCell(
  cells: readonly Cell[],
  id: number,
  walked: Walked,
  mostBits: number,
): boolean {
  if (walked.seen.has(id)) return true;
  walked.seen.add(id);
  const cell = cells[id] as Cell;
  if (isInput(cell)) {
    walked.width += widthOf(cell);
    return walked.width <= mostBits;
  }
  if (walked.seen.size > mostCells) return false;
  if (cell.kind === 'bit' || cell.kind === 'carried') return false;
  if (cell.kind === 'table' && cell.refresh) return false;
  for (const form of formsOf(cell)) if (!collect(cells, form, walked, mostBits)) return false;
  return true;
}

/** A function of inputs: its entries by their bits, one input after the other from the lowest. */
interface Entries {
  readonly inputs: readonly number[];
  readonly values: Float64Array;
}

/**
 * The entries of forms for all values of the inputs. Beyond the largest value of an input, that value is repeated. Each cell
 * below a form is tabulated over the inputs that it reads, so that only the last steps have all entries; `made` has some.
 */
function tabulator(
  cells: readonly Cell[],
  inputs: readonly number[],
  made: ReadonlyMap<number, Entries>,
): (form: Form) => Float64Array {
  const widths = new Map(inputs.map((id) => [id, widthOf(cells[id] as Cell)]));
  const known = new Map(inputs.map((id) => [id, entriesOfInput(id, cells[id] as Cell)]));
  const sizeOf = (some: readonly number[]) =>
    2 ** some.reduce((sum, id) => sum + (widths.get(id) as number), 0);
  const union = (parts: readonly Entries[]) =>
    inputs.filter((id) => parts.some((part) => part.inputs.includes(id)));
  const knownPlaces = new Map<string, Int32Array>();
  /** For each entry by the bits of `all` its place among entries by the bits of `own`. */
  const placesOf = (own: readonly number[], all: readonly number[]): Int32Array => {
    const key = `${own} in ${all}`;
    const at = knownPlaces.get(key) ?? findPlaces(own, all);
    knownPlaces.set(key, at);
    return at;
  };
  const findPlaces = (own: readonly number[], all: readonly number[]): Int32Array => {
    const at = new Int32Array(sizeOf(all));
    let [filled, stride] = [1, 1];
    for (const id of all) {
      const step = own.includes(id) ? stride : 0;
      const end = filled * 2 ** (widths.get(id) as number);
      for (let u = filled; u < end; u++) at[u] = (at[u - filled] as number) + step;
      if (step > 0) stride *= end / filled;
      filled = end;
    }
    return at;
  };
  const spread = ({ inputs: own, values }: Entries, all: readonly number[]): Float64Array => {
    if (own.length === all.length) return values;
    const result = new Float64Array(sizeOf(all));
    const at = placesOf(own, all);
    for (let u = 0; u < result.length; u++) result[u] = values[at[u] as number] as number;
    return result;
  };
  const ofForm = ({ terms, constant }: Form): Entries => {
    const parts = mapped(terms, ([id]) => ofCell(id));
    const all = union(parts);
    const sum = new Float64Array(sizeOf(all)).fill(constant);
    parts.forEach(({ inputs: own, values }, i) => {
      const coefficient = terms[i]?.[1] as number;
      if (own.length === all.length) addTo(sum, coefficient, values);
      else addSpread(sum, coefficient, values, placesOf(own, all));
    });
    return { inputs: all, values: sum };
  };
  const ofCell = (id: number): Entries => {
    let entries = known.get(id);
    if (entries === undefined) {
      entries = made.get(id) ?? build(cells[id] as Cell);
      known.set(id, entries);
    }
    return entries;
  };
  const build = (cell: Cell): Entries => {
    switch (cell.kind) {
      case 'table': {
        const { inputs: own, values } = ofForm(cell.index);
        return { inputs: own, values: looked(cell.values, values) };
      }
      case 'where': {
        const parts = mapped(formsOf(cell), ofForm);
        const all = union(parts);
        const values = parts.map((part) => spread(part, all)) as Parameters<typeof chosen>;
        return { inputs: all, values: chosen(...values) };
      }
      case 'alternatives':
        return ofForm((cell.forms[0] as () => Form)());
      default:
        throw error('INTERNAL', { what: 'a table of several inputs', given: cell.kind });
    }
  };
  return (form) => spread(ofForm(form), inputs);
}

function addTo(sum: Float64Array, coefficient: number, values: Float64Array): void {
  for (let u = 0; u < sum.length; u++)
    sum[u] = (sum[u] as number) + coefficient * (values[u] as number);
}

function addSpread(
  sum: Float64Array,
  coefficient: number,
  values: Float64Array,
  at: Int32Array,
): void {
  for (let u = 0; u < sum.length; u++)
    sum[u] = (sum[u] as number) + coefficient * (values[at[u] as number] as number);
}

function entriesOfInput(id: number, { min, max }: Range): Entries {
  const values = entriesOf(2 ** widthOf({ min, max }), (u) => Math.min(max, min + u));
  return { inputs: [id], values };
}

/** Entries of a table. What a promise excludes may lie outside it, and never occurs. */
function looked(table: Float64Array, index: Float64Array): Float64Array {
  const values = new Float64Array(index.length);
  const last = table.length - 1;
  for (let u = 0; u < index.length; u++) {
    const entry = Math.min(last, Math.max(0, index[u] as number));
    values[u] = table[entry] as number;
  }
  return values;
}

function chosen(
  condition: Float64Array,
  then: Float64Array,
  otherwise: Float64Array,
): Float64Array {
  const values = new Float64Array(condition.length);
  for (let u = 0; u < condition.length; u++)
    values[u] = (condition[u] !== 0 ? then[u] : otherwise[u]) as number;
  return values;
}
