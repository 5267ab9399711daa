/**
 * Tables of weighted sums of bits: a polynomial with the entries is turned by the weight of each bit that is 1.
 *
 * One CMUX a bit, whatever the weight and whatever the table, where a diagram has a node for each bit and each partial sum.
 * Tables of several components lie side by side and are turned together.
 *
 * Where there are more than N entries in all, the polynomial has M = E N coefficients and is E ciphertexts, its parts: the
 * coefficients k, k + E, k + 2 E and so on are the k-th. A turn by a multiple of E leaves parts apart, and results are in part 0;
 * so bits of odd weights come first, which turn all parts, and those that remain turn fewer and fewer.
 */
import { type Cell, type Form, formKey } from '../cells.ts';
import { entriesOf } from '../entries.ts';
import { hasBits } from './diagram.ts';
import { polynomialBits } from './joined.ts';
import { moduloOf, weightedBits } from './turned.ts';

/** Coefficients of a ciphertext. */
const size = 2 ** polynomialBits;

/** Most ciphertexts of a drum. */
const mostParts = 8;

/** One table for each component, what the sum starts with, and the turns in their order. */
export interface Rolled {
  readonly tables: readonly Float64Array[];
  readonly start: number;
  readonly extension: number;
  readonly rolls: readonly Roll[];
}

interface Roll {
  readonly bit: number;
  /** Coefficients, in [1, 2 M). */
  readonly by: number;
  /** Ciphertexts that are turned. */
  readonly parts: number;
}

/**
 * Forms as one drum: each is a constant, or a multiple of a table of one and the same sum of several fresh inputs plus a
 * constant. Null where they are not, or have more entries than there is room for. `bits` says whether encrypted inputs travel
 * as bits.
 */
export function rolledTables(
  cells: readonly Cell[],
  forms: readonly Form[],
  bits: boolean,
): Rolled | null {
  if (forms.some(({ terms }) => terms.length > 1)) return null;
  const read = forms.flatMap(({ terms }) => terms.map(([id]) => cells[id] as Cell));
  const [first] = read;
  if (first?.kind !== 'table' || first.index.terms.length < 2) return null;
  const { index, values } = first;
  const room = size / 2 ** Math.ceil(Math.log2(forms.length));
  const extension = 2 ** Math.max(0, Math.ceil(Math.log2(values.length / room)));
  if (extension > mostParts) return null;
  if (!index.terms.every(([id]) => isFresh(cells[id] as Cell, bits))) return null;
  const key = formKey(index);
  if (!read.every((cell) => isPlainTable(cell) && formKey(cell.index) === key)) return null;
  const tables = forms.map(({ terms: [term], constant }) => {
    if (term === undefined) return new Float64Array(values.length).fill(constant);
    const { values: entries } = cells[term[0]] as Cell & { kind: 'table' };
    return entriesOf(values.length, (at) => constant + term[1] * (entries[at] as number));
  });
  const { start, weights } = weightedBits(cells, index);
  const matters = relevance(tables);
  const rolls = weights
    .filter(({ weight }) => matters(weight))
    .map(({ bit, weight }) => ({ bit, by: moduloOf(weight, 2 * size * extension) }));
  return { tables, start, extension, rolls: inOrder(rolls, extension) };
}

/** Whether sums that differ by so much may have different entries: a parity is that of the odd weights. */
function relevance(tables: readonly Float64Array[]): (by: number) => boolean {
  const known = new Map<number, boolean>();
  const differ = (by: number) =>
    tables.some((table) => table.some((entry, at) => at >= by && entry !== table[at - by]));
  return (by) => {
    const distance = Math.abs(by);
    const found = known.get(distance) ?? differ(distance);
    known.set(distance, found);
    return found;
  };
}

/** Turns that leave more parts apart come later; of each, how many parts of its result are read. */
function inOrder(turns: readonly Omit<Roll, 'parts'>[], extension: number): Roll[] {
  const apart = ({ by }: Omit<Roll, 'parts'>): number => Math.min(extension, by & -by);
  const sorted = [...turns].sort((a, b) => apart(a) - apart(b));
  const read = new Set([0]);
  const rolls: Roll[] = [];
  for (const turn of sorted.reverse()) {
    rolls.push({ parts: read.size, ...turn });
    for (const part of [...read]) read.add((part + turn.by) % extension);
  }
  return rolls.reverse();
}

function isFresh(cell: Cell, bits: boolean): boolean {
  return cell.kind === 'input' && cell.clear !== true && hasBits(cell, bits);
}

function isPlainTable(cell: Cell): cell is Cell & { kind: 'table' } {
  return cell.kind === 'table' && !cell.refresh && cell.ignoredBits === undefined;
}
