/**
 * Rows of training data, and how some of them are taken out.
 */
import ndarray, { type NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import type { ArrayLike, MatrixLike, TypedArray } from '../../tracer/tensor.ts';
import {
  type FeaturesLike,
  isNamed,
  type Label,
  type LabelsLike,
  readLabels,
  readMatrix,
} from '../input.ts';
import {
  arrayOfTable,
  readTable,
  rowsOf,
  type TableArray,
  type TableLike,
} from '../preprocessing/table.ts';

/** What parts of an `X` come as: rows with names as they are, all others as an `ndarray`. */
export type FeaturesOf<X> = X extends readonly (infer Row extends Readonly<
  Record<string, unknown>
>)[]
  ? Row[]
  : X extends FeaturesLike
    ? NdArray<Float64Array>
    : TableArray;

/** What parts of a `y` come as: a list where it has one value a row, an `ndarray` of rank 2 where it has several. */
export type TargetsOf<Y> = Y extends readonly string[]
  ? string[]
  : Y extends readonly (number | boolean)[] | TypedArray
    ? number[]
    : Y extends readonly (number | string | boolean)[]
      ? Label[]
      : Y extends MatrixLike | readonly (TypedArray | readonly unknown[])[]
        ? NdArray<Float64Array>
        : Label[] | NdArray<Float64Array>;

/** Checked rows of features. Values are the estimators' to check: NaN may stand for a missing one. */
export interface Rows {
  readonly count: number;
  take(rows: Int32Array): FeaturesOf<FeaturesLike>;
}

/** Checked targets of rows. */
export interface Targets {
  /** One label or number a row; null where rows have several. */
  readonly labels: readonly Label[] | null;
  take(rows: Int32Array): Label[] | NdArray<Float64Array>;
}

/** Rows x features, both 1 or more, or rows with names; columns may hold texts. @throws SHAPE_MISMATCH, BAD_ARRAY, NOT_FINITE */
export function readRows(X: TableLike): Rows {
  // What `take` returns is for estimators that take such rows: pipelines, where there are texts.
  if (isNamed(X)) {
    const named = X as readonly Readonly<Record<string, number>>[];
    return { count: X.length, take: (rows) => Array.from(rows, (row) => named[row]!) };
  }
  const table = readTable(X, 'X');
  return {
    count: table.rows,
    take: (rows) => arrayOfTable(rowsOf(table, rows)) as NdArray<Float64Array>,
  };
}

/** Labels or numbers of so many rows, or rows x outputs. @throws SHAPE_MISMATCH, BAD_LABELS, BAD_ARRAY, NOT_FINITE */
export function readTargets(y: LabelsLike, rows: number): Targets {
  if (!isMatrix(y)) {
    const labels = readLabels(y, 'y', rows);
    return { labels, take: (part) => Array.from(part, (row) => labels[row]!) };
  }
  const { shape, data } = readMatrix(y, 'y');
  const [given, outputs] = shape as [number, number];
  if (given !== rows) {
    const details = { given: `${given} rows`, allowed: `${rows}, as X has` };
    throw error('SHAPE_MISMATCH', { what: 'y', ...details });
  }
  return { labels: null, take: (part) => taken(data, outputs, part) };
}

function taken(data: Float64Array, columns: number, rows: Int32Array): NdArray<Float64Array> {
  const part = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    part.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return ndarray(part, [rows.length, columns]);
}

function isMatrix(y: LabelsLike): y is ArrayLike {
  if (Array.isArray(y)) return Array.isArray(y[0]) || ArrayBuffer.isView(y[0]);
  if (typeof y !== 'object') return false;
  return 'columns' in y || ('shape' in y && y.shape.length === 2);
}
