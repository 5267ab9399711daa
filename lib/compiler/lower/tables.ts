/**
 * Tables of computed values: the ways to look one up, and how several of one index share a rotation.
 *
 * A table that only depends on the high bits of its index, such as a comparison or a rounding, may have the low bits
 * extracted and subtracted first, each by a lookup of one bit, which is far cheaper than a wide one.
 */
import type { Cell } from '../cells.ts';
import { entriesOf } from '../entries.ts';
import { bitsFor, widthOf } from './diagram.ts';
import { maskPrice } from './extracted.ts';
import type { Prices } from './prices.ts';
import { type Hinge, hingeOf, type Single, singleOf } from './shapes.ts';

type TableCell = Cell & { kind: 'table' };

/** How a table is looked up. */
export type Way =
  /** One lookup of `index + offset`, after its lowest `lowBits` bits were extracted and subtracted. */
  | {
      readonly kind: 'lookup';
      readonly lowBits: number;
      readonly offset: number;
      readonly entries: Float64Array;
      readonly price: number;
    }
  /**
   * All bits of the index become GGSW bits, and the table a decision diagram of these; or each digit of the table, of
   * `refreshedBits` bits, which is looked up once more to be rid of the noise of these bits.
   */
  | {
      readonly kind: 'gates';
      readonly width: number;
      readonly cut: boolean;
      readonly price: number;
    }
  /** Fresh inputs and bits of what is computed turn a wheel (`turned.ts`). */
  | { readonly kind: 'turned'; readonly price: number }
  /** All bits of the index are extracted, and the rest are tables of a few of them (`extracted.ts`). */
  | { readonly kind: 'single'; readonly shape: Single; readonly price: number }
  | { readonly kind: 'hinge'; readonly shape: Hinge; readonly price: number };

/** Most bits of an index that are turned into GGSW bits. */
export const mostGates: number = 20;

/** Bits of a digit that is looked up once more. */
export const refreshedBits = 4;

/** Fewest bits of an index that are extracted all. */
const fewestExtracted = 6;

/**
 * The cheapest way to look up a table whose index is computed, or null where there is none.
 *
 * @param gateWidth bits of the widest result of diagrams of computed bits that is read as it is
 */
export function cheapestWay(cell: TableCell, gateWidth: number, prices: Prices): Way | null {
  const ways = waysOf(cell, gateWidth, prices).filter(
    ({ price }) => price < Number.POSITIVE_INFINITY,
  );
  const [first, ...others] = ways;
  if (first === undefined) return null;
  return others.reduce((best, way) => (way.price < best.price ? way : best), first);
}

function waysOf(cell: TableCell, gateWidth: number, prices: Prices): Way[] {
  const { values } = cell;
  const lookup = (lowBits: number, offset: number): Way => {
    const entries = everyStep(values, offset, 2 ** lowBits);
    const extracted = cell.ignoredBits === undefined ? lowBits * prices.lookup(0) : 0;
    return {
      kind: 'lookup',
      lowBits,
      offset,
      entries,
      price: extracted + prices.lookup(precisionFor(entries.length)),
    };
  };
  if (cell.ignoredBits !== undefined) {
    const { offset } = blocksOf(values, cell.ignoredBits);
    return [lookup(cell.ignoredBits, offset)];
  }
  const ways: Way[] = [lookup(0, 0)];
  const { log2Size, first } = blocksOf(values, bitsFor(values.length) - 1);
  for (let lowBits = 1; lowBits <= log2Size; lowBits++)
    ways.push(lookup(lowBits, modulo(-first, 2 ** lowBits)));
  const width = bitsFor(values.length);
  if (cell.refresh) return ways;
  const resultWidth = widthOf(cell);
  const cut = resultWidth > gateWidth;
  const price = gatesPrice(width, cut ? resultWidth : 0, prices);
  ways.push({ kind: 'gates', width, cut, price });
  // A lookup of a few bits is cheaper than these, and looking for shapes takes its time.
  if (width >= fewestExtracted) ways.push(...waysByBits(values, width, prices));
  return ways;
}

function waysByBits(values: Float64Array, width: number, prices: Prices): Way[] {
  const bit = prices.lookup(0);
  const single = singleOf(values);
  if (single !== null) {
    const price = width * bit + prices.lookup(precisionFor(width + 1));
    return [{ kind: 'single', shape: single, price }];
  }
  const hinge = hingeOf(values);
  if (hinge === null) return [];
  const price = (hinge.width + 1) * bit + maskPrice(hinge.widthAfter, prices);
  return [{ kind: 'hinge', shape: hinge, price }];
}

/**
 * A table of `width` bits with its bits made and its diagram walked: rotations by 11 bits, choices by the others. Of its
 * results, `refreshed` bits are looked up once more.
 */
function gatesPrice(width: number, refreshed: number, prices: Prices): number {
  if (width > mostGates) return Number.POSITIVE_INFINITY;
  const digits = Math.ceil(refreshed / refreshedBits);
  const walked = prices.cmux * (Math.min(width, 11) + 2 ** Math.max(0, width - 11));
  return width * prices.gate + Math.max(1, digits) * walked + digits * prices.lookup(refreshedBits);
}

/** What a table of so many bits costs whose entries, of `resultWidth` bits, are not known yet. */
export function priceOfTable(
  width: number,
  resultWidth: number,
  gateWidth: number,
  prices: Prices,
): number {
  const refreshed = resultWidth > gateWidth ? resultWidth : 0;
  return Math.min(prices.lookup(width), gatesPrice(width, refreshed, prices));
}

/** Bits that tell `count` entries apart, at least one. */
export function precisionFor(count: number): number {
  return Math.max(1, bitsFor(count));
}

/**
 * The largest blocks of 2^log2Size entries, at most 2^most, within which a table is constant: where the first block
 * ends, and what is added to an index so that blocks start at multiples of their size.
 */
function blocksOf(
  values: Float64Array,
  most: number,
): { log2Size: number; first: number; offset: number } {
  let first = -1;
  let log2Size = most;
  for (let i = 1; i < values.length; i++) {
    if (values[i] === values[i - 1]) continue;
    if (first < 0) first = i;
    while (log2Size > 0 && (i - first) % 2 ** log2Size !== 0) log2Size--;
  }
  return { log2Size, first, offset: modulo(-first, 2 ** log2Size) };
}

/** One entry of each block of `step` entries, the first of which starts `offset` before the table. */
function everyStep(values: Float64Array, offset: number, step: number): Float64Array {
  if (step === 1 && offset === 0) return values;
  return entriesOf(
    Math.ceil((values.length + offset) / step),
    (block) => values[Math.max(0, block * step - offset)] as number,
  );
}

function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}

/** Tables of one index laid out in one list of entries. */
export interface SharedEntries {
  readonly entries: Float64Array;
  readonly offsets: readonly number[];
}

/** Beyond these sizes tables are laid side by side without a search for stretches that they share. */
const mostTables = 64;
const mostEntries = 256;

/**
 * Tables of equal length in one list: thresholds of one value, for example, are all windows of one step. A table goes
 * where it agrees with the most that is there already, else behind it.
 */
export function shareEntries(tables: readonly Float64Array[]): SharedEntries {
  const [first = new Float64Array()] = tables;
  if (tables.length === 1) return { entries: first, offsets: [0] };
  const { length } = first;
  if (tables.length > mostTables || length > mostEntries) return sideBySide(tables);
  let entries = Array.from(tables[0] ?? []);
  const offsets = [0];
  for (const table of tables.slice(1)) {
    const at = bestPlace(entries, table);
    if (at < 0) {
      entries = [...table.subarray(0, -at), ...entries];
      for (let k = 0; k < offsets.length; k++) offsets[k] = (offsets[k] as number) - at;
    } else entries = [...entries.slice(0, at), ...table, ...entries.slice(at + length)];
    offsets.push(Math.max(0, at));
  }
  return { entries: new Float64Array(entries), offsets };
}

function sideBySide(tables: readonly Float64Array[]): SharedEntries {
  const [{ length } = new Float64Array()] = tables;
  const entries = new Float64Array(tables.length * length);
  tables.forEach((table, k) => {
    entries.set(table, k * length);
  });
  return { entries, offsets: tables.map((_, k) => k * length) };
}

/** Where the table lengthens the list least; negative where it begins before the list. */
function bestPlace(entries: readonly number[], table: Float64Array): number {
  const agrees = (at: number): boolean => {
    const end = Math.min(entries.length, at + table.length);
    for (let i = Math.max(0, at); i < end; i++) if (entries[i] !== table[i - at]) return false;
    return true;
  };
  for (let at = 0; at + table.length <= entries.length; at++) if (agrees(at)) return at;
  for (let grown = 1; grown < table.length; grown++) {
    const behind = entries.length - table.length + grown;
    if (behind >= 0 && agrees(behind)) return behind;
    if (agrees(-grown)) return -grown;
  }
  return entries.length;
}
