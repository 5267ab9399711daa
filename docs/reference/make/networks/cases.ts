/** The ready networks and the data that they are measured on. */
import { readFileSync } from 'node:fs';
import { architectures } from '../../../../estimators/index.ts';
import { splitDigits28x28 } from '../../../bench/digits28x28.ts';
import { type Split, splitDigits } from '../../../examples/data/load.ts';
import { splitSignals } from '../../../examples/data/signals.ts';

/** A ready network on one data set. */
export interface NetworkCase {
  /** The name of its architecture. */
  readonly architecture: string;
  readonly data: string;
  readonly parameters: architectures.NetworkArchitecture;
  /** Rows to learn from and to judge by: one part, or five folds. */
  readonly splits: () => readonly Split[];
  /** Accuracy of scikit-learn's network in floats, or of the same layers trained on inputs of 8 bits; null: not measured. */
  readonly float: number | 'same layers' | null;
  /** Whether it trains within seconds, so that a test repeats it. */
  readonly quick: boolean;
}

interface TabularSet {
  /** The file that has the rows, else they are here. */
  readonly fixture?: string;
  readonly X?: number[][];
  readonly y?: number[];
  /** The fold of each row, one digit each. */
  readonly folds?: string;
  /** Accuracy by fold. */
  readonly float: readonly number[];
}

const ready = read('ready-networks.json') as {
  readonly tabular: Readonly<Record<string, TabularSet>>;
  readonly digits: { readonly float: number };
};

const foldCount = 5;

/** In the order of the page. */
export const networkCases: readonly NetworkCase[] = [
  ...Object.entries(ready.tabular).map(
    ([name, { float }]): NetworkCase => ({
      architecture: 'tabular',
      data: name,
      parameters: architectures.tabular(),
      splits: () => foldsOf(name),
      float: float.reduce((a, b) => a + b) / float.length,
      quick: true,
    }),
  ),
  {
    architecture: 'digits8x8Dense',
    data: 'digits, 8 x 8',
    parameters: architectures.digits8x8Dense(),
    splits: () => [splitDigits()],
    float: ready.digits.float,
    quick: true,
  },
  {
    architecture: 'digits8x8',
    data: 'digits, 8 x 8',
    parameters: architectures.digits8x8(),
    splits: () => [splitDigits()],
    float: 'same layers',
    quick: false,
  },
  {
    architecture: 'digits28x28',
    data: 'digits, 28 x 28',
    parameters: architectures.digits28x28(),
    splits: () => [splitDigits28x28(3)],
    float: null,
    quick: false,
  },
  {
    architecture: 'sequence(64)',
    data: 'cylinders, bells and funnels',
    parameters: architectures.sequence(64),
    splits: () => [splitSignals(300, 64, 1)],
    float: 'same layers',
    quick: false,
  },
];

/** Of each fold, its rows to judge by, and all others to learn from. */
function foldsOf(name: string): Split[] {
  const { fixture, X, y, folds } = ready.tabular[name]!;
  const accuracy = read('accuracy.json') as {
    readonly sets: Readonly<Record<string, { readonly folds: string }>>;
  };
  const own = folds ?? accuracy.sets[name]!.folds;
  const data = fixture === undefined ? { X: X!, y: y! } : rowsIn(fixture, name);
  return Array.from({ length: foldCount }, (_, fold) => {
    const part = <T>(rows: readonly T[], isTest: boolean): T[] =>
      rows.filter((__, row) => (Number(own[row]) === fold) === isTest);
    return {
      XTrain: part(data.X, false),
      yTrain: part(data.y, false),
      XTest: part(data.X, true),
      yTest: part(data.y, true),
    };
  });
}

interface Rows {
  readonly X: number[][];
  readonly y: number[];
}

function rowsIn(fixture: string, name: string): Rows {
  const file = read(fixture) as Rows & { readonly sets?: Readonly<Record<string, Rows>> };
  return file.sets?.[name] ?? file;
}

function read(fixture: string): unknown {
  const url = new URL(`../../../../test/fixtures/${fixture}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}
