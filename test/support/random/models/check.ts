/** What must hold of every random model. */
import { deepStrictEqual, ok } from 'node:assert/strict';
import type { IntegerModel } from '../../../../estimators/model.ts';
import { evaluateBatch, toTensor, trace } from '../../../../tracer/index.ts';
import { integerModel } from '../../../estimators/support.ts';
import { type FittedModel, fitTo, fitted, numbers, refusal, values, warned } from './model.ts';
import { checkAgainstReals } from './reals.ts';

/** Longest estimated time of a row that is run encrypted, microseconds. */
const longest = 400_000;

/** Everything that needs no compiling. @throws where something does not hold */
export function checkInClear(one: FittedModel): void {
  checkState(one);
  checkPredictions(one);
  checkProgram(one);
  checkProbabilities(one);
  checkAgainstReals(one);
  checkOthers(one);
  checkLabels(one);
  checkOrder(one);
}

/** Learned state is finite, and the same after JSON and bytes. */
function checkState({ model, Class, data }: FittedModel): void {
  const text = JSON.stringify(model);
  const json = JSON.parse(text);
  deepStrictEqual(json.fitted, clean(model.fitted), 'learned state is plain and finite');
  for (const restored of [Class.fromJSON(json), Class.load(model.save())]) {
    deepStrictEqual(restored.fitted, json.fitted, 'restored state');
    deepStrictEqual(
      refusal(() => values(restored.predict(data.X))),
      refusal(() => values(model.predict(data.X))),
      'predictions after JSON',
    );
    deepStrictEqual(JSON.stringify(restored), text, 'JSON of what came from JSON');
  }
}

/** The same without entries that are undefined. */
function clean(fitted: object): object {
  return Object.fromEntries(Object.entries(fitted).filter(([, value]) => value !== undefined));
}

/** Training rows have finite predictions, together and alone. */
function checkPredictions({ model, data: { X } }: FittedModel): void {
  const all = refusal(() => model.predict(X));
  if (typeof all === 'string') {
    deepStrictEqual(all, 'NOT_FINITE', 'training rows are in range');
    return;
  }
  deepStrictEqual(all.shape[0], X.length);
  for (const value of values(all)) if (typeof value === 'number') ok(Number.isFinite(value));
  const alone = X.slice(0, 5).flatMap((row) => values(model.predict([row])));
  deepStrictEqual(alone, values(all).slice(0, alone.length), 'rows alone');
}

/** Codes are integers in range, and the traced program computes what clear predictions do. */
function checkProgram({ model, data: { X } }: FittedModel): void {
  const made: IntegerModel = integerModel(model);
  const { input, program, quantize, evaluate } = made;
  const { length, min, max } = input;
  const graph = trace(program, [{ name: 'x', shape: [length], min, max, encrypted: true }]);
  const codes = quantize(toTensor(X));
  ok(codes.data.every((code) => Number.isInteger(code) && code >= min && code <= max));
  ok(!codes.data.some((code) => Object.is(code, -0)));
  deepStrictEqual(evaluateBatch(graph, [codes])[0], evaluate(codes), 'the traced program');
}

/** Probabilities sum to 1, and the label has the largest. */
function checkProbabilities({ model, data: { X } }: FittedModel): void {
  if (model.predictProba === undefined) return;
  const shares = refusal(() => model.predictProba!(X));
  if (typeof shares === 'string') {
    deepStrictEqual(shares, 'UNSUPPORTED');
    return;
  }
  const { classes } = model.fitted as { readonly classes: readonly unknown[] };
  deepStrictEqual(shares.shape, [X.length, classes.length]);
  const labels = values(model.predict(X));
  for (const [row, label] of labels.entries()) {
    const own = numbers(shares).slice(row * classes.length, (row + 1) * classes.length);
    ok(Math.abs(own.reduce((a, b) => a + b) - 1) < 1e-9, `row ${row} sums to 1: ${own}`);
    ok(own.every((share) => share >= 0 && share <= 1));
    if (model.getParams().output === 'label') continue;
    const likely = own[classes.indexOf(label)]!;
    ok(likely >= Math.max(...own) - 1e-12, `row ${row}: ${label} of ${own}`);
  }
}

/** Rows far outside are refused or finite; finite where they are to be clipped. */
function checkOthers({ model, data: { others } }: FittedModel): void {
  const { outOfRange } = model.getParams();
  const predicted = refusal(() => model.predict(others));
  if (typeof predicted === 'string') {
    // Counts below 0 and bits other than 0 and 1 are refused by the classes of counts and bits.
    const refuses = outOfRange === 'error' || /MultinomialNB|BernoulliNB/.test(model.name);
    ok([...(refuses ? ['OUT_OF_RANGE'] : []), 'NOT_FINITE'].includes(predicted), predicted);
    return;
  }
  for (const value of values(predicted)) if (typeof value === 'number') ok(Number.isFinite(value));
}

/** Labels decided on the server are those of scores, but for those that are nearly tied, which coarser sums may tell apart. */
function checkLabels({ source, kind, data: { X } }: FittedModel): void {
  if (kind.values.output === undefined) return;
  const [scored, labelled] = ['scores', 'label'].map((output) => fitted(source, { output }));
  if (typeof scored !== 'object' || typeof labelled !== 'object') return;
  // What warns says that it is worse than it could be.
  if ([scored, labelled].some(({ warnings }) => warnings.includes('QUANTIZATION_LOSS'))) return;
  const [a, b] = [scored, labelled].map(({ model }) => values(model.predict(X)));
  const changed = [...a!.keys()].filter((row) => a![row] !== b![row]);
  if (source.estimator === 'DecisionTreeClassifier') deepStrictEqual(changed, []);
  const decided = changed.filter((row) => isDecided(scored, row));
  ok(decided.length <= 0.02 * X.length, `other labels of the rows ${decided}`);
}

/** Whether the label of a row has a margin. */
function isDecided({ model, data: { X } }: FittedModel, row: number): boolean {
  const shares = model.predictProba && refusal(() => numbers(model.predictProba!([X[row]!])));
  if (typeof shares === 'object') {
    const [second, first] = shares.toSorted((a, b) => a - b).slice(-2);
    return first! - second! > 0.05;
  }
  if (model.name !== 'IsolationForest') return true;
  return Math.abs(numbers(model.decisionFunction!([X[row]!]))[0]!) > 0.01;
}

/** The order of rows and of columns has no part in the solution of a convex problem. */
function checkOrder({ source, kind, Class, data, model }: FittedModel): void {
  const moderate = source.data.columns.every(
    ({ kind, exponent }) => exponent === 0 && kind !== 'chain' && kind !== 'outlier',
  );
  const { C = 1, penalty, output = 'scores' } = model.getParams();
  const { targets } = source.data;
  const usual = targets !== 'huge' && targets !== 'tiny' && source.data.weights !== 'huge';
  if (kind.convex !== true || !moderate || !usual || C !== 1 || penalty === null) return;
  // A class without weight has no score that is best.
  if (output !== 'scores' || data.sampleWeight?.includes(0)) return;
  const params = new Class().getParams();
  const precise = 'tol' in params ? { tol: 1e-10, maxIter: 5000 } : {};
  const reversed = {
    ...data,
    X: data.X.map((row) => row.toReversed()).toReversed(),
    labels: data.labels.toReversed(),
    targets: data.targets.toReversed(),
    sampleWeight: data.sampleWeight?.toReversed(),
  };
  const [a, b] = [data, reversed].map((own) => {
    const made = new Class({ ...model.getParams(), ...precise, nBits: 16, outOfRange: 'clip' });
    const warnings = warned(() => fitTo(made, kind, own));
    if (warnings.length > 0) return null;
    const X = own === data ? own.X : own.X.toReversed();
    return numbers(made.decisionFunction?.(X) ?? made.predict(X));
  });
  if (!a || !b) return;
  const size = Math.max(1, ...a.map(Math.abs));
  for (const [i, value] of a.entries()) {
    ok(Math.abs(value - b[i]!) < 2e-3 * size, `in another order: ${value} and ${b[i]}`);
  }
}

/** Simulated predictions, and of quick models encrypted ones, are those in clear. */
export async function checkCompiled(
  { model, data: { X } }: FittedModel,
  encrypted: boolean,
): Promise<boolean> {
  const rows = X.slice(0, 3);
  const expected = refusal(() => values(model.predict(rows)));
  if (typeof expected === 'string') return false;
  const circuit = await model.compile();
  deepStrictEqual(values(await model.predict(rows, { encrypted: 'simulate' })), expected, 'sim');
  if (!encrypted || circuit.statistics.microseconds > longest) return false;
  deepStrictEqual(values(await model.predict(rows, { encrypted: true })), expected, 'encrypted');
  circuit[Symbol.dispose]();
  return true;
}
