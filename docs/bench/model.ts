/** What is measured of every model. */
import type { Circuit } from 'blindfit';
import { accuracyScore, r2Score } from 'blindfit/estimators';
import { TheilSenRegression } from 'ml-regression';
import type { NdArray } from 'ndarray';
import type { Split } from '../examples/data/load.ts';
import type { Figures } from './case.ts';
import { circuitFigures, medianMs, timed } from './measure.ts';

/** What is called of a model. */
interface Model {
  fit(X: number[][], y: number[]): unknown;
  compile(): Promise<Circuit>;
  predict(X: number[][]): unknown;
  predict(X: number[][], options: { encrypted: true }): Promise<unknown>;
  readonly fitted: object;
}

/** Fits, compiles and predicts one encrypted row, then the steps of its circuit alone; then a batch of rows. */
export async function modelFigures(
  model: Model,
  { XTrain, yTrain, XTest, yTest }: Split,
  runs: number,
  batchRows: number,
): Promise<Figures> {
  const { ms: fitting } = await timed(() => model.fit(XTrain, yTrain));
  const { ms: compiling, value: circuit } = await timed(() => model.compile());
  const row = XTest.slice(0, 1);
  const { ms: batchMs, slope } = await batchTimes(model, XTest, batchRows);
  // Times do not depend on values: any row of integers in range will do for the steps.
  const { shape, min, max } = circuit.inputs[0]!;
  const integers = new Array<number>(shape[0]!).fill(Math.round((min + max) / 2));
  return {
    ...quality(model, XTest, yTest),
    'fit ms': fitting,
    'compile ms': compiling,
    'predict ms': await medianMs(() => model.predict(row, { encrypted: true }), runs),
    'rows/s': (1e3 * batchRows) / batchMs,
    'further row ms': slope,
    ...(await circuitFigures(circuit, [integers], runs)),
  };
}

/** The accuracy of a classifier, R^2 of a regressor; nothing of what learns from rows alone. */
function quality(model: Model, X: number[][], y: number[]): Figures {
  const predicted = model.predict(X) as NdArray<Float64Array>;
  if ('classes' in model.fitted) return { accuracy: accuracyScore(y, predicted) };
  return 'targetShape' in model.fitted ? { r2: r2Score(y, predicted) } : {};
}

/**
 * Milliseconds of a whole batch, and of each further row: the slope of time over batch sizes, a median of slopes, so that
 * one disturbed measurement does not move it.
 */
async function batchTimes(
  model: Model,
  X: number[][],
  rows: number,
): Promise<{ ms: number; slope: number }> {
  const sizes = [0.25, 0.5, 0.75, 1].map((share) => Math.round(share * rows));
  const times: number[] = [];
  for (const size of sizes) {
    const batch = Array.from({ length: size }, (_, i) => X[i % X.length]!);
    times.push(await medianMs(() => model.predict(batch, { encrypted: true }), 3));
  }
  const { slope } = new TheilSenRegression(sizes, times);
  return { ms: times.at(-1)!, slope };
}
