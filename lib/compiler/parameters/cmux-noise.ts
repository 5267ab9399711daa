/** Noise of CMUX by bits of the query, in the parts that sums add differently. Torus units; k = 1. */

import type { Gadget, PackedParameters } from '../../runtime/program.ts';
import {
  freshVariance,
  roundingVariance,
  transformVariance,
  unpackedCmuxVariance,
} from './noise.ts';
import {
  expansionNoise,
  packedCmuxVariance,
  squareRounding,
  squareVariance,
} from './packed-noise.ts';

/** CMUX that a value's noise is a sum of, as squared weights; what is left out is `depth`, or 0 for `clear`. */
export interface CmuxCount {
  /** Products with GGSW rows, where those that may be correlated count as equal. */
  readonly depth: number;
  /** Products where those that are not the same count as uncorrelated. */
  readonly apart?: number;
  /** Roundings of masks. */
  readonly rounding?: number;
  /** CMUX between clear polynomials, which are in no other count. */
  readonly clear?: number;
}

/** Variances of one CMUX. */
export interface CmuxNoise {
  /** Products and rounding together. */
  readonly variance: number;
  readonly rounding: number;
  readonly clear: number;
  /** Largest correlation of products at different coefficients of one polynomial. */
  readonly correlation: number;
}

/**
 * The variance of so many CMUX.
 *
 * Rounding a mask adds its error times the key, and only where the bit is 1: it does not depend on the GGSW ciphertext, so
 * that CMUX by different bits round alike where their masks are alike. Products with rows of different bits are
 * independent, whatever the masks.
 */
export function diagramVariance(
  { depth, apart = depth, rounding = depth, clear = 0 }: CmuxCount,
  cmux: CmuxNoise,
): number {
  const products = cmux.correlation * depth + (1 - cmux.correlation) * apart;
  return products * (cmux.variance - cmux.rounding) + rounding * cmux.rounding + clear * cmux.clear;
}

/**
 * Of packed bits (`packedNoise`). An error that s multiplied has correlation sum s_i s_(i+d) / sum s_i^2 at lag d, which is
 * (1 - 2 d / N) / 2 for a binary key: half of its variance is that of the key's mean. What s multiplied twice may have any
 * correlation; errors of the keys themselves have none.
 */
export function packedCmux(packed: PackedParameters, size: number): CmuxNoise {
  const { gadget, square } = packed;
  const expanded = expansionNoise(packed.automorphism, packed.log2Coefficients, size);
  const maskRow = expanded.white + expanded.aligned + squareVariance(square, size);
  const variance = packedCmuxVariance(gadget, maskRow + expanded.bodyRow, size);
  const rounding = packedRounding(gadget, size);
  const twice = (expanded.aligned + squareRounding(square, size)) / (maskRow + expanded.bodyRow);
  return {
    variance,
    rounding,
    clear: clearVariance(gadget, expanded.bodyRow, size),
    correlation: (1 + twice) / 2,
  };
}

/** Of bits that travel as GGSW ciphertexts: errors of rows have no correlation, those of the transform that of the key. */
export function unpackedCmux(gadget: Gadget, size: number): CmuxNoise {
  return {
    variance: unpackedCmuxVariance(gadget, size),
    rounding: packedRounding(gadget, size),
    clear: clearVariance(gadget, freshVariance(size), size),
    correlation: 1 / 2,
  };
}

/** Rounding of N/2 mask coefficients on average, and of the body, where the bit is 1. */
function packedRounding(gadget: Gadget, size: number): number {
  return (size / 2 + 1) * roundingVariance(gadget);
}

/**
 * Between clear polynomials there is no mask to decompose: digits of a body, at most B/2, meet body rows, and no error meets
 * the key: l N B^2/4 v_body + a coefficient's share of the transform + B^(-2l) / 12.
 */
function clearVariance(gadget: Gadget, bodyRow: number, size: number): number {
  return (
    gadget.levelCount * size * (4 ** gadget.baseLog / 4) * bodyRow +
    transformVariance(size, gadget.baseLog, gadget.levelCount) / (size / 2) +
    roundingVariance(gadget)
  );
}
