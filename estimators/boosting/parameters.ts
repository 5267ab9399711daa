/**
 * Parameters that all boosters share.
 */
import {
  choice,
  countOrFraction,
  custom,
  integer,
  nonNegative,
  number,
  optional,
  type ParameterTable,
  randomState,
} from '../parameters.ts';
import {
  checkMonotonic,
  featureCount,
  type MaxFeatures,
  maxFeatures,
  monotonicCst,
  rowCount,
} from '../tree/parameters.ts';
import type { Monotonic } from '../tree/split.ts';
import type { BoostSettings, GrowPolicy } from './boost.ts';

/** What every booster takes, named as in scikit-learn, else as in XGBoost. */
export interface BoostingParameters {
  /** Rounds; each adds one tree, or one for each of three classes or more. Default 100. */
  readonly nEstimators: number;
  /** What the leaves of each tree are multiplied by, above 0. Default 0.1. */
  readonly learningRate: number;
  /** Levels of splits at most, 1..16. Default 3. */
  readonly maxDepth: number;
  /** 'depthwise' (default): each node has the best split of its own; 'symmetric': all nodes of a level have one. */
  readonly growPolicy: GrowPolicy;
  /** Rows that each side of a split needs: a number >= 1, or a fraction of all. Default 1. */
  readonly minSamplesLeaf: number;
  /** Sum of second derivatives that each side of a split needs. Default 1, as in XGBoost. */
  readonly minChildWeight: number;
  /** Penalty on squares of leaves, lambda. Default 1, as in XGBoost. */
  readonly regLambda: number;
  /** Penalty on absolute values of leaves, alpha. Default 0. */
  readonly regAlpha: number;
  /** What a split has to gain at least. Default 0. */
  readonly gamma: number;
  /** Rows that each round learns from, a share in (0, 1] drawn without replacement. Default 1. */
  readonly subsample: number;
  /** Features that a split may choose from: a number, a fraction, the root or the logarithm of all; null (default): all. */
  readonly maxFeatures: MaxFeatures;
  /** Constraints of the features, one each; null (default): none. */
  readonly monotonicCst: Monotonic | null;
  /** Rows that early stopping judges by, a share in (0, 1). Default 0.1; used with `nIterNoChange` only. */
  readonly validationFraction: number;
  /** Rounds without a better validation loss after which to stop; null (default): no early stopping. */
  readonly nIterNoChange: number | null;
  /** How much lower a better validation loss has to be. Default 1e-4. */
  readonly tol: number;
  /** Thresholds are chosen among 2^nBits - 1 for each feature, 1..12. Default 8. */
  readonly nBits: number;
  /** Seed of all random choices. Default null: 0. */
  readonly randomState: number | null;
}

/** The table of `BoostingParameters`. */
export const boostingParameters: ParameterTable<BoostingParameters> = {
  nEstimators: integer(100, 1, Number.MAX_SAFE_INTEGER),
  learningRate: number(0.1, { above: 0 }),
  maxDepth: integer(3, 1, 16),
  growPolicy: choice<GrowPolicy>('depthwise', ['depthwise', 'symmetric']),
  minSamplesLeaf: countOrFraction(1, 1),
  minChildWeight: nonNegative(1),
  regLambda: nonNegative(1),
  regAlpha: nonNegative(0),
  gamma: nonNegative(0),
  subsample: number(1, { above: 0, max: 1 }),
  maxFeatures: maxFeatures(null),
  monotonicCst,
  validationFraction: custom(
    0.1,
    'a number in (0, 1)',
    (value) => typeof value === 'number' && value > 0 && value < 1,
  ),
  nIterNoChange: optional(integer(1, 1, Number.MAX_SAFE_INTEGER)),
  tol: nonNegative(1e-4),
  nBits: integer(8, 1, 12),
  randomState,
};

/**
 * Parameters as numbers, for data of so many rows and features.
 *
 * @throws BAD_OPTION for constraints of another number of features.
 */
export function boostSettings(
  name: string,
  parameters: BoostingParameters,
  rows: number,
  features: number,
  maxStep: number,
): BoostSettings {
  checkMonotonic(name, parameters.monotonicCst, features, 1);
  return {
    ...parameters,
    minSamplesLeaf: rowCount(parameters.minSamplesLeaf, rows),
    maxFeatures: featureCount(parameters.maxFeatures, features),
    monotonic: parameters.monotonicCst ?? [],
    maxStep,
  };
}
