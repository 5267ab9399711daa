import test from 'ava';
import * as estimators from '../../estimators/index.ts';
import {
  BernoulliNB,
  DecisionTreeClassifier,
  ExplainableBoostingClassifier,
  ExplainableBoostingRegressor,
  GaussianNB,
  KMeans,
  LinearSVC,
  LogisticRegression,
  MultinomialNB,
  NearestCentroid,
} from '../../estimators/index.ts';
import { Predictor } from '../../estimators/predictor.ts';
import { contract, type Entry } from './contract.ts';

const precise = { tol: 1e-9, maxIter: 100_000 };

/** Every estimator that predicts; a new one joins this list. */
const entries: readonly Entry[] = [
  {
    Estimator: LogisticRegression,
    learns: 'classes',
    other: { C: 0.5 },
    exact: precise,
    classWeight: true,
    methods: ['decisionFunction', 'predictProba'],
    score: 0.9,
  },
  {
    Estimator: LinearSVC,
    learns: 'classes',
    other: { C: 0.5, loss: 'hinge', maxIter: 100_000 },
    exact: precise,
    classWeight: true,
    methods: ['decisionFunction'],
    score: 0.85,
  },
  {
    Estimator: DecisionTreeClassifier,
    learns: 'classes',
    other: { maxDepth: 3, maxFeatures: 'sqrt' },
    classWeight: true,
    methods: ['predictProba'],
    score: 0.9,
  },
  {
    Estimator: ExplainableBoostingClassifier,
    learns: 'classes',
    parameters: { outerBags: 2, maxRounds: 200 },
    other: {
      maxBins: 8,
      interactions: 1,
      outerBags: 1,
      maxLeaves: 3,
      validationSize: 0,
      maxRounds: 50,
    },
    exact: null,
    methods: ['decisionFunction', 'predictProba'],
    score: 0.9,
  },
  {
    Estimator: ExplainableBoostingRegressor,
    learns: 'numbers',
    parameters: { outerBags: 2, maxRounds: 200 },
    other: {
      maxBins: 8,
      interactions: [[0, 2]],
      maxInteractionBins: 4,
      learningRate: 0.1,
      maxRounds: 50,
    },
    exact: null,
    score: 0.9,
  },
  {
    Estimator: GaussianNB,
    learns: 'classes',
    other: { varSmoothing: 0.01, priors: [0.2, 0.3, 0.5] },
    methods: ['predictProba', 'predictLogProba'],
    score: 0.9,
  },
  {
    Estimator: BernoulliNB,
    learns: 'classes',
    parameters: { binarize: 2.5 },
    other: { binarize: 3, alpha: 0.5, fitPrior: false },
    methods: ['predictProba', 'predictLogProba'],
    score: 0.6,
  },
  {
    Estimator: MultinomialNB,
    learns: 'classes',
    other: { alpha: 0.5, nBits: 10, classPrior: [0.2, 0.3, 0.5] },
    methods: ['predictProba', 'predictLogProba'],
    score: 0.85,
  },
  {
    Estimator: NearestCentroid,
    learns: 'classes',
    other: { metric: 'manhattan', shrinkThreshold: 0.1, outOfRange: 'clip' },
    score: 0.85,
  },
  {
    Estimator: KMeans,
    learns: 'nothing',
    parameters: { nClusters: 3 },
    other: { init: 'random', nInit: 3, nClusters: 4, tol: 0 },
    methods: ['transform'],
    score: -100,
  },
];

for (const entry of entries) contract(entry);

test('every estimator that predicts is held to the contract', (t) => {
  const all = Object.values(estimators).filter(
    (value) => typeof value === 'function' && value.prototype instanceof Predictor,
  );
  const listed = new Set<unknown>(entries.map(({ Estimator }) => Estimator));
  t.deepEqual(
    all.filter((value) => !listed.has(value)),
    [],
  );
});
