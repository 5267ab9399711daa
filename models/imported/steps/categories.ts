/**
 * Steps for categories, texts and missing values.
 */
import { type Cell, packed, placeOf, type Table } from '../../../estimators/preprocessing/table.ts';
import { isList, isNumber, isNumbers } from '../../../estimators/state.ts';
import { error } from '../../../lib/errors.ts';
import { isByColumn } from './arithmetic.ts';
import { mapped, type OneInput, type StepKinds } from './kind.ts';

/** A number, a text, or null for a missing value, which JSON has no number for. */
export type StepCell = Cell | null;

/** Steps for categories, texts and missing values. */
export type CategoryStep =
  /** 1 where the integer part of x is one of the values and x >= least, else 0; a missing x stays so. */
  | ({
      readonly kind: 'member';
      readonly values: readonly number[];
      readonly least: number;
    } & OneInput)
  /** 1 where x is one of the values, else 0; a missing x stays so. */
  | ({ readonly kind: 'among'; readonly values: readonly number[] } & OneInput)
  /** Each x in [-within, within] is missing. */
  | ({ readonly kind: 'forget'; readonly within: number } & OneInput)
  /** The value of its column, or the only one, in the place of those that are `missing`. */
  | ({
      readonly kind: 'impute';
      readonly missing: number | null;
      readonly values: readonly number[];
    } & OneInput)
  /** For each column one of each category: 1 where x is the category, else 0. `strict`: other values are refused. */
  | ({
      readonly kind: 'oneHot';
      readonly categories: readonly Cell[];
      readonly strict: boolean;
    } & OneInput)
  /** values[i] for keys[i], `otherwise` for all else. */
  | ({
      readonly kind: 'encode';
      readonly keys: readonly StepCell[];
      readonly values: readonly StepCell[];
      readonly otherwise: StepCell;
    } & OneInput)
  /** Numbers as texts. */
  | ({ readonly kind: 'text' } & OneInput);

/** Their kinds. */
export const categorySteps: StepKinds<CategoryStep> = {
  member: {
    keys: ['input', 'values', 'least'],
    width: ({ values, least }, [width]) =>
      isNumbers(values, null) && isNumber(least) ? width! : null,
    apply: ({ values, least }, [table], what) => {
      const set = new Set(values);
      return mapped(table!, what, (x) =>
        Number.isNaN(x) ? x : Number(x >= least && set.has(Math.trunc(x))),
      );
    },
  },
  among: {
    keys: ['input', 'values'],
    width: ({ values }, [width]) => (isNumbers(values, null) ? width! : null),
    apply: ({ values }, [table], what) => {
      const set = new Set(values);
      return mapped(table!, what, (x) => (Number.isNaN(x) ? x : Number(set.has(x))));
    },
  },
  forget: {
    keys: ['input', 'within'],
    width: ({ within }, [width]) => (isNumber(within) ? width! : null),
    apply: ({ within }, [table], what) =>
      mapped(table!, what, (x) => (Math.abs(x) <= within ? Number.NaN : x)),
  },
  impute: {
    keys: ['input', 'missing', 'values'],
    width: ({ missing, values }, [width]) =>
      isByColumn(values, width!) && (missing === null || isNumber(missing)) ? width! : null,
    apply: ({ missing, values }, [table], what) =>
      mapped(table!, what, (x, column) => {
        const gone = missing === null ? Number.isNaN(x) : x === missing;
        return gone ? (values[column] ?? values[0]!) : x;
      }),
  },
  oneHot: {
    keys: ['input', 'categories', 'strict'],
    width: ({ categories, strict }, [width]) =>
      isList(categories, null, isKnown) && typeof strict === 'boolean'
        ? width! * categories.length
        : null,
    apply: (step, [table], what) => oneHot(table!, step.categories, step.strict, what),
  },
  encode: {
    keys: ['input', 'keys', 'values', 'otherwise'],
    width: ({ keys, values, otherwise }, [width]) =>
      isList(keys, null, isCell) && isList(values, keys.length, isCell) && isCell(otherwise)
        ? width!
        : null,
    apply: ({ keys, values, otherwise }, [table]) => {
      const codes = new Map(keys.map((key, i) => [key ?? Number.NaN, values[i] ?? Number.NaN]));
      return replaced(table!, (cell) => codes.get(cell) ?? otherwise ?? Number.NaN);
    },
  },
  text: {
    keys: ['input'],
    width: (_, [width]) => width!,
    apply: (_, [table]) => replaced(table!, String),
  },
};

function isKnown(value: unknown): value is Cell {
  return typeof value === 'string' || isNumber(value);
}

function isCell(value: unknown): value is StepCell {
  return value === null || isKnown(value);
}

function replaced(table: Table, of: (cell: Cell) => Cell): Table {
  const { rows, columns } = table;
  return { rows, columns, cells: packed(Array.from(table.cells, of)) };
}

function oneHot(table: Table, categories: readonly Cell[], strict: boolean, what: string): Table {
  const { rows, columns, cells } = table;
  const places = new Map(categories.map((category, k) => [category, k]));
  const data = new Float64Array(cells.length * categories.length);
  for (let i = 0; i < cells.length; i++) {
    const place = places.get(cells[i]!);
    if (place !== undefined) data[i * categories.length + place] = 1;
    else if (strict) {
      const allowed = `the categories ${categories.slice(0, 8).join(', ')}`;
      throw error('OUT_OF_RANGE', { what: placeOf(table, i, what), given: cells[i], allowed });
    }
  }
  return { rows, columns: columns * categories.length, cells: data };
}
