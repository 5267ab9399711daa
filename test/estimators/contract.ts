/**
 * What every estimator must do, as one suite. `contract.test.ts` runs it over all of them.
 */
import test from 'ava';
import { Matrix } from 'ml-matrix';
import ndarray from 'ndarray';
import type { EstimatorJson } from '../../estimators/estimator.ts';
import { crossValScore, MinMaxScaler, Pipeline } from '../../estimators/index.ts';
import type { ClearOptions } from '../../estimators/predictor.ts';
import { estimatorFromJSON } from '../../estimators/registry.ts';
import { BlindfitError } from '../../lib/errors.ts';
import { evaluateBatch, toTensor, trace } from '../../tracer/index.ts';
import { classifierContract } from './classifierContract.ts';
import {
  type AnyEstimator,
  type Array1,
  close,
  type Entry,
  iris,
  values,
} from './contractTypes.ts';
import { integerModel } from './support.ts';

const features = ['sepal length', 'sepal width', 'petal length', 'petal width'];
/** The label, or the petal width plus the label: above 0, and linear in nothing. */
const targets = {
  classes: { train: iris.yTrain, test: iris.yTest },
  numbers: {
    train: iris.XTrain.map((row, i) => row[3]! + iris.yTrain[i]!),
    test: iris.XTest.map((row, i) => row[3]! + iris.yTest[i]!),
  },
  nothing: { train: undefined, test: undefined },
};

/** Registers the tests of one estimator. */
export function contract(entry: Entry): void {
  const { Estimator, learns, parameters = {}, other, methods = [] } = entry;
  const Class = Estimator as unknown as {
    new (parameters?: object): AnyEstimator;
    fromJSON(json: unknown): AnyEstimator;
    load(bytes: Uint8Array): AnyEstimator;
  };
  const { name } = new Class();
  const title = (text: string): string => `${name}: ${text}`;
  const { XTrain, XTest } = iris;
  const { train: yTrain, test: yTest } = targets[learns];
  const make = (more: object = {}): AnyEstimator => new Class({ ...parameters, ...more });
  const fitted = (more: object = {}): AnyEstimator => make(more).fit(XTrain, yTrain);

  test(
    title('the constructor stores, getParams returns all, setParams changes, clone copies'),
    (t) => {
      const model = new Class(other);
      const all = model.getParams();
      t.like(all, other);
      for (const [key, value] of Object.entries(other)) {
        t.notDeepEqual((new Class().getParams() as Record<string, unknown>)[key], value, key);
      }
      t.deepEqual(new Class().setParams(other).getParams(), all);
      t.deepEqual(new Class(all).getParams(), all);
      const copy = fitted().setParams(other).clone();
      t.true(copy instanceof Estimator);
      t.like(copy.getParams(), other);
      t.throws(() => copy.fitted, { code: 'NOT_FITTED' });
    },
  );

  test(title('fit returns this, learns, and learns anew each time'), (t) => {
    const model = make();
    t.is(model.fit(XTrain, yTrain), model);
    const first = model.fitted;
    t.is(first.nFeaturesIn, 4);
    t.is(first.featureNamesIn, undefined);
    t.true(Object.isFrozen(first));
    if (entry.score !== undefined) {
      const score = model.score(XTest, yTest);
      t.true(score >= entry.score, `${score}`);
    }
    model.fit(
      XTrain.map((row) => row.slice(0, 3)),
      yTrain,
    );
    t.is(model.fitted.nFeaturesIn, 3);
    t.deepEqual(model.fit(XTrain, yTrain).fitted, first);
  });

  test(title('misspelt options of a prediction are refused: it would be clear silently'), (t) => {
    const model = fitted();
    const predict = (options: object) => () => model.predict(XTest, options as ClearOptions);
    t.throws(predict({ encrypt: true }), { code: 'BAD_OPTION', message: /given \{ encrypt \}/ });
    const message = /encrypted: .*given simulated; allowed: true, false or 'simulate'/;
    t.throws(predict({ encrypted: 'simulated' }), { code: 'BAD_OPTION', message });
  });

  test(title('equal seeds give equal models'), (t) => {
    const seeded = 'randomState' in new Class().getParams() ? { randomState: 7 } : {};
    t.deepEqual(fitted({ ...other, ...seeded }).toJSON(), fitted({ ...other, ...seeded }).toJSON());
  });

  test(title('JSON and bytes hold everything, exactly'), (t) => {
    const model = fitted(other);
    const expected = values(model.predict(XTest));
    const json: EstimatorJson = JSON.parse(JSON.stringify(model));
    const all = [Class.fromJSON(json), Class.load(model.save()), estimatorFromJSON(json)];
    for (const restored of all as AnyEstimator[]) {
      t.true(restored instanceof Estimator);
      t.deepEqual(restored.getParams(), model.getParams());
      t.deepEqual(restored.fitted, model.fitted);
      t.deepEqual(values(restored.predict(XTest)), expected);
      t.is(JSON.stringify(restored), JSON.stringify(model));
    }
    t.throws(() => Class.fromJSON(new Class(other).toJSON()).predict(XTest), {
      code: 'NOT_FITTED',
    });
    for (const bad of [{ ...json, estimator: 'Another' }, { ...json, version: 2 }, {}, null, 3]) {
      t.throws(() => Class.fromJSON(bad), { code: 'BAD_JSON' });
    }
    t.throws(() => Class.load(model.save().subarray(1)), { code: 'BAD_JSON' });
    t.throws(() => Class.load(Uint8Array.of(0xff, 0xfe)), { code: 'BAD_JSON' });
  });

  test(title('all kinds of arrays mean the same'), (t) => {
    const expected = values(fitted().predict(XTest));
    const flat = Float64Array.from(XTrain.flat());
    for (const X of [ndarray(flat, [XTrain.length, 4]), new Matrix(XTrain)]) {
      t.deepEqual(values(make().fit(X, yTrain).predict(XTest)), expected);
    }
    if (yTrain !== undefined) {
      for (const y of [ndarray(Float64Array.from(yTrain)), Float64Array.from(yTrain)]) {
        t.deepEqual(values(make().fit(XTrain, y).predict(XTest)), expected);
      }
    }
    t.deepEqual(values(fitted().predict(new Matrix(XTest))), expected);
    t.deepEqual(values(fitted().predict(XTest.slice(0, 1))), expected.slice(0, 1));
  });

  test(title('named features are taken by name, in any order'), (t) => {
    const named = (rows: readonly (readonly number[])[], order = [0, 1, 2, 3]) =>
      rows.map((row) => Object.fromEntries(order.map((j) => [features[j]!, row[j]!])));
    const model = make().fit(named(XTrain), yTrain);
    t.deepEqual(model.fitted.featureNamesIn, features);
    const expected = values(fitted().predict(XTest));
    t.deepEqual(values(model.predict(named(XTest, [3, 1, 0, 2]))), expected);
    t.deepEqual(values(model.predict(XTest)), expected);
    const other = named(XTest, [0, 1, 2]);
    t.throws(() => model.predict(other), { code: 'SHAPE_MISMATCH', message: /petal width/ });
    t.throws(() => model.predict(other.map((row) => ({ ...row, width: 1 }))), {
      code: 'SHAPE_MISMATCH',
      message: /the name width/,
    });
    t.throws(() => fitted().predict(named(XTest)), { code: 'SHAPE_MISMATCH' });
    t.throws(() => make().fit([{ a: 1 }, { a: 'x' }], [0, 1]), {
      code: 'BAD_ARRAY',
      message: /X\[1\]\.a.*given x/,
    });
  });

  if (entry.exact !== null && learns !== 'nothing') {
    test(title('weights of 2 are rows given twice, weights of 0 rows left out'), (t) => {
      const times = XTrain.map((_, row) => row % 3);
      const repeat = <T>(all: readonly T[]): T[] =>
        all.flatMap((one, row) => Array<T>(times[row]!).fill(one));
      const weighted = make(entry.exact ?? {}).fit(XTrain, yTrain, { sampleWeight: times });
      const repeated = make(entry.exact ?? {}).fit(repeat(XTrain), repeat(yTrain!));
      t.true(close(weighted.predict(XTest), repeated.predict(XTest), 1e-3));
    });
  }

  test(title('a scaler in front of it and cross validation take it as any other'), async (t) => {
    // MultinomialNB takes nothing below 0, which MinMaxScaler leaves none of.
    const pipeline = new Pipeline([
      ['scaler', new MinMaxScaler()],
      ['model', make() as never],
    ]);
    pipeline.fit(XTrain, yTrain as never);
    const rows = XTest.slice(0, 3);
    const clear = pipeline.predict(rows) as Array1;
    const within = entry.within ?? 0;
    t.true(close((await pipeline.predict(rows, { encrypted: true })) as Array1, clear, within));
    if (entry.score === undefined) return;
    const last = pipeline.namedSteps.model as AnyEstimator;
    const scaled = pipeline.namedSteps.scaler.transform(XTest);
    // Folded steps have grids of their own, so a few rows may lie on the other side of a border.
    const [own, whole] = [last.score(scaled, yTest), pipeline.score(XTest, yTest)];
    t.true(Math.abs(own - whole) <= 0.03 * Math.max(1, Math.abs(own)), `${own} and ${whole}`);
    if (yTrain === undefined) return;
    const scores = crossValScore(make() as never, XTrain, yTrain, { cv: 3 });
    t.is(scores.length, 3);
    t.true(Array.from(scores).every(Number.isFinite));
  });

  test(title('predictions before a fit are refused'), async (t) => {
    const error = t.throws(() => make().predict(XTest), { instanceOf: BlindfitError });
    t.is(error.code, 'NOT_FITTED');
    t.true(error.message.includes(name));
    t.throws(() => make().circuit, { code: 'NOT_COMPILED' });
    await t.throwsAsync(make().compile(), { code: 'NOT_FITTED' });
  });

  test(title('an encrypted prediction rejects, and never throws'), async (t) => {
    for (const method of ['predict', ...methods]) {
      const call = (make() as unknown as Record<string, (X: unknown, options: object) => unknown>)[
        method
      ]!;
      await t.throwsAsync(call.call(make(), XTest, { encrypted: true }) as Promise<unknown>, {
        code: 'NOT_FITTED',
      });
    }
    await t.throwsAsync(fitted().predict([[1]], { encrypted: true }), { code: 'SHAPE_MISMATCH' });
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const thrown = await t.throwsAsync(fitted().predict(XTest, { encrypted: true, signal }));
    t.is(thrown, reason);
  });

  test(
    title('clear, simulated and encrypted predictions agree, and one is compiled once'),
    async (t) => {
      const model = fitted();
      const rows = XTest.slice(0, 4);
      const within = entry.within ?? 0;
      for (const method of ['predict', ...methods]) {
        const call = (options?: object) =>
          (model as unknown as Record<string, (X: unknown, options?: object) => Array1>)[method]!(
            rows,
            options,
          );
        t.true(close(await call({ encrypted: 'simulate' }), call(), within), method);
        t.true(close(await call({ encrypted: true }), call(), within), method);
      }
      const { program } = model.circuit;
      const restored = Class.load(model.save());
      t.deepEqual(restored.circuit.program, program);
      const one = await restored.predict(rows.slice(0, 1), { encrypted: true });
      t.true(close(one, model.predict(rows.slice(0, 1)), within));
      t.throws(() => model.fit(XTrain, yTrain).circuit, { code: 'NOT_COMPILED' });
    },
  );

  test(title('the traced program computes what clear predictions compute'), (t) => {
    const { input, program, quantize, evaluate } = integerModel(fitted());
    const { length, min, max } = input;
    const graph = trace(program, [{ name: 'x', shape: [length], min, max, encrypted: true }]);
    const codes = quantize(toTensor(XTest));
    t.true(codes.data.every((code) => Number.isInteger(code) && code >= min && code <= max));
    t.deepEqual(evaluateBatch(graph, [codes])[0], evaluate(codes));
  });

  test(title('bad data are refused with what was given and what is allowed'), (t) => {
    const model = fitted();
    const y = learns === 'nothing' ? undefined : [0, 1];
    const fitOf =
      (X: unknown, own: unknown = y, sampleWeight?: unknown) =>
      () =>
        make().fit(X, own, sampleWeight ? { sampleWeight } : {});
    t.throws(fitOf([], learns === 'nothing' ? undefined : []), { code: 'SHAPE_MISMATCH' });
    t.throws(fitOf([1, 2]), { code: 'SHAPE_MISMATCH', message: /wrap a single row/ });
    t.throws(fitOf([[1], [2, 3]]), { code: 'BAD_ARRAY' });
    t.throws(fitOf([[1], [Number.POSITIVE_INFINITY]]), {
      code: 'NOT_FINITE',
      message: /X\[1,0\].*Infinity/,
    });
    t.throws(fitOf([[1], ['a']]), { code: 'BAD_ARRAY' });
    if (learns !== 'nothing') {
      t.throws(fitOf([[1], [2]], [0, 1, 2]), { code: 'SHAPE_MISMATCH' });
      t.throws(fitOf([[1], [2]], [0, 1], [1]), { code: 'SHAPE_MISMATCH' });
      t.throws(fitOf([[1], [2]], [0, 1], [1, -1]), { code: 'OUT_OF_RANGE' });
      t.throws(fitOf([[1], [2]], [0, 1], [0, 0]), { code: 'OUT_OF_RANGE' });
    }
    if (learns === 'numbers') {
      t.throws(fitOf([[1], [2]], [0, Number.NaN]), { code: 'NOT_FINITE' });
      t.throws(fitOf([[1], [2]], ['a', 'b']), { code: 'BAD_ARRAY' });
    }
    t.throws(() => model.predict([[1, 2, 3]]), { code: 'SHAPE_MISMATCH', message: /4 features/ });
    t.throws(() => model.predict([[1, 2, 3, Number.NEGATIVE_INFINITY]]), { code: 'NOT_FINITE' });
    t.throws(() => model.predict([1, 2, 3, 4]), { code: 'SHAPE_MISMATCH' });
    t.throws(() => model.predict([]), { code: 'SHAPE_MISMATCH' });
  });

  test(title('bad parameters are refused: unknown names at once, values by fit'), (t) => {
    t.throws(() => make({ alfa: 1 }), { code: 'BAD_OPTION', message: /given alfa; allowed: / });
    t.throws(() => make().setParams({ alfa: 1 } as object), { code: 'BAD_OPTION' });
    for (const [key, value] of Object.entries(new Class().getParams())) {
      const nonsense = typeof value === 'object' ? 'nonsense' : { no: 'sense' };
      t.throws(() => make({ [key]: nonsense }).fit(XTrain, yTrain), {
        code: 'BAD_OPTION',
        message: new RegExp(`${name}\\.${key}`),
      });
    }
  });

  if (learns === 'classes') classifierContract(entry, make, fitted, title);
}
