/**
 * Features scaled by quantiles, which outliers do not move.
 */
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { type Fitted, fittedState } from '../estimator.ts';
import { boolean, custom, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isList, isNumbers, isPositive, type StateTable } from '../state.ts';
import { normalQuantile } from './normalQuantile.ts';
import { centeredScaling, Scaler, type Scaling, withoutZeros } from './scaler.ts';
import { median, presentColumns, quantile } from './statistics.ts';
import type { LearnedTransform } from './transformer.ts';

/** Parameters of `RobustScaler`, with scikit-learn's defaults. */
export interface RobustScalerParameters {
  /** Whether to subtract the median. Default true. */
  readonly withCentering: boolean;
  /** Whether to divide by the range between the quantiles. Default true. */
  readonly withScaling: boolean;
  /** The two quantiles, in percent. Default [25, 75]. */
  readonly quantileRange: readonly [low: number, high: number];
  /** Whether normally distributed features are to have variance 1. Default false. */
  readonly unitVariance: boolean;
}

/** Learned state of a `RobustScaler`, a number for each feature. */
export interface RobustScalerFitted extends Fitted {
  /** Medians; null without `withCentering`. */
  readonly center: readonly number[] | null;
  /** Ranges between the quantiles, 1 where there is none; null without `withScaling`. */
  readonly scale: readonly number[] | null;
}

const state: StateTable<RobustScalerFitted> = {
  ...fittedState,
  center: (value, { nFeaturesIn }) => value === null || isNumbers(value, nFeaturesIn),
  scale: (value, { nFeaturesIn }) => value === null || isList(value, nFeaturesIn, isPositive),
};

const table: ParameterTable<RobustScalerParameters> = {
  withCentering: boolean(true),
  withScaling: boolean(true),
  quantileRange: custom<readonly [number, number]>(
    [25, 75],
    '[low, high] with 0 <= low <= high <= 100',
    (value) =>
      Array.isArray(value) &&
      value.length === 2 &&
      value.every(Number.isFinite) &&
      0 <= value[0] &&
      value[0] <= value[1] &&
      value[1] <= 100,
  ),
  unitVariance: boolean(false),
};

/** z = (x - median) / (quantile - quantile). Missing values are left out and stay missing. */
export class RobustScaler extends Scaler<RobustScalerParameters, RobustScalerFitted> {
  constructor(parameters: Partial<RobustScalerParameters> = {}) {
    super('RobustScaler', table, parameters);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override trainOn(
    X: Tensor,
    { withCentering, withScaling, quantileRange, unitVariance }: RobustScalerParameters,
    sampleWeight: Float64Array,
  ): LearnedTransform<RobustScalerFitted> {
    const columns = presentColumns(X, sampleWeight);
    const center = withCentering ? columns.map(({ values }) => median(values)) : null;
    if (!withScaling) return { center, scale: null };
    const [low, high] = quantileRange.map((percent) => percent / 100) as [number, number];
    const ranges = columns.map(({ values }) => {
      const sorted = values.slice().sort();
      return quantile(sorted, high) - quantile(sorted, low);
    });
    const scale = withoutZeros(ranges);
    return {
      center,
      scale: unitVariance ? scale.map((own) => own / normalRange(low, high)) : scale,
    };
  }

  protected override scaling({ center, scale, nFeaturesIn }: RobustScalerFitted): Scaling {
    return centeredScaling(center, scale, nFeaturesIn);
  }
}

register('RobustScaler', RobustScaler);

/** The range between two quantiles of a standard normal variable. @throws BAD_OPTION where it is 0 or infinite. */
function normalRange(low: number, high: number): number {
  if (0 < low && low < high && high < 1) return normalQuantile(high) - normalQuantile(low);
  const given = `[${100 * low}, ${100 * high}] with unitVariance`;
  const allowed = '[low, high] with 0 < low < high < 100';
  throw error('BAD_OPTION', { what: 'RobustScaler.quantileRange', given, allowed });
}
