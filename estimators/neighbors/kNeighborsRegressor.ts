/**
 * Regression by the mean of the nearest training rows.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import type { FeaturesLike } from '../input.ts';
import { checkMagnitudes } from '../linear/fitted.ts';
import type { IntegerModel } from '../model.ts';
import type { ParameterTable } from '../parameters.ts';
import { digitsOfTargets, type TargetDigits, targetDigits } from '../quantize/targets.ts';
import { register } from '../registry.ts';
import {
  type LearnedTargets,
  type RegressionData,
  Regressor,
  type RegressorFitted,
  regressorState,
} from '../regressor.ts';
import { type AnyStateTable, isNumbers, type StateTable } from '../state.ts';
import {
  type KNeighborsOptions,
  keptRows,
  type Neighbors,
  type NeighborsFitted,
  type NeighborsParameters,
  nearest,
  neighborsModel,
  neighborsOf,
  neighborsParameters,
  neighborsState,
  widenedNeighbors,
} from './neighbors.ts';

/** Parameters of `KNeighborsRegressor`, with scikit-learn's defaults. */
export type KNeighborsRegressorParameters = NeighborsParameters;

/** Learned state of `KNeighborsRegressor`. */
export interface KNeighborsRegressorFitted extends RegressorFitted, NeighborsFitted {
  /** Of each point. */
  readonly targets: readonly number[];
}

const state: StateTable<KNeighborsRegressorFitted> = {
  ...regressorState,
  targetShape: (value) => Array.isArray(value) && value.length === 0,
  ...neighborsState,
  targets: (value, { points }) => isNumbers(value, points.length),
};

const table: ParameterTable<KNeighborsRegressorParameters> = neighborsParameters;

/**
 * A row's number is the mean of those of the k nearest training rows, and of all rows that tie with the k-th.
 *
 * An encrypted prediction selects as `KNeighborsClassifier` does and returns how many rows were selected and the sum of their
 * numbers, in 4096 steps from the least to the greatest; the client divides. With `selection: 'client'` it is one product of
 * integers that returns all distances.
 */
export class KNeighborsRegressor extends Regressor<
  KNeighborsRegressorParameters,
  KNeighborsRegressorFitted
> {
  constructor(parameters: Partial<KNeighborsRegressorParameters> = {}) {
    super('KNeighborsRegressor', table, parameters);
  }

  /**
   * The nearest training rows, in clear: distances and numbers, [rows, neighbours], nearest first.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE; BAD_OPTION for more neighbours than there are rows
   */
  kneighbors(X: FeaturesLike, options: KNeighborsOptions = {}): Neighbors {
    return nearest(this.name, this.fitted, this.readRows(X), options);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, y, sampleWeight }: RegressionData,
    parameters: KNeighborsRegressorParameters,
  ): LearnedTargets<KNeighborsRegressorFitted> {
    checkMagnitudes('y', y);
    const rows = keptRows(sampleWeight);
    const learned = neighborsOf(this.name, X, rows, parameters);
    return { ...learned, targets: rows.map((row) => y.data[row]!) };
  }

  protected override model(fitted: KNeighborsRegressorFitted): IntegerModel {
    const { targets } = fitted;
    const digits = targetDigits(targets);
    const answer = {
      holds: targets.map((target) => [1, ...digitsOfTargets(digits, target)]),
      dequantize: (sums: Tensor): Tensor => means(digits, sums),
      ofWeights: (weights: Float64Array): number[] => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        return [targets.reduce((sum, target, i) => sum + target * (weights[i]! / total), 0)];
      },
    };
    return neighborsModel(fitted, answer, this.getParams().outOfRange);
  }

  protected override widened(
    fitted: KNeighborsRegressorFitted,
    X: Tensor,
  ): KNeighborsRegressorFitted {
    return widenedNeighbors(fitted, X);
  }
}

/** The means of targets, rows x 1, from how many there are and the sums of their digits. */
function means({ offset, step, radix }: TargetDigits, { shape, data }: Tensor): Tensor {
  const [rows, outputs] = shape as [number, number];
  const result = Float64Array.from({ length: rows }, (_, row) => {
    const [count, ...sums] = data.subarray(row * outputs, (row + 1) * outputs);
    const sum = sums.reduceRight((higher, digit) => higher * radix + digit, 0);
    return offset + step * (sum / count!);
  });
  return { shape: [rows, 1], data: result };
}

register('KNeighborsRegressor', KNeighborsRegressor);
