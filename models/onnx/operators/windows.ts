/**
 * Operators with windows that move over spatial axes: convolutions and pools.
 */
import type { PoolLayer } from '../../../estimators/neural/network.ts';
import { intAttribute, intsAttribute, stringAttribute } from '../attributes.ts';
import {
  append,
  type Context,
  computedInput,
  constantInput,
  type Known,
  materialized,
  type Operator,
  optionalConstant,
  spend,
  unsupported,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import { type ComputedValue, rowShape, type Value } from '../values.ts';
import { noBias, weightsOf } from './weights.ts';

const windowAttributes = ['auto_pad', 'dilations', 'kernel_shape', 'pads', 'strides'];

/** The operators of this file by their names. */
export const windowOperators: Readonly<Record<string, Operator>> = {
  Conv: { attributes: [...windowAttributes, 'group'], convert: convolution },
  MaxPool: {
    attributes: [...windowAttributes, 'ceil_mode', 'storage_order'],
    convert: (node, inputs, context) => [pool(node, inputs, context, 'maxPool')],
  },
  AveragePool: {
    attributes: [...windowAttributes, 'ceil_mode', 'count_include_pad'],
    convert: (node, inputs, context) => [pool(node, inputs, context, 'averagePool')],
  },
};

type Inputs = readonly (Known | undefined)[];

/** A window along one axis. */
interface WindowAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  /** How many windows there are. */
  readonly count: number;
}

function convolution(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = computedInput(node, inputs, 0);
  const kernels = constantInput(node, inputs, 1);
  const bias = optionalConstant(node, inputs, 2);
  const row = channelsFirst(node, value);
  const { shape } = kernels.tensor;
  const groups = intAttribute(node, 'group', 1);
  const outputs = shape[0] ?? 0;
  const fits =
    shape.length === row.length + 1 &&
    shape[1]! * groups === row[0] &&
    outputs % groups === 0 &&
    (bias === undefined || bias.tensor.data.length === outputs);
  if (!fits) {
    const given = `weights [${shape.join(', ')}] in ${groups} groups`;
    throw badModel(`node ${node.name}`, given, `weights for a value of shape [${row.join(', ')}]`);
  }
  const axes = windows(context, node, row.slice(1), shape.slice(2));
  const layer = {
    kind: 'convolution',
    name: node.name,
    input: materialized(context, node, value, row),
    weights: weightsOf(kernels, 0),
    bias: bias === undefined ? noBias(outputs) : Array.from(bias.tensor.data),
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    padding: axes.map(({ before, after }) => [before, after] as const),
    groups,
  } as const;
  return [append(context, layer, [outputs, ...axes.map(({ count }) => count)])];
}

function pool(
  node: OnnxNode,
  inputs: Inputs,
  context: Context,
  kind: PoolLayer['kind'],
): ComputedValue {
  const value = computedInput(node, inputs, 0);
  const row = channelsFirst(node, value);
  const kernel = intsAttribute(node, 'kernel_shape') ?? [];
  const axes = windows(context, node, row.slice(1), kernel);
  const countsPadding = intAttribute(node, 'count_include_pad', 0) !== 0;
  const isWider = axes.some(
    (axis, i) => axis.after > (intsAttribute(node, 'pads')?.[row.length - 1 + i] ?? 0),
  );
  if (countsPadding && intAttribute(node, 'ceil_mode', 0) !== 0 && isWider) {
    throw unsupported(node, `${node.operator} with count_include_pad and ceil_mode`);
  }
  const layer = {
    kind,
    name: node.name,
    input: materialized(context, node, value, row),
    kernel,
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    padding: axes.map(({ before, after }) => [before, after] as const),
    countsPadding,
  } as const;
  const result = append(context, layer, [row[0]!, ...axes.map(({ count }) => count)]);
  return kind === 'maxPool' ? { ...result, integers: value.integers } : result;
}

/** The shape of a row with channels and spatial axes. @throws UNSUPPORTED_OPERATOR, BAD_MODEL for any other */
function channelsFirst(node: OnnxNode, value: ComputedValue): number[] {
  if (value.batch !== 0)
    throw unsupported(node, `${node.operator} of a value without a batch in front`);
  const row = rowShape(value);
  if (row.length >= 2) return row;
  throw badModel(
    `node ${node.name}`,
    `a value of shape [${row.join(', ')}]`,
    '[channels, ...spatial]',
  );
}

/** The windows of a node along each spatial axis. */
function windows(
  context: Context,
  node: OnnxNode,
  spatial: readonly number[],
  kernel: readonly number[],
): WindowAxis[] {
  const rank = spatial.length;
  const ones = new Array<number>(rank).fill(1);
  const own = intsAttribute(node, 'kernel_shape') ?? kernel;
  const strides = intsAttribute(node, 'strides') ?? ones;
  const dilations = intsAttribute(node, 'dilations') ?? ones;
  const pads = intsAttribute(node, 'pads') ?? new Array<number>(2 * rank).fill(0);
  const fits =
    own.join() === kernel.join() &&
    [kernel, strides, dilations].every(
      (list) => list.length === rank && list.every((n) => n >= 1),
    ) &&
    pads.length === 2 * rank &&
    pads.every((n) => n >= 0);
  if (!fits) {
    const given = `kernel [${own}], strides [${strides}], dilations [${dilations}], pads [${pads}]`;
    throw badModel(`node ${node.name}`, given, `numbers for each of ${rank} spatial axes`);
  }
  return spatial.map((extent, axis) => {
    const reach = (kernel[axis]! - 1) * dilations[axis]! + 1;
    const base = { kernel: kernel[axis]!, stride: strides[axis]!, dilation: dilations[axis]! };
    const padding = paddingOf(node, extent, reach, base.stride, pads[axis]!, pads[rank + axis]!);
    const count = Math.floor((padding.before + extent + padding.after - reach) / base.stride) + 1;
    if (count >= 1) {
      // Whoever walks over the windows reads each place of each.
      spend(context, node, count * base.kernel);
      return { ...base, ...padding, count };
    }
    const given = `a window of ${reach} elements`;
    throw badModel(`node ${node.name}`, given, `at most ${extent} elements and their padding`);
  });
}

/** Elements before and after an axis, by `auto_pad`, `pads` and `ceil_mode`. */
function paddingOf(
  node: OnnxNode,
  extent: number,
  reach: number,
  stride: number,
  before: number,
  after: number,
): { readonly before: number; readonly after: number } {
  const mode = stringAttribute(node, 'auto_pad', 'NOTSET');
  if (mode === 'VALID') return { before: 0, after: 0 };
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    const total = Math.max((Math.ceil(extent / stride) - 1) * stride + reach - extent, 0);
    const less = Math.floor(total / 2);
    return mode === 'SAME_UPPER'
      ? { before: less, after: total - less }
      : { before: total - less, after: less };
  }
  if (mode !== 'NOTSET') throw unsupported(node, `${node.operator} with auto_pad ${mode}`);
  if (intAttribute(node, 'ceil_mode', 0) === 0) return { before, after };
  // One window more that begins inside the value or the padding before it.
  const room = before + extent + after - reach;
  const last = Math.ceil(room / stride) * stride;
  if (room < 0 || last >= before + extent) return { before, after };
  return { before, after: after + last - room };
}
