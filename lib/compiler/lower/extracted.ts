/**
 * Functions of computed values by their bits: all bits of an index are extracted, each by a lookup of one bit, and what
 * remains are tables of a few bits.
 *
 * A value times a bit s goes by digits: s * sum 2^(3i) digit_i = sum 2^(3i) table(s, digit_i).
 */
import { type Cell, type CellBuilder, combine, type Form, formOfCell } from '../cells.ts';
import { entriesOf } from '../entries.ts';
import { widthOf } from './diagram.ts';
import type { Prices } from './prices.ts';
import type { Hinge, Line, Single } from './shapes.ts';

type TableCell = Cell & { kind: 'table' };

/** Bits of a digit that is chosen by one more: a lookup of one bit more than their sum costs twice as much. */
export const digitBits = 3;

/** The price of a value of so many bits times a bit, where all of its bits are known. */
export function maskPrice(width: number, prices: Prices): number {
  const whole = Math.floor(width / digitBits) * prices.lookup(1 + digitBits);
  const rest = width % digitBits;
  return whole + (rest === 0 ? 0 : prices.lookup(1 + rest));
}

/** A table of `shape`: whether all bits of the distance from one entry are 0 is a table of their sum. */
export function singleForm(builder: CellBuilder, cell: TableCell, shape: Single): Form {
  const { at, width, value, other } = shape;
  // The distance is less than 2^width, so it is 0 where it is a multiple of that.
  const shifted = combine([[cell.index, 1]], at === 0 ? 0 : 2 ** width - at);
  const { bits } = builder.lowBits(shifted, width, cell.node);
  const count = combine(bits.map((bit) => [formOfCell(bit), 1]));
  const entries = entriesOf(width + 1, (ones) => (ones === 0 ? value : other));
  return builder.table(count, entries, cell.node);
}

/** A table of `shape`: the line before the hinge, and behind it the difference of both lines besides. */
export function hingeForm(builder: CellBuilder, cell: TableCell, shape: Hinge): Form {
  const { at, before, after, width, widthAfter } = shape;
  // Bit `width` says whether an index is at or behind the hinge; the others then are how far.
  const shifted = combine([[cell.index, 1]], 2 ** width - at);
  const { bits } = builder.lowBits(shifted, width + 1, cell.node);
  const isAfter = formOfCell(bits[width] as number);
  const slope = after.slope - before.slope;
  const jump = slope * at + after.offset - before.offset;
  return combine(
    [
      [cell.index, before.slope],
      [
        maskedBits(builder, isAfter, bits.slice(0, widthAfter), { slope, offset: jump }, cell.node),
        1,
      ],
    ],
    before.offset,
  );
}

/** Estimates are rough: several lookups are taken for one where they are clearly cheaper. */
const worthMore = 0.9;

/** How `bit ? form : 0` is computed: as one table, by tables of groups of terms, or by all bits of the form. */
export type MaskWay = 'table' | 'terms' | 'bits';

/** A form that a bit is to choose or not, and the same over the cells that compute it, whose terms say more. */
export interface Masked {
  readonly form: Form;
  readonly expanded: Form;
}

/**
 * The cheapest way for a form, with its price.
 *
 * @param most bits that may be extracted, the bit itself included
 * @param priceOfTable that of a table of a bit and so many more
 */
export function cheapestMask(
  builder: CellBuilder,
  { form, expanded }: Masked,
  most: number,
  prices: Prices,
  priceOfTable: (width: number) => number,
): { readonly way: MaskWay; readonly price: number } {
  const width = widthOf(builder.range(form));
  const groups = groupsOf(builder, expanded);
  const byTerms = groups.reduce(
    (sum, [group]) => sum + priceOfTable(widthOf(builder.range(group))),
    0,
  );
  const none = Number.POSITIVE_INFINITY;
  const ways: [MaskWay, number][] = [
    ['table', priceOfTable(width)],
    ['terms', groups.length > 1 ? byTerms : none],
    ['bits', width < most ? width * prices.lookup(0) + maskPrice(width, prices) : none],
  ];
  const [way, price] = ways.reduce((best, each) => (each[1] < worthMore * best[1] ? each : best));
  return { way, price };
}

/** `bit ? form : 0`. */
export function maskedForm(
  builder: CellBuilder,
  bit: Form,
  { form, expanded }: Masked,
  way: MaskWay,
  node: number,
): Form {
  switch (way) {
    case 'table':
      return masked(builder, bit, form, (value) => value, node);
    case 'terms': {
      const [[lowest, unit], ...others] = groupsOf(builder, expanded) as [
        [Form, number],
        ...[Form, number][],
      ];
      // The constant beside the bit would have its noise multiplied; in a table it has not.
      const withConstant = (value: number) => unit * value + expanded.constant;
      return combine([
        [masked(builder, bit, lowest, withConstant, node), 1],
        ...others.map(
          ([group, weight]) => [masked(builder, bit, group, (v) => v, node), weight] as const,
        ),
      ]);
    }
    case 'bits': {
      const range = builder.range(form);
      const { bits } = builder.lowBits(combine([[form, 1]], -range.min), widthOf(range), node);
      return maskedBits(builder, bit, bits, { slope: 1, offset: range.min }, node);
    }
    default:
      return way satisfies never;
  }
}

/** The terms of a form in groups, each with its unit: those that are digits of one value together as far as a digit goes. */
function groupsOf(builder: CellBuilder, { terms }: Form): [Form, number][] {
  const groups: [Form, number][] = [];
  const sorted = [...terms].sort((a, b) => Math.abs(a[1]) - Math.abs(b[1]));
  for (const [cell, coefficient] of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && coefficient % last[1] === 0) {
      const grown = combine([
        [last[0], 1],
        [formOfCell(cell), coefficient / last[1]],
      ]);
      if (widthOf(builder.range(grown)) <= digitBits) {
        last[0] = grown;
        continue;
      }
    }
    groups.push([formOfCell(cell), coefficient]);
  }
  return groups;
}

/** `bit ? slope * number + offset : 0` for a number of these bits, a digit of number and offset at a time. */
function maskedBits(
  builder: CellBuilder,
  bit: Form,
  bits: readonly number[],
  { slope, offset }: Line,
  node: number,
): Form {
  if (bits.length === 0) return combine([[bit, offset]]);
  if (slope % 2 === 0 && offset % 2 === 0)
    return combine([
      [maskedBits(builder, bit, bits, { slope: slope / 2, offset: offset / 2 }, node), 2],
    ]);
  const digits: [Form, number][] = [];
  for (let first = 0; first < bits.length; first += digitBits) {
    const unit = 2 ** first;
    const own = bits.slice(first, first + digitBits);
    const isHighest = first + digitBits >= bits.length;
    const above = Math.floor(offset / unit);
    const added = isHighest ? above : above - 2 ** digitBits * Math.floor(above / 2 ** digitBits);
    const digit = combine(own.map((each, i) => [formOfCell(each), 2 ** i]));
    digits.push([masked(builder, bit, digit, (v) => slope * v + added, node), unit]);
  }
  return combine(digits);
}

/** `bit ? f(form) : 0` as one table. */
function masked(
  builder: CellBuilder,
  bit: Form,
  form: Form,
  f: (value: number) => number,
  node: number,
): Form {
  const { min, max } = builder.range(form);
  const size = max - min + 1;
  const index = combine(
    [
      [bit, size],
      [form, 1],
    ],
    -min,
  );
  const range = builder.range(index);
  const entries = entriesOf(range.max - range.min + 1, (i) => {
    const entry = i + range.min;
    return entry >= size ? f(entry - size + min) : 0;
  });
  return builder.table(index, entries, node);
}
