/** How wide an output may be: what the compiler asks before it splits one into digits. */

import type { PackedParameters } from '../../runtime/program.ts';
import type { BitRequirement } from './requirements.ts';

/** What leaves a decision diagram: `depth` CMUX on the longest path, `squaredWeight` = sum of squared coefficients. */
export interface OutputNoise {
  readonly depth: number;
  readonly squaredWeight: number;
  /** log2 of the failure allowed for one such output. */
  readonly log2Failure: number;
}

/** One packed set with the widest exact output it carries. */
export interface ReachableWidth {
  readonly packed: PackedParameters;
  /** Bits of the widest exact output: margin 2^-(width+1). */
  readonly width: number;
  /** Expansion, GGSW conversion and diagrams, one thread. */
  readonly microseconds: number;
  readonly queryBytes: number;
  readonly evaluationKeyBytes: number;
}

/** The cheapest packed set for each width, from the narrowest and cheapest to the widest and dearest. */
export function reachableWidths(
  bits: BitRequirement,
  noise: OutputNoise,
  polynomialSize: number,
): ReachableWidth[] {
  throw new Error(`not written yet ${bits} ${noise} ${polynomialSize}`);
}

/** Widest exact output of a diagram under any packed set; 0 when none is exact. */
export function largestExactWidth(noise: OutputNoise, polynomialSize: number): number {
  throw new Error(`not written yet ${noise} ${polynomialSize}`);
}
