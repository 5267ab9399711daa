/**
 * From layers as data to modules in training; what does not fit is refused by its place.
 */
import { error } from '../../lib/errors.ts';
import type { ConvolutionSpec, DenseSpec, NeuronOptions, TrainableLayer } from './layers.ts';
import { activationModule } from './modules/activations.ts';
import { chain, type Flow, type Making, type Module } from './modules/module.ts';
import type { Neurons } from './modules/neurons.ts';
import { flattenModule, normalizationModule, poolModule, residualModule } from './modules/plain.ts';
import { convolutionModule, denseModule } from './modules/weights.ts';
import { positionsOf, samePadding, type Windows } from './modules/windows.ts';

/** The modules of layers that read `input`; `where` is what errors call the list. @throws BAD_OPTION, SHAPE_MISMATCH */
export function build(
  layers: readonly TrainableLayer[],
  input: Flow,
  where: string,
  making: Making,
): Module {
  const modules: Module[] = [];
  let flow = input;
  layers.forEach((layer, at) => {
    const name = `${where}[${at}] (${layer.kind})`;
    const module = moduleOf(layer, flow, name, making);
    modules.push(module);
    flow = module.output;
  });
  return chain(modules, input);
}

function moduleOf(layer: TrainableLayer, input: Flow, name: string, making: Making): Module {
  switch (layer.kind) {
    case 'dense':
      return denseOf(layer, input, name, making);
    case 'convolution':
      return convolutionOf(layer, input, name, making);
    case 'maxPool':
    case 'averagePool': {
      read(input, ['grid'], name);
      const axes = spaceOf(input, null, name);
      const each = (value: number): number[] => axes.map(() => value);
      const padding = axes.map(() => [0, 0] as const);
      const windows = { kernel: each(layer.size), strides: each(layer.strides), padding };
      checkWindows(axes, windows, name);
      return poolModule(input, layer.kind, windows);
    }
    case 'batchNormalization':
      read(input, ['sums'], name);
      return normalizationModule(input);
    case 'activation':
      return activationModule(input, name, layer.activation, layer.bits);
    case 'flatten':
      return flattenModule(input);
    case 'residual': {
      read(input, ['grid'], name);
      const inside = build(layer.layers, input, `${name}.layers`, making);
      read(inside.output, ['grid', 'sums'], `${name}: what its layers return`);
      if (`${inside.output.shape}` !== `${input.shape}`) {
        const details = { given: `shape [${inside.output.shape}]`, allowed: `[${input.shape}]` };
        throw error('SHAPE_MISMATCH', { what: `${name}: what its layers return`, ...details });
      }
      const sum = residualModule(input, inside);
      const after = activationModule(sum.output, name, layer.activation, layer.bits);
      return chain([sum, after], input);
    }
    default:
      return layer satisfies never;
  }
}

function denseOf(layer: DenseSpec, input: Flow, name: string, making: Making): Module {
  read(input, ['grid'], name);
  if (input.shape.length !== 1) {
    const details = { given: `a value of shape [${input.shape}]`, allowed: '[features]' };
    const remedy = 'put flatten() in front of it';
    throw error('SHAPE_MISMATCH', { what: name, ...details, remedy });
  }
  const sums = denseModule(input, neuronsOf(layer, layer.units, name), making);
  return withFunction(sums, layer, name, input);
}

function convolutionOf(layer: ConvolutionSpec, input: Flow, name: string, making: Making): Module {
  read(input, ['grid'], name);
  const { kernel } = layer;
  const axes = spaceOf(input, kernel.length, name);
  const strides = kernel.map(() => layer.strides);
  const padding =
    layer.padding === 'same' ? samePadding(axes, kernel, strides) : axes.map(() => [0, 0] as const);
  const windows: Windows = { kernel, strides, padding };
  checkWindows(axes, windows, name);
  const neurons = neuronsOf(layer, layer.filters, name);
  return withFunction(convolutionModule(input, neurons, windows, making), layer, name, input);
}

/** Sums, normalized, and the function of them. */
function withFunction(sums: Module, layer: NeuronOptions, name: string, input: Flow): Module {
  const { activation, bits } = layer;
  if (activation === null) return sums;
  const scaled = layer.batchNormalization ? [normalizationModule(sums.output)] : [];
  const after = activationModule(sums.output, name, activation, bits);
  return chain([sums, ...scaled, after], input);
}

/** Sums that nothing follows are added or returned, on one grid. */
function neuronsOf(layer: NeuronOptions, outputs: number, name: string): Neurons {
  const { weightBits, accumulatorBits, maxFanIn, activation } = layer;
  return { name, outputs, weightBits, accumulatorBits, maxFanIn, common: activation === null };
}

/** @throws BAD_OPTION where a layer cannot read what comes before it */
function read({ kind }: Flow, allowed: readonly Flow['kind'][], what: string): void {
  if (allowed.includes(kind)) return;
  const named = {
    grid: 'values of a function',
    sums: 'sums',
    scaled: 'normalized sums',
  };
  throw error('BAD_OPTION', {
    what,
    given: named[kind],
    allowed: allowed.map((each) => named[each]).join(' or '),
    remedy: 'give the layer before it a function, or none, or put activation() between',
  });
}

/** Lengths of the axes after channels. @throws SHAPE_MISMATCH */
function spaceOf({ shape }: Flow, axes: number | null, what: string): readonly number[] {
  const space = shape.slice(1);
  if (space.length > 0 && (axes === null || space.length === axes)) return space;
  const allowed = axes === 2 ? '[channels, height, width]' : '[channels, length]';
  throw error('SHAPE_MISMATCH', {
    what,
    given: `a value of shape [${shape}]`,
    allowed: axes === null ? `${allowed} or [channels, height, width]` : allowed,
    remedy: 'give inputShape, the shape of one row',
  });
}

function checkWindows(axes: readonly number[], windows: Windows, what: string): void {
  if (positionsOf(axes, windows).every((count) => count >= 1)) return;
  const details = { given: `a window of [${windows.kernel}]`, allowed: `[${axes}] at most` };
  throw error('SHAPE_MISMATCH', { what, ...details });
}
