import test from 'ava';
import {
  accuracyScore,
  DecisionTreeClassifier,
  LinearSVC,
  LogisticRegression,
} from '../../estimators/index.ts';
import { type Case, cases, dataSets, load, weightsOf } from './support.ts';

/** Half a point. */
const close = 0.005;
const seeds = 20;

const linear = { LogisticRegression, LinearSVC };

for (const name of dataSets) {
  for (const reference of cases(name)) {
    const title = `${name}: ${reference.estimator} ${JSON.stringify(reference.parameters)}`;
    const more = `${reference.scaled ? ', scaled' : ''}${reference.weighted ? ', weighted' : ''}`;
    test(`${title}${more}`, (t) => {
      const { estimator } = reference;
      if (estimator === 'DecisionTreeClassifier') {
        const { ours, trained, leaves, rootImpurity } = treeRuns(name, reference);
        // Means over seeds differ by chance as well: three standard errors of both.
        const chance = 3 * reference.accuracySd * Math.sqrt(1 / seeds + 1 / 100);
        t.true(Math.abs(ours - reference.accuracy) <= close + chance, `${ours}`);
        t.true(Math.abs(trained - reference.trainAccuracy) <= 2 * close, `${trained}`);
        t.true(Math.abs(leaves - reference.leaves) <= 0.05 * reference.leaves + 1, `${leaves}`);
        t.true(Math.abs(rootImpurity - reference.rootImpurity) < 1e-12);
        return;
      }
      const data = load(name, reference.scaled);
      const weights = weightsOf(reference, data.yTrain.length);
      const model = new linear[estimator]({ ...reference.parameters, outOfRange: 'clip' });
      model.fit(data.XTrain, data.yTrain, weights);
      t.true(model.score(data.XTest, data.yTest) >= reference.accuracy - close);
      // The very labels of scikit-learn's float model, but for a row or two on the border.
      t.true(accuracyScore(reference.predictions, model.predict(data.XTest)) >= 1 - 2 * close);

      const { coef, intercept } = model.fitted;
      const scale = largest(reference.coef.flat());
      // Default tolerances stop early; how early depends on the solver.
      const early = estimator === 'LinearSVC' && reference.parameters.tol === undefined;
      const tolerance = early ? 1e-2 : 1e-3;
      t.true(distance(coef.flat(), reference.coef.flat()) <= tolerance * scale);
      const offset = Math.max(largest(reference.intercept), 1);
      t.true(distance(intercept, reference.intercept) <= tolerance * offset);
      const decision = model.decisionFunction(data.XTest.slice(0, 20));
      const expected = reference.decision.flat();
      t.true(
        distance(Array.from(decision.data), expected) <= 5e-3 * Math.max(largest(expected), 1),
      );
    });
  }
}

function treeRuns(
  name: string,
  reference: Case,
): { ours: number; trained: number; leaves: number; rootImpurity: number } {
  const { XTrain, XTest, yTrain, yTest } = load(name);
  const weights = weightsOf(reference, yTrain.length);
  const models = Array.from({ length: seeds }, (_, randomState) =>
    new DecisionTreeClassifier({ ...reference.parameters, randomState }).fit(
      XTrain,
      yTrain,
      weights,
    ),
  );
  const mean = (value: (model: DecisionTreeClassifier) => number): number =>
    models.reduce((sum, model) => sum + value(model), 0) / seeds;
  return {
    ours: mean((model) => model.score(XTest, yTest)),
    trained: mean((model) => model.score(XTrain, yTrain)),
    leaves: mean((model) => model.getNLeaves()),
    rootImpurity: models[0]!.fitted.tree.impurity[0]!,
  };
}

function largest(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return largest(a.map((value, i) => value - b[i]!));
}
