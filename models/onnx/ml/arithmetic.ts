/**
 * Operators of `ai.onnx` that compute: on rows steps of the client, on scores the links behind a model.
 */
import { floatAttribute, intAttribute, intsAttribute } from '../attributes.ts';
import { unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import type { OnnxTensor } from '../tensors.ts';
import { scoresOfRows } from './affine.ts';
import { addStep, constantNumbers, exactRows, isSingle, rowsInput } from './context.ts';
import { affine, scoreCount, shared, withStep } from './scores.ts';
import type { MlContext, MlOperator, MlValue, RowsValue, ScoresValue } from './values.ts';

type Inputs = readonly (MlValue | undefined)[];

/** Operators that compute. */
export const arithmeticOperators: Readonly<Record<string, MlOperator>> = {
  Add: { attributes: [], convert: binary('add') },
  Sub: { attributes: [], convert: binary('subtract') },
  Mul: { attributes: [], convert: binary('multiply') },
  Div: { attributes: [], convert: binary('divide') },
  MatMul: { attributes: [], convert: matMul },
  Gemm: { attributes: ['alpha', 'beta', 'transA', 'transB'], convert: gemm },
  Clip: { attributes: ['min', 'max'], convert: clip },
  Exp: { attributes: [], convert: link({ kind: 'exp' }, false) },
  Sigmoid: { attributes: [], convert: link({ kind: 'logistic' }, true) },
  Softmax: {
    attributes: ['axis'],
    convert: (node, inputs, context) => {
      const axis = intAttribute(node, 'axis', -1);
      if (axis !== 1 && axis !== -1) throw unsupported(node, `Softmax along axis ${axis}`);
      return link({ kind: 'softmax' }, true)(node, inputs, context);
    },
  },
  ArgMax: { attributes: ['axis', 'keepdims', 'select_last_index'], convert: argMax },
  ReduceSum: { attributes: ['axes', 'keepdims', 'noop_with_empty_axes'], convert: total },
};

type Operation = 'add' | 'subtract' | 'multiply' | 'divide';

/** Of rows or scores and a constant; or of scores and their own sum. */
function binary(operation: Operation): MlOperator['convert'] {
  return (node, inputs, context) => {
    const [left, right] = inputs;
    if (left?.kind === 'scores' && right?.kind === 'total') {
      const same = JSON.stringify(left) === JSON.stringify(right.of);
      // Links that leave nothing below 0: there the sum is that of absolute values.
      const positive = ['logistic', 'exp'].includes(left.finish.at(-1)?.kind ?? '');
      if (operation === 'divide' && same && positive) return [shared(left)];
    }
    const swapped = left?.kind === 'constant';
    const value = swapped ? right : left;
    const { shape, data } = constantNumbers(node, inputs, swapped ? 0 : 1);
    const by = Array.from(data);
    if (by.length !== 1 && shape.at(-1) !== by.length) {
      throw unsupported(node, `${node.operator} with a constant of shape [${shape.join(', ')}]`);
    }
    if (swapped && (operation === 'subtract' || operation === 'divide')) {
      throw unsupported(node, `${node.operator} of a constant by what is computed`);
    }
    if (value?.kind === 'scores') return [ofScores(node, value, operation, by)];
    const rows = exactRows(context, node, rowsInput(node, inputs, swapped ? 1 : 0));
    const step = { kind: operation, input: rows.step, by, single: isSingle(rows) };
    return [addStep(context, node, step, rows.type, rows.shape)];
  };
}

function ofScores(
  node: OnnxNode,
  scores: ScoresValue,
  operation: Operation,
  by: readonly number[],
): ScoresValue {
  const [value] = by as [number];
  if (by.some((each) => each !== value)) {
    throw unsupported(node, `${node.operator} of scores by different constants`);
  }
  switch (operation) {
    case 'add':
      return affine(scores, 1, value);
    case 'subtract':
      return affine(scores, 1, -value);
    case 'multiply':
      return affine(scores, value, 0);
    case 'divide':
      return affine(scores, 1 / value, 0);
  }
}

function matMul(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const rows = exactRows(context, node, rowsInput(node, inputs, 0));
  const weights = matrixOf(constantNumbers(node, inputs, 1), false, 1);
  return [addStep(context, node, product(node, rows, weights), rows.type)];
}

function gemm(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  if (intAttribute(node, 'transA', 0) !== 0) throw unsupported(node, 'Gemm with transA');
  const rows = exactRows(context, node, rowsInput(node, inputs, 0));
  const transposed = intAttribute(node, 'transB', 0) !== 0;
  const alpha = floatAttribute(node, 'alpha', 1);
  const weights = matrixOf(constantNumbers(node, inputs, 1), transposed, alpha);
  const made = addStep(context, node, product(node, rows, weights), rows.type);
  if (inputs[2] === undefined) return [made];
  const beta = floatAttribute(node, 'beta', 1);
  const by = Array.from(constantNumbers(node, inputs, 2).data, (value) => beta * value);
  const step = { kind: 'add', input: made.step, by, single: isSingle(rows) } as const;
  return [addStep(context, node, step, rows.type)];
}

function product(node: OnnxNode, rows: RowsValue, weights: number[][]) {
  if (rows.shape.length !== 1) throw unsupported(node, `${node.operator} of rows of several axes`);
  return { kind: 'matrix', input: rows.step, weights, single: isSingle(rows) } as const;
}

/** Weights [inputs, outputs] times a factor; a vector is a single output. */
function matrixOf({ shape, data }: OnnxTensor, transposed: boolean, factor: number): number[][] {
  const [first = 1, second = 1] = shape;
  const [inputs, outputs] = transposed ? [second, first] : [first, second];
  return Array.from({ length: inputs }, (_, j) =>
    Array.from({ length: outputs }, (__, k) => {
      const place = transposed ? k * inputs + j : j * outputs + k;
      return factor * data[place]!;
    }),
  );
}

function clip(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const rows = exactRows(context, node, rowsInput(node, inputs, 0));
  const bound = (index: number, name: string, otherwise: number): number => {
    if (inputs[index] === undefined) return floatAttribute(node, name, otherwise);
    return constantNumbers(node, inputs, index).data[0] ?? otherwise;
  };
  const [min, max] = [bound(1, 'min', -Number.MAX_VALUE), bound(2, 'max', Number.MAX_VALUE)];
  const step = { kind: 'clip', input: rows.step, min, max } as const;
  return [addStep(context, node, step, rows.type, rows.shape)];
}

/** A link on scores, or on rows that weighted sums made. */
function link(
  step: { readonly kind: 'exp' | 'logistic' | 'softmax' },
  probabilities: boolean,
): MlOperator['convert'] {
  return (node, inputs, context) => {
    return [withStep(scoresInput(context, node, inputs), step, probabilities)];
  };
}

function argMax(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const axis = intAttribute(node, 'axis', 0);
  if (axis !== 1 && axis !== -1) throw unsupported(node, `ArgMax along axis ${axis}`);
  if (intAttribute(node, 'select_last_index', 0) !== 0) {
    throw unsupported(node, 'ArgMax that takes the last of equal scores');
  }
  const of = scoresInput(context, node, inputs);
  if (scoreCount(of) < 2) throw badModel(`node ${node.name}`, 'one score', 'two or more');
  return [{ kind: 'index', of }];
}

function total(node: OnnxNode, inputs: Inputs): MlValue[] {
  const [value] = inputs;
  if (value?.kind !== 'scores') throw unsupported(node, 'ReduceSum of features');
  const axes =
    inputs[1] === undefined
      ? intsAttribute(node, 'axes')
      : Array.from(constantNumbers(node, inputs, 1).data);
  const [axis] = axes ?? [];
  if (
    axes?.length !== 1 ||
    (axis !== 1 && axis !== -1) ||
    intAttribute(node, 'keepdims', 1) === 0
  ) {
    throw unsupported(node, 'ReduceSum other than of the scores of a row, its axis kept');
  }
  return [{ kind: 'total', of: value }];
}

/** Scores; rows that weighted sums made become some. @throws UNSUPPORTED_OPERATOR */
function scoresInput(context: MlContext, node: OnnxNode, inputs: Inputs): ScoresValue {
  const [value] = inputs;
  if (value?.kind === 'scores') return value;
  return scoresOfRows(context, node, rowsInput(node, inputs, 0));
}
