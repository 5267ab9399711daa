/**
 * What simulation needs of a compiled circuit, as plain data: the plan on clear integers, and the noise of every
 * rounding event.
 */
import type { Cell, Form } from '../cells.ts';
import type { Layout } from '../layout.ts';
import type { LweForm, Plan } from '../lower/plan.ts';

/** The plan as simulation reads it. */
export interface SimulationModel {
  readonly cells: readonly Cell[];
  /** Rotations in order of layers; `deviation` in units of the index. */
  readonly lookups: readonly {
    readonly index: SimulatedForm;
    readonly cells: readonly number[];
    readonly precision: number;
    readonly deviation: number;
  }[];
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
}

/** A form over exact cells plus results of lookups. */
export interface SimulatedForm {
  readonly exact: Form;
  readonly lookups: readonly (readonly [cell: number, coefficient: number])[];
  readonly constant: number;
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
        output.kind === 'value' ? exactForm(output.forms[k] as Form) : simulated(output.form);
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
  return prune({
    cells: plan.cells,
    lookups: order.map((i) => {
      const { index, freshInput, cells, precision, log2Tables } = plan.lookups[
        i
      ] as Plan['lookups'][number];
      const deviation = (deviations.lookups[i] as number) * 2 ** (precision + log2Tables + 1);
      const form = freshInput === null ? simulated(index) : exactForm(wholeForm(index));
      return { index: form, cells, precision, deviation };
    }),
    outputs,
  });
}

/** The model without the cells that nothing reads: lowering tries more than it keeps. */
function prune(model: SimulationModel): SimulationModel {
  const needed = new Set<number>();
  const visit = (form: Form): void => {
    for (const [id] of form.terms) need(id);
  };
  const need = (id: number): void => {
    if (needed.has(id)) return;
    needed.add(id);
    const cell = model.cells[id] as Cell;
    if (cell.kind === 'table') visit(cell.index);
    if (cell.kind === 'where')
      for (const form of [cell.condition, cell.then, cell.otherwise]) visit(form);
  };
  for (const { index, cells } of model.lookups) {
    visit(index.exact);
    for (const id of cells) need(id);
  }
  for (const { parts } of model.outputs) for (const { form } of parts) visit(form.exact);
  const order = [...needed].sort((a, b) => a - b);
  const renamed = new Map(order.map((id, i) => [id, i]));
  const name = (id: number) => renamed.get(id) as number;
  const form = ({ terms, constant }: Form): Form => ({
    terms: terms.map(([id, coefficient]) => [name(id), coefficient]),
    constant,
  });
  const simulatedForm = ({ exact, lookups, constant }: SimulatedForm): SimulatedForm => ({
    exact: form(exact),
    lookups: lookups.map(([id, coefficient]) => [name(id), coefficient]),
    constant,
  });
  return {
    cells: order.map((id): Cell => {
      const cell = model.cells[id] as Cell;
      if (cell.kind === 'input') return cell;
      if (cell.kind === 'table') return { ...cell, index: form(cell.index) };
      const [condition, then, otherwise] = [cell.condition, cell.then, cell.otherwise].map(form);
      return { ...cell, condition, then, otherwise } as Cell;
    }),
    lookups: model.lookups.map((each) => ({
      ...each,
      index: simulatedForm(each.index),
      cells: each.cells.map(name),
    })),
    outputs: model.outputs.map(({ parts, offset }) => ({
      parts: parts.map((part) => ({ ...part, form: simulatedForm(part.form) })),
      offset,
    })),
  };
}

function layerOf(plan: Plan, lookup: number): number {
  return plan.lookups[lookup]?.layer as number;
}

function simulated({ exact, lookups, constant }: LweForm): SimulatedForm {
  return { exact, lookups, constant };
}

function exactForm(exact: Form): SimulatedForm {
  return { exact, lookups: [], constant: 0 };
}

function wholeForm({ exact, constant }: LweForm): Form {
  return { terms: exact.terms, constant: exact.constant + constant };
}
