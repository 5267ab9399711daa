/**
 * Every estimator beside the same model of another library, and beside itself without integers: one fold of each case here,
 * and all of them as `docs/reference/accuracy.md` tells.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  accuracyCases,
  foldCount,
  foldOf,
  predictorOf,
  setNames,
  sizeOf,
} from '../../docs/reference/make/accuracy/cases.ts';
import { floatPredictions } from '../../docs/reference/make/accuracy/floatModels.ts';
import {
  chance,
  coefficientLimit,
  foldLimit,
  labelLimit,
  offBy,
  quantizationLimit,
  scoreLimit,
} from '../../docs/reference/make/accuracy/limits.ts';
import { measure, seedCount } from '../../docs/reference/make/accuracy/measure.ts';
import { tablesOf, titleOf } from '../../docs/reference/make/accuracy/page.ts';
import * as estimators from '../../estimators/index.ts';
import { Predictor } from '../../estimators/predictor.ts';

/** Places of the columns, after the first. */
const column = { reference: 0, ours: 1, difference: 2, within: 3, float: 4, lost: 5, label: 6 };

const tables = tablesOf(readFileSync('docs/reference/accuracy.md', 'utf8'));

for (const [i, each] of accuracyCases.entries()) {
  // Case after case, another fold and another seed.
  const fold = i % foldCount;
  const seed = Math.floor(i / foldCount) % 3;

  test(`${each.set}, fold ${fold}: ${titleOf(each)}`, (t) => {
    const rows = foldOf(each.set, fold).yTest.length;
    const { ours, float, coefficients } = measure(each, fold, seed);
    // One row of a fold may count for more than the limit.
    const lost = 100 * Math.abs(float - ours);
    t.true(lost <= Math.max(quantizationLimit, 100 / rows + 1e-9), `lost ${lost}`);
    if (coefficients !== null) t.true(coefficients <= coefficientLimit, `${coefficients}`);
    const reference = each.scores?.[fold];
    if (reference === undefined) return;
    const off = offBy(each, 100 * (ours - reference));
    t.true(off <= foldLimit(each, fold, rows), `${ours} instead of ${reference}`);
  });

  test(`the page, ${each.set}: ${titleOf(each)}`, (t) => {
    const cells = tables.get(each.set)?.get(titleOf(each));
    if (cells === undefined) return t.fail('run npm run docs:accuracy');
    const number = (name: keyof typeof column): number => Number(cells[column[name]]);
    t.true(Math.abs(number('lost')) <= quantizationLimit);
    if (each.scores !== undefined) {
      const within = scoreLimit(each) + chance(each, seedCount);
      t.is(number('within'), Number(within.toFixed(2)));
      t.true(offBy(each, number('difference')) <= within);
    }
    if (Number.isNaN(number('label'))) return;
    t.true(number('float') - number('label') <= labelLimit(each));
  });
}

test('every estimator that predicts is compared, and on every data set that it can learn from', (t) => {
  const names = Object.entries(estimators)
    .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Predictor)
    .map(([name]) => name)
    // They have a test of their own: their integers are distances, with no floats that were learned beside them.
    .filter((name) => !name.startsWith('KNeighbors'));
  const compared = new Map<string, Set<string>>();
  for (const each of accuracyCases) {
    const [name] = predictorOf(each);
    compared.set(name, (compared.get(name) ?? new Set()).add(each.set));
  }
  t.deepEqual([...compared.keys()].sort(), names.sort());
  const sets = { classes: setNames.slice(0, 5), numbers: ['diabetes', 'friedman', 'sparse'] };
  t.true(sets.classes.every((set) => sizeOf(set).classes > 0));
  for (const [name, own] of compared) {
    const all = own.has('iris') ? sets.classes : sets.numbers;
    t.deepEqual(
      all.filter((set) => !own.has(set)),
      missing.get(name) ?? [],
      name,
    );
  }
});

/** Data sets that estimators cannot learn from: without an outlier, or with numbers below 0. */
const missing = new Map([
  ['IsolationForest', ['synthetic', 'moons']],
  ['MultinomialNB', ['synthetic', 'moons']],
  ...['PoissonRegressor', 'GammaRegressor', 'TweedieRegressor'].map((name): [string, string[]] => [
    name,
    ['sparse'],
  ]),
]);

test('a float model is none of the integer model', (t) => {
  const { XTrain, yTrain, XTest } = foldOf('diabetes', 0);
  const model = new estimators.LinearRegression({ nBits: 2, outOfRange: 'clip' });
  model.fit(XTrain, yTrain);
  const { coef, intercept } = model.fitted;
  const float = floatPredictions({ ...model.fitted }, XTest) as number[];
  const sums = XTest.map((row) =>
    row.reduce((sum, value, j) => sum + value * coef[0]![j]!, intercept[0]!),
  );
  float.forEach((value, row) => {
    t.true(Math.abs(value - sums[row]!) < 1e-9);
  });
  const coarse = Array.from(model.predict(XTest).data);
  t.true(coarse.some((value, row) => Math.abs(value - float[row]!) > 1));
});

test('learned state of no known family is refused', (t) => {
  t.throws(() => floatPredictions({ nFeaturesIn: 1 }, [[0]]), { message: /nFeaturesIn/ });
});
