/** The classes of random models, and the values that each parameter of theirs is drawn from. */
import * as estimators from '../../../../estimators/index.ts';
import type { Values } from './source.ts';

/** A class of estimators under test. */
export interface ModelClass {
  readonly Estimator: new (parameters?: never) => object;
  /** Labels, numbers, or nothing (of rows without y). */
  readonly learns: 'classes' | 'numbers' | 'nothing';
  /** Whether NaN stands for a missing value. */
  readonly missing?: boolean;
  /** Parameters that make training quick; drawn ones replace them. */
  readonly quick?: object;
  /** What every other parameter is drawn from. */
  readonly values: Values;
  /** Whether there is one solution, which the order of rows and columns has no part in. */
  readonly convex?: boolean;
}

const quantization: Values = { nBits: [2, 5, 12, 16], outOfRange: ['error', 'clip'] };
const output: Values = { output: ['scores', 'label'] };
const seeded: Values = { randomState: [null, 0, 7] };
const intercept: Values = { fitIntercept: [true, false] };
const classWeight: Values = { classWeight: [null, 'balanced', {}] };
const iterations: Values = { maxIter: [1, 20, 1000], tol: [1e-9, 1e-4, 0.1] };
const alpha: Values = { alpha: [0, 1e-6, 1, 1e6] };
const strength: Values = { C: [1e-6, 1, 1e6] };

const descent: Values = {
  penalty: ['l2', 'l1', 'elasticnet', null],
  alpha: [1e-6, 1e-4, 1],
  l1Ratio: [0, 0.15, 1],
  ...intercept,
  ...iterations,
  shuffle: [true, false],
  ...seeded,
  earlyStopping: [false, true],
  validationFraction: [0.1, 0.5],
  nIterNoChange: [1, 5],
  learningRate: ['constant', 'optimal', 'invscaling', 'adaptive'],
  eta0: [0.001, 0.01, 1],
  powerT: [0.25, 0.5, -1],
  average: [false, true, 10],
};

const { learningRate: _rate, powerT: _power, average: _average, ...perceptron } = descent;

const support: Values = {
  dual: ['auto', true, false],
  ...strength,
  ...intercept,
  interceptScaling: [1, 100],
  ...iterations,
  ...seeded,
};

const tree: Values = {
  maxDepth: [null, 1, 4],
  minSamplesSplit: [2, 5, 0.3],
  minSamplesLeaf: [1, 4, 0.1],
  minWeightFractionLeaf: [0, 0.1, 0.5],
  monotonicCst: [null, null, [1], [0, -1]],
  maxFeatures: [null, 'sqrt', 'log2', 1, 0.5],
  maxLeafNodes: [null, 2, 6],
  minImpurityDecrease: [0, 0.01],
  ccpAlpha: [0, 0.02],
  ...seeded,
  nBits: [1, 3, 12],
};

const forest: Values = {
  ...tree,
  nEstimators: [1, 5],
  bootstrap: [true, false],
  oobScore: [false, true],
  maxSamples: [null, 3, 0.5],
};

const boosting: Values = {
  nEstimators: [1, 6],
  learningRate: [0.1, 1],
  maxDepth: [1, 3, 5],
  growPolicy: ['depthwise', 'symmetric'],
  minSamplesLeaf: [1, 3, 0.2],
  minChildWeight: [0, 1],
  regLambda: [0, 1],
  regAlpha: [0, 0.5],
  gamma: [0, 0.5],
  subsample: [1, 0.6],
  maxFeatures: [null, 'sqrt', 'log2', 1, 0.5],
  monotonicCst: [null, null, [1], [0, -1]],
  validationFraction: [0.1, 0.5],
  nIterNoChange: [null, 2],
  tol: [0, 1e-4],
  nBits: [1, 4, 8],
  ...seeded,
};

const additive: Values = {
  maxBins: [2, 8, 1024],
  maxInteractionBins: [2, 16],
  interactions: [0, 1, [[0, 1]]],
  validationSize: [0, 0.15, 3],
  outerBags: [1, 3],
  learningRate: [0.015, 1],
  smoothingRounds: [0, 5],
  maxRounds: [1, 20],
  earlyStoppingRounds: [1, 100],
  earlyStoppingTolerance: [0, 0.01],
  minSamplesLeaf: [1, 4],
  maxLeaves: [2, 5],
  ...seeded,
};

const discrete: Values = {
  alpha: [0, 1, 1e6],
  fitPrior: [true, false],
  classPrior: [null, [0.1, 0.9], [1e-300, 1, 1]],
  ...output,
};

const classImpurity: Values = { criterion: ['gini', 'entropy', 'logLoss'] };
const impurity: Values = {
  criterion: ['squaredError', 'friedmanMse', 'absoluteError', 'poisson'],
};
const splitter: Values = { splitter: ['best', 'random'] };
const fewTrees = { nEstimators: 4 };

/** Every class that predicts, but for pipelines. */
export const modelClasses: readonly ModelClass[] = [
  {
    Estimator: estimators.LogisticRegression,
    learns: 'classes',
    convex: true,
    values: {
      penalty: ['l2', 'l2', 'l1', 'elasticnet', null],
      ...strength,
      ...intercept,
      l1Ratio: [null, null, 0.5],
      ...iterations,
      ...classWeight,
      ...quantization,
      ...output,
    },
  },
  {
    Estimator: estimators.LinearSVC,
    learns: 'classes',
    convex: true,
    values: {
      loss: ['squaredHinge', 'hinge'],
      ...support,
      ...classWeight,
      ...quantization,
      ...output,
    },
  },
  {
    Estimator: estimators.RidgeClassifier,
    learns: 'classes',
    convex: true,
    values: { ...alpha, ...intercept, ...classWeight, ...quantization, ...output },
  },
  {
    Estimator: estimators.SGDClassifier,
    learns: 'classes',
    values: {
      ...descent,
      loss: ['hinge', 'logLoss', 'modifiedHuber', 'squaredHinge', 'perceptron'],
      ...classWeight,
      ...quantization,
      ...output,
    },
  },
  {
    Estimator: estimators.Perceptron,
    learns: 'classes',
    values: { ...perceptron, ...classWeight, ...quantization, ...output },
  },
  {
    Estimator: estimators.LinearRegression,
    learns: 'numbers',
    convex: true,
    values: { ...intercept, positive: [false, true], ...quantization },
  },
  {
    Estimator: estimators.Ridge,
    learns: 'numbers',
    convex: true,
    values: { ...alpha, ...intercept, ...quantization },
  },
  {
    Estimator: estimators.Lasso,
    learns: 'numbers',
    values: {
      ...alpha,
      ...intercept,
      ...iterations,
      selection: ['cyclic', 'random'],
      positive: [false, true],
      ...seeded,
      ...quantization,
    },
  },
  {
    Estimator: estimators.ElasticNet,
    learns: 'numbers',
    values: {
      ...alpha,
      l1Ratio: [0, 0.5, 1],
      ...intercept,
      ...iterations,
      selection: ['cyclic', 'random'],
      positive: [false, true],
      ...seeded,
      ...quantization,
    },
  },
  {
    Estimator: estimators.SGDRegressor,
    learns: 'numbers',
    values: {
      ...descent,
      epsilon: [0, 0.1],
      loss: ['squaredError', 'huber', 'epsilonInsensitive', 'squaredEpsilonInsensitive'],
      ...quantization,
    },
  },
  {
    Estimator: estimators.PoissonRegressor,
    learns: 'numbers',
    values: { ...alpha, ...intercept, ...iterations, ...quantization },
  },
  {
    Estimator: estimators.GammaRegressor,
    learns: 'numbers',
    values: { ...alpha, ...intercept, ...iterations, ...quantization },
  },
  {
    Estimator: estimators.TweedieRegressor,
    learns: 'numbers',
    values: {
      ...alpha,
      ...intercept,
      ...iterations,
      power: [-1, 0, 1, 1.5, 2, 3],
      link: ['auto', 'identity', 'log'],
      ...quantization,
    },
  },
  {
    Estimator: estimators.LinearSVR,
    learns: 'numbers',
    convex: true,
    values: {
      loss: ['epsilonInsensitive', 'squaredEpsilonInsensitive'],
      epsilon: [0, 0.1, 10],
      ...support,
      ...quantization,
    },
  },
  {
    Estimator: estimators.PolynomialRegression,
    learns: 'numbers',
    quick: { feature: 0 },
    values: { degree: [1, 2, 3, 12], feature: [0, 0, null, 3], ...quantization },
  },
  {
    Estimator: estimators.DecisionTreeClassifier,
    learns: 'classes',
    values: { ...classImpurity, ...splitter, ...tree, ...classWeight, ...output },
  },
  {
    Estimator: estimators.DecisionTreeRegressor,
    learns: 'numbers',
    values: { ...impurity, ...splitter, ...tree },
  },
  {
    Estimator: estimators.RandomForestClassifier,
    learns: 'classes',
    quick: fewTrees,
    values: { ...classImpurity, ...forest, ...classWeight, ...output },
  },
  {
    Estimator: estimators.RandomForestRegressor,
    learns: 'numbers',
    quick: fewTrees,
    values: { ...impurity, ...forest },
  },
  {
    Estimator: estimators.ExtraTreesClassifier,
    learns: 'classes',
    quick: fewTrees,
    values: { ...classImpurity, ...forest, ...classWeight, ...output },
  },
  {
    Estimator: estimators.ExtraTreesRegressor,
    learns: 'numbers',
    quick: fewTrees,
    values: { ...impurity, ...forest },
  },
  {
    Estimator: estimators.IsolationForest,
    learns: 'nothing',
    quick: fewTrees,
    values: {
      nEstimators: [1, 5],
      maxSamples: ['auto', 1, 4, 0.5],
      contamination: ['auto', 0.1, 0.5],
      maxFeatures: [null, 1, 0.5],
      bootstrap: [false, true],
      ...seeded,
      nBits: [1, 6],
      ...output,
    },
  },
  {
    Estimator: estimators.GradientBoostingClassifier,
    learns: 'classes',
    missing: true,
    quick: { nEstimators: 4 },
    values: { loss: ['logLoss'], ...classWeight, ...boosting, ...output },
  },
  {
    Estimator: estimators.GradientBoostingRegressor,
    learns: 'numbers',
    missing: true,
    quick: { nEstimators: 4 },
    values: {
      loss: ['squaredError', 'absoluteError', 'poisson', 'quantile'],
      alpha: [0.1, 0.9],
      ...boosting,
    },
  },
  {
    Estimator: estimators.ExplainableBoostingClassifier,
    learns: 'classes',
    missing: true,
    quick: { outerBags: 2, maxRounds: 10 },
    values: { ...additive, ...output },
  },
  {
    Estimator: estimators.ExplainableBoostingRegressor,
    learns: 'numbers',
    missing: true,
    quick: { outerBags: 2, maxRounds: 10 },
    values: additive,
  },
  {
    Estimator: estimators.GaussianNB,
    learns: 'classes',
    values: {
      priors: [null, [0.1, 0.9], [0.2, 0.3, 0.5]],
      varSmoothing: [0, 1e-9, 1],
      ...quantization,
      ...output,
    },
  },
  {
    Estimator: estimators.BernoulliNB,
    learns: 'classes',
    values: { ...discrete, binarize: [0, null, -1e9, 0.5] },
  },
  {
    Estimator: estimators.MultinomialNB,
    learns: 'classes',
    values: { ...discrete, ...quantization },
  },
  {
    Estimator: estimators.NearestCentroid,
    learns: 'classes',
    values: {
      metric: ['euclidean', 'manhattan'],
      shrinkThreshold: [null, 0.1, 1e6],
      ...quantization,
      ...output,
    },
  },
  {
    Estimator: estimators.KMeans,
    learns: 'nothing',
    quick: { nClusters: 2 },
    values: {
      nClusters: [1, 2, 5],
      init: ['k-means++', 'random'],
      nInit: ['auto', 1, 2],
      maxIter: [1, 100],
      tol: [0, 1e-4],
      ...seeded,
      ...quantization,
      ...output,
    },
  },
];

/** What the parameters of each class are drawn from, by its name. */
export const valuesOfClasses: Readonly<Record<string, Values>> = Object.fromEntries(
  modelClasses.map(({ Estimator, values }) => [Estimator.name, values]),
);
