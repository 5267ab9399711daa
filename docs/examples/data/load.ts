import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

/** Rows of measurements with the class of each. */
export interface Dataset {
  readonly X: number[][];
  readonly y: number[];
  readonly featureNames: string[];
  readonly targetNames: string[];
}

/** A dataset in a part to learn from and a part to judge by. */
export interface Split {
  readonly XTrain: number[][];
  readonly yTrain: number[];
  readonly XTest: number[][];
  readonly yTest: number[];
}

/** Breast Cancer Wisconsin (Diagnostic): 569 rows of 30 measurements; class 0 is malignant, 1 is benign. */
export function loadBreastCancer(): Dataset {
  const records: string[][] = parse(read('breast-cancer.csv'));
  const [header, ...rows] = records as [string[], ...string[][]];
  return {
    X: rows.map((row) => row.slice(0, -1).map(Number)),
    y: rows.map((row) => Number(row.at(-1))),
    featureNames: header.slice(0, -1),
    targetNames: ['malignant', 'benign'],
  };
}

/** The same data in the parts that breast-cancer-split.json names: 398 rows to learn from, 171 to judge by. */
export function splitBreastCancer(): Split {
  const { X, y } = loadBreastCancer();
  const { train, test } = JSON.parse(read('breast-cancer-split.json')) as Record<
    'train' | 'test',
    number[]
  >;
  return {
    XTrain: train.map((row) => X[row]!),
    yTrain: train.map((row) => y[row]!),
    XTest: test.map((row) => X[row]!),
    yTest: test.map((row) => y[row]!),
  };
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}
