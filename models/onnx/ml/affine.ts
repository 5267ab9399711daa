/**
 * Rows that a model's last weighted sums made, as scores of a core: exporters write linear models as a MatMul and an Add too.
 */
import type { Network } from '../../../estimators/neural/network.ts';
import type { PrepareStep } from '../../imported/prepare.ts';
import { unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { columnsOfRows, type MlContext, type RowsValue, type ScoresValue } from './values.ts';

/** x . weights + bias; weights are [outputs, inputs]. */
export interface LinearForm {
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

/** A linear form of rows as a core, and its scores. */
export function linearScores(
  context: MlContext,
  node: OnnxNode,
  rows: RowsValue,
  { weights, bias }: LinearForm,
): ScoresValue {
  const network = denseNetwork(node.name, columnsOfRows(rows), { weights, bias });
  const core = context.cores.push({ core: { kind: 'network', network }, rows }) - 1;
  const outputs = bias.map((_, output) => ({ core, output }));
  return { kind: 'scores', outputs, finish: [], probabilities: false };
}

/** A network of a single layer. */
export function denseNetwork(name: string, inputs: number, { weights, bias }: LinearForm): Network {
  return {
    inputShape: [inputs],
    layers: [
      {
        kind: 'dense',
        name,
        input: -1,
        weights: { shape: [bias.length, inputs], data: weights.flat() },
        bias,
      },
    ],
  };
}

/**
 * Rows as scores: the weighted sums, and sums with constants, that made them are the core, of the rows before these.
 *
 * @throws UNSUPPORTED_OPERATOR where there is no weighted sum
 */
export function scoresOfRows(context: MlContext, node: OnnxNode, rows: RowsValue): ScoresValue {
  let form: LinearForm | undefined;
  let { step } = rows;
  let hasProduct = false;
  for (; step >= 0; ) {
    const own = context.steps[step]!;
    const input = 'input' in own ? own.input : -1;
    const columns = input < 0 ? context.features : context.widths[input]!;
    const part = own.kind === 'single' ? identity(columns) : formOf(own, columns);
    if (part === null || (own.kind === 'single' && form === undefined)) break;
    hasProduct ||= own.kind === 'matrix';
    form = form === undefined ? part : composed(form, part);
    step = input;
    // What comes before the last product of weights is a preparation of the features.
    if (own.kind === 'matrix') break;
  }
  if (form === undefined || !hasProduct) {
    throw unsupported(node, `${node.operator} of features, where there is no model yet`);
  }
  const columns = step < 0 ? context.features : context.widths[step]!;
  const before: RowsValue = { ...rows, step, shape: [columns] };
  return linearScores(context, node, before, form);
}

/** A step as a linear form of so many columns; null where it is none. */
function formOf(step: PrepareStep, columns: number): LinearForm | null {
  if (step.kind === 'matrix') {
    const outputs = step.weights[0]!.length;
    const weights = Array.from({ length: outputs }, (_, k) => step.weights.map((row) => row[k]!));
    return { weights, bias: new Array<number>(outputs).fill(0) };
  }
  if (!('by' in step)) return null;
  const by = (k: number): number => step.by[k] ?? step.by[0]!;
  const { weights, bias } = identity(columns);
  switch (step.kind) {
    case 'add':
      return { weights, bias: bias.map((_, k) => by(k)) };
    case 'subtract':
      return { weights, bias: bias.map((_, k) => -by(k)) };
    case 'multiply':
      return { weights: weights.map((row, k) => row.map((weight) => weight * by(k))), bias };
    case 'divide':
      return { weights: weights.map((row, k) => row.map((weight) => weight / by(k))), bias };
  }
}

function identity(columns: number): LinearForm {
  const all = Array.from({ length: columns }, (_, k) => k);
  return { weights: all.map((k) => all.map((j) => Number(j === k))), bias: all.map(() => 0) };
}

/** outer(inner(x)). */
function composed(outer: LinearForm, inner: LinearForm): LinearForm {
  const inputs = inner.weights[0]!.length;
  const weights = outer.weights.map((row) =>
    Array.from({ length: inputs }, (_, j) =>
      row.reduce((sum, weight, k) => sum + weight * inner.weights[k]![j]!, 0),
    ),
  );
  const bias = outer.bias.map((own, k) =>
    outer.weights[k]!.reduce((sum, weight, j) => sum + weight * inner.bias[j]!, own),
  );
  return { weights, bias };
}
