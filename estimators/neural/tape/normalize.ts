/**
 * Batch normalization (Ioffe and Szegedy, 2015).
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { newValue, type Tape, type Value } from './tape.ts';

/** What is learned of each channel, and what was seen of it so far. */
export interface Normalization {
  readonly gamma: Value;
  readonly beta: Value;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Added to variances before they divide. */
export const epsilon = 1e-5;
/** How far running figures move towards those of a batch, unless these replace them. */
const momentum = 0.1;

/** As it starts: the identity. */
export function normalization(channels: number): Normalization {
  return {
    gamma: newValue([channels], new Float64Array(channels).fill(1)),
    beta: newValue([channels]),
    mean: new Float64Array(channels),
    variance: new Float64Array(channels).fill(1),
  };
}

/** The running figures as a line, y = factor * x + offset, of each channel. */
export function lineOf({ gamma, beta, mean, variance }: Normalization): {
  readonly factor: Float64Array;
  readonly offset: Float64Array;
} {
  const factor = gamma.data.map((own, k) => own / Math.sqrt(variance[k]! + epsilon));
  return { factor, offset: beta.data.map((own, k) => own - mean[k]! * factor[k]!) };
}

/**
 * Each channel (the axis after rows) with mean beta and deviation gamma over the batch; moves the running figures
 * to them, or replaces them. `weights` of rows count in the mean and the variance.
 */
export function normalize(
  tape: Tape,
  x: Value,
  own: Normalization,
  weights: Float64Array,
  replaces: boolean,
): Value {
  const [rows, channels, ...rest] = x.shape as [number, number, ...number[]];
  const { gamma, beta } = own;
  const size = sizeOf(rest);
  const share = replaces ? 1 : momentum;
  const y = newValue(x.shape);
  const standard = new Float64Array(x.data.length);
  const inverse = new Float64Array(channels);
  const total = size * weights.reduce((sum, weight) => sum + weight, 0);
  for (let k = 0; k < channels; k++) {
    const each = elements(rows, channels, size, k);
    let mean = 0;
    each((i, row) => {
      mean += weights[row]! * x.data[i]!;
    });
    mean /= total;
    let variance = 0;
    each((i, row) => {
      variance += weights[row]! * (x.data[i]! - mean) ** 2;
    });
    variance /= total;
    own.mean[k]! += share * (mean - own.mean[k]!);
    own.variance[k]! += share * (variance - own.variance[k]!);
    inverse[k] = 1 / Math.sqrt(variance + epsilon);
    each((i) => {
      standard[i] = (x.data[i]! - mean) * inverse[k]!;
      y.data[i] = gamma.data[k]! * standard[i]! + beta.data[k]!;
    });
  }
  tape.steps.push(() => {
    for (let k = 0; k < channels; k++) {
      const each = elements(rows, channels, size, k);
      let sum = 0;
      let product = 0;
      each((i) => {
        sum += y.gradient[i]!;
        product += y.gradient[i]! * standard[i]!;
      });
      beta.gradient[k]! += sum;
      gamma.gradient[k]! += product;
      const factor = gamma.data[k]! * inverse[k]!;
      each((i, row) => {
        const part = weights[row]! / total;
        x.gradient[i]! += factor * (y.gradient[i]! - part * (sum + standard[i]! * product));
      });
    }
  });
  return y;
}

/** y = factor * x + offset by the running figures, as when the network is used; learns gamma and beta alone. */
export function normalizeByRunning(tape: Tape, x: Value, own: Normalization): Value {
  const [rows, channels, ...rest] = x.shape as [number, number, ...number[]];
  const size = sizeOf(rest);
  const { factor, offset } = lineOf(own);
  const y = newValue(x.shape);
  const inverse = own.variance.map((variance) => 1 / Math.sqrt(variance + epsilon));
  for (let k = 0; k < channels; k++) {
    elements(
      rows,
      channels,
      size,
      k,
    )((i) => {
      y.data[i] = factor[k]! * x.data[i]! + offset[k]!;
    });
  }
  tape.steps.push(() => {
    for (let k = 0; k < channels; k++) {
      elements(
        rows,
        channels,
        size,
        k,
      )((i) => {
        const gradient = y.gradient[i]!;
        x.gradient[i]! += factor[k]! * gradient;
        own.beta.gradient[k]! += gradient;
        own.gamma.gradient[k]! += gradient * (x.data[i]! - own.mean[k]!) * inverse[k]!;
      });
    }
  });
  return y;
}

/** Calls back with the place of each element of a channel, and its row. */
function elements(
  rows: number,
  channels: number,
  size: number,
  channel: number,
): (visit: (i: number, row: number) => void) => void {
  return (visit) => {
    for (let row = 0; row < rows; row++) {
      const start = (row * channels + channel) * size;
      for (let i = start; i < start + size; i++) visit(i, row);
    }
  };
}
