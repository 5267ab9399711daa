/**
 * Scaler, Normalizer, Imputer and Binarizer.
 */
import {
  floatAttribute,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
} from '../attributes.ts';
import { unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import { addStep, exactRows, isSingle, rowsInput } from './context.ts';
import { shared } from './scores.ts';
import type { MlContext, MlOperator, MlValue } from './values.ts';

type Inputs = readonly (MlValue | undefined)[];

/** Operators that scale columns or rows, or fill them. */
export const scalingOperators: Readonly<Record<string, MlOperator>> = {
  Scaler: { attributes: ['offset', 'scale'], convert: scaler },
  Normalizer: { attributes: ['norm'], convert: normalizer },
  LpNormalization: { attributes: ['axis', 'p'], convert: lpNormalization },
  Imputer: {
    attributes: [
      ...['imputed_value_floats', 'imputed_value_int64s'],
      ...['replaced_value_float', 'replaced_value_int64'],
    ],
    convert: imputer,
  },
  Binarizer: {
    attributes: ['threshold'],
    convert: (node, inputs, context) => {
      const rows = exactRows(context, node, rowsInput(node, inputs, 0));
      const threshold = floatAttribute(node, 'threshold', 0);
      return [addStep(context, node, { kind: 'above', input: rows.step, threshold }, rows.type)];
    },
  },
};

/** (x - offset) * scale; the result is of single precision. */
function scaler(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const rows = exactRows(context, node, rowsInput(node, inputs, 0));
  const offset = floatsAttribute(node, 'offset') ?? [0];
  const scale = floatsAttribute(node, 'scale') ?? [1];
  const moved = { kind: 'subtract', input: rows.step, by: offset, single: true } as const;
  const { step: input } = addStep(context, node, moved, 'float');
  return [addStep(context, node, { kind: 'multiply', input, by: scale, single: true }, 'float')];
}

/** Of scores by their sum: probabilities. */
function normalizer(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const norm = stringAttribute(node, 'norm', 'MAX');
  const [value] = inputs;
  if (value?.kind === 'scores') {
    if (norm === 'L1') return [shared(value)];
    throw unsupported(node, `Normalizer of scores by ${norm}`);
  }
  const rows = exactRows(context, node, rowsInput(node, inputs, 0));
  const own = { MAX: 'max', L1: 'l1', L2: 'l2' }[norm] as 'max' | 'l1' | 'l2' | undefined;
  if (own === undefined) throw badModel(`node ${node.name}.norm`, norm, 'MAX, L1 or L2');
  const step = { kind: 'normalize', input: rows.step, norm: own, single: true } as const;
  return [addStep(context, node, step, 'float')];
}

/** The Normalizer of `ai.onnx`. */
function lpNormalization(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const axis = intAttribute(node, 'axis', -1);
  const norm = intAttribute(node, 'p', 2);
  const [value] = inputs;
  if ((axis !== 1 && axis !== -1) || (norm !== 1 && norm !== 2)) {
    throw unsupported(node, `LpNormalization along axis ${axis}, of norm ${norm}`);
  }
  if (value?.kind === 'scores' && norm === 1) return [shared(value)];
  const rows = exactRows(context, node, rowsInput(node, inputs, 0));
  const own = norm === 1 ? 'l1' : 'l2';
  const step = { kind: 'normalize', input: rows.step, norm: own, single: isSingle(rows) } as const;
  return [addStep(context, node, step, rows.type)];
}

function imputer(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const rows = exactRows(context, node, rowsInput(node, inputs, 0));
  const whole = intsAttribute(node, 'imputed_value_int64s') ?? [];
  const values = whole.length > 0 ? whole : (floatsAttribute(node, 'imputed_value_floats') ?? []);
  const replaced =
    whole.length > 0
      ? intAttribute(node, 'replaced_value_int64', 0)
      : floatAttribute(node, 'replaced_value_float', 0);
  const missing = Number.isNaN(replaced) ? null : replaced;
  const step = { kind: 'impute', input: rows.step, missing, values } as const;
  return [addStep(context, node, step, rows.type, rows.shape)];
}
