/** Schedule: the lookups that outputs need as rotations, in layers. */
import type { Cell, CellBuilder, Form } from '../cells.ts';
import type { Estimates } from './estimates.ts';
import type { CarriedPlan, LookupPlan, LweForm, OutputPlan, TablePlan } from './plan.ts';
import type { Prices } from './prices.ts';
import type { Sums, Tables, Wanted } from './sums.ts';
import { precisionFor, shareEntries } from './tables.ts';

/** The rotations behind `outputs` and what is carried; `sums` has the lookups that these read, and is asked for those that they need. */
export function schedule(
  outputs: readonly OutputPlan[],
  carried: readonly CarriedPlan[],
  sums: Sums,
  estimates: Estimates,
): LookupPlan[] {
  return new Schedule(sums, estimates).run(outputs, carried);
}

class Schedule {
  readonly #sums: Sums;
  readonly #builder: CellBuilder;
  readonly #prices: Prices;

  constructor(sums: Sums, estimates: Estimates) {
    this.#sums = sums;
    this.#builder = estimates.builder;
    this.#prices = estimates.options.prices;
  }

  /** Turns the list into rotations, layer by layer; the list grows while it is worked off. */
  run(outputs: readonly OutputPlan[], carried: readonly CarriedPlan[]): LookupPlan[] {
    for (const { next } of carried) this.#sums.wantGatesOf(next);
    for (const output of outputs) {
      if (output.kind === 'value') this.#sums.wantGates([output.value]);
      if (output.kind === 'lwe') this.#sums.wantGatesOf(output.form);
    }
    const planned: { wanted: Wanted; index: LweForm }[] = [];
    for (const wanted of this.#sums.wanted.values()) {
      const index = this.#sums.sum(wanted.index);
      this.#sums.wantGatesOf(index);
      planned.push({ wanted, index });
    }
    const planOf = new Map<number, number>();
    planned.forEach(({ wanted }, i) => {
      if (wanted.tables === null) planOf.set(wanted.bit, i);
      else for (const { cell } of wanted.tables) planOf.set(cell, i);
    });
    const reads = planned.map(({ index }) => this.#sums.readBy(index));
    const rotations = (cells: readonly number[]) => cells.map((cell) => planOf.get(cell) as number);
    const layers = this.#layers(reads.map(rotations));
    const kept = carried.flatMap(({ next }) => this.#sums.readBy(next));
    const used = this.#usedBy(outputs, kept, (cell) => reads[planOf.get(cell) as number] ?? []);
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
    carried: readonly number[],
    readsOf: (cell: number) => readonly number[],
  ): Set<number> {
    const used = new Set<number>();
    const ofOutputs = outputs.flatMap((output): readonly number[] => {
      if (output.kind === 'constant') return [];
      return output.kind === 'lwe'
        ? this.#sums.readBy(output.form)
        : this.#sums.gatesOf([output.value]);
    });
    const stack = [...ofOutputs, ...carried];
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      if (used.has(cell)) continue;
      used.add(cell);
      stack.push(...readsOf(cell));
    }
    return used;
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
    const prices = this.#prices;
    const lists = tables.map(({ entries }) => entries);
    const cut = (size: number) =>
      Array.from({ length: Math.ceil(lists.length / size) }, (_, i) => {
        const shared = shareEntries(lists.slice(i * size, (i + 1) * size));
        return { precision: precisionFor(shared.entries.length), first: i * size, ...shared };
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
