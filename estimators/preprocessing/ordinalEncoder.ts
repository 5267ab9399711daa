/**
 * Categories as the numbers 0, 1, 2, ...
 */
import { error } from '../../lib/errors.ts';
import type { Fitted } from '../estimator.ts';
import { choice, integer, optional, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isOneOf, type StateTable } from '../state.ts';
import {
  type CategoriesFitted,
  type Category,
  type CategoryParameters,
  categoriesState,
  categoryParameters,
  groupCategories,
  groupsOf,
  indicesOf,
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

/** Parameters of `OrdinalEncoder`, with scikit-learn's defaults; null stands for its NaN. */
export interface OrdinalEncoderParameters extends CategoryParameters {
  /** What `transform` does with a category that `fit` has not seen: 'error' (default) or 'useEncodedValue'. */
  readonly handleUnknown: 'error' | 'useEncodedValue';
  /** The code of unknown categories under 'useEncodedValue': an integer, or null (default) for NaN. */
  readonly unknownValue: number | null;
  /** The code of missing values: an integer, or null (default) for NaN. */
  readonly encodedMissingValue: number | null;
}

/** Learned state of an `OrdinalEncoder`. */
export interface OrdinalEncoderFitted extends Fitted, CategoriesFitted {
  /** The parameters at the time of the fit. */
  readonly handleUnknown: OrdinalEncoderParameters['handleUnknown'];
  readonly unknownValue: number | null;
  readonly encodedMissingValue: number | null;
}

const isCode = (value: unknown): boolean => value === null || Number.isSafeInteger(value);

const state: StateTable<OrdinalEncoderFitted> = {
  ...categoriesState,
  handleUnknown: isOneOf('error', 'useEncodedValue'),
  unknownValue: isCode,
  encodedMissingValue: isCode,
};

const code = optional(integer(0, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));

const table: ParameterTable<OrdinalEncoderParameters> = {
  ...categoryParameters,
  handleUnknown: choice('error', ['error', 'useEncodedValue']),
  unknownValue: code,
  encodedMissingValue: code,
};

/** The place of each value among the categories of its column; all infrequent ones share the last place. */
export class OrdinalEncoder extends Transformer<OrdinalEncoderParameters, OrdinalEncoderFitted> {
  constructor(parameters: Partial<OrdinalEncoderParameters> = {}) {
    super('OrdinalEncoder', table, parameters);
  }

  /**
   * The categories of these codes: NaN for missing and unknown ones, 'infrequent_sklearn' for the infrequent.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, BAD_ARRAY; OUT_OF_RANGE for a code of no category.
   */
  inverseTransform(X: TableLike): TableArray {
    const { fitted } = this;
    const { categories, infrequentCategories, nFeaturesIn, handleUnknown } = fitted;
    const { shape, data } = readTransformed(X, nFeaturesIn, true);
    const unknownCode = fitted.unknownValue ?? Number.NaN;
    const missingCode = fitted.encodedMissingValue ?? Number.NaN;
    const all = categories.map((own, column) =>
      groupCategories(present(own), infrequentCategories?.[column] ?? null),
    );
    const cells = Array.from(data, (value, i): Cell => {
      const column = i % nFeaturesIn;
      const category = all[column]![value];
      if (category !== undefined) return category!;
      const unknown = handleUnknown !== 'error' && Object.is(unknownCode, value);
      const missing = categories[column]!.at(-1) === null && Object.is(missingCode, value);
      if (unknown || missing) return Number.NaN;
      const what = `X[${Math.floor(i / nFeaturesIn)},${column}]`;
      const allowed = `integers in [0, ${all[column]!.length - 1}]`;
      throw error('OUT_OF_RANGE', { what, given: value, allowed });
    });
    return arrayOfTable({ rows: shape[0]!, columns: nFeaturesIn, cells: packed(cells) });
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    X: Table,
    parameters: OrdinalEncoderParameters,
  ): LearnedTransform<OrdinalEncoderFitted> {
    const { handleUnknown, unknownValue, encodedMissingValue } = parameters;
    if (handleUnknown === 'error' && unknownValue !== null) {
      const allowed = "null, or handleUnknown: 'useEncodedValue'";
      throw error('BAD_OPTION', {
        what: 'OrdinalEncoder.unknownValue',
        given: unknownValue,
        allowed,
      });
    }
    const unknown = handleUnknown !== 'error';
    const learned = learnCategories(this.name, X, parameters, { unknown, groupMissing: false });
    learned.categories.forEach((own, column) => {
      const rare = learned.infrequentCategories?.[column] ?? null;
      const codes = groupCategories(present(own), rare).length;
      checkFree('unknownValue', unknownValue, codes);
      if (own.at(-1) === null) checkFree('encodedMissingValue', encodedMissingValue, codes);
    });
    return { ...learned, handleUnknown, unknownValue, encodedMissingValue };
  }

  protected override applied(X: Table, fitted: OrdinalEncoderFitted): Table {
    const { categories, infrequentCategories, handleUnknown } = fitted;
    const indices = indicesOf(X, categories, handleUnknown === 'error' ? 'error' : 'ignore');
    const codes = categories.map((own, column) => [
      ...groupsOf(present(own), infrequentCategories?.[column] ?? null),
      fitted.encodedMissingValue ?? Number.NaN,
    ]);
    const unknownCode = fitted.unknownValue ?? Number.NaN;
    const cells = Float64Array.from(indices, (index, i) =>
      index < 0 ? unknownCode : codes[i % X.columns]![index]!,
    );
    return { rows: X.rows, columns: X.columns, cells };
  }
}

register('OrdinalEncoder', OrdinalEncoder);

/** The categories without the missing one, which is the last. */
function present(categories: readonly Category[]): readonly Category[] {
  return categories.at(-1) === null ? categories.slice(0, -1) : categories;
}

function checkFree(name: string, value: number | null, codes: number): void {
  if (value === null || value < 0 || value >= codes) return;
  const allowed = `a code that no category has: below 0, or at least ${codes}`;
  throw error('BAD_OPTION', { what: `OrdinalEncoder.${name}`, given: value, allowed });
}
