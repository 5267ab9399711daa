/** The classes of random models, and the values that each parameter of theirs is drawn from. */
import * as estimators from '../../../../estimators/index.ts';
import {
  additive,
  alpha,
  boosting,
  classImpurity,
  classWeight,
  denseNetwork,
  descent,
  discrete,
  fewTrees,
  forest,
  impurity,
  intercept,
  iterations,
  layers,
  network,
  output,
  perceptron,
  quantization,
  seeded,
  smoothing,
  splitter,
  strength,
  support,
  tree,
} from './parameters.ts';
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
    Estimator: estimators.MLPClassifier,
    learns: 'classes',
    quick: { maxIter: 4, hiddenLayerSizes: [3] },
    values: { ...network, ...denseNetwork, ...smoothing, ...classWeight, ...output },
  },
  {
    Estimator: estimators.MLPRegressor,
    learns: 'numbers',
    quick: { maxIter: 4, hiddenLayerSizes: [3] },
    values: { ...network, ...denseNetwork },
  },
  {
    Estimator: estimators.NeuralNetworkClassifier,
    learns: 'classes',
    quick: { maxIter: 4 },
    values: { ...network, ...layers, ...smoothing, ...classWeight, ...output },
  },
  {
    Estimator: estimators.NeuralNetworkRegressor,
    learns: 'numbers',
    quick: { maxIter: 4 },
    values: { ...network, ...layers },
  },
  {
    Estimator: estimators.KNeighborsClassifier,
    learns: 'classes',
    values: {
      nNeighbors: [1, 2, 3],
      weights: ['uniform', 'uniform', 'distance'],
      metric: ['euclidean', 'manhattan'],
      selection: ['encrypted', 'client'],
      nBits: [null, 2, 5],
      outOfRange: ['error', 'clip'],
      ...output,
    },
  },
  {
    Estimator: estimators.KNeighborsRegressor,
    learns: 'numbers',
    values: {
      nNeighbors: [1, 2, 3],
      weights: ['uniform', 'uniform', 'distance'],
      metric: ['euclidean', 'manhattan'],
      selection: ['encrypted', 'client'],
      nBits: [null, 2, 5],
      outOfRange: ['error', 'clip'],
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
