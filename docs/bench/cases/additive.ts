import {
  BernoulliNB,
  ExplainableBoostingClassifier,
  GaussianNB,
  NearestCentroid,
} from 'blindfit/estimators';
import { splitBreastCancer } from '../../examples/data/load.ts';
import type { Case } from '../case.ts';
import { modelFigures } from '../model.ts';

const split = splitBreastCancer();
const goal = { 'predict ms': 15 };
const clip = { outOfRange: 'clip' } as const;

/** Sums of functions of single features on the breast cancer data: 30 features, 398 rows to learn from, 171 to judge by. */
export const cases: readonly Case[] = [
  {
    name: 'explainable-boosting',
    goal,
    run: () => modelFigures(new ExplainableBoostingClassifier(), split, 101, 6840),
  },
  {
    name: 'explainable-boosting-pairs',
    goal,
    run: () =>
      modelFigures(new ExplainableBoostingClassifier({ interactions: 10 }), split, 51, 1710),
  },
  { name: 'gaussian-nb', goal, run: () => modelFigures(new GaussianNB(clip), split, 101, 6840) },
  {
    name: 'bernoulli-nb',
    goal,
    run: () => modelFigures(new BernoulliNB({ binarize: 0.1 }), split, 101, 34_200),
  },
  {
    name: 'nearest-centroid',
    goal,
    run: () => modelFigures(new NearestCentroid(clip), split, 101, 34_200),
  },
];
