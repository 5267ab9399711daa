/**
 * Neurons: weighted sums whose weights are few small integers of one step for each neuron.
 */
import { dense } from '../tape/dense.ts';
import { gather, type Places, reshape } from '../tape/gather.ts';
import type { Flow, Making, Module } from './module.ts';
import { createWeights, type Neurons } from './neurons.ts';
import { patches, type Windows } from './windows.ts';

/** Sums along the last axis: [inputs] to [outputs]. */
export function denseModule(input: Flow, neurons: Neurons, making: Making): Module {
  const inputs = input.shape.at(-1)!;
  const own = createWeights(input, inputs, neurons, making);
  return {
    ...own.learned,
    output: { shape: [...input.shape.slice(0, -1), neurons.outputs], kind: 'sums', span: 0 },
    forward: (x, pass) => dense(pass.tape, x, own.weights(pass), own.bias),
    write: (writer, { position, line }) => {
      const learned = own.written([neurons.outputs, inputs], line!);
      return { position: writer.add({ kind: 'dense', input: position, ...learned }), line: null };
    },
  };
}

/** Sums of the patches of a sliding window, over one or two axes: [channels, ...] to [outputs, ...]. */
export function convolutionModule(
  input: Flow,
  neurons: Neurons,
  windows: Windows,
  making: Making,
): Module {
  const channels = input.shape[0]!;
  const { kernel, strides, padding } = windows;
  const { positions, places } = patches(input.shape, windows);
  const [size, inputs] = places.shape as [number, number];
  const own = createWeights(input, inputs, neurons, making);
  const channelsFirst = swapped(size, neurons.outputs);
  const output = [neurons.outputs, ...positions];
  return {
    ...own.learned,
    output: { shape: output, kind: 'sums', span: 0 },
    forward: (x, pass) => {
      const sums = dense(pass.tape, gather(pass.tape, x, places), own.weights(pass), own.bias);
      return reshape(gather(pass.tape, sums, channelsFirst), output);
    },
    write: (writer, { position, line }) => {
      const learned = own.written([neurons.outputs, channels, ...kernel], line!);
      const dilations = kernel.map(() => 1);
      const layer = { ...learned, strides, dilations, padding, groups: 1 };
      return {
        position: writer.add({ kind: 'convolution', input: position, ...layer }),
        line: null,
      };
    },
  };
}

/** Positions x channels as channels x positions. */
function swapped(positions: number, channels: number): Places {
  const from = new Int32Array(positions * channels);
  for (let i = 0; i < from.length; i++) {
    from[i] = (i % positions) * channels + Math.floor(i / positions);
  }
  return { shape: [channels, positions], from };
}
