/** Training on encrypted rows and labels: what it learns, and that an encrypted run learns the very same. */
import test from 'ava';
import {
  LogisticRegression,
  Perceptron,
  SGDClassifier,
  type SGDClassifierParameters,
} from '../../estimators/index.ts';
import { trainingGrid } from '../../estimators/quantize/trainingGrid.ts';
import type { Progress } from '../../lib/index.ts';
import { type DataSet, load } from './support.ts';

const log = { loss: 'logLoss' } as const;

/** Iris without its first class: two classes that overlap a little. */
function binaryIris(): DataSet {
  const { XTrain, XTest, yTrain, yTest } = load('iris', true);
  const kept = (X: number[][], y: number[]) => X.filter((_, i) => y[i]! > 0);
  const labels = (y: number[]) => y.filter((label) => label > 0);
  return {
    XTrain: kept(XTrain, yTrain),
    XTest: kept(XTest, yTest),
    yTrain: labels(yTrain),
    yTest: labels(yTest),
  };
}

const sets: Readonly<Record<string, () => DataSet>> = {
  'breast cancer': () => load('breast-cancer', true),
  'iris, two classes': binaryIris,
};

/** Right ones of all rows: test sets of 50 rows would make steps of 2 points. */
function accuracy(model: SGDClassifier | LogisticRegression, set: DataSet): number {
  const X = [...set.XTrain, ...set.XTest];
  return model.score(X, [...set.yTrain, ...set.yTest]);
}

for (const [name, load] of Object.entries(sets))
  test(`${name}: within 2 points of training in clear`, async (t) => {
    const set = load();
    const clear = accuracy(new SGDClassifier(log).fit(set.XTrain, set.yTrain), set);
    const scores: number[] = [];
    for (const randomState of [0, 1, 2]) {
      const model = new SGDClassifier({ ...log, randomState });
      await model.fit(set.XTrain, set.yTrain, { encrypted: 'simulate' });
      scores.push(accuracy(model, set));
    }
    const logistic = new LogisticRegression();
    await logistic.fit(set.XTrain, set.yTrain, { encrypted: 'simulate' });
    scores.push(accuracy(logistic, set));
    t.log(`${scores.map((score) => score.toFixed(3))}, in clear ${clear.toFixed(3)}`);
    for (const score of scores) t.true(score >= clear - 0.02, `${score}, in clear ${clear}`);
  });

/** Few rows of two features, for runs that take seconds. */
function small(): { X: number[][]; y: string[] } {
  const { XTrain, yTrain } = binaryIris();
  return {
    X: XTrain.map((row) => row.slice(2)),
    y: yTrain.map((label) => (label === 2 ? 'virginica' : 'versicolor')),
  };
}

test('an encrypted fit learns what a simulated one does, and is a fit like any other', async (t) => {
  const { X, y } = small();
  const options = { steps: 4, batchSize: 2 } as const;
  const model = new SGDClassifier({ ...log, alpha: 0.01, randomState: 3 });
  const stages: Progress[] = [];
  const onProgress = (progress: Progress) => stages.push(progress);
  t.is(await model.fit(X, y, { ...options, encrypted: true, onProgress }), model);
  const simulated = model.clone();
  await simulated.fit(X, y, { ...options, encrypted: 'simulate' });
  t.deepEqual(simulated.fitted, model.fitted);
  t.deepEqual(model.fitted.classes, ['versicolor', 'virginica']);
  t.is(model.fitted.nIter, 4);
  t.true(model.score(X, y) > 0.8, `${model.score(X, y)}`);
  t.deepEqual(Object.keys(model.fitted), Object.keys(new SGDClassifier(log).fit(X, y).fitted));
  t.is(SGDClassifier.load(model.save()).score(X, y), model.score(X, y));
  t.deepEqual(
    stages.filter(({ stage }) => stage === 'step').map(({ done }) => done),
    [0, 1, 2, 3, 4],
  );
});

test('one problem for each class of three', async (t) => {
  const { XTrain, yTrain } = load('iris', true);
  const model = new SGDClassifier(log);
  await model.fit(XTrain, yTrain, { encrypted: 'simulate' });
  t.is(model.fitted.coef.length, 3);
  t.true(model.score(XTrain, yTrain) > 0.85, `${model.score(XTrain, yTrain)}`);
});

test('penalties shrink coefficients, and no intercept is none', async (t) => {
  const { X, y } = small();
  const norm = async (parameters: Partial<SGDClassifierParameters>) => {
    const model = new SGDClassifier({ ...log, ...parameters });
    await model.fit(X, y, { encrypted: 'simulate', steps: 60 });
    return Math.hypot(...model.fitted.coef[0]!);
  };
  const free = await norm({ penalty: null });
  const bound = await norm({ alpha: 0.05 });
  t.true(bound < 0.8 * free, `${bound} of ${free}`);
  const flat = new SGDClassifier({ ...log, fitIntercept: false });
  await flat.fit(X, y, { encrypted: 'simulate', steps: 20 });
  // What is left comes from centring the features.
  const { coef, intercept } = flat.fitted;
  const { center } = trainingGrid({ shape: [X.length, 2], data: Float64Array.from(X.flat()) }, 4);
  const centred = coef[0]!.reduce((sum, value, j) => sum + value * center[j]!, intercept[0]!);
  t.true(Math.abs(centred) < 1e-12, `${centred}`);
});

test('what encrypted training cannot follow is refused by name', async (t) => {
  const { X, y } = small();
  const refused = async (parameters: Partial<SGDClassifierParameters>, name: string) => {
    const model = new SGDClassifier({ ...log, ...parameters });
    const fitting = model.fit(X, y, { encrypted: 'simulate' });
    const { message } = (await t.throwsAsync(fitting, { code: 'UNSUPPORTED' }))!;
    t.true(message.includes(name), message);
    t.throws(() => model.fitted, { code: 'NOT_FITTED' });
  };
  await refused({ loss: 'hinge' }, 'loss');
  await refused({ penalty: 'l1' }, 'penalty');
  await refused({ learningRate: 'adaptive', eta0: 1 }, 'learningRate');
  await refused({ classWeight: 'balanced' }, 'classWeight');
  await refused({ average: true }, 'average');
  await refused({ earlyStopping: true }, 'earlyStopping');
  const logistic = (parameters: object, labels: readonly (string | number)[] = y) =>
    new LogisticRegression(parameters).fit(X, labels as string[], { encrypted: 'simulate' });
  await t.throwsAsync(logistic({ penalty: 'l1' }), { code: 'UNSUPPORTED' });
  await t.throwsAsync(
    logistic(
      {},
      y.map((_, i) => i % 3),
    ),
    { code: 'UNSUPPORTED' },
  );
});

test('bad options are refused', async (t) => {
  const { X, y } = small();
  const refused = (options: object, parameters: Partial<SGDClassifierParameters> = {}) =>
    t.throwsAsync(
      async () =>
        new SGDClassifier({ ...log, ...parameters }).fit(X, y, {
          encrypted: 'simulate',
          ...options,
        }),
      { code: 'BAD_OPTION' },
    );
  await refused({ encrypted: 'yes' });
  await refused({ steps: 0 });
  await refused({ batchSize: 2.5 });
  await refused({ batchSize: 1e6 });
  await refused({ weightRange: -1 });
  await refused({ pError: 2 });
  await refused({ sampleWeight: [1] });
  await refused({}, { learningRate: 'constant', eta0: 1e3 });
  await refused({}, { alpha: 50 });
  await t.throwsAsync(new SGDClassifier(log).fit(X, y.slice(1), { encrypted: 'simulate' }), {
    code: 'SHAPE_MISMATCH',
  });
});

test('an abort ends a fit with its reason, and leaves the estimator as it was', async (t) => {
  const { X, y } = small();
  const model = new SGDClassifier(log);
  const controller = new AbortController();
  const onProgress = ({ stage, done }: Progress) => {
    if (stage === 'step' && done === 1) controller.abort(new Error('enough'));
  };
  const { signal } = controller;
  const fitting = model.fit(X, y, { encrypted: 'simulate', signal, onProgress });
  await t.throwsAsync(fitting, { message: 'enough' });
  t.throws(() => model.fitted, { code: 'NOT_FITTED' });
});

test('codes of training rows are standardized, and cut off where rows lie far out', (t) => {
  const data = Float64Array.of(...Array.from({ length: 99 }, (_, i) => i % 3), 1000);
  const both = Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? data[i / 2]! : 5));
  const { codes, scale, largest, largestSum } = trainingGrid({ shape: [100, 2], data: both }, 4);
  t.is(largest, 7);
  t.is(codes.data.at(-2), 7);
  t.is(largestSum, 7);
  t.is(scale[1], 0);
  t.true(codes.data.every((code, i) => i % 2 === 0 || code === 0));
});

test('other classifiers refuse to take rows in clear where encryption is asked for', (t) => {
  const { X, y } = small();
  const options = { encrypted: true } as unknown as object;
  t.throws(() => new Perceptron().fit(X, y, options), { code: 'BAD_OPTION' });
});
