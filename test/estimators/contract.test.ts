import test from 'ava';
import * as estimators from '../../estimators/index.ts';
import {
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ElasticNet,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  GammaRegressor,
  GradientBoostingClassifier,
  GradientBoostingRegressor,
  IsolationForest,
  Lasso,
  LinearRegression,
  LinearSVC,
  LinearSVR,
  LogisticRegression,
  MinMaxScaler,
  Perceptron,
  Pipeline,
  type PipelineParameters,
  PoissonRegressor,
  PolynomialRegression,
  RandomForestClassifier,
  RandomForestRegressor,
  Ridge,
  RidgeClassifier,
  SGDClassifier,
  SGDRegressor,
  TweedieRegressor,
} from '../../estimators/index.ts';
import { Predictor } from '../../estimators/predictor.ts';
import { contract, type Entry } from './contract.ts';

const precise = { tol: 1e-9, maxIter: 100_000 };

/** Every estimator that predicts; a new one joins this list. */
const entries: readonly Entry[] = [
  {
    Estimator: LogisticRegression,
    learns: 'classes',
    other: { C: 0.5, penalty: 'elasticnet', l1Ratio: 0.3 },
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
    Estimator: RidgeClassifier,
    learns: 'classes',
    other: { alpha: 0.5, fitIntercept: false },
    classWeight: true,
    methods: ['decisionFunction'],
    score: 0.75,
  },
  {
    Estimator: SGDClassifier,
    learns: 'classes',
    parameters: { loss: 'modifiedHuber', alpha: 0.01 },
    other: { loss: 'logLoss', penalty: 'elasticnet', average: 10, earlyStopping: true },
    exact: null,
    classWeight: true,
    methods: ['decisionFunction', 'predictProba'],
    score: 0.8,
  },
  {
    Estimator: Perceptron,
    learns: 'classes',
    other: { penalty: 'l2', alpha: 0.001, eta0: 0.1 },
    exact: null,
    classWeight: true,
    methods: ['decisionFunction'],
    score: 0.6,
  },
  {
    Estimator: LinearRegression,
    learns: 'numbers',
    other: { fitIntercept: false, positive: true },
    score: 0.95,
  },
  { Estimator: Ridge, learns: 'numbers', other: { alpha: 3, fitIntercept: false }, score: 0.95 },
  {
    Estimator: Lasso,
    learns: 'numbers',
    parameters: { alpha: 0.01 },
    other: { alpha: 0.1, selection: 'random', positive: true },
    exact: precise,
    score: 0.9,
  },
  {
    Estimator: ElasticNet,
    learns: 'numbers',
    parameters: { alpha: 0.01 },
    other: { alpha: 0.1, l1Ratio: 0.7 },
    exact: precise,
    score: 0.9,
  },
  {
    Estimator: SGDRegressor,
    learns: 'numbers',
    other: { loss: 'huber', penalty: 'l1', learningRate: 'adaptive', earlyStopping: true },
    exact: null,
    score: 0.85,
  },
  {
    Estimator: PoissonRegressor,
    learns: 'numbers',
    parameters: { alpha: 0.01 },
    other: { alpha: 0.1, fitIntercept: false },
    exact: { ...precise, nBits: 14 },
    score: 0.9,
  },
  {
    Estimator: GammaRegressor,
    learns: 'numbers',
    parameters: { alpha: 0.01 },
    other: { alpha: 0.1, fitIntercept: false },
    exact: { ...precise, nBits: 14 },
    score: 0.85,
  },
  {
    Estimator: TweedieRegressor,
    learns: 'numbers',
    parameters: { alpha: 0.01, power: 1.5 },
    other: { alpha: 0.1, power: 3, link: 'log' },
    exact: { ...precise, nBits: 14 },
    score: 0.85,
  },
  {
    Estimator: LinearSVR,
    learns: 'numbers',
    parameters: { loss: 'squaredEpsilonInsensitive' },
    other: { C: 0.5, epsilon: 0.1, loss: 'squaredEpsilonInsensitive', dual: false },
    exact: precise,
    score: 0.9,
  },
  {
    Estimator: PolynomialRegression,
    learns: 'numbers',
    parameters: { feature: 2 },
    other: { degree: 3, feature: 1 },
    exact: null,
    score: 0.9,
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
    Estimator: DecisionTreeRegressor,
    learns: 'numbers',
    other: { maxDepth: 3, criterion: 'absoluteError' },
    score: 0.9,
  },
  {
    Estimator: RandomForestClassifier,
    learns: 'classes',
    parameters: { nEstimators: 10, maxDepth: 4 },
    other: { nEstimators: 5, maxDepth: 3, oobScore: true },
    exact: { bootstrap: false },
    classWeight: true,
    methods: ['predictProba'],
    score: 0.9,
  },
  {
    Estimator: RandomForestRegressor,
    learns: 'numbers',
    parameters: { nEstimators: 10, maxDepth: 4 },
    other: { nEstimators: 5, maxDepth: 3, criterion: 'poisson' },
    exact: { bootstrap: false },
    score: 0.9,
  },
  {
    Estimator: ExtraTreesClassifier,
    learns: 'classes',
    parameters: { nEstimators: 10, maxDepth: 4 },
    other: { nEstimators: 5, maxDepth: 3, bootstrap: true },
    classWeight: true,
    methods: ['predictProba'],
    score: 0.9,
  },
  {
    Estimator: ExtraTreesRegressor,
    learns: 'numbers',
    parameters: { nEstimators: 10, maxDepth: 4 },
    other: { nEstimators: 5, maxDepth: 3, bootstrap: true },
    score: 0.9,
  },
  {
    Estimator: IsolationForest,
    learns: 'nothing',
    parameters: { nEstimators: 10, maxSamples: 20 },
    other: { nEstimators: 5, maxSamples: 0.5, contamination: 0.1, bootstrap: true },
    methods: ['decisionFunction', 'scoreSamples'],
  },
  {
    Estimator: GradientBoostingClassifier,
    learns: 'classes',
    parameters: { nEstimators: 10, maxDepth: 2 },
    other: { nEstimators: 5, maxDepth: 2, growPolicy: 'symmetric', subsample: 0.8 },
    exact: {},
    classWeight: true,
    methods: ['decisionFunction', 'predictProba'],
    score: 0.9,
  },
  {
    Estimator: GradientBoostingRegressor,
    learns: 'numbers',
    parameters: { nEstimators: 20 },
    other: { nEstimators: 5, loss: 'absoluteError', maxFeatures: 'sqrt', nIterNoChange: 3 },
    exact: {},
    score: 0.9,
  },
  {
    Estimator: Pipeline,
    learns: 'classes',
    parameters: scaled(new LogisticRegression()),
    other: scaled(new LogisticRegression({ C: 0.5 })),
    // The scaler has none of the weights of rows.
    exact: null,
    classWeight: true,
    prefix: 'model__',
    methods: ['decisionFunction', 'predictProba'],
    score: 0.85,
  },
];

function scaled(model: LogisticRegression): PipelineParameters {
  return {
    steps: [
      ['scaler', new MinMaxScaler()],
      ['model', model],
    ],
  };
}

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
