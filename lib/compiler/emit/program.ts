/**
 * Program: a plan with its layout and parameters as the instructions of `lib/runtime/program.ts`.
 *
 * Lookups come layer by layer, each after the sums and the leveled values that it reads, then the outputs.
 */
import type {
  Carried,
  InputRange,
  Instruction,
  LookupParameters,
  Output,
  Parameters,
  Part,
  Program,
  QuerySection,
  ReplySection,
} from '../../runtime/program.ts';
import type { Cell } from '../cells.ts';
import type { Layout } from '../layout.ts';
import { linearSections, precisionsOf, slotSpacing } from '../layout.ts';
import { cellOfBit, positionOfBit } from '../lower/diagram.ts';
import {
  type BitPlan,
  isGate,
  type LookupPlan,
  type LweForm,
  type OutputPlan,
  type Plan,
  precisionOf,
  type TablePlan,
} from '../lower/plan.ts';
import type { QueryForm } from '../lower/prices.ts';
import type { Value } from '../lower/value.ts';
import { LeveledEmitter } from './leveled.ts';

export interface EmitOptions {
  readonly inputs: readonly InputRange[];
  readonly parameters: Parameters;
  /** Class of keys of each precision in `precisionsOf(plan.lookups)`. */
  readonly lookupClasses: readonly number[];
  /** Modulus of the replies: 2^bits per output plan. */
  readonly replyBits: readonly number[];
  readonly query: QueryForm;
  /** By carried input, its value in the first run. */
  readonly initial: ReadonlyMap<number, number>;
}

type BootstrapItem = (Instruction & { op: 'bootstrap' })['items'][number];

export function emitProgram(plan: Plan, layout: Layout, options: EmitOptions): Program {
  return new Emitter(plan, layout, options).run();
}

class Emitter {
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #options: EmitOptions;
  readonly #size: number;
  readonly #leveled: LeveledEmitter;
  readonly #precisions: readonly number[];
  readonly #lweOfValue = new Map<number, number>();
  readonly #lweOfCell = new Map<number, number>();
  readonly #instructions: Instruction[] = [];
  /** Inputs under the small key of each class of lookups, in slot order. */
  readonly #smallSlots = new Map<number, { cell: number; precision: number }[]>();
  /** By the cell of a computed bit, the names under which diagrams read it. */
  readonly #gateOf = new Map<number, number[]>();
  readonly #indexScales: ReadonlyMap<LookupPlan, number>;
  #lweCount = 0;

  constructor(plan: Plan, layout: Layout, options: EmitOptions) {
    this.#plan = plan;
    this.#layout = layout;
    this.#options = options;
    this.#size = options.parameters.glwe.polynomialSize;
    this.#leveled = new LeveledEmitter(
      plan,
      layout,
      this.#size,
      this.#instructions,
      (value, scaleLog) => this.#sum(plan.embedded.get(value) as LweForm, scaleLog),
    );
    this.#precisions = precisionsOf(plan.lookups);
    this.#indexScales = new Map(
      plan.lookups.map((lookup, i) => [lookup, layout.indexScales[i] as number]),
    );
    for (const bit of layout.computedBits) {
      const { bits } = plan.cells[cellOfBit(bit)] as Cell & { kind: 'bits' };
      const cell = bits[positionOfBit(bit)] as number;
      this.#gateOf.set(cell, [...(this.#gateOf.get(cell) ?? []), bit]);
    }
  }

  run(): Program {
    this.#plan.carried.forEach(({ cell }, index) => {
      const target = this.#lweCount++;
      this.#lweOfCell.set(cell, target);
      this.#instructions.push({ op: 'carried', index, target });
    });
    this.#lookups();
    const outputs = this.#outputs();
    const carried = this.#carried();
    const { parameters, inputs } = this.#options;
    return {
      format: 1,
      parameters,
      inputs,
      rowsPerQuery: this.#rows(),
      queries: this.#queries(),
      polynomials: this.#leveled.polynomials.all,
      instructions: this.#instructions,
      ...(carried.length === 0 ? {} : { carried }),
      ...outputs,
    };
  }

  #carried(): Carried[] {
    return this.#plan.carried.map(({ cell, next }) => {
      const scaleLog = this.#layout.lookupScales.get(cell) as number;
      const initial = this.#options.initial.get(this.#input(cell)) as number;
      return { source: this.#sum(next, scaleLog), initial, scaleLog };
    });
  }

  /** Rows that one linear query holds: the slots of all components, side by side. */
  #rows(): number {
    return this.#layout.linearOnly ? Math.max(1, Math.floor(this.#size / this.#rowStride())) : 1;
  }

  #rowStride(): number {
    const { linearOnly, oneProduct, roots } = this.#layout;
    const spacing = slotSpacing(this.#layout);
    if (!linearOnly || spacing === 0) return this.#size;
    return Math.min(this.#size, spacing * (oneProduct ? roots.length : 1));
  }

  #queries(): QuerySection[] {
    const { slotScale, bits, oneProduct } = this.#layout;
    const sections: QuerySection[] = linearSections(this.#layout, this.#size).map(
      ({ cells, clear }) => ({
        kind: 'linear',
        rowStride: this.#rowStride(),
        whole: oneProduct && !clear,
        slots: cells.map((cell, position) => ({
          input: this.#input(cell),
          offset: 0,
          scaleLog: slotScale,
          position,
        })),
      }),
    );
    if (bits.length > 0)
      sections.push({
        kind: 'bits',
        encoding: this.#options.query === 'unpacked' ? 'unpacked' : 'packed',
        bits: bits.map((bit) => ({
          input: this.#input(cellOfBit(bit)),
          bit: positionOfBit(bit),
        })),
      });
    for (const [lookup, slots] of this.#smallSlots)
      sections.push({
        kind: 'lwe',
        lookup,
        slots: slots.map(({ cell, precision }) => ({
          input: this.#input(cell),
          offset: -(this.#plan.cells[cell] as Cell).min,
          scaleLog: 63 - (this.#precisions[precision] as number),
        })),
      });
    return sections;
  }

  #input(cell: number): number {
    return (this.#plan.cells[cell] as Cell & { kind: 'input' | 'carried' }).input;
  }

  #lookups(): void {
    const layers: LookupPlan[][] = [];
    for (const lookup of this.#plan.lookups) {
      layers[lookup.layer] ??= [];
      layers[lookup.layer]?.push(lookup);
    }
    for (const layer of layers) {
      this.#gates(layer.filter(isGate));
      this.#precisions.forEach((precision, at) => {
        this.#bootstraps(
          layer.filter((lookup) => !isGate(lookup) && precisionOf(lookup) === precision),
          at,
        );
      });
    }
  }

  /** Circuit bootstraps: bits as GGSW, and as sums read them. */
  #gates(layer: readonly BitPlan[]): void {
    if (layer.length === 0) return;
    const items = layer.map((plan) => {
      const input = this.#sum(plan.index, this.#scaleOf(plan));
      const bit = this.#leveled.newBit(this.#gateOf.get(plan.cell) as readonly number[]);
      const scaleLog = this.#layout.lookupScales.get(plan.cell);
      if (scaleLog === undefined) return { input, bit, output: null };
      const target = this.#lweCount++;
      this.#lweOfCell.set(plan.cell, target);
      return { input, bit, output: { target, scaleLog } };
    });
    this.#instructions.push({ op: 'circuitBootstrap', items });
  }

  #bootstraps(layer: readonly LookupPlan[], precision: number): void {
    if (layer.length === 0) return;
    const lookupClass = this.#options.lookupClasses[precision] as number;
    const after: Instruction[] = [];
    const items = layer.map((lookup): BootstrapItem => {
      if (lookup.kind === 'bit') {
        const input = { lwe: this.#sum(lookup.index, this.#scaleOf(lookup)) };
        const { item, finish } = this.#bit(lookup.cell, lookupClass);
        after.push(finish);
        return { input, ...item };
      }
      const input =
        lookup.freshInput === null
          ? { lwe: this.#sum(this.#centred(lookup), this.#scaleOf(lookup)) }
          : { small: this.#smallSlot(lookup.freshInput, precision) };
      return { input, ...this.#testPolynomial(lookup, lookupClass) };
    });
    this.#instructions.push({ op: 'bootstrap', lookup: lookupClass, items }, ...after);
  }

  #scaleOf(lookup: LookupPlan): number {
    return this.#indexScales.get(lookup) as number;
  }

  /** The slot of an input under the small key of its class; a new one the first time. */
  #smallSlot(cell: number, precision: number): number {
    const lookupClass = this.#options.lookupClasses[precision] as number;
    const slots = this.#smallSlots.get(lookupClass) ?? [];
    this.#smallSlots.set(lookupClass, slots);
    const known = slots.findIndex((slot) => slot.cell === cell && slot.precision === precision);
    return known >= 0 ? known : slots.push({ cell, precision }) - 1;
  }

  /**
   * A bit as -1/2 or 1/2 and then 1/2 added: all coefficients are -1/2, the upper half of them with the sign that
   * wrapping changes (X^N' = -1), so that the phases 0 and 1/2 each have N'/2 coefficients on both sides.
   */
  #bit(
    cell: number,
    lookupClass: number,
  ): { item: Omit<BootstrapItem, 'input'>; finish: Instruction } {
    const size = this.#testSize(lookupClass);
    const scaleLog = (this.#layout.lookupScales.get(cell) as number) - 1;
    const coefficients = new Float64Array(size).fill(-1, 0, size / 2).fill(1, size / 2);
    const signed = this.#lweCount++;
    const target = this.#lweCount++;
    this.#lweOfCell.set(cell, target);
    return {
      item: {
        polynomial: this.#leveled.polynomials.dense(coefficients, scaleLog),
        outputs: [[0, signed]],
      },
      finish: { op: 'sum', terms: [[signed, 1]], constant: 1, scaleLog, target },
    };
  }

  /** Coefficients of a test polynomial of a class of lookups. */
  #testSize(lookupClass: number): number {
    const { log2Extension } = this.#options.parameters.lookups[lookupClass] as LookupParameters;
    return this.#size * 2 ** log2Extension;
  }

  /** The index of a rotation; where it is no multiple of the step, moved so that the middle of each step is one. */
  #centred({ index, approximate, log2Step }: TablePlan): LweForm {
    if (!approximate) return index;
    return { ...index, constant: index.constant - (2 ** log2Step - 1) / 2 };
  }

  /** The entries of a rotation in boxes of N' / 2^p coefficients, and where its tables are read. */
  #testPolynomial(lookup: TablePlan, lookupClass: number): Omit<BootstrapItem, 'input'> {
    const { tables, entries, indexSize } = lookup;
    const size = this.#testSize(lookupClass);
    const box = size / 2 ** lookup.precision;
    const scaleOf = (cell: number) => this.#layout.lookupScales.get(cell) as number;
    const scaleLog = Math.min(...tables.map(({ cell }) => scaleOf(cell)));
    const scaled = entries.slice();
    for (const { cell, offset } of tables) {
      const factor = 2 ** (scaleOf(cell) - scaleLog);
      for (let u = offset; u < offset + indexSize; u++) scaled[u] = (entries[u] as number) * factor;
    }
    const polynomial = this.#leveled.polynomials.boxes(scaled, box, size, scaleLog);
    const outputs = tables.map(({ cell, offset }): [number, number] => {
      const target = this.#lweCount++;
      this.#lweOfCell.set(cell, target);
      return [offset * box, target];
    });
    return { polynomial, outputs };
  }

  /** A value as an LWE register, emitted where it is first read: the bits that it reads may be computed before. */
  #lweOf(value: number): number {
    let target = this.#lweOfValue.get(value);
    if (target === undefined) {
      const scaleLog = this.#layout.valueScales.get(value) as number;
      const source = this.#leveled.root(value, 1, scaleLog, [0]);
      target = this.#lweCount++;
      this.#instructions.push({ op: 'extract', source, position: 0, target });
      this.#lweOfValue.set(value, target);
    }
    return target;
  }

  /** A sum as an LWE register at `scaleLog`. */
  #sum(form: LweForm, scaleLog: number): number {
    const { valueScales, lookupScales } = this.#layout;
    const terms: [number, number][] = [];
    for (const term of form.values) {
      const growth = 2 ** (scaleLog - (valueScales.get(term[0]) as number));
      terms.push([this.#lweOf(term[0]), term[1] * growth]);
    }
    for (const term of form.lookups) {
      const growth = 2 ** (scaleLog - (lookupScales.get(term[0]) as number));
      terms.push([this.#lweOfCell.get(term[0]) as number, term[1] * growth]);
    }
    const only = terms[0];
    if (terms.length === 1 && only?.[1] === 1 && form.constant === 0) return only[0];
    const target = this.#lweCount++;
    // A constant of halves is one of units of half the scale.
    const halves = Number.isInteger(form.constant) ? 0 : 1;
    this.#instructions.push({
      op: 'sum',
      terms,
      constant: form.constant * 2 ** halves,
      scaleLog: scaleLog - halves,
      target,
    });
    return target;
  }

  #outputs(): { replies: ReplySection[]; parts: Part[]; outputs: Output[] } {
    const replies: ReplySection[] = [];
    const parts: Part[] = [];
    const weights: [number, number][][] = this.#plan.offsets.map(() => []);
    const offsets = [...this.#plan.offsets];
    this.#plan.outputs.forEach((output, i) => {
      if (output.kind === 'constant') {
        offsets[output.output] = output.value;
        return;
      }
      const scaleLog = this.#layout.outputScales[i] as number;
      const own = output.kind === 'value' ? output.parts : [output.part];
      for (const { min, max, weight, output: target } of own) {
        weights[target]?.push([parts.length, weight]);
        parts.push({ scaleLog, min, max });
      }
      if (!this.#layout.linearOnly)
        replies.push(this.#reply(output, scaleLog, this.#options.replyBits[i] as number));
    });
    if (this.#layout.linearOnly) replies.push(...this.#productReplies());
    return {
      replies,
      parts,
      outputs: offsets.map((offset, i) => ({ parts: weights[i] ?? [], offset })),
    };
  }

  /** Parts are returned minus their minimum, so that they decode as unsigned. */
  #reply(
    output: Exclude<OutputPlan, { kind: 'constant' }>,
    scaleLog: number,
    bits: number,
  ): ReplySection {
    if (output.kind === 'lwe') {
      const form = { ...output.form, constant: output.form.constant - output.part.min };
      return { kind: 'lwe', source: this.#sum(form, scaleLog), bits };
    }
    const components = output.parts.length;
    const minima = output.parts.map((part) => -part.min);
    const source = this.#leveled.root(output.value, components, scaleLog, minima);
    const positions = output.parts.map((_, k) => this.#leveled.position(k, components));
    return { kind: 'glwe', source, bits, rowStride: this.#size, positions };
  }

  /** Products for all rows of a query: one for all outputs, or one for each. */
  #productReplies(): ReplySection[] {
    const { oneProduct, outputScales } = this.#layout;
    const spacing = Math.min(slotSpacing(this.#layout), this.#size);
    const dots = this.#plan.outputs.flatMap((output, i) => {
      if (output.kind !== 'value') return [];
      const { form } = this.#plan.values.get(output.value) as Value & { kind: 'dot' };
      const constant = form.constant - (output.parts[0]?.min as number);
      const bits = this.#options.replyBits[i] as number;
      return [{ form, scaleLog: outputScales[i] as number, constant, bits }];
    });
    const groups = oneProduct ? [dots] : dots.map((dot) => [dot]);
    return groups.map((group): ReplySection => {
      const placed = group.map((dot, k) => ({ position: (k + 1) * spacing - 1, ...dot }));
      const scale = Math.min(...placed.map((dot) => dot.scaleLog));
      const constants = new Float64Array(this.#size);
      for (let row = 0; row < this.#rows(); row++)
        for (const { position, constant, scaleLog } of placed)
          constants[position + row * this.#rowStride()] = constant * 2 ** (scaleLog - scale);
      const source = this.#leveled.product(placed, constants, scale);
      const bits = Math.max(...placed.map((dot) => dot.bits));
      const positions = placed.map((dot) => dot.position);
      return { kind: 'glwe', source, bits, rowStride: this.#rowStride(), positions };
    });
  }
}
