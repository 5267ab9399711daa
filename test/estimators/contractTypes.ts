/** What the parts of the contract of estimators share: an entry of the list, what is called of it, and how answers compare. */
import type { Estimator, Fitted } from '../../estimators/estimator.ts';
import type { ClearOptions, EncryptedOptions } from '../../estimators/predictor.ts';
import type { Circuit } from '../../lib/index.ts';
import { type DataSet, load } from './support.ts';

/** One estimator of the list. */
export interface Entry {
  /** Its class. */
  readonly Estimator: EstimatorClass;
  /** What it learns: labels, numbers above 0, or nothing (of rows without y). */
  readonly learns: 'classes' | 'numbers' | 'nothing';
  /** Parameters for a quick fit on 100 rows of 4 features. */
  readonly parameters?: object;
  /** Others, all of which differ from the defaults. */
  readonly other: object;
  /** Parameters under which the fit has one solution, where a row of weight 2 is a row given twice; none: no such. */
  readonly exact?: object | null;
  /** The largest difference of encrypted values from clear ones; 0 unless outputs are approximate. */
  readonly within?: number;
  /** The least `score` on rows not learnt from; of detectors of outliers none, since they have no `score`. */
  readonly score?: number;
  /** Names of methods that return values for rows, beside `predict`. */
  readonly methods?: readonly string[];
  /** Whether classes may be weighted. */
  readonly classWeight?: boolean;
  /** What stands before the names of parameters that the suite sets itself: `model__`, of a pipeline's last step. */
  readonly prefix?: string;
}

/** An array as estimators return them. */
export type Array1 = { readonly data: ArrayLike<unknown>; readonly shape: readonly number[] };
type FitOptions = { readonly sampleWeight?: unknown };

/** All that the suite calls. */
export interface AnyEstimator extends Estimator<object, Fitted> {
  fit(X: unknown, y?: unknown, options?: FitOptions): this;
  predict(X: unknown, options?: ClearOptions): Array1;
  predict(X: unknown, options: EncryptedOptions): Promise<Array1>;
  score(X: unknown, y?: unknown, options?: FitOptions): number;
  compile(X?: unknown, options?: object): Promise<Circuit>;
  readonly circuit: Circuit;
}

/** The class of an estimator, its parameters unchecked. */
export interface EstimatorClass {
  new (parameters?: never): object;
  fromJSON(json: unknown): object;
  load(bytes: Uint8Array): object;
}

/** The classes of the data. */
export const names: readonly string[] = ['setosa', 'versicolor', 'virginica'];
/** The data of the contract. */
export const iris: DataSet = load('iris');

/** The values of an array of any rank, one after the other. */
export function values(array: Array1): unknown[] {
  return Array.from(array.data);
}

/** Whether labels are equal and numbers differ by at most `within`. */
export function close(a: Array1, b: Array1, within: number): boolean {
  const [left, right] = [values(a), values(b)];
  return (
    left.length === right.length &&
    left.every((value, i) => {
      const other = right[i];
      if (typeof value !== 'number' || typeof other !== 'number') return value === other;
      return Math.abs(value - other) <= within;
    })
  );
}
