import {
  DecisionTreeClassifier,
  LinearRegression,
  LinearSVC,
  LinearSVR,
  LogisticRegression,
  PoissonRegressor,
} from 'blindfit/estimators';
import { splitBreastCancer } from '../../examples/data/load.ts';
import type { Case } from '../case.ts';
import { modelFigures } from '../model.ts';

const split = splitBreastCancer();

/** Numbers above 0: the class plus 1. */
const positive = {
  ...split,
  yTrain: split.yTrain.map((label) => label + 1),
  yTest: split.yTest.map((label) => label + 1),
};

const linear = { 'predict ms': 0.3, 'rows/s': 30_000 };

/** scikit-learn's estimators on the breast cancer data: 30 features, 398 rows to learn from, 171 to judge by. */
export const cases: readonly Case[] = [
  {
    name: 'logistic-regression',
    goal: linear,
    run: () => modelFigures(new LogisticRegression(), split, 101, 34_200),
  },
  {
    name: 'linear-svc',
    goal: linear,
    run: () => modelFigures(new LinearSVC(), split, 101, 34_200),
  },
  {
    name: 'linear-regression',
    goal: linear,
    run: () => modelFigures(new LinearRegression(), split, 101, 34_200),
  },
  {
    name: 'linear-svr',
    goal: linear,
    run: () => modelFigures(new LinearSVR(), split, 101, 34_200),
  },
  {
    name: 'poisson-regression',
    goal: linear,
    run: () => modelFigures(new PoissonRegressor(), positive, 101, 34_200),
  },
  {
    name: 'decision-tree',
    goal: { 'predict ms': 40 },
    run: () =>
      modelFigures(
        new DecisionTreeClassifier({ maxDepth: 5, nBits: 6, randomState: 0 }),
        split,
        21,
        20,
      ),
  },
];
