/**
 * A neural network as plain data: what importers read, what training writes, and what becomes an integer program.
 *
 * All shapes are those of one row, without an axis for the batch; channels come first: [features], [channels, length],
 * [channels, height, width].
 */

/** Layers in the order in which they run. The last one is the output. */
export interface Network {
  readonly inputShape: readonly number[];
  readonly layers: readonly Layer[];
}

/** A layer reads the values of layers before it by their positions; -1 is the input of the network. */
export type Layer =
  | DenseLayer
  | ConvolutionLayer
  | PoolLayer
  | ScaleLayer
  | ActivationLayer
  | TableLayer
  | GridLayer
  | PairLayer
  | MoveLayer
  | ReduceLayer;

interface Named {
  /** What errors and reports call it: the name that it had in its file, or one made of its kind and position. */
  readonly name: string;
}

interface Unary extends Named {
  readonly input: number;
}

/** Weights in C order. */
export interface Weights {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /**
   * Of weights that were trained on a grid: its step for each output channel. Every weight is an integer multiple of the
   * step of its channel, and is taken at its word. Without it weights are floats, for post-training quantization.
   */
  readonly steps?: readonly number[] | undefined;
}

/** y = x . weights + bias along the last axis: [..., inputs] to [..., outputs]; weights are [outputs, inputs]. */
export interface DenseLayer extends Unary {
  readonly kind: 'dense';
  readonly weights: Weights;
  readonly bias: readonly number[];
}

/** A cross-correlation over one to three axes; weights are [outputs, inputs / groups, ...kernel]. */
export interface ConvolutionLayer extends Unary {
  readonly kind: 'convolution';
  readonly weights: Weights;
  readonly bias: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Zeros before and after, of each axis of the kernel. */
  readonly padding: readonly (readonly [before: number, after: number])[];
  readonly groups: number;
}

/** The maximum or the mean of each window; padding never is the maximum, and counts in means where it says so. */
export interface PoolLayer extends Unary {
  readonly kind: 'maxPool' | 'averagePool';
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly (readonly [before: number, after: number])[];
  readonly countsPadding: boolean;
}

/** y = x * factor + offset with constants that broadcast against x: batch normalization, and sums with constants. */
export interface ScaleLayer extends Unary {
  readonly kind: 'scale';
  readonly factor: Constant;
  readonly offset: Constant;
}

export interface Constant {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A function of each element, by its name in `activations`, with its parameters in the order of that table. */
export interface ActivationLayer extends Unary {
  readonly kind: 'activation';
  readonly function: string;
  readonly parameters: readonly number[];
}

/** A learned function of each element, whose input lies on a grid: the value for each integer from `min` upwards. */
export interface TableLayer extends Unary {
  readonly kind: 'table';
  readonly min: number;
  readonly values: readonly number[];
}

/**
 * A quantizer: y = step * (clip(round(x / step) + zero, min, max) - zero), with halves to even. The value is an integer from
 * then on. Steps are one for all elements or one for each channel (the first axis).
 */
export interface GridLayer extends Unary {
  readonly kind: 'grid';
  readonly step: readonly number[];
  readonly zero: number;
  readonly min: number;
  readonly max: number;
}

/** Two values, element by element, which broadcast as numpy's do. */
export interface PairLayer extends Named {
  readonly kind: 'add' | 'subtract' | 'multiply' | 'maximum' | 'minimum';
  readonly inputs: readonly [number, number];
}

/**
 * Elements in other places: reshaped, transposed, sliced, padded, gathered, concatenated. `from` says of each element of the
 * new value which one it is of all inputs, flattened one after the other; -1 is the constant `fill`.
 */
export interface MoveLayer extends Named {
  readonly kind: 'move';
  readonly inputs: readonly number[];
  readonly shape: readonly number[];
  readonly from: readonly number[];
  readonly fill: number;
}

/** Along axes that go, or stay with length 1. */
export interface ReduceLayer extends Unary {
  readonly kind: 'sum' | 'mean' | 'max';
  readonly axes: readonly number[];
  readonly keepsAxes: boolean;
}
