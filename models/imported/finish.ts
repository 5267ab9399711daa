/**
 * What the client makes of decrypted scores: links, and the shares of classes.
 */
import { hasKeys, isList, isNumber } from '../../estimators/state.ts';
import type { Tensor } from '../../tracer/tensor.ts';

/** Steps on the scores of one row, in order. */
export type FinishStep =
  /** Each x becomes factor * x + offset. */
  | { readonly kind: 'affine'; readonly factor: number; readonly offset: number }
  /** A function of each x: 1 / (1 + exp(-x)); exp(x); log(1 + exp(x)); sign(x) * x^2; 1 where x > 0, else 0. */
  | { readonly kind: 'logistic' | 'exp' | 'softplus' | 'signedSquare' | 'step' }
  /** exp(x_k) / sum_j exp(x_j). */
  | { readonly kind: 'softmax' }
  /** x_k / sum_j |x_j|, or 0 where that sum is. */
  | { readonly kind: 'shares' }
  /** Of one x, the two 1 - x and x; or -x and x. */
  | { readonly kind: 'complement' | 'opposite' };

/** The scores of all rows after all steps: rows x outputs. */
export function finished(steps: readonly FinishStep[], scores: Tensor): Tensor {
  const [rows, outputs] = scores.shape as [number, number];
  const width = finishedWidth(steps, outputs)!;
  const data = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const own: readonly number[] = Array.from(
      scores.data.subarray(row * outputs, (row + 1) * outputs),
    );
    data.set(steps.reduce(after, own), row * width);
  }
  return { shape: [rows, width], data };
}

/** The number of values that so many scores become; null where a step does not take as many. */
export function finishedWidth(steps: readonly FinishStep[], outputs: number): number | null {
  let width = outputs;
  for (const { kind } of steps) {
    if (kind !== 'complement' && kind !== 'opposite') continue;
    if (width !== 1) return null;
    width = 2;
  }
  return width;
}

/** Whether a value are steps. */
export function areFinishSteps(value: unknown): value is FinishStep[] {
  return isList(value, null, isFinishStep);
}

const plainKinds = [
  ...['logistic', 'exp', 'softplus', 'signedSquare', 'step'],
  ...['softmax', 'shares', 'complement', 'opposite'],
];

function isFinishStep(value: unknown): boolean {
  if (hasKeys(value, ['kind', 'factor', 'offset'])) {
    return value.kind === 'affine' && isNumber(value.factor) && isNumber(value.offset);
  }
  return hasKeys(value, ['kind']) && plainKinds.includes(value.kind as string);
}

function after(x: readonly number[], step: FinishStep): readonly number[] {
  switch (step.kind) {
    case 'affine':
      return x.map((value) => step.factor * value + step.offset);
    case 'logistic':
      return x.map((value) => 1 / (1 + Math.exp(-value)));
    case 'exp':
      return x.map(Math.exp);
    case 'softplus':
      return x.map((value) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))));
    case 'signedSquare':
      return x.map((value) => Math.sign(value) * value * value);
    case 'step':
      return x.map((value) => Number(value > 0));
    case 'softmax': {
      const top = Math.max(...x);
      return normalized(x.map((value) => Math.exp(value - top)));
    }
    case 'shares':
      return normalized(x);
    case 'complement':
      return [1 - x[0]!, x[0]!];
    case 'opposite':
      return [-x[0]!, x[0]!];
  }
}

function normalized(x: readonly number[]): readonly number[] {
  const sum = x.reduce((total, value) => total + Math.abs(value), 0);
  return sum > 0 ? x.map((value) => value / sum) : x;
}
