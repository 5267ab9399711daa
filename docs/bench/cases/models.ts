import { DecisionTreeClassifier, LinearSVC, LogisticRegression } from 'blindfit/estimators';
import { splitBreastCancer } from '../../examples/data/load.ts';
import type { Case } from '../case.ts';
import { modelFigures } from '../model.ts';

const split = splitBreastCancer();

/** scikit-learn's estimators on the breast cancer data: 30 features, 398 rows to learn from, 171 to judge by. */
export const cases: readonly Case[] = [
  {
    name: 'logistic-regression',
    goal: { 'predict ms': 0.3, 'rows/s': 30_000 },
    run: () => modelFigures(new LogisticRegression(), split, 101, 34_200),
  },
  {
    name: 'linear-svc',
    goal: { 'predict ms': 0.3, 'rows/s': 30_000 },
    run: () => modelFigures(new LinearSVC(), split, 101, 34_200),
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
