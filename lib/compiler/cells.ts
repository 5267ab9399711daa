/**
 * Cells: the compiler's scalar form. A traced array function becomes integer *forms*, that is linear
 * combinations of *cells*; a cell is an input scalar, a table of one or several forms, or a choice between
 * two forms. Equal cells are stored once, so what appears twice is computed once. Each cell carries
 * its exact range, hence every form has a sound one: nothing downstream can overflow.
 */

import { ComputedCells } from './computed-cells.ts';
import { entriesOf, KnownEntries } from './entries.ts';
import { mapped } from './mapped.ts';

/** Inclusive integer range. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** `sum coefficient * cell + constant`; terms are sorted by cell and have no zero coefficient. */
export interface Form {
  readonly terms: readonly (readonly [cell: number, coefficient: number])[];
  readonly constant: number;
}

export type Cell = Range & { readonly node: number } & (
    | {
        readonly kind: 'input';
        readonly input: number;
        /** Not encrypted: known when the program runs. */
        readonly clear?: true;
      }
    /** An input that is an output of the run before: an LWE ciphertext, as one that left a lookup. */
    | { readonly kind: 'carried'; readonly input: number }
    /** `values[index]`, where the form `index` ranges over exactly [0, values.length - 1]. */
    | {
        readonly kind: 'table';
        readonly index: Form;
        readonly values: Float64Array;
        /** Always a lookup, even of a fresh input. */
        readonly refresh?: true;
        /** The lookup may ignore this many low bits of the index: near a multiple of 2^bits it may read the other side. */
        readonly ignoredBits?: number;
      }
    /** `condition ? then : otherwise`; the condition is 0 or 1. */
    | {
        readonly kind: 'where';
        readonly condition: Form;
        readonly then: Form;
        readonly otherwise: Form;
      }
    /** Forms that are equal: lowering takes the cheapest. Each is made when it is first asked for. */
    | {
        readonly kind: 'alternatives';
        readonly forms: readonly (() => Form)[];
        /** Equal where the same of the forms is the cheapest: elements of arrays mostly are alike. */
        readonly like?: string;
        /** A computed form that all of them read, and all but the first by lookups. */
        readonly beside?: Form;
      }
    /** Bit `position` of a form that is a multiple of 2^position: what one lookup of one bit extracts. */
    | {
        readonly kind: 'bit';
        readonly form: Form;
        readonly position: number;
        /** A form of fresh inputs with the same bit, from which diagrams compute it. */
        readonly whole?: Form;
      }
    /** `form`, from 0 up, whose bits are made by circuit bootstrapping: diagrams read it as they read an input. */
    | { readonly kind: 'bits'; readonly form: Form; readonly bits: readonly number[] }
  );

/** An array of forms, row-major. */
export interface FormArray {
  readonly shape: readonly number[];
  readonly forms: readonly Form[];
}

export interface Cells {
  readonly cells: readonly Cell[];
  readonly outputs: readonly FormArray[];
}

export const constantForm = (constant: number): Form => ({ terms: [], constant });

/** The form of one cell. */
export const formOfCell = (id: number): Form => ({ terms: [[id, 1]], constant: 0 });

/** Whether a form is one cell as it is. */
export function isCell({ terms, constant }: Form): boolean {
  return constant === 0 && terms.length === 1 && terms[0]?.[1] === 1;
}

/** The forms that a cell reads; of alternatives, those of the first. */
export function formsOf(cell: Cell): readonly Form[] {
  switch (cell.kind) {
    case 'input':
    case 'carried':
      return [];
    case 'table':
      return [cell.index];
    case 'where':
      return [cell.condition, cell.then, cell.otherwise];
    case 'alternatives':
      return [(cell.forms[0] as () => Form)()];
    case 'bit':
    case 'bits':
      return [cell.form];
    default:
      return cell satisfies never;
  }
}

/** A canonical text of a form, equal exactly for equal forms. */
export function formKey(form: Form): string {
  let key = String(form.constant);
  for (const term of form.terms) key += `+${term[1]}c${term[0]}`;
  return key;
}

/** `sum weight * form + constant`, in canonical order. */
export function combine(
  parts: readonly (readonly [form: Form, weight: number])[],
  constant = 0,
): Form {
  let total = constant;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as (typeof parts)[number];
    total += part[0].constant * part[1];
  }
  if (parts.length > 2) return { terms: summed(parts), constant: total };
  const first = parts[0] === undefined ? [] : scaled(parts[0]);
  const second = parts[1] === undefined ? [] : scaled(parts[1]);
  return { terms: merged(first, second), constant: total };
}

type Terms = Form['terms'];

function scaled(part: readonly [Form, number]): Terms {
  const { terms } = part[0];
  const weight = part[1];
  if (weight === 1) return terms;
  return weight === 0 ? [] : mapped(terms, (term) => [term[0], term[1] * weight]);
}

/** The terms of two forms, which are in order: most sums are of two. */
function merged(a: Terms, b: Terms): Terms {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const terms: (readonly [number, number])[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const one = a[i] as Terms[number];
    const other = b[j] as Terms[number];
    const coefficient = one[1] + other[1];
    if (one[0] < other[0]) terms.push(one);
    else if (one[0] > other[0]) terms.push(other);
    else if (coefficient !== 0) terms.push([one[0], coefficient]);
    if (one[0] <= other[0]) i++;
    if (one[0] >= other[0]) j++;
  }
  return terms.concat(i < a.length ? a.slice(i) : b.slice(j));
}

function summed(parts: readonly (readonly [Form, number])[]): Terms {
  const sums = new Map<number, number>();
  for (const [form, weight] of parts)
    for (const [cell, coefficient] of form.terms)
      sums.set(cell, (sums.get(cell) ?? 0) + coefficient * weight);
  return [...sums]
    .filter(([, coefficient]) => coefficient !== 0)
    .sort((one, other) => one[0] - other[0]);
}

/** Builds cells, each once. */
export class CellBuilder {
  readonly cells: Cell[] = [];
  /** The range of each node's elements, as far as `bounds` has come: what errors tell of growth. */
  readonly ranges: Range[] = [];
  readonly #known = new Map<string, number>();
  readonly #entries = new KnownEntries();
  /** The ranges of entries, by their number. */
  readonly #rangesOf: Range[] = [];
  readonly #computed = new ComputedCells();

  /** The range of a form; exact when its cells are independent, sound always. */
  range(form: Form): Range {
    let min = form.constant;
    let max = form.constant;
    for (const term of form.terms) {
      const cell = this.cells[term[0]] as Cell;
      const coefficient = term[1];
      min += coefficient * (coefficient > 0 ? cell.min : cell.max);
      max += coefficient * (coefficient > 0 ? cell.max : cell.min);
    }
    return { min, max };
  }

  /** A text that is equal for forms of alike inputs: of equal ranges, and in the same places; null for forms of anything else. */
  shapeOf(...forms: readonly Form[]): string | null {
    const places = new Map<number, number>();
    const texts: string[] = [];
    for (const { terms, constant } of forms) {
      texts.push(`${constant}`);
      for (const [id, coefficient] of terms) {
        const cell = this.cells[id] as Cell;
        if (cell.kind !== 'input') return null;
        const place = places.get(id) ?? places.size;
        places.set(id, place);
        texts.push(`${coefficient}*${place}[${cell.min},${cell.max}]${cell.clear ? 'clear' : ''}`);
      }
    }
    return texts.join(' ');
  }

  /** Whether a form surely needs a bootstrap: where this says no, a diagram may still be too large. */
  isComputed(form: Form): boolean {
    return this.#computed.has(form);
  }

  input(input: number, range: Range, node: number, clear = false): Form {
    if (range.min === range.max) return constantForm(range.min);
    const mark = clear ? ({ clear: true } as const) : {};
    return this.#add(`input ${input}`, { kind: 'input', input, ...mark, ...range, node });
  }

  carried(input: number, range: Range, node: number): Form {
    return this.#add(`carried ${input}`, { kind: 'carried', input, ...range, node });
  }

  /**
   * `values[index - range(index).min]` for a form `index`; `values` has one entry per integer of its range.
   * A table that is affine becomes a linear form; a table of `c * cell + d` becomes one of the cell itself.
   */
  table(index: Form, values: Float64Array, node: number): Form {
    const { min } = this.range(index);
    const first = values[0] as number;
    const slope = values.length > 1 ? (values[1] as number) - first : 0;
    if (isAffine(values, slope)) return combine([[index, slope]], first - slope * min);
    const single = index.terms.length === 1 ? index.terms[0] : undefined;
    if (single !== undefined && (single[1] !== 1 || index.constant !== 0)) {
      const [id, coefficient] = single;
      const cell = this.cells[id] as Cell;
      const remapped = entriesOf(
        cell.max - cell.min + 1,
        (i) => values[coefficient * (cell.min + i) + index.constant - min] as number,
      );
      return this.table(formOfCell(id), remapped, node);
    }
    return this.#table(index, values, node, {});
  }

  /**
   * The same value from a lookup of its own, with the noise of a fresh one; where it has more than `widest` bits, from a
   * lookup for each bit.
   */
  refresh(form: Form, widest: number, node: number): Form {
    if (form.terms.length === 0) return form;
    const { min, max } = this.range(form);
    const width = Math.ceil(Math.log2(max - min + 1));
    if (width > widest) {
      const { bits } = this.lowBits(combine([[form, 1]], -min), width, node);
      const terms = bits.map((id, j) => [id, 2 ** j] as const);
      const sum = combine([[{ terms, constant: min }, 1]]);
      // Its bits alone would say less of its range.
      return this.alternatives(`refresh ${formKey(form)}`, [() => sum], { min, max }, node);
    }
    const values = entriesOf(max - min + 1, (i) => min + i);
    return this.#table(form, values, node, { refresh: true });
  }

  /** A table whose lookup may ignore the lowest `bits` bits of the index, `values[index - range(index).min]`. */
  approximateTable(index: Form, values: Float64Array, bits: number, node: number): Form {
    return this.#table(index, values, node, { ignoredBits: bits });
  }

  #table(
    index: Form,
    values: Float64Array,
    node: number,
    options: { readonly refresh?: true; readonly ignoredBits?: number },
  ): Form {
    const shifted = combine([[index, 1]], -this.range(index).min);
    const number = this.#entries.numberOf(values);
    const kept = this.#entries.get(number);
    this.#rangesOf[number] ??= { min: minimum(kept), max: maximum(kept) };
    const { refresh = '', ignoredBits = '' } = options;
    return this.#add(`table ${formKey(shifted)} ${number} ${refresh} ${ignoredBits}`, {
      kind: 'table',
      index: shifted,
      values: kept,
      ...options,
      ...this.#rangesOf[number],
      node,
    });
  }

  /**
   * One of several equal forms; `key` names the value among all of this builder, `like` those of which the same form is the
   * cheapest, `beside` a computed form that all of them read, and all but the first by lookups.
   */
  alternatives(
    key: string,
    forms: readonly (() => Form)[],
    range: Range,
    node: number,
    options: { readonly like?: string | null; readonly beside?: Form } = {},
  ): Form {
    const lazy = forms.map((make) => {
      let made: Form | undefined;
      return () => {
        made ??= make();
        return made;
      };
    });
    const { min, max } = range;
    const { like, beside } = options;
    const marks = {
      ...(like == null ? {} : { like }),
      ...(beside === undefined ? {} : { beside }),
    };
    return this.#add(key, { kind: 'alternatives', forms: lazy, ...marks, min, max, node });
  }

  /** Bit `position` of a form that is a multiple of 2^position. */
  bit(form: Form, position: number, node: number): Form {
    const key = `bit ${position} ${formKey(form)}`;
    return this.#add(key, { kind: 'bit', form, position, min: 0, max: 1, node });
  }

  /**
   * The lowest `count` bits of a form that is at least 0, each extracted after those below it were subtracted.
   *
   * @returns the cells of the bits, the lowest first, and what remains of the form: a multiple of 2^count
   */
  lowBits(form: Form, count: number, node: number): { bits: number[]; rest: Form } {
    const bits: number[] = [];
    let rest = form;
    for (let position = 0; position < count; position++) {
      const bit = this.bit(rest, position, node);
      bits.push(bit.terms[0]?.[0] as number);
      rest = combine([
        [rest, 1],
        [bit, -(2 ** position)],
      ]);
    }
    return { bits, rest };
  }

  /** Bit `position` of a form that is at least 0: by extraction, or a diagram where the form is of fresh inputs. */
  bitOf(whole: Form, position: number, node: number): Form {
    const { rest: form } = this.lowBits(whole, position, node);
    const key = `bit ${position} in ${formKey(whole)}`;
    return this.#add(key, { kind: 'bit', form, position, whole, min: 0, max: 1, node });
  }

  /** A form that is at least 0, as a value whose bits diagrams can read. */
  bits(form: Form, width: number, node: number): Form {
    const { bits } = this.lowBits(form, width, node);
    const { max } = this.range(form);
    return this.#add(`bits ${formKey(form)}`, { kind: 'bits', form, bits, min: 0, max, node });
  }

  /** `condition ? then : otherwise`; two constant branches make a linear form of the condition. */
  where(condition: Form, then: Form, otherwise: Form, node: number): Form {
    if (condition.terms.length === 0) return condition.constant !== 0 ? then : otherwise;
    if (formKey(then) === formKey(otherwise)) return then;
    if (then.terms.length === 0 && otherwise.terms.length === 0)
      return combine([[condition, then.constant - otherwise.constant]], otherwise.constant);
    const a = this.range(then);
    const b = this.range(otherwise);
    return this.#add(`where ${formKey(condition)} ${formKey(then)} ${formKey(otherwise)}`, {
      kind: 'where',
      condition,
      then,
      otherwise,
      min: Math.min(a.min, b.min),
      max: Math.max(a.max, b.max),
      node,
    });
  }

  #add(key: string, cell: Cell): Form {
    let id = this.#known.get(key);
    if (id === undefined) {
      id = this.cells.push(cell) - 1;
      this.#computed.add(cell);
      this.#known.set(key, id);
    }
    return formOfCell(id);
  }
}

function isAffine(values: Float64Array, slope: number): boolean {
  const first = values[0] as number;
  for (let i = 1; i < values.length; i++) if (values[i] !== first + slope * i) return false;
  return true;
}

function minimum(values: Float64Array): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function maximum(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}
