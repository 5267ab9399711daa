import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  IsolationForest,
  RandomForestClassifier,
  RandomForestRegressor,
  rocAucScore,
} from '../../estimators/index.ts';
import { type DataSet, load } from './support.ts';

const supervised = {
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  RandomForestClassifier,
  RandomForestRegressor,
};

/** What scikit-learn made of one estimator on one data set; see test/fixtures/make_sklearn_trees.py. */
interface Case {
  readonly data: string;
  readonly estimator: keyof typeof supervised | 'IsolationForest';
  readonly parameters: Record<string, unknown>;
  readonly figures: Record<string, { readonly mean: number; readonly sd: number }>;
  readonly predictions?: readonly number[];
}

interface Rows {
  readonly X: readonly number[][];
  readonly y: readonly number[];
  readonly train: readonly number[];
  readonly test: readonly number[];
}

const file = new URL('../fixtures/sklearn-trees.json', import.meta.url);
const fixture = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly seeds: number;
  readonly data: Record<string, Rows>;
  readonly cases: readonly Case[];
};

/** All that is asked of a fitted model. */
interface AnyModel {
  fit(X: number[][], y: number[]): AnyModel;
  score(X: number[][], y: number[]): number;
  predict(X: number[][]): { readonly data: ArrayLike<number> };
  getNLeaves?(): number;
  readonly fitted: { readonly oobScore?: number };
}

for (const reference of fixture.cases) {
  const { data, estimator, parameters, figures } = reference;
  test(`${data}: ${estimator} ${JSON.stringify(parameters)}`, (t) => {
    const rows = rowsOf(data);
    const seeds = estimator.startsWith('DecisionTree') ? 10 : 4;
    const runs = Array.from({ length: seeds }, (_, randomState) =>
      estimator === 'IsolationForest'
        ? outlierFigures({ ...parameters, randomState }, rows)
        : modelFigures(estimator, { ...parameters, randomState }, rows),
    );
    for (const [figure, { mean, sd }] of Object.entries(figures)) {
      // Where all seeds give one tree, rows on a threshold decide: scikit-learn rounds features to 32 bits.
      if (figure === 'score' && reference.predictions !== undefined) continue;
      const ours = runs.reduce((sum, run) => sum + run[figure]!, 0) / seeds;
      // Means over seeds differ by chance as well: three standard errors of both.
      const chance = 3 * sd * Math.sqrt(1 / seeds + 1 / fixture.seeds);
      const close = figure === 'leaves' ? 0.05 * mean : 0.01;
      t.true(Math.abs(ours - mean) <= close + chance, `${figure} ${ours} and not ${mean}`);
    }
    if (reference.predictions === undefined || estimator === 'IsolationForest') return;
    const model = new (supervised[estimator] as new (parameters: object) => AnyModel)(parameters);
    const predicted = model.fit(rows.XTrain, rows.yTrain).predict(rows.XTest).data;
    const differ = reference.predictions.filter((value, row) => {
      // Leaves are integers: 2^14 steps of a range of about 320.
      return Math.abs(value - predicted[row]!) > 0.02;
    });
    t.true(differ.length <= 3, `${differ.length} of ${predicted.length} rows differ`);
  });
}

function rowsOf(name: string): DataSet {
  const rows = fixture.data[name];
  if (rows === undefined) return load(name);
  const pick = <T>(values: readonly T[], which: readonly number[]): T[] =>
    which.map((row) => values[row]!);
  return {
    XTrain: pick(rows.X, rows.train),
    XTest: pick(rows.X, rows.test),
    yTrain: pick(rows.y, rows.train),
    yTest: pick(rows.y, rows.test),
  };
}

function modelFigures(
  estimator: keyof typeof supervised,
  parameters: object,
  { XTrain, XTest, yTrain, yTest }: DataSet,
): Record<string, number> {
  const model = new (supervised[estimator] as new (parameters: object) => AnyModel)(parameters);
  model.fit(XTrain, yTrain);
  const figures: Record<string, number> = { score: model.score(XTest, yTest) };
  if (model.fitted.oobScore !== undefined) figures.oobScore = model.fitted.oobScore;
  if (model.getNLeaves === undefined) return figures;
  return { ...figures, leaves: model.getNLeaves(), trained: model.score(XTrain, yTrain) };
}

function outlierFigures(
  parameters: object,
  { XTrain, XTest, yTest }: DataSet,
): Record<string, number> {
  const model = new IsolationForest(parameters).fit(XTrain);
  const scores = Array.from(model.scoreSamples(XTest).data);
  const labels = Array.from(model.predict(XTest).data);
  return {
    auc: rocAucScore(
      yTest.map((label) => Number(label !== 0)),
      scores,
    ),
    outliers: labels.filter((label) => label === -1).length / labels.length,
    score: scores.reduce((a, b) => a + b) / scores.length,
  };
}
