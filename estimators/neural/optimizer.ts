/**
 * Steps down the gradient.
 */
import type { Value } from './tape/tape.ts';

/** Something learned: a value, and the share of it that each step takes away (alpha of the penalty alpha/2 |w|^2). */
export interface Parameter {
  readonly value: Value;
  readonly decay: number;
}

/** Moves all parameters by their gradients, and sets these to 0. */
export type Optimizer = (parameters: readonly Parameter[], rate: number) => void;

/** What optimizers are made of; names and defaults are scikit-learn's. */
export interface OptimizerParameters {
  /** 'adam' (default), or 'sgd' with momentum. */
  readonly solver: 'adam' | 'sgd';
  /** Of 'sgd': how much of the last step is taken again, in [0, 1). Default 0.9. */
  readonly momentum: number;
  /** Of 'sgd': whether gradients count as if the last step had been taken again already. Default true. */
  readonly nesterovsMomentum: boolean;
  /** Of 'adam': decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1: number;
  /** Of 'adam': decay of the mean of their squares, in [0, 1). Default 0.999. */
  readonly beta2: number;
  /** Of 'adam': added to the root of that mean, > 0. Default 1e-8. */
  readonly epsilon: number;
}

/** An optimizer that has made no step. */
export function createOptimizer(parameters: OptimizerParameters): Optimizer {
  return parameters.solver === 'adam' ? adam(parameters) : descent(parameters);
}

/** Kingma and Ba, "Adam: a method for stochastic optimization" (2015), with the weight decay in the gradient. */
function adam({ beta1, beta2, epsilon }: OptimizerParameters): Optimizer {
  const means = new Map<Value, { readonly first: Float64Array; readonly second: Float64Array }>();
  let t = 0;
  return (parameters, rate) => {
    t++;
    const scaled = (rate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
    for (const { value, decay } of parameters) {
      const { data, gradient } = value;
      const { length } = data;
      let own = means.get(value);
      own ??= { first: new Float64Array(length), second: new Float64Array(length) };
      means.set(value, own);
      const { first, second } = own;
      for (let i = 0; i < length; i++) {
        const slope = gradient[i]! + decay * data[i]!;
        first[i] = beta1 * first[i]! + (1 - beta1) * slope;
        second[i] = beta2 * second[i]! + (1 - beta2) * slope * slope;
        data[i]! -= (scaled * first[i]!) / (Math.sqrt(second[i]!) + epsilon);
      }
      gradient.fill(0);
    }
  };
}

/** Gradient descent with momentum (Sutskever et al., 2013). */
function descent({ momentum, nesterovsMomentum }: OptimizerParameters): Optimizer {
  const velocities = new Map<Value, Float64Array>();
  return (parameters, rate) => {
    for (const { value, decay } of parameters) {
      const { data, gradient } = value;
      const velocity = velocities.get(value) ?? new Float64Array(data.length);
      velocities.set(value, velocity);
      for (let i = 0; i < data.length; i++) {
        const step = -rate * (gradient[i]! + decay * data[i]!);
        velocity[i] = momentum * velocity[i]! + step;
        data[i]! += nesterovsMomentum ? momentum * velocity[i]! + step : velocity[i]!;
      }
      gradient.fill(0);
    }
  };
}
