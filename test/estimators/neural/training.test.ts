/** Networks in training: what they learn, the limits that they keep, how they end, and that encrypted runs say the same. */
import test from 'ava';
import {
  activation,
  averagePool,
  batchNormalization,
  conv1d,
  conv2d,
  dense,
  flatten,
  MLPClassifier,
  type MLPClassifierParameters,
  MLPRegressor,
  maxPool,
  NeuralNetworkClassifier,
  NeuralNetworkRegressor,
  residual,
  type TrainableLayer,
} from '../../../estimators/index.ts';
import { evaluateNetwork } from '../../../estimators/neural/evaluate.ts';
import type { DenseLayer, GridLayer, Network } from '../../../estimators/neural/network.ts';
import type { Progress } from '../../../lib/progress.ts';
import { createRandom } from '../../../lib/random.ts';
import { toTensor } from '../../../tracer/index.ts';
import { warned } from '../../support/random/models/model.ts';
import { load } from '../support.ts';

const { XTrain, yTrain, XTest, yTest } = load('iris');

/** Rows of a shape whose class, 0 to 2, is where the brightest of three parts lies. */
function pictures(rows: number, elements: number): { X: number[][]; y: number[] } {
  const random = createRandom(3);
  const y = Array.from({ length: rows }, (_, row) => row % 3);
  const X = y.map((label) =>
    Array.from({ length: elements }, (_, i) => {
      const lit = Math.floor((3 * i) / elements) === label;
      return random() + (lit ? 0.8 : 0);
    }),
  );
  return { X, y };
}

function layersOf<K extends string>(network: Network, kind: K) {
  return network.layers.filter((layer) => layer.kind === kind);
}

/** The integers of the weights of a layer, neuron by neuron. */
function integers({ weights: { data, steps } }: DenseLayer): number[][] {
  const inputs = data.length / steps!.length;
  return steps!.map((step, k) =>
    data.slice(k * inputs, (k + 1) * inputs).map((weight) => weight / step),
  );
}

test('weights, sums and fan-in keep their limits', (t) => {
  for (const weightBits of [1, 2, 3, 8]) {
    const limits = { weightBits, accumulatorBits: 6, maxFanIn: 2, outputBits: 2 };
    const options = { hiddenLayerSizes: [6, 5], inputBits: 3, maxIter: 6, ...limits };
    const { network } = new MLPClassifier(options).fit(XTrain, yTrain).fitted;
    const layers = layersOf(network, 'dense') as DenseLayer[];
    const largest = weightBits === 1 ? 1 : 2 ** (weightBits - 1) - 1;
    for (const layer of layers.slice(0, 2)) {
      for (const own of integers(layer)) {
        t.true(
          own.every((k) => Number.isInteger(k) && Math.abs(k) <= largest),
          `${own}`,
        );
        t.true(own.filter((k) => k !== 0).length <= 2, `${own}`);
        t.true(own.reduce((sum, k) => sum + Math.abs(k), 0) * 7 <= 63, `${own}`);
      }
      t.true(layer.weights.steps!.every((step) => Number.isInteger(Math.log2(step))));
    }
    t.true(
      integers(layers[2]!)
        .flat()
        .every((k) => Math.abs(k) <= 1),
    );
    for (const { step } of layersOf(network, 'grid') as GridLayer[]) {
      t.true(step.every((own) => Number.isInteger(Math.log2(own))));
    }
  }
});

test('networks learn, with every function', (t) => {
  const functions = ['relu', 'logistic', 'tanh', 'hardtanh', 'sign', 'step', 'table'] as const;
  for (const name of functions) {
    const model = new MLPClassifier({ hiddenLayerSizes: 8, activation: name }).fit(XTrain, yTrain);
    t.true(model.score(XTest, yTest) >= 0.85, `${name}: ${model.score(XTest, yTest)}`);
    t.is(model.fitted.nIter, 100);
    t.is(model.fitted.lossCurve.length, 100);
    t.true(model.fitted.lossCurve[99]! < model.fitted.lossCurve[0]! / 2);
  }
});

test('clear predictions are what the network says in floats', (t) => {
  const model = new MLPClassifier({ hiddenLayerSizes: [6], maxIter: 20 }).fit(XTrain, yTrain);
  const floats = evaluateNetwork(model.fitted.network, toTensor(XTest));
  const scores = model.decisionFunction(XTest);
  floats.data.forEach((value, i) => {
    t.true(Math.abs(value - (scores.data[i] as number)) < 1e-9);
  });
});

test('several targets are learned together, each on a scale of its own', (t) => {
  const y = XTrain.map((row) => [1000 * row[2]!, 3 + row[3]!]);
  const model = new MLPRegressor({ hiddenLayerSizes: 16 }).fit(XTrain, y);
  t.deepEqual(model.predict(XTest).shape, [XTest.length, 2]);
  const truth = XTest.map((row) => [1000 * row[2]!, 3 + row[3]!]);
  t.true(model.score(XTest, truth) > 0.9, `${model.score(XTest, truth)}`);
});

test('seeds say everything: equal ones give equal networks, others other ones', (t) => {
  const learned = (randomState: number | null) =>
    new MLPClassifier({ hiddenLayerSizes: 4, maxIter: 5, randomState }).fit(XTrain, yTrain).fitted;
  t.deepEqual(learned(3), learned(3));
  t.deepEqual(learned(null), learned(0));
  t.notDeepEqual(learned(3).network, learned(4).network);
});

test('fit tells of each epoch', (t) => {
  const told: Progress[] = [];
  const onProgress = (progress: Progress) => told.push(progress);
  const model = new MLPClassifier({ hiddenLayerSizes: 4, maxIter: 5 });
  model.fit(XTrain, yTrain, { onProgress });
  t.deepEqual(
    told,
    [1, 2, 3, 4, 5].map((done) => ({ stage: 'train', done, total: 5 })),
  );
  t.throws(() => model.fit(XTrain, yTrain, { progress: onProgress } as object), {
    code: 'BAD_OPTION',
    message: /MLPClassifier\.fit/,
  });
});

test('early stopping keeps the best epoch by rows that it holds out', (t) => {
  const told: Progress[] = [];
  const options = { hiddenLayerSizes: 8, earlyStopping: true, validationFraction: 0.3 };
  const model = new MLPClassifier({ ...options, nIterNoChange: 5, maxIter: 200 });
  model.fit(XTrain, yTrain, { onProgress: (progress) => told.push(progress) });
  const { nIter, validationScores, lossCurve } = model.fitted;
  t.true(nIter < 200);
  t.is(validationScores.length, nIter);
  t.is(lossCurve.length, nIter);
  t.like(told.at(-1), { done: 200, total: 200 });
  t.true(model.score(XTest, yTest) > 0.85);
  t.throws(() => new MLPClassifier({ ...options, validationFraction: 0.01 }).fit(XTrain, yTrain), {
    code: 'BAD_OPTION',
    message: /MLPClassifier\.validationFraction/,
  });
});

test('a constant step size ends where nothing improves, or says that it has not converged', (t) => {
  const options = { hiddenLayerSizes: 4, learningRate: 'constant', nIterNoChange: 3 } as const;
  const patient = new MLPClassifier({ ...options, tol: 0.1, maxIter: 100 });
  t.deepEqual(
    warned(() => patient.fit(XTrain, yTrain)),
    [],
  );
  t.true(patient.fitted.nIter < 100);
  const hasty = new MLPClassifier({ ...options, tol: 0, maxIter: 4 });
  t.deepEqual(
    warned(() => hasty.fit(XTrain, yTrain)),
    ['NOT_CONVERGED'],
  );
});

test('a training that diverges keeps the epoch before, or says that there is none', (t) => {
  const options = {
    hiddenLayerSizes: 4,
    activation: 'identity',
    solver: 'sgd',
    momentum: 0.99,
    nesterovsMomentum: false,
    batchNormalization: false,
    maxIter: 50,
  } as const;
  const late = new MLPRegressor({ ...options, learningRateInit: 0.2 });
  const y = XTrain.map((row) => row[3]!);
  t.deepEqual(
    warned(() => late.fit(XTrain, y)),
    ['DIVERGED'],
  );
  t.true(late.fitted.nIter < 50);
  t.true(late.fitted.lossCurve.every(Number.isFinite));
  t.true(Array.from(late.predict(XTest).data).every(Number.isFinite));
  for (const learningRateInit of [1e3, 1e200]) {
    const atOnce = new MLPRegressor({ ...options, learningRateInit });
    t.throws(() => atOnce.fit(XTrain, y), { code: 'DIVERGED', message: /MLPRegressor/ });
  }
});

const limits = { accumulatorBits: 5, weightBits: 2, bits: 2 };
const stacks: Readonly<Record<string, readonly [readonly TrainableLayer[], readonly number[]]>> = {
  'conv2d, pools and a table': [
    [
      conv2d(3, 2, { ...limits, activation: 'sign' }),
      maxPool(2, { strides: 1 }),
      conv2d(2, [1, 2], { ...limits, padding: 'same', activation: 'table' }),
      averagePool(2),
    ],
    [1, 4, 5],
  ],
  'conv1d, a branch and normalization apart': [
    [
      conv1d(3, 3, { ...limits, strides: 2, padding: 'same' }),
      residual([conv1d(3, 1, { ...limits, activation: null })], { bits: 2 }),
      residual([conv1d(3, 1, limits)], { activation: 'hardtanh', bits: 2 }),
      flatten(),
      dense(4, { ...limits, activation: null }),
      batchNormalization(),
      activation('step'),
    ],
    [2, 6],
  ],
};

for (const [name, [layers, inputShape]] of Object.entries(stacks)) {
  const elements = inputShape.reduce((a, b) => a * b);
  test(`${name}: clear, simulated and encrypted predictions are equal`, async (t) => {
    const { X, y } = pictures(90, elements);
    const options = { layers, inputShape, inputBits: 2, outputBits: 2, maxIter: 30 };
    const model = new NeuralNetworkClassifier(options).fit(X, y);
    t.true(model.score(X, y) > 0.6, `${model.score(X, y)}`);
    const rows = X.slice(0, 3);
    const scores = [...model.decisionFunction(rows).data];
    t.deepEqual([...(await model.decisionFunction(rows, { encrypted: 'simulate' })).data], scores);
    t.deepEqual([...(await model.decisionFunction(rows, { encrypted: true })).data], scores);
    const floats = evaluateNetwork(model.fitted.network, toTensor(rows));
    floats.data.forEach((value, i) => {
      t.true(Math.abs(value - scores[i]!) < 1e-9);
    });
    const again = NeuralNetworkClassifier.fromJSON(JSON.parse(JSON.stringify(model)));
    t.deepEqual(again.getParams().layers, layers);
    t.deepEqual([...again.decisionFunction(rows).data], scores);
  });
}

test('layers that do not fit are refused by their place', (t) => {
  const { X, y } = pictures(12, 16);
  const learning =
    (layers: readonly TrainableLayer[], inputShape: readonly number[] | null) => () =>
      new NeuralNetworkRegressor({ layers, inputShape, maxIter: 1 }).fit(X, y);
  const refused = (
    layers: readonly TrainableLayer[],
    code: string,
    message: RegExp,
    inputShape: readonly number[] | null = [1, 4, 4],
  ): void => {
    t.throws(learning(layers, inputShape), { code, message });
  };
  const sums = dense(4, { activation: null });
  refused([], 'SHAPE_MISMATCH', /inputShape/, [5, 3]);
  refused([dense(3)], 'SHAPE_MISMATCH', /layers\[0\] \(dense\).*flatten\(\)/);
  refused([conv2d(2, 5)], 'SHAPE_MISMATCH', /layers\[0\] \(convolution\).*window of \[5,5\]/);
  refused([conv1d(2, 2)], 'SHAPE_MISMATCH', /\[channels, length\]/);
  refused([maxPool(2)], 'SHAPE_MISMATCH', /inputShape/, null);
  refused([sums, dense(2)], 'BAD_OPTION', /layers\[1\].*given sums/, null);
  refused([sums, batchNormalization()], 'BAD_OPTION', /the output.*normalized sums/, null);
  refused([batchNormalization()], 'BAD_OPTION', /layers\[0\]/, null);
  refused([residual([dense(3)])], 'SHAPE_MISMATCH', /layers\[0\] \(residual\)/, null);
  const narrow = dense(3, { accumulatorBits: 3 });
  refused([narrow], 'BAD_OPTION', /layers\[0\] \(dense\): accumulatorBits.*at least 4/, null);
  const bit = dense(3, { activation: 'tanh', bits: 1 });
  refused([bit], 'BAD_OPTION', /'sign'/, null);
});

test('builders refuse options that they do not have, and values that are none', (t) => {
  t.throws(() => dense(3, { unit: 3 } as object), { code: 'BAD_OPTION', message: /given unit/ });
  t.throws(() => dense(0), { code: 'BAD_OPTION', message: /dense\.units/ });
  t.throws(() => conv2d(2, [3] as never), { code: 'BAD_OPTION', message: /kernel/ });
  t.throws(() => conv2d(2, 3, { padding: 'full' as 'same' }), { code: 'BAD_OPTION' });
  t.throws(() => residual([{ kind: 'dense' } as never]), { code: 'BAD_OPTION' });
  t.throws(() => activation('softmax' as 'relu'), { code: 'BAD_OPTION', message: /'hardtanh'/ });
  const wrong = [{ ...dense(3), units: -1 }];
  const model = new NeuralNetworkClassifier({ layers: wrong });
  t.throws(() => model.fit(XTrain, yTrain), { code: 'BAD_OPTION', message: /\.layers/ });
});

test('rows of weight 0 are left out, and others count by their weight', (t) => {
  const parameters: Partial<MLPClassifierParameters> = {
    hiddenLayerSizes: 4,
    maxIter: 8,
    earlyStopping: true,
  };
  const learned = (rows: readonly number[], sampleWeight: readonly number[]): Network => {
    const [X, y] = [rows.map((row) => XTrain[row]!), rows.map((row) => yTrain[row]!)];
    return new MLPClassifier(parameters).fit(X, y, { sampleWeight }).fitted.network;
  };
  const all = XTrain.map((_, row) => row);
  const weights = all.map((row) => [0, 1, 4][row % 3]!);
  const some = all.filter((row) => row % 3 > 0);
  const own = some.map((row) => weights[row]!);
  const weighted = learned(all, weights);
  t.deepEqual(weighted, learned(some, own));
  const ones = some.map(() => 1);
  t.notDeepEqual(weighted, learned(some, ones));
});
