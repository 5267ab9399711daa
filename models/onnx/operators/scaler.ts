/**
 * The scaler of `ai.onnx.ml`, in front of networks.
 */
import { floatsAttribute } from '../attributes.ts';
import { computedInput, type Operator } from '../context.ts';
import { constant } from '../values.ts';
import { scaled } from './scaled.ts';

/** The operators of `ai.onnx.ml` that are layers. */
export const pipelineOperators: Readonly<Record<string, Operator>> = {
  /** (x - offset) * scale along the last axis; one number or one for each feature. */
  Scaler: {
    attributes: ['offset', 'scale'],
    convert: (node, inputs, context) => {
      const value = computedInput(node, inputs, 0);
      const offset = Float64Array.from(floatsAttribute(node, 'offset') ?? [0]);
      const scale = Float64Array.from(floatsAttribute(node, 'scale') ?? [1]);
      const shifted = offset.map((each) => -each);
      const ones = constant([], Float64Array.of(1));
      const zeros = constant([], Float64Array.of(0));
      const centred = scaled(context, node, value, ones, constant([offset.length], shifted));
      return [scaled(context, node, centred, constant([scale.length], scale), zeros)];
    },
  },
};
