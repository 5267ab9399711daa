/**
 * Models with operators of `ai.onnx.ml`: what scikit-learn, XGBoost, LightGBM and CatBoost are exported to.
 */
import type { Label } from '../../../estimators/input.ts';
import { BlindfitError, error } from '../../../lib/errors.ts';
import type { ImportedParts } from '../../imported/parts.ts';
import { inputsOf, type PrepareStep } from '../../imported/prepare.ts';
import { ImportedClassifier } from '../../importedClassifier.ts';
import { ImportedRegressor } from '../../importedRegressor.ts';
import { checkNoClasses, labelsFor, type ReadOptions } from '../../options.ts';
import { type OrderedGraph, orderGraph } from '../graph.ts';
import type { OnnxModel, OnnxNode, ValueInfo } from '../model.ts';
import { badModel } from '../protobuf.ts';
import { scoresOfRows } from './affine.ts';
import { arithmeticOperators } from './arithmetic.ts';
import { mergedCore } from './assemble.ts';
import { columnOperators } from './columns.ts';
import { addStep } from './context.ts';
import { encoderOperators } from './encoders.ts';
import { linearOperators } from './linear.ts';
import { scalingOperators } from './scaling.ts';
import { keepsDecision, scoreCount } from './scores.ts';
import { treeEnsembleOperators } from './treeEnsemble.ts';
import { treeOperators } from './trees.ts';
import type { MlContext, MlOperator, MlValue, ScoresValue } from './values.ts';

/** All operators; names are the same in both domains only for operators that are one. */
const operators: Readonly<Record<string, MlOperator>> = {
  ...columnOperators,
  ...arithmeticOperators,
  ...scalingOperators,
  ...encoderOperators,
  ...linearOperators,
  ...treeOperators,
  ...treeEnsembleOperators,
};

const what = 'fromOnnx';
const mostFeatures = 100_000;

/** Whether a model has operators of `ai.onnx.ml`. */
export function hasMlOperators({ graph }: OnnxModel): boolean {
  return graph.nodes.some(({ domain }) => domain === 'ai.onnx.ml');
}

/**
 * The model of a graph: a classifier where one of its outputs is a label, else a regressor. Inputs of one column each are
 * features by their names; all columns stand in the order of the inputs.
 *
 * @throws UNSUPPORTED_OPERATOR with all nodes that are not supported; UNSUPPORTED, BAD_MODEL, BAD_OPTION
 */
export function readMl(
  model: OnnxModel,
  options: ReadOptions,
): ImportedClassifier | ImportedRegressor {
  const names = model.graph.outputs.map(({ name }) => name);
  const ordered = orderGraph(model.graph, names);
  const problems = unknownOperators(ordered.nodes);
  const inputs = ordered.inputs.map((input) => ({ ...input, columns: columnsOfInput(input) }));
  const features = inputs.reduce((sum, { columns }) => sum + columns, 0);
  if (features < 1 || features > mostFeatures) {
    throw badModel('graph', `${features} columns of inputs`, `1 to ${mostFeatures}`);
  }
  const context: MlContext = { steps: [], widths: [], features, cores: [] };
  const values = inputValues(context, ordered, inputs);
  for (const node of ordered.nodes) convertNode(context, values, problems, node);
  if (problems.length > 0) {
    throw error('UNSUPPORTED_OPERATOR', { what, given: problems.join('; '), problems });
  }
  const results = names.map((name) => values.get(name)!);
  const base = { nFeaturesIn: features, ...featureNames(inputs) };
  checkResults(results);
  const label = results.find((value) => value.kind === 'label' || value.kind === 'index');
  const scores = results.find((value) => value.kind === 'scores');
  if (label === undefined) {
    const own = scores ?? rowsAsScores(context, names, results);
    checkNoClasses(what, options);
    const count = scoreCount(own);
    const parts = partsOf(context, own.outputs, own);
    return ImportedRegressor.of({ ...base, ...parts, targetShape: count === 1 ? [] : [count] });
  }
  if (!keepsDecision(label.of)) {
    const given = 'labels by scores whose order the client changes';
    throw error('UNSUPPORTED_OPERATOR', { what, given });
  }
  // What is decided are the scores of the label; what is returned those of the other output.
  const own = scores ?? label.of;
  const parts = partsOf(context, label.of.outputs, own);
  const counted = Array.from({ length: Math.max(label.of.outputs.length, 2) }, (_, k) => k);
  const classes: readonly Label[] = label.kind === 'label' ? label.classes : counted;
  const probabilities = own.probabilities && scoreCount(own) === classes.length;
  const named = { ...base, ...parts, classes: labelsFor(what, options, classes), probabilities };
  return ImportedClassifier.of(named, options.output);
}

/** @throws UNSUPPORTED_OPERATOR for labels or numbers of several models: one of them would be left out silently */
function checkResults(results: readonly MlValue[]): void {
  const decides = results.filter(({ kind }) => kind === 'label' || kind === 'index');
  if (decides.length <= 1 && results.length - decides.length <= 1) return;
  const given = `${results.length} outputs of the graph, where a label and scores are allowed`;
  throw error('UNSUPPORTED_OPERATOR', { what, given, remedy: 'export it without the others' });
}

interface InputColumns extends ValueInfo {
  readonly columns: number;
}

/** The number of columns of an input [batch, columns]. @throws UNSUPPORTED */
function columnsOfInput({ name, type, shape }: ValueInfo): number {
  const columns = shape?.length === 1 ? 1 : shape?.[1];
  if (type !== undefined && (shape?.length ?? 0) <= 2 && typeof columns === 'number')
    return columns;
  throw error('UNSUPPORTED', {
    what: `input ${name}`,
    given: `shape [${shape?.join(', ') ?? 'unknown'}]`,
    allowed: '[batch, columns], with a fixed number of columns',
    remedy: 'give the exporter the number of features, as in FloatTensorType([None, 4])',
  });
}

/** The name of each column, where there are several inputs. */
function featureNames(inputs: readonly InputColumns[]): {
  readonly featureNamesIn?: readonly string[];
} {
  if (inputs.length === 1) return {};
  const names = inputs.flatMap(({ name, columns }) =>
    columns === 1 ? [name] : Array.from({ length: columns }, (_, j) => `${name}[${j}]`),
  );
  return new Set(names).size === names.length ? { featureNamesIn: names } : {};
}

function inputValues(
  context: MlContext,
  ordered: OrderedGraph,
  inputs: readonly InputColumns[],
): Map<string, MlValue> {
  const values = new Map<string, MlValue>();
  let start = 0;
  for (const { name, type, columns } of inputs) {
    const own = Array.from({ length: columns }, (_, j) => start + j);
    start += columns;
    if (!ordered.uses.has(name)) continue;
    const node = {
      name,
      operator: 'input',
      domain: '',
      inputs: [],
      outputs: [],
      attributes: new Map(),
    };
    const whole = inputs.length === 1;
    const step = whole
      ? -1
      : addStep(context, node, { kind: 'columns', input: -1, columns: own }, type!).step;
    values.set(name, { kind: 'rows', step, shape: [columns], type: type!, exact: false });
  }
  for (const [name, tensor] of ordered.constants) values.set(name, { kind: 'constant', tensor });
  return values;
}

/** What no node of a file can be, before any is converted. */
function unknownOperators(nodes: readonly OnnxNode[]): string[] {
  return nodes.flatMap(({ name, domain, operator, attributes }) => {
    const full = domain === '' ? operator : `${domain}.${operator}`;
    const isKnown =
      Object.hasOwn(operators, operator) && (domain === '' || domain === 'ai.onnx.ml');
    if (!isKnown) return [`node ${name}: the operator ${full}`];
    const unknown = [...attributes.keys()].filter(
      (key) => !operators[operator]!.attributes.includes(key),
    );
    return unknown.map((key) => `node ${name}: the attribute ${key} of ${full}`);
  });
}

function convertNode(
  context: MlContext,
  values: Map<string, MlValue>,
  problems: string[],
  node: OnnxNode,
): void {
  const inputs = node.inputs.map((name) => (name === '' ? undefined : values.get(name)));
  const isKnown = Object.hasOwn(operators, node.operator);
  let results: readonly MlValue[] = [];
  if (isKnown && inputs.every((value) => value?.kind !== 'unknown')) {
    try {
      results = operators[node.operator]!.convert(node, inputs, context);
    } catch (cause) {
      if (!(cause instanceof BlindfitError) || cause.code !== 'UNSUPPORTED_OPERATOR') throw cause;
      problems.push(`${cause.details.what}: ${cause.details.given}`);
    }
  }
  node.outputs.forEach((name, i) => {
    values.set(name, results[i] ?? { kind: 'unknown' });
  });
}

/** The scores of an output that weighted sums made. @throws UNSUPPORTED_OPERATOR, BAD_MODEL */
function rowsAsScores(
  context: MlContext,
  names: readonly string[],
  results: readonly MlValue[],
): ScoresValue {
  const at = results.findIndex(({ kind }) => kind === 'rows');
  const value = results[at];
  if (value?.kind !== 'rows') throw badModel('graph', 'outputs without a model', 'a model');
  const node = { name: names[at]!, operator: 'output', domain: '', inputs: [], outputs: [] };
  return scoresOfRows(context, { ...node, attributes: new Map() }, value);
}

/** The core with the steps before it and after it. @throws UNSUPPORTED_OPERATOR */
function partsOf(
  context: MlContext,
  outputs: ScoresValue['outputs'],
  { finish, outputs: returned }: ScoresValue,
): ImportedParts {
  if (JSON.stringify(outputs) !== JSON.stringify(returned)) {
    const given = 'labels of other scores than those that the model returns';
    throw error('UNSUPPORTED_OPERATOR', { what, given });
  }
  const { core, rows } = mergedCore(context, outputs);
  return { prepare: pruned(context.steps, rows.step), core, finish };
}

/** The steps that step `last` needs; it is the last of them. */
function pruned(steps: readonly PrepareStep[], last: number): PrepareStep[] {
  const needed = new Set([last]);
  for (let at = last; at >= 0; at--) {
    if (needed.has(at)) for (const input of inputsOf(steps[at]!)) needed.add(input);
  }
  const places = new Map([[-1, -1]]);
  const kept: PrepareStep[] = [];
  steps.forEach((step, at) => {
    if (!needed.has(at)) return;
    const place = (input: number): number => places.get(input)!;
    const own =
      'inputs' in step
        ? { ...step, inputs: step.inputs.map(place) }
        : { ...step, input: place(step.input) };
    places.set(at, kept.push(own) - 1);
  });
  return kept;
}
