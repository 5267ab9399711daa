/** What is compared: data sets with their folds, and how well others do on them; see `test/fixtures/make_accuracy.py`. */
import { readFileSync } from 'node:fs';

/** Parameters of one step, by scikit-learn's names in camelCase. */
export type Parameters = Readonly<Record<string, unknown>>;

/** One model on one data set. */
export interface AccuracyCase {
  readonly set: string;
  /** Names of classes and their parameters; the last one predicts. */
  readonly steps: readonly (readonly [name: string, parameters: Parameters])[];
  /** What the same model of another library scores on each fold; over seeds, the mean. None: it has no such model. */
  readonly scores?: readonly number[];
  /** Of what depends on a seed: how many there were, and the standard deviation over them on each fold. */
  readonly seeds?: number;
  readonly sds?: readonly number[];
  /** Of convex problems: the coefficients of the first fold, outputs x features. */
  readonly coef?: readonly (readonly number[])[];
  readonly intercept?: readonly number[];
}

/** Rows to learn from and rows to judge by. */
export interface Fold {
  readonly XTrain: number[][];
  readonly XTest: number[][];
  /** Labels or numbers; lists where there are several outputs. */
  readonly yTrain: number[];
  readonly yTest: number[];
}

/** Folds of every data set: each row is in the test part of one of them. */
export const foldCount = 5;

interface DataSet {
  /** A file beside the fixture, and the keys of its place in there. */
  readonly place: readonly [file: string, ...keys: string[]];
  readonly classifies: boolean;
  /** The fold of each row, one digit each. */
  readonly folds: string;
}

interface Fixture {
  readonly sklearn: string;
  readonly xgboost: string;
  readonly interpret: string;
  readonly sets: Readonly<Record<string, DataSet>>;
  readonly cases: readonly AccuracyCase[];
}

const fixture = read('accuracy.json') as Fixture;

/** Every case, those of a data set side by side. */
export const accuracyCases: readonly AccuracyCase[] = Object.keys(fixture.sets).flatMap((set) =>
  fixture.cases.filter((each) => each.set === set),
);

/** Names of the data sets, in the order of the page. */
export const setNames: readonly string[] = Object.keys(fixture.sets);

/** The library that a case is compared with, and its version. */
export function libraryOf(estimator: string): string {
  const { sklearn, xgboost, interpret } = fixture;
  if (estimator.startsWith('GradientBoosting')) return `XGBoost ${xgboost}`;
  if (estimator.startsWith('ExplainableBoosting')) return `InterpretML ${interpret}`;
  return `scikit-learn ${sklearn}`;
}

/** The class that predicts, and its parameters. */
export function predictorOf({ steps }: AccuracyCase): readonly [name: string, Parameters] {
  return steps.at(-1)!;
}

/** The size of a data set. */
export function sizeOf(set: string): {
  readonly rows: number;
  readonly features: number;
  /** 0 for numbers. */
  readonly classes: number;
} {
  const { X, y } = rowsOf(set);
  const classes = fixture.sets[set]!.classifies ? new Set(y).size : 0;
  return { rows: X.length, features: X[0]!.length, classes };
}

/** The rows of a fold. */
export function foldOf(set: string, fold: number): Fold {
  const { X, y } = rowsOf(set);
  const { folds } = fixture.sets[set]!;
  const part = <T>(rows: readonly T[], isTest: boolean): T[] =>
    rows.filter((_, row) => (Number(folds[row]) === fold) === isTest);
  return {
    XTrain: part(X, false),
    XTest: part(X, true),
    yTrain: part(y, false),
    yTest: part(y, true),
  };
}

const loaded = new Map<string, { readonly X: number[][]; readonly y: number[] }>();

function rowsOf(set: string): { readonly X: number[][]; readonly y: number[] } {
  const known = loaded.get(set);
  if (known !== undefined) return known;
  const [file, ...keys] = fixture.sets[set]!.place;
  let data = read(file);
  for (const key of keys) data = (data as Record<string, unknown>)[key];
  const rows = data as { X: number[][]; y: number[] };
  loaded.set(set, rows);
  return rows;
}

function read(file: string): unknown {
  const url = new URL(`../../../../test/fixtures/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}
