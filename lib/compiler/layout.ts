/**
 * Widths: where each number of a plan lives. It fixes the scale (value * 2^scaleLog on the torus) of every
 * ciphertext from the width of what reads it, the coefficient of every component, and what the query holds.
 * Widths are per reader: a comparison of 3 bits beside a sum of 10 stays one of 3.
 */
import { clusterBy } from './lower/clusters.ts';
import { widthOf } from './lower/diagram.ts';
import {
  isGate,
  type LookupPlan,
  type LweForm,
  type OutputPlan,
  type Plan,
  precisionOf,
  type TablePlan,
} from './lower/plan.ts';
import { type Work, workOf } from './lower/summary.ts';
import { turnsOf } from './lower/value.ts';

/** One value that is computed as a GLWE register of its own. */
export interface Root {
  readonly value: number;
  readonly components: number;
  readonly scaleLog: number;
}

export interface Layout {
  /** Scale of each output plan, in the order of `plan.outputs`; constants have 64. */
  readonly outputScales: readonly number[];
  /** Scale of the input of each rotation, in the order of `plan.lookups`. */
  readonly indexScales: readonly number[];
  /** Scale of the values that sums of LWE read, by value. */
  readonly valueScales: ReadonlyMap<number, number>;
  /** Scale of the results of lookups, by table cell. */
  readonly lookupScales: ReadonlyMap<number, number>;
  /** All values that are computed for outputs or for sums. */
  readonly roots: readonly Root[];
  /** What all roots together cost. */
  readonly work: Work;
  /** Bits of the query, as `bitOf` names them, in register order. */
  readonly bits: readonly number[];
  /** Bits that circuit bootstrapping makes and diagrams read. */
  readonly computedBits: readonly number[];
  /** Encrypted input cells of the linear query, in slot order, those that are clear, and the scale of both. */
  readonly slots: readonly number[];
  readonly clearSlots: readonly number[];
  readonly slotScale: number;
  /** Whether the program only takes linear queries and returns their products: rows then share ciphertexts. */
  readonly linearOnly: boolean;
  /** Whether all products are one: outputs then share a reply, and the query travels whole. */
  readonly oneProduct: boolean;
}

/** Of what has one bit left. */
const largestScale = 63;

/** From here on a whole query of 16 KB and one reply are smaller than a reply for each output. */
const fewestSharedOutputs = 3;

export interface LayoutOptions {
  readonly polynomialSize: number;
  /** Whether products may share one reply: each output then has the noise of all weights. Default: true. */
  readonly shareProduct?: boolean;
}

export function layout(plan: Plan, options: LayoutOptions): Layout {
  const linearOnly = isLinear(plan);
  const oneProduct = linearOnly && options.shareProduct !== false && fitsOneProduct(plan, options);
  const ownScales = plan.outputs.map(outputScale);
  // Weights of one product add to each other's noise, so they have one scale, that of the widest output.
  const widest = Math.min(...ownScales);
  const outputScales = oneProduct
    ? ownScales.map((scale) => (scale === 64 ? scale : widest))
    : ownScales;
  const indexScales = plan.lookups.map((lookup) => 63 - precisionOf(lookup) - lookup.log2Step);
  const valueScales = new Map<number, number>();
  const lookupScales = new Map<number, number>();
  const lower = (scales: Map<number, number>, key: number, scale: number) => {
    scales.set(key, Math.min(scales.get(key) ?? 64, scale));
  };
  const read = (form: LweForm, scale: number) => {
    for (const term of form.values) lower(valueScales, term[0], scaleOf(term[1], scale));
    for (const term of form.lookups) lower(lookupScales, term[0], scaleOf(term[1], scale));
  };
  plan.outputs.forEach((output, i) => {
    if (output.kind === 'lwe') read(output.form, outputScales[i] as number);
  });
  plan.lookups.forEach((lookup, i) => {
    if (lookup.kind === 'bit' || lookup.freshInput === null)
      read(lookup.index, indexScales[i] as number);
  });
  for (const lookup of plan.lookups) if (sharesEntries(lookup)) equalize(lookup, lookupScales);
  equalizeWheels(plan, valueScales);
  const roots: Root[] = [];
  plan.outputs.forEach((output, i) => {
    if (output.kind !== 'value') return;
    const scaleLog = outputScales[i] as number;
    roots.push({ value: output.value, components: output.parts.length, scaleLog });
  });
  for (const [value, scaleLog] of valueScales) roots.push({ value, components: 1, scaleLog });
  const work = workFor(plan, roots);
  const bits = [...work.bits].sort((a, b) => a - b);
  const { slots, clearSlots, slotScale } = slotsOf(plan, work.dots === 0 ? [] : roots);
  return {
    outputScales,
    indexScales,
    valueScales,
    lookupScales,
    roots,
    work,
    bits: bits.filter((bit) => !plan.values.isComputed(bit)),
    computedBits: bits.filter((bit) => plan.values.isComputed(bit)),
    slots,
    clearSlots,
    slotScale,
    linearOnly,
    oneProduct,
  };
}

/** The scale at which a factor of 2^k is no factor: what is made at it does not have its noise multiplied. */
function scaleOf(coefficient: number, scale: number): number {
  let largest = scale;
  for (let rest = Math.abs(coefficient); rest % 2 === 0 && largest < largestScale; rest /= 2)
    largest++;
  return largest;
}

/** Whether tables of a rotation have entries in common: their results then have one scale. */
function sharesEntries(lookup: LookupPlan): lookup is TablePlan {
  if (lookup.kind === 'bit') return false;
  const starts = lookup.tables.map(({ offset }) => offset).sort((a, b) => a - b);
  const length = lookup.tables.length === 0 ? 0 : lookup.indexSize;
  return starts.some((start, k) => k > 0 && start - (starts[k - 1] as number) < length);
}

/** Gives all results of a rotation the smallest of their scales. */
function equalize(lookup: TablePlan, scales: Map<number, number>): void {
  const least = Math.min(...lookup.tables.map(({ cell }) => scales.get(cell) as number));
  for (const { cell } of lookup.tables) scales.set(cell, least);
}

/** Gives all sides of wheels that have turns in common the smallest of their scales: wheels are then turned once. */
function equalizeWheels({ values }: Plan, scales: Map<number, number>): void {
  const sides = [...scales.keys()].filter((value) => values.plain(value)?.kind === 'side');
  const clusters = clusterBy(sides, (side, member) => {
    for (const turn of turnsOf(values, side).keys()) member(turn);
  });
  const least = new Map<number, number>();
  sides.forEach((side, i) => {
    const scale = scales.get(side) as number;
    least.set(clusters[i] as number, Math.min(least.get(clusters[i] as number) ?? scale, scale));
  });
  sides.forEach((side, i) => {
    scales.set(side, least.get(clusters[i] as number) as number);
  });
}

/** Whether every output is a weighted sum of inputs. */
function isLinear(plan: Plan): boolean {
  return (
    plan.lookups.length === 0 &&
    plan.outputs.every(
      (output) =>
        output.kind === 'constant' ||
        (output.kind === 'value' && plan.values.get(output.value).kind === 'dot'),
    )
  );
}

/** Whether the sums of a linear plan are worth one product, and have room in it. */
function fitsOneProduct(plan: Plan, { polynomialSize }: LayoutOptions): boolean {
  const roots = plan.outputs.flatMap((output) =>
    output.kind === 'value' ? [{ value: output.value, components: 1, scaleLog: 0 }] : [],
  );
  const room = slotSpacing(slotsOf(plan, roots));
  return roots.length >= fewestSharedOutputs && roots.length * room <= polynomialSize;
}

function workFor(plan: Plan, roots: readonly Root[]): Work {
  const components = new Map(roots.map((root) => [root.value, root.components]));
  return workOf(
    plan.values,
    roots.map((root) => root.value),
    (value) => components.get(value) as number,
  );
}

/** An output of w bits fills the torus: its unit is 2^(64 - w). At least one bit is left for rounding. */
function outputScale(output: OutputPlan): number {
  if (output.kind === 'constant') return 64;
  const parts = output.kind === 'value' ? output.parts : [output.part];
  return 64 - Math.max(1, ...parts.map(widthOf));
}

/** Inputs that some dot product reads, at the smallest scale that one needs. */
function slotsOf(
  plan: Plan,
  roots: readonly Root[],
): { slots: number[]; clearSlots: number[]; slotScale: number } {
  const slots = new Set<number>();
  let slotScale = 63;
  for (const root of roots)
    plan.values.walk([root.value], (_, value) => {
      if (value?.kind !== 'dot') return;
      slotScale = Math.min(slotScale, root.scaleLog);
      for (const [cell] of value.form.terms) slots.add(cell);
    });
  const sorted = [...slots].sort((a, b) => a - b);
  return {
    slots: sorted.filter((cell) => !plan.values.isClear(cell)),
    clearSlots: sorted.filter((cell) => plan.values.isClear(cell)),
    slotScale,
  };
}

/** Coefficients that the slots of one row take: encrypted and clear ones are in sections of their own. */
export function slotSpacing({ slots, clearSlots }: Pick<Layout, 'slots' | 'clearSlots'>): number {
  return Math.max(slots.length, clearSlots.length);
}

/** The input cells of each linear section of the query, in slot order. */
export function linearSections(
  { slots, clearSlots }: Layout,
  polynomialSize: number,
): { readonly cells: readonly number[]; readonly clear: boolean }[] {
  const cut = (cells: readonly number[], clear: boolean) =>
    Array.from({ length: Math.ceil(cells.length / polynomialSize) }, (_, i) => ({
      cells: cells.slice(i * polynomialSize, (i + 1) * polynomialSize),
      clear,
    }));
  return [...cut(slots, false), ...cut(clearSlots, true)];
}

/** Lookups that share a class of keys: those of one precision. Circuit bootstraps have a class of their own. */
export function precisionsOf(lookups: readonly LookupPlan[]): number[] {
  const all = new Set(lookups.filter((lookup) => !isGate(lookup)).map(precisionOf));
  return [...all].sort((a, b) => a - b);
}
