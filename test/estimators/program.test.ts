import test from 'ava';
import {
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  IsolationForest,
  LinearSVC,
  LogisticRegression,
  RandomForestClassifier,
  type Tree,
} from '../../estimators/index.ts';
import { evaluateBatch, print, toTensor, trace } from '../../tracer/index.ts';
import { integerModel, load } from './support.ts';

for (const name of ['breast-cancer', 'iris', 'digits']) {
  test(`${name}: the traced programs compute what clear predictions compute`, (t) => {
    const { XTrain, XTest, yTrain } = load(name);
    const models = [
      integerModel(new LogisticRegression({ tol: 0.1, outOfRange: 'clip' }).fit(XTrain, yTrain)),
      integerModel(new LinearSVC({ tol: 0.1, outOfRange: 'clip' }).fit(XTrain, yTrain)),
      integerModel(new DecisionTreeClassifier().fit(XTrain, yTrain)),
      integerModel(
        new DecisionTreeClassifier({ maxDepth: 2, output: 'label' }).fit(XTrain, yTrain),
      ),
      integerModel(new DecisionTreeRegressor({ maxDepth: 6 }).fit(XTrain, yTrain)),
      integerModel(new RandomForestClassifier({ nEstimators: 5 }).fit(XTrain, yTrain)),
      integerModel(
        new ExtraTreesClassifier({ nEstimators: 5, output: 'label' }).fit(XTrain, yTrain),
      ),
      integerModel(new ExtraTreesRegressor({ nEstimators: 5 }).fit(XTrain, yTrain)),
      integerModel(new IsolationForest({ nEstimators: 5 }).fit(XTrain)),
    ];
    for (const { input, program, quantize, evaluate } of models) {
      const { length, min, max } = input;
      const graph = trace(program, [{ name: 'x', shape: [length], min, max, encrypted: true }]);
      const codes = quantize(toTensor(XTest));
      t.true(codes.data.every((code) => Number.isInteger(code) && code >= min && code <= max));
      t.deepEqual(evaluateBatch(graph, [codes])[0], evaluate(codes));
    }
  });
}

test('a linear model is one product and one sum', (t) => {
  const { XTrain, yTrain } = load('iris');
  const { input, program } = integerModel(new LogisticRegression().fit(XTrain, yTrain));
  const graph = trace(program, [{ name: 'x', shape: [input.length], ...input, encrypted: true }]);
  t.deepEqual(
    graph.nodes.map(({ op }) => op).filter((op) => op !== 'constant'),
    ['input', 'matmul', 'add'],
    print(graph),
  );
});

test('a tree asks for one bit a split, and for what several splits ask only once', (t) => {
  const { XTrain, yTrain } = load('breast-cancer');
  const tests = (trees: readonly Tree[]): string[] =>
    trees.flatMap(({ feature, threshold }) =>
      feature.flatMap((column, i) => (column < 0 ? [] : [`${column} ${threshold[i]}`])),
    );
  const single = new DecisionTreeClassifier({ maxDepth: 5 }).fit(XTrain, yTrain);
  const asked = new Set(tests([single.fitted.tree]));
  t.like(integerModel(single).input, { length: asked.size, min: 0, max: 1 });
  const forest = new RandomForestClassifier({ nEstimators: 30 }).fit(XTrain, yTrain);
  const all = tests(forest.fitted.trees);
  t.is(integerModel(forest).input.length, new Set(all).size);
  t.true(new Set(all).size < 0.8 * all.length);
});
