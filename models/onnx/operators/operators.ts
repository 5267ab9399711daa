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

/** The names under which QONNX's operators go about. */
const qonnxDomains = ['qonnx.custom_op.general', 'finn.custom_op.general', 'onnx.brevitas'];

/** The operator of this set and name, if it is supported. */
export function operatorOf(domain: string, name: string): Operator | undefined {
  const table = tableOf(domain);
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function tableOf(domain: string): Readonly<Record<string, Operator>> {
  if (domain === '') return ownOperators;
  if (domain === 'ai.onnx.ml') return pipelineOperators;
  return qonnxDomains.includes(domain) ? qonnxOperators : {};
}
