/**
 * OneHotEncoder and LabelEncoder.
 */
import type { Label } from '../../../estimators/input.ts';
import type { Cell } from '../../../estimators/preprocessing/table.ts';
import type { StepCell } from '../../imported/steps/categories.ts';
import {
  floatAttribute,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
  stringsAttribute,
} from '../attributes.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import type { ElementType } from '../tensors.ts';
import { addStep, exactRows, rowsInput } from './context.ts';
import type { LabelValue, MlContext, MlOperator, MlValue } from './values.ts';

type Inputs = readonly (MlValue | undefined)[];

/** Operators from categories to numbers. */
export const encoderOperators: Readonly<Record<string, MlOperator>> = {
  OneHotEncoder: { attributes: ['cats_int64s', 'cats_strings', 'zeros'], convert: oneHot },
  LabelEncoder: {
    attributes: [
      'classes_strings',
      ...['keys', 'values'].flatMap((side) =>
        ['floats', 'int64s', 'strings', 'tensor'].map((type) => `${side}_${type}`),
      ),
      ...['default_float', 'default_int64', 'default_string', 'default_tensor'],
    ],
    convert: labelEncoder,
  },
};

function oneHot(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const rows = exactRows(context, node, rowsInput(node, inputs, 0, true));
  const whole = intsAttribute(node, 'cats_int64s') ?? [];
  const categories: readonly Cell[] =
    whole.length > 0 ? whole : (stringsAttribute(node, 'cats_strings') ?? []);
  const strict = intAttribute(node, 'zeros', 1) === 0;
  const step = { kind: 'oneHot', input: rows.step, categories, strict } as const;
  return [addStep(context, node, step, 'float', [...rows.shape, categories.length])];
}

/** Keys, values and what all else becomes. */
interface Encoding {
  readonly keys: readonly StepCell[];
  readonly values: readonly StepCell[];
  readonly otherwise: StepCell;
  readonly type: ElementType;
}

/** Of rows, or of the label that a model before it gave. */
function labelEncoder(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const [value] = inputs;
  if (value?.kind === 'label') return [relabelled(node, value)];
  const rows = exactRows(context, node, rowsInput(node, inputs, 0, true));
  const { type, ...encoding } = encodingOf(node, rows.type === 'string');
  const step = { kind: 'encode', input: rows.step, ...encoding } as const;
  return [addStep(context, node, step, type, rows.shape)];
}

function relabelled(node: OnnxNode, label: LabelValue): LabelValue {
  const { keys, values, otherwise } = encodingOf(node, typeof label.classes[0] === 'string');
  const codes = new Map(keys.map((key, i) => [key, values[i]!]));
  const classes = label.classes.map((own) => codes.get(own) ?? otherwise);
  if (classes.includes(null) || new Set(classes).size !== classes.length) {
    throw badModel(`node ${node.name}`, 'labels that become the same', 'a label for each class');
  }
  return { ...label, classes: classes as Label[] };
}

/** Version 1 numbers a list of texts; versions from 2 on map keys to values, as attributes or as tensors. */
function encodingOf(node: OnnxNode, ofTexts: boolean): Encoding {
  const classes = stringsAttribute(node, 'classes_strings');
  if (classes !== undefined) {
    const numbers = classes.map((_, k) => k);
    const toTexts = {
      keys: numbers,
      values: classes,
      otherwise: defaultText(node),
      type: 'string',
    } as const;
    const toNumbers = {
      keys: classes,
      values: numbers,
      otherwise: defaultInteger(node),
      type: 'int64',
    } as const;
    return ofTexts ? toNumbers : toTexts;
  }
  const [keys] = listOf(node, 'keys');
  const [values, type] = listOf(node, 'values');
  if (keys.length !== values.length) {
    throw badModel(`node ${node.name}`, `${keys.length} keys`, `${values.length}, one a value`);
  }
  return { keys, values, otherwise: defaultOf(node, type), type };
}

function listOf(
  node: OnnxNode,
  side: 'keys' | 'values',
): readonly [readonly StepCell[], ElementType] {
  const floats = floatsAttribute(node, `${side}_floats`);
  if (floats !== undefined) return [floats.map(cellOf), 'float'];
  const whole = intsAttribute(node, `${side}_int64s`);
  if (whole !== undefined) return [whole, 'int64'];
  const texts = stringsAttribute(node, `${side}_strings`);
  if (texts !== undefined) return [texts, 'string'];
  const tensor = node.attributes.get(`${side}_tensor`);
  if (tensor?.kind !== 'tensor') throw badModel(`node ${node.name}`, `no ${side}`, 'some');
  return [Array.from<Cell, StepCell>(tensor.value.data, cellOf), tensor.value.type];
}

function defaultOf(node: OnnxNode, type: ElementType): StepCell {
  const tensor = node.attributes.get('default_tensor');
  if (tensor?.kind === 'tensor' && tensor.value.data.length === 1)
    return cellOf(tensor.value.data[0]!);
  if (type === 'string') return defaultText(node);
  // The default -0 is the 0 that it equals.
  return type === 'int64'
    ? defaultInteger(node)
    : cellOf(floatAttribute(node, 'default_float', 0) + 0);
}

function defaultText(node: OnnxNode): string {
  return stringAttribute(node, 'default_string', '_Unused');
}

function defaultInteger(node: OnnxNode): number {
  return intAttribute(node, 'default_int64', -1);
}

/** NaN is a missing value. */
function cellOf(value: Cell): StepCell {
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}
