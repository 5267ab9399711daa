/**
 * Features between two bounds.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { type Fitted, fittedState } from '../estimator.ts';
import { boolean, custom, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import {
  type AnyStateTable,
  isAscending,
  isList,
  isNumbers,
  isPositive,
  type StateTable,
  type StateTest,
} from '../state.ts';
import { Scaler, type Scaling, withoutZeros } from './scaler.ts';
import { extent, presentColumns } from './statistics.ts';
import type { LearnedTransform } from './transformer.ts';

/** Parameters of `MinMaxScaler`, with scikit-learn's defaults. */
export interface MinMaxScalerParameters {
  /** What the smallest and the largest training value become. Default [0, 1]. */
  readonly featureRange: readonly [min: number, max: number];
  /** Whether values beyond the training data become the nearest bound. Default false. */
  readonly clip: boolean;
}

/** Learned state of a `MinMaxScaler`, a number for each feature: z = x scale + min. */
export interface MinMaxScalerFitted extends Fitted {
  readonly scale: readonly number[];
  readonly min: readonly number[];
  readonly dataMin: readonly number[];
  readonly dataMax: readonly number[];
  readonly dataRange: readonly number[];
  /** The bounds of z, where values beyond are clipped; else null. */
  readonly clip: readonly [min: number, max: number] | null;
}

const isByFeature: StateTest<Fitted> = (value, { nFeaturesIn }) => isNumbers(value, nFeaturesIn);

const state: StateTable<MinMaxScalerFitted> = {
  ...fittedState,
  scale: (value, { nFeaturesIn }) => isList(value, nFeaturesIn, isPositive),
  min: isByFeature,
  dataMin: isByFeature,
  dataMax: isByFeature,
  dataRange: isByFeature,
  clip: (value) => value === null || (isAscending(value) && value.length === 2),
};

const table: ParameterTable<MinMaxScalerParameters> = {
  featureRange: custom<readonly [number, number]>(
    [0, 1],
    '[min, max] with min < max',
    (value) =>
      Array.isArray(value) &&
      value.length === 2 &&
      value.every(Number.isFinite) &&
      value[0] < value[1],
  ),
  clip: boolean(false),
};

/**
 * z = min + (x - data min) (max - min) / (data max - data min). Missing values are left out and stay missing; a constant
 * feature c becomes min + (x - c) (max - min).
 */
export class MinMaxScaler extends Scaler<MinMaxScalerParameters, MinMaxScalerFitted> {
  constructor(parameters: Partial<MinMaxScalerParameters> = {}) {
    super('MinMaxScaler', table, parameters);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override trainOn(
    X: Tensor,
    { featureRange, clip }: MinMaxScalerParameters,
    sampleWeight: Float64Array,
  ): LearnedTransform<MinMaxScalerFitted> {
    const [low, high] = featureRange;
    const extents = presentColumns(X, sampleWeight).map(({ values }) => extent(values));
    const dataMin = extents.map(({ min }) => min);
    const dataMax = extents.map(({ max }) => max);
    const dataRange = extents.map(({ min, max }) => max - min);
    const scale = withoutZeros(dataRange).map((range) => (high - low) / range);
    const min = scale.map((own, i) => low - dataMin[i]! * own + 0);
    return { scale, min, dataMin, dataMax, dataRange, clip: clip ? featureRange : null };
  }

  protected override scaling({ scale, min, clip }: MinMaxScalerFitted): Scaling {
    const of = (value: number, i: number): number => value * scale[i]! + min[i]!;
    return {
      of: clip ? (value, i) => Math.min(Math.max(of(value, i), clip[0]), clip[1]) : of,
      inverse: (value, i) => (value - min[i]!) / scale[i]!,
      affine: clip ? null : { factor: scale, offset: min },
    };
  }
}

register('MinMaxScaler', MinMaxScaler);
