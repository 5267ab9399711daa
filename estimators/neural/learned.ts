/**
 * What a trained network keeps, its tests, and the model that it is.
 */
import { sizeOf } from '../../tracer/tensor.ts';
import type { Fitted } from '../estimator.ts';
import type { ScoreModel } from '../model.ts';
import { roundHalfEven } from '../quantize/rounding.ts';
import { isCount, isNumbers, type StateTable } from '../state.ts';
import { cheapestModel } from './model.ts';
import type { Network } from './network.ts';
import { networkShapes } from './shapes.ts';
import { isNetwork } from './state.ts';
import type { TrainedNetwork } from './train.ts';

/** The tests of `TrainedNetwork`, with so many outputs. */
export function trainedState<F extends TrainedNetwork & Fitted>(
  outputsOf: (state: F) => number,
): StateTable<TrainedNetwork> {
  const network = (value: unknown, state: F): boolean => {
    if (!isNetwork(value) || sizeOf(value.inputShape) !== state.nFeaturesIn) return false;
    const shape = networkShapes(value).at(-1)!;
    if (shape.length !== 1 || shape[0] !== outputsOf(state)) return false;
    // What cannot be computed with integers throws, and has not passed.
    const { dequantize } = trainedModel(value);
    const [row, scores] = [[1, shape[0]], (at: number) => new Float64Array(shape[0]!).fill(at)];
    const [low, high] = [0, 1].map((at) => dequantize({ shape: row, data: scores(at) }).data);
    return high!.every((score, k) => Number.isFinite(score) && score > low![k]!);
  };
  return {
    network: network as unknown as StateTable<TrainedNetwork>['network'],
    nIter: (value) => isCount(value, 1),
    lossCurve: (value, { nIter }) => isNumbers(value, nIter),
    validationScores: (value, { nIter }) =>
      isNumbers(value, null) && (value.length === 0 || value.length === nIter),
  };
}

/**
 * A trained network as integers: those that leave are its outputs in units of one step, biases with them, so that they can be
 * compared.
 */
export function trainedModel(network: Network): ScoreModel {
  const model = cheapestModel(network);
  const outputs = networkShapes(network).at(-1)![0]!;
  const shape = [outputs];
  const valuesOf = (integer: number): Float64Array =>
    model.dequantize({ shape: [1, outputs], data: new Float64Array(outputs).fill(integer) }).data;
  const [offsets, ones] = [valuesOf(0), valuesOf(1)];
  const constants = offsets.map((offset, k) => roundHalfEven(offset / (ones[k]! - offset)) + 0);
  return {
    ...model,
    boundary: 0,
    program: (codes) => model.program(codes).add({ shape, data: constants }),
    evaluate: (codes) => {
      const sums = model.evaluate(codes);
      return { shape: sums.shape, data: sums.data.map((sum, i) => sum + constants[i % outputs]!) };
    },
    dequantize: (integers) =>
      model.dequantize({
        shape: integers.shape,
        data: integers.data.map((integer, i) => integer - constants[i % outputs]!),
      }),
  };
}
