/** The order in which a model is computed: what nothing reads is left out. */
import { error } from '../../errors.ts';
import {
  formsOf,
  type ModelCell,
  readByForm,
  resultsOf,
  type SimulatedForm,
  type SimulationModel,
} from './model.ts';

/** A rotation, or a cell computed exactly, by its place in the model. */
export interface Step {
  readonly kind: 'lookup' | 'cell';
  readonly at: number;
}

/** Each step after those whose values it reads. @throws BAD_PROGRAM for a model that reads what is not there, or itself */
export function stepsOf({ cells, lookups, outputs, promises }: SimulationModel): Step[] {
  const rotationOf = new Map(
    lookups.flatMap((each, i) => resultsOf(each).map((cell) => [cell, i] as const)),
  );
  const cellStep = (at: number): Step => ({ kind: 'cell', at });
  const lookupStep = (cell: number): Step => {
    const at = rotationOf.get(cell);
    if (at === undefined) throw notOrdered(`cell ${cell}, which no lookup gives`);
    return { kind: 'lookup', at };
  };
  const stepsOfForm = (form: SimulatedForm): Step[] => {
    const { exact, lookups: results } = readByForm(form);
    return [
      ...exact.flatMap(({ terms }) => terms.map(([cell]) => cellStep(cell))),
      ...results.map(lookupStep),
    ];
  };
  const readBy = ({ kind, at }: Step): Step[] => {
    if (kind === 'lookup') return stepsOfForm((lookups[at] as (typeof lookups)[number]).index);
    const cell = cells[at] as ModelCell;
    if (cell.kind === 'bits') return cell.bits.map(lookupStep);
    return formsOf(cell).flatMap(({ terms }) => terms.map(([id]) => cellStep(id)));
  };
  const steps: Step[] = [];
  const placed = new Set<number>();
  /** Steps that wait for those that they read. */
  const waiting = new Set<number>();
  const keyOf = ({ kind, at }: Step) => (kind === 'cell' ? 2 * at : 2 * at + 1);
  const stack = [
    ...lookups.map((_, at): Step => ({ kind: 'lookup', at })),
    ...outputs.flatMap(({ parts }) => parts.flatMap(({ form }) => stepsOfForm(form))),
    ...promises.flatMap(({ form }) => form.terms.map(([cell]) => cellStep(cell))),
  ].reverse();
  for (let step = stack.at(-1); step !== undefined; step = stack.at(-1)) {
    const missing = placed.has(keyOf(step))
      ? []
      : readBy(step).filter((other) => !placed.has(keyOf(other)));
    if (missing.length > 0) {
      waiting.add(keyOf(step));
      for (const other of missing) {
        if (waiting.has(keyOf(other))) throw notOrdered(`${other.kind} ${other.at}, by itself`);
        stack.push(other);
      }
      continue;
    }
    waiting.delete(keyOf(step));
    stack.pop();
    if (placed.has(keyOf(step))) continue;
    placed.add(keyOf(step));
    steps.push(step);
  }
  return steps;
}

function notOrdered(read: string): Error {
  return error('BAD_PROGRAM', { what: 'simulation', given: `a model that reads ${read}` });
}
