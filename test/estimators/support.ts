/** Data and reference numbers for the tests of estimators. */
import { readFileSync } from 'node:fs';
import type { IntegerModel } from '../../estimators/model.ts';

/** What scikit-learn made of one estimator on one data set; see test/fixtures/make_sklearn.py. */
export interface Case {
  readonly estimator: 'LogisticRegression' | 'LinearSVC' | 'DecisionTreeClassifier';
  readonly parameters: Record<string, unknown>;
  readonly scaled: boolean;
  readonly weighted: boolean;
  readonly accuracy: number;
  readonly coef: number[][];
  readonly intercept: number[];
  readonly decision: number[] | number[][];
  readonly predictions: number[];
  readonly accuracySd: number;
  readonly trainAccuracy: number;
  readonly leaves: number;
  readonly rootImpurity: number;
}

/** One data set, split. */
export interface DataSet {
  readonly XTrain: number[][];
  readonly XTest: number[][];
  readonly yTrain: number[];
  readonly yTest: number[];
}

/** Names of the data sets. */
export const dataSets = ['breast-cancer', 'iris', 'digits', 'synthetic'] as const;

interface Fixture {
  readonly X: number[][];
  readonly y: number[];
  readonly train: number[];
  readonly test: number[];
  readonly cases: Case[];
}

function fixture(name: string): Fixture {
  const file = new URL(`../fixtures/sklearn-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Fixture;
}

let linear: LinearFixture | undefined;

function linearFixture(): LinearFixture {
  const file = new URL('../fixtures/sklearn-linear.json', import.meta.url);
  linear ??= JSON.parse(readFileSync(file, 'utf8')) as LinearFixture;
  return linear;
}

/** The reference cases of a data set. */
export function cases(name: string): Case[] {
  return fixture(name).cases;
}

/** The split of a data set; `scaled`: with mean 0 and variance 1 of each feature over the training rows. */
export function load(name: string, scaled = false): DataSet {
  return split(fixture(name), scaled);
}

function split({ X, y, train, test }: Omit<Fixture, 'cases'>, scaled: boolean): DataSet {
  const pick = <T>(values: readonly T[], rows: readonly number[]): T[] =>
    rows.map((row) => values[row]!);
  const rows = scaled ? standardized(X, train) : X;
  return {
    XTrain: pick(rows, train),
    XTest: pick(rows, test),
    yTrain: pick(y, train),
    yTest: pick(y, test),
  };
}

/** What scikit-learn made of one linear model; see test/fixtures/make_sklearn_linear.py. */
export interface LinearCase {
  /** The data set, of this fixture or of the others. */
  readonly set: string;
  readonly estimator: string;
  readonly parameters: Record<string, unknown>;
  readonly scaled: boolean;
  readonly weighted: boolean;
  readonly score: number;
  /** Over seeds, of what depends on one; else the fields below are there. */
  readonly scoreSd?: number;
  readonly coef: number[][];
  readonly intercept: number[];
  /** For the first 20 test rows. */
  readonly predictions: number[] | number[][];
}

interface LinearFixture {
  readonly sets: Record<string, Omit<Fixture, 'cases' | 'y'> & { readonly y: unknown[] }>;
  readonly cases: LinearCase[];
}

/** The reference cases of linear models. */
export function linearCases(): LinearCase[] {
  return linearFixture().cases;
}

/** The split of a data set of theirs. Targets of several outputs are lists. */
export function loadLinear(name: string, scaled = false): DataSet {
  const own = linearFixture().sets[name];
  return own === undefined ? load(name, scaled) : split(own as Fixture, scaled);
}

/** The sample weights of the reference cases that have some. */
export function weightsOf(
  { weighted }: { readonly weighted: boolean },
  rows: number,
): { sampleWeight?: number[] } {
  return weighted ? { sampleWeight: Array.from({ length: rows }, (_, row) => 1 + (row % 3)) } : {};
}

function standardized(X: number[][], train: number[]): number[][] {
  const features = X[0]!.map((_, feature) => {
    const values = train.map((row) => X[row]![feature]!);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
  return X.map((row) =>
    row.map((value, j) => (value - features[j]!.mean) / features[j]!.deviation),
  );
}

/** What a fitted predictor compiles, or a pipeline's predictor. */
export function integerModel(predictor: { readonly fitted: object }): IntegerModel {
  type Inside = { readonly fitted: object; model(fitted: object): IntegerModel };
  const { predictor: inner = predictor } = predictor as { readonly predictor?: object };
  const model = inner as unknown as Inside;
  return model.model(model.fitted);
}
