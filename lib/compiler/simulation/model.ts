/**
 * What simulation needs of a compiled circuit, as plain data: the plan on clear integers, and the noise of every
 * rounding event.
 */
import { type Cell, combine, type Form } from '../cells.ts';
import type { Layout } from '../layout.ts';
import type { LookupPlan, LweForm, Plan } from '../lower/plan.ts';
import type { RangePromise } from '../promises.ts';

/** The plan as simulation reads it. */
export interface SimulationModel {
  /** A cell comes after those that it reads. */
  readonly cells: readonly ModelCell[];
  /** Rotations in order of layers; `deviation` in units of the step. */
  readonly lookups: readonly SimulatedLookup[];
  /** Per output scalar: parts with their weight, and an offset. `deviation` in units of the part. */
  readonly outputs: readonly {
    readonly parts: readonly {
      readonly form: SimulatedForm;
      readonly weight: number;
      readonly deviation: number;
      readonly min: number;
      readonly width: number;
    }[];
    readonly offset: number;
  }[];
  /** Over exact cells. */
  readonly promises: readonly RangePromise[];
}

/** A cell as simulation reads it: of several alternatives one, which is a form. */
export type ModelCell =
  | Exclude<Cell, { kind: 'alternatives' | 'carried' }>
  | { readonly kind: 'form'; readonly form: Form };

/** A model whose lists of numbers went through JSON. */
export function modelFromJSON(model: SimulationModel): SimulationModel {
  return {
    ...model,
    cells: model.cells.map((cell) =>
      cell.kind === 'table' ? { ...cell, values: Float64Array.from(cell.values) } : cell,
    ),
    lookups: model.lookups.map(({ reads, ...rest }) => ({
      ...rest,
      reads: reads.kind === 'bit' ? reads : { ...reads, entries: Float64Array.from(reads.entries) },
    })),
  };
}

/** Whether a rotation may read the step beside the right one, where its index is near. */
export function isApproximate({ reads }: SimulatedLookup): boolean {
  return reads.kind === 'tables' && reads.approximate;
}

/** The cells that a rotation gives results for. */
export function resultsOf({ reads }: SimulatedLookup): readonly number[] {
  return reads.kind === 'bit' ? [reads.cell] : reads.tables.map(({ cell }) => cell);
}

/** A rotation: it reads `index / 2^log2Step`, as one bit or as an entry for each table. */
export interface SimulatedLookup {
  readonly index: SimulatedForm;
  readonly log2Step: number;
  readonly deviation: number;
  readonly reads:
    | { readonly kind: 'bit'; readonly cell: number }
    | {
        readonly kind: 'tables';
        readonly precision: number;
        readonly entries: Float64Array;
        readonly tables: readonly { readonly cell: number; readonly offset: number }[];
        readonly approximate: boolean;
      };
}

/** A form over exact cells plus results of lookups. */
export interface SimulatedForm {
  readonly exact: Form;
  readonly lookups: readonly (readonly [cell: number, coefficient: number])[];
  readonly constant: number;
  /** What bits of the query add, or not. */
  readonly choices?: readonly SimulatedChoice[];
}

/** `condition ? form : 0`, the condition over exact cells. */
export interface SimulatedChoice {
  readonly condition: Form;
  readonly form: SimulatedForm;
}

/** The exact forms and the cells of lookups that a form reads, those of what it chooses included. */
export function readByForm(form: SimulatedForm): {
  readonly exact: readonly Form[];
  readonly lookups: readonly number[];
} {
  const exact: Form[] = [];
  const lookups = new Set<number>();
  const open = [form];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    exact.push(each.exact);
    for (const [cell] of each.lookups) lookups.add(cell);
    for (const { condition, form: chosen } of each.choices ?? []) {
      exact.push(condition);
      open.push(chosen);
    }
  }
  return { exact, lookups: [...lookups] };
}

/** Standard deviations: of each output plan and each rotation, in torus units. */
export interface Deviations {
  readonly outputs: readonly number[];
  readonly lookups: readonly number[];
}

export function simulationModel(
  plan: Plan,
  layout: Layout,
  deviations: Deviations,
  promises: readonly RangePromise[] = [],
): SimulationModel {
  const order = plan.lookups.map((_, i) => i).sort((a, b) => layerOf(plan, a) - layerOf(plan, b));
  const outputs = plan.offsets.map((offset) => ({
    parts: [] as SimulationModel['outputs'][number]['parts'][number][],
    offset,
  }));
  plan.outputs.forEach((output, i) => {
    if (output.kind === 'constant') {
      (outputs[output.output] as { offset: number }).offset = output.value;
      return;
    }
    const parts = output.kind === 'value' ? output.parts : [output.part];
    const width = 64 - (layout.outputScales[i] as number);
    parts.forEach((part, k) => {
      const form =
        output.kind === 'value' ? exactForm(output.forms[k] as Form) : simulated(plan, output.form);
      const deviation = (deviations.outputs[i] as number) * 2 ** width;
      outputs[part.output]?.parts.push({
        form,
        weight: part.weight,
        deviation,
        min: part.min,
        width,
      });
    });
  });
  return prune(plan.cells, {
    lookups: order.map((i): SimulatedLookup => {
      const lookup = plan.lookups[i] as LookupPlan;
      const { log2Step } = lookup;
      // The deviation as a share of the torus, in steps.
      const unit = 2 ** (64 - (layout.indexScales[i] as number) - log2Step);
      const deviation = (deviations.lookups[i] as number) * unit;
      if (lookup.kind === 'bit') {
        const reads = { kind: 'bit', cell: lookup.cell } as const;
        return { index: simulated(plan, lookup.index), log2Step, deviation, reads };
      }
      const { index, freshInput, precision, entries, tables, approximate } = lookup;
      const form = freshInput === null ? simulated(plan, index) : exactForm(wholeForm(index));
      const reads = { kind: 'tables', precision, entries, tables, approximate } as const;
      return { index: form, log2Step, deviation, reads };
    }),
    outputs,
    promises,
  });
}

/** The cells that a model reads, each after those that it reads itself: lowering tries more than it keeps. */
function prune(cells: readonly Cell[], model: Omit<SimulationModel, 'cells'>): SimulationModel {
  const roots = [
    ...model.lookups.flatMap(({ index }) => exactCells(index)),
    ...model.lookups.flatMap(resultsOf),
    ...model.outputs.flatMap(({ parts }) => parts.flatMap(({ form }) => exactCells(form))),
    ...model.promises.flatMap(({ form }) => form.terms.map(([id]) => id)),
  ];
  const renamed = new Int32Array(cells.length).fill(-1);
  const order: ModelCell[] = [];
  const stack = [...roots];
  for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
    const open = stack.length;
    const cell = modelOf(cells[id] as Cell);
    if (renamed[id] === -1)
      for (const other of readBy(cell)) if (renamed[other] === -1) stack.push(other);
    if (stack.length > open) continue;
    if (renamed[id] === -1) renamed[id] = order.push(cell) - 1;
    stack.pop();
  }
  const name = (id: number) => renamed[id] as number;
  const form = ({ terms, constant }: Form): Form => ({
    terms: terms.map((term) => [name(term[0]), term[1]]),
    constant,
  });
  const simulatedForm = (read: SimulatedForm): SimulatedForm => ({
    exact: form(read.exact),
    lookups: read.lookups.map((term) => [name(term[0]), term[1]]),
    constant: read.constant,
    ...(read.choices && {
      choices: read.choices.map((choice) => ({
        condition: form(choice.condition),
        form: simulatedForm(choice.form),
      })),
    }),
  });
  return {
    cells: order.map((cell) => renameCell(cell, name, form)),
    lookups: model.lookups.map(({ index, log2Step, deviation, reads }) => ({
      index: simulatedForm(index),
      log2Step,
      deviation,
      reads:
        reads.kind === 'bit'
          ? { ...reads, cell: name(reads.cell) }
          : {
              ...reads,
              tables: reads.tables.map(({ cell, offset }) => ({ cell: name(cell), offset })),
            },
    })),
    outputs: model.outputs.map(({ parts, offset }) => ({
      parts: parts.map((part) => ({ ...part, form: simulatedForm(part.form) })),
      offset,
    })),
    promises: model.promises.map((each) => ({ ...each, form: form(each.form) })),
  };
}

function modelOf(cell: Cell): ModelCell {
  // What the run before left is given, as inputs are.
  if (cell.kind === 'carried') return { ...cell, kind: 'input' };
  if (cell.kind !== 'alternatives') return cell;
  return { kind: 'form', form: (cell.forms[0] as () => Form)() };
}

function readBy(cell: ModelCell): number[] {
  const read = formsOf(cell).flatMap(({ terms }) => terms.map(([id]) => id));
  return cell.kind === 'bits' ? [...read, ...cell.bits] : read;
}

/** The forms that a cell reads. */
export function formsOf(cell: ModelCell): readonly Form[] {
  switch (cell.kind) {
    case 'table':
      return [cell.index];
    case 'where':
      return [cell.condition, cell.then, cell.otherwise];
    case 'form':
    case 'bit':
    case 'bits':
      return [cell.form];
    case 'input':
      return [];
    default:
      return cell satisfies never;
  }
}

function renameCell(
  cell: ModelCell,
  name: (id: number) => number,
  form: (form: Form) => Form,
): ModelCell {
  switch (cell.kind) {
    case 'input':
      return cell;
    case 'table':
      return { ...cell, index: form(cell.index) };
    case 'where': {
      const [condition, then, otherwise] = [cell.condition, cell.then, cell.otherwise].map(form);
      return { ...cell, condition, then, otherwise } as ModelCell;
    }
    case 'form':
    case 'bit':
      return { ...cell, form: form(cell.form) };
    case 'bits':
      return { ...cell, form: form(cell.form), bits: cell.bits.map(name) };
    default:
      return cell satisfies never;
  }
}

function layerOf(plan: Plan, lookup: number): number {
  return plan.lookups[lookup]?.layer as number;
}

/** A sum with what the run before carried among its exact cells: it is given, as inputs are. */
function simulated(plan: Plan, { exact, lookups, constant, chosen }: LweForm): SimulatedForm {
  const isCarried = ([cell]: readonly [number, number]) => plan.cells[cell]?.kind === 'carried';
  const carried = { terms: lookups.filter(isCarried), constant: 0 };
  const form = {
    exact:
      carried.terms.length === 0
        ? exact
        : combine([
            [exact, 1],
            [carried, 1],
          ]),
    lookups: carried.terms.length === 0 ? lookups : lookups.filter((term) => !isCarried(term)),
    constant,
  };
  if (chosen === null) return form;
  const choices = chosen.choices.map((choice) => ({
    condition: choice.condition,
    form: simulated(plan, choice.form),
  }));
  return { ...form, choices };
}

function exactCells(form: SimulatedForm): number[] {
  return readByForm(form).exact.flatMap(({ terms }) => terms.map(([id]) => id));
}

function exactForm(exact: Form): SimulatedForm {
  return { exact, lookups: [], constant: 0 };
}

function wholeForm({ exact, constant }: LweForm): Form {
  return { terms: exact.terms, constant: exact.constant + constant };
}
