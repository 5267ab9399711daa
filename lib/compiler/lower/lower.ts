/**
 * Lower: which engine computes what.
 *
 * Every output becomes a leveled value (`value.ts`) or a sum of values and table lookups; every table that is not
 * computed as a value becomes a bootstrapped lookup of such a sum. Where both are possible the cheaper is taken,
 * by the estimates of `prices.ts`.
 */
import type { Graph, Node } from '../../../tracer/graph.ts';
import { error } from '../../errors.ts';
import type { Bounds } from '../bounds.ts';
import { type Cell, type CellBuilder, combine, type Form, formKey, formsOf } from '../cells.ts';
import { growthOf, operandWidths } from '../growth.ts';
import { operationOf } from '../locate.ts';
import { narrowing } from '../remedy.ts';
import { bitsFor, cellOfBit, positionOfBit, widthOf } from './diagram.ts';
import { type Digits, digitsOf } from './digits.ts';
import type { LookupPlan, LweForm, OutputPlan, Part, Plan, TablePlan } from './plan.ts';
import { largestPrecision, type Prices, priceOfValue } from './prices.ts';
import { summarize, workOf } from './summary.ts';
import { cheapestWay, precisionFor, shareEntries, type Way } from './tables.ts';
import { Values } from './value.ts';

export interface LowerOptions {
  readonly prices: Prices;
  /** Whether there may be lookups; without them lowering throws where a function needs one. */
  readonly lookups: boolean;
  /** Whether inputs travel as bits; without them there are no decision diagrams. */
  readonly bits: boolean;
  /** Widest output of a diagram with this noise that is still exact. */
  readonly exactWidth: (noise: { depth: number; squaredWeight: number }) => number;
}

/** The cells that a rotation serves, with their entries. */
type Tables = { readonly cell: number; readonly entries: Float64Array }[];

/** A rotation on the list: tables of one index, or one bit of it. */
interface Wanted {
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

/** Prices that differ by less are equal: they are sums in different orders. */
const roundingSlack = 1 + 1e-9;

/** Thrown where there may be no lookups: nobody reads it, so it says nothing. */
const noLookups = error('LOOKUP_TOO_WIDE');

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
  readonly #lwePrices = new Map<string, number>();
  readonly #valuePrice = new Map<number, number>();
  readonly #ways = new Map<number, Way | null>();
  readonly #choices = new Map<number, Form>();
  readonly #wanted = new Map<string, Wanted>();
  /** How many cells and outputs read each cell; those that lowering adds have one. */
  #readers: readonly number[] = [];

  constructor(graph: Graph, builder: CellBuilder, options: LowerOptions) {
    this.#graph = graph;
    this.#builder = builder;
    this.#options = options;
    this.#values = new Values(builder.cells, options.bits, {
      of: (value) => this.#priceOf(value),
      affordableBranches: (form) => {
        const price = form.terms.reduce((sum, [id]) => sum + this.#priceOfLookup(id), 0);
        return price / options.prices.cmux;
      },
    });
  }

  run(bounds: Bounds): Plan {
    this.#readers = readersOf(bounds);
    // Bottom up, since a chain of cells may be longer than recursion can follow.
    const needed = neededBy(bounds);
    for (let id = 0; id < bounds.cells.length; id++) {
      if (!needed.has(id) || this.#priceOfCell(id) < Number.POSITIVE_INFINITY) continue;
      if (!this.#options.lookups) throw noLookups;
    }
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
    const lookups = this.#schedule(outputs);
    return { cells: this.#builder.cells, values: this.#values, outputs, lookups, offsets };
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
        if (this.#priceOf(value) <= single * roundingSlack)
          return this.#valueOutputs(value, forms, outputs, offsets);
      }
    }
    return forms.flatMap((form, i) => {
      const value = this.#values.ofForms([form]);
      if (value !== null && this.#priceOf(value) <= this.#priceApart(form) * roundingSlack)
        return this.#valueOutputs(value, [form], [outputs[i] as number], offsets);
      return [this.#lweOutput(form, outputs[i] as number)];
    });
  }

  /** Splits what is too wide to be exact into digits. */
  #valueOutputs(
    value: number,
    forms: readonly Form[],
    outputs: readonly number[],
    offsets: number[],
  ): OutputPlan[] {
    const ranges = forms.map((form) => this.#builder.range(form));
    const width = Math.max(...ranges.map(widthOf));
    const noise = summarize(this.#values, value);
    const exact =
      noise.depth === 0
        ? width
        : this.#options.exactWidth({ depth: noise.depth, squaredWeight: 1 });
    if (width > exact && exact > 1) {
      const digits = this.#digits(this.#values.resolve(forms) ?? forms, width, exact);
      if (digits !== null) {
        const parts = digits.forms.map((form, k): Part => {
          const i = Math.floor(k / digits.count);
          const weight = 2 ** (digits.bits * (k % digits.count));
          return { output: outputs[i] as number, ...this.#builder.range(form), weight };
        });
        outputs.forEach((output, i) => {
          offsets[output] = digits.offsets[i] as number;
        });
        return partsOf(digits.values, parts, digits.forms);
      }
    }
    const parts = ranges.map(
      (range, i): Part => ({ output: outputs[i] as number, ...range, weight: 1 }),
    );
    return partsOf([value], parts, forms);
  }

  /** The fewest digits whose sums are exact: as components of one value where that is possible, else each as its own. */
  #digits(
    forms: readonly Form[],
    width: number,
    exact: number,
  ): (Digits & { readonly values: readonly number[] }) | null {
    for (let count = 2; count <= width; count++) {
      const digits = digitsOf(this.#builder, forms, count);
      if (digits === null) return null;
      const widths = digits.forms.map((form) => widthOf(this.#builder.range(form)));
      if (Math.max(...widths) > exact) continue;
      const together = this.#values.ofForms(digits.forms);
      if (together !== null) return { ...digits, values: [together] };
      const values = digits.forms.map((form) => this.#values.ofForms([form]));
      return values.includes(null) ? null : { ...digits, values: values as number[] };
    }
    return null;
  }

  #lweOutput(form: Form, output: number): OutputPlan {
    const range = this.#builder.range(form);
    return { kind: 'lwe', form: this.#lwe(form), output, part: { output, ...range, weight: 1 } };
  }

  /** A form as a sum of values and lookups; what it needs by lookup is put on the list. */
  #lwe(form: Form): LweForm {
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
    if (dot.terms.length > 0) values.unshift([this.#values.ofForms([dot]) as number, 1]);
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
    const value = this.#values.ofForms([{ terms: [[id, 1]], constant: 0 }]);
    if (value !== null && this.#priceOf(value) <= this.#priceOfLookup(id)) {
      return { kind: 'value', value };
    }
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
    const way = this.#wayOf(id, cell);
    if (way === null) throw this.#tooWide(id, precisionFor(cell.values.length));
    if (way.kind === 'gates') {
      const bits = this.#builder.bits(cell.index, way.width, cell.node);
      return { kind: 'form', form: this.#builder.table(bits, cell.values, cell.node) };
    }
    const shifted = combine([[cell.index, 1]], way.offset);
    const approximate = cell.ignoredBits !== undefined;
    const index =
      way.lowBits === 0 || approximate
        ? shifted
        : this.#builder.lowBits(shifted, way.lowBits, cell.node).rest;
    const key = `${way.lowBits} ${approximate} ${formKey(index)}`;
    let wanted = this.#wanted.get(key);
    if (wanted === undefined) {
      wanted = { index, log2Step: way.lowBits, tables: [], approximate, bit: -1, gate: false };
      this.#wanted.set(key, wanted);
    }
    if (!wanted.tables?.some((table) => table.cell === id))
      wanted.tables?.push({ cell: id, entries: way.entries });
    return { kind: 'lookup' };
  }

  #wantBit(id: number, cell: Cell & { kind: 'bit' }): Wanted {
    const key = `bit ${id}`;
    let wanted = this.#wanted.get(key);
    if (wanted === undefined) {
      const { form: index, position: log2Step } = cell;
      wanted = { index, log2Step, tables: null, approximate: false, bit: id, gate: false };
      this.#wanted.set(key, wanted);
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
      (best, form) => (this.#lwePrice(form) < this.#lwePrice(best) ? form : best),
      first,
    );
  }

  #tooWide(id: number, bits: number): Error {
    if (!this.#options.lookups) return noLookups;
    const { node } = this.#builder.cells[id] as Cell;
    const { ranges } = this.#builder;
    const widths = operandWidths(this.#graph, node, ranges);
    return error('LOOKUP_TOO_WIDE', {
      what: operationOf(this.#graph.nodes[node] as Node),
      given: `a function of ${bits} bits`,
      allowed: `at most ${largestPrecision} bits`,
      remedy: narrowing(bits - largestPrecision, widths),
      ...growthOf(this.#graph, node, ranges, 'operands', `reads ${bits} bits`),
    });
  }

  #priceOf(value: number): number {
    let price = this.#valuePrice.get(value);
    if (price === undefined) {
      price = priceOfValue(this.#values, value, this.#options.prices, (cell) =>
        this.#readersOf(cell),
      );
      this.#valuePrice.set(value, price);
    }
    return price;
  }

  /** The cheaper of both ways. */
  #price(form: Form): number {
    const value = this.#values.ofForms([form]);
    const lwe = this.#priceApart(form);
    return value === null ? lwe : Math.min(lwe, this.#priceOf(value));
  }

  /** What the terms of a form cost one by one, where nothing else reads them. */
  #priceApart({ terms }: Form): number {
    const inputs = terms.some(([id]) => this.#isInput(id)) ? this.#options.prices.dot : 0;
    return terms.reduce(
      (sum, [id]) => sum + (this.#isInput(id) ? 0 : this.#priceOfCell(id)),
      inputs,
    );
  }

  #isInput(id: number): boolean {
    return this.#builder.cells[id]?.kind === 'input';
  }

  #lwePrice(form: Form): number {
    const key = formKey(form);
    let price = this.#lwePrices.get(key);
    if (price !== undefined) return price;
    price = form.terms.some(([id]) => this.#isInput(id)) ? this.#options.prices.dot : 0;
    for (const [id] of form.terms)
      if (!this.#isInput(id)) price += this.#priceOfCell(id) / this.#readersOf(id);
    this.#lwePrices.set(key, price);
    return price;
  }

  /** What a cell costs is shared by all that read it ("area flow", Cong, Wu and Ding 1999). */
  #readersOf(id: number): number {
    return Math.max(1, this.#readers[id] ?? 1);
  }

  #priceOfCell(id: number): number {
    const value = this.#values.ofForms([{ terms: [[id, 1]], constant: 0 }]);
    const lookup = this.#priceOfLookup(id);
    return value === null ? lookup : Math.min(lookup, this.#priceOf(value));
  }

  /** What a cell costs where it is no leveled value. */
  #priceOfLookup(id: number): number {
    const known = this.#lookupPrice.get(id);
    if (known !== undefined) return known;
    const price = this.#computeLookupPrice(id, this.#builder.cells[id] as Cell);
    this.#lookupPrice.set(id, price);
    return price;
  }

  #computeLookupPrice(id: number, cell: Cell): number {
    switch (cell.kind) {
      case 'input':
        return 0;
      case 'table': {
        const way = this.#wayOf(id, cell);
        return way === null ? Number.POSITIVE_INFINITY : way.price + this.#lwePrice(cell.index);
      }
      case 'where': {
        const { condition, then, otherwise } = cell;
        const range = this.#builder.range(
          combine([
            [then, 1],
            [otherwise, -1],
          ]),
        );
        const { lookups, prices } = this.#options;
        return (
          (lookups ? prices.lookup(1 + widthOf(range)) : Number.POSITIVE_INFINITY) +
          this.#lwePrice(condition) +
          this.#lwePrice(then) +
          this.#lwePrice(otherwise)
        );
      }
      case 'alternatives':
        return Math.min(...cell.forms.map((make) => this.#lwePrice(make())));
      case 'bit':
        return this.#options.prices.lookup(0) + this.#lwePrice(cell.form);
      case 'bits':
        return this.#lwePrice(cell.form);
      default:
        return cell satisfies never;
    }
  }

  #wayOf(id: number, cell: Cell & { kind: 'table' }): Way | null {
    let way = this.#ways.get(id);
    if (way === undefined) {
      way = this.#options.lookups ? cheapestWay(cell, this.#options.prices) : null;
      this.#ways.set(id, way);
    }
    return way;
  }

  /** Turns the list into rotations, layer by layer; the list grows while it is worked off. */
  #schedule(outputs: readonly OutputPlan[]): LookupPlan[] {
    for (const output of outputs) {
      if (output.kind === 'value') this.#wantGates([output.value]);
      if (output.kind === 'lwe') this.#wantGates(output.form.values.map(([value]) => value));
    }
    const planned: { wanted: Wanted; index: LweForm }[] = [];
    for (const wanted of this.#wanted.values()) {
      const index = this.#lwe(wanted.index);
      this.#wantGates(index.values.map(([value]) => value));
      planned.push({ wanted, index });
    }
    const planOf = new Map<number, number>();
    planned.forEach(({ wanted }, i) => {
      if (wanted.tables === null) planOf.set(wanted.bit, i);
      else for (const { cell } of wanted.tables) planOf.set(cell, i);
    });
    const reads = planned.map(({ index }) => this.#readBy(index));
    const rotations = (cells: readonly number[]) => cells.map((cell) => planOf.get(cell) as number);
    const layers = this.#layers(reads.map(rotations));
    const used = this.#usedBy(outputs, (cell) => reads[planOf.get(cell) as number] ?? []);
    return planned.flatMap(({ wanted, index }, i): LookupPlan[] => {
      const layer = layers[i] as number;
      const { log2Step, bit: cell, gate } = wanted;
      if (wanted.tables === null)
        return used.has(cell) ? [{ kind: 'bit', index, log2Step, layer, cell, gate }] : [];
      const tables = wanted.tables.filter((table) => used.has(table.cell));
      return tables.length === 0 ? [] : this.#rotations({ ...wanted, tables }, index, layer);
    });
  }

  /** The cells of all lookups that outputs need: results may cancel, and then nothing reads them. */
  #usedBy(
    outputs: readonly OutputPlan[],
    readsOf: (cell: number) => readonly number[],
  ): Set<number> {
    const used = new Set<number>();
    const stack = outputs.flatMap((output): readonly number[] => {
      if (output.kind === 'constant') return [];
      return output.kind === 'lwe' ? this.#readBy(output.form) : this.#gatesOf([output.value]);
    });
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      if (used.has(cell)) continue;
      used.add(cell);
      stack.push(...readsOf(cell));
    }
    return used;
  }

  /** Puts the bits that values read as GGSW on the list. */
  #wantGates(values: readonly number[]): void {
    for (const id of this.#gatesOf(values)) {
      const cell = this.#builder.cells[id] as Cell & { kind: 'bit' };
      this.#wantBit(id, cell).gate = true;
    }
  }

  /** The cells of the computed bits that values read as GGSW. */
  #gatesOf(values: readonly number[]): number[] {
    const gates = new Set<number>();
    if (!this.#builder.computesBits) return [];
    for (const bit of workOf(this.#values, values, () => 1).bits) {
      if (!this.#values.isComputed(bit)) continue;
      const { bits } = this.#builder.cells[cellOfBit(bit)] as Cell & { kind: 'bits' };
      gates.add(bits[positionOfBit(bit)] as number);
    }
    return [...gates];
  }

  /** The cells of lookups that a sum reads, directly or as GGSW bits of its values. */
  #readBy({ lookups, values }: LweForm): number[] {
    return [...lookups.map(([cell]) => cell), ...this.#gatesOf(values.map(([value]) => value))];
  }

  /** One more than the largest layer that each reads; worked off without recursion, for chains may be long. */
  #layers(reads: readonly (readonly number[])[]): number[] {
    const layers = new Array<number>(reads.length).fill(-1);
    const stack: number[] = [];
    for (let start = 0; start < reads.length; start++) {
      stack.push(start);
      for (let i = stack.at(-1); i !== undefined; i = stack.at(-1)) {
        const own = reads[i] as readonly number[];
        const missing = own.filter((other) => layers[other] === -1);
        if (missing.length > 0) stack.push(...missing);
        else {
          layers[i] = own.reduce((most, other) => Math.max(most, (layers[other] as number) + 1), 0);
          stack.pop();
        }
      }
    }
    return layers;
  }

  #rotations(
    wanted: Wanted & { readonly tables: Tables },
    index: LweForm,
    layer: number,
  ): TablePlan[] {
    const { log2Step, tables, approximate } = wanted;
    const freshInput = log2Step === 0 ? this.#freshInput(wanted.index) : null;
    return this.#shareRotations(tables).map(({ precision, entries, offsets, first }) => ({
      kind: 'tables',
      index,
      log2Step,
      layer,
      freshInput,
      precision,
      indexSize: tables[0]?.entries.length as number,
      entries,
      tables: offsets.map((offset, k) => ({
        cell: tables[first + k]?.cell as number,
        offset,
      })),
      approximate,
    }));
  }

  /** The input that a form is, counted from its least value; null where it is anything else. */
  #freshInput({ terms, constant }: Form): number | null {
    const [term] = terms;
    if (terms.length !== 1 || term?.[1] !== 1) return null;
    const cell = this.#builder.cells[term[0]] as Cell;
    return cell.kind === 'input' && constant === -cell.min ? term[0] : null;
  }

  /** Cuts the tables of one index into rotations, as many in each as is cheapest. */
  #shareRotations(
    tables: Tables,
  ): { precision: number; entries: Float64Array; offsets: readonly number[]; first: number }[] {
    const { prices } = this.#options;
    const lists = tables.map(({ entries }) => entries);
    const cut = (size: number) =>
      Array.from({ length: Math.ceil(lists.length / size) }, (_, i) => {
        const shared = shareEntries(lists.slice(i * size, (i + 1) * size));
        return { ...shared, precision: precisionFor(shared.entries.length), first: i * size };
      });
    let best = cut(1);
    let bestPrice = lists.length * prices.lookup(best[0]?.precision ?? 1);
    for (let size = 2; size < 2 * lists.length; size *= 2) {
      const rotations = cut(size);
      const price = rotations.reduce((sum, each) => sum + prices.lookup(each.precision), 0);
      if (price < bestPrice) [best, bestPrice] = [rotations, price];
    }
    return best;
  }
}

/** Outputs of one value for all parts, or of one for each. */
function partsOf(
  values: readonly number[],
  parts: readonly Part[],
  forms: readonly Form[],
): OutputPlan[] {
  const [value] = values as readonly [number];
  if (values.length === 1) return [{ kind: 'value', value, parts, forms }];
  return values.map((each, k) => ({
    kind: 'value',
    value: each,
    parts: parts.slice(k, k + 1),
    forms: forms.slice(k, k + 1),
  }));
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
    for (const [id] of terms) readers[id] = (readers[id] ?? 0) + 1;
  };
  for (const cell of cells) for (const form of formsOf(cell)) read(form);
  for (const { forms } of outputs) for (const form of forms) read(form);
  return readers;
}
