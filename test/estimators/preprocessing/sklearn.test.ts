/** Transformers against scikit-learn's, on the cases of test/fixtures/make_sklearn_preprocessing.py. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import {
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
import { estimatorFromJSON } from '../../../estimators/registry.ts';

type Cell = number | string | null;

interface Case {
  readonly transformer: string;
  readonly parameters: object;
  readonly X: Cell[][];
  readonly test: Cell[][];
  readonly weights: number[] | null;
  readonly fitted: Record<string, unknown>;
  readonly output: Cell[][];
  readonly names: string[];
  readonly inverse: Cell[][] | null;
}

type Rows = { readonly shape: readonly number[]; readonly data: ArrayLike<unknown> };

interface Any {
  readonly fitted: Record<string, unknown>;
  fit(X: unknown, y?: unknown, options?: object): this;
  fitTransform(X: unknown, y?: unknown, options?: object): Rows;
  transform(X: unknown): Rows;
  inverseTransform(X: unknown): Rows;
  getFeatureNamesOut(): string[];
  getParams(): object;
}

const classes = {
  KBinsDiscretizer,
  MinMaxScaler,
  OneHotEncoder,
  OrdinalEncoder,
  PCA,
  PolynomialFeatures,
  RobustScaler,
  SimpleImputer,
  StandardScaler,
} as unknown as Record<string, new (parameters: object) => Any>;

const file = new URL('../../fixtures/sklearn-preprocessing.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

cases.forEach(({ transformer, parameters, X, test: rows, weights, ...expected }, i) => {
  test(`${i}: ${transformer} ${JSON.stringify(parameters)}${weights ? ', weighted' : ''}`, (t) => {
    const model = new classes[transformer]!(parameters);
    const options = weights === null ? {} : { sampleWeight: weights };
    t.is(model.fit(X, undefined, options), model);
    for (const [name, value] of Object.entries(expected.fitted)) {
      t.true(same(model.fitted[name], value), `${name}: ${JSON.stringify(model.fitted[name])}`);
    }
    const output = model.transform(rows);
    t.true(same(rowsOf(output), expected.output), JSON.stringify(rowsOf(output)));
    t.deepEqual(model.getFeatureNamesOut(), expected.names);
    if (expected.inverse !== null) {
      const back = rowsOf(model.inverseTransform(output));
      t.true(same(back, expected.inverse), JSON.stringify(back));
    }
    const restored = estimatorFromJSON(JSON.parse(JSON.stringify(model))) as unknown as Any;
    t.deepEqual(restored.getParams(), model.getParams());
    t.deepEqual(restored.fitted, model.fitted);
    t.deepEqual(restored.transform(rows), output);
    t.deepEqual(
      new classes[transformer]!(parameters).fitTransform(X, undefined, options),
      model.transform(X),
    );
  });
});

function rowsOf({ shape, data }: Rows): unknown[][] {
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: rows }, (_, row) =>
    Array.from(data).slice(row * columns, (row + 1) * columns),
  );
}

/** Whether two nested lists are equal, numbers within 1e-8 of the larger; NaN and null are the same. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => same(value, b[i]));
  }
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= 1e-8 * Math.max(1, Math.abs(b));
  }
  return a === b || (Number.isNaN(a) && b === null);
}
