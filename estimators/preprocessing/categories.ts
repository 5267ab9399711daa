/**
 * What encoders share: the categories of each column, and the grouping of rare ones.
 */
import { error } from '../../lib/errors.ts';
import { type Fitted, fittedState } from '../estimator.ts';
import { countOrFraction, custom, integer, optional, type ParameterTable } from '../parameters.ts';
import { isList, isNumber, type StateTable } from '../state.ts';
import { type Cell, placeOf, type Table } from './table.ts';

/** A category of a column; null is a missing value. A column's are numbers or texts, not both. */
export type Category = Cell | null;

/** 'auto': those of the training data, sorted, a missing one last; or a list for each column. */
export type CategoriesParameter = 'auto' | readonly (readonly Category[])[];

/** Parameters of every encoder of categories. */
export interface CategoryParameters {
  /** Default 'auto'. Lists of numbers are sorted; a missing one comes last. */
  readonly categories: CategoriesParameter;
  /** Categories of fewer rows (a number, or a share of all) are infrequent: grouped as one. Default null: none. */
  readonly minFrequency: number | null;
  /** Categories of a column at most, that of the infrequent included. Default null: no limit. */
  readonly maxCategories: number | null;
}

/** What is learned of the categories of each column. */
export interface CategoriesFitted {
  readonly categories: readonly (readonly Category[])[];
  /** Those that are grouped, null of a column without any; null where no column has any. */
  readonly infrequentCategories: readonly (readonly Category[] | null)[] | null;
}

/** The table of `CategoryParameters`. */
export const categoryParameters: ParameterTable<CategoryParameters> = {
  categories: custom<CategoriesParameter>(
    'auto',
    "'auto', or a list of numbers, texts and null for each column",
    (value) => value === 'auto' || (Array.isArray(value) && value.every(isCategories)),
  ),
  minFrequency: optional(countOrFraction(1, 1)),
  maxCategories: optional(integer(1, 1, Number.MAX_SAFE_INTEGER)),
};

/** The tests of `CategoriesFitted`. */
export const categoriesState: StateTable<Fitted & CategoriesFitted> = {
  ...fittedState,
  categories: (value, { nFeaturesIn }) => isList(value, nFeaturesIn, isColumn),
  infrequentCategories: (value, { categories }) =>
    value === null ||
    isList(
      value,
      categories.length,
      (rare, column) =>
        rare === null || (isColumn(rare) && rare.every((one) => categories[column]!.includes(one))),
    ),
};

/** The name of the group of infrequent categories, in names of features and in `inverseTransform`. */
export const infrequentName = 'infrequent_sklearn';

/**
 * The categories of a table. `groupMissing`: whether the missing one may be infrequent as well.
 *
 * @throws BAD_ARRAY for a column of numbers and texts; BAD_OPTION for lists that do not fit; OUT_OF_RANGE for a value that
 * is not in its list, unless `unknown` allows it.
 */
export function learnCategories(
  what: string,
  table: Table,
  parameters: CategoryParameters,
  { unknown, groupMissing }: { readonly unknown: boolean; readonly groupMissing: boolean },
): CategoriesFitted {
  const { categories: given, minFrequency, maxCategories } = parameters;
  checkUniform(table);
  if (given !== 'auto') checkLists(what, table, given);
  const categories = Array.from({ length: table.columns }, (_, column) =>
    given === 'auto' ? found(table, column) : given[column]!.map((category) => plain(category)),
  );
  if (given !== 'auto' && !unknown) indicesOf(table, categories, 'error');
  if (minFrequency === null && maxCategories === null) {
    return { categories, infrequentCategories: null };
  }
  const indices = indicesOf(table, categories, 'ignore');
  const infrequentCategories = categories.map((own, column) => {
    const counts = new Float64Array(own.length);
    for (let i = column; i < indices.length; i += table.columns) {
      if (indices[i]! >= 0) counts[indices[i]!]! += 1;
    }
    const grouped = groupMissing || own.at(-1) !== null ? counts : counts.subarray(0, -1);
    const rare = infrequent(grouped, table.rows, minFrequency, maxCategories);
    return rare.length === 0 ? null : rare.map((index) => own[index]!);
  });
  const none = infrequentCategories.every((rare) => rare === null);
  return { categories, infrequentCategories: none ? null : infrequentCategories };
}

/**
 * Of each value its place in the categories of its column, -1 of one that is not there.
 *
 * @throws OUT_OF_RANGE under 'error', with row and column.
 */
export function indicesOf(
  table: Table,
  categories: CategoriesFitted['categories'],
  unknown: 'error' | 'ignore',
): Int32Array {
  const places = categories.map((own) => new Map(own.map((category, index) => [category, index])));
  return Int32Array.from(table.cells as ArrayLike<Cell>, (cell, i) => {
    const column = i % table.columns;
    const index = places[column]!.get(Number.isNaN(cell) ? null : cell);
    if (index !== undefined) return index;
    if (unknown === 'ignore') return -1;
    throw error('OUT_OF_RANGE', {
      what: placeOf(table, i, 'X'),
      given: Number.isNaN(cell) ? 'a missing value' : `the category ${cell}`,
      allowed: categories[column]!.map((category) => category ?? 'a missing value'),
      remedy: 'fit on rows with all categories, or set handleUnknown',
    });
  });
}

/** Of each category of a column, the number of its group: frequent ones in their order, then all infrequent ones. */
export function groupsOf(
  categories: readonly Category[],
  infrequentCategories: readonly Category[] | null,
): number[] {
  if (infrequentCategories === null) return categories.map((_, index) => index);
  const rare = new Set(infrequentCategories);
  const last = categories.filter((category) => !rare.has(category)).length;
  let next = 0;
  return categories.map((category) => (rare.has(category) ? last : next++));
}

/** Of each group of a column, its category, or `infrequentName`. */
export function groupCategories(
  categories: readonly Category[],
  infrequentCategories: readonly Category[] | null,
): Category[] {
  if (infrequentCategories === null) return [...categories];
  const rare = new Set(infrequentCategories);
  return [...categories.filter((category) => !rare.has(category)), infrequentName];
}

function isCategories(value: unknown): value is Category[] {
  const isCategory = (category: unknown): boolean =>
    category === null || typeof category === 'string' || isNumber(category);
  return isList(value, null, isCategory) && value.length > 0;
}

/** Whether a value are categories of one type, each once, a missing one last. */
function isColumn(value: unknown): value is Category[] {
  if (!isCategories(value) || value.slice(0, -1).includes(null)) return false;
  const types = new Set(value.filter((one) => one !== null).map((one) => typeof one));
  return new Set(value).size === value.length && types.size <= 1;
}

/** Adding 0 makes -0 the 0 that it equals. */
function plain(category: Category): Category {
  return typeof category === 'number' ? category + 0 : category;
}

/** The sorted values of a column. */
function found({ cells, columns }: Table, column: number): Category[] {
  const values = new Set<Cell>();
  for (let i = column; i < cells.length; i += columns) values.add(cells[i]!);
  const present = [...values].filter((value) => !Number.isNaN(value));
  const sorted: Category[] = present.sort((a, b) => (a < b ? -1 : 1));
  return present.length < values.size ? [...sorted, null] : sorted;
}

function checkUniform(table: Table): void {
  const types = new Map<number, string>();
  for (let i = 0; i < table.cells.length; i++) {
    const cell = table.cells[i]!;
    if (Number.isNaN(cell)) continue;
    const column = i % table.columns;
    const first = types.get(column) ?? typeof cell;
    types.set(column, first);
    if (typeof cell === first) continue;
    const allowed = first === 'string' ? 'a text, as above it' : 'a number, as above it';
    const given = first === 'string' ? `the number ${cell}` : `the text ${cell}`;
    const remedy = 'give numbers or texts in a column, not both';
    throw error('BAD_ARRAY', { what: placeOf(table, i, 'X'), given, allowed, remedy });
  }
}

function checkLists(
  what: string,
  { columns }: Table,
  lists: readonly (readonly Category[])[],
): void {
  const refuse = (given: unknown, allowed: string): never => {
    throw error('BAD_OPTION', { what: `${what}.categories`, given, allowed });
  };
  if (lists.length !== columns) refuse(`${lists.length} lists`, `${columns}, one a column`);
  for (const list of lists) {
    const present = list.filter((category) => category !== null);
    if (new Set(list).size < list.length) refuse(list, 'each category once');
    if (list.slice(0, -1).includes(null)) refuse(list, 'the missing one, null, at the end');
    if (present.some((category) => typeof category !== typeof present[0])) {
      refuse(list, 'numbers or texts, not both');
    }
    const ascends = present.every((category, i) => i === 0 || present[i - 1]! < category);
    if (typeof present[0] === 'number' && !ascends) refuse(list, 'numbers in ascending order');
  }
}

/** scikit-learn's rule: those of too few rows, and then the smallest ones until few enough are left. */
function infrequent(
  counts: Float64Array,
  rows: number,
  minFrequency: number | null,
  maxCategories: number | null,
): number[] {
  const least =
    minFrequency === null || minFrequency >= 1 ? (minFrequency ?? 0) : minFrequency * rows;
  const rare = new Set([...counts.keys()].filter((index) => counts[index]! < least));
  if (maxCategories !== null && maxCategories < counts.length - rare.size + 1) {
    const ascending = [...counts.keys()].sort((a, b) => counts[a]! - counts[b]!);
    for (const index of ascending.slice(0, counts.length - (maxCategories - 1))) rare.add(index);
  }
  return [...rare].sort((a, b) => a - b);
}
