/**
 * What operators of `ai.onnx.ml` need to write the steps of the client.
 */
import { type PrepareStep, stepWidth } from '../../imported/prepare.ts';
import { unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import type { ElementType, OnnxTensor, TextTensor } from '../tensors.ts';
import { columnsOfRows, type MlContext, type MlValue, type RowsValue } from './values.ts';

/** A file makes at most so many columns of a row. */
const mostColumns = 1_000_000;

/** Adds a step and returns its rows: in the shape that is given, or one of as many columns as it makes. */
export function addStep(
  context: MlContext,
  node: OnnxNode,
  step: PrepareStep,
  type: ElementType,
  shape?: readonly number[],
): RowsValue {
  const width = stepWidth(step, context.widths, context.features);
  const total = context.widths.reduce((sum, own) => sum + own, 0) + (width ?? 0);
  if (width === null || width < 1 || total > mostColumns) {
    const given = `${node.operator} with constants that do not fit, or are not finite`;
    throw badModel(`node ${node.name}`, given, 'constants for the columns of its input');
  }
  context.widths.push(width);
  const position = context.steps.push(step) - 1;
  return { kind: 'rows', step: position, shape: shape ?? [width], type, exact: true };
}

/** Rows whose numbers have the precision of their type. */
export function exactRows(context: MlContext, node: OnnxNode, rows: RowsValue): RowsValue {
  if (rows.exact || rows.type !== 'float') return rows;
  return addStep(context, node, { kind: 'single', input: rows.step }, 'float', rows.shape);
}

/** Whether results of this type are rounded to single precision. */
export function isSingle({ type }: RowsValue): boolean {
  return type !== 'double';
}

/** An input that is rows of numbers, or of texts where these are allowed. @throws UNSUPPORTED_OPERATOR, BAD_MODEL */
export function rowsInput(
  node: OnnxNode,
  inputs: readonly (MlValue | undefined)[],
  index: number,
  texts = false,
): RowsValue {
  const found = inputs[index];
  if (found === undefined) throw badModel(`node ${node.name}`, `no input ${index}`, 'one');
  if (found.kind !== 'rows') throw unsupported(node, `${node.operator} of ${wordsFor(found)}`);
  if (found.type === 'string' && !texts) throw unsupported(node, `${node.operator} of texts`);
  return found;
}

/** An input that is a constant of numbers. @throws UNSUPPORTED_OPERATOR, BAD_MODEL */
export function constantNumbers(
  node: OnnxNode,
  inputs: readonly (MlValue | undefined)[],
  index: number,
): OnnxTensor {
  const tensor = constantOf(node, inputs, index);
  if (tensor.type === 'string') throw badModel(`node ${node.name}`, 'texts', 'numbers');
  return tensor;
}

/** An input that is a constant. @throws UNSUPPORTED_OPERATOR, BAD_MODEL */
export function constantOf(
  node: OnnxNode,
  inputs: readonly (MlValue | undefined)[],
  index: number,
): OnnxTensor | TextTensor {
  const found = inputs[index];
  if (found === undefined) throw badModel(`node ${node.name}`, `no input ${index}`, 'one');
  if (found.kind === 'constant') return found.tensor;
  throw unsupported(node, `${node.operator} with an input ${index} that is computed`);
}

/** The axis of a row that an axis of the graph is. @throws UNSUPPORTED_OPERATOR for that of the batch */
export function rowAxis(node: OnnxNode, axis: number, { shape }: RowsValue): number {
  const rank = shape.length + 1;
  const own = axis < 0 ? axis + rank : axis;
  if (own >= 1 && own < rank) return own - 1;
  throw unsupported(node, `${node.operator} along axis ${axis}`);
}

/** Rows in another shape of as many columns; undefined extents are those of the batch. */
export function reshapedRows(node: OnnxNode, rows: RowsValue, shape: readonly number[]): RowsValue {
  const columns = shape.reduce((product, extent) => product * extent, 1);
  if (columns === columnsOfRows(rows)) return { ...rows, shape };
  throw unsupported(node, `${node.operator} to another number of columns`);
}

function wordsFor(value: MlValue): string {
  switch (value.kind) {
    case 'constant':
      return 'a constant';
    case 'scores':
      return 'the scores of a model';
    case 'label':
    case 'index':
      return 'a label';
    default:
      return 'a sum of scores';
  }
}
