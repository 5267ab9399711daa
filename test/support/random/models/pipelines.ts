/** Random pipelines: transformers one after the other, and a model at their end. */
import { deepStrictEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import * as estimators from '../../../../estimators/index.ts';
import { type DataSource, dataOf, dataSources } from './data.ts';
import { type Array1, refusal, values, warned } from './model.ts';
import { parametersOf, type Values } from './source.ts';

/** A random pipeline as plain data. */
export interface PipelineSource {
  readonly steps: readonly StepSource[];
  readonly model: string;
  readonly data: DataSource;
}

interface StepSource {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

interface Step {
  readonly fitted: { readonly nFeaturesIn: number };
  fit(X: unknown, y?: unknown): this;
  transform(X: unknown): Array1;
  predict(X: unknown): Array1;
}

const transformers: Readonly<Record<string, Values>> = {
  StandardScaler: { withMean: [true, false], withStd: [true, false] },
  MinMaxScaler: {
    featureRange: [
      [0, 1],
      [-5, 1e9],
    ],
    clip: [true, false],
  },
  RobustScaler: {
    withCentering: [true, false],
    withScaling: [true, false],
    quantileRange: [
      [25, 75],
      [0, 100],
      [10, 10],
    ],
    unitVariance: [false, true],
  },
  KBinsDiscretizer: {
    nBins: [2, 5, [3, 4]],
    encode: ['ordinal', 'onehotDense'],
    strategy: ['uniform', 'quantile', 'kmeans'],
  },
  OneHotEncoder: {
    drop: [null, 'first', 'ifBinary'],
    handleUnknown: ['error', 'ignore', 'infrequentIfExist'],
    minFrequency: [null, 2, 0.3],
    maxCategories: [null, 1, 3],
  },
  OrdinalEncoder: {
    handleUnknown: ['error', 'useEncodedValue'],
    unknownValue: [null, -1],
    encodedMissingValue: [null, -2],
    minFrequency: [null, 2],
    maxCategories: [null, 3],
  },
  PolynomialFeatures: {
    degree: [1, 2, [2, 3], 0],
    interactionOnly: [true, false],
    includeBias: [true, false],
  },
  SimpleImputer: {
    strategy: ['mean', 'median', 'mostFrequent', 'constant'],
    missingValues: [null, 0],
    fillValue: [null, 7],
    addIndicator: [false, true],
    keepEmptyFeatures: [false, true],
  },
  PCA: { nComponents: [null, 1, 0.5], whiten: [false, true] },
};

/** Models of each kind of folding; those of trees take over what is before them exactly. */
const models: Readonly<Record<string, object>> = {
  LinearRegression: { outOfRange: 'clip' },
  Ridge: { alpha: 1e-3, nBits: 4, outOfRange: 'clip' },
  DecisionTreeRegressor: { maxDepth: 4 },
  RandomForestRegressor: { nEstimators: 3 },
  GradientBoostingRegressor: { nEstimators: 3 },
  ExplainableBoostingRegressor: { outerBags: 1, maxRounds: 5 },
  IsolationForest: { nEstimators: 3 },
};
const exact = /Tree|Forest|Boosting/;

/** Random pipelines. */
export const pipelineSources: fc.Arbitrary<PipelineSource> = fc.record({
  steps: fc
    .array(
      fc.oneof(
        ...Object.entries(transformers).map(([name, all]) =>
          fc.record({ name: fc.constant(name), parameters: parametersOf(all) }),
        ),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .filter(isNarrow),
  model: fc.constantFrom(...Object.keys(models)),
  data: dataSources(25, 3),
});

/** Products of the columns that others make of one, or of products, would be thousands. */
function isNarrow(steps: readonly StepSource[]): boolean {
  const place = steps.findLastIndex(({ name }) => name === 'PolynomialFeatures');
  const before = steps.slice(0, Math.max(place, 0));
  return !before.some(({ name }) => /OneHot|KBins|Polynomial/.test(name));
}

/**
 * Whether a pipeline predicts what its steps say one after the other; alone, together, and after JSON. False where it is
 * refused.
 *
 * @throws where something does not hold
 */
export function checkPipeline({ steps, model, data: source }: PipelineSource): boolean {
  const { X, targets } = dataOf(source, steps[0]!.name === 'SimpleImputer');
  const pipeline = new estimators.Pipeline([
    ...steps.map(({ name, parameters }, i) => [`s${i}`, made(name, parameters)] as const),
    ['model', made(model, models[model]!)] as const,
  ]);
  let fitted: unknown;
  warned(() => {
    fitted = refusal(() => pipeline.fit(X, targets as never));
  });
  if (typeof fitted === 'string') return false;

  const predicted = refusal(() => values(pipeline.predict(X)));
  const own = pipeline.namedSteps as unknown as Record<string, Step>;
  const stepwise = refusal(() => {
    const rows = steps.reduce((all: unknown, _, i) => own[`s${i}`]!.transform(all), X);
    return values(own.model!.predict(rows));
  });
  if (exact.test(model)) deepStrictEqual(predicted, stepwise, 'steps one after the other');
  const json = JSON.parse(JSON.stringify(pipeline));
  const restored = estimators.Pipeline.fromJSON(json) as typeof pipeline;
  deepStrictEqual(restored.fitted, json.fitted, 'restored state');
  deepStrictEqual(
    refusal(() => values(restored.predict(X))),
    predicted,
    'predictions after JSON',
  );
  if (typeof predicted === 'string') {
    deepStrictEqual(predicted, 'NOT_FINITE', 'training rows are in range');
    return false;
  }
  ok((predicted as number[]).every(Number.isFinite), 'finite');
  const alone = X.slice(0, 4).flatMap((row) => values(pipeline.predict([row])));
  deepStrictEqual(alone, predicted.slice(0, alone.length), 'rows alone');
  return true;
}

function made(name: string, parameters: object): never {
  const all = estimators as unknown as Record<string, new (parameters: object) => object>;
  return new all[name]!(parameters) as never;
}
