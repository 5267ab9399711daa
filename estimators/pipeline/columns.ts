/**
 * Ways to say which columns of a table are meant.
 */
import { error } from '../../lib/errors.ts';
import type { Table } from '../preprocessing/table.ts';

/** Columns by place (negative ones from the end), by name, or as a mask. */
export type Columns = number | string | readonly number[] | readonly string[] | readonly boolean[];

/** Tells whether a value is `Columns`. */
export function isColumns(value: unknown): value is Columns {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const [first] = all;
  if (typeof first === 'boolean' && !Array.isArray(value)) return false;
  return all.every(
    (one) =>
      typeof one === typeof first &&
      (Number.isSafeInteger(one) || typeof one === 'string' || typeof one === 'boolean'),
  );
}

/**
 * The places of columns in a table.
 *
 * @throws INDEX_OUT_OF_RANGE for a place, SHAPE_MISMATCH for a name or a mask that the table does not have.
 */
export function columnIndices(
  columns: Columns,
  { columns: count, names }: Table,
  what: string,
): number[] {
  const all = (Array.isArray(columns) ? columns : [columns]) as readonly (
    | number
    | string
    | boolean
  )[];
  if (typeof all[0] === 'boolean') {
    if (all.length === count) return [...all.keys()].filter((i) => all[i]);
    const given = `a mask of ${all.length}`;
    throw error('SHAPE_MISMATCH', { what, given, allowed: `a mask of ${count}, one a column` });
  }
  return all.map((column) => {
    if (typeof column === 'string') {
      const index = names?.indexOf(column) ?? -1;
      if (index >= 0) return index;
      const allowed = names ?? 'places: the rows have no names';
      throw error('SHAPE_MISMATCH', { what, given: `the name ${column}`, allowed });
    }
    const index = Number(column) < 0 ? Number(column) + count : Number(column);
    if (index >= 0 && index < count) return index;
    throw error('INDEX_OUT_OF_RANGE', {
      what,
      given: column,
      allowed: `-${count} to ${count - 1}`,
    });
  });
}
