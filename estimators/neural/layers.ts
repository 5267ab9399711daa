/**
 * Layers of a network that is to be trained, as plain data: what these functions return is what a model keeps.
 */
import {
  boolean,
  checkParameters,
  choice,
  completed,
  custom,
  integer,
  optional,
  type Parameter,
  type ParameterTable,
} from '../parameters.ts';
import { isList } from '../state.ts';
import { type HiddenActivation, hiddenActivations } from './modules/activations.ts';
import type { WeightLimits } from './modules/neurons.ts';

/** A layer that is to be trained. */
export type TrainableLayer =
  | DenseSpec
  | ConvolutionSpec
  | PoolSpec
  | NormalizationSpec
  | ActivationSpec
  | ResidualSpec
  | FlattenSpec;

/** What neurons have beside their inputs. */
export interface NeuronOptions extends WeightLimits {
  /** The function of the sums; null: none, so that the sums are normalized, added or returned. Default 'relu'. */
  readonly activation: HiddenActivation | null;
  /** Bits of that function's values, 1 to 8. Default 3; those of 'sign' and 'step' are two whatever it says. */
  readonly bits: number;
  /** Whether sums with a function are normalized over the batch before it. Default true. */
  readonly batchNormalization: boolean;
}

/** `dense()` as data. */
export interface DenseSpec extends NeuronOptions {
  readonly kind: 'dense';
  readonly units: number;
}

/** What convolutions have beside. */
export interface ConvolutionOptions extends NeuronOptions {
  /** How far the window moves, along all axes. Default 1. */
  readonly strides: number;
  /** 'valid' (default): windows that lie inside; 'same': zeros around, so that ceil(extent / strides) windows fit. */
  readonly padding: 'valid' | 'same';
}

/** `conv1d()` and `conv2d()` as data. */
export interface ConvolutionSpec extends ConvolutionOptions {
  readonly kind: 'convolution';
  readonly filters: number;
  /** Of the window, one length for each axis. */
  readonly kernel: readonly number[];
}

/** `maxPool()` and `averagePool()` as data. */
export interface PoolSpec {
  readonly kind: 'maxPool' | 'averagePool';
  readonly size: number;
  /** How far the window moves. */
  readonly strides: number;
}

/** `batchNormalization()` as data. */
export interface NormalizationSpec {
  readonly kind: 'batchNormalization';
}

/** `activation()` as data. */
export interface ActivationSpec {
  readonly kind: 'activation';
  readonly activation: HiddenActivation;
  readonly bits: number;
}

/** `residual()` as data. */
export interface ResidualSpec {
  readonly kind: 'residual';
  readonly layers: readonly TrainableLayer[];
  /** Of the sum. Default 'relu'. */
  readonly activation: HiddenActivation;
  /** Bits of its values. Default 3. */
  readonly bits: number;
}

/** `flatten()` as data. */
export interface FlattenSpec {
  readonly kind: 'flatten';
}

const extent = integer(1, 1, 2 ** 16);
const bits = integer(3, 1, 8);
const hidden = choice<HiddenActivation>('relu', hiddenActivations);

/** The tables of `WeightLimits`. */
export const weightLimits: ParameterTable<WeightLimits> = {
  weightBits: integer(3, 1, 8),
  accumulatorBits: { ...optional(integer(6, 1, 16)), default: 6 },
  maxFanIn: optional(integer(1, 1, 2 ** 24)),
};

const neurons: ParameterTable<NeuronOptions> = {
  activation: choice<HiddenActivation | null>('relu', [...hiddenActivations, null]),
  bits,
  batchNormalization: boolean(true),
  ...weightLimits,
};

type Table<S> = ParameterTable<Omit<S, 'kind'>>;
type Kind = TrainableLayer['kind'];

/** What each kind is made of, and what it is tested by. */
const tables: { readonly [K in Kind]: Table<LayerOf<K>> } = {
  dense: { units: extent, ...neurons },
  convolution: {
    filters: extent,
    kernel: custom<readonly number[]>(
      [],
      'lengths of one axis or two',
      (value) => isList(value, null, extent.accepts) && value.length >= 1 && value.length <= 2,
    ),
    strides: extent,
    padding: choice<'valid' | 'same'>('valid', ['valid', 'same']),
    ...neurons,
  },
  maxPool: { size: extent, strides: extent },
  averagePool: { size: extent, strides: extent },
  batchNormalization: {},
  activation: { activation: hidden, bits },
  residual: {
    layers: custom<readonly TrainableLayer[]>([], 'layers', isLayers),
    activation: hidden,
    bits,
  },
  flatten: {},
};

type LayerOf<K extends Kind> = TrainableLayer & { readonly kind: K };

/** So many neurons, each of which reads all that there is: [inputs] to [units]. @throws BAD_OPTION */
export function dense(units: number, options: Partial<NeuronOptions> = {}): DenseSpec {
  return made('dense', { ...options, units });
}

/** Neurons that read a window of all channels as it moves along: [channels, length] to [filters, length']. @throws BAD_OPTION */
export function conv1d(
  filters: number,
  kernel: number,
  options: Partial<ConvolutionOptions> = {},
): ConvolutionSpec {
  return made('convolution', { ...options, filters, kernel: [kernel] });
}

/**
 * The same over two axes, with a window of [rows, columns] or as many of both: [channels, height, width] to [filters, height',
 * width'].
 *
 * @throws BAD_OPTION
 */
export function conv2d(
  filters: number,
  kernel: number | readonly [number, number],
  options: Partial<ConvolutionOptions> = {},
): ConvolutionSpec {
  const both = typeof kernel === 'number' ? [kernel, kernel] : [kernel[0], kernel[1]];
  return made('convolution', { ...options, filters, kernel: both });
}

/** The maximum of each window along all axes after channels; windows lie side by side by default. @throws BAD_OPTION */
export function maxPool(size: number, options: { readonly strides?: number } = {}): PoolSpec {
  return made('maxPool', { strides: size, ...options, size });
}

/** The mean of each window, in the same way; encrypted it is a sum, and costs no lookup. @throws BAD_OPTION */
export function averagePool(size: number, options: { readonly strides?: number } = {}): PoolSpec {
  return made('averagePool', { strides: size, ...options, size });
}

/** Sums of each channel with a learned mean and deviation over the batch; the function after it takes it in. */
export function batchNormalization(): NormalizationSpec {
  return made('batchNormalization', {});
}

/** A function of each element, with values of so many bits. @throws BAD_OPTION */
export function activation(
  name: HiddenActivation,
  options: { readonly bits?: number } = {},
): ActivationSpec {
  return made('activation', { ...options, activation: name });
}

/** A function of x plus what the layers make of x, which must have its shape. @throws BAD_OPTION */
export function residual(
  layers: readonly TrainableLayer[],
  options: { readonly activation?: HiddenActivation; readonly bits?: number } = {},
): ResidualSpec {
  return made('residual', { ...options, layers });
}

/** All elements as one row of features: what `dense` reads after convolutions. */
export function flatten(): FlattenSpec {
  return made('flatten', {});
}

/** Whether a value is a list of what these functions return. */
export function isLayers(value: unknown): value is readonly TrainableLayer[] {
  return isList(value, null, isLayer);
}

function isLayer(value: unknown): value is TrainableLayer {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind, ...rest } = value as { readonly kind: unknown };
  if (typeof kind !== 'string' || !Object.hasOwn(tables, kind)) return false;
  const table = Object.entries<Parameter<unknown>>(tables[kind as TrainableLayer['kind']]);
  return (
    Object.keys(rest).length === table.length &&
    table.every(
      ([name, { accepts }]) =>
        Object.hasOwn(rest, name) && accepts((rest as Record<string, unknown>)[name]),
    )
  );
}

function made<K extends Kind>(kind: K, given: Partial<Omit<LayerOf<K>, 'kind'>>): LayerOf<K> {
  const table = tables[kind] as ParameterTable<Omit<LayerOf<K>, 'kind'>>;
  const parameters = completed(kind, table, given);
  checkParameters(kind, table, parameters);
  return { kind, ...parameters } as LayerOf<K>;
}
