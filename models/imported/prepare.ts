/**
 * What the client makes of rows before it quantizes them: steps from tables to tables, each of the rows as they were given
 * (-1) or of steps before it. The last one is what the core reads; no step leaves rows as they are.
 */
import { numbersOf, type Table } from '../../estimators/preprocessing/table.ts';
import { hasKeys, isCount, isList } from '../../estimators/state.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { type ArithmeticStep, arithmeticSteps } from './steps/arithmetic.ts';
import { type CategoryStep, categorySteps } from './steps/categories.ts';
import { type ColumnStep, columnSteps } from './steps/columns.ts';
import type { StepKind, StepKinds } from './steps/kind.ts';

/** One step. */
export type PrepareStep = ColumnStep | ArithmeticStep | CategoryStep;

const kinds: StepKinds<PrepareStep> = { ...columnSteps, ...arithmeticSteps, ...categorySteps };

/** The most columns that steps may make of a row, all together. */
const mostColumns = 1_000_000;

/** Rows as the core reads them. @throws BAD_ARRAY for a text where there must be a number; NOT_FINITE for missing values */
export function prepared(
  steps: readonly PrepareStep[],
  rows: Table,
  what: string,
  missing: boolean,
): Tensor {
  const made: Table[] = [];
  for (const step of steps) {
    const inputs = inputsOf(step).map((input) => (input < 0 ? rows : made[input]!));
    made.push(kindOf(step).apply(step, inputs, what));
  }
  return numbersOf(made.at(-1) ?? rows, what, missing);
}

/** The number of columns that the core reads; null where these are no steps on so many features. */
export function preparedWidth(steps: unknown, features: number): number | null {
  if (!Array.isArray(steps)) return null;
  const widths: number[] = [];
  let columns = 0;
  for (const [position, step] of steps.entries()) {
    const width = isStep(step, position) ? stepWidth(step, widths, features) : null;
    if (width === null || width < 1) return null;
    columns += width;
    if (columns > mostColumns) return null;
    widths.push(width);
  }
  return widths.at(-1) ?? features;
}

/** The number of columns that a step makes of those of the steps before it, or of so many features. */
export function stepWidth(
  step: PrepareStep,
  widths: readonly number[],
  features: number,
): number | null {
  const given = inputsOf(step).map((input) => (input < 0 ? features : widths[input]!));
  return kindOf(step).width(step, given);
}

/** The steps that a step reads. */
export function inputsOf(step: PrepareStep): readonly number[] {
  return 'inputs' in step ? step.inputs : [step.input];
}

function isStep(step: unknown, position: number): step is PrepareStep {
  if (typeof step !== 'object' || step === null || !('kind' in step)) return false;
  if (typeof step.kind !== 'string' || !Object.hasOwn(kinds, step.kind)) return false;
  if (!hasKeys(step, ['kind', ...kindOf(step as PrepareStep).keys])) return false;
  return isList(
    inputsOf(step as unknown as PrepareStep),
    null,
    (input) => isCount(input, -1) && input < position,
  );
}

function kindOf(step: PrepareStep): StepKind<PrepareStep> {
  return kinds[step.kind] as unknown as StepKind<PrepareStep>;
}
