/**
 * Categories as columns of 0 and 1.
 */
import { error } from '../../lib/errors.ts';
import type { Fitted } from '../estimator.ts';
import { choice, custom, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isCount, isList, isOneOf, type StateTable } from '../state.ts';
import {
  type CategoriesFitted,
  type Category,
  type CategoryParameters,
  categoriesState,
  categoryParameters,
  groupCategories,
  groupsOf,
  indicesOf,
  infrequentName,
  learnCategories,
} from './categories.ts';
import {
  arrayOfTable,
  type Cell,
  packed,
  type Table,
  type TableArray,
  type TableLike,
} from './table.ts';
import { type LearnedTransform, readTransformed, Transformer } from './transformer.ts';

/** Parameters of `OneHotEncoder`, with scikit-learn's defaults; its output is dense. */
export interface OneHotEncoderParameters extends CategoryParameters {
  /**
   * Whether a category of each column gets no column of its own: null (default), 'first', 'ifBinary' (of two), or a list
   * with one category for each column.
   */
  readonly drop: null | 'first' | 'ifBinary' | readonly Category[];
  /**
   * What `transform` does with a category that `fit` has not seen: 'error' (default), 'ignore' (zeros, as of a dropped
   * one), or 'infrequentIfExist' (as an infrequent one, or zeros where there is none).
   */
  readonly handleUnknown: 'error' | 'ignore' | 'infrequentIfExist';
}

/** Learned state of a `OneHotEncoder`. */
export interface OneHotEncoderFitted extends Fitted, CategoriesFitted {
  /** Of each column the place of the dropped category in `categories`, null of none; null where none is dropped. */
  readonly dropIdx: readonly (number | null)[] | null;
  /** The parameter at the time of the fit. */
  readonly handleUnknown: OneHotEncoderParameters['handleUnknown'];
}

const unknowns = ['error', 'ignore', 'infrequentIfExist'] as const;

const state: StateTable<OneHotEncoderFitted> = {
  ...categoriesState,
  dropIdx: (value, { categories }) =>
    value === null ||
    isList(
      value,
      categories.length,
      (own, column) => own === null || (isCount(own) && own < categories[column]!.length),
    ),
  handleUnknown: isOneOf(...unknowns),
};

const table: ParameterTable<OneHotEncoderParameters> = {
  ...categoryParameters,
  drop: custom<OneHotEncoderParameters['drop']>(
    null,
    "null, 'first', 'ifBinary', or a list with a category for each column",
    (value) => value === null || value === 'first' || value === 'ifBinary' || Array.isArray(value),
  ),
  handleUnknown: choice('error', unknowns),
};

/** One column of an encoder's output is 1 where a value is of this group, else 0. */
interface Block {
  /** The groups in their order: categories, and then that of the infrequent. */
  readonly groups: readonly Category[];
  /** Of each category its group. */
  readonly groupOf: readonly number[];
  /** The group that has no column. */
  readonly dropped: number | null;
}

/**
 * A column for each category, 1 in the rows of that category and else 0. In a pipeline the client encodes: texts never leave
 * it.
 */
export class OneHotEncoder extends Transformer<OneHotEncoderParameters, OneHotEncoderFitted> {
  constructor(parameters: Partial<OneHotEncoderParameters> = {}) {
    super('OneHotEncoder', table, parameters);
  }

  /**
   * The categories that `transform` makes these of: NaN for unknown ones, 'infrequent_sklearn' for the infrequent.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY; OUT_OF_RANGE for zeros that stand for no category.
   */
  inverseTransform(X: TableLike): TableArray {
    const blocks = blocksOf(this.fitted);
    const widths = blocks.map(columnsOfBlock).map(({ length }) => length);
    const { shape, data } = readTransformed(
      X,
      widths.reduce((a, b) => a + b),
      false,
    );
    const [rows, columns] = shape as [number, number];
    const cells: Cell[] = [];
    for (let row = 0; row < rows; row++) {
      let start = row * columns;
      blocks.forEach((block, column) => {
        const own = data.subarray(start, start + widths[column]!);
        cells.push(this.decoded(block, own, `X[${row}], column ${column}`));
        start += widths[column]!;
      });
    }
    return arrayOfTable({ rows, columns: blocks.length, cells: packed(cells) });
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    X: Table,
    parameters: OneHotEncoderParameters,
  ): LearnedTransform<OneHotEncoderFitted> {
    const { handleUnknown, drop } = parameters;
    const unknown = handleUnknown !== 'error';
    const learned = learnCategories(this.name, X, parameters, { unknown, groupMissing: true });
    return { ...learned, dropIdx: droppedIndices(learned, drop), handleUnknown };
  }

  protected override applied(X: Table, fitted: OneHotEncoderFitted): Table {
    const { handleUnknown } = fitted;
    const indices = indicesOf(X, fitted.categories, handleUnknown === 'error' ? 'error' : 'ignore');
    const blocks = blocksOf(fitted);
    const widths = blocks.map(columnsOfBlock).map(({ length }) => length);
    const columns = widths.reduce((a, b) => a + b);
    const cells = new Float64Array(X.rows * columns);
    for (let row = 0; row < X.rows; row++) {
      let start = row * columns;
      blocks.forEach(({ groups, groupOf, dropped }, column) => {
        const index = indices[row * X.columns + column]!;
        let group = index < 0 ? null : groupOf[index]!;
        if (index < 0 && handleUnknown === 'infrequentIfExist') {
          const last = groups.length - 1;
          if (fitted.infrequentCategories?.[column]) group = last;
        }
        if (group !== null && group !== dropped) {
          cells[start + group - Number(dropped !== null && group > dropped)] = 1;
        }
        start += widths[column]!;
      });
    }
    return { rows: X.rows, columns, cells };
  }

  protected override namesOut(names: readonly string[], fitted: OneHotEncoderFitted): string[] {
    return blocksOf(fitted).flatMap((block, column) =>
      columnsOfBlock(block).map((category) => `${names[column]}_${category ?? 'nan'}`),
    );
  }

  private decoded(block: Block, own: Float64Array, what: string): Cell {
    const { groups, dropped } = block;
    const cellOf = (category: Category): Cell => category ?? Number.NaN;
    if (own.some((value) => value !== 0)) {
      return cellOf(columnsOfBlock(block)[own.indexOf(Math.max(...own))]!);
    }
    if (dropped !== null) return cellOf(groups[dropped]!);
    const { handleUnknown } = this.fitted;
    const known = handleUnknown === 'infrequentIfExist' && groups.includes(infrequentName);
    if (handleUnknown !== 'error' && !known) return Number.NaN;
    throw error('OUT_OF_RANGE', { what, given: 'zeros alone', allowed: 'a 1 in a column' });
  }
}

register('OneHotEncoder', OneHotEncoder);

function blocksOf({ categories, infrequentCategories, dropIdx }: OneHotEncoderFitted): Block[] {
  return categories.map((own, column) => {
    const rare = infrequentCategories?.[column] ?? null;
    const groupOf = groupsOf(own, rare);
    const index = dropIdx?.[column] ?? null;
    const dropped = index === null ? null : groupOf[index]!;
    return { groups: groupCategories(own, rare), groupOf, dropped };
  });
}

/** The groups that have a column. */
function columnsOfBlock({ groups, dropped }: Block): Category[] {
  return groups.filter((_, group) => group !== dropped);
}

function droppedIndices(
  { categories, infrequentCategories }: CategoriesFitted,
  drop: OneHotEncoderParameters['drop'],
): (number | null)[] | null {
  if (drop === null) return null;
  const what = 'OneHotEncoder.drop';
  if (typeof drop !== 'string' && drop.length !== categories.length) {
    const allowed = `${categories.length} categories, one for each column`;
    throw error('BAD_OPTION', { what, given: drop, allowed });
  }
  return categories.map((own, column) => {
    const rare = infrequentCategories?.[column] ?? null;
    const groupOf = groupsOf(own, rare);
    // Of the first group, the first category.
    if (drop === 'first') return groupOf.indexOf(0);
    if (drop === 'ifBinary') return Math.max(...groupOf) === 1 ? groupOf.indexOf(0) : null;
    const category = drop[column]!;
    const index = own.indexOf(category);
    if (index >= 0 && !rare?.includes(category)) return index;
    const allowed = own.filter((other) => !rare?.includes(other));
    throw error('BAD_OPTION', { what, given: `${category} for column ${column}`, allowed });
  });
}
