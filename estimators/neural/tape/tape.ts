/**
 * Differentiation in reverse: operations compute at once, and note how gradients go back through them.
 *
 * All values are rows x anything in C order, doubles. What an operation reads and returns, it keeps; nothing is written to
 * twice but gradients, which add up.
 */
import { sizeOf } from '../../../tracer/tensor.ts';

/** An array and the derivatives of the loss by its elements. */
export interface Value {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  readonly gradient: Float64Array;
}

/** What was computed, last step last: each adds the gradient of its result to those of what it read. */
export interface Tape {
  readonly steps: (() => void)[];
}

/** A tape without steps. */
export function createTape(): Tape {
  return { steps: [] };
}

/** A value with a gradient of 0: a parameter, or what an operation returns. */
export function newValue(shape: readonly number[], data?: Float64Array): Value {
  const size = sizeOf(shape);
  return { shape, data: data ?? new Float64Array(size), gradient: new Float64Array(size) };
}

/** A value that nothing is learned for, and that has no gradient: rows. What operations add to it goes nowhere. */
export function constant(shape: readonly number[], data: Float64Array): Value {
  return { shape, data, gradient: new Float64Array(0) };
}

/** Whether derivatives by a value are wanted. */
export function isLearned({ gradient }: Value): boolean {
  return gradient.length > 0;
}

/** Adds the derivatives of `loss`, the sum of its elements, to the gradients of all that it was computed from. */
export function backward({ steps }: Tape, loss: Value): void {
  loss.gradient.fill(1);
  for (let i = steps.length - 1; i >= 0; i--) steps[i]!();
}
