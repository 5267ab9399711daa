/** Linear models beside scikit-learn's, with the same parameters. */
import test from 'ava';
import type { LinearState } from '../../estimators/index.ts';
import * as estimators from '../../estimators/index.ts';
import { type LinearCase, linearCases, loadLinear, weightsOf } from './support.ts';

/** 0.3 points. */
const close = 0.003;
const seeds = 5;

/** What all of them have. */
interface Linear {
  readonly fitted: LinearState;
  fit(X: number[][], y: unknown, options: { sampleWeight?: number[] }): this;
  score(X: number[][], y: unknown): number;
  predict(X: number[][]): { readonly data: ArrayLike<number> };
}

for (const reference of linearCases()) {
  const { set, estimator, parameters, scaled, weighted } = reference;
  const more = `${scaled ? ', scaled' : ''}${weighted ? ', weighted' : ''}`;
  test(`${set}: ${estimator} ${JSON.stringify(parameters)}${more}`, (t) => {
    const { XTest, yTest } = loadLinear(set, scaled);
    if (reference.scoreSd !== undefined) {
      const scores = Array.from({ length: seeds }, (_, seed) =>
        fitted(reference, seed).score(XTest, yTest),
      );
      const mean = scores.reduce((a, b) => a + b) / seeds;
      // Means over seeds differ by chance: four standard errors, and half a point.
      const chance = (4 * reference.scoreSd) / Math.sqrt(seeds) + 0.005;
      t.true(Math.abs(mean - reference.score) <= chance, `${mean} ${reference.score}`);
      return;
    }
    const model = fitted(reference);
    const { coef, intercept } = model.fitted;
    const scale = largest(reference.coef.flat());
    t.true(distance(coef.flat(), reference.coef.flat()) <= 1e-3 * scale, `${coef}`);
    const offset = Math.max(largest(reference.intercept), scale);
    t.true(distance(intercept, reference.intercept) <= 1e-3 * offset, `${intercept}`);
    const score = model.score(XTest, yTest);
    t.true(score >= reference.score - close, `${score} ${reference.score}`);
    const predictions = Array.from(model.predict(XTest.slice(0, 20)).data);
    const expected = reference.predictions.flat();
    t.true(distance(predictions, expected) <= 5e-3 * largest(expected));
  });
}

function fitted({ set, estimator, parameters, scaled, weighted }: LinearCase, seed = 0): Linear {
  const Class = (estimators as unknown as Record<string, new (parameters: object) => Linear>)[
    estimator
  ]!;
  const { XTrain, yTrain } = loadLinear(set, scaled);
  const own = { outOfRange: 'clip', ...(seed > 0 ? { randomState: seed } : {}), ...parameters };
  return new Class(own).fit(XTrain, yTrain, weightsOf({ weighted }, yTrain.length));
}

function largest(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.length === b.length ? largest(a.map((value, i) => value - b[i]!)) : Number.NaN;
}
