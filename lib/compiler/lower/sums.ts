/**
 * Sums: forms as LWE ciphertexts, of leveled values and results of lookups; and the list of lookups that they need.
 */
import { error } from '../../errors.ts';
import { type Cell, type CellBuilder, combine, type Form, formKey } from '../cells.ts';
import { bitsFor, cellOfBit, positionOfBit } from './diagram.ts';
import type { Estimates } from './estimates.ts';
import type { LweForm } from './plan.ts';
import { workOf } from './summary.ts';
import { mostGates, precisionFor } from './tables.ts';
import type { Values } from './value.ts';

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

export class Sums {
  /** The lookups that sums need so far, in the order in which they were first needed. */
  readonly wanted: Map<string, Wanted> = new Map();
  readonly #estimates: Estimates;
  readonly #builder: CellBuilder;
  readonly #values: Values;
  readonly #choices = new Map<number, Form>();
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
    let constant = form.constant;
    // Terms that are rewritten to forms put their terms back on this list.
    const open = [...form.terms].reverse();
    for (let term = open.pop(); term !== undefined; term = open.pop()) {
      const [id, coefficient] = term;
      const plain: Form = { terms: [[id, 1]], constant: 0 };
      const step = this.#stepFor(id);
      switch (step.kind) {
        case 'input':
          inputs.push([plain, coefficient]);
          exact.push([plain, coefficient]);
          break;
        case 'value':
          values.push([step.value, coefficient]);
          exact.push([plain, coefficient]);
          break;
        case 'lookup':
          lookups.set(id, (lookups.get(id) ?? 0) + coefficient);
          break;
        case 'form': {
          constant += coefficient * step.form.constant;
          for (const [cell, weight] of [...step.form.terms].reverse())
            open.push([cell, weight * coefficient]);
          break;
        }
        default:
          step satisfies never;
      }
    }
    const dot = combine(inputs);
    if (dot.terms.length > 0) values.unshift([this.#estimates.leveled.ofForms([dot]) as number, 1]);
    return {
      values,
      lookups: [...lookups].filter(([, c]) => c !== 0),
      constant,
      exact: combine(exact),
    };
  }

  /** How a term of a sum is computed: as it is, or as another form. */
  #stepFor(
    id: number,
  ):
    | { kind: 'input' | 'lookup' }
    | { kind: 'value'; value: number }
    | { kind: 'form'; form: Form } {
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
      case 'table':
        return this.#tableStep(id, cell);
      case 'where':
        return { kind: 'form', form: this.#choice(id, cell) };
      case 'alternatives':
        return { kind: 'form', form: this.#cheapestForm(cell) };
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
  #tableStep(
    id: number,
    cell: Cell & { kind: 'table' },
  ): { kind: 'lookup' } | { kind: 'form'; form: Form } {
    const way = this.#estimates.wayOf(id, cell);
    if (way === null) throw this.#estimates.tooWide(id, precisionFor(cell.values.length));
    if (way.kind === 'gates') {
      const bits = this.#builder.bits(cell.index, way.width, cell.node);
      const table = this.#builder.table(bits, cell.values, cell.node);
      for (const [each] of table.terms) this.#gated.add(each);
      return { kind: 'form', form: table };
    }
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
    if (!wanted.tables?.some((table) => table.cell === id))
      wanted.tables?.push({ cell: id, entries: way.entries });
    return { kind: 'lookup' };
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

  /** A choice by lookup: `otherwise + table(condition, then - otherwise)`, the table being the product. */
  #choice(id: number, { condition, then, otherwise, node }: Cell & { kind: 'where' }): Form {
    const known = this.#choices.get(id);
    if (known !== undefined) return known;
    const difference = combine([
      [then, 1],
      [otherwise, -1],
    ]);
    const { min, max } = this.#builder.range(difference);
    const size = max - min + 1;
    if (size > 2 ** (mostGates - 1)) throw this.#estimates.tooWide(id, bitsFor(size) + 1);
    const index = combine(
      [
        [condition, size],
        [difference, 1],
      ],
      -min,
    );
    const range = this.#builder.range(index);
    const values = Float64Array.from({ length: range.max - range.min + 1 }, (_, i) =>
      i + range.min >= size ? i + range.min - size + min : 0,
    );
    const form = combine([
      [otherwise, 1],
      [this.#builder.table(index, values, node), 1],
    ]);
    this.#choices.set(id, form);
    return form;
  }

  #cheapestForm(cell: Cell & { kind: 'alternatives' }): Form {
    const forms = cell.forms.map((make) => make());
    const [first, ...others] = forms as [Form, ...Form[]];
    return others.reduce(
      (best, form) => (this.#estimates.ofSum(form) < this.#estimates.ofSum(best) ? form : best),
      first,
    );
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
