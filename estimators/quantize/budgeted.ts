/**
 * Weights of a neuron as few small integers: what a lookup of its sum costs depends on how many values the sum can take.
 */
import { roundHalfEven } from './rounding.ts';

/** What is known of a neuron from a sample of rows. */
export interface NeuronSample {
  /** Covariances of its inputs, as integers: count x count, row by row. */
  readonly inputs: Float64Array;
  /** Covariances of inputs with the sum that is wanted. */
  readonly wanted: Float64Array;
  /** How many values each input can take, less one. */
  readonly spans: Float64Array;
}

/** wanted sum ≈ step * (weights . inputs) + a constant. */
export interface NeuronWeights {
  readonly weights: Float64Array;
  readonly step: number;
}

/** Steps that are tried, as shares of the one for which plain rounding meets the budget. */
const shares = [0.6, 0.75, 0.9, 1.1, 1.4, 1.8];

/** Most steps that are walked one by one. */
const longestWalk = 512;

/** Largest weight. */
const largestWeight = 2 ** 20;

/**
 * Integer weights for which the sum takes at most `budget` + 1 values, and approximates the wanted one with the least squared
 * error that a greedy walk finds: weight by weight, by 1, the one that gains most for what it adds to the budget. Large
 * budgets are met by rounding, and one weight after the other is then improved.
 *
 * With weights n and the best step for them, the error is Var(wanted) - (n . c)^2 / (n' H n).
 */
export function budgetedWeights(
  sample: NeuronSample,
  floats: Float64Array,
  budget: number,
): NeuronWeights {
  const first = stepForBudget(floats, sample.spans, budget);
  if (first === 0) return { weights: new Float64Array(floats.length), step: 1 };
  const isWalked = budget / Math.max(1, Math.min(...sample.spans)) <= longestWalk;
  let best: NeuronWeights = { weights: new Float64Array(floats.length), step: first };
  let bestGain = 0;
  for (const share of isWalked ? shares : [1]) {
    const weights = isWalked
      ? walked(sample, first * share, budget)
      : improved(sample, floats, first, budget);
    const { step, gain } = bestStep(sample, weights);
    if (!(gain > bestGain)) continue;
    bestGain = gain;
    best = { weights, step };
  }
  return best;
}

/** Integer weights on a given step: rounded, and one after the other improved. */
export function steppedWeights(
  sample: NeuronSample,
  floats: Float64Array,
  step: number,
): Float64Array {
  return improved(sample, floats, step, Number.POSITIVE_INFINITY);
}

/** The smallest step at which rounded weights meet the budget; 0 where there are none. */
export function stepForBudget(floats: Float64Array, spans: Float64Array, budget: number): number {
  const most = floats.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0);
  if (most === 0) return 0;
  let [low, high] = [most / largestWeight, 4 * most];
  for (let k = 0; k < 40; k++) {
    const middle = Math.sqrt(low * high);
    if (spanOf(floats, spans, middle) <= budget) high = middle;
    else low = middle;
  }
  return high;
}

function spanOf(floats: Float64Array, spans: Float64Array, step: number): number {
  return floats.reduce((sum, weight, j) => {
    return sum + Math.abs(roundHalfEven(weight / step)) * spans[j]!;
  }, 0);
}

function walked(
  { inputs, wanted, spans }: NeuronSample,
  step: number,
  budget: number,
): Float64Array {
  const { length: count } = wanted;
  const weights = new Float64Array(count);
  const gradient = Float64Array.from(wanted);
  for (let left = budget, moves = 0; moves < 4 * longestWalk; moves++) {
    let [best, bestGain] = [-1, 0];
    for (let j = 0; j < count; j++) {
      const slope = gradient[j]!;
      const grows = weights[j]! * slope >= 0;
      if (grows && spans[j]! > left) continue;
      const gain = 2 * Math.abs(slope) - step * inputs[j * count + j]!;
      const worth = grows ? gain / Math.max(spans[j]!, 1e-9) : gain * 1e9;
      if (gain > 0 && worth > bestGain) [best, bestGain] = [j, worth];
    }
    if (best < 0) break;
    const sign = gradient[best]! > 0 ? 1 : -1;
    left += (Math.abs(weights[best]!) - Math.abs(weights[best]! + sign)) * spans[best]!;
    weights[best]! += sign;
    const row = best * count;
    for (let j = 0; j < count; j++) gradient[j]! -= step * sign * inputs[row + j]!;
  }
  return weights;
}

/** Sweeps over all weights. */
const sweeps = 3;

function improved(
  { inputs, wanted, spans }: NeuronSample,
  floats: Float64Array,
  step: number,
  budget: number,
): Float64Array {
  const { length: count } = wanted;
  const weights = floats.map((weight) => roundHalfEven(weight / step) + 0);
  const gradient = Float64Array.from(wanted);
  let span = 0;
  weights.forEach((weight, k) => {
    span += Math.abs(weight) * spans[k]!;
    if (weight === 0) return;
    for (let j = 0; j < count; j++) gradient[j]! -= step * weight * inputs[k * count + j]!;
  });
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let k = 0; k < count; k++) {
      const curvature = step * inputs[k * count + k]!;
      const change = curvature > 0 ? roundHalfEven(gradient[k]! / curvature) : 0;
      if (change === 0) continue;
      const grown = (Math.abs(weights[k]! + change) - Math.abs(weights[k]!)) * spans[k]!;
      if (span + grown > budget) continue;
      span += grown;
      weights[k]! += change;
      for (let j = 0; j < count; j++) gradient[j]! -= step * change * inputs[k * count + j]!;
    }
  }
  return weights.map((weight) => weight + 0);
}

/** The step that fits given weights best, and how much of the variance they then explain. */
function bestStep(
  { inputs, wanted }: NeuronSample,
  weights: Float64Array,
): { step: number; gain: number } {
  const { length: count } = wanted;
  let [along, square] = [0, 0];
  for (let j = 0; j < count; j++) {
    if (weights[j] === 0) continue;
    along += weights[j]! * wanted[j]!;
    for (let k = 0; k < count; k++) square += weights[j]! * weights[k]! * inputs[j * count + k]!;
  }
  if (!(square > 0 && along > 0)) return { step: 1, gain: 0 };
  return { step: along / square, gain: (along * along) / square };
}
