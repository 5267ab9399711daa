/**
 * The way in and out for tables, whose columns may hold texts beside numbers.
 */
import ndarray, { type NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import { type ArrayLike, type NdArrayLike, type Tensor, toTensor } from '../../tracer/tensor.ts';
import {
  checkRows,
  type FeaturesLike,
  isNamed,
  type MatrixOptions,
  namedValues,
  notANumber,
} from '../input.ts';

/** A value of a table. NaN is a missing one. */
export type Cell = number | string;

/**
 * Rows of a table: whatever `FeaturesLike` takes, with texts too. `null`, `undefined` and NaN are missing values; booleans
 * are the numbers 0 and 1. A `Table` is what one transformer hands to the next.
 */
export type TableLike =
  | FeaturesLike
  | Table
  | readonly (readonly (Cell | boolean | null | undefined)[])[]
  | readonly Readonly<Record<string, Cell | boolean | null | undefined>>[];

/** A table as users get it: an `ndarray` of doubles, or of cells where there are texts. */
export type TableArray = NdArray<Float64Array> | NdArray<Cell[]>;

/** A checked table, row by row. Numbers are finite, or NaN where one is missing. */
export interface Table {
  readonly rows: number;
  readonly columns: number;
  /** Doubles where there is no text. */
  readonly cells: Float64Array | readonly Cell[];
  /** Names of the columns, where rows have some. */
  readonly names?: readonly string[];
}

/**
 * Any accepted table with one row or more.
 *
 * @throws SHAPE_MISMATCH unless it has rows and the expected columns; NOT_FINITE for infinite numbers; BAD_ARRAY for
 * rows of different lengths, and for what is no number, text, boolean or missing value.
 */
export function readTable(X: TableLike, what: string, expected?: MatrixOptions['expected']): Table {
  const { shape, values, names } = read(X, what, expected);
  checkRows(shape, what, expected);
  const [rows, columns] = shape as [number, number];
  const table = { rows, columns, ...(names && { names }) };
  const cells = values instanceof Float64Array ? values : values.map((value) => cellOf(value));
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (typeof cell === 'string') continue;
    if (cell !== undefined && Math.abs(cell) !== Number.POSITIVE_INFINITY) continue;
    const where = placeOf({ ...table, cells: [] }, i, what);
    if (cell === undefined) throw notACell(where, values[i]);
    throw error('NOT_FINITE', { what: where, given: cell });
  }
  return { ...table, cells: packed(cells as Cell[]) };
}

/**
 * A table of numbers alone, as a matrix.
 *
 * @throws BAD_ARRAY for a text, NOT_FINITE for a missing value unless `missing` allows it: with row and column.
 */
export function numbersOf(table: Table, what: string, missing: boolean): Tensor {
  const { rows, columns, cells } = table;
  const index = cells.findIndex(
    (cell) => typeof cell === 'string' || (!missing && Number.isNaN(cell)),
  );
  if (index < 0) return { shape: [rows, columns], data: cells as Float64Array };
  const where = placeOf(table, index, what);
  const given = cells[index];
  if (typeof given === 'string') throw notANumber(where, given);
  const remedy = 'impute missing values first, with SimpleImputer';
  throw error('NOT_FINITE', { what: where, given, remedy });
}

/** A matrix as a table. */
export function tableOf({ shape, data }: Tensor): Table {
  return { rows: shape[0]!, columns: shape[1]!, cells: data };
}

/** A table as users get it. */
export function arrayOfTable({ rows, columns, cells }: Table): TableArray {
  if (cells instanceof Float64Array) return ndarray(cells, [rows, columns]);
  return ndarray([...cells], [rows, columns]);
}

/** Some columns of a table, in the order of `columns`. */
export function columnsOf(table: Table, columns: readonly number[]): Table {
  const cells: Cell[] = [];
  for (let row = 0; row < table.rows; row++) {
    for (const column of columns) cells.push(table.cells[row * table.columns + column]!);
  }
  const { rows, names } = table;
  const own = names && { names: columns.map((column) => names[column]!) };
  return { rows, columns: columns.length, cells: packed(cells), ...own };
}

/** Some rows of a table, in the order of `rows`. */
export function rowsOf({ columns, cells, ...table }: Table, rows: Int32Array): Table {
  const own: Cell[] = [];
  for (const row of rows) {
    for (let i = row * columns; i < (row + 1) * columns; i++) own.push(cells[i]!);
  }
  const numbers = cells instanceof Float64Array;
  return {
    ...table,
    rows: rows.length,
    columns,
    cells: numbers ? Float64Array.from(own as number[]) : own,
  };
}

/** Tables of as many rows, side by side. */
export function sideBySide(tables: readonly Table[]): Table {
  const { rows } = tables[0]!;
  const columns = tables.reduce((sum, table) => sum + table.columns, 0);
  const cells: Cell[] = [];
  for (let row = 0; row < rows; row++) {
    for (const table of tables) {
      const start = row * table.columns;
      for (let j = 0; j < table.columns; j++) cells.push(table.cells[start + j]!);
    }
  }
  return { rows, columns, cells: packed(cells) };
}

/** Where a value stands, for errors: `X[3].age`, or `X[3,1]` where columns have no names. */
export function placeOf({ columns, names }: Table, index: number, what: string): string {
  const row = Math.floor(index / columns);
  const column = index % columns;
  return names === undefined ? `${what}[${row},${column}]` : `${what}[${row}].${names[column]}`;
}

/** Cells as tables keep them: numbers alone as an array of doubles. */
export function packed(cells: readonly Cell[]): Table['cells'] {
  return cells.every((cell) => typeof cell === 'number') ? Float64Array.from(cells) : cells;
}

interface Values {
  readonly shape: readonly number[];
  readonly values: Float64Array | readonly unknown[];
  readonly names?: readonly string[];
}

function read(X: TableLike, what: string, expected: MatrixOptions['expected']): Values {
  if (isTable(X))
    return { shape: [X.rows, X.columns], values: X.cells, ...(X.names && { names: X.names }) };
  if (isNamed(X)) {
    const { names, values } = namedValues(X, what, expected);
    return { shape: [X.length, names.length], values, names };
  }
  if (isMixedList(X)) {
    const [{ length: columns }] = X as [readonly unknown[]];
    const values = X.flatMap((row: unknown, index) => {
      if (Array.isArray(row) && row.length === columns) return row as readonly unknown[];
      const given = Array.isArray(row) ? `${row.length} values` : row;
      throw error('BAD_ARRAY', { what: `${what}[${index}]`, given, allowed: `${columns} values` });
    });
    return { shape: [X.length, columns], values };
  }
  if (isMixedArray(X)) {
    const [rows, columns] = X.shape as [number, number];
    const at = (i: number): unknown => X.get(Math.floor(i / columns), i % columns);
    return { shape: X.shape, values: Array.from({ length: rows * columns }, (_, i) => at(i)) };
  }
  const { shape, data } = toTensor(X as ArrayLike, what);
  // Adding 0 makes -0 the 0 that it equals, so that it is the same category; it also makes a copy.
  return { shape, values: data.map((value) => value + 0) };
}

function isTable(X: unknown): X is Table {
  return typeof X === 'object' && X !== null && 'cells' in X && 'columns' in X;
}

/** Rows as lists, at least one value of which only a table may have. */
function isMixedList(X: unknown): X is readonly (readonly unknown[])[] {
  if (!Array.isArray(X) || !Array.isArray(X[0])) return false;
  const ofTable = (cell: unknown): boolean => typeof cell === 'string' || (cell ?? null) === null;
  return X.some((row: unknown) => Array.isArray(row) && row.some(ofTable));
}

/** An `ndarray` of rank 2 whose elements are kept in a list, as texts are. */
function isMixedArray(X: unknown): X is NdArrayLike {
  if (typeof X !== 'object' || X === null || !('stride' in X)) return false;
  const { data, shape } = X as NdArrayLike;
  return Array.isArray(data) && shape.length === 2;
}

/** `undefined` for what is no cell. */
function cellOf(value: unknown): Cell | undefined {
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return value + 0;
  return typeof value === 'string' ? value : undefined;
}

function notACell(where: string, given: unknown): Error {
  const allowed = 'a number, a text, a boolean, or null for a missing value';
  return error('BAD_ARRAY', { what: where, given, allowed });
}
