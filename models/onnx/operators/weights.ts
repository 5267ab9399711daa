/**
 * Constants as weights: with outputs first, and with their grid where they lie on one.
 */
import type { Weights } from '../../../estimators/neural/network.ts';
import { stridesOf } from '../../../tracer/tensor.ts';
import type { ConstantValue } from '../values.ts';

/**
 * Weights [outputs, ...] from a constant whose axis `outputs` counts the outputs, times `factor`. The other axes keep their
 * order. A grid along another axis is no grid for each output: the weights are floats then.
 */
export function weightsOf({ tensor, grid }: ConstantValue, outputs: number, factor = 1): Weights {
  const { shape, data } = tensor;
  const count = shape[outputs]!;
  const others = shape.filter((_, axis) => axis !== outputs);
  const stride = stridesOf(shape)[outputs]!;
  const result = new Array<number>(data.length);
  for (let i = 0; i < data.length; i++) {
    const output = Math.floor(i / stride) % count;
    // The place among the other axes: that in front of the axis of outputs, and that behind.
    const rest = Math.floor(i / (stride * count)) * stride + (i % stride);
    result[(output * data.length) / count + rest] = data[i]! * factor;
  }
  return { shape: [count, ...others], data: result, steps: stepsOf(grid, outputs, count, factor) };
}

function stepsOf(
  grid: ConstantValue['grid'],
  outputs: number,
  count: number,
  factor: number,
): number[] | undefined {
  if (grid === undefined || factor === 0) return undefined;
  const size = Math.abs(factor);
  if (grid.axis === null) return new Array<number>(count).fill(grid.steps[0]! * size);
  if (grid.axis !== outputs) return undefined;
  return grid.steps.map((step) => step * size);
}

/** Zeros, one for each output. */
export function noBias(outputs: number): number[] {
  return new Array<number>(outputs).fill(0);
}
