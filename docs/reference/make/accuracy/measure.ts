/** How well our models do: as the integers of encrypted runs, in floating point, and with labels alone. */
import * as estimators from '../../../../estimators/index.ts';
import { type AccuracyCase, type Fold, foldCount, foldOf, type Parameters } from './cases.ts';
import { scoreOf } from './figures.ts';
import { type AnyFitted, floatPredictions } from './floatModels.ts';

/** What one fitted model does on the rows that it did not learn from. */
export interface Measured {
  /** In clear, with the integers of encrypted runs. */
  readonly ours: number;
  /** What was learned, without integers. */
  readonly float: number;
  /** The largest difference from the given coefficients, as a share of the largest of them; null where none are given. */
  readonly coefficients: number | null;
}

/** The mean over folds and seeds. */
export interface MeasuredCase extends Measured {
  /** Of classifiers: where encrypted runs return labels alone. */
  readonly label: number | null;
}

/** Seeds of each fold, for what depends on one. */
export const seedCount = 5;

/** Everything that is measured of a case. */
export function measureCase(each: AccuracyCase): MeasuredCase {
  const runs: Measured[] = [];
  const labels: number[] = [];
  for (let fold = 0; fold < foldCount; fold++) {
    const rows = foldOf(each.set, fold);
    for (let seed = 0; seed < (each.seeds === undefined ? 1 : seedCount); seed++) {
      runs.push(measure(each, fold, seed));
      // Outlier detectors are judged by their scores.
      if (each.steps.at(-1)![0] === 'IsolationForest') continue;
      const model = fitted(each, rows, { randomState: seed, output: 'label' });
      if ('output' in inside(model).fitted) labels.push(scored(each, model, rows));
    }
  }
  return {
    ours: mean(runs.map(({ ours }) => ours)),
    float: mean(runs.map(({ float }) => float)),
    label: labels.length === 0 ? null : mean(labels),
    coefficients: runs[0]!.coefficients,
  };
}

/** One fit. Coefficients are those of the first fold. */
export function measure(each: AccuracyCase, fold: number, seed: number): Measured {
  const rows = foldOf(each.set, fold);
  const model = fitted(each, rows, { randomState: seed });
  const { fitted: state, transform } = inside(model);
  const X = transform(rows.XTest);
  return {
    ours: scored(each, model, rows),
    float: scoreOf(state, X, rows.yTest, floatPredictions(state, X)),
    coefficients: fold === 0 ? distance(each, state) : null,
  };
}

/** What all models here can do. */
interface Model {
  getParams(): Parameters;
  fit(X: number[][], y: number[]): this;
  predict(X: number[][]): Predicted;
  scoreSamples?(X: number[][]): Predicted;
  transform(X: number[][]): Predicted;
  readonly fitted: AnyFitted;
}

/** Numbers in rows. */
interface Predicted {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** A pipeline of the steps, fitted; of a single step, its model. `wanted` holds for models that have such parameters. */
function fitted({ steps }: AccuracyCase, { XTrain, yTrain }: Fold, wanted: Parameters): Model {
  const made = steps.map(([name, parameters]): [string, Model] => {
    const Class = (estimators as unknown as Record<string, new (all: Parameters) => Model>)[name]!;
    const own = Object.entries({ outOfRange: 'clip', ...wanted });
    const known = new Class(parameters).getParams();
    const more = Object.fromEntries(own.filter(([parameter]) => parameter in known));
    return [name, new Class({ ...more, ...parameters })];
  });
  const model =
    made.length === 1 ? made[0]![1] : (new estimators.Pipeline(made as never) as unknown as Model);
  return model.fit(XTrain, yTrain);
}

/** What the predicting step learned, and the way of rows to it. */
function inside(model: Model): {
  readonly fitted: AnyFitted;
  transform(X: number[][]): number[][];
} {
  if (!(model instanceof estimators.Pipeline)) {
    return { fitted: model.fitted, transform: (X) => X };
  }
  const steps = Object.values(model.namedSteps) as unknown as Model[];
  return {
    fitted: steps.at(-1)!.fitted,
    transform: (X) => steps.slice(0, -1).reduce((rows, step) => lists(step.transform(rows)), X),
  };
}

/** The score of what the model itself predicts. */
function scored({ steps }: AccuracyCase, model: Model, { XTest, yTest }: Fold): number {
  const { fitted: state, transform } = inside(model);
  const isDetector = steps.at(-1)![0] === 'IsolationForest';
  const values = isDetector ? model.scoreSamples!(XTest) : model.predict(XTest);
  const predictions = values.shape.length === 1 ? Array.from(values.data) : lists(values);
  return scoreOf(state, transform(XTest), yTest, predictions);
}

function lists({ shape, data }: Predicted): number[][] {
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => data[row * columns + column]!),
  );
}

function distance({ coef, intercept }: AccuracyCase, state: AnyFitted): number | null {
  if (coef === undefined || intercept === undefined) return null;
  const { coef: ourCoef, intercept: ourIntercept } = state as {
    readonly coef: number[][];
    readonly intercept: number[];
  };
  const scale = largest(coef.flat());
  return Math.max(
    largest(coef.flat().map((value, i) => value - ourCoef.flat()[i]!)) / scale,
    largest(intercept.map((value, k) => value - ourIntercept[k]!)) /
      Math.max(scale, largest(intercept)),
  );
}

function largest(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
