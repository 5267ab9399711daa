/**
 * Values and weights on grids, with the derivatives of what they were before: the straight-through estimator (Bengio, Léonard
 * and Courville, 2013).
 */
import { type NeuronGrid, neuronIntegers, powerOfTwo } from '../../quantize/neuron.ts';
import { roundHalfEven } from '../../quantize/rounding.ts';
import { newValue, type Tape, type Value } from './tape.ts';

/**
 * y = s * clip(round(x / s), min, max) with the step s = 2^round(logStep): where values are clipped is learned with it. Inside
 * the range dy/dx is 1, outside 0; dy/ds is round(x / s) - x / s inside, and min or max outside. (Esser et al., "Learned step
 * size quantization", 2020)
 */
export function onGrid(
  tape: Tape,
  x: Value,
  logStep: Value,
  { min, max }: { readonly min: number; readonly max: number },
): Value {
  const step = powerOfTwo(logStep.data[0]!);
  const y = newValue(x.shape);
  for (let i = 0; i < y.data.length; i++) {
    y.data[i] = step * Math.min(Math.max(roundHalfEven(x.data[i]! / step), min), max);
  }
  tape.steps.push(() => {
    let sum = 0;
    for (let i = 0; i < y.data.length; i++) {
      const [gradient, real] = [y.gradient[i]!, x.data[i]! / step];
      if (real >= min && real <= max) {
        x.gradient[i]! += gradient;
        sum += gradient * (y.data[i]! / step - real);
      } else sum += (gradient * y.data[i]!) / step;
    }
    logStep.gradient[0]! += (sum * step * Math.LN2) / Math.sqrt(y.data.length);
  });
  return y;
}

/** What stands between the weights of neurons and their integers. */
export interface WeightGrid extends NeuronGrid {
  /** Of each neuron, its step. */
  readonly steps: Float64Array;
  /** Of each weight, 0 where it was pruned. */
  readonly kept: Uint8Array;
}

/** Integers of the weights of neurons, [neurons, inputs]. */
export function integersOf({ shape, data }: Value, grid: WeightGrid): Float64Array {
  const [neurons, inputs] = shape as [number, number];
  const integers = new Float64Array(data.length);
  for (let k = 0; k < neurons; k++) {
    const [from, to] = [k * inputs, (k + 1) * inputs];
    neuronIntegers(
      data.subarray(from, to),
      grid.kept.subarray(from, to),
      grid.steps[k]!,
      grid,
      integers.subarray(from, to),
    );
  }
  return integers;
}

/** Weights as multiples of their neuron's step. */
export function weightsOnGrid(tape: Tape, weights: Value, grid: WeightGrid): Value {
  const inputs = weights.shape[1]!;
  const y = newValue(weights.shape, integersOf(weights, grid));
  for (let i = 0; i < y.data.length; i++) y.data[i]! *= grid.steps[Math.floor(i / inputs)]!;
  return straightThrough(tape, weights, y, grid.kept);
}

/** Weights with 0 in the place of those that were pruned. */
export function pruned(tape: Tape, weights: Value, kept: Uint8Array): Value {
  const data = weights.data.map((weight, i) => (kept[i] === 0 ? 0 : weight));
  return straightThrough(tape, weights, newValue(weights.shape, data), kept);
}

/** Gradients pass unchanged where a weight was kept. */
function straightThrough(tape: Tape, weights: Value, y: Value, kept: Uint8Array): Value {
  tape.steps.push(() => {
    for (let i = 0; i < y.gradient.length; i++) {
      if (kept[i] !== 0) weights.gradient[i]! += y.gradient[i]!;
    }
  });
  return y;
}

/** A learned function of each element: the values at the points `first`, `first + 1`, ... times `step`. */
export interface Knots {
  readonly values: Value;
  readonly first: number;
  readonly step: number;
}

/** The straight line between the two nearest points, or on the grid the value of the nearest; constant beyond the ends. */
export function tabulated(
  tape: Tape,
  x: Value,
  { values, first, step }: Knots,
  nearest: boolean,
): Value {
  const last = values.data.length - 1;
  const y = newValue(x.shape);
  const places = x.data.map((value) => Math.min(Math.max(value / step - first, 0), last));
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    const below = Math.min(Math.floor(place), last - 1);
    const [low, high] = [values.data[below]!, values.data[below + 1]!];
    y.data[i] = nearest
      ? values.data[indexAt(place, first)]!
      : low + (high - low) * (place - below);
  }
  tape.steps.push(() => {
    for (let i = 0; i < places.length; i++) {
      const [place, gradient] = [places[i]!, y.gradient[i]!];
      const below = Math.min(Math.floor(place), last - 1);
      const inside = place > 0 && place < last;
      const slope = (values.data[below + 1]! - values.data[below]!) / step;
      if (inside) x.gradient[i]! += gradient * slope;
      if (nearest) values.gradient[indexAt(place, first)]! += gradient;
      else {
        values.gradient[below]! += gradient * (1 - (place - below));
        values.gradient[below + 1]! += gradient * (place - below);
      }
    }
  });
  return y;
}

/** The nearest point; of a half, the one whose number is even, as on grids. */
function indexAt(place: number, first: number): number {
  return roundHalfEven(place + first) - first;
}
