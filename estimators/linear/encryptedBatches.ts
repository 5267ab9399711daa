/**
 * What the client encrypts: rows and labels of each step, and random integers for roundings beside them.
 */
import type { Random } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { TrainingGrid } from '../quantize/trainingGrid.ts';
import { type StepShape, weightCount } from './encryptedStep.ts';

/** The arguments of a step, in the order of `StepInputs`, without the weights. */
export type Batch = readonly Tensor[];

/** The rows of all batches, in random order, each as often as any other. */
export function ordersOf(
  rows: number,
  steps: number,
  batchSize: number,
  random: Random,
): number[][] {
  const order = new Int32Array(rows).map((_, row) => row);
  let next = rows;
  const draw = (): number => {
    if (next === rows) {
      random.shuffle(order);
      next = 0;
    }
    return order[next++]!;
  };
  return Array.from({ length: steps }, () => Array.from({ length: batchSize }, draw));
}

/** The arguments of all steps. */
export function batchesOf(
  { codes }: TrainingGrid,
  target: Float64Array,
  orders: readonly (readonly number[])[],
  shape: StepShape,
  random: Random,
): Batch[] {
  const { batch, features, droppedBits, shift, decay } = shape;
  const integers = (count: number, bound: number): Tensor => ({
    shape: [count],
    data: Float64Array.from({ length: count }, () => random.integer(bound)),
  });
  return orders.map((chosen): Batch => {
    const rows = new Float64Array(batch * features);
    chosen.forEach((row, i) => {
      rows.set(codes.data.subarray(row * features, (row + 1) * features), i * features);
    });
    return [
      { shape: [batch, features], data: rows },
      { shape: [batch], data: Float64Array.from(chosen, (row) => Number(target[row]! > 0)) },
      integers(batch, 2 ** droppedBits),
      integers(weightCount(shape), 2 ** shift),
      { shape: [], data: Float64Array.of(Math.floor(decay + random())) },
    ];
  });
}
