/**
 * Element-wise layers: they compute nothing, but say what integers stand for. A table is made where the next sum begins, one
 * for all of them.
 */

import { broadcastIndex } from '../../../tracer/broadcast.ts';
import * as np from '../../../tracer/index.ts';
import { sameShape, sizeOf } from '../../../tracer/tensor.ts';
import { roundHalfEven } from '../../quantize/rounding.ts';
import { codeOf, functionOf, spread, stepsOf } from '../evaluate.ts';
import type { ActivationLayer, GridLayer, ScaleLayer, TableLayer } from '../network.ts';
import {
  classified,
  type ElementFunction,
  type Lowered,
  lineFunction,
  type ProgramBuilder,
} from './integers.ts';

/** y = x * factor + offset. */
export function lowerScale(
  program: ProgramBuilder,
  value: Lowered,
  { factor, offset }: ScaleLayer,
  shape: readonly number[],
): Lowered {
  const x = broadcasted(program, value, shape);
  const factors = spread(factor.shape, shape, factor.data);
  const offsets = spread(offset.shape, shape, offset.data);
  const { array, classes, functions } = x;
  const make = (e: number): ElementFunction => {
    const { of, line, code } = functions[classes[e]!]!;
    const [times, plus] = [factors[e]!, offsets[e]!];
    if (line !== null) return lineFunction(line.scale * times, line.offset * times + plus);
    const after = code !== null && {
      of: code.of,
      step: code.step * times,
      offset: code.offset * times + plus,
    };
    return { of: (c) => of(c) * times + plus, line: null, code: after || null };
  };
  const keyOf = (e: number): string => `${classes[e]} ${factors[e]} ${offsets[e]}`;
  return { array, ...classified(sizeOf(shape), keyOf, make) };
}

/** A function of each element. */
export function lowerActivation(value: Lowered, layer: ActivationLayer): Lowered {
  if (layer.function === 'identity') return value;
  const f = functionOf(layer);
  const functions = value.functions.map(
    ({ of }): ElementFunction => ({ of: (c) => f(of(c)), line: null, code: null }),
  );
  return { ...value, functions };
}

/** A value on a grid: what it stands for is rounded, and may become the integer itself. */
export function lowerGrid(value: Lowered, layer: GridLayer, shape: readonly number[]): Lowered {
  const steps = stepsOf(layer, shape);
  const { array, classes, functions } = value;
  const make = (e: number): ElementFunction => {
    const { of } = functions[classes[e]!]!;
    const step = steps[e]!;
    const code = (c: number): number => codeOf(layer, step, of(c));
    return { of: (c) => step * code(c), line: null, code: { of: code, step, offset: 0 } };
  };
  return { array, ...classified(sizeOf(shape), (e) => `${classes[e]} ${steps[e]}`, make) };
}

/** A learned value for each integer of the grid before. */
export function lowerTable(
  value: Lowered,
  layer: TableLayer,
  grid: GridLayer,
  shape: readonly number[],
): Lowered {
  const steps = stepsOf(grid, shape);
  const { array, classes, functions } = value;
  const make = (e: number): ElementFunction => {
    const { of, code } = functions[classes[e]!]!;
    const step = steps[e]!;
    const integer = code === null ? (c: number) => roundHalfEven(of(c) / step) : code.of;
    return { of: (c) => layer.values[integer(c) - layer.min]!, line: null, code: null };
  };
  return { array, ...classified(sizeOf(shape), (e) => `${classes[e]} ${steps[e]}`, make) };
}

/** The value repeated to a larger shape. */
export function broadcasted(
  program: ProgramBuilder,
  value: Lowered,
  shape: readonly number[],
): Lowered {
  const x = program.of(value);
  if (sameShape(x.shape, shape)) return value;
  const from = broadcastIndex(x.shape, shape)!;
  const { array, classes, functions } = value;
  return {
    array: program.add({
      shape,
      min: Float64Array.from(from, (e) => x.min[e]!),
      max: Float64Array.from(from, (e) => x.max[e]!),
      compute: (arrays) => np.broadcastTo(arrays[array]!, shape),
    }),
    classes: Int32Array.from(from, (e) => classes[e]!),
    functions,
  };
}
