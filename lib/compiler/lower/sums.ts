/**
 * Sums: forms as LWE ciphertexts, of leveled values and results of lookups; and the list of lookups that they need.
 */
import { error } from '../../errors.ts';
import {
  type Cell,
  type CellBuilder,
  combine,
  constantForm,
  type Form,
  formKey,
  formOfCell,
} from '../cells.ts';
import { cellOfBit, positionOfBit, widthOf } from './diagram.ts';
import { digitAt } from './digits.ts';
import type { Estimates } from './estimates.ts';
import { hingeForm, maskedForm, singleForm } from './extracted.ts';
import { type Choice, type Chosen, type LweForm, sumsWithin } from './plan.ts';
import { largestRefreshed } from './prices.ts';
import { workOf } from './summary.ts';
import { precisionFor, refreshedBits, type Way } from './tables.ts';
import { gatherSides, withBits } from './turned.ts';
import type { Values } from './value.ts';

type TableCell = Cell & { kind: 'table' };
type WhereCell = Cell & { kind: 'where' };

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
  /** A choice is made by bits of the query. */
  | { readonly kind: 'input' | 'lookup' | 'choice' }
  | { readonly kind: 'value'; readonly value: number };

const choiceStep: Step = { kind: 'choice' };

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

export class Sums {
  /** The lookups that sums need so far, in the order in which they were first needed. */
  readonly wanted: Map<string, Wanted> = new Map();
  /** What values embed. */
  readonly embedded: Map<number, LweForm> = new Map();
  readonly #embeddedSums = new Map<string, LweForm>();
  readonly #estimates: Estimates;
  readonly #builder: CellBuilder;
  readonly #values: Values;
  readonly #choices = new Map<number, Step | FormStep>();
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
    const choices: (readonly [id: number, coefficient: number])[] = [];
    const { terms, constant } = this.#rewritten(form);
    for (const { id, coefficient, step } of terms) {
      if (step.kind === 'choice') {
        choices.push([id, coefficient]);
        continue;
      }
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
    const chosen = this.#chosen(choices);
    if (chosen !== null) values.push([chosen.value, 1]);
    const dot = combine(inputs);
    if (dot.terms.length > 0) values.unshift([this.#estimates.leveled.ofForms([dot]) as number, 1]);
    return {
      values,
      lookups: [...lookups].filter(([, c]) => c !== 0),
      constant,
      exact: combine(exact),
      chosen,
    };
  }

  /**
   * Choices by bits of the query as one value. Coefficients are folded into what is embedded, where they do not scale the
   * noise of CMUX.
   */
  #chosen(terms: readonly (readonly [id: number, coefficient: number])[]): Chosen | null {
    // The same choice may come from several terms.
    const { terms: choices } = combine(terms.map(([id, weight]) => [formOfCell(id), weight]));
    if (choices.length === 0) return null;
    const values: [number, number][] = [];
    const read: Choice[] = [];
    for (const [id, coefficient] of choices) {
      const { condition, then } = this.#builder.cells[id] as Cell & { kind: 'where' };
      const multiple = combine([[then, coefficient]]);
      const form = this.#embedded(multiple);
      const cells = [
        ...new Set(sumsWithin(form).flatMap(({ lookups }) => lookups.map(([cell]) => cell))),
      ].sort((a, b) => a - b);
      this.embedded.set(this.#values.embed(multiple, cells), form);
      values.push([this.#estimates.chosen(condition, multiple, cells) as number, 1]);
      read.push({ condition, form });
    }
    const [only] = values as [[number, number]];
    const value = values.length === 1 ? only[0] : this.#values.sum(values, [0]);
    return { value, choices: read };
  }

  /** What a value embeds, made once. */
  #embedded(form: Form): LweForm {
    const key = formKey(form);
    let sum = this.#embeddedSums.get(key);
    if (sum === undefined) {
      sum = this.sum(form);
      this.#embeddedSums.set(key, sum);
    }
    return sum;
  }

  /** A form as one whose terms are computed as they are. */
  flat(form: Form): Form {
    const { terms, constant } = this.#rewritten(form);
    return combine(
      terms.map(({ id, coefficient }) => [formOfCell(id), coefficient]),
      constant,
    );
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
    if (cell.kind === 'carried') return { kind: 'lookup' };
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
        return this.#choice(id, cell);
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

  /** A choice as a sum: `otherwise + condition * (then - otherwise)`. */
  #choice(id: number, { condition, then, otherwise, node }: WhereCell): Step | FormStep {
    const known = this.#choices.get(id);
    if (known !== undefined) return known;
    const difference = this.#estimates.maskedOf(then, otherwise);
    const { way, price } = this.#estimates.maskOf(condition, difference);
    if (price === Number.POSITIVE_INFINITY)
      throw this.#estimates.tooWide(id, widthOf(this.#builder.range(difference.form)) + 1);
    const isWhole = otherwise.terms.length === 0 && otherwise.constant === 0;
    const masked =
      way === 'chosen'
        ? this.#builder.where(condition, difference.form, constantForm(0), node)
        : maskedForm(this.#builder, condition, difference, way, node);
    const form = combine([
      [otherwise, 1],
      [masked, 1],
    ]);
    const step = way === 'chosen' && isWhole ? choiceStep : ({ kind: 'form', form } as const);
    this.#choices.set(id, step);
    return step;
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

  /** The cells of lookups of this run that a sum reads, directly, by what it chooses, or as GGSW bits of its values. */
  readBy(form: LweForm): number[] {
    const read = new Set<number>();
    for (const { lookups, values } of sumsWithin(form)) {
      for (const [cell] of lookups)
        if (this.#builder.cells[cell]?.kind !== 'carried') read.add(cell);
      for (const cell of this.gatesOf(values.map(([value]) => value))) read.add(cell);
    }
    return [...read];
  }

  /** Puts the bits that values of a sum read as GGSW on the list. */
  wantGatesOf(form: LweForm): void {
    for (const { values } of sumsWithin(form)) this.wantGates(values.map(([value]) => value));
  }

  /** Puts the bits that values read as GGSW on the list. */
  wantGates(values: readonly number[]): void {
    for (const id of this.gatesOf(values)) {
      const cell = this.#builder.cells[id] as Cell & { kind: 'bit' };
      this.#wantBit(id, cell).gate = true;
    }
  }
}
