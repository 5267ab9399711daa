/**
 * Input that is not as it should be, over all classes: each as scikit-learn treats it, or refused with a code. Nothing else is
 * ever thrown, and nothing that is returned is infinite or NaN but a missing value that stays one.
 */
import test from 'ava';
import * as estimators from '../../estimators/index.ts';
import type { ErrorCode } from '../../lib/index.ts';
import { modelClasses } from '../support/random/models/classes.ts';
import { type Array1, refusal, values, warned } from '../support/random/models/model.ts';

interface AnyEstimator {
  fit(X: unknown, y?: unknown, options?: object): AnyEstimator;
  predict?(X: unknown): Array1;
  transform(X: unknown): Array1;
  score?(X: unknown, y: unknown): number;
}

interface AnyClass {
  readonly name: string;
  readonly learns: 'classes' | 'numbers' | 'nothing';
  make(): AnyEstimator;
}

const X = Array.from({ length: 12 }, (_, i) => [i % 5, (i * 7) % 11, 3]);
const targets = {
  classes: X.map(([a]) => Number(a! > 1)),
  numbers: X.map(([a, b]) => a! + b! + 1),
  nothing: undefined,
};

const models: readonly AnyClass[] = modelClasses.map(({ Estimator, learns, quick }) => {
  const Class = Estimator as unknown as new (parameters?: object) => AnyEstimator;
  return { name: Estimator.name, learns, make: () => new Class(quick) };
});
const transformers: readonly AnyClass[] = [
  estimators.StandardScaler,
  estimators.MinMaxScaler,
  estimators.RobustScaler,
  estimators.KBinsDiscretizer,
  estimators.OneHotEncoder,
  estimators.OrdinalEncoder,
  estimators.PolynomialFeatures,
  estimators.SimpleImputer,
  estimators.PCA,
].map((Class) => ({
  name: Class.name,
  learns: 'nothing',
  make: () => new Class() as unknown as AnyEstimator,
}));

const answer = (model: AnyEstimator, rows: unknown): Array1 =>
  model.predict === undefined ? model.transform(rows) : model.predict(rows);

/** Outcomes: 'ok', or a code. */
type Outcome = ErrorCode | 'ok';

function outcome(work: () => Array1 | number): Outcome {
  let result: Array1 | number | ErrorCode = 0;
  warned(() => {
    result = refusal(work);
  });
  return typeof result === 'string' ? result : 'ok';
}

const huge = X.map((row) => row.map((value) => (value - 5) * 2e307));
const withNaN = X.map((row, i) => (i === 3 ? [Number.NaN, 1, 2] : row));
/** Classes that take NaN as a missing value: those of scikit-learn's that do, and boosters and additive models. */
const missing =
  /^(GradientBoosting|ExplainableBoosting|StandardScaler|MinMaxScaler|RobustScaler|OneHotEncoder|OrdinalEncoder|SimpleImputer)/;

/** Rows that are none, and the codes that they are refused with. */
const rows: readonly (readonly [what: string, rows: unknown, allowed: readonly Outcome[]])[] = [
  ['null', null, ['BAD_ARRAY']],
  ['undefined', undefined, ['BAD_ARRAY']],
  ['a number', 3, ['SHAPE_MISMATCH']],
  ['a text', 'abc', ['BAD_ARRAY']],
  ['an object', {}, ['BAD_ARRAY']],
  ['a map', new Map(), ['BAD_ARRAY']],
  ['a promise', Promise.resolve(X), ['BAD_ARRAY']],
  ['no rows', [], ['SHAPE_MISMATCH']],
  ['rows without columns', [[], []], ['SHAPE_MISMATCH']],
  ['a single row', [1, 2, 3], ['SHAPE_MISMATCH']],
  ['three dimensions', [X], ['SHAPE_MISMATCH']],
  ['rows of other lengths', [...X.slice(1), [1, 2]], ['BAD_ARRAY']],
  ['rows that are not there', [undefined, X[0]], ['BAD_ARRAY']],
  ['symbols', [[Symbol('x')]], ['BAD_ARRAY']],
  [
    'more elements than there are',
    { shape: [2 ** 30, 2 ** 30], data: new Float64Array(2) },
    ['BAD_ARRAY'],
  ],
  ['a shape below 0', { shape: [-1, -3], data: new Float64Array(3) }, ['BAD_ARRAY']],
  ['rows with and without names', [{ a: 1 }, [1]], ['SHAPE_MISMATCH']],
  ['infinite numbers', X.map((row) => row.map((value) => value / 0)), ['NOT_FINITE']],
];

for (const { name, learns, make } of [...models, ...transformers]) {
  test(`${name}: rows that are none are refused by fit and after it`, (t) => {
    const fitted = make().fit(X, targets[learns]);
    for (const [what, given, allowed] of rows) {
      const fit = outcome(() => answer(make().fit(given, targets[learns]), X));
      t.true(allowed.includes(fit), `fit with ${what}: ${fit}`);
      const later = outcome(() => answer(fitted, given));
      t.true(allowed.includes(later), `later ${what}: ${later}`);
    }
  });

  test(`${name}: texts, missing values, other widths and huge values`, (t) => {
    const fitted = make().fit(X, targets[learns]);
    const texts = X.map((row) => row.map(String));
    const ofTexts = name.endsWith('Encoder') ? 'ok' : 'BAD_ARRAY';
    t.is(
      outcome(() => answer(make().fit(texts, targets[learns]), texts)),
      ofTexts,
    );
    t.is(
      outcome(() => answer(make().fit(withNaN, targets[learns]), withNaN)),
      missing.test(name) ? 'ok' : 'NOT_FINITE',
    );
    for (const width of [2, 4]) {
      const other = X.map((row) => [...row, 1].slice(0, width));
      t.is(
        outcome(() => answer(fitted, other)),
        'SHAPE_MISMATCH',
      );
    }
    const given = outcome(() => {
      const answered = answer(make().fit(huge, targets[learns]), huge);
      t.true(
        values(answered).every((value) => typeof value !== 'number' || Number.isFinite(value)),
      );
      return answered;
    });
    t.true(['ok', 'OUT_OF_RANGE', 'NOT_FINITE'].includes(given), given);
  });

  test(`${name}: constant columns are learned from`, (t) => {
    const constant = X.map(() => [3, 0, -7]);
    if (name === 'PolynomialRegression') {
      t.is(
        outcome(() => answer(make().fit(constant, targets[learns]), constant)),
        'BAD_OPTION',
      );
      return;
    }
    // Counts are not below 0.
    const rowsOf = name === 'MultinomialNB' ? constant.map((row) => row.map(Math.abs)) : constant;
    const answered = answer(make().fit(rowsOf, targets[learns]), rowsOf);
    t.true(values(answered).every((value) => typeof value !== 'number' || Number.isFinite(value)));
  });
}

for (const { name, learns, make } of models.filter(({ learns }) => learns !== 'nothing')) {
  const y = targets[learns]!;

  test(`${name}: targets and weights that are none are refused`, (t) => {
    for (const [what, given] of rows) {
      const fit = outcome(() => answer(make().fit(X, given), X));
      t.true(['BAD_ARRAY', 'BAD_LABELS', 'SHAPE_MISMATCH', 'NOT_FINITE'].includes(fit), what);
      if (given === undefined) continue;
      const weighted = outcome(() => answer(make().fit(X, y, { sampleWeight: given }), X));
      t.true(['BAD_ARRAY', 'SHAPE_MISMATCH'].includes(weighted), `weights: ${what}: ${weighted}`);
    }
    const heavy = { sampleWeight: X.map(() => 1e308) };
    t.is(
      outcome(() => answer(make().fit(X, y, heavy), X)),
      'OUT_OF_RANGE',
    );
  });

  if (learns === 'classes') {
    test(`${name}: labels that fit has not seen are wrong ones to score`, (t) => {
      const model = make().fit(X, y);
      t.is(
        model.score!(
          X,
          X.map(() => 7),
        ),
        0,
      );
      const half = y.map((label, row) => (row % 2 === 0 ? label : 7));
      t.true(model.score!(X, half) <= 0.5);
      t.is(
        outcome(() =>
          model.score!(
            X,
            X.map(() => 'text'),
          ),
        ),
        'BAD_LABELS',
      );
    });
  }
}
