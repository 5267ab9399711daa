/**
 * Features of mean 0 and variance 1.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { type Fitted, fittedState } from '../estimator.ts';
import { boolean, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isList, isNumbers, isPositive, type StateTable } from '../state.ts';
import { centeredScaling, Scaler, type Scaling } from './scaler.ts';
import { mean, presentColumns, variance } from './statistics.ts';
import type { LearnedTransform } from './transformer.ts';

/** Parameters of `StandardScaler`, with scikit-learn's defaults. */
export interface StandardScalerParameters {
  /** Whether to subtract the mean. Default true. */
  readonly withMean: boolean;
  /** Whether to divide by the standard deviation. Default true. */
  readonly withStd: boolean;
}

/** Learned state of a `StandardScaler`, a number for each feature. */
export interface StandardScalerFitted extends Fitted {
  /** null without `withMean`. */
  readonly mean: readonly number[] | null;
  /** null without `withStd`. */
  readonly var: readonly number[] | null;
  /** Standard deviations, 1 of constant features; null without `withStd`. */
  readonly scale: readonly number[] | null;
  /** The sum of weights (the number, without weights) of the rows that have a value. */
  readonly nSamplesSeen: readonly number[];
}

const state: StateTable<StandardScalerFitted> = {
  ...fittedState,
  mean: (value, { nFeaturesIn }) => value === null || isNumbers(value, nFeaturesIn),
  var: (value, { nFeaturesIn }) => value === null || isNumbers(value, nFeaturesIn),
  scale: (value, { nFeaturesIn }) => value === null || isList(value, nFeaturesIn, isPositive),
  nSamplesSeen: (value, { nFeaturesIn }) => isNumbers(value, nFeaturesIn),
};

const table: ParameterTable<StandardScalerParameters> = {
  withMean: boolean(true),
  withStd: boolean(true),
};

/**
 * z = (x - mean) / standard deviation, of the training rows, which may be weighted. Missing values are left out of both and
 * stay missing. A constant feature is not divided.
 */
export class StandardScaler extends Scaler<StandardScalerParameters, StandardScalerFitted> {
  constructor(parameters: Partial<StandardScalerParameters> = {}) {
    super('StandardScaler', table, parameters);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override trainOn(
    X: Tensor,
    { withMean, withStd }: StandardScalerParameters,
    sampleWeight: Float64Array,
  ): LearnedTransform<StandardScalerFitted> {
    const columns = presentColumns(X, sampleWeight);
    const means = columns.map(mean);
    const nSamplesSeen = columns.map(({ weights }) => weights.reduce((a, b) => a + b, 0));
    const subtracted = withMean ? means : null;
    if (!withStd) return { mean: subtracted, var: null, scale: null, nSamplesSeen };
    const variances = columns.map((column, i) => variance(column, means[i]!));
    const scale = variances.map((own, i) =>
      isConstant(own, means[i]!, nSamplesSeen[i]!) ? 1 : Math.sqrt(own),
    );
    return { mean: subtracted, var: variances, scale, nSamplesSeen };
  }

  protected override scaling({ mean, scale, nFeaturesIn }: StandardScalerFitted): Scaling {
    return centeredScaling(mean, scale, nFeaturesIn);
  }

  protected override get takesWeights(): boolean {
    return true;
  }
}

register('StandardScaler', StandardScaler);

/** Whether a variance is within the rounding of its computation: scikit-learn's bound, after Chan, Golub and LeVeque. */
function isConstant(variance: number, mean: number, rows: number): boolean {
  const rounding = rows * Number.EPSILON;
  return variance <= rounding * variance + (mean * rounding) ** 2;
}
