/**
 * Ready networks, made for encryption and named for their data: parameters of `NeuralNetworkClassifier`.
 *
 * In all of them a hidden neuron reads 12 bits of the input at most. Everything behind these bits then is one table for all
 * neurons that read the same, so that numbers of neurons, bits of weights and activations are free; what costs time is the
 * bits of the input, how many of them a neuron reads, and the number of different sets of inputs.
 */
import type { NeuralNetworkClassifierParameters } from './classifier.ts';
import { averagePool, conv1d, conv2d, dense, type NeuronOptions } from './layers.ts';

/** What an architecture says; all else has its default. */
export type NetworkArchitecture = Partial<NeuralNetworkClassifierParameters>;

/** Behind a table bits cost nothing. */
const free: Partial<NeuronOptions> = { bits: 8, weightBits: 8, accumulatorBits: null };

/** What all have in common: labels that are a little smoothed, and steps small enough for bits of inputs that are few. */
const training = { outputBits: 8, labelSmoothing: 0.05 } as const;

/** Measurements of any kind, rows x features: 32 neurons that read three features each, of 4 bits. */
export function tabular(): NetworkArchitecture {
  return {
    ...training,
    layers: [dense(32, { ...free, maxFanIn: 3 })],
    inputBits: 4,
    alpha: 0.01,
    maxIter: 60,
  };
}

/** Pictures of 8 x 8 pixels as a row of features: 96 neurons that read four pixels each, of 2 bits. */
export function digits8x8Dense(): NetworkArchitecture {
  return {
    ...training,
    layers: [dense(96, { ...free, maxFanIn: 4 })],
    inputBits: 2,
    alpha: 1e-3,
    maxIter: 40,
  };
}

/** Pictures of 8 x 8 pixels: 16 filters of 2 x 2 pixels of 2 bits. */
export function digits8x8(): NetworkArchitecture {
  return {
    ...training,
    inputShape: [1, 8, 8],
    layers: [conv2d(16, 2, free)],
    inputBits: 2,
    batchSize: 32,
    learningRateInit: 0.005,
    maxIter: 25,
  };
}

/** Pictures of 28 x 28 pixels: 32 filters of 3 x 3 pixels of 1 bit, two pixels apart. */
export function digits28x28(): NetworkArchitecture {
  return {
    ...training,
    inputShape: [1, 28, 28],
    layers: [conv2d(32, 3, { ...free, strides: 2 })],
    inputBits: 1,
    learningRateInit: 0.005,
    maxIter: 6,
  };
}

/** One signal of a length: 16 filters of five values of 2 bits, whose means over eighths of the signal count. */
export function sequence(length: number): NetworkArchitecture {
  return {
    ...training,
    inputShape: [1, length],
    layers: [conv1d(16, 5, free), averagePool(Math.max(1, Math.floor((length - 4) / 8)))],
    inputBits: 2,
    maxIter: 40,
  };
}
