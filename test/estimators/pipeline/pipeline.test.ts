import test from 'ava';
import {
  ColumnTransformer,
  crossValScore,
  DecisionTreeClassifier,
  GridSearchCV,
  IsolationForest,
  LogisticRegression,
  MinMaxScaler,
  makePipeline,
  OneHotEncoder,
  OrdinalEncoder,
  PCA,
  Pipeline,
  PolynomialFeatures,
  SimpleImputer,
  StandardScaler,
  trainTestSplit,
} from '../../../estimators/index.ts';
import { load } from '../support.ts';

const { XTrain, XTest, yTrain, yTest } = load('iris');
const list = (array: { data: ArrayLike<unknown> }): unknown[] => Array.from(array.data);
const scaled = (): Pipeline =>
  new Pipeline([
    ['scaler', new StandardScaler()],
    ['model', new LogisticRegression()],
  ]);

test('parameters of steps are those of the pipeline, by name', (t) => {
  const model = scaled();
  t.like(model.getParams(), { scaler__withMean: true, model__C: 1 });
  t.deepEqual(Object.keys(model.getParams({ deep: false })), ['steps']);
  const [, [, given]] = model.getParams().steps as [unknown, [string, LogisticRegression]];
  t.is(model.setParams({ model__C: 0.01, scaler__withStd: false }), model);
  t.like(model.getParams(), { scaler__withStd: false, model__C: 0.01 });
  t.is(given.getParams().C, 1);
  const model2 = model.clone();
  t.is(model2.getParams().model__C, 0.01);
  model2.setParams({ model: new DecisionTreeClassifier(), model__maxDepth: 2 });
  t.is(model2.getParams().model__maxDepth, 2);
  t.is(model.getParams().model__C, 0.01);
  for (const bad of [{ C: 1 }, { other__C: 1 }, { model__c: 1 }, { steps__x: 1 }]) {
    t.throws(() => model.setParams(bad), { code: 'BAD_OPTION' });
  }
  const inner = new Pipeline({
    steps: [
      ['a', scaled()],
      ['b', new StandardScaler()],
    ],
    a__model__C: 5,
  });
  t.is(inner.getParams().a__model__C, 5);
});

test('fit fits copies, and leaves the steps that were given', (t) => {
  const scaler = new StandardScaler();
  const shared = new Pipeline([
    ['scaler', scaler],
    ['model', new LogisticRegression()],
  ]);
  shared.fit(XTrain, yTrain);
  t.throws(() => scaler.fitted, { code: 'NOT_FITTED' });
  const { scaler: own, model } = shared.namedSteps;
  t.is(own.fitted.mean!.length, 4);
  // The last step learned from scaled rows, and predicts of such.
  const same = new LogisticRegression().fit(own.transform(XTrain), yTrain);
  t.deepEqual(model.fitted, same.fitted);
  t.deepEqual(list(model.predict(own.transform(XTest))), list(shared.predict(XTest)));
});

test('weights of rows are for the last step', (t) => {
  const sampleWeight = yTrain.map((label) => 1 + label);
  const model = scaled().fit(XTrain, yTrain, { sampleWeight });
  const scaler = new StandardScaler().fit(XTrain);
  const last = new LogisticRegression().fit(scaler.transform(XTrain), yTrain, { sampleWeight });
  t.deepEqual((model.namedSteps.model as LogisticRegression).fitted, last.fitted);
  const poor = scaled().setParams({ model__C: 1e-3 }).fit(XTrain, yTrain);
  const outliers = makePipeline(new StandardScaler(), new IsolationForest({ nEstimators: 2 }));
  const message = /IsolationForest does not weigh rows/;
  t.throws(() => outliers.fit(XTrain, yTrain, { sampleWeight }), { code: 'BAD_OPTION', message });
  const first = yTest.map((label) => Number(label === 0));
  t.true(poor.score(XTest, yTest) < 0.9);
  t.is(poor.score(XTest, yTest, { sampleWeight: first }), 1);
});

test('makePipeline names steps by their classes', (t) => {
  const names = (model: Pipeline): string[] => model.getParams().steps.map(([name]) => name);
  t.deepEqual(names(makePipeline(new PCA(), new LogisticRegression())), [
    'pca',
    'logisticregression',
  ]);
  t.deepEqual(names(makePipeline(new StandardScaler(), 'passthrough', new StandardScaler())), [
    'standardscaler-1',
    'passthrough',
    'standardscaler-2',
  ]);
});

test("'passthrough' is no step", (t) => {
  const model = new Pipeline([
    ['scaler', 'passthrough'],
    ['model', new LogisticRegression()],
  ]);
  model.fit(XTrain, yTrain);
  t.deepEqual(
    list(model.predict(XTest)),
    list(new LogisticRegression().fit(XTrain, yTrain).predict(XTest)),
  );
  t.deepEqual(
    model.placement.map(({ step }) => step),
    ['model'],
  );
  const none = new Pipeline([
    ['a', new MinMaxScaler()],
    ['b', 'passthrough'],
  ]).fit(XTrain);
  t.deepEqual(none.transform(XTest), new MinMaxScaler().fit(XTrain).transform(XTest));
});

test('a pipeline of transformers is a transformer', (t) => {
  const model = new Pipeline([
    ['scaler', new MinMaxScaler()],
    ['pca', new PCA({ nComponents: 2 })],
  ]);
  const Z = model.fitTransform(XTrain);
  const scaler = new MinMaxScaler();
  t.deepEqual(Z, new PCA({ nComponents: 2 }).fitTransform(scaler.fitTransform(XTrain)));
  t.deepEqual(model.getFeatureNamesOut(), ['pca0', 'pca1']);
  const back = model.inverseTransform(model.transform(XTest.slice(0, 2)));
  t.true(Math.abs((back.get(0, 0) as number) - XTest[0]![0]!) < 1);
  t.false(model.predicts);
  t.throws(() => model.predict(XTest), {
    code: 'UNSUPPORTED',
    message: /a model as the last step/,
  });
  t.throws(() => model.predictor, { code: 'UNSUPPORTED' });
  t.deepEqual(Pipeline.load(model.save()).transform(XTest), model.transform(XTest));
  const poly = makePipeline(new PolynomialFeatures(), new StandardScaler()).fit(XTrain);
  t.throws(() => poly.inverseTransform(Z), { code: 'UNSUPPORTED', message: /polynomialfeatures/ });
  const nested = makePipeline(model, new LogisticRegression()).fit(XTrain, yTrain);
  t.deepEqual(
    nested.placement.map(({ step, runs }) => `${step} ${runs}`),
    ['pipeline__scaler folded', 'pipeline__pca folded', 'logisticregression server'],
  );
});

test('a pipeline may end in a pipeline', async (t) => {
  const model = new Pipeline([
    ['first', new MinMaxScaler()],
    ['rest', scaled()],
  ]).fit(XTrain, yTrain);
  const flat = makePipeline(new MinMaxScaler(), new StandardScaler(), new LogisticRegression());
  t.is(model.score(XTest, yTest), flat.fit(XTrain, yTrain).score(XTest, yTest));
  t.deepEqual(
    model.placement.map(({ runs }) => runs),
    ['client', 'server'],
  );
  const rows = XTest.slice(0, 2);
  t.deepEqual(list(await model.predict(rows, { encrypted: true })), list(model.predict(rows)));
  t.deepEqual(list(Pipeline.load(model.save()).predict(XTest)), list(model.predict(XTest)));
});

test('what the last step does not have is refused', async (t) => {
  const model = makePipeline(new StandardScaler(), new DecisionTreeClassifier());
  model.fit(XTrain, yTrain);
  const message = /decisionFunction of a Pipeline.*DecisionTreeClassifier does not/;
  t.throws(() => model.decisionFunction(XTest), { code: 'UNSUPPORTED', message });
  await t.throwsAsync(model.decisionFunction(XTest, { encrypted: true }), { code: 'UNSUPPORTED' });
  t.throws(() => model.transform(XTest), { code: 'UNSUPPORTED' });
});

test('steps that cannot be are refused by fit', (t) => {
  const model = new LogisticRegression();
  const bad: unknown[] = [
    [],
    [
      ['model', model],
      ['scaler', new StandardScaler()],
    ],
    [
      ['a', new StandardScaler()],
      ['a', model],
    ],
    [['a__b', model]],
    [['steps', model]],
    [['model', 'nothing']],
    [['model', {}]],
    'nonsense',
  ];
  for (const steps of bad) {
    t.throws(() => new Pipeline(steps as []).fit(XTrain, yTrain), {
      code: 'BAD_OPTION',
      message: /Pipeline/,
    });
  }
});

test('compile widens the ranges of raw features', async (t) => {
  const model = scaled().fit(XTrain, yTrain);
  const far = [[50, 3, 3, 1]];
  t.throws(() => model.predict(far), { code: 'OUT_OF_RANGE', message: /feature 0 of row 0.*50/ });
  await model.compile(far);
  t.deepEqual(list(await model.predict(far, { encrypted: true })), list(model.predict(far)));
  const restored = Pipeline.load(model.save());
  t.deepEqual(list(restored.predict(far)), list(model.predict(far)));
});

test('parameters changed after a fit are for the next one', (t) => {
  const model = scaled().fit(XTrain, yTrain);
  const before = list(model.predict(XTest));
  model.setParams({ scaler: new MinMaxScaler(), model__C: 1e-4 });
  t.deepEqual(list(model.predict(XTest)), before);
  t.deepEqual(list(Pipeline.fromJSON(model.toJSON()).predict(XTest)), before);
  t.notDeepEqual(list(model.fit(XTrain, yTrain).predict(XTest)), before);
});

test('bad rows are refused with their place', (t) => {
  const model = scaled().fit(XTrain, yTrain);
  t.throws(() => model.predict([[1, 2, 3]]), { code: 'SHAPE_MISMATCH', message: /4 features/ });
  t.throws(() => model.predict([[1, 2, 'x', 4]]), { code: 'BAD_ARRAY', message: /X\[0,2\].*x/ });
  t.throws(() => model.predict([[1, 2, null, 4]]), { code: 'NOT_FINITE', message: /X\[0,2\]/ });
});

const people = [
  { city: 'Rome', age: 31, size: 's' },
  { city: 'Oslo', age: 25, size: 'l' },
  { city: 'Rome', age: 47, size: 'm' },
  { city: 'Lima', age: 60, size: 's' },
];

test('a ColumnTransformer takes columns by name, by place, from the end, or by a mask', (t) => {
  const of = (columns: ConstructorParameters<typeof ColumnTransformer>[0]): ColumnTransformer =>
    new ColumnTransformer(columns);
  const model = of({
    transformers: [
      ['cities', new OneHotEncoder(), ['city']],
      ['age', new MinMaxScaler(), 'age'],
      ['nothing', 'drop', ['size']],
    ],
  });
  const Z = model.fitTransform(people);
  t.deepEqual(Z.shape, [4, 4]);
  t.deepEqual(list(Z).slice(0, 3), [0, 0, 1]);
  t.true(Math.abs((Z.get(0, 3) as number) - 6 / 35) < 1e-15);
  const [age] = list(Z).slice(3, 4);
  t.deepEqual(model.getFeatureNamesOut(), [
    'cities__city_Lima',
    'cities__city_Oslo',
    'cities__city_Rome',
    'age__age',
  ]);
  const rows = people.map(({ city, age, size }) => [city, age, size]);
  t.deepEqual(model.transform(rows), Z);
  t.deepEqual((model.namedTransformers.age as MinMaxScaler).fitted.dataMin, [25]);
  for (const [cities, ages] of [
    [0, 1],
    [[-3], [-2]],
    [
      [true, false, false],
      [false, true, false],
    ],
  ] as const) {
    const same = of({
      transformers: [
        ['cities', new OneHotEncoder(), cities],
        ['age', new MinMaxScaler(), ages],
      ],
    });
    t.deepEqual(same.fitTransform(rows), Z);
  }
  const rest = of({
    transformers: [['age', new MinMaxScaler(), ['age']]],
    remainder: new OrdinalEncoder(),
  });
  t.deepEqual(list(rest.fitTransform(people)).slice(0, 3), [age, 2, 2]);
  t.deepEqual(rest.setParams({ verboseFeatureNamesOut: false }).fit(people).getFeatureNamesOut(), [
    'age',
    'city',
    'size',
  ]);
  const texts = of({
    transformers: [['age', new MinMaxScaler(), ['age']]],
    remainder: 'passthrough',
  }).fitTransform(people);
  t.deepEqual(list(texts).slice(0, 3), [age, 'Rome', 's']);
  for (const one of [model, rest]) {
    const restored = ColumnTransformer.load(one.save());
    t.deepEqual(restored.transform(people), one.transform(people));
    t.deepEqual(
      restored.getParams({ deep: false }).transformers.length,
      one.getParams().transformers.length,
    );
  }
});

test('a ColumnTransformer refuses what it cannot do', (t) => {
  const refused =
    (transformers: unknown, more: object = {}) =>
    () =>
      new ColumnTransformer({ transformers: transformers as [], ...more }).fit(people);
  t.throws(refused([['a', new StandardScaler(), ['height']]]), {
    code: 'SHAPE_MISMATCH',
    message: /columns of 'a'.*the name height.*city, age, size/,
  });
  t.throws(refused([['a', new StandardScaler(), [3]]]), { code: 'INDEX_OUT_OF_RANGE' });
  t.throws(refused([['a', new StandardScaler(), [true]]]), { code: 'SHAPE_MISMATCH' });
  t.throws(refused([['a', new StandardScaler(), ['city']]]), {
    code: 'BAD_ARRAY',
    message: /X\[0\]\.city.*Rome/,
  });
  t.throws(refused([['a', 'drop', ['city']]]), {
    code: 'BAD_OPTION',
    message: /no column that is kept/,
  });
  t.throws(refused([['a', new LogisticRegression(), ['age']]]), { code: 'BAD_OPTION' });
  t.throws(refused([['a', new StandardScaler(), {}]]), { code: 'BAD_OPTION' });
  t.throws(
    refused([
      ['a', new StandardScaler(), ['age']],
      ['a', new StandardScaler(), ['age']],
    ]),
    { code: 'BAD_OPTION' },
  );
  t.throws(
    refused(
      [
        ['a', 'passthrough', ['age']],
        ['b', 'passthrough', ['age']],
      ],
      { verboseFeatureNamesOut: false },
    ),
    { code: 'BAD_OPTION', message: /age twice/ },
  );
  t.throws(() => new ColumnTransformer({ remainders: 'drop' }), { code: 'BAD_OPTION' });
});

test('parameters within a ColumnTransformer within a Pipeline', (t) => {
  const columns = new ColumnTransformer({
    transformers: [['num', makePipeline(new SimpleImputer(), new StandardScaler()), [0, 1]]],
    remainder: 'passthrough',
  });
  const model = new Pipeline([
    ['columns', columns],
    ['model', new LogisticRegression()],
  ]);
  model.setParams({ columns__num__standardscaler__withMean: false, model__C: 3 });
  t.is(model.getParams().columns__num__standardscaler__withMean, false);
  model.fit(XTrain, yTrain);
  t.deepEqual(
    model.placement.map(({ step, runs }) => `${step} ${runs}`),
    ['columns__num__simpleimputer client', 'columns__num__standardscaler folded', 'model server'],
  );
  const restored = Pipeline.fromJSON(JSON.parse(JSON.stringify(model)));
  t.is(restored.getParams().columns__num__standardscaler__withMean, false);
  t.is(JSON.stringify(restored), JSON.stringify(model));
  t.deepEqual(list(restored.predict(XTest)), list(model.predict(XTest)));
});

test('a search tries parameters of steps by cross validation', async (t) => {
  const grid = { scaler__withStd: [true, false], model__C: [1e-4, 1] };
  const search = new GridSearchCV(scaled(), grid, { cv: 3 }).fit(XTrain, yTrain);
  t.is(search.fitted.bestParams.model__C, 1);
  t.true(search.score(XTest, yTest) > 0.85);
  const rows = XTest.slice(0, 2);
  const best = search.bestEstimator;
  t.deepEqual(list(await best.predict(rows, { encrypted: true })), list(best.predict(rows)));
});

test('tables with texts can be split and cross validated', (t) => {
  const rows = XTrain.map((row, i) => [row[3]!, ['a', 'b', 'c'][yTrain[i]!]!]);
  const named = rows.map(([width, letter]) => ({
    width: width as number,
    letter: letter as string,
  }));
  const columns = new ColumnTransformer({
    transformers: [['letters', new OneHotEncoder(), [1]]],
    remainder: 'passthrough',
  });
  const model = makePipeline(columns, new LogisticRegression());
  for (const table of [rows, named]) {
    t.true(Math.min(...crossValScore(model, table, yTrain, { cv: 3 })) > 0.95);
    const [train, held, yOfTrain, yOfHeld] = trainTestSplit(table, yTrain);
    t.true(model.fit(train, yOfTrain).score(held, yOfHeld) > 0.95);
  }
});
