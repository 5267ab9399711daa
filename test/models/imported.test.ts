/** What every imported model must do, whatever its core. */
import test from 'ava';
import type { BoostedTree } from '../../estimators/index.ts';
import { GradientBoostingClassifier, MinMaxScaler, Pipeline } from '../../estimators/index.ts';
import { estimatorFromJSON } from '../../estimators/registry.ts';
import { fromXGBoost, ImportedClassifier, ImportedRegressor } from '../../models/index.ts';
import { hash } from '../../tracer/hash.ts';
import { evaluateBatch, trace } from '../../tracer/index.ts';
import { integerModel } from '../estimators/support.ts';
import {
  type Imported,
  largestDifference,
  modelFixture,
  readyToPredict,
  rowsOf,
  valuesOf,
} from './support.ts';

/** One of each kind: links, leaves of vectors, derived columns, texts, networks, several targets. */
const names = [
  'xgboost-missing',
  'xgboost-poisson',
  'lightgbm-categories',
  'lightgbm-multi',
  'catboost-multi-texts',
  'catboost-targets',
  'sklearn-forest',
  'sklearn-logistic',
  'sklearn-columns',
  'sklearn-poisson',
];

type Method = 'predict' | 'predictProba' | 'decisionFunction';
type Call = (X: unknown, options?: object) => { readonly data: ArrayLike<number> };

function methodsOf(model: Imported): Method[] {
  if (model instanceof ImportedRegressor) return ['predict'];
  return ['predict', 'predictProba', 'decisionFunction'];
}

function withoutGain({ gain: _, ...tree }: BoostedTree): Omit<BoostedTree, 'gain'> {
  return tree;
}

for (const name of names) {
  const fixture = modelFixture(name);

  test(`${name}: clear, simulated and encrypted predictions agree, and one is compiled once`, async (t) => {
    const model = readyToPredict(fixture);
    const X = rowsOf(fixture, 3);
    for (const method of methodsOf(model)) {
      const call = (model as unknown as Record<Method, Call>)[method].bind(model);
      const expected = valuesOf(call(X));
      t.deepEqual(valuesOf(await call(X, { encrypted: 'simulate' })), expected, method);
      t.deepEqual(valuesOf(await call(X, { encrypted: true })), expected, method);
    }
    const { program } = model.circuit;
    const restored = estimatorFromJSON(JSON.parse(JSON.stringify(model))) as Imported;
    t.deepEqual(restored.circuit.program, program);
  });

  test(`${name}: the traced program computes what clear predictions compute`, (t) => {
    const model = readyToPredict(fixture);
    const { input, program, quantize, evaluate } = integerModel(model);
    const { length, min, max } = input;
    const graph = trace(program, [{ name: 'x', shape: [length], min, max, encrypted: true }]);
    const readRows = model as unknown as { readRows(X: unknown): never };
    const codes = quantize(readRows.readRows(rowsOf(fixture)));
    t.true(codes.data.every((code) => Number.isInteger(code) && code >= min && code <= max));
    t.deepEqual(evaluateBatch(graph, [codes])[0], evaluate(codes));
  });
}

test('trees of our own boosters, imported, make the very program of these boosters', (t) => {
  const X = Array.from({ length: 60 }, (_, i) => [i % 7, (i * 5) % 11, (i * 3) % 13]);
  for (const classes of [2, 3]) {
    const y = X.map(([a, b, c]) => (a! + b! * c!) % classes);
    const form = { nEstimators: 4, maxDepth: 3, minChildWeight: 0 };
    const own = new GradientBoostingClassifier(form).fit(X, y);
    const { rounds, start, nFeaturesIn, classes: labels } = own.fitted;
    const treesOf = (k: number) => rounds.map((round) => withoutGain(round[k]!));
    const imported = ImportedClassifier.of({
      nFeaturesIn,
      classes: labels,
      prepare: [],
      core: { kind: 'trees', start, trees: start.map((_, k) => treesOf(k)) },
      finish:
        classes === 2 ? [{ kind: 'logistic' }, { kind: 'complement' }] : [{ kind: 'softmax' }],
      probabilities: true,
    });
    const hashOf = (model: object): string => {
      const { input, program } = integerModel(model as Imported);
      const { length, min, max } = input;
      return hash(trace(program, [{ name: 'x', shape: [length], min, max, encrypted: true }]));
    };
    t.is(hashOf(imported), hashOf(own));
    t.deepEqual(imported.decisionFunction(X).data, own.decisionFunction(X).data);
  }
});

test('labels alone: with output: label the server decides, and scores stay there', async (t) => {
  for (const name of ['xgboost-binary', 'sklearn-tree-texts']) {
    const fixture = modelFixture(name);
    const model = readyToPredict(fixture, { output: 'label' }) as ImportedClassifier;
    t.is(model.getParams().output, 'label');
    const X = rowsOf(fixture, 3);
    const expected = valuesOf(model.predict(X));
    t.deepEqual(valuesOf(await model.predict(X, { encrypted: true })), expected);
    await t.throwsAsync(model.predictProba(X, { encrypted: true }), { code: 'UNSUPPORTED' });
    t.deepEqual(model.predictProba(X).shape, [3, fixture.shape[1]!]);
  }
});

test('quantized probabilities are within a thousandth of those of the library', (t) => {
  for (const name of ['xgboost-multi', 'lightgbm-forest', 'catboost-binary', 'sklearn-forest']) {
    const fixture = modelFixture(name);
    const model = readyToPredict(fixture) as ImportedClassifier;
    const { data } = model.predictProba(rowsOf(fixture));
    t.true(largestDifference(data, fixture.outputs) < 1e-3, name);
  }
});

test('parameters count at once, and a copy keeps what was read', async (t) => {
  const fixture = modelFixture('xgboost-binary');
  const model = readyToPredict(fixture) as ImportedClassifier;
  await model.compile();
  t.is(model.setParams({ output: 'label' }), model);
  t.is(model.fitted.output, 'label');
  t.throws(() => model.circuit, { code: 'NOT_COMPILED' });
  const copy = model.clone();
  t.not(copy, model);
  t.deepEqual(copy.fitted, model.fitted);
  t.throws(() => model.setParams({ output: 'labels' as never }), { code: 'BAD_OPTION' });
  t.throws(() => model.setParams({ depth: 3 } as never), { code: 'BAD_OPTION' });
  const regressor = readyToPredict(modelFixture('xgboost-regression')) as ImportedRegressor;
  t.deepEqual(regressor.clone().fitted, regressor.fitted);
});

test('one without a model says how to get one', (t) => {
  const remedy = /read a model with fromXGBoost/;
  for (const model of [new ImportedClassifier(), new ImportedRegressor()]) {
    t.throws(() => model.predict([[1]]), { code: 'NOT_FITTED', message: remedy });
    t.throws(() => model.evaluate([[1]]), { code: 'NOT_FITTED', message: remedy });
    t.throws(() => model.clone().fitted, { code: 'NOT_FITTED' });
  }
});

test('features are taken by name where the file has names', (t) => {
  const fixture = modelFixture('sklearn-columns');
  const model = readyToPredict(fixture);
  t.deepEqual(model.fitted.featureNamesIn, ['a', 'b', 'kind', 'code']);
  const named = fixture.X.map(([a, b, kind, code]) => ({ kind, code, b, a }));
  t.deepEqual(valuesOf(model.predict(named as never)), valuesOf(model.predict(rowsOf(fixture))));
  t.deepEqual(valuesOf(model.evaluate(named as never)), valuesOf(model.evaluate(rowsOf(fixture))));
  const wrong = named.map(({ kind, ...rest }) => ({ ...rest, type: kind }));
  t.throws(() => model.predict(wrong as never), { code: 'SHAPE_MISMATCH', message: /type/ });
});

test('rows that do not fit are refused with what was given', async (t) => {
  const model = readyToPredict(modelFixture('xgboost-binary'));
  t.throws(() => model.predict([[1, 2]]), { code: 'SHAPE_MISMATCH', message: /5 features/ });
  t.throws(() => model.evaluate([1, 2, 3, 4, 5]), { code: 'SHAPE_MISMATCH' });
  const infinite = [[1, 2, 3, 4, Number.POSITIVE_INFINITY]];
  t.throws(() => model.predict(infinite), { code: 'NOT_FINITE', message: /X\[0,4\]/ });
  t.throws(() => model.predict([[1, 2, 3, 4, 'x']]), { code: 'BAD_ARRAY', message: /given x/ });
  await t.throwsAsync(model.predict([[1]], { encrypted: true }), { code: 'SHAPE_MISMATCH' });
  t.throws(() => model.predict([[1, 2, 3, 4, 5]], { encrypt: true } as never), {
    code: 'BAD_OPTION',
  });
  const linear = readyToPredict(modelFixture('sklearn-logistic'));
  t.throws(() => linear.predict([[1, 2, 3, 4, Number.NaN]]), { code: 'NOT_FINITE' });
});

test('networks without ranges refuse to predict, and still evaluate', (t) => {
  const fixture = modelFixture('sklearn-logistic');
  const model = readyToPredict({ ...fixture, source: 'onnx' });
  const { integers: _, ...core } = model.fitted.core as never as { integers: unknown };
  const unquantized = model.withCore(core as never);
  t.throws(() => unquantized.predict(rowsOf(fixture)), { code: 'NOT_QUANTIZED' });
  t.deepEqual(unquantized.evaluate(rowsOf(fixture)).shape, fixture.shape as number[]);
});

test('labels may be given, in the order of the classes', (t) => {
  const fixture = modelFixture('xgboost-multi');
  const model = fromXGBoost(fixture.model, { classes: ['x', 'y', 'z'] }) as ImportedClassifier;
  const expected = fixture.labels!.map((label) => ['x', 'y', 'z'][label as number]!);
  t.deepEqual(valuesOf(model.predict(rowsOf(fixture))), expected);
  for (const classes of [['x', 'y'], ['x', 'y', 'x'], ['x', 1, 2], 'xyz', [1, 2, Number.NaN]]) {
    t.throws(() => fromXGBoost(fixture.model, { classes: classes as never }), {
      code: 'BAD_OPTION',
    });
  }
  const regressor = modelFixture('xgboost-regression').model;
  t.throws(() => fromXGBoost(regressor, { classes: [0, 1] }), { code: 'BAD_OPTION' });
  t.throws(() => fromXGBoost(regressor, { output: 'label' }), { code: 'BAD_OPTION' });
  t.throws(() => fromXGBoost(regressor, { outputs: 'label' } as never), { code: 'BAD_OPTION' });
});

test('probabilities of a model that has scores alone are refused', async (t) => {
  const fixture = modelFixture('sklearn-ridge-classifier');
  const model = readyToPredict(fixture) as ImportedClassifier;
  const refused = { code: 'UNSUPPORTED', message: /decisionFunction/ } as const;
  t.throws(() => model.predictProba(rowsOf(fixture)), refused);
  await t.throwsAsync(model.predictProba(rowsOf(fixture, 1), { encrypted: true }), refused);
});

test('a pipeline, whose steps learn, does not take one', (t) => {
  const model = readyToPredict(modelFixture('xgboost-binary'));
  const make = () =>
    new Pipeline([
      ['scaler', new MinMaxScaler()],
      ['model', model],
    ] as never).fit([[1], [2]], [0, 1]);
  t.throws(make, { code: 'BAD_OPTION', message: /steps/ });
});

test('the circuit of another model is refused', async (t) => {
  const model = readyToPredict(modelFixture('xgboost-binary'));
  const other = readyToPredict(modelFixture('xgboost-hinge'));
  const circuit = await other.compile();
  const document = { ...model.toJSON(), circuit: circuit.toJSON() };
  t.throws(() => ImportedClassifier.fromJSON(document), { code: 'BAD_PROGRAM' });
});
