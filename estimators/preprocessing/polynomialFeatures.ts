/**
 * Products of features.
 */
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { type Fitted, fittedState } from '../estimator.ts';
import { boolean, custom, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isCount, isIndices, isList, type StateTable } from '../state.ts';
import { type LearnedTransform, NumericTransformer } from './transformer.ts';

/** Parameters of `PolynomialFeatures`, with scikit-learn's defaults. */
export interface PolynomialFeaturesParameters {
  /** The highest degree, or the lowest and the highest. Default 2. */
  readonly degree: number | readonly [min: number, max: number];
  /** Whether to leave out products that have a feature more than once. Default false. */
  readonly interactionOnly: boolean;
  /** Whether to put a column of ones first. Default true. */
  readonly includeBias: boolean;
}

/** Learned state of `PolynomialFeatures`. */
export interface PolynomialFeaturesFitted extends Fitted {
  /** Of each output the exponent of each feature. */
  readonly powers: readonly (readonly number[])[];
  readonly nOutputFeatures: number;
}

const state: StateTable<PolynomialFeaturesFitted> = {
  ...fittedState,
  powers: (value, { nFeaturesIn }) =>
    isList(value, null, (exponents) => isIndices(exponents, nFeaturesIn, mostDegree + 1)) &&
    value.length > 0,
  nOutputFeatures: (value, { powers }) => value === powers.length,
};

/** Larger powers of any other numbers than 1 are infinite or 0, or next to it. */
const mostDegree = 1000;

/** Products at most: with more, tables would not fit in memory. */
const mostOutputs = 100_000;

const isDegree = (value: unknown): boolean => isCount(value) && value <= mostDegree;

const table: ParameterTable<PolynomialFeaturesParameters> = {
  degree: custom<PolynomialFeaturesParameters['degree']>(
    2,
    `an integer in [0, ${mostDegree}], or [min, max] of such`,
    (value) =>
      isDegree(value) ||
      (Array.isArray(value) && value.length === 2 && value.every(isDegree) && value[0] <= value[1]),
  ),
  interactionOnly: boolean(false),
  includeBias: boolean(true),
};

/**
 * All products of powers of features of the degrees asked for, by degree, and then in the order of the features. In a
 * pipeline the client multiplies.
 */
export class PolynomialFeatures extends NumericTransformer<
  PolynomialFeaturesParameters,
  PolynomialFeaturesFitted
> {
  constructor(parameters: Partial<PolynomialFeaturesParameters> = {}) {
    super('PolynomialFeatures', table, parameters);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override trainOn(
    { shape }: Tensor,
    { degree, interactionOnly, includeBias }: PolynomialFeaturesParameters,
  ): LearnedTransform<PolynomialFeaturesFitted> {
    const features = shape[1]!;
    const [least, most] = typeof degree === 'number' ? [0, degree] : degree;
    const powers: number[][] = [];
    for (let own = includeBias ? 0 : Math.max(least, 1); own <= most; own++) {
      // The column of ones is there whatever the lowest degree.
      if (own > 0 && own < least) continue;
      if (powers.length + countOf(features, own, interactionOnly) > mostOutputs) {
        const details = { given: degree, allowed: `degrees of at most ${mostOutputs} products` };
        throw error('BAD_OPTION', { what: 'PolynomialFeatures.degree', ...details });
      }
      for (const product of exponents(features, own, interactionOnly)) powers.push(product);
    }
    if (powers.length === 0) {
      const details = {
        given: 'degree 0 without a bias',
        allowed: 'degree >= 1, or includeBias: true',
      };
      throw error('BAD_OPTION', { what: 'PolynomialFeatures.degree', ...details });
    }
    return { powers, nOutputFeatures: powers.length };
  }

  protected override appliedTo(
    { shape, data }: Tensor,
    { powers }: PolynomialFeaturesFitted,
  ): Tensor {
    const [rows, features] = shape as [number, number];
    const products = new Float64Array(rows * powers.length);
    for (let row = 0; row < rows; row++) {
      const own = data.subarray(row * features, (row + 1) * features);
      powers.forEach((exponents, output) => {
        products[row * powers.length + output] = product(own, exponents);
      });
    }
    return { shape: [rows, powers.length], data: products };
  }

  protected override namesOut(
    names: readonly string[],
    { powers }: PolynomialFeaturesFitted,
  ): string[] {
    return powers.map((exponents) => {
      const factors = exponents.flatMap((exponent, feature) => {
        if (exponent === 0) return [];
        return [exponent === 1 ? names[feature]! : `${names[feature]}^${exponent}`];
      });
      return factors.join(' ') || '1';
    });
  }
}

register('PolynomialFeatures', PolynomialFeatures);

/** The number of products of `degree` features: of a set with or without repetitions. */
function countOf(features: number, degree: number, once: boolean): number {
  const from = once ? features : features + degree - 1;
  let count = 1;
  for (let i = 0; i < degree; i++) count *= (from - i) / (i + 1);
  return count;
}

/** The exponents of all products of `degree` features, which are chosen in ascending order. */
function exponents(features: number, degree: number, once: boolean): number[][] {
  const all: number[][] = [];
  const choose = (chosen: readonly number[], from: number): void => {
    if (chosen.length === degree) {
      const own = new Array<number>(features).fill(0);
      for (const feature of chosen) own[feature]! += 1;
      all.push(own);
      return;
    }
    for (let feature = from; feature < features; feature++) {
      choose([...chosen, feature], once ? feature + 1 : feature);
    }
  };
  choose([], 0);
  return all;
}

/** @throws NOT_FINITE for a product beyond the range of doubles. */
function product(values: Float64Array, exponents: readonly number[]): number {
  let result = 1;
  exponents.forEach((exponent, feature) => {
    for (let i = 0; i < exponent; i++) result *= values[feature]!;
  });
  if (Number.isFinite(result)) return result;
  const what = 'PolynomialFeatures: a product of features';
  throw error('NOT_FINITE', { what, given: result, remedy: 'scale the features first' });
}
