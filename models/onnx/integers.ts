/**
 * Computed values of integer types: what quantizers give, and inputs that are integers.
 */
import { type Context, type Known, unsupported } from './context.ts';
import type { OnnxNode } from './model.ts';
import { withoutIntegers } from './operators/quantizers.ts';
import type { ComputedValue, Value } from './values.ts';

/** Operators that leave channels where they are, and whose results are integers of the same grid. */
const keepsChannels = ['Identity', 'MaxPool', 'DequantizeLinear', 'Shape', 'Size', 'Clip'];

/** Operators that only move elements: their results are on the same grid, if that is one for all channels. */
const moves = [
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'Slice', 'Split'],
  ...['Gather', 'Concat', 'Expand', 'Tile'],
];

/** Operators whose quotients have no fractions where operands are integers. */
const divides = ['Div', 'Pow', 'ReduceMean', 'ReduceL2', 'AveragePool', 'GlobalAveragePool'];

/** Operators whose results are no integers, whatever their operands are. */
const leaves = [
  ...['Cast', 'DequantizeLinear', 'QuantizeLinear', 'ArgMax'],
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Not'],
];

/** The grid of integers that stand for themselves. */
export const plainIntegers: NonNullable<ComputedValue['integers']> = { steps: [1], zero: 0 };

/** An operand as an operator takes it: integers by themselves, unless it only moves them. @throws UNSUPPORTED_OPERATOR */
export function integerOperand(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
): ComputedValue {
  const { integers } = value;
  if (integers === undefined || keepsChannels.includes(node.operator)) return value;
  if (divides.includes(node.operator)) throw unsupported(node, `${node.operator} of integers`);
  // Steps that differ between channels lose their axis where elements move.
  if (integers.steps.length === 1 && moves.includes(node.operator)) return value;
  return withoutIntegers(context, node, value);
}

/** The results of an operator on these inputs: integers again, where its operands were. */
export function integerResults(
  { operator }: OnnxNode,
  inputs: readonly (Known | undefined)[],
  results: readonly Value[],
): readonly Value[] {
  const areIntegers = inputs.some((value) => value?.kind === 'computed' && value.integers);
  if (!areIntegers || leaves.includes(operator)) return results;
  return results.map((value) =>
    value.kind === 'computed' ? { ...value, integers: value.integers ?? plainIntegers } : value,
  );
}
