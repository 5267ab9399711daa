/** A small fitted model of every class, as what documents are made of. */

import type { Estimator, EstimatorJson, Fitted } from '../../../../estimators/estimator.ts';
import * as estimators from '../../../../estimators/index.ts';
import { createRandom } from '../../../../lib/random.ts';
import { modelClasses } from './classes.ts';
import type { Array1 } from './model.ts';

/** A fitted model, and what it answers with. */
export interface Saved {
  readonly name: string;
  readonly json: EstimatorJson;
  /** Reads a document, and has it answer for some rows. */
  answer(document: unknown): Array1;
}

type Any = Estimator<object, Fitted> & {
  fit(X: unknown, y?: unknown): Any;
  predict?(X: unknown): Array1;
  transform(X: unknown): Array1;
};

const random = createRandom(5);
const rows = Array.from({ length: 30 }, () => [random(), random.integer(5), 3 * random()]);
const targets = {
  classes: rows.map(([a], row) => (row % 3 === 0 ? 2 : Number(a! > 0.5))),
  numbers: rows.map(([a, b]) => a! + b! + 0.5),
  nothing: undefined,
};

const scaler = new estimators.StandardScaler();
const categories = new estimators.OneHotEncoder({
  minFrequency: 3,
  handleUnknown: 'infrequentIfExist',
});
const columns = new estimators.ColumnTransformer({
  transformers: [
    ['a', scaler, [0]],
    ['b', categories, [1]],
  ],
  remainder: 'passthrough',
});

const transformers: readonly unknown[] = [
  scaler,
  new estimators.MinMaxScaler({ clip: true }),
  new estimators.RobustScaler(),
  new estimators.KBinsDiscretizer(),
  categories,
  new estimators.OrdinalEncoder(),
  new estimators.PolynomialFeatures(),
  new estimators.PCA(),
  new estimators.SimpleImputer({ addIndicator: true }),
  columns,
  new estimators.Pipeline([
    ['scaler', scaler],
    ['products', new estimators.PolynomialFeatures()],
  ]),
];

const pipelines: readonly unknown[] = [
  new estimators.Pipeline([
    ['scaler', scaler],
    ['components', new estimators.PCA({ nComponents: 2 })],
    ['model', new estimators.LogisticRegression()],
  ]),
  new estimators.Pipeline([
    ['columns', columns],
    ['model', new estimators.DecisionTreeClassifier()],
  ]),
];

/** A fitted model of every class; several of those that hold others. */
export function savedModels(): Saved[] {
  const models = modelClasses.map(({ Estimator, quick, learns }) => {
    const model = new (Estimator as unknown as new (parameters?: object) => Any)(quick);
    return savedOf(model.fit(rows, targets[learns]));
  });
  const others = [
    ...transformers.map((each) => (each as Any).fit(rows)),
    ...pipelines.map((each) => (each as Any).fit(rows, targets.classes)),
  ];
  return [...models, ...others.map(savedOf)];
}

function savedOf(model: Any): Saved {
  const Class = model.constructor as unknown as { fromJSON(json: unknown): Any };
  const { predicts = model.predict !== undefined } = model as { readonly predicts?: boolean };
  const { steps } = model.getParams() as { readonly steps?: readonly [string, unknown][] };
  const parts = steps?.map(([name]) => name);
  return {
    name: parts === undefined ? model.name : `${model.name} of ${parts.join(', ')}`,
    json: JSON.parse(JSON.stringify(model)),
    answer: (document) => {
      const read = Class.fromJSON(document);
      return predicts ? read.predict!(rows) : read.transform(rows);
    },
  };
}
