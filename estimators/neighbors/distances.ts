/**
 * Distances from all points, for the client to select from: one product of integers.
 */
import { sumsModel } from '../additive/program.ts';
import type { IntegerModel } from '../model.ts';
import type { AffineQuantizer, OutOfRange } from '../quantize/affine.ts';
import { manhattanParts, type Points, stepsOfCodes } from '../quantize/pointDistances.ts';
import { quantizeSquares, squareCoefficients } from '../quantize/squares.ts';
import { stepRange } from '../quantize/steps.ts';
import { type RealSums, returnedSums } from '../quantize/sums.ts';

/** What distances are of. */
interface Measured {
  readonly points: Points;
  readonly quantizer: AffineQuantizer;
  readonly metric: 'euclidean' | 'manhattan';
}

/** Distances of rows from points, rows x points. */
export function distancesModel(measured: Measured, outOfRange: OutOfRange): IntegerModel {
  return measured.metric === 'euclidean'
    ? euclidean(measured, outOfRange)
    : manhattan(measured, outOfRange);
}

/** Weighted sums of codes and their squares, whose roots the client takes. */
function euclidean({ points, quantizer }: Measured, outOfRange: OutOfRange): IntegerModel {
  const ones = quantizer.center.map(() => 1);
  const all = points.map((point) => squareCoefficients(quantizer, ones, point));
  const largest = 2 ** quantizer.bits;
  const range = { min: -largest, max: largest };
  // Half the square of a step of the grid: what a distance of 0 cannot be told from.
  const step = quantizer.scale.reduce((sum, own) => sum + own * own, 0) / 2;
  const model = exactModel(
    { coef: all.map(({ coef }) => coef), intercept: all.map(({ constant }) => constant) },
    range,
    step,
    (X) => quantizeSquares(quantizer, X, outOfRange),
  );
  return {
    ...model,
    dequantize: (outputs) => {
      const { shape, data } = model.dequantize(outputs);
      return { shape, data: data.map((square) => Math.sqrt(Math.max(0, square))) };
    },
  };
}

/** Weighted sums of steps. */
function manhattan({ points, quantizer }: Measured, outOfRange: OutOfRange): IntegerModel {
  const all = points.map((point) => manhattanParts(point, quantizer));
  const step = quantizer.scale.reduce((sum, own) => sum + own, 0) / 2;
  return exactModel(
    { coef: all.map(({ weights }) => weights), intercept: all.map(({ bias }) => bias) },
    stepRange,
    step,
    (X) => stepsOfCodes(quantizer, X, outOfRange),
  );
}

/** Sums whose rounded weights change less than `resolution`, as a standard deviation. */
function exactModel(
  sums: RealSums,
  range: { readonly min: number; readonly max: number },
  resolution: number,
  quantize: IntegerModel['quantize'],
): IntegerModel {
  const coarsest = resolution / (range.max * Math.sqrt(sums.coef[0]!.length));
  return sumsModel(returnedSums(sums, range, coarsest), range, quantize);
}
