/**
 * Functions of one input and of clear ones, as one table of all their bits.
 *
 * Bits of clear inputs are known when the program runs: where they are high bits of a table they choose among clear
 * polynomials, where they are low ones they rotate by a known power of X. So the table takes a CMUX for each bit of the
 * one encrypted input, whatever the function.
 */
import { error } from '../../errors.ts';
import { type Cell, type Form, formsOf } from '../cells.ts';
import { hasBits, widthOf } from './diagram.ts';

/** Inputs whose bits, one after the other from the lowest, index tables. */
export interface Joined {
  /** The encrypted input, if there is one, then the clear ones. */
  readonly inputs: readonly number[];
  readonly tables: readonly Float64Array[];
}

/** Entries that may be held at once while a table is made, those of nested functions included. */
const mostEntries = 2 ** 22;

/**
 * The forms as tables of one input at most and of clear ones, of `mostBits` bits at most; null where they read other
 * inputs or no clear one. `bits` says whether encrypted inputs travel as bits.
 */
export function join(
  cells: readonly Cell[],
  forms: readonly Form[],
  bits: boolean,
  mostBits: number,
): Joined | null {
  const seen = new Set<number>();
  for (const form of forms) if (!collect(cells, form, seen)) return null;
  const inputs = [...seen].filter((id) => isInput(cells[id] as Cell)).sort((a, b) => a - b);
  const open = inputs.filter((id) => !isClear(cells[id] as Cell));
  const clear = inputs.filter((id) => isClear(cells[id] as Cell));
  if (clear.length === 0) return null;
  if (open.some((id) => !hasBits(cells[id], bits))) return null;
  const ordered = [...open, ...clear];
  const width = ordered.reduce((sum, id) => sum + widthOf(cells[id] as Cell), 0);
  if (width > mostBits || seen.size * 2 ** width > mostEntries) return null;
  const tabulate = tabulator(cells, ordered, 2 ** width);
  return { inputs: ordered, tables: forms.map(tabulate) };
}

const isInput = (cell: Cell): boolean => cell.kind === 'input' || cell.kind === 'bits';
const isClear = (cell: Cell): boolean => cell.kind === 'input' && cell.clear === true;

/** Cells below a joined table: larger functions are not worth the walk. */
const mostCells = 1000;

/**
 * Notes every cell that a form is computed from; false where one is not a function of inputs, or a second input is not
 * clear, which most walks meet soon.
 */
function collect(cells: readonly Cell[], form: Form, seen: Set<number>): boolean {
  return form.terms.every(([id]) => {
    if (seen.has(id)) return true;
    seen.add(id);
    const cell = cells[id] as Cell;
    if (isInput(cell)) return isClear(cell) || !hasOther(cells, seen, id);
    if (seen.size > mostCells) return false;
    if (cell.kind === 'bit' || (cell.kind === 'table' && cell.refresh)) return false;
    return formsOf(cell).every((each) => collect(cells, each, seen));
  });
}

/** Whether another input among these is not clear. */
function hasOther(cells: readonly Cell[], seen: ReadonlySet<number>, input: number): boolean {
  for (const id of seen) {
    const cell = cells[id] as Cell;
    if (id !== input && isInput(cell) && !isClear(cell)) return true;
  }
  return false;
}

/** The entries of forms for all values of the inputs. Beyond the largest value of an input, that value is repeated. */
function tabulator(
  cells: readonly Cell[],
  inputs: readonly number[],
  size: number,
): (form: Form) => Float64Array {
  const known = new Map<number, Float64Array>();
  let offset = 0;
  for (const id of inputs) {
    const { min, max } = cells[id] as Cell;
    const width = widthOf({ min, max });
    const below = 2 ** offset;
    const entry = (u: number) => Math.min(max, min + (Math.floor(u / below) % 2 ** width));
    known.set(id, each(size, entry));
    offset += width;
  }
  const ofForm = ({ terms, constant }: Form): Float64Array => {
    const sum = new Float64Array(size).fill(constant);
    for (const [id, coefficient] of terms) {
      const values = ofCell(id);
      for (let u = 0; u < size; u++)
        sum[u] = (sum[u] as number) + coefficient * (values[u] as number);
    }
    return sum;
  };
  const ofCell = (id: number): Float64Array => {
    let values = known.get(id);
    if (values === undefined) {
      values = build(cells[id] as Cell);
      known.set(id, values);
    }
    return values;
  };
  const build = (cell: Cell): Float64Array => {
    switch (cell.kind) {
      case 'table': {
        const index = ofForm(cell.index);
        const last = cell.values.length - 1;
        // What a promise excludes may lie outside the table, and never occurs.
        const entry = (u: number) => Math.min(last, Math.max(0, index[u] as number));
        return each(size, (u) => cell.values[entry(u)] as number);
      }
      case 'where': {
        const [condition, then, otherwise] = [cell.condition, cell.then, cell.otherwise].map(
          ofForm,
        );
        const chosen = (u: number) => ((condition as Float64Array)[u] !== 0 ? then : otherwise);
        return each(size, (u) => (chosen(u) as Float64Array)[u] as number);
      }
      case 'alternatives':
        return ofForm((cell.forms[0] as () => Form)());
      default:
        throw error('INTERNAL', { what: 'a table of several inputs', given: cell.kind });
    }
  };
  return ofForm;
}

function each(size: number, f: (u: number) => number): Float64Array {
  const values = new Float64Array(size);
  for (let u = 0; u < size; u++) values[u] = f(u);
  return values;
}
