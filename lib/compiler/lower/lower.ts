/**
 * Lower: which engine computes what.
 *
 * Every output becomes a leveled value (`value.ts`) or a sum of values and table lookups; every table that is not
 * computed as a value becomes a bootstrapped lookup of such a sum. Where both are possible the cheaper is taken,
 * by the estimates of `prices.ts`.
 */
import type { Graph } from '../../../tracer/graph.ts';
import { error } from '../../errors.ts';
import type { Bounds } from '../bounds.ts';
import { type Cell, type CellBuilder, combine, type Form, formKey } from '../cells.ts';
import { locate } from '../locate.ts';
import { bitsFor, widthOf } from './diagram.ts';
import { type Digits, digitsOf } from './digits.ts';
import type { LookupPlan, LweForm, OutputPlan, Part, Plan } from './plan.ts';
import { type Prices, priceOfValue } from './prices.ts';
import { summarize } from './summary.ts';
import { Values } from './value.ts';

export interface LowerOptions {
  readonly prices: Prices;
  /** Whether inputs travel as bits; without them there are no decision diagrams. */
  readonly bits: boolean;
  /** Widest output of a diagram with this noise that is still exact. */
  readonly exactWidth: (noise: { depth: number; squaredWeight: number }) => number;
}

/** Most output scalars that are tried as components of one ciphertext. */
const mostComponents = 64;

export function lower(
  graph: Graph,
  bounds: Bounds,
  builder: CellBuilder,
  options: LowerOptions,
): Plan {
  return new Lowering(graph, builder, options).run(bounds);
}

class Lowering {
  readonly #graph: Graph;
  readonly #builder: CellBuilder;
  readonly #options: LowerOptions;
  readonly #values: Values;
  readonly #lookupPrice = new Map<number, number>();
  readonly #valuePrice = new Map<number, number>();
  readonly #wanted = new Map<string, { index: Form; cells: number[] }>();

  constructor(graph: Graph, builder: CellBuilder, options: LowerOptions) {
    this.#graph = graph;
    this.#builder = builder;
    this.#options = options;
    this.#values = new Values(builder.cells, options.bits);
  }

  run(bounds: Bounds): Plan {
    const outputs: OutputPlan[] = [];
    const offsets: number[] = [];
    let first = 0;
    for (const { forms } of bounds.outputs) {
      const variable: number[] = [];
      forms.forEach((form, i) => {
        offsets.push(0);
        if (form.terms.length > 0) variable.push(i);
        else outputs.push({ kind: 'constant', output: first + i, value: form.constant });
      });
      outputs.push(
        ...this.#outputGroup(
          variable.map((i) => forms[i] as Form),
          variable.map((i) => first + i),
          offsets,
        ),
      );
      first += forms.length;
    }
    return {
      cells: this.#builder.cells,
      values: this.#values,
      outputs,
      lookups: this.#schedule(),
      offsets,
    };
  }

  /** The outputs together in one ciphertext where that is possible and no dearer, else one by one. */
  #outputGroup(
    forms: readonly Form[],
    outputs: readonly number[],
    offsets: number[],
  ): OutputPlan[] {
    if (forms.length === 0) return [];
    if (forms.length > 1 && forms.length <= mostComponents) {
      const value = this.#values.ofForms(forms);
      if (value !== null) {
        const single = forms.reduce((sum, form) => sum + this.#price(form), 0);
        if (this.#priceOf(value) <= single)
          return [this.#valueOutput(value, forms, outputs, offsets)];
      }
    }
    return forms.map((form, i) => {
      const value = this.#values.ofForms([form]);
      if (value !== null && this.#priceOf(value) <= this.#lwePrice(form))
        return this.#valueOutput(value, [form], [outputs[i] as number], offsets);
      return this.#lweOutput(form, outputs[i] as number);
    });
  }

  /** Splits what is too wide to be exact into digits. */
  #valueOutput(
    value: number,
    forms: readonly Form[],
    outputs: readonly number[],
    offsets: number[],
  ): OutputPlan {
    const ranges = forms.map((form) => this.#builder.range(form));
    const width = Math.max(...ranges.map(widthOf));
    const noise = summarize(this.#values, value);
    const exact =
      noise.depth === 0
        ? width
        : this.#options.exactWidth({ depth: noise.depth, squaredWeight: 1 });
    if (width > exact && exact > 1) {
      const digits = this.#digits(forms, width, exact);
      if (digits !== null) {
        const parts = digits.forms.map((form, k): Part => {
          const i = Math.floor(k / digits.count);
          const weight = 2 ** (digits.bits * (k % digits.count));
          return { output: outputs[i] as number, ...this.#builder.range(form), weight };
        });
        outputs.forEach((output, i) => {
          offsets[output] = digits.offsets[i] as number;
        });
        return { kind: 'value', value: digits.value, parts, forms: digits.forms };
      }
    }
    const parts = ranges.map(
      (range, i): Part => ({ output: outputs[i] as number, ...range, weight: 1 }),
    );
    return { kind: 'value', value, parts, forms };
  }

  /** The fewest digits whose sums are exact. */
  #digits(
    forms: readonly Form[],
    width: number,
    exact: number,
  ): (Digits & { readonly value: number }) | null {
    for (let count = 2; count <= width; count++) {
      const digits = digitsOf(this.#builder, forms, count);
      if (digits === null) return null;
      const value = this.#values.ofForms(digits.forms);
      if (value === null) return null;
      const widths = digits.forms.map((form) => widthOf(this.#builder.range(form)));
      if (Math.max(...widths) <= exact) return { ...digits, value };
    }
    return null;
  }

  #lweOutput(form: Form, output: number): OutputPlan {
    const range = this.#builder.range(form);
    return { kind: 'lwe', form: this.#lwe(form), output, part: { output, ...range, weight: 1 } };
  }

  /** A form as a sum of values and lookups; tables that it needs by lookup are put on the list. */
  #lwe(form: Form): LweForm {
    const cells = this.#builder.cells;
    const inputs: [number, number][] = [];
    const values: [number, number][] = [];
    const exact: [Form, number][] = [];
    const lookups = new Map<number, number>();
    let constant = form.constant;
    for (const [id, coefficient] of form.terms) {
      const cell = cells[id] as Cell;
      const plain: Form = { terms: [[id, 1]], constant: 0 };
      if (cell.kind === 'input') {
        inputs.push([id, coefficient]);
        exact.push([plain, coefficient]);
        continue;
      }
      const value = this.#values.ofForms([plain]);
      if (value !== null && this.#priceOf(value) <= this.#priceOfLookup(id)) {
        values.push([value, coefficient]);
        exact.push([plain, coefficient]);
      } else if (cell.kind === 'table') {
        this.#want(id, cell);
        lookups.set(id, (lookups.get(id) ?? 0) + coefficient);
      } else {
        const rewritten = this.#lwe(this.#choice(id));
        constant += coefficient * rewritten.constant;
        exact.push([rewritten.exact, coefficient]);
        for (const [v, c] of rewritten.values) values.push([v, c * coefficient]);
        for (const [l, c] of rewritten.lookups)
          lookups.set(l, (lookups.get(l) ?? 0) + c * coefficient);
      }
    }
    if (inputs.length > 0)
      values.unshift([this.#values.ofForms([{ terms: inputs, constant: 0 }]) as number, 1]);
    return {
      values,
      lookups: [...lookups].filter(([, c]) => c !== 0),
      constant,
      exact: combine(exact),
    };
  }

  /** A choice by lookup: `otherwise + table(condition, then - otherwise)`, the table being the product. */
  #choice(id: number): Form {
    const { condition, then, otherwise, node } = this.#builder.cells[id] as Cell & {
      kind: 'where';
    };
    const difference = combine([
      [then, 1],
      [otherwise, -1],
    ]);
    const { min, max } = this.#builder.range(difference);
    const size = max - min + 1;
    if (size > 2 ** 16) throw this.#tooWide(id, bitsFor(size) + 1);
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
    return combine([
      [otherwise, 1],
      [this.#builder.table(index, values, node), 1],
    ]);
  }

  #want(id: number, cell: Cell & { kind: 'table' }): void {
    if (this.#precision(cell) > this.#options.prices.largestPrecision)
      throw this.#tooWide(id, this.#precision(cell));
    const key = formKey(cell.index);
    const wanted = this.#wanted.get(key);
    if (wanted === undefined) this.#wanted.set(key, { index: cell.index, cells: [id] });
    else if (!wanted.cells.includes(id)) wanted.cells.push(id);
  }

  #tooWide(id: number, bits: number): Error {
    const { node } = this.#builder.cells[id] as Cell;
    return error('LOOKUP_TOO_WIDE', {
      what: this.#graph.nodes[node]?.op,
      given: `a function of ${bits} bits`,
      allowed: `at most ${this.#options.prices.largestPrecision} bits`,
      remedy: 'narrow its operand with clip, or divide and round it first',
      location: this.#graph.nodes[node]?.location,
      graph: locate(this.#graph, node, `reads ${bits} bits`),
    });
  }

  #precision(cell: Cell & { kind: 'table' }): number {
    return Math.max(1, bitsFor(cell.values.length));
  }

  #priceOf(value: number): number {
    let price = this.#valuePrice.get(value);
    if (price === undefined) {
      price = priceOfValue(this.#values, value, this.#options.prices);
      this.#valuePrice.set(value, price);
    }
    return price;
  }

  /** The cheaper of both ways. */
  #price(form: Form): number {
    const value = this.#values.ofForms([form]);
    const lwe = this.#lwePrice(form);
    return value === null ? lwe : Math.min(lwe, this.#priceOf(value));
  }

  #lwePrice(form: Form): number {
    const isInput = ([id]: readonly [number, number]) => this.#builder.cells[id]?.kind === 'input';
    let price = form.terms.some(isInput) ? this.#options.prices.dot : 0;
    for (const [id, coefficient] of form.terms) {
      if (isInput([id, coefficient])) continue;
      const value = this.#values.ofForms([{ terms: [[id, 1]], constant: 0 }]);
      const lookup = this.#priceOfLookup(id);
      price += value === null ? lookup : Math.min(lookup, this.#priceOf(value));
    }
    return price;
  }

  #priceOfLookup(id: number): number {
    const known = this.#lookupPrice.get(id);
    if (known !== undefined) return known;
    const cell = this.#builder.cells[id] as Cell;
    let price: number;
    if (cell.kind === 'table') {
      const precision = this.#precision(cell);
      price =
        precision > this.#options.prices.largestPrecision
          ? Number.POSITIVE_INFINITY
          : this.#options.prices.lookup(precision) + this.#lwePrice(cell.index);
    } else if (cell.kind === 'where') {
      const range = this.#builder.range(
        combine([
          [cell.then, 1],
          [cell.otherwise, -1],
        ]),
      );
      const precision = 1 + widthOf(range);
      price =
        precision > this.#options.prices.largestPrecision
          ? Number.POSITIVE_INFINITY
          : this.#options.prices.lookup(precision) +
            this.#lwePrice(cell.condition) +
            this.#lwePrice(cell.then) +
            this.#lwePrice(cell.otherwise);
    } else price = 0;
    this.#lookupPrice.set(id, price);
    return price;
  }

  /** Turns the list of wanted tables into rotations, layer by layer; the list grows while it is worked off. */
  #schedule(): LookupPlan[] {
    const plans: {
      index: LweForm;
      freshInput: number | null;
      precision: number;
      cells: number[];
    }[] = [];
    for (const { index, cells } of this.#wanted.values()) {
      const first = this.#builder.cells[cells[0] as number] as Cell & { kind: 'table' };
      const only = index.terms.length === 1 ? (index.terms[0]?.[0] as number) : null;
      const fresh = only !== null && this.#builder.cells[only]?.kind === 'input' ? only : null;
      plans.push({
        index: this.#lwe(index),
        freshInput: fresh,
        precision: this.#precision(first),
        cells,
      });
    }
    const planOf = new Map<number, number>();
    plans.forEach(({ cells }, i) => {
      for (const cell of cells) planOf.set(cell, i);
    });
    const layers = new Map<number, number>();
    const layerOf = (i: number): number => {
      let layer = layers.get(i);
      if (layer === undefined) {
        layer = 0;
        for (const [cell] of (plans[i] as { index: LweForm }).index.lookups)
          layer = Math.max(layer, layerOf(planOf.get(cell) as number) + 1);
        layers.set(i, layer);
      }
      return layer;
    };
    return plans.flatMap((plan, i) => this.#shareRotations({ ...plan, layer: layerOf(i) }));
  }

  /** Cuts the tables of one index into rotations of 2^k tables each, the cheapest k. */
  #shareRotations(plan: Omit<LookupPlan, 'log2Tables'>): LookupPlan[] {
    const { prices } = this.#options;
    const count = plan.cells.length;
    let best = 0;
    let bestPrice = Number.POSITIVE_INFINITY;
    for (let k = 0; 2 ** k < 2 * count; k++) {
      if (plan.precision + k > prices.largestPrecision) break;
      const price = Math.ceil(count / 2 ** k) * prices.lookup(plan.precision + k);
      if (price < bestPrice) [best, bestPrice] = [k, price];
    }
    const size = 2 ** best;
    return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
      ...plan,
      cells: plan.cells.slice(i * size, (i + 1) * size),
      log2Tables: best,
    }));
  }
}
