/**
 * What the parameter search is asked and what it answers. Variances are in torus units: variance / q^2.
 */

import type { Parameters } from '../../runtime/program.ts';
import type { Calibration } from './calibration.ts';
import type { CmuxCount } from './cmux-noise.ts';

/**
 * One kind of independent noise with the sum of its squared coefficients (`linear-form.ts` computes it, correlation
 * included): a contribution of `squaredWeight * variance(source)`.
 *
 * - `fresh-glwe`: a coefficient of an input encrypted under the GLWE key (linear queries).
 * - `fresh-small`: an input encrypted under the small key of class `lookup`.
 * - `diagram`: a value that left a decision diagram, with the CMUX of its noisiest path.
 * - `bootstrap`: a value that left a lookup of class `lookup`.
 * - `circuit`: a bit as an LWE that left a circuit bootstrap (`output` in `lib/runtime/program.ts`).
 * - `circuit-diagram`: a value that left a diagram whose longest path has `depth` CMUX by bits of circuit bootstraps. Where
 *   bits of the query are on the path too, it has a `diagram` term besides, for these.
 */
export type NoiseTerm =
  | { readonly source: 'fresh-glwe'; readonly squaredWeight: number }
  | { readonly source: 'fresh-small'; readonly lookup: number; readonly squaredWeight: number }
  | ({ readonly source: 'diagram'; readonly squaredWeight: number } & CmuxCount)
  | { readonly source: 'bootstrap'; readonly lookup: number; readonly squaredWeight: number }
  | { readonly source: 'circuit'; readonly squaredWeight: number }
  | { readonly source: 'circuit-diagram'; readonly depth: number; readonly squaredWeight: number };

/** One kind of rounding event: the noise must stay inside the margin, but for the event's share of `pError`. */
export interface Constraint {
  /**
   * Half a box in torus units: 2^-(w+1) for an output of w bits, 2^-(p+2) for the input of a p-bit lookup with a
   * padding bit, 2^-2 for a bit without one (precision 0, and circuit bootstraps).
   */
  readonly margin: number;
  readonly terms: readonly NoiseTerm[];
  /**
   * The class of lookups that rounds this value (adds the modulus switch), `circuit` where a circuit bootstrap does, or null
   * where the client rounds it.
   */
  readonly lookup: number | 'circuit' | null;
  /** Whether a keyswitch into class `lookup` comes before the rounding. Ignored where `lookup` is no class. */
  readonly keyswitched: boolean;
  /** Outputs: modulus 2^replyBits of the reply; null for 64 bits (see `smallestReplyBits`). */
  readonly replyBits: number | null;
  /** How many such events one run has. */
  readonly count: number;
}

/** The encrypted input bits and the diagrams over them. */
export interface BitRequirement {
  readonly encoding: 'packed' | 'unpacked';
  /** Encrypted bits in the query. */
  readonly bitCount: number;
  /** CMUX in one run. */
  readonly cmuxCount: number;
}

/** The bits that circuit bootstraps make, and the diagrams over them. */
export interface CircuitRequirement {
  /** Circuit bootstraps in one run. */
  readonly bitCount: number;
  /** Instructions that make them: bits of one layer share the pass over the keys. */
  readonly layerCount: number;
  /** CMUX by them in one run. */
  readonly cmuxCount: number;
}

/** One class of lookups as the compiler sees it; the search may give several classes the same keys. */
export interface LookupRequirement {
  /** Bits of the lookup's input without the padding bit: N' >= 2^(precision + 1). */
  readonly precision: number;
  /** Blind rotations in one run. */
  readonly count: number;
  /** How many of them need a keyswitch first. */
  readonly keyswitchCount: number;
  /** Values that arrive under the small key: their size counts as query bytes. */
  readonly smallSlotCount: number;
}

/** What a program needs of its parameters. The GLWE key has k = 1. */
export interface Requirements {
  /** Largest probability that any event of a run fails. */
  readonly pError: number;
  readonly polynomialSize: number;
  readonly calibration: Calibration;
  /** Largest evaluation key; without it, as large as is worth its price. */
  readonly maxKeyBytes?: number | undefined;
  readonly constraints: readonly Constraint[];
  /** Null when the query has no bits. */
  readonly bits: BitRequirement | null;
  /** Null when no bit is computed. Circuit bootstraps get keys of their own, or share those of a lookup class. */
  readonly circuit: CircuitRequirement | null;
  /** `NoiseTerm.lookup` and `Constraint.lookup` are indices into this list. */
  readonly lookups: readonly LookupRequirement[];
}

/** What the chosen parameters make of one constraint. */
export interface Prediction {
  readonly variance: number;
  readonly margin: number;
  /** log2 of the probability that one such event fails. */
  readonly log2Failure: number;
}

/** The cheapest parameters found. */
export interface Choice {
  readonly kind: 'chosen';
  readonly parameters: Parameters;
  /** `Requirements.lookups[i]` runs with `parameters.lookups[lookupClasses[i]]`. */
  readonly lookupClasses: readonly number[];
  /** One per constraint. */
  readonly predictions: readonly Prediction[];
  /** log2 of the union bound over all events. */
  readonly log2Failure: number;
  /** Estimate for one thread. */
  readonly microseconds: number;
  /** Seeded, as they travel. */
  readonly evaluationKeyBytes: number;
  /** Bits and small-key values; linear queries are not counted (8 bytes a value with any parameters). */
  readonly queryBytes: number;
  /** What the search minimised: microseconds and the penalties on bytes (`cost.ts`). */
  readonly objective: number;
}

/** Parameters satisfy all constraints, but only with larger keys than are allowed. */
export interface KeyTooLarge {
  readonly kind: 'key-too-large';
  /** The smallest evaluation key found. */
  readonly evaluationKeyBytes: number;
}

/** No parameters satisfy all constraints. */
export interface Infeasible {
  readonly kind: 'infeasible';
  /** Index of the guilty constraint: the one that stays farthest from its bound when parameters serve it alone. */
  readonly constraint: number;
  /** Best variance that any parameters reach for it alone. */
  readonly variance: number;
  /** Best log2 failure probability of one such event. */
  readonly log2Failure: number;
  /** What one event would have to stay below. */
  readonly log2FailureAllowed: number;
  /** True when each constraint can be met alone, but not all of them together. */
  readonly jointly: boolean;
}
