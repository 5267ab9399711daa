/** What every transformer must do, and how each refuses what it cannot. */
import test from 'ava';
import { Matrix } from 'ml-matrix';
import ndarray from 'ndarray';
import * as estimators from '../../../estimators/index.ts';
import {
  ColumnTransformer,
  KBinsDiscretizer,
  MinMaxScaler,
  OneHotEncoder,
  OrdinalEncoder,
  PCA,
  PolynomialFeatures,
  RobustScaler,
  SimpleImputer,
  StandardScaler,
} from '../../../estimators/index.ts';
import { normalQuantile } from '../../../estimators/preprocessing/normalQuantile.ts';
import { Transformer } from '../../../estimators/preprocessing/transformer.ts';

interface Any {
  readonly name: string;
  readonly fitted: { nFeaturesIn: number; featureNamesIn?: string[] };
  fit(X: unknown, y?: unknown, options?: object): this;
  transform(X: unknown): { shape: number[]; data: ArrayLike<unknown> };
  getFeatureNamesOut(names?: string[]): string[];
  getParams(): Record<string, unknown>;
  setParams(parameters: object): this;
  clone(): this;
}

type Class = new (parameters?: object) => Any;

const scaleAll = { transformers: [['all', new StandardScaler(), [0, 1, 2]]] };

/** Every transformer, parameters for the fit, and others. */
const entries = [
  [StandardScaler, {}, { withMean: false }],
  [MinMaxScaler, {}, { featureRange: [-1, 1] }],
  [RobustScaler, {}, { unitVariance: true }],
  [KBinsDiscretizer, { nBins: 2 }, { nBins: [2, 3, 2], encode: 'ordinal' }],
  [OneHotEncoder, {}, { drop: 'first', handleUnknown: 'ignore' }],
  [OrdinalEncoder, {}, { handleUnknown: 'useEncodedValue', unknownValue: -1 }],
  [PolynomialFeatures, {}, { degree: 3, interactionOnly: true }],
  [SimpleImputer, {}, { strategy: 'median' }],
  [PCA, {}, { nComponents: 2 }],
  [ColumnTransformer, scaleAll, { ...scaleAll, remainder: 'passthrough' }],
] as unknown as readonly (readonly [Class, object, object])[];

const X = [
  [1, 4, 2],
  [2, 5, 2],
  [3, 1, 2],
  [4, 0, 2],
  [5, 9, 2],
  [5, 4, 2],
];
const names = ['a', 'b', 'c'];
const named = X.map((row) => Object.fromEntries(row.map((value, j) => [names[j], value])));

for (const [Own, parameters, other] of entries) {
  const title = (text: string): string => `${new Own().name}: ${text}`;
  const fitted = (): Any => new Own(parameters).fit(X);

  test(title('parameters are stored, returned, changed and copied'), (t) => {
    const model = new Own(other);
    const all = model.getParams();
    t.deepEqual(new Own().setParams(other).getParams(), all);
    t.deepEqual(new Own(all).getParams(), all);
    t.deepEqual(model.fit(X).clone().getParams(), all);
    t.throws(() => model.clone().fitted, { code: 'NOT_FITTED' });
    t.throws(() => model.clone().transform(X), { code: 'NOT_FITTED' });
    t.throws(() => new Own({ alfa: 1 }), { code: 'BAD_OPTION', message: /given alfa/ });
    for (const [key, value] of Object.entries(new Own().getParams())) {
      const nonsense = typeof value === 'object' && value !== null ? 'nonsense' : { no: 'sense' };
      t.throws(() => new Own({ ...parameters, [key]: nonsense }).fit(X), {
        code: 'BAD_OPTION',
        message: new RegExp(`${model.name}\\.${key}`),
      });
    }
  });

  test(title('learns anew each time, of all kinds of arrays'), (t) => {
    const model = fitted();
    const first = model.fitted;
    const expected = model.transform(X);
    t.is(first.nFeaturesIn, 3);
    t.deepEqual(new Own(parameters).fit([...X].reverse()).fit(X, ['a', 'b']).fitted, first);
    t.true(Object.isFrozen(first));
    const flat = Float64Array.from(X.flat());
    for (const same of [new Matrix(X), ndarray(flat, [6, 3]), ndarray([...flat], [6, 3])]) {
      t.deepEqual(new Own(parameters).fit(same).transform(same), expected);
    }
    t.deepEqual(model.transform(X.slice(1, 2)).shape, [1, expected.shape[1]]);
  });

  test(title('named features are taken by name, in any order'), (t) => {
    const model = new Own(parameters).fit(named);
    t.deepEqual(model.fitted.featureNamesIn, names);
    const shuffled = named.map((row) => ({ c: row.c, a: row.a, b: row.b }));
    t.deepEqual(model.transform(shuffled), fitted().transform(X));
    t.deepEqual(model.transform(X), fitted().transform(X));
    t.throws(() => model.transform([{ a: 1, b: 2 }]), { code: 'SHAPE_MISMATCH', message: /a, b/ });
    t.throws(() => fitted().transform(named), { code: 'SHAPE_MISMATCH' });
    t.is(model.getFeatureNamesOut().length, model.transform(X).shape[1]!);
    t.throws(() => model.getFeatureNamesOut(['a', 'b']), { code: 'BAD_OPTION' });
    t.throws(() => model.getFeatureNamesOut(['a', 'b', 'd']), { code: 'BAD_OPTION' });
  });

  test(title('bad tables are refused'), (t) => {
    const model = fitted();
    t.throws(() => new Own(parameters).fit([]), { code: 'SHAPE_MISMATCH' });
    t.throws(() => new Own(parameters).fit([1, 2, 3]), { code: 'SHAPE_MISMATCH', message: /wrap/ });
    t.throws(() => model.transform([[1, 2]]), { code: 'SHAPE_MISMATCH', message: /3 features/ });
    t.throws(() => model.transform([[1, 2, 3], [1]]), { code: 'BAD_ARRAY' });
    t.throws(() => model.transform([[1, 2, 'x'], ['x']]), { code: 'BAD_ARRAY', message: /X\[1\]/ });
    t.throws(() => model.transform([[1, 'x', {}]]), { code: 'BAD_ARRAY', message: /X\[0,2\]/ });
    t.throws(() => new Own(parameters).fit([...X, [1, Number.POSITIVE_INFINITY, 1]]), {
      code: 'NOT_FINITE',
      message: /X\[6,1\].*Infinity/,
    });
    t.throws(() => new Own(parameters).fit([[1, 2, 'x'], ...X]), {
      code: 'BAD_ARRAY',
      message: /X\[\d,2\]/,
    });
  });
}

test('every transformer is held to the contract', (t) => {
  const all = Object.values(estimators).filter(
    (value) => typeof value === 'function' && value.prototype instanceof Transformer,
  );
  const listed = new Set<unknown>(entries.map(([Own]) => Own));
  t.deepEqual(
    all.filter((value) => !listed.has(value)),
    [],
  );
});

test('missing values are refused by those that do not take them', (t) => {
  const holes = [
    [1, null],
    [2, 3],
    [4, 5],
  ];
  for (const model of [new KBinsDiscretizer({ nBins: 2 }), new PolynomialFeatures(), new PCA()]) {
    const message = /X\[0,1\].*impute missing values first, with SimpleImputer/;
    t.throws(() => model.fit(holes), { code: 'NOT_FINITE', message });
  }
  for (const model of [new StandardScaler(), new MinMaxScaler(), new RobustScaler()]) {
    t.true(Number.isNaN(model.fitTransform(holes).get(0, 1)));
    t.throws(
      () =>
        model.fit([
          [1, null],
          [2, null],
        ]),
      { code: 'NOT_FINITE', message: /column 1 of X/ },
    );
  }
});

test('weights of rows are refused by those that do not weigh them', (t) => {
  const options = { sampleWeight: [1, 1, 1, 1, 1, 1] };
  t.throws(() => new MinMaxScaler().fit(X, null, options), { code: 'BAD_OPTION' });
  t.throws(() => new PCA().fit(X, null, options), {
    code: 'BAD_OPTION',
    message: /does not weigh/,
  });
  t.throws(() => new StandardScaler().fit(X, null, { sampleWeight: [1] }), {
    code: 'SHAPE_MISMATCH',
  });
  t.throws(() => new StandardScaler().fit(X, null, { sampleWeight: X.map(() => 0) }), {
    code: 'OUT_OF_RANGE',
  });
  t.throws(() => new StandardScaler().fit(X, null, { weights: [1] } as object), {
    code: 'BAD_OPTION',
  });
  const uniform = new KBinsDiscretizer({ nBins: 2, strategy: 'uniform' });
  t.throws(() => uniform.fit(X, null, { sampleWeight: [1, 2, 1, 1, 1, 1] }), {
    code: 'BAD_OPTION',
  });
});

test('encoders refuse categories that they do not know, and lists that do not fit', (t) => {
  const rows = [
    ['a', 1],
    ['b', 2],
  ];
  for (const model of [new OneHotEncoder(), new OrdinalEncoder()]) {
    t.throws(() => model.fit(rows).transform([['a', 3]]), {
      code: 'OUT_OF_RANGE',
      message: /X\[0,1\].*the category 3; allowed: \[1, 2\]/,
    });
    t.throws(() => model.fit(rows).transform([[null, 1]]), {
      code: 'OUT_OF_RANGE',
      message: /a missing value/,
    });
    t.throws(() => model.fit([['a'], [1]]), {
      code: 'BAD_ARRAY',
      message: /X\[1,0\].*the number 1.*a text/,
    });
    const lists: [unknown, RegExp][] = [
      [[['a', 'b']], /1 lists/],
      [
        [
          ['a', 'a', 'b'],
          [1, 2],
        ],
        /each category once/,
      ],
      [
        [
          ['a', 'b'],
          [2, 1],
        ],
        /ascending/,
      ],
      [
        [
          ['a', 'b'],
          [1, 'x'],
        ],
        /not both/,
      ],
      [
        [
          [null, 'a', 'b'],
          [1, 2],
        ],
        /at the end/,
      ],
      [[['a', 'b'], []], /for each column/],
    ];
    for (const [categories, message] of lists) {
      const own = model.clone().setParams({ categories: categories as [] });
      t.throws(() => own.fit(rows), { code: 'BAD_OPTION', message });
    }
    const short = model.clone().setParams({ categories: [['a'], [1, 2]] });
    t.throws(() => short.fit(rows), { code: 'OUT_OF_RANGE', message: /X\[1,0\].*the category b/ });
  }
  t.throws(() => new OneHotEncoder({ drop: ['a'] }).fit(rows), { code: 'BAD_OPTION' });
  t.throws(() => new OneHotEncoder({ drop: ['a', 9] }).fit(rows), {
    code: 'BAD_OPTION',
    message: /9 for column 1/,
  });
  t.throws(() => new OneHotEncoder().fit(rows).inverseTransform([[0, 0, 1, 0]]), {
    code: 'OUT_OF_RANGE',
  });
  t.throws(() => new OrdinalEncoder().fit(rows).inverseTransform([[0, 2]]), {
    code: 'OUT_OF_RANGE',
  });
  t.throws(() => new OrdinalEncoder({ unknownValue: -1 }).fit(rows), { code: 'BAD_OPTION' });
  const taken = new OrdinalEncoder({ handleUnknown: 'useEncodedValue', unknownValue: 1 });
  t.throws(() => taken.fit(rows), { code: 'BAD_OPTION', message: /below 0, or at least 2/ });
});

test('booleans are the numbers 0 and 1, beside texts too', (t) => {
  const encoder = new OrdinalEncoder().fit([
    ['a', true],
    ['b', false],
  ]);
  t.deepEqual(encoder.fitted.categories, [
    ['a', 'b'],
    [0, 1],
  ]);
});

test('other limits are said', (t) => {
  t.throws(() => new PCA({ nComponents: 4 }).fit(X), { code: 'BAD_OPTION', message: /at most 3/ });
  t.throws(() => new PCA().fit([[1, 2]]), { code: 'SHAPE_MISMATCH', message: /1 row/ });
  t.throws(() => new PolynomialFeatures({ degree: 0, includeBias: false }).fit(X), {
    code: 'BAD_OPTION',
  });
  const squares = new PolynomialFeatures().fit(X);
  t.throws(() => squares.transform([[1e200, 1, 1]]), {
    code: 'NOT_FINITE',
    message: /product of features/,
  });
  const robust = new RobustScaler({ quantileRange: [0, 50], unitVariance: true });
  t.throws(() => robust.fit(X), { code: 'BAD_OPTION' });
  t.throws(() => new KBinsDiscretizer({ nBins: [2, 2] }).fit(X), { code: 'BAD_OPTION' });
  const bins = new KBinsDiscretizer({ nBins: 2, encode: 'ordinal' }).fit(X);
  t.throws(() => bins.inverseTransform([[2, 0, 0]]), { code: 'OUT_OF_RANGE' });
  // A constant feature has one bin, and its middle is the value.
  t.deepEqual(bins.fitted.nBins, [2, 2, 1]);
  t.is(bins.inverseTransform(bins.transform(X)).get(0, 2), 2);
  t.throws(() => new SimpleImputer({ fillValue: 'x', strategy: 'constant' }).fit(X), {
    code: 'BAD_OPTION',
  });
  t.throws(() => new SimpleImputer({ missingValues: 1 }).fit([[1], [null]]), {
    code: 'NOT_FINITE',
    message: /X\[1,0\]/,
  });
});

test('quantiles of the normal distribution, as scipy has them', (t) => {
  const expected = [
    [1e-20, -9.262340089798409],
    [0.01, -2.3263478740408408],
    [0.3, -0.5244005127080409],
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.999999, 4.753424308817087],
  ] as const;
  for (const [probability, z] of expected) {
    t.true(Math.abs(normalQuantile(probability) - z) <= 1e-13);
  }
});
