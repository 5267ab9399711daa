/**
 * Every operator that becomes layers, by its set and name.
 */
import type { Operator } from '../context.ts';
import { arithmeticOperators } from './arithmetic.ts';
import { concatOperators } from './concat.ts';
import { constantOperators } from './constants.ts';
import { elementwiseOperators } from './elementwise.ts';
import { linearOperators } from './linear.ts';
import { qonnxOperators, quantizerOperators } from './quantizers.ts';
import { reductionOperators } from './reductions.ts';
import { pipelineOperators } from './scaler.ts';
import { selectionOperators } from './selection.ts';
import { viewOperators } from './views.ts';
import { windowOperators } from './windows.ts';

const ownOperators: Readonly<Record<string, Operator>> = {
  ...linearOperators,
  ...windowOperators,
  ...elementwiseOperators,
  ...arithmeticOperators,
  ...viewOperators,
  ...selectionOperators,
  ...concatOperators,
  ...reductionOperators,
  ...quantizerOperators,
  ...constantOperators,
};

/** Tables of operators by their domains; QONNX's go about under three. */
export const operators: Readonly<Record<string, Readonly<Record<string, Operator>>>> = {
  '': ownOperators,
  'ai.onnx.ml': pipelineOperators,
  'qonnx.custom_op.general': qonnxOperators,
  'finn.custom_op.general': qonnxOperators,
  'onnx.brevitas': qonnxOperators,
};

/** The operator of this domain and name, if it is supported. */
export function operatorOf(domain: string, name: string): Operator | undefined {
  if (!Object.hasOwn(operators, domain)) return undefined;
  const table = operators[domain]!;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
