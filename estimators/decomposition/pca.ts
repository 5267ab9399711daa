/**
 * Principal component analysis.
 */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { arrayOf } from '../classifier.ts';
import { type Fitted, fittedState } from '../estimator.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import { boolean, countOrFraction, optional, type ParameterTable } from '../parameters.ts';
import { mean, presentColumns } from '../preprocessing/statistics.ts';
import type { TableLike } from '../preprocessing/table.ts';
import {
  type LearnedTransform,
  NumericTransformer,
  readTransformed,
} from '../preprocessing/transformer.ts';
import { register } from '../registry.ts';
import {
  type AnyStateTable,
  isCount,
  isMatrix,
  isNumber,
  isNumbers,
  type StateTable,
  type StateTest,
} from '../state.ts';

/** Parameters of `PCA`, with scikit-learn's defaults; the solver is always the full decomposition. */
export interface PCAParameters {
  /**
   * Components to keep: a number >= 1, as many as explain more than this share of the variance, in (0, 1), or null
   * (default): all, as many as there are rows or features.
   */
  readonly nComponents: number | null;
  /** Whether components are divided by their standard deviations. Default false. */
  readonly whiten: boolean;
}

/** Learned state of a `PCA` of k components. */
export interface PCAFitted extends Fitted {
  /** k x features, orthonormal, by descending variance; the largest loading of each is positive, as in scikit-learn 1.5. */
  readonly components: readonly (readonly number[])[];
  readonly explainedVariance: readonly number[];
  readonly explainedVarianceRatio: readonly number[];
  readonly singularValues: readonly number[];
  readonly mean: readonly number[];
  readonly nComponents: number;
  readonly nSamples: number;
  /** The mean of the variances of the components that were left out. */
  readonly noiseVariance: number;
  /** The parameter at the time of the fit. */
  readonly whiten: boolean;
}

const isByComponent: StateTest<PCAFitted> = (value, { nComponents }) =>
  isNumbers(value, nComponents) && value.every((own) => own >= 0);

const state: StateTable<PCAFitted> = {
  ...fittedState,
  nComponents: (value) => isCount(value, 1),
  components: (value, { nComponents, nFeaturesIn }) => isMatrix(value, nComponents, nFeaturesIn),
  explainedVariance: isByComponent,
  explainedVarianceRatio: isByComponent,
  singularValues: isByComponent,
  mean: (value, { nFeaturesIn }) => isNumbers(value, nFeaturesIn),
  nSamples: (value) => isCount(value, 2),
  noiseVariance: isNumber,
  whiten: (value) => typeof value === 'boolean',
};

const table: ParameterTable<PCAParameters> = {
  nComponents: optional(countOrFraction(1, 1)),
  whiten: boolean(false),
};

/** Rows in the directions of the largest variance: z = components (x - mean), from the singular value decomposition of X - mean. */
export class PCA extends NumericTransformer<PCAParameters, PCAFitted> {
  constructor(parameters: Partial<PCAParameters> = {}) {
    super('PCA', table, parameters);
  }

  /**
   * The rows of features nearest to what `transform` makes these of.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY
   */
  inverseTransform(X: TableLike): NdArray<Float64Array> {
    const { fitted } = this;
    const { components, mean, nComponents } = fitted;
    const { shape, data } = readTransformed(X, nComponents, false);
    const rows = shape[0]!;
    const deviations = deviationsOf(fitted);
    const result = new Float64Array(rows * mean.length);
    for (let row = 0; row < rows; row++) {
      mean.forEach((own, j) => {
        let sum = own;
        components.forEach((component, k) => {
          sum += data[row * nComponents + k]! * deviations[k]! * component[j]!;
        });
        result[row * mean.length + j] = sum;
      });
    }
    return arrayOf({ shape: [rows, mean.length], data: result });
  }

  override featureMap(kind: MapKind): FeatureMap | null {
    if (kind !== 'affine') return null;
    const { fitted } = this;
    const deviations = deviationsOf(fitted);
    const matrix = fitted.components.map((row, k) => row.map((value) => value / deviations[k]!));
    const offset = matrix.map(
      (row) => -row.reduce((sum, own, j) => sum + own * fitted.mean[j]!, 0),
    );
    return { kind, inputs: fitted.nFeaturesIn, matrix, offset };
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override trainOn(
    X: Tensor,
    { nComponents, whiten }: PCAParameters,
    sampleWeight: Float64Array,
  ): LearnedTransform<PCAFitted> {
    const [rows, features] = X.shape as [number, number];
    const most = Math.min(rows, features);
    if (nComponents !== null && nComponents > most) {
      const allowed = `at most ${most}, the smaller of ${rows} rows and ${features} features`;
      throw error('BAD_OPTION', { what: 'PCA.nComponents', given: nComponents, allowed });
    }
    if (rows < 2)
      throw error('SHAPE_MISMATCH', { what: 'PCA: X', given: '1 row', allowed: '2 or more' });
    const means = presentColumns(X, sampleWeight).map(mean);
    const centered = new Matrix(rows, features);
    X.data.forEach((value, i) => {
      const feature = i % features;
      centered.set(Math.floor(i / features), feature, value - means[feature]!);
    });
    const { diagonal, rightSingularVectors } = new SingularValueDecomposition(centered, {
      autoTranspose: true,
      computeLeftSingularVectors: false,
    });
    const values = diagonal.slice(0, most);
    const variances = values.map((value) => value ** 2 / (rows - 1));
    const total = variances.reduce((a, b) => a + b, 0);
    const ratios = variances.map((own) => (total > 0 ? own / total : 0));
    const kept = keptComponents(nComponents, ratios);
    const left = variances.slice(kept);
    return {
      components: values.slice(0, kept).map((_, k) => withSign(rightSingularVectors.getColumn(k))),
      explainedVariance: variances.slice(0, kept),
      explainedVarianceRatio: ratios.slice(0, kept),
      singularValues: values.slice(0, kept),
      mean: means,
      nComponents: kept,
      nSamples: rows,
      noiseVariance: left.length === 0 ? 0 : left.reduce((a, b) => a + b) / left.length,
      whiten,
    };
  }

  protected override appliedTo({ shape, data }: Tensor, fitted: PCAFitted): Tensor {
    const { components, mean } = fitted;
    const deviations = deviationsOf(fitted);
    const rows = shape[0]!;
    const result = new Float64Array(rows * components.length);
    for (let row = 0; row < rows; row++) {
      components.forEach((component, k) => {
        let sum = 0;
        component.forEach((loading, j) => {
          sum += loading * (data[row * mean.length + j]! - mean[j]!);
        });
        result[row * components.length + k] = sum / deviations[k]!;
      });
    }
    return { shape: [rows, components.length], data: result };
  }

  protected override namesOut(_names: readonly string[], { nComponents }: PCAFitted): string[] {
    return Array.from({ length: nComponents }, (_, k) => `pca${k}`);
  }
}

register('PCA', PCA);

/** What components are divided by: standard deviations under `whiten`, not less than rounding; else 1. */
function deviationsOf({ explainedVariance, whiten }: PCAFitted): number[] {
  return explainedVariance.map((own) => (whiten ? Math.max(Math.sqrt(own), Number.EPSILON) : 1));
}

/** The direction in which the largest loading is positive. */
function withSign(component: readonly number[]): number[] {
  const largest = component.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return component.map((loading) => (largest < 0 ? -loading : loading) + 0);
}

function keptComponents(nComponents: number | null, ratios: readonly number[]): number {
  if (nComponents === null) return ratios.length;
  if (nComponents >= 1) return nComponents;
  let sum = 0;
  const enough = ratios.findIndex((ratio) => {
    sum += ratio;
    return sum > nComponents;
  });
  return enough < 0 ? ratios.length : enough + 1;
}
