import type { Tensor } from '../tracer/tensor.ts';

/**
 * Probabilities, rows x classes, from outputs, rows x outputs: each row's weights divided by their sum. Of two classes one
 * output may speak for both, so `weightsOf` gives the weights of all classes for a row's outputs.
 */
export function classShares(
  { shape, data }: Tensor,
  weightsOf: (outputs: Float64Array) => readonly number[],
): Tensor {
  const [rows, outputs] = shape as [number, number];
  const classes = Math.max(outputs, 2);
  const result = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const weights = weightsOf(data.subarray(row * outputs, (row + 1) * outputs));
    const sum = weights.reduce((a, b) => a + b);
    result.set(
      weights.map((weight) => weight / sum),
      row * classes,
    );
  }
  return { shape: [rows, classes], data: result };
}

/**
 * Probabilities, rows x classes, from scores, rows x outputs: their softmax. A single output z speaks for two classes, of
 * probabilities 1 - p and p = 1 / (1 + exp(-z)).
 */
export function softmax(scores: Tensor): Tensor {
  return classShares(scores, (own) => {
    const all = own.length === 1 ? [0, own[0]!] : [...own];
    const top = Math.max(...all);
    return all.map((score) => Math.exp(score - top));
  });
}
