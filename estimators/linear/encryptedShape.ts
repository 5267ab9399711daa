/**
 * The integers of encrypted training: how fine weights are, and which bits roundings take away.
 */
import { error } from '../../lib/errors.ts';
import { nearestShift, type TrainingGrid } from '../quantize/trainingGrid.ts';
import type { EncryptedProblem, TrainingOptions } from './encryptedOptions.ts';
import { movedWeights, type StepShape } from './encryptedStep.ts';

/** Bits of codes of rows; levels of probabilities; bits of what lookups read of scores and of moved weights. */
export const precision = { rowBits: 4, levels: 7, scoreBits: 6, weightBits: 6 } as const;

/** A score's step that a sigmoid needs no finer. */
const finestScore = 0.5;

/** A step size that does not overshoot, however much features agree: their curvature is at most features / 4. */
const usualStep = (features: number): number => Math.min(2, 8 / features);

/** What one unit of a weight stands for, of a coefficient of a standardized feature. */
export function weightUnit(
  { features, largestWeight }: Pick<StepShape, 'features' | 'largestWeight'>,
  { weightRange }: TrainingOptions,
): number {
  return (weightRange ?? 5 / Math.sqrt(features)) / largestWeight;
}

/** The integers of a step on such batches: the finest weights of which a lookup of `weightBits` bits has room for. */
export function stepShape(
  grid: TrainingGrid,
  batches: readonly (readonly number[])[],
  problem: EncryptedProblem,
  options: TrainingOptions,
): StepShape {
  const { weightBits } = precision;
  for (let largest = 2 ** (weightBits - 1); largest > 1; largest--) {
    const shape = shapeWith(largest, grid, batches, problem, options);
    if (movedWeights(shape) <= 2 ** weightBits) return shape;
  }
  return shapeWith(1, grid, batches, problem, options);
}

function shapeWith(
  largestWeight: number,
  grid: TrainingGrid,
  batches: readonly (readonly number[])[],
  { alpha, eta, fitIntercept }: EncryptedProblem,
  options: TrainingOptions,
): StepShape {
  const { rowBits, levels, scoreBits } = precision;
  const { batchSize } = options;
  const features = grid.center.length;
  const interceptCode = fitIntercept ? Math.max(1, Math.floor(1 / grid.unit)) : 0;
  const unit = weightUnit({ features, largestWeight }, options);
  const scoreUnit = grid.unit * unit;
  const largestScore = Math.max(1, (grid.largestSum + interceptCode) * largestWeight);
  // A lookup of scores has no more entries than this many bits tell apart, both ends included.
  const coarsest = Math.ceil(Math.log2(largestScore / (2 ** (scoreBits - 1) - 1)));
  const droppedBits = Math.max(0, coarsest, Math.floor(Math.log2(finestScore / scoreUnit)));
  const stepSize = eta ?? usualStep(features);
  // A gradient of 2^shift moves a weight by one unit.
  const perUnit = (levels * batchSize * unit) / grid.unit;
  const shift = nearestShift(perUnit / stepSize);
  if (shift < 1) throw tooLarge('eta0', stepSize, perUnit / 2);
  const decay = alpha * stepSize * 2 ** shift;
  if (decay > 2 ** shift) throw tooLarge('alpha', alpha, 1 / stepSize);
  return {
    batch: batchSize,
    features,
    rowBits,
    interceptCode,
    largestWeight,
    levels,
    largestScore,
    largestGradient: levels * largestColumn(grid, batches, interceptCode),
    scoreUnit,
    droppedBits,
    shift,
    decay,
  };
}

function tooLarge(what: string, given: number, most: number): Error {
  const allowed = `at most ${most} with such features and batches`;
  return error('BAD_OPTION', { what: `encrypted training: ${what}`, given, allowed });
}

/** The largest sum of magnitudes in a column of a batch. */
function largestColumn(
  { codes }: TrainingGrid,
  batches: readonly (readonly number[])[],
  interceptCode: number,
): number {
  const features = codes.shape[1]!;
  let largest = 1;
  for (const batch of batches) {
    largest = Math.max(largest, batch.length * interceptCode);
    for (let j = 0; j < features; j++) {
      const sum = batch.reduce(
        (total, row) => total + Math.abs(codes.data[row * features + j]!),
        0,
      );
      largest = Math.max(largest, sum);
    }
  }
  return largest;
}
