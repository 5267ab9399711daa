/**
 * What every transformer has: `fit`, `transform`, names of what it returns, and the part of it that a model can take over.
 */

import type { NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { ArrayLike, Tensor } from '../../tracer/tensor.ts';
import { Estimator, type Fitted } from '../estimator.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import { readSampleWeight } from '../input.ts';
import {
  arrayOfTable,
  numbersOf,
  readTable,
  type Table,
  type TableArray,
  type TableLike,
  tableOf,
} from './table.ts';

/** Options of the `fit` of a transformer. */
export interface FitOptions {
  /** One weight >= 0 a row; those that do not weigh rows refuse it. */
  readonly sampleWeight?: ArrayLike | undefined;
}

/** What a transformer's own `train` learns; the rest of the learned state is the same for all. */
export type LearnedTransform<F> = Omit<F, keyof Fitted>;

/** The common part of all transformers. `A` is what `transform` returns: an array of doubles, but for few. */
export abstract class Transformer<
  P extends object,
  F extends Fitted,
  A extends TableArray = NdArray<Float64Array>,
> extends Estimator<P, F> {
  /**
   * Learns from rows; a `y` is taken, for pipelines, and not looked at. Returns this.
   *
   * @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, OUT_OF_RANGE
   */
  fit(X: TableLike, _y?: unknown, options: FitOptions = {}): this {
    const parameters = this.checkedParameters();
    checkOptions(`${this.name}.fit`, options, ['sampleWeight']);
    const table = readTable(X, 'X');
    const weights = this.weights(options.sampleWeight, table.rows);
    const learned = this.train(table, parameters, weights);
    const names = table.names === undefined ? {} : { featureNamesIn: table.names };
    this.learned({ ...names, nFeaturesIn: table.columns, ...learned } as unknown as F);
    return this;
  }

  /**
   * The transformed rows, rows x outputs.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, each with row and column; OUT_OF_RANGE for a category that
   * `fit` has not seen.
   */
  transform(X: TableLike): A {
    const { fitted } = this;
    return arrayOfTable(this.applied(readTable(X, 'X', fitted), fitted)) as A;
  }

  /** `fit`, and then `transform` of the same rows. */
  fitTransform(X: TableLike, y?: unknown, options?: FitOptions): A {
    return this.fit(X, y, options).transform(X);
  }

  /**
   * Names of the columns of `transform`, made from `inputFeatures`, the names that `fit` was given, or x0, x1, ...
   *
   * @throws NOT_FITTED; BAD_OPTION for other names than `fit` was given, or another number of them.
   */
  getFeatureNamesOut(inputFeatures?: readonly string[]): string[] {
    const { fitted } = this;
    return this.namesOut(inputNames(this.name, fitted, inputFeatures), fitted);
  }

  /** The transformer, once fitted, as a map that a model can take over; null where it is none of that kind. */
  featureMap(_kind: MapKind): FeatureMap | null {
    return null;
  }

  /** Learns; parameters are checked, and so is the table, but for texts and missing values. */
  protected abstract train(
    table: Table,
    parameters: P,
    sampleWeight: Float64Array,
  ): LearnedTransform<F>;

  /** Transforms a table of as many columns as `fit` was given. */
  protected abstract applied(table: Table, fitted: F): Table;

  /** Names of the columns of `transform`; by default each column of the input is one of the output. */
  protected namesOut(names: readonly string[], _fitted: F): string[] {
    return [...names];
  }

  /** Whether rows may be weighted. */
  protected get takesWeights(): boolean {
    return false;
  }

  private weights(given: ArrayLike | undefined, rows: number): Float64Array {
    if (given !== undefined && !this.takesWeights) {
      const details = {
        given: 'sampleWeight',
        allowed: 'no weights: the class does not weigh rows',
      };
      throw error('BAD_OPTION', { what: `${this.name}.fit`, ...details, remedy: 'leave it out' });
    }
    const weights = readSampleWeight(given, rows);
    if (weights.some((weight) => weight > 0)) return weights;
    throw error('OUT_OF_RANGE', {
      what: 'sampleWeight',
      given: 'weights that are 0 for every row',
      allowed: 'one > 0',
    });
  }
}

/** The common part of transformers of numbers alone. */
export abstract class NumericTransformer<P extends object, F extends Fitted> extends Transformer<
  P,
  F
> {
  protected override train(
    table: Table,
    parameters: P,
    sampleWeight: Float64Array,
  ): LearnedTransform<F> {
    return this.trainOn(numbersOf(table, 'X', this.takesMissing), parameters, sampleWeight);
  }

  protected override applied(table: Table, fitted: F): Table {
    const results = this.appliedTo(numbersOf(table, 'X', this.takesMissing), fitted);
    const index = this.takesMissing
      ? -1
      : results.data.findIndex((value) => !Number.isFinite(value));
    if (index < 0) return tableOf(results);
    const columns = results.shape[1]!;
    const where = `column ${index % columns} of row ${Math.floor(index / columns)}`;
    throw overflow(`${this.name}: ${where}`, results.data[index]!);
  }

  /** Learns from rows x features; NaN only where the class takes missing values. */
  protected abstract trainOn(
    X: Tensor,
    parameters: P,
    sampleWeight: Float64Array,
  ): LearnedTransform<F>;

  /** rows x features -> rows x outputs. */
  protected abstract appliedTo(X: Tensor, fitted: F): Tensor;

  /** Whether NaN stands for a missing value, which is left out of what is learned and stays missing. */
  protected get takesMissing(): boolean {
    return false;
  }
}

/** The error for a result beyond the range of doubles. */
export function overflow(what: string, given: number): Error {
  return error('NOT_FINITE', { what, given, remedy: 'scale the features to moderate sizes' });
}

/**
 * The names of a fitted transformer's input columns.
 *
 * @throws BAD_OPTION
 */
export function inputNames(
  what: string,
  { nFeaturesIn, featureNamesIn }: Fitted,
  given: readonly string[] | undefined,
): readonly string[] {
  const known = featureNamesIn ?? Array.from({ length: nFeaturesIn }, (_, i) => `x${i}`);
  if (given === undefined) return known;
  const fits =
    given.length === nFeaturesIn &&
    (featureNamesIn === undefined || given.every((name, i) => name === featureNamesIn[i]));
  if (fits) return given;
  const allowed = featureNamesIn === undefined ? `${nFeaturesIn} names` : featureNamesIn.join(', ');
  throw error('BAD_OPTION', { what: `${what}.getFeatureNamesOut`, given, allowed });
}

/**
 * Numbers of what `transform` returned, for `inverseTransform`: rows x `outputs`.
 *
 * @throws SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY
 */
export function readTransformed(X: TableLike, outputs: number, missing: boolean): Tensor {
  return numbersOf(readTable(X, 'X', { nFeaturesIn: outputs }), 'X', missing);
}
