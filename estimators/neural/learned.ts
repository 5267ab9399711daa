/**
 * What a trained network keeps, its tests, and the model that it is.
 */
import { error } from '../../lib/errors.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import type { Fitted } from '../estimator.ts';
import type { IntegerModel, ScoreModel } from '../model.ts';
import { roundHalfEven } from '../quantize/rounding.ts';
import { isCount, isNumbers, type StateTable } from '../state.ts';
import { cheapestModel } from './model.ts';
import type { Network } from './network.ts';
import { networkShapes } from './shapes.ts';
import { isNetwork } from './state.ts';
import type { TrainedNetwork } from './train.ts';

/** The tests of `TrainedNetwork`, with so many outputs, of which there is a model. */
export function trainedState<F extends TrainedNetwork & Fitted>(
  outputsOf: (state: F) => number,
  modelOf: (network: Network) => IntegerModel,
): StateTable<TrainedNetwork> {
  const network = (value: unknown, state: F): boolean => {
    if (!isNetwork(value) || sizeOf(value.inputShape) !== state.nFeaturesIn) return false;
    const shape = networkShapes(value).at(-1)!;
    const fits = shape.length === 1 && shape[0] === outputsOf(state);
    // What cannot be computed with integers throws, and has not passed.
    return fits && modelOf(value).input.length === state.nFeaturesIn;
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
 * A trained network as integers that can be compared: those that leave are its outputs in units of one step, biases with them.
 *
 * @throws as `cheapestModel`; BAD_NETWORK where the outputs have no such unit
 */
export function comparableModel(network: Network): ScoreModel {
  const model = cheapestModel(network);
  const outputs = networkShapes(network).at(-1)![0]!;
  const shape = [outputs];
  const valuesOf = (integer: number): Float64Array =>
    model.dequantize({ shape: [1, outputs], data: new Float64Array(outputs).fill(integer) }).data;
  const [offsets, ones] = [valuesOf(0), valuesOf(1)];
  const units = offsets.map((offset, k) => ones[k]! - offset);
  const [unit] = units as unknown as [number];
  const far = valuesOf(-3);
  // But for the rounding of doubles: the mean of 9 values is no multiple of a power of two.
  const isCommon = units.every(
    (own, k) => Math.abs(own - unit) + Math.abs(offsets[k]! - 3 * unit - far[k]!) < 1e-6 * unit,
  );
  if (!isCommon) {
    const details = { given: `outputs in units of ${Array.from(units)}`, allowed: 'one unit > 0' };
    throw error('BAD_NETWORK', { what: 'scores of classes', ...details });
  }
  const constants = offsets.map((offset) => roundHalfEven(offset / unit) + 0);
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
