/**
 * Weighted sums along the last axis.
 */
import { addProduct, addTransposed, transposed } from './products.ts';
import { isLearned, newValue, type Tape, type Value } from './tape.ts';

/** y = x . weights^T + bias: [..., inputs] to [..., outputs]; weights are [outputs, inputs], the bias [outputs]. */
export function dense(tape: Tape, x: Value, weights: Value, bias: Value | null): Value {
  const [outputs, inputs] = weights.shape as [number, number];
  const rows = x.data.length / inputs;
  const y = newValue([...x.shape.slice(0, -1), outputs]);
  if (bias !== null) for (let i = 0; i < rows; i++) y.data.set(bias.data, i * outputs);
  addTransposed(x.data, weights.data, y.data, rows, inputs, outputs);
  tape.steps.push(() => {
    const backwards = transposed(y.gradient, rows, outputs);
    if (isLearned(x)) addProduct(y.gradient, weights.data, x.gradient, rows, outputs, inputs);
    addProduct(backwards, x.data, weights.gradient, outputs, rows, inputs);
    if (bias === null) return;
    for (let i = 0; i < y.gradient.length; i++) bias.gradient[i % outputs]! += y.gradient[i]!;
  });
  return y;
}
