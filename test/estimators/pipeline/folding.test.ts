/** What models take over, and what that changes: nothing but where it runs. */
import test from 'ava';
import fc from 'fast-check';
import type { FeatureMap } from '../../../estimators/featureMap.ts';
import {
  ColumnTransformer,
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  GradientBoostingClassifier,
  GradientBoostingRegressor,
  IsolationForest,
  KBinsDiscretizer,
  Lasso,
  LinearRegression,
  LinearSVC,
  LinearSVR,
  LogisticRegression,
  MinMaxScaler,
  makePipeline,
  OneHotEncoder,
  PCA,
  Perceptron,
  Pipeline,
  type PipelineStep,
  PoissonRegressor,
  PolynomialFeatures,
  PolynomialRegression,
  RandomForestClassifier,
  RandomForestRegressor,
  Ridge,
  RidgeClassifier,
  RobustScaler,
  SGDClassifier,
  SimpleImputer,
  StandardScaler,
  type TableLike,
} from '../../../estimators/index.ts';
import { lastBelow } from '../../../estimators/quantize/fold.ts';
import { load } from '../support.ts';

const clip = { outOfRange: 'clip' } as const;
const list = (array: { data: ArrayLike<unknown> }): unknown[] => Array.from(array.data);
const runs = ({ placement }: Pipeline): string[] =>
  placement.map((own) => `${own.step}: ${own.runs}`);

/** Steps in front of a model, the data, and where the steps must run. */
const cases: [string, 'breast-cancer' | 'iris', PipelineStep[], string][] = [
  ['folded', 'breast-cancer', [new StandardScaler(), new LogisticRegression(clip)], 'folded'],
  ['of three classes', 'iris', [new StandardScaler(), new LogisticRegression(clip)], 'folded'],
  ['of a support vector machine', 'iris', [new MinMaxScaler(), new LinearSVC(clip)], 'folded'],
  [
    'PCA',
    'breast-cancer',
    [new StandardScaler(), new PCA({ nComponents: 6, whiten: true }), new LogisticRegression(clip)],
    'folded folded',
  ],
  [
    'imputed',
    'iris',
    [new SimpleImputer(), new RobustScaler(), new LogisticRegression(clip)],
    'client folded',
  ],
  [
    'powers',
    'iris',
    [
      new StandardScaler(),
      new PolynomialFeatures({ includeBias: false }),
      new StandardScaler(),
      new LogisticRegression(clip),
    ],
    'client client folded',
  ],
  ['clipped', 'iris', [new MinMaxScaler({ clip: true }), new LogisticRegression(clip)], 'client'],
  ['bins', 'iris', [new KBinsDiscretizer({ nBins: 3 }), new LogisticRegression(clip)], 'client'],
  [
    'a tree',
    'breast-cancer',
    [new MinMaxScaler(), new DecisionTreeClassifier({ maxDepth: 4 })],
    'folded',
  ],
  [
    'a tree of bins',
    'iris',
    [
      new RobustScaler(),
      new KBinsDiscretizer({ nBins: 8, encode: 'ordinal' }),
      new DecisionTreeClassifier({ maxDepth: 4 }),
    ],
    'folded folded',
  ],
  [
    'a tree of clipped values',
    'iris',
    [new MinMaxScaler({ clip: true }), new DecisionTreeClassifier({ maxDepth: 4 })],
    'folded',
  ],
  [
    'a tree of components',
    'iris',
    [new PCA(), new DecisionTreeClassifier({ maxDepth: 3 })],
    'client',
  ],
];

test.serial('boosters take over scalers, missing values included', async (t) => {
  const { XTrain, yTrain, XTest } = load('iris');
  const holes = (rows: number[][]): number[][] =>
    rows.map((row, i) => row.map((value, j) => ((i + j) % 4 === 0 ? Number.NaN : value)));
  const targets = XTrain.map((row) => row[2]!);
  const regressor = new GradientBoostingRegressor({ nEstimators: 4, maxDepth: 2 });
  const classifier = new GradientBoostingClassifier({ nEstimators: 4, maxDepth: 2 });
  for (const [last, y] of [
    [regressor, targets],
    [classifier, yTrain],
  ] as const) {
    const model = makePipeline(new MinMaxScaler(), last).fit(holes(XTrain), y);
    t.deepEqual(runs(model), ['minmaxscaler: folded', `${last.name.toLowerCase()}: server`]);
    const [scaler, own] = Object.values(model.namedSteps) as unknown as [
      MinMaxScaler,
      LogisticRegression,
    ];
    const rows = holes(XTest);
    t.deepEqual(list(model.predict(rows)), list(own.predict(scaler.transform(rows))));
    const some = rows.slice(0, 3);
    t.deepEqual(list(await model.predict(some, { encrypted: true })), list(model.predict(some)));
  }
  const bins = new KBinsDiscretizer({ nBins: 3, encode: 'ordinal' });
  const binned = makePipeline(bins, classifier).fit(XTrain, yTrain);
  // Bins refuse missing values, which the booster would take.
  t.deepEqual(runs(binned)[0], 'kbinsdiscretizer: client');
  t.throws(() => binned.predict(holes(XTest)), { code: 'NOT_FINITE' });
});

test.serial('every linear model takes over affine maps', async (t) => {
  const { XTrain, yTrain, XTest } = load('iris');
  const targets = XTrain.map((row) => row[0]! + row[2]!);
  const pairs = XTrain.map((row) => [row[0]! + row[2]!, row[3]!]);
  const models = [
    [new LinearRegression(clip), pairs],
    [new Ridge(clip), targets],
    [new Lasso({ ...clip, alpha: 0.01 }), targets],
    [new PoissonRegressor(clip), targets],
    [new LinearSVR({ ...clip, maxIter: 10_000 }), targets],
    [new SGDClassifier(clip), yTrain],
    [new Perceptron(clip), yTrain],
    [new RidgeClassifier({ ...clip, output: 'label' }), yTrain.map((label) => Number(label > 0))],
  ] as const;
  for (const [last, y] of models) {
    const model = makePipeline(new StandardScaler(), new PCA({ nComponents: 3 }), last);
    model.fit(XTrain, y as number[]);
    t.deepEqual(
      runs(model).map((own) => own.split(': ')[1]),
      ['folded', 'folded', 'server'],
      last.name,
    );
    const [scaler, pca, own] = Object.values(model.namedSteps) as unknown as [
      StandardScaler,
      PCA,
      Ridge,
    ];
    const predicted = list(model.predict(XTest)) as number[];
    const unfolded = list(own.predict(pca.transform(scaler.transform(XTest)))) as number[];
    const classifies = 'classes' in model.fitted;
    const different = predicted.filter(
      (value, i) => Math.abs(value - unfolded[i]!) > (classifies ? 0 : 0.02),
    );
    t.true(different.length <= (classifies ? 1 : 0), `${last.name}: ${different.length}`);
    if (!(last instanceof PoissonRegressor || last instanceof LinearRegression)) continue;
    const some = XTest.slice(0, 3);
    t.deepEqual(await model.predict(some, { encrypted: true }), model.predict(some));
  }
  const one = XTrain.map((row) => row.slice(2, 3));
  const polynomial = makePipeline(new MinMaxScaler(), new PolynomialRegression()).fit(one, targets);
  t.deepEqual(runs(polynomial), ['minmaxscaler: client', 'polynomialregression: server']);
  t.true(polynomial.score(one, targets) > 0.9);
});

test('every model of trees takes over scalers', (t) => {
  const { XTrain, yTrain, XTest } = load('iris');
  const few = { nEstimators: 5, maxDepth: 4 };
  const models = [
    new DecisionTreeRegressor(),
    new RandomForestClassifier(few),
    new RandomForestRegressor(few),
    new ExtraTreesClassifier(few),
    new ExtraTreesRegressor(few),
    new IsolationForest({ nEstimators: 5 }),
  ];
  for (const last of models) {
    const model = makePipeline(new RobustScaler(), last).fit(XTrain, yTrain);
    t.deepEqual(runs(model), ['robustscaler: folded', `${last.name.toLowerCase()}: server`]);
    const [scaler, own] = Object.values(model.namedSteps) as unknown as [
      RobustScaler,
      LogisticRegression,
    ];
    t.deepEqual(list(model.predict(XTest)), list(own.predict(scaler.transform(XTest))));
  }
});

for (const [title, data, steps, where] of cases) {
  const names = steps.map((step) => (step as { name: string }).name);
  test.serial(`${names.join(' + ')}: ${title}`, async (t) => {
    const { XTrain, XTest, yTrain, yTest } = load(data);
    const named = steps.map((step, i) => [`s${i}`, step] as const);
    const model = new Pipeline(named).fit(XTrain, yTrain);
    t.deepEqual(
      model.placement.map((own) => own.runs),
      [...where.split(' '), 'server'],
    );
    const unfolded = named
      .slice(0, -1)
      .reduce(
        (X: TableLike, [name]) => (model.namedSteps[name] as StandardScaler).transform(X),
        XTest,
      );
    const last = model.namedSteps[`s${steps.length - 1}`] as LogisticRegression;
    const loss = last.score(unfolded as number[][], yTest) - model.score(XTest, yTest);
    t.true(Math.abs(loss) <= 0.003, `${loss}`);
    if (last instanceof DecisionTreeClassifier) {
      t.deepEqual(list(model.predict(XTest)), list(last.predict(unfolded as number[][])));
    }
    const rows = XTest.slice(0, 4);
    const clear = list(model.predict(rows));
    t.deepEqual(list(await model.predict(rows, { encrypted: 'simulate' })), clear);
    t.deepEqual(list(await model.predict(rows, { encrypted: true })), clear);
    const restored = Pipeline.load(model.save());
    t.deepEqual(restored.circuit.program, model.circuit.program);
    t.deepEqual(list(await restored.predict(rows, { encrypted: true })), clear);
    t.deepEqual(restored.placement, model.placement);
  });
}

test.serial(
  'columns of texts and of numbers with holes: each part runs where it can',
  async (t) => {
    const { XTrain, yTrain } = load('iris');
    const colors = ['red', 'green', 'blue'];
    const rows = XTrain.map((row, i) => ({
      color: i % 17 === 0 ? 'blue' : colors[yTrain[i]!]!,
      width: i % 10 === 0 ? null : row[3]!,
      length: row[2]!,
      unused: `${i}`,
    }));
    const numbers = new Pipeline([
      ['impute', new SimpleImputer()],
      ['scale', new StandardScaler()],
    ]);
    const columns = new ColumnTransformer({
      transformers: [
        ['numbers', numbers, ['width', 'length']],
        ['colors', new OneHotEncoder(), ['color']],
      ],
    });
    const model = new Pipeline([
      ['columns', columns],
      ['model', new LogisticRegression()],
    ]);
    model.fit(rows, yTrain);
    t.deepEqual(runs(model), [
      'columns__numbers__impute: client',
      'columns__numbers__scale: folded',
      'columns__colors: client',
      'model: server',
    ]);
    // What is encrypted: two numbers as they are, and three columns of 0 and 1.
    t.is((model.predictor.fitted as { nFeaturesIn: number }).nFeaturesIn, 5);
    t.true(model.score(rows, yTrain) > 0.95);
    const some = rows.slice(8, 12);
    t.deepEqual(await model.predictProba(some, { encrypted: true }), model.predictProba(some));
    const { statistics } = model.circuit;
    t.is(statistics.evaluationKeyBytes, 0);
    const shuffled = some.map(({ color, width, length, unused }) => ({
      unused,
      length,
      color,
      width,
    }));
    t.deepEqual(list(model.predict(shuffled)), list(model.predict(some)));
    const restored = Pipeline.fromJSON(JSON.parse(JSON.stringify(model)));
    t.deepEqual(list(restored.predict(rows)), list(model.predict(rows)));
    t.throws(() => model.predict([{ ...some[0]!, color: 'mauve' }]), {
      code: 'OUT_OF_RANGE',
      message: /X\[0\]\.color.*mauve.*blue, green, red/,
    });
  },
);

test('weights folded into a linear model are those of the raw features', (t) => {
  const { XTrain, yTrain, XTest } = load('breast-cancer');
  const model = new Pipeline([
    ['scaler', new StandardScaler()],
    ['pca', new PCA({ nComponents: 4 })],
    ['model', new LogisticRegression(clip)],
  ]).fit(XTrain, yTrain);
  const { coef, intercept } = model.predictor.fitted as unknown as LogisticRegression['fitted'];
  const { scaler, pca, model: last } = model.namedSteps;
  const expected = last.fitted;
  const Z = pca.transform(scaler.transform(XTest));
  XTest.forEach((row, i) => {
    const raw = row.reduce((sum, value, j) => sum + value * coef[0]![j]!, intercept[0]!);
    const own = expected.coef[0]!.reduce(
      (sum, w, j) => sum + w * Z.get(i, j),
      expected.intercept[0]!,
    );
    t.true(Math.abs(raw - own) < 1e-8 * Math.max(1, Math.abs(own)));
  });
});

test('a moved threshold is the last double on its side, whatever the rounding', (t) => {
  const finite = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
  const positive = fc.double({ noNaN: true, min: 1e-6, max: 1e6 });
  fc.assert(
    fc.property(finite, positive, finite, (center, scale, threshold) => {
      const of = (value: number): number => (value - center) / scale;
      const last = lastBelow(of, threshold)!;
      t.true(of(last) <= threshold && of(nextAbove(last)) > threshold);
    }),
  );
  t.is(
    lastBelow((value) => value, 0.5),
    0.5,
  );
  t.is(
    lastBelow((value) => value, -0.25),
    -0.25,
  );
  t.is(
    lastBelow((value) => Math.max(value, 0), 1),
    1,
  );
  t.is(
    lastBelow((value) => Math.max(value, 0), -1),
    null,
  );
  t.is(
    lastBelow((value) => Math.min(value, 0), 1),
    Number.MAX_VALUE,
  );
});

test('a model that refuses a map leaves it to the client', (t) => {
  class Stubborn extends LogisticRegression {
    override folded(_map: FeatureMap): null {
      return null;
    }
  }
  const { XTrain, yTrain, XTest } = load('iris');
  const make = (model: LogisticRegression): Pipeline =>
    new Pipeline([
      ['scaler', new StandardScaler()],
      ['model', model],
    ]).fit(XTrain, yTrain);
  const stubborn = make(new Stubborn(clip));
  t.deepEqual(runs(stubborn), ['scaler: client', 'model: server']);
  t.regex(stubborn.placement[0]!.why, /LogisticRegression cannot take it over/);
  t.deepEqual(
    list(stubborn.predict(XTest)),
    list(make(new LogisticRegression(clip)).predict(XTest)),
  );
});

/** The next larger double. */
function nextAbove(value: number): number {
  const bits = new BigInt64Array(Float64Array.of(value + 0).buffer);
  bits[0] = bits[0]! + (value >= 0 ? 1n : -1n);
  const next = new Float64Array(bits.buffer)[0]!;
  return value === 0 ? Number.MIN_VALUE : next;
}
