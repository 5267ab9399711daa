/**
 * What scalers share: one increasing function for each feature, on its own.
 */
import type { NdArray } from 'ndarray';
import type { Tensor } from '../../tracer/tensor.ts';
import { arrayOf } from '../classifier.ts';
import type { Fitted } from '../estimator.ts';
import { diagonalMap, type FeatureMap, type MapKind } from '../featureMap.ts';
import type { TableLike } from './table.ts';
import { NumericTransformer, overflow, readTransformed } from './transformer.ts';

/** The function of each feature of a fitted scaler. */
export interface Scaling {
  /** Never falls as the value rises; NaN stays NaN. */
  of(value: number, feature: number): number;
  inverse(value: number, feature: number): number;
  /** factor * value + offset, but for rounding; null where it is no such function. */
  readonly affine: {
    readonly factor: readonly number[];
    readonly offset: readonly number[];
  } | null;
}

/** A transformer of each feature on its own, increasing. Missing values stay missing. */
export abstract class Scaler<P extends object, F extends Fitted> extends NumericTransformer<P, F> {
  /**
   * The rows that `transform` makes these of, but for rounding.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY
   */
  inverseTransform(X: TableLike): NdArray<Float64Array> {
    const { fitted } = this;
    const { inverse } = this.scaling(fitted);
    return arrayOf(eachFeature(readTransformed(X, fitted.nFeaturesIn, true), inverse));
  }

  override featureMap(kind: MapKind): FeatureMap | null {
    const { nFeaturesIn } = this.fitted;
    const { of, affine } = this.scaling(this.fitted);
    if (kind === 'affine') return affine && diagonalMap(affine.factor, affine.offset);
    const outputs = Array.from({ length: nFeaturesIn }, (_, input) => ({
      input,
      of: (value: number) => of(value, input),
    }));
    return { kind, inputs: nFeaturesIn, takesMissing: true, outputs };
  }

  protected override appliedTo(X: Tensor, fitted: F): Tensor {
    return eachFeature(X, this.scaling(fitted).of);
  }

  protected override get takesMissing(): boolean {
    return true;
  }

  /** What the scaler does. */
  protected abstract scaling(fitted: F): Scaling;
}

/** (x - center) / scale, in this order of rounding; a part that is null is left out. */
export function centeredScaling(
  center: readonly number[] | null,
  scale: readonly number[] | null,
  features: number,
): Scaling {
  const all = Array.from({ length: features }, (_, i) => i);
  const factor = all.map((i) => 1 / (scale?.[i] ?? 1));
  return {
    of: (value, i) => (value - (center?.[i] ?? 0)) / (scale?.[i] ?? 1),
    inverse: (value, i) => value * (scale?.[i] ?? 1) + (center?.[i] ?? 0),
    affine: { factor, offset: all.map((i) => -(center?.[i] ?? 0) * factor[i]!) },
  };
}

/** The scale that divides: 1 in the place of one that is next to nothing, as a constant feature has. */
export function withoutZeros(scales: readonly number[]): number[] {
  return scales.map((scale) => (scale < 10 * Number.EPSILON ? 1 : scale));
}

function eachFeature(
  { shape, data }: Tensor,
  of: (value: number, feature: number) => number,
): Tensor {
  const features = shape[1]!;
  const results = data.map((value, i) => {
    const result = of(value, i % features);
    if (Number.isFinite(result) || Number.isNaN(value)) return result;
    throw overflow(`feature ${i % features} of row ${Math.floor(i / features)}`, result);
  });
  return { shape, data: results };
}
