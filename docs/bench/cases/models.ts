import { DecisionTreeClassifier, LinearSVC, LogisticRegression } from 'blindfit/estimators';
import { TheilSenRegression } from 'ml-regression';
import { splitBreastCancer } from '../../examples/data/load.ts';
import type { Case, Figures } from '../case.ts';
import { circuitFigures, medianMs, timed } from '../measure.ts';

type Model = LogisticRegression | LinearSVC | DecisionTreeClassifier;

const { XTrain, yTrain, XTest, yTest } = splitBreastCancer();

/** Fits, compiles and predicts one encrypted row, then the steps of its circuit alone; then a batch of rows. */
async function modelFigures(model: Model, runs: number, batchRows: number): Promise<Figures> {
  model.fit(XTrain, yTrain);
  const { ms: compiling, value: circuit } = await timed(() => model.compile());
  const row = XTest.slice(0, 1);
  const { ms: batchMs, slope } = await batchTimes(model, batchRows);
  // Times do not depend on values: any row of integers in range will do for the steps.
  const { shape, min, max } = circuit.inputs[0]!;
  const integers = new Array<number>(shape[0]!).fill(Math.round((min + max) / 2));
  return {
    accuracy: model.score(XTest, yTest),
    'compile ms': compiling,
    'predict ms': await medianMs(() => model.predict(row, { encrypted: true }), runs),
    'rows/s': (1e3 * batchRows) / batchMs,
    'further row ms': slope,
    ...(await circuitFigures(circuit, [integers], runs)),
  };
}

/**
 * Milliseconds of a whole batch, and of each further row: the slope of time over batch sizes, a median of slopes, so that
 * one disturbed measurement does not move it.
 */
async function batchTimes(model: Model, rows: number): Promise<{ ms: number; slope: number }> {
  const sizes = [0.25, 0.5, 0.75, 1].map((share) => Math.round(share * rows));
  const times: number[] = [];
  for (const size of sizes) {
    const batch = Array.from({ length: size }, (_, i) => XTest[i % XTest.length]!);
    times.push(await medianMs(() => model.predict(batch, { encrypted: true }), 3));
  }
  const { slope } = new TheilSenRegression(sizes, times);
  return { ms: times.at(-1)!, slope };
}

/** scikit-learn's estimators on the breast cancer data: 30 features, 398 rows to learn from, 171 to judge by. */
export const cases: readonly Case[] = [
  {
    name: 'logistic-regression',
    goal: { 'predict ms': 0.3, 'rows/s': 30_000 },
    run: () => modelFigures(new LogisticRegression(), 101, 34_200),
  },
  {
    name: 'linear-svc',
    goal: { 'predict ms': 0.3, 'rows/s': 30_000 },
    run: () => modelFigures(new LinearSVC(), 101, 34_200),
  },
  {
    name: 'decision-tree',
    goal: { 'predict ms': 40 },
    run: () =>
      modelFigures(new DecisionTreeClassifier({ maxDepth: 5, nBits: 6, randomState: 0 }), 21, 20),
  },
];
