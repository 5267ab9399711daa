/**
 * Table lookups: `table.at(x)`, or `x.map(table)`.
 */
import { error } from '../../lib/errors.ts';
import { broadcastShapes } from '../broadcast.ts';
import type * as graph from '../graph.ts';
import { apply, containsTraced, locate, type Operand, type Result } from '../record.ts';
import { type ArrayLike, toIntegerTensor } from '../tensor.ts';

/** A list of integers, or nested arrays of tables: one table per element. */
export type TableEntries = ArrayLike | LookupTable | readonly TableEntries[];

/**
 * A table of integers that a traced integer can index: `new LookupTable([2, 1, 3, 0]).at(x)`. JavaScript cannot
 * overload `table[x]`.
 *
 * Element i of the table is the value at i; a negative index counts from the end, as in numpy. An array of tables, as
 * `new LookupTable([squares, cubes])`, holds one table per element and broadcasts against x.
 *
 * @throws BAD_ARRAY for no entries or ragged arrays of tables; NOT_AN_INTEGER, NOT_FINITE, OVERFLOW_2_53 for entries
 */
export class LookupTable implements graph.LookupTable {
  readonly shape: readonly number[];
  readonly entries: readonly Float64Array[];

  constructor(entries: TableEntries) {
    const read = () => (holdsTables(entries) ? joinTables(entries) : oneTable(entries));
    const { shape, entries: all } = locate(read);
    this.shape = shape;
    this.entries = all;
  }

  /** The entry at each element of x. @throws when evaluated, INDEX_OUT_OF_RANGE outside the table. */
  at<X extends Operand>(x: X): Result<X> {
    return applyTable(this, x) as Result<X>;
  }
}

/**
 * Records a lookup.
 *
 * @throws NOT_AN_INTEGER where x is a float, SHAPE_MISMATCH where the tables do not broadcast against it
 */
export function applyTable(tables: graph.LookupTable, x: Operand): ReturnType<typeof apply> {
  return apply('table', [x], (index) => {
    if (index!.kind !== 'integer') {
      const remedy = 'round it, or call toInteger(), before the lookup';
      throw error('NOT_AN_INTEGER', { what: 'table index', given: 'a float', remedy });
    }
    const shape = broadcastShapes('table', index!.shape, tables.shape);
    return { op: 'table', tables, shape, kind: 'integer' };
  });
}

function holdsTables(entries: TableEntries): entries is LookupTable | readonly TableEntries[] {
  if (entries instanceof LookupTable) return true;
  return Array.isArray(entries) && entries.some((each) => holdsTables(each as TableEntries));
}

function oneTable(entries: TableEntries): graph.LookupTable {
  if (containsTraced(entries)) {
    const remedy = 'choose between traced values with np.where';
    throw error('BAD_ARRAY', { what: 'LookupTable', given: 'traced entries', remedy });
  }
  if (typeof entries === 'function') {
    const details = { given: entries, remedy: 'write np.map(f, x) for a function' };
    throw error('BAD_ARRAY', { what: 'LookupTable', ...details });
  }
  const { shape, data } = toIntegerTensor(entries as ArrayLike, 'LookupTable');
  if (shape.length !== 1 || data.length === 0) {
    const allowed = 'a list of one integer or more, or arrays of LookupTables';
    const remedy = 'for one table per element, write new LookupTable([new LookupTable(a), b])';
    const given = `shape [${shape.join(', ')}]`;
    throw error('BAD_ARRAY', { what: 'LookupTable', given, allowed, remedy });
  }
  return { shape: [], entries: [data.map((value) => value + 0)] };
}

function joinTables(entries: LookupTable | readonly TableEntries[]): graph.LookupTable {
  if (entries instanceof LookupTable) return entries;
  const parts = entries.map((each) => (holdsTables(each) ? joinTables(each) : oneTable(each)));
  const [first] = parts as [graph.LookupTable];
  if (parts.some(({ shape }) => `${shape}` !== `${first.shape}`)) {
    const allowed = 'equally long nested arrays of tables';
    throw error('BAD_ARRAY', { what: 'LookupTable', given: 'ragged arrays of tables', allowed });
  }
  return {
    shape: [parts.length, ...first.shape],
    entries: parts.flatMap((part) => part.entries),
  };
}
