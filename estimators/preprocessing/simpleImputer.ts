/**
 * Values in the place of missing ones.
 */
import { error } from '../../lib/errors.ts';
import { type Fitted, fittedState } from '../estimator.ts';
import { boolean, choice, custom, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isIndices, isList, type StateTable } from '../state.ts';
import { median } from './statistics.ts';
import { type Cell, columnsOf, placeOf, sideBySide, type Table, type TableArray } from './table.ts';
import { type LearnedTransform, Transformer } from './transformer.ts';

/** Parameters of `SimpleImputer`, with scikit-learn's defaults. */
export interface SimpleImputerParameters {
  /** The value that stands for a missing one; null (default): NaN, null and undefined. */
  readonly missingValues: Cell | null;
  /** What is put there: the column's 'mean' (default), 'median' or 'mostFrequent' value, or 'constant', `fillValue`. */
  readonly strategy: 'mean' | 'median' | 'mostFrequent' | 'constant';
  /** The value of 'constant'. Default null: 0, or 'missing_value' in tables with texts. */
  readonly fillValue: Cell | null;
  /** Whether to add, for each column with missing values in `fit`, one that is 1 where a value is missing. Default false. */
  readonly addIndicator: boolean;
  /** Whether columns of missing values alone are kept, filled with 0; else they are left out. Default false. */
  readonly keepEmptyFeatures: boolean;
}

/** Learned state of a `SimpleImputer`. */
export interface SimpleImputerFitted extends Fitted {
  /** Of each column the value that is put in; null of one that is left out. */
  readonly statistics: readonly (Cell | null)[];
  /** Columns that have an indicator. */
  readonly indicators: readonly number[];
  /** The parameter at the time of the fit. */
  readonly missingValues: Cell | null;
}

const isCell = (value: unknown): boolean =>
  value === null || typeof value === 'string' || Number.isFinite(value);

const state: StateTable<SimpleImputerFitted> = {
  ...fittedState,
  statistics: (value, { nFeaturesIn }) => isList(value, nFeaturesIn, isCell),
  indicators: (value, { nFeaturesIn }) => isIndices(value, null, nFeaturesIn),
  missingValues: isCell,
};

const table: ParameterTable<SimpleImputerParameters> = {
  missingValues: custom<Cell | null>(null, 'a finite number, a text, or null', isCell),
  strategy: choice('mean', ['mean', 'median', 'mostFrequent', 'constant']),
  fillValue: custom<Cell | null>(null, 'a finite number, a text, or null', isCell),
  addIndicator: boolean(false),
  keepEmptyFeatures: boolean(false),
};

/** Fills in missing values, column by column. In a pipeline the client fills in what its row lacks. */
export class SimpleImputer extends Transformer<
  SimpleImputerParameters,
  SimpleImputerFitted,
  TableArray
> {
  constructor(parameters: Partial<SimpleImputerParameters> = {}) {
    super('SimpleImputer', table, parameters);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    X: Table,
    parameters: SimpleImputerParameters,
  ): LearnedTransform<SimpleImputerFitted> {
    const { addIndicator, missingValues } = parameters;
    const missing = missingOf(X, missingValues);
    const columns = Array.from({ length: X.columns }, (_, column) => column);
    const rows = Array.from({ length: X.rows }, (_, row) => row);
    const isMissing = (row: number, column: number): boolean => missing[row * X.columns + column]!;
    const statistics = columns.map((column) => {
      const present = rows.filter((row) => !isMissing(row, column));
      return statisticOf(X, column, present, parameters);
    });
    const indicators = columns.filter((column) => rows.some((row) => isMissing(row, column)));
    return { statistics, indicators: addIndicator ? indicators : [], missingValues };
  }

  protected override applied(X: Table, fitted: SimpleImputerFitted): Table {
    const { statistics, indicators, missingValues } = fitted;
    const missing = missingOf(X, missingValues);
    const filled = Array.from(X.cells as ArrayLike<Cell>, (cell, i) =>
      missing[i] ? (statistics[i % X.columns] ?? cell) : cell,
    );
    const flags = Float64Array.from(missing, Number);
    return sideBySide([
      columnsOf({ ...X, cells: filled }, keptColumns(fitted)),
      columnsOf({ ...X, cells: flags }, indicators),
    ]);
  }

  protected override namesOut(names: readonly string[], fitted: SimpleImputerFitted): string[] {
    return [
      ...keptColumns(fitted).map((column) => names[column]!),
      ...fitted.indicators.map((column) => `missingindicator_${names[column]}`),
    ];
  }
}

register('SimpleImputer', SimpleImputer);

function keptColumns({ statistics }: SimpleImputerFitted): number[] {
  return [...statistics.keys()].filter((column) => statistics[column] !== null);
}

/** Of each cell whether it is missing. @throws NOT_FINITE for NaN where another value stands for missing ones. */
function missingOf(X: Table, missingValues: Cell | null): boolean[] {
  return Array.from(X.cells as ArrayLike<Cell>, (cell, i) => {
    if (missingValues === null) return Number.isNaN(cell);
    if (!Number.isNaN(cell)) return cell === missingValues;
    const allowed = `values, or ${missingValues} for a missing one`;
    throw error('NOT_FINITE', { what: placeOf(X, i, 'X'), given: cell, allowed });
  });
}

function statisticOf(
  X: Table,
  column: number,
  present: readonly number[],
  { strategy, fillValue, keepEmptyFeatures }: SimpleImputerParameters,
): Cell | null {
  const texts = !(X.cells instanceof Float64Array);
  if (strategy === 'constant') {
    if (typeof fillValue === 'string' && !texts) {
      const allowed = 'a number, as all values are';
      throw error('BAD_OPTION', { what: 'SimpleImputer.fillValue', given: fillValue, allowed });
    }
    return fillValue ?? (texts ? 'missing_value' : 0);
  }
  if (present.length === 0) return keepEmptyFeatures ? 0 : null;
  const values = present.map((row) => X.cells[row * X.columns + column]!);
  if (strategy === 'mostFrequent') return mostFrequent(values);
  present.forEach((row, i) => {
    if (typeof values[i] === 'number') return;
    const index = row * X.columns + column;
    throw textRefused(placeOf(X, index, 'X'), values[i]!, strategy);
  });
  const numbers = Float64Array.from(values as number[]);
  if (strategy === 'median') return median(numbers);
  return numbers.reduce((a, b) => a + b) / numbers.length + 0;
}

function textRefused(what: string, given: Cell, strategy: string): Error {
  const allowed = `a number, for strategy '${strategy}'`;
  const remedy = "use strategy 'mostFrequent' or 'constant' for texts";
  return error('BAD_ARRAY', { what, given, allowed, remedy });
}

/** The smallest of those that are there the most often. */
function mostFrequent(values: readonly Cell[]): Cell {
  const counts = new Map<Cell, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = [...counts.values()].reduce((a, b) => Math.max(a, b));
  const candidates = [...counts.keys()].filter((value) => counts.get(value) === most);
  return candidates.reduce((a, b) => (b < a ? b : a));
}
