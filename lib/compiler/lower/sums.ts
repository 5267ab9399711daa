/**
 * Sums: forms as LWE ciphertexts, of leveled values and results of lookups; and the list of lookups that they need.
 */
import { error } from '../../errors.ts';
import { type Cell, type CellBuilder, combine, type Form, formKey, formOfCell } from '../cells.ts';
import { cellOfBit, positionOfBit, widthOf } from './diagram.ts';
import { digitAt } from './digits.ts';
import type { Estimates } from './estimates.ts';
import { hingeForm, maskedForm, singleForm } from './extracted.ts';
import type { LweForm } from './plan.ts';
import { largestRefreshed } from './prices.ts';
import { workOf } from './summary.ts';
import { precisionFor, refreshedBits, type Way } from './tables.ts';
import { gatherSides, withBits } from './turned.ts';
import type { Values } from './value.ts';

type TableCell = Cell & { kind: 'table' };

/** The cells that a rotation serves, with their entries. */
export type Tables = { readonly cell: number; readonly entries: Float64Array }[];

/** A rotation on the list: tables of one index, or one bit of it. */
export interface Wanted {
  readonly index: Form;
  readonly log2Step: number;
  /** Null for a bit. */
  readonly tables: Tables | null;
  readonly approximate: boolean;
  /** The cell of a bit. */
  readonly bit: number;
  /** Whether the bit also becomes a GGSW bit. */
  gate: boolean;
}

/** How a term of a sum is computed as it is. */
type Step =
  | { readonly kind: 'input' | 'lookup' }
  | { readonly kind: 'value'; readonly value: number };

/** Another form that a term is computed as. */
interface FormStep {
  readonly kind: 'form';
  readonly form: Form;
}

interface Term {
  readonly id: number;
  readonly coefficient: number;
  readonly step: Step;
}

/** The largest power of two that divides a number other than 0. */
function powerOfTwoIn(value: number): number {
  let power = 1;
  while (value % (2 * power) === 0) power *= 2;
  return power;
}

export class Sums {
  /** The lookups that sums need so far, in the order in which they were first needed. */
  readonly wanted: Map<string, Wanted> = new Map();
  readonly #estimates: Estimates;
  readonly #builder: CellBuilder;
  readonly #values: Values;
  readonly #choices = new Map<number, Form>();
  /** Of tables, whose lookups then are on the list. */
  readonly #tableSteps = new Map<number, Step | FormStep>();
  readonly #gatesOf = new Map<number, readonly number[]>();
  /** Tables whose index was turned into GGSW bits: diagrams compute these. */
  readonly #gated = new Set<number>();

  constructor(estimates: Estimates) {
    this.#estimates = estimates;
    this.#builder = estimates.builder;
    this.#values = estimates.values;
  }

  /** A form as a sum of values and lookups; what it needs by lookup is put on the list. */
  sum(form: Form): LweForm {
    const inputs: [Form, number][] = [];
    const values: [number, number][] = [];
    const exact: [Form, number][] = [];
    const lookups = new Map<number, number>();
    const { terms, constant } = this.#rewritten(form);
    for (const { id, coefficient, step } of terms) {
      if (step.kind === 'lookup') {
        lookups.set(id, (lookups.get(id) ?? 0) + coefficient);
        continue;
      }
      const plain = formOfCell(id);
      exact.push([plain, coefficient]);
      if (step.kind === 'input') inputs.push([plain, coefficient]);
      if (step.kind === 'value') values.push([step.value, coefficient]);
    }
    gatherSides(this.#values, values);
    const dot = combine(inputs);
    if (dot.terms.length > 0) values.unshift([this.#estimates.leveled.ofForms([dot]) as number, 1]);
    return {
      values,
      lookups: [...lookups].filter(([, c]) => c !== 0),
      constant,
      exact: combine(exact),
    };
  }

  /**
   * A form as sums of fewer bits each, `sum weight * form + offset`: terms that are multiples of a power of two are a sum
   * of their own once the others have `width` bits. One sum where there is nothing to cut.
   */
  cut(form: Form, width: number): { parts: readonly (readonly [Form, number])[]; offset: number } {
    const { terms, constant } = this.#rewritten(form);
    const flat = combine(terms.map(({ id, coefficient }) => [formOfCell(id), coefficient]));
    const sorted = [...flat.terms].sort((a, b) => powerOfTwoIn(a[1]) - powerOfTwoIn(b[1]));
    const parts: [Form, number][] = [];
    for (const [id, coefficient] of sorted) {
      const last = parts.at(-1);
      if (last !== undefined) {
        const [sum, weight] = last;
        const grown = combine([
          [sum, 1],
          [formOfCell(id), coefficient / weight],
        ]);
        const isFull = widthOf(this.#builder.range(grown)) > width;
        if (!isFull || powerOfTwoIn(coefficient) === weight) {
          last[0] = grown;
          continue;
        }
      }
      const weight = powerOfTwoIn(coefficient);
      parts.push([combine([[formOfCell(id), coefficient / weight]]), weight]);
    }
    return { parts, offset: constant };
  }

  /** The terms of a form, those that are computed as other forms replaced by these. */
  #rewritten({ terms, constant: first }: Form): { terms: Term[]; constant: number } {
    let constant = first;
    const rewritten: Term[] = [];
    // Terms that are rewritten to forms put their terms back on this list.
    const open = [...terms].reverse();
    for (let term = open.pop(); term !== undefined; term = open.pop()) {
      const id = term[0];
      const coefficient = term[1];
      const step = this.#stepFor(id);
      if (step.kind === 'form') {
        constant += coefficient * step.form.constant;
        for (const [cell, weight] of [...step.form.terms].reverse())
          open.push([cell, weight * coefficient]);
      } else rewritten.push({ id, coefficient, step });
    }
    return { terms: rewritten, constant };
  }

  /** How a term of a sum is computed: as it is, or as another form. */
  #stepFor(id: number): Step | FormStep {
    const cell = this.#builder.cells[id] as Cell;
    if (cell.kind === 'input') return { kind: 'input' };
    const value = this.#estimates.leveled.ofCell(id);
    const isGated = this.#gated.has(id);
    if (
      value !== null &&
      (isGated || this.#estimates.ofValue(value) <= this.#estimates.ofLookup(id))
    )
      return { kind: 'value', value };
    if (isGated) throw error('INTERNAL', { what: 'a table of computed bits', given: 'no diagram' });
    switch (cell.kind) {
      case 'table': {
        const step = this.#tableSteps.get(id) ?? this.#tableStep(id, cell);
        this.#tableSteps.set(id, step);
        return step;
      }
      case 'where':
        return { kind: 'form', form: this.#choice(id, cell) };
      case 'alternatives':
        return { kind: 'form', form: this.#estimates.cheapestForm(cell) };
      case 'bit':
        this.#wantBit(id, cell);
        return { kind: 'lookup' };
      case 'bits':
        return { kind: 'form', form: cell.form };
      default:
        return cell satisfies never;
    }
  }

  /** A table by lookup: puts its rotation on the list, or rewrites it to one of GGSW bits. */
  #tableStep(id: number, cell: TableCell): Step | FormStep {
    const way = this.#estimates.wayOf(id, cell);
    if (way === null) throw this.#estimates.tooWide(id, precisionFor(cell.values.length));
    if (way.kind === 'gates') return { kind: 'form', form: this.#gatedForm(cell, way) };
    if (way.kind === 'turned') return { kind: 'form', form: this.#turnedForm(cell) };
    if (way.kind === 'single')
      return { kind: 'form', form: singleForm(this.#builder, cell, way.shape) };
    if (way.kind === 'hinge')
      return { kind: 'form', form: hingeForm(this.#builder, cell, way.shape) };
    const shifted = combine([[cell.index, 1]], way.offset);
    const approximate = cell.ignoredBits !== undefined;
    const index =
      way.lowBits === 0 || approximate
        ? shifted
        : this.#builder.lowBits(shifted, way.lowBits, cell.node).rest;
    const key = `${way.lowBits} ${approximate} ${formKey(index)}`;
    let wanted = this.wanted.get(key);
    if (wanted === undefined) {
      wanted = { index, log2Step: way.lowBits, tables: [], approximate, bit: -1, gate: false };
      this.wanted.set(key, wanted);
    }
    wanted.tables?.push({ cell: id, entries: way.entries });
    return { kind: 'lookup' };
  }

  /** A table of GGSW bits, or its digits, each looked up once more. */
  #gatedForm(
    { index, values, node, min, max }: TableCell,
    { width, cut }: Way & { kind: 'gates' },
  ) {
    const bits = this.#builder.bits(index, width, node);
    const gated = (entries: Float64Array): Form => {
      const table = this.#builder.table(bits, entries, node);
      for (const [each] of table.terms) this.#gated.add(each);
      return table;
    };
    if (!cut) return gated(values);
    const digits = Math.ceil(widthOf({ min, max }) / refreshedBits);
    const parts = Array.from({ length: digits }, (_, i): [Form, number] => {
      const shift = refreshedBits * i;
      const at = digitAt(shift, refreshedBits);
      const digit = gated(values.map((value) => at(value - min)));
      return [this.#builder.refresh(digit, largestRefreshed, node), 2 ** shift];
    });
    return combine(parts, min);
  }

  /** The table of the same sum with bits of its computed terms that wheels are turned by. */
  #turnedForm({ index, values, node }: TableCell): Form {
    const table = this.#builder.table(withBits(this.#builder, index, node), values, node);
    for (const [each] of table.terms) this.#gated.add(each);
    return table;
  }

  #wantBit(id: number, cell: Cell & { kind: 'bit' }): Wanted {
    const key = `bit ${id}`;
    let wanted = this.wanted.get(key);
    if (wanted === undefined) {
      const { form: index, position: log2Step } = cell;
      wanted = { index, log2Step, tables: null, approximate: false, bit: id, gate: false };
      this.wanted.set(key, wanted);
    }
    return wanted;
  }

  /** A choice by lookup: `otherwise + condition * (then - otherwise)`. */
  #choice(id: number, { condition, then, otherwise, node }: Cell & { kind: 'where' }): Form {
    const known = this.#choices.get(id);
    if (known !== undefined) return known;
    const difference = this.#estimates.maskedOf(then, otherwise);
    const { way, price } = this.#estimates.maskOf(difference);
    if (price === Number.POSITIVE_INFINITY)
      throw this.#estimates.tooWide(id, widthOf(this.#builder.range(difference.form)) + 1);
    const form = combine([
      [otherwise, 1],
      [maskedForm(this.#builder, condition, difference, way, node), 1],
    ]);
    this.#choices.set(id, form);
    return form;
  }

  /** The cells of the computed bits that values read as GGSW. */
  gatesOf(values: readonly number[]): number[] {
    return [...new Set(values.flatMap((value) => this.#gatesOfValue(value)))];
  }

  #gatesOfValue(value: number): readonly number[] {
    if (!this.#values.readsComputed(value)) return [];
    let gates = this.#gatesOf.get(value);
    if (gates === undefined) {
      const bits = [...workOf(this.#values, [value], () => 1).bits];
      gates = bits
        .filter((bit) => this.#values.isComputed(bit))
        .map((bit) => {
          const { bits: cells } = this.#builder.cells[cellOfBit(bit)] as Cell & { kind: 'bits' };
          return cells[positionOfBit(bit)] as number;
        });
      this.#gatesOf.set(value, gates);
    }
    return gates;
  }

  /** The cells of lookups that a sum reads, directly or as GGSW bits of its values. */
  readBy({ lookups, values }: LweForm): number[] {
    return [...lookups.map(([cell]) => cell), ...this.gatesOf(values.map(([value]) => value))];
  }

  /** Puts the bits that values read as GGSW on the list. */
  wantGates(values: readonly number[]): void {
    for (const id of this.gatesOf(values)) {
      const cell = this.#builder.cells[id] as Cell & { kind: 'bit' };
      this.#wantBit(id, cell).gate = true;
    }
  }
}
