import { readFileSync } from 'node:fs';
import { GradientBoostingClassifier } from 'blindfit/estimators';
import { type Split, splitBreastCancer } from '../../examples/data/load.ts';
import type { Case } from '../case.ts';
import { modelFigures } from '../model.ts';

/** What XGBoost and Concrete ML take where nothing else is said, and their bits. */
const like = { learningRate: 0.3, nBits: 6 };

/** Ten digits in 8 x 8 pixels: 400 rows to learn from, 200 to judge by. */
function splitDigits(): Split {
  const file = new URL('../../../test/fixtures/sklearn-digits.json', import.meta.url);
  const { X, y, train, test } = JSON.parse(readFileSync(file, 'utf8')) as {
    X: number[][];
    y: number[];
    train: number[];
    test: number[];
  };
  return {
    XTrain: train.map((row) => X[row]!),
    yTrain: train.map((row) => y[row]!),
    XTest: test.map((row) => X[row]!),
    yTest: test.map((row) => y[row]!),
  };
}

/** Boosted trees: 50 of depth 4 on the breast cancer data, and 30 of depth 3 for each of ten digits. */
export const cases: readonly Case[] = [
  {
    name: 'gradient-boosting',
    goal: { 'predict ms': 120, 'query KB': 256, 'evaluation key MB': 2, 'fit ms': 300 },
    run: () =>
      modelFigures(
        new GradientBoostingClassifier({ ...like, nEstimators: 50, maxDepth: 4 }),
        splitBreastCancer(),
        21,
        40,
      ),
  },
  {
    name: 'gradient-boosting-symmetric',
    goal: { 'predict ms': 60, 'query KB': 256, 'evaluation key MB': 2, 'fit ms': 300 },
    run: () =>
      modelFigures(
        new GradientBoostingClassifier({
          ...like,
          nEstimators: 50,
          maxDepth: 4,
          growPolicy: 'symmetric',
        }),
        splitBreastCancer(),
        21,
        40,
      ),
  },
  {
    name: 'digits-boosting',
    goal: { 'predict ms': 400 },
    run: () =>
      modelFigures(
        new GradientBoostingClassifier({ ...like, nEstimators: 30, maxDepth: 3 }),
        splitDigits(),
        11,
        20,
      ),
  },
];
