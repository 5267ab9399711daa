/**
 * What the client makes of rows before it quantizes them: steps from tables to tables, each of the rows as they were given
 * (-1) or of steps before it. The last one is what the core reads; no step leaves rows as they are.
 */
import {
  columnsOf,
  numbersOf,
  sideBySide,
  type Table,
  tableOf,
} from '../../estimators/preprocessing/table.ts';
import {
  hasKeys,
  isCount,
  isIndices,
  isList,
  isNumber,
  isNumbers,
} from '../../estimators/state.ts';
import type { Tensor } from '../../tracer/tensor.ts';

/** One step. */
export type PrepareStep =
  /** Some columns, in this order. */
  | { readonly kind: 'columns'; readonly input: number; readonly columns: readonly number[] }
  /** All columns of several steps, side by side. */
  | { readonly kind: 'concatenate'; readonly inputs: readonly number[] }
  /** 1 where the integer part of x is one of the values and x >= least, else 0; a missing x stays so. */
  | {
      readonly kind: 'member';
      readonly input: number;
      readonly values: readonly number[];
      readonly least: number;
    }
  /** Each x in [-within, within] is missing. */
  | { readonly kind: 'forget'; readonly input: number; readonly within: number };

/** The most columns that steps may make of a row. */
const mostColumns = 1_000_000;

/** Rows as the core reads them. @throws BAD_ARRAY for a text where there must be a number; NOT_FINITE for missing values */
export function prepared(
  steps: readonly PrepareStep[],
  rows: Table,
  what: string,
  missing: boolean,
): Tensor {
  const made: Table[] = [];
  const at = (position: number): Table => (position < 0 ? rows : made[position]!);
  for (const step of steps) made.push(after(step, at, what));
  return numbersOf(made.at(-1) ?? rows, what, missing);
}

/** The number of columns that the core reads; null where these are no steps on so many features. */
export function preparedWidth(steps: unknown, features: number): number | null {
  if (!Array.isArray(steps)) return null;
  const widths: number[] = [];
  for (const [position, step] of steps.entries()) {
    const inputs = inputsOf(step);
    if (!isList(inputs, null, (input) => isCount(input, -1) && input < position)) return null;
    const given = inputs.map((input) => (input === -1 ? features : widths[Number(input)]!));
    const width = widthOf(step as PrepareStep, given);
    if (width === null || width < 1 || width > mostColumns) return null;
    widths.push(width);
  }
  return widths.at(-1) ?? features;
}

function inputsOf(step: unknown): unknown {
  if (typeof step !== 'object' || step === null) return null;
  if ('inputs' in step) return step.inputs;
  return 'input' in step ? [step.input] : null;
}

function widthOf(step: PrepareStep, given: readonly number[]): number | null {
  switch (step.kind) {
    case 'columns': {
      const passes = hasKeys(step, ['kind', 'input', 'columns']);
      return passes && isIndices(step.columns, null, given[0]!) ? step.columns.length : null;
    }
    case 'concatenate':
      return hasKeys(step, ['kind', 'inputs']) ? given.reduce((sum, own) => sum + own, 0) : null;
    case 'member': {
      const passes = hasKeys(step, ['kind', 'input', 'values', 'least']);
      return passes && isNumbers(step.values, null) && isNumber(step.least) ? given[0]! : null;
    }
    case 'forget':
      return hasKeys(step, ['kind', 'input', 'within']) && isNumber(step.within) ? given[0]! : null;
    default:
      return null;
  }
}

function after(step: PrepareStep, at: (position: number) => Table, what: string): Table {
  switch (step.kind) {
    case 'columns':
      return columnsOf(at(step.input), step.columns);
    case 'concatenate':
      return sideBySide(step.inputs.map(at));
    case 'member': {
      const values = new Set(step.values);
      return mapped(at(step.input), what, (x) =>
        Number.isNaN(x) ? x : Number(x >= step.least && values.has(Math.trunc(x))),
      );
    }
    case 'forget':
      return mapped(at(step.input), what, (x) => (Math.abs(x) <= step.within ? Number.NaN : x));
  }
}

/** A function of each number. */
function mapped(table: Table, what: string, of: (x: number) => number): Table {
  const { shape, data } = numbersOf(table, what, true);
  return tableOf({ shape, data: data.map(of) });
}
