/**
 * Random models on random data: each is refused with a code, or learns finite numbers and predicts with them, the same in
 * clear, as a traced program, simulated, encrypted, one row at a time and after JSON. Others each time; a failure prints its
 * seed. `npm run fuzz -- --models 2000` tries many more.
 */
import test from 'ava';
import fc from 'fast-check';
import * as estimators from '../../estimators/index.ts';
import { Predictor } from '../../estimators/predictor.ts';
import { checkCompiled, checkInClear } from '../support/random/models/check.ts';
import { modelClasses } from '../support/random/models/classes.ts';
import { fitted } from '../support/random/models/model.ts';
import { checkPipeline, pipelineSources } from '../support/random/models/pipelines.ts';
import { modelSources } from '../support/random/models/source.ts';

for (const { Estimator, values } of modelClasses) {
  const { name } = Estimator;
  const sources = modelSources({ [name]: values });

  test(`${name}: random models predict what they have learned, or are refused`, (t) => {
    const agree = fc.property(sources, (source) => {
      const one = fitted(source);
      if (typeof one !== 'string') checkInClear(one);
    });
    t.notThrows(() => fc.assert(agree, { numRuns: 30, includeErrorInReport: true }));
  });

  test.serial(`${name}: random models predict the same encrypted`, async (t) => {
    const agree = fc.asyncProperty(sources, async (source) => {
      const one = fitted(source);
      if (typeof one === 'string' || !(await checkCompiled(one, true))) fc.pre(false);
    });
    await t.notThrowsAsync(fc.assert(agree, { numRuns: 2, includeErrorInReport: true }));
  });
}

test('pipelines of random transformers predict what their steps do, or are refused', (t) => {
  let fitted = 0;
  const agree = fc.property(pipelineSources, (source) => {
    fitted += Number(checkPipeline(source));
  });
  t.notThrows(() => fc.assert(agree, { numRuns: 200, includeErrorInReport: true }));
  t.true(fitted > 80, `${fitted} of 200`);
});

test('every class that predicts is among the random models', (t) => {
  const all = Object.values(estimators).filter(
    (value) => typeof value === 'function' && value.prototype instanceof Predictor,
  );
  const drawn = new Set<unknown>(modelClasses.map(({ Estimator }) => Estimator));
  t.deepEqual(
    all.filter((value) => !drawn.has(value)),
    [],
  );
});

test('every parameter of every class is drawn from', (t) => {
  for (const { Estimator, values } of modelClasses) {
    const parameters = (new Estimator() as { getParams(): object }).getParams();
    t.deepEqual(Object.keys(values).sort(), Object.keys(parameters).sort(), Estimator.name);
  }
});
