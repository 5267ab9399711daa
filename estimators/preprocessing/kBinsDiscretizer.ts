/**
 * Features as intervals.
 */
import type { NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { arrayOf } from '../classifier.ts';
import { type Fitted, fittedState } from '../estimator.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import { choice, custom, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import {
  type AnyStateTable,
  isCount,
  isList,
  isNumbers,
  isOneOf,
  type StateTable,
} from '../state.ts';
import { intervalMeans } from './intervalMeans.ts';
import { extent, type Present, presentColumns, quantile, weightedQuantile } from './statistics.ts';
import type { TableLike } from './table.ts';
import { type LearnedTransform, NumericTransformer, readTransformed } from './transformer.ts';

/** Parameters of `KBinsDiscretizer`, with scikit-learn's defaults; its output is dense, and all rows are used. */
export interface KBinsDiscretizerParameters {
  /** Bins of each feature, 2 or more: a number, or a list of numbers. Default 5. */
  readonly nBins: number | readonly number[];
  /** What a bin becomes: a column of 0 and 1 for each ('onehotDense', default), or its number ('ordinal'). */
  readonly encode: 'onehotDense' | 'ordinal';
  /**
   * Bins of equal width ('uniform'), of about as many rows ('quantile', default), or around the means of one-dimensional
   * k-means ('kmeans').
   */
  readonly strategy: 'uniform' | 'quantile' | 'kmeans';
}

/** Learned state of a `KBinsDiscretizer`. */
export interface KBinsDiscretizerFitted extends Fitted {
  /** Of each feature its bins, fewer than asked for where there are not as many different quantiles; 1 if constant. */
  readonly nBins: readonly number[];
  /** Of each feature nBins + 1 edges, ascending; a value on an edge belongs above it. */
  readonly binEdges: readonly (readonly number[])[];
  /** The parameter at the time of the fit. */
  readonly encode: KBinsDiscretizerParameters['encode'];
}

const state: StateTable<KBinsDiscretizerFitted> = {
  ...fittedState,
  nBins: (value, { nFeaturesIn }) => isList(value, nFeaturesIn, (bins) => isCount(bins, 1)),
  binEdges: (value, { nBins }) =>
    isList(
      value,
      nBins.length,
      (edges, j) =>
        isNumbers(edges, nBins[j]! + 1) && edges.every((edge, i) => !(edge < edges[i - 1]!)),
    ),
  encode: isOneOf('onehotDense', 'ordinal'),
};

const isBins = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 2;

const table: ParameterTable<KBinsDiscretizerParameters> = {
  nBins: custom<number | readonly number[]>(
    5,
    'an integer >= 2, or a list of such',
    (value) => isBins(value) || (Array.isArray(value) && value.every(isBins)),
  ),
  encode: choice('onehotDense', ['onehotDense', 'ordinal']),
  strategy: choice('quantile', ['uniform', 'quantile', 'kmeans']),
};

/** Bins of less width are joined to those above them, as scikit-learn does. */
const leastWidth = 1e-8;

/** The bin of each value. Values beyond the training data are in the first or the last bin. */
export class KBinsDiscretizer extends NumericTransformer<
  KBinsDiscretizerParameters,
  KBinsDiscretizerFitted
> {
  constructor(parameters: Partial<KBinsDiscretizerParameters> = {}) {
    super('KBinsDiscretizer', table, parameters);
  }

  /**
   * The middle of each bin.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY; OUT_OF_RANGE for the number of no bin.
   */
  inverseTransform(X: TableLike): NdArray<Float64Array> {
    const { nBins, binEdges, encode } = this.fitted;
    const ordinal = encode === 'ordinal';
    const outputs = ordinal ? nBins.length : nBins.reduce((a, b) => a + b);
    const { shape, data } = readTransformed(X, outputs, false);
    const rows = shape[0]!;
    const middles = new Float64Array(rows * nBins.length);
    for (let row = 0; row < rows; row++) {
      let start = row * outputs;
      nBins.forEach((bins, feature) => {
        const own = data.subarray(start, start + (ordinal ? 1 : bins));
        const bin = ordinal ? own[0]! : own.indexOf(Math.max(...own));
        const edges = binEdges[feature]!;
        if (!Number.isInteger(bin) || bin < 0 || bin >= bins) {
          const what = `X[${row}], bin of feature ${feature}`;
          throw error('OUT_OF_RANGE', {
            what,
            given: bin,
            allowed: `integers in [0, ${bins - 1}]`,
          });
        }
        middles[row * nBins.length + feature] = (edges[bin]! + edges[bin + 1]!) / 2;
        start += own.length;
      });
    }
    return arrayOf({ shape: [rows, nBins.length], data: middles });
  }

  override featureMap(kind: MapKind): FeatureMap | null {
    const { binEdges, encode, nFeaturesIn } = this.fitted;
    if (kind !== 'monotone' || encode !== 'ordinal') return null;
    const outputs = binEdges.map((edges, input) => ({
      input,
      of: (value: number) => binOfEdges(edges, value),
    }));
    return { kind, inputs: nFeaturesIn, takesMissing: false, outputs };
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override trainOn(
    X: Tensor,
    { nBins, encode, strategy }: KBinsDiscretizerParameters,
    sampleWeight: Float64Array,
  ): LearnedTransform<KBinsDiscretizerFitted> {
    const features = X.shape[1]!;
    if (typeof nBins !== 'number' && nBins.length !== features) {
      const allowed = `a number, or ${features}, one for each feature`;
      throw error('BAD_OPTION', { what: 'KBinsDiscretizer.nBins', given: nBins, allowed });
    }
    const weighted = sampleWeight.some((weight) => weight !== 1);
    if (weighted && strategy === 'uniform') {
      const details = { given: "weights with strategy 'uniform'", allowed: 'no weights' };
      throw error('BAD_OPTION', { what: 'KBinsDiscretizer.fit: sampleWeight', ...details });
    }
    const binEdges = presentColumns(X, sampleWeight).map((column, feature) => {
      const bins = typeof nBins === 'number' ? nBins : nBins[feature]!;
      return edgesOf(column, bins, strategy, weighted);
    });
    return { nBins: binEdges.map(({ length }) => length - 1), binEdges, encode };
  }

  protected override appliedTo(
    { shape, data }: Tensor,
    { nBins, binEdges, encode }: KBinsDiscretizerFitted,
  ): Tensor {
    const [rows, features] = shape as [number, number];
    const bins = data.map((value, i) => binOfEdges(binEdges[i % features]!, value));
    if (encode === 'ordinal') return { shape, data: bins };
    const outputs = nBins.reduce((a, b) => a + b);
    const ones = new Float64Array(rows * outputs);
    for (let row = 0; row < rows; row++) {
      let start = row * outputs;
      nBins.forEach((own, feature) => {
        ones[start + bins[row * features + feature]!] = 1;
        start += own;
      });
    }
    return { shape: [rows, outputs], data: ones };
  }

  protected override namesOut(
    names: readonly string[],
    { nBins, encode }: KBinsDiscretizerFitted,
  ): string[] {
    if (encode === 'ordinal') return [...names];
    return nBins.flatMap((bins, feature) =>
      Array.from({ length: bins }, (_, bin) => `${names[feature]}_${bin}.0`),
    );
  }

  protected override get takesWeights(): boolean {
    return true;
  }
}

register('KBinsDiscretizer', KBinsDiscretizer);

/** The number of inner edges at or below a value. */
function binOfEdges(edges: readonly number[], value: number): number {
  let low = 1;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function edgesOf(
  column: Present,
  bins: number,
  strategy: KBinsDiscretizerParameters['strategy'],
  weighted: boolean,
): number[] {
  const { min, max } = extent(column.values);
  if (min === max) return [min, max];
  const shares = Array.from({ length: bins + 1 }, (_, i) => i / bins);
  // As numpy's linspace has them, its last element exact.
  const step = (max - min) / bins;
  const even = shares.map((_, i) => (i === bins ? max : min + i * step));
  if (strategy === 'uniform') return even;
  let edges: number[];
  if (strategy === 'kmeans') {
    const start = even.slice(1).map((edge, i) => (edge + even[i]!) / 2);
    const means = intervalMeans(column, start);
    edges = [min, ...means.slice(1).map((own, i) => (own + means[i]!) / 2), max];
  } else if (weighted) {
    edges = shares.map((share) => weightedQuantile(column, share));
  } else {
    const sorted = column.values.slice().sort();
    edges = shares.map((share) => quantile(sorted, share));
  }
  const kept = edges.filter((edge, i) => i === 0 || edge - edges[i - 1]! > leastWidth);
  // A feature narrower than a bin may be has one bin, as a constant one.
  return kept.length > 1 ? kept : [min, max];
}
