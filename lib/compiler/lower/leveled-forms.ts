/**
 * From forms to leveled values: what a fresh query reaches without bootstrapping, in the cheapest of the ways that there are.
 */
import {
  type Cell,
  combine,
  constantForm,
  type Form,
  formKey,
  formOfCell,
  isCell,
} from '../cells.ts';
import { Branches } from './branches.ts';
import { DenseMap } from './dense-map.ts';
import { bitsFor, cellOfBit, Diagrams, DiagramTooLarge, hasBits } from './diagram.ts';
import { inputsToJoin, JoinedTables, polynomialBits } from './joined.ts';
import { pairedTerms, type Term } from './paired.ts';
import { SingleForms } from './single-forms.ts';
import { isTurn, type Values } from './value.ts';

/** Bits of a table of several inputs that is tried beside other ways, and where these take longer than `dear` microseconds. */
const joinedBits = 12;
const mostJoinedBits = 16;
const dear = 300;

/** Bits of a table of several encrypted inputs. */
const mostSeveralBits = 20;

/**
 * How many times as many CMUX a diagram has to take: others may share its nodes. Tables of one polynomial share rotations.
 */
const joinedGain = { narrow: 2, wide: 8 } as const;

/** Bits of a sum from which on a diagram of its tables would have far more nodes than that. */
const fewestRolled = 24;

/** Bits of a digit that costs little to be made exact. */
const digitBits = 8;

/** New diagram nodes that one cell may take before the compiler turns to another engine. */
const diagramBudget = 30_000;

/** Nodes of a diagram that chooses computed values. */
const mostChoosing = 64;

/** What decides between values, and between values and lookups. */
export interface ValuePrices {
  /** Of one CMUX. */
  readonly cmux: number;
  readonly of: (value: number) => number;
  /** How many branches cost as much as a form by lookups: larger diagrams are not worth building. */
  readonly affordableBranches: (form: Form) => number;
  /** How many cells and outputs read a cell. */
  readonly readers: (cell: number) => number;
}

export class LeveledForms {
  readonly #values: Values;
  readonly #cells: readonly Cell[];
  readonly #bits: boolean;
  readonly #prices: ValuePrices;
  readonly #single: SingleForms;
  readonly #diagrams: Diagrams;
  readonly #branches: Branches;
  readonly #joined: JoinedTables;
  /** Price from which on the value that is built next is of no use. */
  #most = Number.POSITIVE_INFINITY;
  readonly #ofForms = new Map<string, number | null>();
  readonly #ofCells = new DenseMap<number | null>();
  readonly #chosen = new Map<number, Form | null>();
  /** By what makes alternatives alike, which of them is the cheapest. */
  readonly #cheapestOf = new Map<string, number>();

  /**
   * Adds to `values`. Without `bits` only weighted sums of inputs, and what clear inputs choose among them, are values.
   */
  constructor(values: Values, cells: readonly Cell[], bits: boolean, prices: ValuePrices) {
    this.#values = values;
    this.#cells = cells;
    this.#bits = bits;
    this.#prices = prices;
    this.#single = new SingleForms(values, cells, bits);
    this.#diagrams = new Diagrams(cells, bits);
    this.#branches = new Branches(this.#diagrams, values);
    this.#joined = new JoinedTables(cells);
  }

  /** The value whose components are `forms`, or null when they need bootstrapping or do not fit one ciphertext. */
  ofForms(forms: readonly Form[]): number | null {
    const [form] = forms as [Form];
    if (forms.length === 1 && isCell(form)) return this.ofCell((form.terms[0] as [number, 1])[0]);
    const key = forms.map(formKey).join(' ');
    let value = this.#ofForms.get(key);
    if (value === undefined) {
      value = this.#ofNewForms(forms);
      this.#ofForms.set(key, value);
    }
    return value;
  }

  /** The value of one cell as it is, which is asked for most. */
  ofCell(id: number): number | null {
    let value = this.#ofCells.get(id);
    if (value === undefined) {
      value = this.#ofNewForms([formOfCell(id)]);
      this.#ofCells.set(id, value);
    }
    return value;
  }

  #ofNewForms(forms: readonly Form[]): number | null {
    const resolved = this.resolve(forms);
    if (resolved === null) return null;
    if (resolved !== forms) return this.ofForms(resolved);
    this.#nameNode(forms);
    return this.#build(forms);
  }

  /** The cheapest of a cell's alternatives that is a value, or null where none is. */
  alternativeOf(id: number): Form | null {
    let chosen = this.#chosen.get(id);
    if (chosen === undefined) {
      const cell = this.#cells[id] as Cell & { kind: 'alternatives' };
      const computed = cell.beside !== undefined;
      chosen = computed ? null : (this.#likeOthers(cell) ?? this.#cheapest(cell));
      this.#chosen.set(id, chosen);
    }
    return chosen;
  }

  /** What was cheapest for a cell that is alike. */
  #likeOthers({ forms, like }: Cell & { kind: 'alternatives' }): Form | null {
    const at = like === undefined ? undefined : this.#cheapestOf.get(like);
    const form = at === undefined ? undefined : forms[at]?.();
    return form === undefined || this.ofForms([form]) === null ? null : form;
  }

  #cheapest({ forms, like }: Cell & { kind: 'alternatives' }): Form | null {
    let least = Number.POSITIVE_INFINITY;
    let chosen: Form | null = null;
    forms.forEach((make, at) => {
      const form = make();
      this.#most = least;
      const value = this.ofForms([form]);
      this.#most = Number.POSITIVE_INFINITY;
      const price = value === null ? Number.POSITIVE_INFINITY : this.#prices.of(value);
      if (price >= least) return;
      [chosen, least] = [form, price];
      if (like !== undefined) this.#cheapestOf.set(like, at);
    });
    return chosen;
  }

  /**
   * The forms with the alternatives that their terms name chosen, the forms themselves where they name none; null where an
   * alternative is no value.
   */
  resolve(forms: readonly Form[]): readonly Form[] | null {
    const isOpen = ([id]: readonly [number, number]) => this.#cells[id]?.kind === 'alternatives';
    if (!forms.some((form) => form.terms.some(isOpen))) return forms;
    const resolved: Form[] = [];
    for (const form of forms) {
      const parts: [Form, number][] = [];
      for (const term of form.terms) {
        const chosen = isOpen(term) ? this.alternativeOf(term[0]) : formOfCell(term[0]);
        if (chosen === null) return null;
        parts.push([chosen, term[1]]);
      }
      resolved.push(combine(parts, form.constant));
    }
    return resolved;
  }

  /** Values are made for the graph node of the first cell that the forms read. */
  #nameNode(forms: readonly Form[]): void {
    const [cell] = forms.find((form) => form.terms.length > 0)?.terms[0] ?? [];
    if (cell !== undefined) this.#values.node = (this.#cells[cell] as Cell).node;
  }

  #build(forms: readonly Form[]): number | null {
    if (forms.every((form) => form.terms.length === 0))
      return this.#values.leaf(forms.map((form) => form.constant));
    const most = this.#most;
    this.#most = Number.POSITIVE_INFINITY;
    const single = this.#single;
    const simple = single.dot(forms) ?? single.lookup(forms) ?? single.turned(forms);
    if (simple !== null) return simple;
    const rolled = single.rolled(forms);
    if (rolled !== null && rolled.bits >= fewestRolled) return rolled.value;
    const other =
      this.#where(forms) ??
      (forms.length === 1 ? this.#diagram(forms[0] as Form) : null) ??
      this.#sum(forms);
    const price = other === null ? most : this.#prices.of(other);
    const joined = this.#joinedLookup(forms, other, price);
    const best = joined !== null && this.#prices.of(joined) < price ? joined : other;
    if (rolled === null) return best;
    const isFewer = best === null || this.#cmuxOf([best]) >= joinedGain.narrow * rolled.cmux;
    return isFewer && this.#prices.of(rolled.value) < most ? rolled.value : best;
  }

  /** Every form is a function of a few inputs, and one table of all their bits may be cheaper than `other`. */
  #joinedLookup(forms: readonly Form[], other: number | null, price: number): number | null {
    const oneEncrypted = price > dear ? mostJoinedBits : joinedBits;
    const most = { oneEncrypted, several: mostSeveralBits };
    const inputs = inputsToJoin(this.#cells, forms, this.#bits, most);
    if (inputs === null) return null;
    const name = this.#values.joined(inputs);
    const digits = Math.max(1, ...forms.map((form) => Math.ceil(this.#widthOf(form) / digitBits)));
    if (this.#values.encryptedInputsOf(name).length > 1) {
      // Before the table is made, which takes time.
      const cmux = this.#values.tableCmux(name, 1, forms.length);
      if (this.#values.tableCmux(name, digits, forms.length) * this.#prices.cmux >= price)
        return null;
      const isWide = this.#values.bitsOfCell(name) > polynomialBits;
      const gain = other === null ? 1 : isWide ? joinedGain.wide : joinedGain.narrow;
      if (this.#cmuxWithout(forms, other) < gain * cmux) return null;
    }
    const tables = this.#joined.of(forms, inputs);
    if (tables === null) return null;
    return this.#values.joinedLookup(name, tables, digits);
  }

  #widthOf({ terms }: Form): number {
    const ranges = terms.map(([id, coefficient]) => {
      const { min, max } = this.#cells[id] as Cell;
      return Math.abs(coefficient) * (max - min);
    });
    return bitsFor(1 + ranges.reduce((sum, each) => sum + each, 0));
  }

  /** CMUX that forms take as `other`, or where that is none each as a value of its own. */
  #cmuxWithout(forms: readonly Form[], other: number | null): number {
    if (other !== null) return this.#cmuxOf([other]);
    const values = forms.length > 1 ? forms.map((form) => this.ofForms([form])) : [null];
    return values.includes(null) ? Number.POSITIVE_INFINITY : this.#cmuxOf(values as number[]);
  }

  /** CMUX that values take, tables of an input sharing rotations as far as there is room. */
  #cmuxOf(roots: readonly number[]): number {
    let count = 0;
    const tables = new Map<number, number>();
    this.#values.walk(roots, (id, value) => {
      if (value === null) count += this.#values.isClear(cellOfBit(this.#values.bit(id))) ? 0 : 1;
      else if (isTurn(value)) count += this.#values.cmuxOfTurn(value);
      else if (value.kind === 'lookup') tables.set(value.cell, 1 + (tables.get(value.cell) ?? 0));
    });
    for (const [cell, read] of tables) count += this.#values.tableCmux(cell, read, 1);
    return count;
  }

  /** Every form is a constant, a multiple of a choice by one and the same condition, or of that condition. */
  #where(forms: readonly Form[]): number | null {
    const choices = forms.map((form) => this.#choiceIn(form));
    const condition = choices.find((choice) => choice !== null)?.condition;
    if (condition === undefined) return null;
    const then: Form[] = [];
    const otherwise: Form[] = [];
    for (const [i, form] of forms.entries()) {
      const choice = choices[i];
      if (choice) {
        if (formKey(choice.condition) !== formKey(condition)) return null;
        const coefficient = form.terms[0]?.[1] as number;
        then.push(combine([[choice.then, coefficient]], form.constant));
        otherwise.push(combine([[choice.otherwise, coefficient]], form.constant));
        continue;
      }
      const [one, zero] = [given(form, condition, 1), given(form, condition, 0)];
      if (one === null || zero === null) return null;
      then.push(one);
      otherwise.push(zero);
    }
    const root = this.#tryDiagram(condition);
    if (root === null) return null;
    const one = this.ofForms(then);
    const zero = one === null ? null : this.ofForms(otherwise);
    if (one === null || zero === null) return null;
    this.#nameNode(forms);
    return this.#branches.of(root, (value) => (value !== 0 ? one : zero));
  }

  /**
   * `condition ? form : 0` for a form of the lookups of these cells, by bits of the query; null where the condition is none of
   * few bits.
   */
  chosen(condition: Form, form: Form, lookups: readonly number[]): number | null {
    if (!this.#bits || !condition.terms.every(([id]) => this.#isNarrow(id))) return null;
    const root = this.#tryDiagram(condition, mostChoosing);
    if (root === null) return null;
    this.#nameNode([form]);
    const [zero, one] = [this.#values.leaf([0]), this.#values.embed(form, lookups)];
    return this.#branches.of(root, (value) => (value !== 0 ? one : zero));
  }

  /** Whether a cell is an encrypted input, or a table of one: what diagrams of a few nodes are of. */
  #isNarrow(id: number): boolean {
    const cell = this.#cells[id] as Cell;
    const base = this.#single.inputOfTable(cell) ?? id;
    return hasBits(this.#cells[base], this.#bits) && !this.#values.isComputedCell(base);
  }

  /** The choice that a form is a multiple of, or null. */
  #choiceIn(form: Form): (Cell & { kind: 'where' }) | null {
    const [id] = form.terms[0] ?? [];
    const cell = id === undefined ? undefined : this.#cells[id];
    return form.terms.length === 1 && cell?.kind === 'where' ? cell : null;
  }

  /** A form of one table or sign of several inputs, as a decision diagram. */
  #diagram(form: Form): number | null {
    if (form.terms.length !== 1) return null;
    const cell = this.#cells[form.terms[0]?.[0] as number];
    if (cell?.kind !== 'table' && !(cell?.kind === 'bit' && cell.whole)) return null;
    const root = this.#tryDiagram(form);
    return root === null ? null : this.#branches.of(root, (value) => this.#values.leaf([value]));
  }

  /** Term by term: possible for several components when their terms pair up. */
  #sum(forms: readonly Form[]): number | null {
    const isInput = ([id]: readonly [number, number]) => this.#cells[id]?.kind === 'input';
    const inputs = forms.map((form) => ({ terms: form.terms.filter(isInput), constant: 0 }));
    const others = forms.map((form) => form.terms.filter((term) => !isInput(term)));
    const paired = pairedTerms(this.#cells, others);
    if (paired === null) return null;
    const terms: [number, number][] = [];
    const hasInputs = inputs.some((form) => form.terms.length > 0);
    if (paired.length + Number(hasInputs) < 2) return null;
    if (hasInputs) {
      const dot = this.#single.dot(inputs);
      if (dot === null) return null;
      terms.push([dot, 1]);
    }
    for (const parts of paired) {
      const term = this.#term(parts);
      if (term === null) return null;
      terms.push(term);
    }
    const constants = forms.map((form) => form.constant);
    return this.#values.sum(terms, constants);
  }

  /** The sum of several vectors of forms, all of as many components. */
  ofTerms(terms: readonly (readonly Form[])[]): number | null {
    const values = terms.map((forms) => this.ofForms(forms));
    if (values.length < 2 || values.includes(null)) return null;
    const zeros = (terms[0] as readonly Form[]).map(() => 0);
    return this.#values.sum(
      values.map((value) => [value as number, 1]),
      zeros,
    );
  }

  /**
   * One term of a sum. A coefficient is folded into the leaves, where it does not scale the noise, when that costs
   * nothing: for lookups of an input, for cells that nothing else reads, and where components differ in it.
   */
  #term(parts: readonly (Term | null)[]): [number, number] | null {
    const first = parts.find((part) => part !== null) as Term;
    const folded = parts.map((part) =>
      part === null ? constantForm(0) : combine([[{ terms: [part], constant: 0 }, 1]]),
    );
    const isLookup = this.#single.inputOfTable(this.#cells[first[0]] as Cell) !== null;
    const isRead = parts.length > 1 || this.#prices.readers(first[0]) > 1;
    if (isLookup || !isRead || parts.some((part) => part?.[1] !== first[1])) {
      const value = this.ofForms(folded);
      return value === null ? null : [value, 1];
    }
    const plain = (parts as readonly Term[]).map(([cell]) => formOfCell(cell));
    const value = this.ofForms(plain);
    return value === null ? null : [value, first[1]];
  }

  #tryDiagram(form: Form, most?: number): number | null {
    try {
      const affordable = most ?? Math.ceil(this.#prices.affordableBranches(form));
      return this.#diagrams.ofForm(form, Math.min(diagramBudget, affordable));
    } catch (cause) {
      if (cause instanceof DiagramTooLarge) return null;
      throw cause;
    }
  }
}

/** What a form is where a condition of one cell is 1 or 0; null where the form depends on other cells. */
function given(form: Form, condition: Form, value: number): Form | null {
  if (form.terms.length === 0) return form;
  const [cell, slope] = condition.terms[0] as readonly [number, number];
  const [own, coefficient] = form.terms[0] as readonly [number, number];
  if (form.terms.length > 1 || condition.terms.length > 1 || own !== cell) return null;
  return constantForm(form.constant + (coefficient * (value - condition.constant)) / slope);
}
