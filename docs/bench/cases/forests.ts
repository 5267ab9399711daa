import { ExtraTreesClassifier, IsolationForest, RandomForestClassifier } from 'blindfit/estimators';
import { splitBreastCancer } from '../../examples/data/load.ts';
import type { Case } from '../case.ts';
import { modelFigures } from '../model.ts';

const split = splitBreastCancer();
const small = { nEstimators: 20, maxDepth: 4, randomState: 0 };

/** Sums of trees on the breast cancer data: small ones as Concrete ML's, and those that the defaults give. */
export const cases: readonly Case[] = [
  {
    name: 'random-forest',
    goal: { 'predict ms': 80, 'fit ms': 1000 },
    run: () => modelFigures(new RandomForestClassifier(small), split, 21, 40),
  },
  {
    name: 'random-forest-100',
    goal: { 'fit ms': 2000, 'compile ms': 20_000 },
    run: () => modelFigures(new RandomForestClassifier({ randomState: 0 }), split, 11, 20),
  },
  {
    name: 'extra-trees',
    goal: { 'predict ms': 80 },
    run: () => modelFigures(new ExtraTreesClassifier(small), split, 21, 40),
  },
  {
    name: 'isolation-forest',
    goal: { 'compile ms': 20_000 },
    run: () => modelFigures(new IsolationForest({ randomState: 0 }), split, 11, 20),
  },
];
