import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  ExplainableBoostingClassifier,
  ExplainableBoostingRegressor,
} from '../../estimators/index.ts';
import { type DataSet, load } from './support.ts';

/** How well InterpretML does on data; see test/fixtures/make_additive.py. */
interface Reference {
  readonly data: string;
  readonly parameters: object;
  readonly score: number;
}

const { cases, diabetes } = JSON.parse(
  readFileSync(new URL('../fixtures/additive.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly Reference[];
  readonly diabetes: { X: number[][]; y: number[]; train: number[]; test: number[] };
};

for (const { data, parameters, score } of cases) {
  test(`${data}: as good as InterpretML with ${JSON.stringify(parameters)}`, (t) => {
    const { XTrain, XTest, yTrain, yTest } = data === 'diabetes' ? diabetesData() : load(data);
    const Model =
      data === 'diabetes' ? ExplainableBoostingRegressor : ExplainableBoostingClassifier;
    const scores = [0, 1].map((randomState) =>
      new Model({ ...parameters, randomState }).fit(XTrain, yTrain).score(XTest, yTest),
    );
    const mean = scores.reduce((a, b) => a + b) / scores.length;
    // A point, and a row of the test data on average.
    t.true(mean >= score - 0.01 - 1 / yTest.length, `${mean} instead of ${score}`);
  });
}

function diabetesData(): DataSet {
  const { X, y, train, test: held } = diabetes;
  return {
    XTrain: train.map((row) => X[row]!),
    XTest: held.map((row) => X[row]!),
    yTrain: train.map((row) => y[row]!),
    yTest: held.map((row) => y[row]!),
  };
}
