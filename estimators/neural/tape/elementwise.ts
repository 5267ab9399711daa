/**
 * Functions of each element, and sums of two values.
 */
import { newValue, type Tape, type Value } from './tape.ts';

/** A function and its derivative, given x and y = f(x). Where f is a step, the derivative is one that training can follow. */
export interface Curve {
  readonly value: (x: number) => number;
  readonly slope: (x: number, y: number) => number;
}

/** Where the derivatives of steps are 1: |x| <= 1, as those of hardtanh (Hubara et al., "Binarized neural networks", 2016). */
function window(x: number): number {
  return Math.abs(x) <= 1 ? 1 : 0;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The activations of hidden layers, but for the learned table. */
export type CurveName = 'identity' | 'relu' | 'logistic' | 'tanh' | 'hardtanh' | 'sign' | 'step';

/** Each by its name, as scikit-learn and Keras have them. */
export const curves: Readonly<Record<CurveName, Curve>> = {
  identity: { value: (x) => x, slope: () => 1 },
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  logistic: { value: logistic, slope: (_, y) => y * (1 - y) },
  tanh: { value: Math.tanh, slope: (_, y) => 1 - y * y },
  hardtanh: { value: (x) => Math.min(Math.max(x, -1), 1), slope: window },
  sign: { value: (x) => (x >= 0 ? 1 : -1), slope: window },
  step: { value: (x) => (x >= 0 ? 1 : 0), slope: (x) => window(x) / 2 },
};

/** f(x) of each element. */
export function apply(tape: Tape, x: Value, { value, slope }: Curve): Value {
  const y = newValue(x.shape);
  for (let i = 0; i < y.data.length; i++) y.data[i] = value(x.data[i]!);
  tape.steps.push(() => {
    for (let i = 0; i < y.data.length; i++) {
      x.gradient[i]! += y.gradient[i]! * slope(x.data[i]!, y.data[i]!);
    }
  });
  return y;
}

/** a + b, of equal shapes. */
export function add(tape: Tape, a: Value, b: Value): Value {
  const y = newValue(a.shape);
  for (let i = 0; i < y.data.length; i++) y.data[i] = a.data[i]! + b.data[i]!;
  tape.steps.push(() => {
    for (let i = 0; i < y.gradient.length; i++) {
      a.gradient[i]! += y.gradient[i]!;
      b.gradient[i]! += y.gradient[i]!;
    }
  });
  return y;
}
