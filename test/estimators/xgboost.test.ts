import { readFileSync } from 'node:fs';
import test from 'ava';
import { stagedScores } from '../../estimators/boosting/program.ts';
import type { BoostedState } from '../../estimators/boosting/train.ts';
import { GradientBoostingClassifier, GradientBoostingRegressor } from '../../estimators/index.ts';
import { toTensor } from '../../tracer/index.ts';
import { load } from './support.ts';

/** One model of XGBoost; see test/fixtures/make_xgboost.py. */
interface Case {
  readonly parameters: Record<string, unknown>;
  /** Accuracy or R^2 on the test rows. */
  readonly score: number;
  /** Same start, same bins: margins of the first training rows. */
  readonly exact?: true;
  readonly margins: readonly (number | readonly number[])[];
}

interface DataSet {
  readonly name: string;
  /** 0 for regression. */
  readonly classes: number;
  readonly X?: readonly (readonly (number | null)[])[];
  readonly y: readonly number[];
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly cases: readonly Case[];
}

const file = new URL('../fixtures/xgboost.json', import.meta.url);
const { sets } = JSON.parse(readFileSync(file, 'utf8')) as { sets: DataSet[] };

/** One point of accuracy, or of R^2. */
const point = 0.01;

for (const set of sets) {
  const { XTrain, yTrain, XTest, yTest } = rowsOf(set);
  for (const { parameters, score, exact, margins } of set.cases) {
    const Class = set.classes > 0 ? GradientBoostingClassifier : GradientBoostingRegressor;
    const model = (): GradientBoostingClassifier | GradientBoostingRegressor =>
      new (Class as new (all: object) => GradientBoostingRegressor)(parameters).fit(XTrain, yTrain);
    const title = `${set.name}: ${JSON.stringify(parameters)}`;
    if (exact) {
      test(`${title}: the very trees of XGBoost`, (t) => {
        const fitted = model().fitted as BoostedState;
        const scores = [...stagedScores(fitted, toTensor(XTrain))].at(-1)!;
        const expected = margins.flat();
        const ours = Array.from(scores.data.subarray(0, expected.length));
        const range = Math.max(...expected) - Math.min(...expected);
        const off = ours.map((value, i) => Math.abs(value - expected[i]!) / range);
        t.true(Math.max(...off) < 2e-3, `${Math.max(...off)}`);
      });
    } else {
      test(`${title}: as good as XGBoost`, (t) => {
        const ours = model().score(XTest, yTest);
        t.true(ours >= score - point, `${ours} ${score}`);
      });
    }
  }
}

function rowsOf(set: DataSet): ReturnType<typeof load> {
  if (set.X === undefined) return load(set.name);
  const X = set.X.map((row) => row.map((value) => value ?? Number.NaN));
  const pick = <T>(all: readonly T[], rows: readonly number[]): T[] => rows.map((row) => all[row]!);
  return {
    XTrain: pick(X, set.train),
    XTest: pick(X, set.test),
    yTrain: pick(set.y, set.train),
    yTest: pick(set.y, set.test),
  };
}
