/**
 * Estimates: what each cell and form costs by each engine.
 *
 * Prices of what several readers share are divided among them, as in technology mapping ("area flow", Cong, Wu and
 * Ding 1999): a sum over operands then does not count a shared operand as often as it is read.
 */
import type { Graph, Node } from '../../../tracer/graph.ts';
import { error } from '../../errors.ts';
import type { Bounds } from '../bounds.ts';
import {
  type Cell,
  type CellBuilder,
  combine,
  type Form,
  formKey,
  formOfCell,
  formsOf,
} from '../cells.ts';
import { growthOf, operandWidths } from '../growth.ts';
import { operationOf } from '../locate.ts';
import type { OutputNoise } from '../parameters/reachable.ts';
import { narrowing } from '../remedy.ts';
import { cheapestMask, type Masked, type MaskWay } from './extracted.ts';
import { LeveledForms } from './leveled-forms.ts';
import { type Prices, priceOfValues } from './prices.ts';
import { Summaries } from './summary.ts';
import { cheapestWay, mostGates, priceOfTable, type Way } from './tables.ts';
import { extensionOf, turnedPrice } from './turned.ts';
import { Values } from './value.ts';

export interface LowerOptions {
  readonly prices: Prices;
  /** Whether there may be lookups; without them lowering throws where a function needs one. */
  readonly lookups: boolean;
  /** Whether inputs travel as bits; without them there are no decision diagrams. */
  readonly bits: boolean;
  /** Widest output of a diagram with this noise that is still exact. */
  readonly exactWidth: (noise: Omit<OutputNoise, 'log2Failure'>) => number;
  /** Bits of the widest result of diagrams of computed bits that is read as it is, with their noise. */
  readonly gateWidth: number;
  /** Outputs that are sums of lookups are cut where they have more bits, if they can be. */
  readonly sumWidth: number;
  /** Whether that is by digits of their weights, which always can be, and makes more sums of far less noise. Default: false. */
  readonly cutsWeights?: boolean;
  /** Whether bits of the query may choose computed values as they are, with their noise. */
  readonly choices: boolean;
}

/** A way to choose a form or zero: by bits of the query, or by lookups. */
export interface Mask {
  readonly way: MaskWay | 'chosen';
  readonly price: number;
}

/** Alternatives that are replaced by what computes them where terms are looked for. */
const mostExpanded = 64;

/** Thrown where there may be no lookups: nobody reads it, so it says nothing. */
const noLookups = error('LOOKUP_TOO_WIDE');

export class Estimates {
  readonly values: Values;
  readonly leveled: LeveledForms;
  readonly summaries: Summaries;
  readonly builder: CellBuilder;
  readonly options: LowerOptions;
  readonly #graph: Graph;
  /** How many cells and outputs read each cell. */
  readonly #readers: number[];
  /** Cells from here on were made since: those that alternatives made of their own have readers among themselves. */
  readonly #first: number;
  #counted: number;
  readonly #lookupPrice = new Map<number, number>();
  readonly #lwePrices = new Map<string, number>();
  readonly #valuePrice = new Map<number, number>();
  readonly #ways = new Map<number, Way | null>();
  readonly #cheapestOf = new Map<string, number>();

  /** @throws LOOKUP_TOO_WIDE where an output needs a lookup and there may be none */
  constructor(graph: Graph, bounds: Bounds, builder: CellBuilder, options: LowerOptions) {
    this.#graph = graph;
    this.builder = builder;
    this.options = options;
    this.#readers = readersOf(bounds);
    this.#first = bounds.cells.length;
    this.#counted = bounds.cells.length;
    this.values = new Values(builder.cells, extensionOf(builder.cells, options.bits));
    this.leveled = new LeveledForms(this.values, builder.cells, options.bits, {
      cmux: options.prices.cmux,
      of: (value) => this.ofValue(value),
      affordableBranches: (form) => {
        const price = form.terms.reduce((sum, [id]) => sum + this.ofLookup(id), 0);
        return price / options.prices.cmux;
      },
      readers: (cell) => this.#readersOf(cell),
    });
    this.summaries = new Summaries(this.values);
    // Bottom up, since a chain of cells may be longer than recursion can follow.
    const needed = neededBy(bounds);
    for (let id = 0; id < bounds.cells.length; id++) {
      if (!needed.has(id) || this.ofCell(id) < Number.POSITIVE_INFINITY) continue;
      if (!options.lookups) throw noLookups;
    }
  }

  tooWide(id: number, bits: number): Error {
    if (!this.options.lookups) return noLookups;
    const { node } = this.builder.cells[id] as Cell;
    const { ranges } = this.builder;
    const widths = operandWidths(this.#graph, node, ranges);
    return error('LOOKUP_TOO_WIDE', {
      what: operationOf(this.#graph.nodes[node] as Node),
      given: `a function of ${bits} bits`,
      allowed: `at most ${mostGates} bits`,
      remedy: narrowing(bits - mostGates, widths),
      ...growthOf(this.#graph, node, ranges, 'operands', `reads ${bits} bits`),
    });
  }

  ofValue(value: number): number {
    let price = this.#valuePrice.get(value);
    if (price === undefined) {
      price = priceOfValues(this.values, [value], this.options.prices, (cell) =>
        this.#readersOf(cell),
      );
      this.#valuePrice.set(value, price);
    }
    return price;
  }

  /** Of values that are all that reads their inputs; what they share is paid once. */
  ofAll(values: readonly number[]): number {
    return priceOfValues(this.values, values, this.options.prices, () => 1);
  }

  /** The cheaper of both ways. */
  ofForm(form: Form): number {
    const value = this.leveled.ofForms([form]);
    const lwe = this.ofFormApart(form);
    return value === null ? lwe : Math.min(lwe, this.ofValue(value));
  }

  /** What the terms of a form cost one by one, where nothing else reads them. */
  ofFormApart({ terms }: Form): number {
    const inputs = terms.some(([id]) => this.#isInput(id)) ? this.options.prices.dot : 0;
    return terms.reduce((sum, [id]) => sum + (this.#isInput(id) ? 0 : this.ofCell(id)), inputs);
  }

  #isInput(id: number): boolean {
    return this.builder.cells[id]?.kind === 'input';
  }

  ofSum(form: Form): number {
    const key = formKey(form);
    let price = this.#lwePrices.get(key);
    if (price !== undefined) return price;
    price = form.terms.some((term) => this.#isInput(term[0])) ? this.options.prices.dot : 0;
    for (const term of form.terms) {
      const id = term[0];
      if (!this.#isInput(id)) price += this.ofCell(id) / this.#readersOf(id);
    }
    this.#lwePrices.set(key, price);
    return price;
  }

  /** What a cell costs is shared by all that read it ("area flow", Cong, Wu and Ding 1999). */
  #readersOf(id: number): number {
    if (id >= this.#first) this.#countNew();
    return Math.max(1, this.#readers[id] ?? 1);
  }

  #countNew(): void {
    for (; this.#counted < this.builder.cells.length; this.#counted++)
      for (const { terms } of formsOf(this.builder.cells[this.#counted] as Cell))
        for (const term of terms)
          if (term[0] >= this.#first) this.#readers[term[0]] = (this.#readers[term[0]] ?? 0) + 1;
  }

  ofCell(id: number): number {
    const value = this.leveled.ofCell(id);
    const lookup = this.ofLookup(id);
    return value === null ? lookup : Math.min(lookup, this.ofValue(value));
  }

  /** What a cell costs where it is no leveled value. */
  ofLookup(id: number): number {
    const known = this.#lookupPrice.get(id);
    if (known !== undefined) return known;
    const price = this.#computeLookup(id, this.builder.cells[id] as Cell);
    this.#lookupPrice.set(id, price);
    return price;
  }

  #computeLookup(id: number, cell: Cell): number {
    switch (cell.kind) {
      case 'input':
      case 'carried':
        return 0;
      case 'table': {
        const way = this.wayOf(id, cell);
        return way === null ? Number.POSITIVE_INFINITY : way.price + this.ofSum(cell.index);
      }
      case 'where': {
        const { condition, then, otherwise } = cell;
        const { lookups } = this.options;
        const mask = () => this.maskOf(condition, this.maskedOf(then, otherwise)).price;
        return (
          (lookups ? mask() : Number.POSITIVE_INFINITY) + this.ofSum(then) + this.ofSum(otherwise)
        );
      }
      case 'alternatives':
        return this.ofSum(this.cheapestForm(cell));
      case 'bit':
        return this.options.prices.lookup(0) + this.ofSum(cell.form);
      case 'bits':
        return this.ofSum(cell.form);
      default:
        return cell satisfies never;
    }
  }

  /** Of alternatives that are no leveled value; the same for those that are alike. */
  cheapestForm({ forms, like, beside }: Cell & { kind: 'alternatives' }): Form {
    let at = like === undefined ? undefined : this.#cheapestOf.get(like);
    if (at === undefined && beside !== undefined) {
      const first = (forms[0] as () => Form)();
      if (this.ofSum(first) <= this.ofSum(beside) + this.options.prices.lookup(1)) return first;
    }
    if (at === undefined) {
      const prices = forms.map((make) => this.ofSum(make()));
      at = prices.indexOf(Math.min(...prices));
      if (like !== undefined) this.#cheapestOf.set(like, at);
    }
    return (forms[at] as () => Form)();
  }

  /** What a choice adds to `otherwise` where its condition is 1. */
  maskedOf(then: Form, otherwise: Form): Masked {
    const form = combine([
      [then, 1],
      [otherwise, -1],
    ]);
    const parts: [Form, number][] = [];
    const open = [...form.terms];
    let left = mostExpanded;
    for (let term = open.pop(); term !== undefined; term = open.pop()) {
      const [id, coefficient] = term;
      const cell = this.builder.cells[id] as Cell;
      if (left > 0 && cell.kind === 'alternatives' && this.leveled.ofCell(id) === null) {
        left--;
        const { terms, constant } = this.cheapestForm(cell);
        parts.push([{ terms: [], constant }, coefficient]);
        for (const [each, weight] of terms) open.push([each, weight * coefficient]);
      } else parts.push([formOfCell(id), coefficient]);
    }
    return { form, expanded: combine(parts, form.constant) };
  }

  /** How `condition ? form : 0` is computed where the form is, and for how much more than the form. */
  maskOf(condition: Form, masked: Masked): Mask {
    const { gateWidth, prices } = this.options;
    const cells = masked.form.terms.map(([id]) => id);
    const chosen = this.chosen(condition, masked.form, cells);
    const price = chosen === null ? Number.POSITIVE_INFINITY : this.ofValue(chosen) + prices.dot;
    // All other ways have a lookup at least.
    if (price <= prices.lookup(1)) return { way: 'chosen', price };
    const looked = cheapestMask(this.builder, masked, mostGates, prices, (width) =>
      priceOfTable(1 + width, width, gateWidth, prices),
    );
    const total = looked.price + this.ofSum(condition);
    return price < total ? { way: 'chosen', price } : { way: looked.way, price: total };
  }

  /** `condition ? form : 0` as a value that embeds the form, of these lookups, or null where that is not possible. */
  chosen(condition: Form, form: Form, lookups: readonly number[]): number | null {
    return this.options.choices ? this.leveled.chosen(condition, form, lookups) : null;
  }

  wayOf(id: number, cell: Cell & { kind: 'table' }): Way | null {
    let way = this.#ways.get(id);
    if (way === undefined) {
      const { lookups } = this.options;
      way = lookups ? this.#cheapestWay(cell) : null;
      this.#ways.set(id, way);
    }
    return way;
  }

  #cheapestWay(cell: Cell & { kind: 'table' }): Way | null {
    const { bits, gateWidth, prices } = this.options;
    const way = cheapestWay(cell, gateWidth, prices);
    const price = turnedPrice(this.builder, this.values, cell, bits, prices, (id) =>
      this.#readersOf(id),
    );
    return price < (way?.price ?? Number.POSITIVE_INFINITY) ? { kind: 'turned', price } : way;
  }
}

/** The cells that outputs cannot do without: all that they read but by way of alternatives. */
function neededBy({ cells, outputs }: Bounds): Set<number> {
  const needed = new Set<number>();
  const stack = outputs.flatMap(({ forms }) => forms.flatMap(({ terms }) => terms));
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    const [id] = term;
    if (needed.has(id)) continue;
    needed.add(id);
    const cell = cells[id] as Cell;
    if (cell.kind !== 'alternatives')
      for (const { terms } of formsOf(cell)) for (const each of terms) stack.push(each);
  }
  return needed;
}

/** How many cells and outputs read each cell. */
function readersOf({ cells, outputs }: Bounds): number[] {
  const readers = new Array<number>(cells.length).fill(0);
  const read = ({ terms }: Form) => {
    for (const term of terms) readers[term[0]] = (readers[term[0]] ?? 0) + 1;
  };
  for (const cell of cells) for (const form of formsOf(cell)) read(form);
  for (const { forms } of outputs) for (const form of forms) read(form);
  return readers;
}
