/**
 * Weights of a neuron as few small integers of one step, a power of two.
 */
import { roundHalfEven } from './rounding.ts';

/** What the integers of a neuron may be. */
export interface NeuronGrid {
  /** 1: -1 and 1; more: -(2^(bits-1) - 1) to 2^(bits-1) - 1, of 2 bits the three -1, 0 and 1. */
  readonly bits: number;
  /** The most that their magnitudes may sum up to; Infinity for no such bound. */
  readonly budget: number;
}

/** The largest magnitude on a grid of so many bits. */
export function largestWeight(bits: number): number {
  return bits === 1 ? 1 : 2 ** (bits - 1) - 1;
}

/** Logarithms of steps lie between -reach and reach: what is smaller than any of them is 0. */
const reach = 200;

/** The nearest power of two, by its logarithm. */
export function powerOfTwo(logarithm: number): number {
  return 2 ** roundHalfEven(Math.min(Math.max(logarithm, -reach), reach));
}

/**
 * Writes integers for the weights of one neuron to `integers`: each the nearest on the grid; those that `kept` leaves out
 * are 0. Where their magnitudes exceed the budget, they are cut towards 0 instead, and what is left goes to the weights that
 * lost the most, so the sum of |integers| is at most the budget whatever the weights.
 */
export function neuronIntegers(
  weights: Float64Array,
  kept: Uint8Array,
  step: number,
  { bits, budget }: NeuronGrid,
  integers: Float64Array,
): void {
  const largest = largestWeight(bits);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const nearest = bits === 1 ? (weights[i]! < 0 ? -1 : 1) : roundHalfEven(weights[i]! / step);
    integers[i] = kept[i] === 0 ? 0 : Math.min(Math.max(nearest, -largest), largest) + 0;
    sum += Math.abs(integers[i]!);
  }
  if (sum > budget) cutTo(budget, sum, weights, step, integers);
}

/** Takes steps away where that costs least, by squares of errors: equal ones from the last weight on. */
function cutTo(
  budget: number,
  sum: number,
  weights: Float64Array,
  step: number,
  integers: Float64Array,
): void {
  // The price of the j-th step down from k of a weight w is (k - j + 1/2) - |w|, counted from the nearest.
  const cuts: { readonly at: number; readonly price: number }[] = [];
  for (let at = 0; at < weights.length; at++) {
    const [own, real] = [Math.abs(integers[at]!), Math.abs(weights[at]!) / step];
    for (let left = own - 1; left >= 0; left--) cuts.push({ at, price: real - left - 0.5 });
  }
  cuts.sort((a, b) => a.price - b.price || b.at - a.at);
  for (const { at } of cuts.slice(0, sum - budget)) integers[at]! -= Math.sign(integers[at]!);
}

/**
 * The step, a power of two, with which the integers of a neuron are nearest to its weights, by squares; 1 where all are 0, or
 * beyond reach.
 */
export function neuronStep(weights: Float64Array, kept: Uint8Array, grid: NeuronGrid): number {
  const most = weights.reduce((a, w, i) => (kept[i] === 0 ? a : Math.max(a, Math.abs(w))), 0);
  if (!(most >= 2 ** -reach && most <= 2 ** reach)) return 1;
  const finest = Math.floor(Math.log2(most / largestWeight(grid.bits))) - 1;
  const integers = new Float64Array(weights.length);
  let best = 1;
  let least = Number.POSITIVE_INFINITY;
  // Coarser than the largest weight, every integer would be 0.
  for (let exponent = finest; exponent <= Math.floor(Math.log2(most)) + 1; exponent++) {
    const step = 2 ** exponent;
    neuronIntegers(weights, kept, step, grid, integers);
    let squares = 0;
    for (let i = 0; i < weights.length; i++) {
      if (kept[i] !== 0) squares += (weights[i]! - step * integers[i]!) ** 2;
    }
    if (squares >= least) continue;
    least = squares;
    best = step;
  }
  return best;
}

/**
 * The step, a power of two, with which integers in [min, max] are nearest to values, by squares; 1 where all are 0, or beyond
 * reach.
 */
export function valueStep(values: Float64Array, min: number, max: number): number {
  const most = values.reduce((a, value) => Math.max(a, Math.abs(value)), 0);
  if (!(most >= 2 ** -reach && most <= 2 ** reach)) return 1;
  const finest = Math.floor(Math.log2(most / Math.max(max, -min))) - 2;
  let best = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let exponent = finest; exponent <= Math.ceil(Math.log2(most)); exponent++) {
    const step = 2 ** exponent;
    const squares = values.reduce((sum, value) => {
      const integer = Math.min(Math.max(roundHalfEven(value / step), min), max);
      return sum + (value - step * integer) ** 2;
    }, 0);
    if (squares >= least) continue;
    least = squares;
    best = step;
  }
  return best;
}
