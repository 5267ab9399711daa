/**
 * What models cost, for the pages of `docs/estimators`: of each model a table, at the mark `<!-- costs:Name -->` of its page.
 * Models learn from the breast cancer data and are compiled with the default calibration. Nothing is run.
 */
import {
  BernoulliNB,
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ElasticNet,
  ExplainableBoostingClassifier,
  ExplainableBoostingRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  GammaRegressor,
  GaussianNB,
  GradientBoostingClassifier,
  GradientBoostingRegressor,
  IsolationForest,
  KMeans,
  KNeighborsClassifier,
  KNeighborsRegressor,
  Lasso,
  LinearRegression,
  LinearSVC,
  LinearSVR,
  LogisticRegression,
  MLPClassifier,
  MLPRegressor,
  MultinomialNB,
  NearestCentroid,
  NeuralNetworkClassifier,
  NeuralNetworkRegressor,
  Perceptron,
  PoissonRegressor,
  PolynomialRegression,
  RandomForestClassifier,
  RandomForestRegressor,
  Ridge,
  RidgeClassifier,
  SGDClassifier,
  SGDRegressor,
  TweedieRegressor,
} from '../../../estimators/index.ts';
import type { Circuit, CompileOptions } from '../../../lib/index.ts';
import { splitBreastCancer } from '../../examples/data/load.ts';
import { duration, kilobytes, megabytes } from './units.ts';

/** A class, with the parameters whose costs the pages show. */
interface Model {
  readonly Estimator: new (parameters: never) => object;
  readonly parameters: object;
}

const boosting = { nEstimators: 50, maxDepth: 4 };
const forest = { nEstimators: 20, maxDepth: 4 };

/** Every model that has a page. */
const models: readonly Model[] = [
  { Estimator: LogisticRegression, parameters: { maxIter: 1000 } },
  { Estimator: LinearSVC, parameters: {} },
  { Estimator: RidgeClassifier, parameters: {} },
  { Estimator: SGDClassifier, parameters: {} },
  { Estimator: Perceptron, parameters: {} },
  { Estimator: LinearRegression, parameters: {} },
  { Estimator: Ridge, parameters: {} },
  { Estimator: Lasso, parameters: { alpha: 0.01 } },
  { Estimator: ElasticNet, parameters: { alpha: 0.01 } },
  { Estimator: SGDRegressor, parameters: { eta0: 1e-8 } },
  { Estimator: PoissonRegressor, parameters: {} },
  { Estimator: GammaRegressor, parameters: {} },
  { Estimator: TweedieRegressor, parameters: { power: 1.5 } },
  { Estimator: LinearSVR, parameters: {} },
  { Estimator: PolynomialRegression, parameters: { degree: 3, feature: 0 } },
  { Estimator: DecisionTreeClassifier, parameters: { maxDepth: 5 } },
  { Estimator: DecisionTreeRegressor, parameters: { maxDepth: 5 } },
  { Estimator: RandomForestClassifier, parameters: forest },
  { Estimator: RandomForestRegressor, parameters: forest },
  { Estimator: ExtraTreesClassifier, parameters: forest },
  { Estimator: ExtraTreesRegressor, parameters: forest },
  { Estimator: IsolationForest, parameters: { nEstimators: 20, maxSamples: 64 } },
  { Estimator: ExplainableBoostingClassifier, parameters: {} },
  { Estimator: ExplainableBoostingRegressor, parameters: {} },
  { Estimator: GaussianNB, parameters: {} },
  { Estimator: BernoulliNB, parameters: { binarize: 0.1 } },
  { Estimator: MultinomialNB, parameters: {} },
  { Estimator: NearestCentroid, parameters: {} },
  { Estimator: KMeans, parameters: { nClusters: 2 } },
  { Estimator: MLPClassifier, parameters: {} },
  { Estimator: MLPRegressor, parameters: {} },
  { Estimator: NeuralNetworkClassifier, parameters: {} },
  { Estimator: NeuralNetworkRegressor, parameters: {} },
  { Estimator: KNeighborsClassifier, parameters: {} },
  { Estimator: KNeighborsRegressor, parameters: {} },
  { Estimator: GradientBoostingClassifier, parameters: boosting },
  { Estimator: GradientBoostingRegressor, parameters: boosting },
];

/** What is called of them. */
interface AnyModel {
  getParams(): object;
  fit(X: number[][], y: number[]): AnyModel;
  compile(X: null, options: CompileOptions): Promise<Circuit>;
}

/** The table of a model: a line for scores, and one for labels where it has them. */
export async function costTable(name: string): Promise<string> {
  const { Estimator, parameters } = models.find((model) => model.Estimator.name === name)!;
  const make = (more: object): AnyModel =>
    new (Estimator as new (parameters: object) => AnyModel)({ ...parameters, ...more });
  const { XTrain, yTrain } = splitBreastCancer();
  const classifies = 'output' in make({}).getParams();
  // Models of numbers above 0 learn 1 and 2.
  const y = classifies ? yTrain : yTrain.map((label) => label + 1);
  const lines = [];
  for (const output of classifies ? ['scores', 'label'] : ['values']) {
    const model = make(output === 'label' ? { output } : {}).fit(XTrain, y);
    lines.push(line(output, await model.compile(null, { calibration: 'default' })));
  }
  const given = Object.entries(parameters).map(([key, value]) => `${key}: ${value}`);
  const shown = given.length === 0 ? 'default parameters' : `\`{ ${given.join(', ')} }\``;
  return `One encrypted row of the breast cancer data (30 features), ${shown}; predicted for one thread, not measured.

| output | time | query | reply | evaluation key | CMUX | bootstraps |
|---|---|---|---|---|---|---|
${lines.join('\n')}`;
}

function line(output: string, { statistics }: Circuit): string {
  const { microseconds, queryBytes, replyBytes, evaluationKeyBytes } = statistics;
  const cells = [
    output,
    duration(microseconds),
    kilobytes(queryBytes),
    kilobytes(replyBytes),
    megabytes(evaluationKeyBytes),
    statistics.diagrams.cmux,
    statistics.lookups.bootstraps,
  ];
  return `| ${cells.join(' | ')} |`;
}

const mark = /<!-- costs:(\w+) -->\n(?:[\s\S]*?<!-- end of costs -->\n)?/g;

/** Names of the models whose costs a page shows, each with its table as it stands there. */
export function costsIn(page: string): Map<string, string> {
  const found = page.matchAll(/<!-- costs:(\w+) -->\n([\s\S]*?)\n<!-- end of costs -->/g);
  return new Map([...found].map(([, name, table]) => [name!, table!]));
}

/** The page with the costs of its models. */
export async function withCosts(page: string): Promise<string> {
  const tables = new Map<string, string>();
  for (const [, name] of page.matchAll(mark)) tables.set(name!, await costTable(name!));
  return page.replace(
    mark,
    (_, name: string) => `<!-- costs:${name} -->\n${tables.get(name)}\n<!-- end of costs -->\n`,
  );
}
