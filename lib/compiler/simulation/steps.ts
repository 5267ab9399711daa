/** The order in which a model is computed: what nothing reads is left out. */
import {
  formsOf,
  type ModelCell,
  resultsOf,
  type SimulatedForm,
  type SimulationModel,
} from './model.ts';

/** A rotation, or a cell computed exactly, by its place in the model. */
export interface Step {
  readonly kind: 'lookup' | 'cell';
  readonly at: number;
}

/** Each step after those whose values it reads. */
export function stepsOf({ cells, lookups, outputs, promises }: SimulationModel): Step[] {
  const rotationOf = new Map(
    lookups.flatMap((each, i) => resultsOf(each).map((cell) => [cell, i] as const)),
  );
  const cellStep = (at: number): Step => ({ kind: 'cell', at });
  const lookupStep = (cell: number): Step => ({
    kind: 'lookup',
    at: rotationOf.get(cell) as number,
  });
  const readByForm = ({ exact, lookups: results }: SimulatedForm): Step[] => [
    ...exact.terms.map(([cell]) => cellStep(cell)),
    ...results.map(([cell]) => lookupStep(cell)),
  ];
  const readBy = ({ kind, at }: Step): Step[] => {
    if (kind === 'lookup') return readByForm((lookups[at] as (typeof lookups)[number]).index);
    const cell = cells[at] as ModelCell;
    if (cell.kind === 'bits') return cell.bits.map(lookupStep);
    return formsOf(cell).flatMap(({ terms }) => terms.map(([id]) => cellStep(id)));
  };
  const steps: Step[] = [];
  const placed = new Set<number>();
  const keyOf = ({ kind, at }: Step) => (kind === 'cell' ? 2 * at : 2 * at + 1);
  const stack = [
    ...lookups.map((_, at): Step => ({ kind: 'lookup', at })),
    ...outputs.flatMap(({ parts }) => parts.flatMap(({ form }) => readByForm(form))),
    ...promises.flatMap(({ form }) => form.terms.map(([cell]) => cellStep(cell))),
  ].reverse();
  for (let step = stack.at(-1); step !== undefined; step = stack.at(-1)) {
    const missing = placed.has(keyOf(step))
      ? []
      : readBy(step).filter((other) => !placed.has(keyOf(other)));
    if (missing.length > 0) {
      for (const other of missing) stack.push(other);
      continue;
    }
    stack.pop();
    if (placed.has(keyOf(step))) continue;
    placed.add(keyOf(step));
    steps.push(step);
  }
  return steps;
}
