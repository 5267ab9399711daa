/**
 * Forms that are one value without a choice: products of inputs, tables of one input, and tables of one sum of bits.
 */
import type { Cell, Form } from '../cells.ts';
import { entriesOf } from '../entries.ts';
import { hasBits } from './diagram.ts';
import { rolledTables } from './rolled.ts';
import { type TurnedStep, turnedStep } from './turned.ts';
import type { Values } from './value.ts';

/** A drum, its bits, and the CMUX by these. */
export interface Rolled {
  readonly value: number;
  readonly bits: number;
  readonly cmux: number;
}

/** Each method adds to `values`, and gives null where forms are not of its kind. */
export class SingleForms {
  readonly #values: Values;
  readonly #cells: readonly Cell[];
  readonly #bits: boolean;

  constructor(values: Values, cells: readonly Cell[], bits: boolean) {
    this.#values = values;
    this.#cells = cells;
    this.#bits = bits;
  }

  /**
   * Every term is an input. One component only: a product with several outputs would read coefficients of the query
   * between its slots, and these do not travel.
   */
  dot(forms: readonly Form[]): number | null {
    const linear = forms.every((form) =>
      form.terms.every(([cell]) => this.#cells[cell]?.kind === 'input'),
    );
    if (!linear || forms.length > 1) return null;
    return this.#values.dot(forms[0] as Form);
  }

  /** Every form is a function of one and the same input, or a constant, be it by cancellation. */
  lookup(forms: readonly Form[]): number | null {
    let input: number | null = null;
    for (const form of forms) {
      for (const [id] of form.terms) {
        const cell = this.#cells[id] as Cell;
        const base = hasBits(cell, this.#bits) ? id : this.inputOfTable(cell);
        if (base === null || (input !== null && base !== input)) return null;
        input = base;
      }
    }
    const fresh = this.#cells[input as number] as Cell;
    const size = fresh.max - fresh.min + 1;
    const tables = forms.map((form) =>
      entriesOf(size, (u) => {
        let value = form.constant;
        for (const [id, coefficient] of form.terms) {
          const cell = this.#cells[id] as Cell;
          value +=
            coefficient * (cell.kind === 'table' ? (cell.values[u] as number) : fresh.min + u);
        }
        return value;
      }),
    );
    return this.#values.lookup(input as number, tables);
  }

  /** The form is a step of a sum of very many bits, for which a diagram would be far larger. */
  turned([form, ...others]: readonly Form[]): number | null {
    if (form === undefined || others.length > 0) return null;
    const step = this.#stepIn(form);
    if (step === null) return null;
    const [, coefficient] = form.terms[0] as readonly [number, number];
    let wheel = this.#values.wheel();
    for (const { bit, by } of step.turns) wheel = this.#values.turn(bit, wheel, by);
    const side = this.#values.side(wheel, step.at);
    const weight = coefficient * (step.before - step.after);
    const constant = form.constant + coefficient * step.after;
    return weight === 1 && constant === 0 ? side : this.#values.sum([[side, weight]], [constant]);
  }

  /** The step that a form is a multiple of, plus a constant, if it is one that turns a wheel. */
  #stepIn({ terms }: Form): TurnedStep | null {
    const cell = this.#cells[terms[0]?.[0] as number];
    if (terms.length !== 1 || cell?.kind !== 'table') return null;
    return turnedStep(this.#cells, cell, this.#bits, this.#values.extension);
  }

  /** Every form is a table of one and the same sum, which a drum has room for; its bits, and the CMUX by these. */
  rolled(forms: readonly Form[]): Rolled | null {
    const rolled = rolledTables(this.#cells, forms, this.#bits);
    if (rolled === null) return null;
    const { tables, start, extension, rolls } = rolled;
    const drum = this.#values.drum(tables, start, extension);
    const value = rolls.reduce(
      (of, { bit, by, parts }) => this.#values.roll(bit, of, by, parts),
      drum,
    );
    const cmux = rolls.reduce((sum, { parts }) => sum + parts, 0);
    // Steps of one sum share the turns of a wheel, each as a value of its own.
    const wheel = rolls.length * this.#values.extension;
    if (forms.length > 1 && cmux > wheel && forms.every((form) => this.#stepIn(form) !== null))
      return null;
    return { value, bits: rolls.length, cmux };
  }

  /** The input cell that a table reads directly, or null. */
  inputOfTable(cell: Cell): number | null {
    if (cell.kind !== 'table' || cell.refresh || cell.index.terms.length !== 1) return null;
    const [id, coefficient] = cell.index.terms[0] as readonly [number, number];
    return hasBits(this.#cells[id], this.#bits) && coefficient === 1 ? id : null;
  }
}
