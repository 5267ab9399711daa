import test from 'ava';
import { DecisionTreeClassifier, LinearSVC, LogisticRegression } from '../../estimators/index.ts';
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

test('a tree asks for the used features only, and for no more bits than their thresholds need', (t) => {
  const { XTrain, yTrain } = load('breast-cancer');
  const model = new DecisionTreeClassifier({ maxDepth: 5 }).fit(XTrain, yTrain);
  const used = new Set(model.fitted.tree.feature.filter((feature) => feature >= 0));
  const { input } = integerModel(model);
  t.is(input.length, used.size);
  t.true(input.max < 16, `codes up to ${input.max}`);
});
