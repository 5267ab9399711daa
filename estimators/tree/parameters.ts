/**
 * Parameters that all trees and sums of trees share.
 */
import { error } from '../../lib/errors.ts';
import { type ClassWeight, isClassWeight } from '../input.ts';
import {
  countOrFraction,
  custom,
  integer,
  isCountOrFraction,
  nonNegative,
  optional,
  type Parameter,
  type ParameterTable,
  randomState,
} from '../parameters.ts';
import type { GrowSettings } from './grow.ts';
import type { Monotonic } from './split.ts';

/** How many features a split may choose from: a number, a fraction, the root or the logarithm of all; null: all. */
export type MaxFeatures = number | 'sqrt' | 'log2' | null;

/** When trees split, and how. */
export interface TreeParameters {
  /** Levels of splits at most; null (default): no limit. */
  readonly maxDepth: number | null;
  /** Rows that a node needs to be split: a number >= 2, or a fraction of all. Default 2. */
  readonly minSamplesSplit: number;
  /** Rows that each side of a split needs: a number >= 1, or a fraction of all. Default 1. */
  readonly minSamplesLeaf: number;
  /** Weight that each side of a split needs, as a share of all weight in [0, 0.5]. Default 0. */
  readonly minWeightFractionLeaf: number;
  /** Features that a split may choose from. scikit-learn's 1.0 is null here: JavaScript cannot tell it from the number 1. */
  readonly maxFeatures: MaxFeatures;
  /** Leaves at most, the splits that gain the most first; null (default): no limit. */
  readonly maxLeafNodes: number | null;
  /** Split only where the impurity, weighted by the node's share of all, falls by as much. Default 0. */
  readonly minImpurityDecrease: number;
  /** Splits that lower the impurity by less than this for each leaf that they add are taken back. Default 0. */
  readonly ccpAlpha: number;
  /** Constraints of the features, one each, for two classes or one number; null (default): none. */
  readonly monotonicCst: Monotonic | null;
  /** Seed of all random choices. Default null: 0. */
  readonly randomState: number | null;
  /**
   * Thresholds are chosen among 2^nBits - 1 per feature, 1..12; all midpoints of features with fewer values. It bears on
   * training alone: predictions use only as many bits as the thresholds of the finished trees need.
   */
  readonly nBits: number;
}

/** The table of `TreeParameters`, with the defaults that differ from class to class. */
export function treeParameters(
  defaults: Pick<TreeParameters, 'maxFeatures' | 'nBits'>,
): ParameterTable<TreeParameters> {
  return {
    maxDepth: optional(integer(1, 1, Number.MAX_SAFE_INTEGER)),
    minSamplesSplit: countOrFraction(2, 2),
    minSamplesLeaf: countOrFraction(1, 1),
    minWeightFractionLeaf: custom(
      0,
      'a number in [0, 0.5]',
      (value) => typeof value === 'number' && value >= 0 && value <= 0.5,
    ),
    maxFeatures: maxFeatures(defaults.maxFeatures),
    maxLeafNodes: optional(integer(2, 2, Number.MAX_SAFE_INTEGER)),
    minImpurityDecrease: nonNegative(0),
    ccpAlpha: nonNegative(0),
    monotonicCst,
    randomState,
    nBits: integer(defaults.nBits, 1, 12),
  };
}

/** The parameter `monotonicCst`. */
export const monotonicCst: Parameter<Monotonic | null> = optional(
  custom<Monotonic>(
    [],
    'a list of -1, 0 or 1, one a feature',
    (value) => Array.isArray(value) && value.every((each) => [-1, 0, 1].includes(each)),
  ),
);

/**
 * Checks constraints against the data.
 *
 * @throws BAD_OPTION unless there is one for each feature; UNSUPPORTED where a leaf holds several numbers, two classes being
 * one.
 */
export function checkMonotonic(
  name: string,
  constraints: Monotonic | null,
  features: number,
  outputs: number,
): void {
  if (constraints === null) return;
  const what = `${name}.monotonicCst`;
  if (constraints.length !== features) {
    const [given, allowed] = [`${constraints.length} numbers`, `${features}, one a feature`];
    throw error('BAD_OPTION', { what, given, allowed });
  }
  if (outputs === 1) return;
  const given = `${outputs} classes or targets`;
  const remedy = 'leave monotonicCst out, or fit a model for each';
  throw error('UNSUPPORTED', { what, given, allowed: 'two classes, or one target', remedy });
}

/** The parameter `maxFeatures`. */
export function maxFeatures(initial: MaxFeatures): Parameter<MaxFeatures> {
  return custom<MaxFeatures>(
    initial,
    "an integer >= 1, a fraction in (0, 1), 'sqrt', 'log2', or null",
    (value) =>
      value === null || value === 'sqrt' || value === 'log2' || isCountOrFraction(value, 1),
  );
}

/** The parameter `classWeight` of trees. */
export const classWeight: Parameter<ClassWeight> = custom<ClassWeight>(
  null,
  "'balanced', weights by label, or null",
  isClassWeight,
);

/** Parameters as numbers, for data of so many rows and features and a tree of so much weight. */
export function growSettings(
  parameters: TreeParameters,
  splitter: 'best' | 'random',
  shape: { readonly rows: number; readonly features: number; readonly weight: number },
): GrowSettings {
  const { rows, features, weight } = shape;
  const { maxDepth, maxLeafNodes, minImpurityDecrease } = parameters;
  return {
    splitter,
    maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
    maxLeafNodes: maxLeafNodes ?? Number.POSITIVE_INFINITY,
    minSamplesSplit: Math.max(2, rowCount(parameters.minSamplesSplit, rows)),
    minSamplesLeaf: rowCount(parameters.minSamplesLeaf, rows),
    minWeightLeaf: parameters.minWeightFractionLeaf * weight,
    maxFeatures: featureCount(parameters.maxFeatures, features),
    minImpurityDecrease,
    monotonic: parameters.monotonicCst ?? [],
  };
}

/** A number of rows, or a fraction of all, as a number. */
export function rowCount(countOrFraction: number, rows: number): number {
  return countOrFraction < 1 ? Math.ceil(countOrFraction * rows) : countOrFraction;
}

/** `maxFeatures` as a number. */
export function featureCount(maxFeatures: MaxFeatures, features: number): number {
  if (maxFeatures === null) return features;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(features)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(features)));
  const count = maxFeatures < 1 ? Math.max(1, Math.floor(maxFeatures * features)) : maxFeatures;
  return Math.min(count, features);
}
