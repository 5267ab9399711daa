/**
 * Digits: an output that is too wide to be exact leaves as several narrower ones.
 *
 * `v = min + sum 2^(bits * j) * digit_j(v - min)`, term by term of a sum: a digit of a table is a table, a digit of a
 * choice is the choice of the digits, so no noise is added; the client puts them together.
 */
import {
  type Cell,
  type CellBuilder,
  combine,
  constantForm,
  type Form,
  formOfCell,
} from '../cells.ts';
import { entriesOf } from '../entries.ts';
import { largestTable } from '../tabulate.ts';
import { widthOf } from './diagram.ts';

export interface Digits {
  /** Digit `j` of form `i` is at `i * count + j`, the least significant first. */
  readonly forms: readonly Form[];
  /**
   * The same term by term: element `t` has what term `t` of each form adds to each digit, in the order of `forms`, and 0 where
   * a form has fewer terms. Digits that do not depend on their term are constants, which `forms` have no terms of.
   */
  readonly terms: readonly (readonly Form[])[];
  readonly count: number;
  readonly bits: number;
  /** What is added to the sum of the digits of each form. */
  readonly offsets: readonly number[];
}

/** An affine function of a cell. */
interface Affine {
  readonly slope: number;
  readonly offset: number;
}

/** Cuts each form into `count` digits, or null where a sum stands inside a choice, or an input is too wide for a table. */
export function digitsOf(
  builder: CellBuilder,
  forms: readonly Form[],
  count: number,
): Digits | null {
  const widest = Math.max(
    ...forms.flatMap((form) =>
      form.terms.map((term) => widthOf(builder.range({ terms: [term], constant: 0 }))),
    ),
  );
  const bits = Math.ceil(widest / count);
  const digits: Form[] = [];
  const longest = Math.max(...forms.map((form) => form.terms.length));
  const terms = Array.from({ length: longest }, (): Form[] => []);
  const offsets: number[] = [];
  for (const form of forms) {
    let offset = form.constant;
    for (const term of form.terms) offset += builder.range({ terms: [term], constant: 0 }).min;
    offsets.push(offset);
    for (let j = 0; j < count; j++) {
      const parts: [Form, number][] = [];
      for (const [cell, slope] of form.terms) {
        const { min } = builder.range({ terms: [[cell, slope]], constant: 0 });
        const last = j === count - 1;
        const part = digitOfCell(
          builder,
          cell,
          { slope, offset: -min },
          bits * j,
          last ? 53 : bits,
        );
        if (part === null) return null;
        parts.push([part, 1]);
      }
      digits.push(combine(parts));
      terms.forEach((term, t) => {
        term.push(parts[t]?.[0] ?? constantForm(0));
      });
    }
  }
  return { forms: digits, terms, count, bits, offsets };
}

/** Bits `shift` to `shift + width - 1` of values that are at least 0. */
export function digitAt(shift: number, width: number): (value: number) => number {
  const [unit, size] = [2 ** shift, 2 ** width];
  return (value) => Math.floor(value / unit) % size;
}

function digitOfCell(
  builder: CellBuilder,
  id: number,
  { slope, offset }: Affine,
  shift: number,
  width: number,
): Form | null {
  const cell = builder.cells[id] as Cell;
  const digit = digitAt(shift, width);
  switch (cell.kind) {
    case 'input': {
      if (cell.max - cell.min >= largestTable) return null;
      const values = entriesOf(cell.max - cell.min + 1, (u) =>
        digit(slope * (cell.min + u) + offset),
      );
      return builder.table(formOfCell(id), values, cell.node);
    }
    case 'table': {
      const values = cell.values.map((value) => digit(slope * value + offset));
      const range = builder.range(cell.index);
      return builder.table(cell.index, values.subarray(range.min, range.max + 1), cell.node);
    }
    case 'where': {
      const branches = [cell.then, cell.otherwise].map((form) => {
        if (form.terms.length === 0) return constantForm(digit(slope * form.constant + offset));
        const [term] = form.terms as readonly [readonly [number, number]];
        if (form.terms.length > 1) return null;
        const inner = { slope: slope * term[1], offset: slope * form.constant + offset };
        return digitOfCell(builder, term[0], inner, shift, width);
      });
      const [then, otherwise] = branches as [Form | null, Form | null];
      if (then === null || otherwise === null) return null;
      return builder.where(cell.condition, then, otherwise, cell.node);
    }
    case 'carried':
    // A bit needs no cutting, and neither do sums of bits; alternatives are chosen before.
    case 'bit':
    case 'bits':
    case 'alternatives':
      return null;
    default:
      return cell satisfies never;
  }
}
