/**
 * JSON and bytes that others have changed: refused with a code, or a model that still behaves. Other changes each time; a
 * failure prints its seed.
 */
import { ok } from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import {
  DecisionTreeClassifier,
  GradientBoostingRegressor,
  LinearRegression,
  LogisticRegression,
  Pipeline,
  PolynomialFeatures,
  RandomForestClassifier,
  StandardScaler,
} from '../../estimators/index.ts';
import { estimatorFromJSON } from '../../estimators/registry.ts';
import { BlindfitError, type Circuit } from '../../lib/index.ts';
import { refusal, values, warned } from '../support/random/models/model.ts';
import { savedModels } from '../support/random/models/saved.ts';
import { tampered, tamperings } from '../support/random/models/tamper.ts';

const X = [[1], [2], [3], [4], [5], [6]];
const labels = [0, 0, 1, 1, 2, 2];

for (const { name, json, answer } of savedModels()) {
  test(`${name}: a document with any one value changed is refused, or answers with numbers`, (t) => {
    t.notThrows(() => answer(json));
    const behaves = fc.property(tamperings, (tampering) => {
      const document = tampered(json, tampering);
      let given: unknown[] | string = [];
      warned(() => {
        given = refusal(() => values(answer(document)));
      });
      if (typeof given === 'string') return;
      for (const value of given) if (typeof value === 'number') ok(Number.isFinite(value));
    });
    t.notThrows(() => fc.assert(behaves, { numRuns: 60, includeErrorInReport: true }));
  });
}

test('a circuit with any one value changed is refused, or runs', async (t) => {
  for (const model of [
    new LogisticRegression().fit(X, labels),
    new DecisionTreeClassifier({ output: 'label' }).fit(X, labels),
  ]) {
    await model.compile();
    const json = JSON.parse(JSON.stringify(model));
    const Class = model.constructor as typeof LogisticRegression;
    const behaves = fc.asyncProperty(tamperings, async (tampering) => {
      const changed = tampered({ circuit: json.circuit }, tampering) as object;
      try {
        const read = Class.fromJSON({ ...json, ...changed });
        await read.predict(X.slice(0, 2), { encrypted: 'simulate' });
        await read.predict(X.slice(0, 2), { encrypted: true });
      } catch (cause) {
        ok(cause instanceof BlindfitError && cause.code !== 'INTERNAL', String(cause));
      }
    });
    await t.notThrowsAsync(fc.assert(behaves, { numRuns: 30, includeErrorInReport: true }));
  }
});

test('bytes with some changed are refused, or are a model', (t) => {
  const bytes = new LinearRegression().fit(X, labels).save();
  const flip = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) });
  const behaves = fc.property(fc.array(flip, { minLength: 1, maxLength: 3 }), (flips) => {
    const changed = bytes.slice();
    for (const { at, to } of flips) changed[at] = to;
    refusal(() => LinearRegression.load(changed).predict(X));
  });
  t.notThrows(() => fc.assert(behaves, { numRuns: 200, includeErrorInReport: true }));
});

/** The document of a fitted model after a change of its learned state. */
function changed(model: { toJSON(): unknown }, change: (fitted: never) => void): never {
  const json = JSON.parse(JSON.stringify(model));
  change(json.fitted as never);
  return json as never;
}

test('trees with cycles, shared nodes, unreached nodes or unknown features are refused', (t) => {
  interface Nodes {
    childrenLeft: number[];
    childrenRight: number[];
    feature: number[];
    threshold: number[];
  }
  const tree = new DecisionTreeClassifier().fit(X, labels);
  const forest = new RandomForestClassifier({ nEstimators: 2 }).fit(X, labels);
  const booster = new GradientBoostingRegressor({ nEstimators: 2, minChildWeight: 0 }).fit(
    X,
    labels,
  );
  const edits: readonly ((nodes: Nodes) => void)[] = [
    (nodes) => {
      nodes.childrenLeft[0] = 0;
    },
    (nodes) => {
      nodes.childrenRight[0] = nodes.childrenLeft[0]!;
    },
    (nodes) => {
      nodes.feature[0] = 1;
    },
    (nodes) => {
      nodes.feature[0] = -1;
    },
    (nodes) => {
      nodes.childrenRight[0] = nodes.feature.length;
    },
    (nodes) => {
      nodes.threshold[0] = Number.NaN;
    },
  ];
  for (const edit of edits) {
    const refused = { code: 'BAD_JSON' } as const;
    type OfTree = { tree: Nodes };
    type OfTrees = { trees: Nodes[] };
    type OfRounds = { rounds: Nodes[][] };
    const documents = [
      changed(tree, ({ tree: nodes }: OfTree) => edit(nodes)),
      changed(forest, ({ trees }: OfTrees) => edit(trees[1]!)),
      changed(booster, ({ rounds }: OfRounds) => edit(rounds[0]![0]!)),
    ];
    for (const document of documents) t.throws(() => estimatorFromJSON(document), refused);
  }
});

test('integers that do not stand for the coefficients are refused', (t) => {
  type Fitted = { coef: number[][]; integerWeights: { weights: number[][] } };
  const model = new LinearRegression().fit(X, labels);
  const other = changed(model, ({ coef }: Fitted) => {
    coef[0]![0]! += 1e-3;
  });
  const message = /LinearRegression\.fitted\.integerWeights/;
  t.throws(() => LinearRegression.fromJSON(other), { code: 'BAD_JSON', message });
});

test('the circuit of another model is refused', async (t) => {
  const model = new LogisticRegression().fit(X, labels);
  const other = new LogisticRegression({ C: 0.1 }).fit(X, labels);
  const circuit: Circuit = await other.compile();
  const json = { ...model.toJSON(), circuit: circuit.toJSON() };
  const message = /LogisticRegression\.circuit.*another model/;
  t.throws(() => LogisticRegression.fromJSON(json), { code: 'BAD_PROGRAM', message });
  t.notThrows(() => LogisticRegression.fromJSON(JSON.parse(JSON.stringify(other))));
  const unfitted = { ...new LogisticRegression().toJSON(), circuit: circuit.toJSON() };
  t.throws(() => LogisticRegression.fromJSON(unfitted), { code: 'NOT_FITTED' });
});

test('parameters outside their ranges, and names that every object has, are refused', (t) => {
  const json = JSON.parse(JSON.stringify(new LinearRegression().fit(X, labels)));
  const withParameters = (text: string) => ({ ...json, parameters: JSON.parse(text) });
  for (const parameters of ['{"nBits": 60}', '{"outOfRange": "Clip"}', '{"__proto__": {}}']) {
    const document = withParameters(parameters);
    t.throws(() => LinearRegression.fromJSON(document), { code: 'BAD_OPTION' });
  }
  t.throws(() => LinearRegression.fromJSON(withParameters('null')), { code: 'BAD_JSON' });
  for (const name of ['__proto__', 'constructor', 'toString', 'more']) {
    const text = JSON.stringify(json).replace('"fitted":{', `"fitted":{"${name}":{},`);
    const message = new RegExp(`the entry ${name}`);
    t.throws(() => LinearRegression.fromJSON(JSON.parse(text)), { code: 'BAD_JSON', message });
  }
  t.is(({} as Record<string, unknown>).nFeaturesIn, undefined);
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const document = JSON.parse(`{"format": "blindfit-estimator", "estimator": "${name}"}`);
    t.throws(() => estimatorFromJSON(document), { code: 'BAD_JSON' });
  }
});

test('steps that are no estimators, and steps within steps without end, are refused', (t) => {
  const pipeline = new Pipeline([
    ['scaler', new StandardScaler()],
    ['model', new LogisticRegression()],
  ]).fit(X, labels);
  type Fitted = { steps: unknown[][] };
  for (const step of [5, null, {}, 'model', [1]]) {
    const document = changed(pipeline, ({ steps }: Fitted) => {
      steps[0]![1] = step;
    });
    t.throws(() => Pipeline.fromJSON(document), { code: 'BAD_JSON' });
  }
  const unfitted = JSON.stringify(new Pipeline([['inner', new StandardScaler()]]));
  const [start, end] = unfitted.split(JSON.stringify(new StandardScaler())) as [string, string];
  const deep = start.repeat(5000) + JSON.stringify(new StandardScaler()) + end.repeat(5000);
  t.throws(() => Pipeline.fromJSON(JSON.parse(deep)), { code: 'BAD_JSON' });
});

test('products of more features than there is room for are refused', (t) => {
  const wide = [Array.from({ length: 50 }, (_, i) => i)];
  const refused = { code: 'BAD_OPTION', message: /at most 100000 products/ } as const;
  t.throws(() => new PolynomialFeatures({ degree: 10 }).fit(wide), refused);
  t.throws(() => new PolynomialFeatures({ degree: 1e9 }).fit([[1]]), { code: 'BAD_OPTION' });
  t.is(new PolynomialFeatures({ degree: 1000 }).fit([[1]]).fitted.nOutputFeatures, 1001);
});
