/**
 * What additive models take, with InterpretML's names.
 */
import { error } from '../../lib/errors.ts';
import {
  custom,
  integer,
  isCountOrFraction,
  nonNegative,
  number,
  type ParameterTable,
  randomState,
} from '../parameters.ts';
import type { BoostSettings } from './boost.ts';

/** How many pairs of features get a term of their own, or which. */
export type Interactions = number | readonly (readonly [number, number])[];

/** Parameters of additive models. Where a default differs from InterpretML's 0.7, that is said. */
export interface AdditiveParameters extends BoostSettings {
  /** Bins of a feature at most, 2..1024, in terms of its own; missing values have one more. Default 32 (1024 there). */
  readonly maxBins: number;
  /** The same for terms of two features, 2..64. Default 16 (64 there). */
  readonly maxInteractionBins: number;
  /**
   * Terms of two features: how many, the strongest are chosen; or a list of pairs of columns. Default 0 (three times the
   * number of features there).
   */
  readonly interactions: Interactions;
  /** Rows held out of each bag to stop early: a number, or a fraction in (0, 1); 0 for none. Default 0.15. */
  readonly validationSize: number;
  /** Models that are averaged, each learnt from its own part of the rows. Default 8 (14 there). */
  readonly outerBags: number;
  /** Share of a step that is taken, in (0, 1]. Default 0.015 for classification, 0.04 for regression. */
  readonly learningRate: number;
  /**
   * First rounds, in which steps are cut anywhere and not where it gains most, so that tables begin smooth. Default 75 for
   * classification, 500 for regression.
   */
  readonly smoothingRounds: number;
  /** Rounds at most, each a step for every term. Default 5000 (50,000 there). */
  readonly maxRounds: number;
  /** Stop after as many rounds without a lower loss of the rows held out. Default 100. */
  readonly earlyStoppingRounds: number;
  /** By how much a loss has to be lower to count. Default 1e-5. */
  readonly earlyStoppingTolerance: number;
  /** Rows that each piece of a step needs. Default 4. */
  readonly minSamplesLeaf: number;
  /** Pieces of a step of one feature at most; missing values are one more. Default 2. */
  readonly maxLeaves: number;
  /** Seed of the parts of the rows. Default null: 0. */
  readonly randomState: number | null;
}

/** The table of `AdditiveParameters`. */
export function additiveParameters(
  learningRate: number,
  smoothingRounds: number,
): ParameterTable<AdditiveParameters> {
  return {
    maxBins: integer(32, 2, 1024),
    maxInteractionBins: integer(16, 2, 64),
    interactions: custom<Interactions>(
      0,
      'an integer >= 0, or a list of pairs of columns',
      (value) => (Array.isArray(value) ? value.every(isPair) : isColumn(value)),
    ),
    validationSize: custom(
      0.15,
      'an integer >= 0, or a fraction in (0, 1)',
      (value) => value === 0 || isCountOrFraction(value, 1),
    ),
    outerBags: integer(8, 1, 1000),
    learningRate: number(learningRate, { above: 0, max: 1 }),
    smoothingRounds: integer(smoothingRounds, 0, Number.MAX_SAFE_INTEGER),
    maxRounds: integer(5000, 1, Number.MAX_SAFE_INTEGER),
    earlyStoppingRounds: integer(100, 1, Number.MAX_SAFE_INTEGER),
    earlyStoppingTolerance: nonNegative(1e-5),
    minSamplesLeaf: integer(4, 1, Number.MAX_SAFE_INTEGER),
    maxLeaves: integer(2, 2, 1024),
    randomState,
  };
}

/** @throws BAD_OPTION for pairs of columns that are not there, or that are listed twice. */
export function checkPairs(
  what: string,
  pairs: readonly (readonly [number, number])[],
  features: number,
): void {
  const seen = new Set<string>();
  for (const [first, second] of pairs) {
    const key = [Math.min(first, second), Math.max(first, second)].join();
    if (first !== second && Math.max(first, second) < features && !seen.has(key)) {
      seen.add(key);
      continue;
    }
    const allowed = `pairs of different columns in [0, ${features - 1}], each once`;
    throw error('BAD_OPTION', { what, given: [first, second], allowed });
  }
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(isColumn);
}

function isColumn(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
