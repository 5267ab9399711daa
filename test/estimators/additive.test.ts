import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  accuracyScore,
  BernoulliNB,
  GaussianNB,
  KMeans,
  MultinomialNB,
  NearestCentroid,
} from '../../estimators/index.ts';
import { load } from './support.ts';

/** What scikit-learn made of one estimator; see test/fixtures/make_sklearn_additive.py. */
interface Reference {
  readonly data: string;
  readonly estimator: 'GaussianNB' | 'BernoulliNB' | 'MultinomialNB' | 'NearestCentroid' | 'KMeans';
  readonly parameters: Record<string, unknown>;
  readonly weighted: boolean;
  readonly learned: Record<string, unknown>;
  readonly predictions: number[];
  readonly accuracy: number;
  readonly logProba?: number[][];
  readonly distances?: number[][];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/sklearn-additive.json', import.meta.url), 'utf8'),
) as { cases: Reference[] };

const classifiers = { GaussianNB, BernoulliNB, MultinomialNB, NearestCentroid };
const list = (array: { data: ArrayLike<unknown> }): number[] => Array.from(array.data) as number[];
const flat = (value: unknown): number[] => [value].flat(9) as number[];

for (const reference of cases) {
  const { data, estimator, parameters, weighted } = reference;
  test(`${data}: ${estimator} ${JSON.stringify(parameters)}${weighted ? ', weighted' : ''}`, (t) => {
    const { XTrain, XTest, yTrain, yTest } = load(data);
    const options = weighted ? { sampleWeight: yTrain.map((_, row) => 1 + (row % 3)) } : {};
    const clip = estimator === 'BernoulliNB' ? {} : { outOfRange: 'clip' as const };
    const all = { ...parameters, ...clip };
    if (estimator === 'KMeans') {
      const init = XTrain.slice(0, parameters.nClusters as number);
      const model = new KMeans({ ...all, init }).fit(XTrain, undefined, options);
      t.true(isLearned(model.fitted, reference));
      const same = agreement(list(model.predict(XTest)), reference.predictions);
      t.true(same >= 0.995, `${same}`);
      const distances = flat(reference.distances);
      const error = distance(list(model.transform(XTest.slice(0, 10))), distances);
      t.true(error <= 1e-3 * Math.max(...distances), `${error}`);
      return;
    }
    const model = new classifiers[estimator](all).fit(XTrain, yTrain, options);
    t.true(isLearned(model.fitted, reference));
    t.true(accuracyScore(reference.predictions, model.predict(XTest)) >= 0.995);
    t.true(Math.abs(model.score(XTest, yTest) - reference.accuracy) <= 0.003);
    if (!('predictLogProba' in model)) return;
    const logProba = flat(reference.logProba);
    const own = list(model.predictLogProba(XTest.slice(0, 20)));
    // Absolute, but of classes that nobody would take relative: a grid of 12 bits is not as fine as these are unlikely.
    const wrong = own.map(
      (value, i) => Math.abs(value - logProba[i]!) / Math.max(10, -logProba[i]!),
    );
    t.true(Math.max(...wrong) <= 1e-2, `${Math.max(...wrong)}`);
  });
}

/** Whether all learnt numbers agree to 1e-6 of the largest of their kind. */
function isLearned(fitted: object, { learned }: Reference): boolean {
  return Object.entries(learned).every(([name, expected]) => {
    const numbers = flat(expected);
    const own = flat((fitted as Record<string, unknown>)[name]);
    const largest = Math.max(...numbers.map(Math.abs));
    return own.length === numbers.length && distance(own, numbers) <= 1e-6 * largest;
  });
}

function agreement(a: readonly number[], b: readonly number[]): number {
  return a.filter((value, i) => value === b[i]).length / b.length;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}
