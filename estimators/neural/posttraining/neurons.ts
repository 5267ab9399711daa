/**
 * Weights of one layer in integers, fitted to what the float layer gives for the calibration rows.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import {
  budgetedWeights,
  type NeuronSample,
  stepForBudget,
  steppedWeights,
} from '../../quantize/budgeted.ts';
import { betweenIntegers, roundHalfEven } from '../../quantize/rounding.ts';
import type { Value } from '../evaluate.ts';
import { placesOf } from '../kernels.ts';
import { windowOf } from '../linearShapes.ts';
import type { ConvolutionLayer, DenseLayer } from '../network.ts';
import type { Spans } from './integers.ts';

/** How many values a sum may take: each output has a step of its own, or all share one that is fine enough. */
export interface SumBits {
  readonly bits: number;
  readonly common: boolean;
  /** Whether the sums are rounded to multiples of powers of two, which must not meet a half. */
  readonly rounded: boolean;
}

/** What the neurons of a group of channels read and what they shall give. */
export interface LayerSample {
  readonly groups: readonly GroupSample[];
}

interface GroupSample {
  readonly inputs: Float64Array;
  /** What their variances were raised by. */
  readonly raised: number;
  readonly means: Float64Array;
  readonly spans: Float64Array;
  /** Of each output: covariances with inputs, and its mean. */
  readonly wanted: readonly Float64Array[];
  readonly wantedMeans: Float64Array;
}

/** Most products that covariances are summed of. */
const largestWork = 4e8;
const mostSamples = 4096;

/**
 * What variances of inputs are raised by, as a share of their mean, and what more where there are few samples for each input:
 * as if the float weights had been seen on inputs that vary each on its own.
 */
const ridge = 0.01;
const ridgeOfFew = 0.1;

/**
 * Covariances of what a layer reads, as integers, with what the float layer gives.
 *
 * @param x what the layer reads, for all rows
 * @param wanted what the float layer gives
 */
export function sampleOf(
  layer: DenseLayer | ConvolutionLayer,
  x: Value,
  { unit, spans }: Spans,
  wanted: Value,
): LayerSample {
  const { outputs, inner, groups, columns, places } = geometryOf(layer, x.shape);
  const size = sizeOf(x.shape);
  const rows = x.data.length / size;
  const own = outputs / groups;
  const most = Math.max(64, Math.min(mostSamples, largestWork / inner ** 2 / groups));
  const stride = Math.max(1, Math.ceil((rows * columns) / most));
  const samples = Math.ceil((rows * columns) / stride);
  return {
    groups: Array.from({ length: groups }, (_, group) => {
      const read = new Float64Array(samples * inner);
      const given = new Float64Array(samples * own);
      for (let sample = 0; sample < samples; sample++) {
        const row = Math.floor((sample * stride) / columns);
        const column = (sample * stride) % columns;
        const from = places(group, column);
        for (let j = 0; j < inner; j++) {
          const at = from[j]!;
          read[sample * inner + j] = at < 0 ? 0 : x.data[row * size + at]! / unit;
        }
        for (let k = 0; k < own; k++) {
          const at = wantedAt(layer, group * own + k, column, columns, outputs);
          given[sample * own + k] = wanted.data[row * outputs * columns + at]!;
        }
      }
      return groupSample(
        read,
        given,
        { samples, inner, own },
        spansOf(places, spans, group, columns, inner),
      );
    }),
  };
}

interface Geometry {
  readonly outputs: number;
  /** Inputs of each neuron, and neurons with the same weights. */
  readonly inner: number;
  readonly columns: number;
  readonly groups: number;
  /** The elements that the neurons of a group read in one place; -1 in the padding. */
  readonly places: (group: number, column: number) => Int32Array;
}

function geometryOf(layer: DenseLayer | ConvolutionLayer, shape: readonly number[]): Geometry {
  const { weights } = layer;
  const [outputs] = weights.shape as [number];
  if (layer.kind === 'dense') {
    const inner = weights.shape[1]!;
    const places = (_: number, column: number): Int32Array =>
      Int32Array.from({ length: inner }, (_, j) => column * inner + j);
    return { outputs, inner, groups: 1, columns: sizeOf(shape) / inner, places };
  }
  const spatial = shape.slice(1);
  const size = sizeOf(spatial);
  const depth = weights.shape[1]!;
  const windows = placesOf(layer.name, windowOf(layer), spatial);
  const kernel = sizeOf(weights.shape.slice(2));
  const places = (group: number, column: number): Int32Array =>
    Int32Array.from({ length: depth * kernel }, (_, j) => {
      const place = windows[column]![j % kernel]!;
      return place < 0 ? -1 : (group * depth + Math.floor(j / kernel)) * size + place;
    });
  return { outputs, inner: depth * kernel, groups: layer.groups, columns: windows.length, places };
}

/** Where an output of a neuron is. */
function wantedAt(
  { kind }: DenseLayer | ConvolutionLayer,
  output: number,
  column: number,
  columns: number,
  outputs: number,
): number {
  return kind === 'dense' ? column * outputs + output : output * columns + column;
}

/** The widest span of each input of a neuron, over all places. */
function spansOf(
  places: Geometry['places'],
  spans: Float64Array,
  group: number,
  columns: number,
  inner: number,
): Float64Array {
  const widest = new Float64Array(inner);
  for (let column = 0; column < columns; column++) {
    places(group, column).forEach((at, j) => {
      if (at >= 0) widest[j] = Math.max(widest[j]!, spans[at]!);
    });
  }
  return widest;
}

function groupSample(
  read: Float64Array,
  given: Float64Array,
  { samples, inner, own }: { samples: number; inner: number; own: number },
  spans: Float64Array,
): GroupSample {
  const means = centered(read, samples, inner);
  const wantedMeans = centered(given, samples, own);
  const inputs = new Float64Array(inner * inner);
  const wanted = Array.from({ length: own }, () => new Float64Array(inner));
  for (let sample = 0; sample < samples; sample++) {
    for (let j = 0; j < inner; j++) {
      const value = read[sample * inner + j]!;
      if (value === 0) continue;
      for (let k = 0; k <= j; k++) inputs[j * inner + k]! += value * read[sample * inner + k]!;
      for (let k = 0; k < own; k++) wanted[k]![j]! += value * given[sample * own + k]!;
    }
  }
  let trace = 0;
  for (let j = 0; j < inner; j++) trace += inputs[j * inner + j]!;
  const raised = ((ridge + (ridgeOfFew * inner) / samples) * trace) / inner;
  for (let j = 0; j < inner; j++) {
    inputs[j * inner + j]! += raised;
    for (let k = 0; k < j; k++) inputs[k * inner + j] = inputs[j * inner + k]!;
  }
  return { inputs, raised, means, spans, wanted, wantedMeans };
}

/** Takes the mean of each column away; the means. */
function centered(data: Float64Array, rows: number, columns: number): Float64Array {
  const means = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) means[i % columns]! += data[i]! / rows;
  for (let i = 0; i < data.length; i++) data[i]! -= means[i % columns]!;
  return means;
}

/** The layer in integers whose sums take at most 2^bits values. */
export function quantizedLayer<L extends DenseLayer | ConvolutionLayer>(
  layer: L,
  { groups }: LayerSample,
  unit: number,
  { bits, common, rounded }: SumBits,
): L {
  const [outputs] = layer.weights.shape as [number];
  const inner = layer.weights.data.length / outputs;
  const own = outputs / groups.length;
  const budget = 2 ** bits - 1;
  const neurons = Array.from({ length: outputs }, (_, output) => {
    const { inputs, raised, spans, wanted } = groups[Math.floor(output / own)]!;
    const floats = Float64Array.from(
      layer.weights.data.slice(output * inner, (output + 1) * inner),
      (weight) => weight * unit,
    );
    const seen = wanted[output % own]!.map((sum, j) => sum + raised * floats[j]!);
    const sample: NeuronSample = { inputs, spans, wanted: seen };
    return { sample, floats };
  });
  const step = Math.max(
    ...neurons.map(({ sample, floats }) => stepForBudget(floats, sample.spans, budget)),
  );
  const made = neurons.map(({ sample, floats }) =>
    common
      ? { weights: steppedWeights(sample, floats, step || 1), step: step || 1 }
      : budgetedWeights(sample, floats, budget),
  );
  const bias = made.map(({ weights, step: own_ }, output) => {
    const { means, wantedMeans } = groups[Math.floor(output / own)]!;
    const sum = weights.reduce((total, weight, j) => total + weight * means[j]!, 0);
    const exact = wantedMeans[output % own]! - own_ * sum;
    if (rounded) return own_ * betweenIntegers(exact / own_);
    // What is compared is integers of one step: constants are too.
    return common ? own_ * roundHalfEven(exact / own_) : exact;
  });
  const steps = made.map((neuron) => neuron.step / unit);
  const data = made.flatMap(({ weights }, output) =>
    Array.from(weights, (weight) => weight * steps[output]! + 0),
  );
  return { ...layer, weights: { shape: layer.weights.shape, data, steps }, bias };
}
