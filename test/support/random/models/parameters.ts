/** What the parameters of random models are drawn from, by what classes share. */
import { activation, batchNormalization, dense, residual } from '../../../../estimators/index.ts';
import type { Values } from './source.ts';

/** Of models whose features have a grid. */
export const quantization: Values = { nBits: [2, 5, 12, 16], outOfRange: ['error', 'clip'] };
/** Of whatever decides on the server, if asked. */
export const output: Values = { output: ['scores', 'label'] };
/** Of what draws at random. */
export const seeded: Values = { randomState: [null, 0, 7] };
/** Of linear models with an intercept. */
export const intercept: Values = { fitIntercept: [true, false] };
/** Of classifiers that weigh classes. */
export const classWeight: Values = { classWeight: [null, 'balanced', {}] };
/** Of iterations. */
export const iterations: Values = { maxIter: [1, 20, 1000], tol: [1e-9, 1e-4, 0.1] };
/** Of penalties. */
export const alpha: Values = { alpha: [0, 1e-6, 1, 1e6] };
/** Of losses against a penalty. */
export const strength: Values = { C: [1e-6, 1, 1e6] };

/** Of stochastic gradient descent. */
export const descent: Values = {
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

const ofDescentAlone = ['learningRate', 'powerT', 'average'];

/** Those of descent that a perceptron has. */
export const perceptron: Values = Object.fromEntries(
  Object.entries(descent).filter(([name]) => !ofDescentAlone.includes(name)),
);

/** Of support vector machines. */
export const support: Values = {
  dual: ['auto', true, false],
  ...strength,
  ...intercept,
  interceptScaling: [1, 100],
  ...iterations,
  ...seeded,
};

/** Of trees. */
export const tree: Values = {
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

/** Of forests. */
export const forest: Values = {
  ...tree,
  nEstimators: [1, 5],
  bootstrap: [true, false],
  oobScore: [false, true],
  maxSamples: [null, 3, 0.5],
};

/** Of boosters. */
export const boosting: Values = {
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

/** Of additive models. */
export const additive: Values = {
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

/** Of naive Bayes of counts and bits. */
export const discrete: Values = {
  alpha: [0, 1, 1e6],
  fitPrior: [true, false],
  classPrior: [null, [0.1, 0.9], [1e-300, 1, 1]],
  ...output,
};

/** Of trees that classify. */
export const classImpurity: Values = { criterion: ['gini', 'entropy', 'logLoss'] };
/** Of trees of numbers. */
export const impurity: Values = {
  criterion: ['squaredError', 'friedmanMse', 'absoluteError', 'poisson'],
};
/** Of single trees. */
export const splitter: Values = { splitter: ['best', 'random'] };
/** What makes forests quick. */
export const fewTrees: object = { nEstimators: 4 };

/** Of networks in training. */
export const network: Values = {
  solver: ['adam', 'sgd'],
  alpha: [0, 1e-4, 1],
  batchSize: ['auto', 1, 7],
  learningRate: ['cosine', 'constant', 'adaptive'],
  learningRateInit: [0.001, 0.05],
  maxIter: [1, 4, 12],
  shuffle: [true, false],
  ...seeded,
  tol: [0, 1e-4, 1],
  momentum: [0, 0.9],
  nesterovsMomentum: [true, false],
  earlyStopping: [false, true],
  validationFraction: [0.1, 0.5],
  beta1: [0, 0.9],
  beta2: [0.9, 0.999],
  epsilon: [1e-8, 0.1],
  nIterNoChange: [1, 10],
  inputBits: [1, 3, 6],
  outputBits: [1, 2, 6],
};

/** Of networks that classify. */
export const smoothing: Values = { labelSmoothing: [0, 0.1] };

/** Of networks of dense layers. */
export const denseNetwork: Values = {
  hiddenLayerSizes: [1, [3], [4, 2], []],
  activation: ['relu', 'logistic', 'tanh', 'hardtanh', 'identity', 'sign', 'step', 'table'],
  activationBits: [2, 3],
  batchNormalization: [true, false],
  weightBits: [1, 2, 4],
  accumulatorBits: [null, 6],
  maxFanIn: [null, 1, 2],
};

/** Of networks of any layers. */
export const layers: Values = {
  layers: [
    [],
    [dense(3)],
    [dense(3, { bits: 2 }), residual([dense(2), dense(3, { activation: null })], { bits: 2 })],
    [dense(2, { activation: null }), batchNormalization(), activation('step')],
  ],
  inputShape: [null],
};
