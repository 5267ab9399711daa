/**
 * The weights and biases of neurons in training: how they start, which ones stay, and the integers that they become.
 */
import { error } from '../../../lib/errors.ts';
import type { Random } from '../../../lib/random.ts';
import { type NeuronGrid, neuronStep } from '../../quantize/neuron.ts';
import { roundHalfEven } from '../../quantize/rounding.ts';
import type { Weights } from '../network.ts';
import { integersOf, pruned, type WeightGrid, weightsOnGrid } from '../tape/quantize.ts';
import { newValue, type Value } from '../tape/tape.ts';
import type { Flow, Making, Module, Pass, Stage, Written } from './module.ts';

/** What weights may cost. */
export interface WeightLimits {
  /** Bits of each weight, 1 to 8; 1: -1 and 1; 2: -1, 0 and 1. Default 3. */
  readonly weightBits: number;
  /** Bits that the proved range of a neuron's sum may take, 1 to 16; null: any. Default 6. */
  readonly accumulatorBits: number | null;
  /** Weights of a neuron that may differ from 0; null (default): all. */
  readonly maxFanIn: number | null;
}

/** What neurons are besides. */
export interface Neurons extends WeightLimits {
  readonly name: string;
  readonly outputs: number;
  /** Whether all neurons share one step, and their biases lie on the grid of their sums: so sums can be compared and added. */
  readonly common: boolean;
}

/** What a module of neurons needs of its weights. */
export interface OwnWeights {
  readonly learned: Pick<Module, 'parameters' | 'figures' | 'settle'>;
  readonly bias: Value;
  /** The weights of a pass: on their grid, or real. */
  weights(pass: Pass): Value;
  /** Weights in a shape, and the biases, for inputs on a line. */
  written(
    shape: readonly number[],
    line: NonNullable<Written['line']>,
  ): { readonly weights: Weights; readonly bias: readonly number[] };
}

/** Weights of neurons that read so many inputs. @throws BAD_OPTION where the accumulator has no room for a weight */
export function createWeights(
  input: Flow,
  inputs: number,
  neurons: Neurons,
  { random, alpha }: Making,
): OwnWeights {
  const { outputs, weightBits, maxFanIn, common } = neurons;
  const shape = [outputs, inputs];
  const weights = newValue(shape, started(inputs, outputs, random));
  const bias = newValue([outputs]);
  const grid: WeightGrid = {
    bits: weightBits,
    budget: budgetOf(input, neurons),
    steps: new Float64Array(outputs).fill(1),
    kept: new Uint8Array(outputs * inputs).fill(1),
  };
  const fewest = Math.min(inputs, maxFanIn ?? inputs);
  /** 1 once the last weights have gone: what is left no longer changes places. */
  const settled = new Uint8Array(1);
  const settle = (stage: Stage): void => {
    const count = Math.round(inputs - stage.pruned * (inputs - fewest));
    if (settled[0] === 0) prune(weights, grid.kept, count);
    settled[0] = Number(stage.pruned === 1);
    if (stage.quantized) chooseSteps(weights, grid, common);
  };
  return {
    learned: {
      parameters: [
        { value: weights, decay: alpha },
        { value: bias, decay: 0 },
      ],
      figures: [grid.steps, grid.kept, settled],
      settle,
    },
    bias,
    weights: ({ tape, quantized }) =>
      quantized ? weightsOnGrid(tape, weights, grid) : pruned(tape, weights, grid.kept),
    written: (written, line) => {
      const steps = Array.from(grid.steps);
      const integers = integersOf(weights, grid);
      const data = Array.from(integers, (k, i) => k * steps[Math.floor(i / inputs)]! + 0);
      const biases = Array.from(bias.data, (own, k) => {
        if (!common) return own;
        const sum = data.slice(k * inputs, (k + 1) * inputs).reduce((a, weight) => a + weight, 0);
        const [unit, constant] = [line.step * steps[k]!, line.offset * sum];
        return unit * roundHalfEven((own + constant) / unit) - constant;
      });
      return { weights: { shape: written, data, steps }, bias: biases };
    },
  };
}

/** Uniform in +-sqrt(6 / inputs) (He et al., 2015), whose sums have the variance that relu halves. */
function started(inputs: number, outputs: number, random: Random): Float64Array {
  const bound = Math.sqrt(6 / inputs);
  return Float64Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * bound);
}

/** What the magnitudes of a neuron's integers may sum up to, so that its sum has at most 2^accumulatorBits values. */
function budgetOf(
  { span }: Flow,
  { name, accumulatorBits, maxFanIn, weightBits }: Neurons,
): number {
  // A binary weight is never 0 unless it is pruned: the two bounds are one.
  const most = weightBits === 1 && maxFanIn !== null ? maxFanIn : Number.POSITIVE_INFINITY;
  if (accumulatorBits === null) return most;
  const budget = Math.floor((2 ** accumulatorBits - 1) / span);
  if (budget >= 1) return Math.min(most, budget);
  throw error('BAD_OPTION', {
    what: `${name}: accumulatorBits`,
    given: accumulatorBits,
    allowed: `at least ${Math.ceil(Math.log2(span + 1))}, the bits of a single input`,
  });
}

/** Keeps the `count` weights of each neuron that have the largest magnitudes; of equal ones the first. */
function prune({ shape, data }: Value, kept: Uint8Array, count: number): void {
  const [neurons, inputs] = shape as [number, number];
  if (count === inputs) return;
  for (let k = 0; k < neurons; k++) {
    const own = data.subarray(k * inputs, (k + 1) * inputs);
    const order = Array.from(own.keys()).sort((i, j) => Math.abs(own[j]!) - Math.abs(own[i]!));
    const marks = kept.subarray(k * inputs, (k + 1) * inputs).fill(0);
    for (const i of order.slice(0, count)) marks[i] = 1;
  }
}

/** The steps of all neurons: each its own, or one for all. */
function chooseSteps({ shape, data }: Value, grid: WeightGrid, common: boolean): void {
  const [neurons, inputs] = shape as [number, number];
  if (common) {
    const whole: NeuronGrid = { bits: grid.bits, budget: Number.POSITIVE_INFINITY };
    grid.steps.fill(neuronStep(data, grid.kept, whole));
    return;
  }
  for (let k = 0; k < neurons; k++) {
    const [from, to] = [k * inputs, (k + 1) * inputs];
    grid.steps[k] = neuronStep(data.subarray(from, to), grid.kept.subarray(from, to), grid);
  }
}
