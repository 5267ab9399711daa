/**
 * LinearClassifier, LinearRegressor, and support vector machines with a linear kernel.
 */
import type { Label } from '../../../estimators/input.ts';
import type { FinishStep } from '../../imported/finish.ts';
import {
  floatsAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
  stringsAttribute,
} from '../attributes.ts';
import { unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import { type LinearForm, linearScores } from './affine.ts';
import { rowsInput } from './context.ts';
import {
  columnsOfRows,
  type MlContext,
  type MlOperator,
  type MlValue,
  type ScoresValue,
} from './values.ts';

type Inputs = readonly (MlValue | undefined)[];

const kernel = ['kernel_params', 'kernel_type', 'post_transform', 'rho', 'support_vectors'];

/** Linear models. */
export const linearOperators: Readonly<Record<string, MlOperator>> = {
  LinearClassifier: {
    attributes: [
      ...['classlabels_ints', 'classlabels_strings', 'coefficients', 'intercepts'],
      ...['multi_class', 'post_transform'],
    ],
    convert: classifier,
  },
  LinearRegressor: {
    attributes: ['coefficients', 'intercepts', 'post_transform', 'targets'],
    convert: regressor,
  },
  SVMClassifier: {
    attributes: [
      ...['classlabels_ints', 'classlabels_strings', 'coefficients', 'prob_a', 'prob_b'],
      ...['vectors_per_class', ...kernel],
    ],
    convert: vectorClassifier,
  },
  SVMRegressor: {
    attributes: ['coefficients', 'n_supports', 'one_class', ...kernel],
    convert: vectorRegressor,
  },
};

/** Scores of each class, or one that tells two apart: the second where it is above 0. */
function classifier(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const rows = rowsInput(node, inputs, 0);
  const columns = columnsOfRows(rows);
  const classes = classLabels(node, 'classlabels_ints');
  const coefficients = numbers(node, 'coefficients');
  const outputs = coefficients.length / columns;
  const single = outputs === 1 && classes.length === 2;
  if (!single && outputs !== classes.length) {
    throw badModel(
      `node ${node.name}`,
      `${coefficients.length} coefficients`,
      `${classes.length * columns}`,
    );
  }
  const form = formOf(node, coefficients, outputs, columns);
  const opposite = areOpposite(form);
  const scores = linearScores(context, node, rows, opposite ? lastOf(form) : form);
  const doubling: FinishStep[] = [{ kind: 'opposite' }];
  const transform = postTransform(node);
  if (single) {
    const logistic = transform.filter(({ kind }) => kind === 'logistic');
    return labelled(scores, classes, [...logistic, { kind: 'complement' }]);
  }
  return labelled(scores, classes, [...(opposite ? doubling : []), ...transform]);
}

function regressor(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const rows = rowsInput(node, inputs, 0);
  const columns = columnsOfRows(rows);
  const targets = intAttribute(node, 'targets', 1);
  const form = formOf(node, numbers(node, 'coefficients'), targets, columns);
  const scores = linearScores(context, node, rows, form);
  return [{ ...scores, finish: postTransform(node) }];
}

/** Two classes by their support vectors, or any number by weights of their own. */
function vectorClassifier(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  checkLinear(node);
  const rows = rowsInput(node, inputs, 0);
  const columns = columnsOfRows(rows);
  const classes = classLabels(node, 'classlabels_ints');
  if ((floatsAttribute(node, 'prob_a') ?? []).length > 0) {
    throw unsupported(node, 'SVMClassifier with probabilities of its own');
  }
  const rho = numbers(node, 'rho');
  const coefficients = numbers(node, 'coefficients');
  const transform = postTransform(node);
  if ((floatsAttribute(node, 'support_vectors') ?? []).length === 0) {
    const weights = matrix(node, coefficients, classes.length, columns);
    const bias = classes.map(() => rho[0]!);
    return labelled(linearScores(context, node, rows, { weights, bias }), classes, transform);
  }
  if (classes.length !== 2) {
    throw unsupported(node, `SVMClassifier that votes among ${classes.length} classes`);
  }
  const { weights, bias } = weighted(node, columns, coefficients, rho);
  // libsvm's decision is above 0 for the first class.
  const form = { weights: weights.map((row) => row.map((w) => -w)), bias: bias.map((b) => -b) };
  const turned: FinishStep = { kind: 'affine', factor: -1, offset: 0 };
  const scores = linearScores(context, node, rows, form);
  return labelled(scores, classes, [turned, { kind: 'opposite' }, ...transform]);
}

function vectorRegressor(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  checkLinear(node);
  if (intAttribute(node, 'one_class', 0) !== 0)
    throw unsupported(node, 'SVMRegressor of one class');
  const rows = rowsInput(node, inputs, 0);
  const columns = columnsOfRows(rows);
  const rho = numbers(node, 'rho');
  const coefficients = numbers(node, 'coefficients');
  const form =
    intAttribute(node, 'n_supports', 0) === 0
      ? { weights: matrix(node, coefficients, 1, columns), bias: [rho[0]!] }
      : weighted(node, columns, coefficients, rho);
  return [{ ...linearScores(context, node, rows, form), finish: postTransform(node) }];
}

function checkLinear(node: OnnxNode): void {
  const type = stringAttribute(node, 'kernel_type', 'LINEAR');
  if (type !== 'LINEAR') throw unsupported(node, `${node.operator} with kernel ${type}`);
}

/** The sum of support vectors times their coefficients. */
function weighted(
  node: OnnxNode,
  columns: number,
  coefficients: readonly number[],
  rho: readonly number[],
): LinearForm {
  const vectors = matrix(node, numbers(node, 'support_vectors'), coefficients.length, columns);
  const weights = Array.from({ length: columns }, (_, j) =>
    coefficients.reduce((sum, coefficient, i) => sum + coefficient * vectors[i]![j]!, 0),
  );
  return { weights: [weights], bias: [rho[0]!] };
}

function formOf(
  node: OnnxNode,
  coefficients: readonly number[],
  outputs: number,
  columns: number,
): LinearForm {
  const intercepts = floatsAttribute(node, 'intercepts') ?? new Array<number>(outputs).fill(0);
  if (intercepts.length !== outputs) {
    throw badModel(`node ${node.name}`, `${intercepts.length} intercepts`, `${outputs}`);
  }
  return { weights: matrix(node, coefficients, outputs, columns), bias: intercepts };
}

function matrix(
  node: OnnxNode,
  data: readonly number[],
  rows: number,
  columns: number,
): number[][] {
  if (data.length === rows * columns) {
    return Array.from({ length: rows }, (_, k) => data.slice(k * columns, (k + 1) * columns));
  }
  const allowed = `${rows} times ${columns}, the features`;
  throw badModel(`node ${node.name}`, `${data.length} coefficients`, allowed);
}

/** Two outputs, each the negative of the other, need only one. */
function areOpposite({ weights, bias }: LinearForm): boolean {
  if (bias.length !== 2 || bias[0]! !== -bias[1]!) return false;
  return weights[0]!.every((weight, j) => weight === -weights[1]![j]!);
}

function lastOf({ weights, bias }: LinearForm): LinearForm {
  return { weights: weights.slice(1), bias: bias.slice(1) };
}

/** Numbers that a node cannot do without, all finite. @throws BAD_MODEL */
function numbers(node: OnnxNode, name: string): readonly number[] {
  const values = floatsAttribute(node, name) ?? [];
  if (values.length > 0 && values.every(Number.isFinite)) return values;
  throw badModel(`node ${node.name}.${name}`, values, 'finite numbers');
}

/** The labels of a classifier's classes, two or more. @throws BAD_MODEL */
export function classLabels(node: OnnxNode, ofIntegers: string): readonly Label[] {
  const texts = stringsAttribute(node, 'classlabels_strings') ?? [];
  const labels = texts.length > 0 ? texts : (intsAttribute(node, ofIntegers) ?? []);
  if (labels.length >= 2 && new Set<Label>(labels).size === labels.length) return labels;
  throw badModel(`node ${node.name}`, `the classes ${labels.join(', ')}`, 'two or more, each once');
}

/** What a node does to its scores. @throws UNSUPPORTED_OPERATOR */
export function postTransform(node: OnnxNode): FinishStep[] {
  const name = stringAttribute(node, 'post_transform', 'NONE');
  if (name === 'NONE') return [];
  if (name === 'LOGISTIC') return [{ kind: 'logistic' }];
  if (name === 'SOFTMAX') return [{ kind: 'softmax' }];
  throw unsupported(node, `${node.operator} with post_transform ${name}`);
}

/** The two outputs of a classifier: labels, and scores after the steps of its client. */
export function labelled(
  scores: ScoresValue,
  classes: readonly Label[],
  finish: readonly FinishStep[],
  probabilities: boolean = finish.some(({ kind }) => kind === 'logistic' || kind === 'softmax'),
): MlValue[] {
  return [
    { kind: 'label', of: scores, classes },
    { ...scores, finish, probabilities },
  ];
}
