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
  return split(loadBreastCancer(), 'breast-cancer-split.json');
}

/** Handwritten digits: 1,797 pictures of 8 x 8 pixels from 0 to 16, row by row, and the digit of each. */
export function loadDigits(): Pick<Dataset, 'X' | 'y'> {
  const lines = read('digits.txt').trimEnd().split('\n');
  return {
    X: lines.map((line) => Array.from(line.slice(2), (pixel) => Number.parseInt(pixel, 17))),
    y: lines.map((line) => Number(line[0])),
  };
}

/** The same data in the parts that digits-split.json names: 1,257 rows to learn from, 540 to judge by. */
export function splitDigits(): Split {
  return split(loadDigits(), 'digits-split.json');
}

function split({ X, y }: Pick<Dataset, 'X' | 'y'>, name: string): Split {
  const { train, test } = JSON.parse(read(name)) as Record<'train' | 'test', number[]>;
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
