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

/** A trained network as integers: the client makes scores of them. @throws as `cheapestModel` */
export function scoreModel(network: Network): ScoreModel {
  return { ...cheapestModel(network), boundary: 0 };
}

/** Biases of classes become integers in parts of a unit, 1, 2, 4 or so on of them: at most so many. */
const mostParts = 16;
/** What such an integer may be off by, in its own units, before it is cut finer. */
const nearly = 0.02;

/**
 * The same as integers that can be compared: all outputs in parts of one unit, with their biases; a single output is above 0
 * where its score is.
 *
 * @throws as `cheapestModel`; BAD_NETWORK where the outputs have no such unit
 */
export function comparableModel(network: Network): ScoreModel {
  const model = cheapestModel(network);
  const outputs = networkShapes(network).at(-1)![0]!;
  const shape = [outputs];
  const valuesOf = (integer: number): Float64Array =>
    model.dequantize({ shape: [1, outputs], data: new Float64Array(outputs).fill(integer) }).data;
  const { unit, offsets } = linesOf(valuesOf);
  const { parts, data } = outputs === 1 ? aboveZero(valuesOf, unit, offsets) : alike(unit, offsets);
  const constants = { shape, data };
  return {
    ...model,
    boundary: 0,
    program: (codes) => {
      const sums = model.program(codes);
      return (parts === 1 ? sums : sums.multiply(parts)).add(constants);
    },
    evaluate: (codes) => {
      const sums = model.evaluate(codes);
      const compared = sums.data.map((sum, i) => parts * sum + data[i % outputs]!);
      return { shape: sums.shape, data: compared };
    },
    dequantize: ({ shape: own, data: compared }) =>
      model.dequantize({
        shape: own,
        data: compared.map((sum, i) => (sum - data[i % outputs]!) / parts),
      }),
  };
}

/** Whole numbers of parts of a unit that stand for the offsets. */
interface Constants {
  readonly parts: number;
  readonly data: Float64Array;
}

/** Of one output: the constant with which its integer is above 0 where its score is. */
function aboveZero(
  valuesOf: (integer: number) => Float64Array,
  unit: number,
  [offset]: Float64Array,
): Constants {
  const least = Math.floor(-offset! / unit);
  const boundary = valuesOf(least + 1)[0]! > 0 ? least : least + 1;
  return { parts: 1, data: Float64Array.of(-boundary + 0) };
}

/** Of several: their offsets in so few parts of a unit that little is lost. */
function alike(unit: number, offsets: Float64Array): Constants {
  let parts = 1;
  const off = (offset: number): number =>
    Math.abs((parts * offset) / unit - roundHalfEven((parts * offset) / unit));
  while (parts < mostParts && offsets.some((offset) => off(offset) > nearly)) parts *= 2;
  return { parts, data: offsets.map((offset) => roundHalfEven((parts * offset) / unit) + 0) };
}

/** What integers of outputs stand for: unit * integer + offset, the unit the same for all. @throws BAD_NETWORK */
function linesOf(valuesOf: (integer: number) => Float64Array): {
  readonly unit: number;
  readonly offsets: Float64Array;
} {
  const [offsets, ones, far] = [valuesOf(0), valuesOf(1), valuesOf(-3)];
  const units = offsets.map((offset, k) => ones[k]! - offset);
  const [unit] = units as unknown as [number];
  // But for the rounding of doubles: the mean of 9 values is no multiple of a power of two.
  const isCommon = units.every(
    (own, k) => Math.abs(own - unit) + Math.abs(offsets[k]! - 3 * unit - far[k]!) < 1e-6 * unit,
  );
  if (isCommon) return { unit, offsets };
  const details = { given: `outputs in units of ${Array.from(units)}`, allowed: 'one unit > 0' };
  throw error('BAD_NETWORK', { what: 'scores of classes', ...details });
}
