/**
 * Noise of packed queries: expansion, GGSW conversion and CMUX, in torus units. k = 1.
 *
 * A mask row of a GGSW carries s times the error of an expanded ciphertext, and a binary s has mean 1/2: its transform
 * has |s|^2 = (N / pi)^2 at the lowest frequency where others have N / 4. An error that was itself multiplied by s
 * (rounding in a decomposition) is therefore amplified not by N/2 but by |s|^4 / |s|^2 on average: N^2 / 24, unless an
 * automorphism moved it to another frequency in between. The transform's error in a mask would be the worst of this
 * kind, so the runtime makes none in automorphisms.
 */

import type { Gadget, PackedParameters } from '../../runtime/program.ts';
import { digitVariance, freshVariance, roundingVariance, transformVariance } from './noise.ts';

/**
 * Largest base of an automorphism key. The runtime multiplies the high and low halves of its masks apart, and rounds the
 * sums of the high ones to integers, so that the transform makes no error there: digits times halves of 32 bits, summed
 * over N coefficients and the levels, stay below 2^53 up to this base.
 */
export const LARGEST_SPLIT_BASE = 10;
/** Measured over `transformVariance` with one row per level: 1.0 to 1.4 for bases of 3 to 16 bits. */
const HALF_PRODUCT_EXCESS = 1.4;
/** Share of the power of s at its lowest frequency: 2 (N / pi)^2 / (N^2 / 2). */
export const LOWEST_FREQUENCY_SHARE: number = 4 / Math.PI ** 2;

/**
 * The transform's error in the s^2 keyswitch is as large at the lowest frequency as the key's rows happen to be there. Measured
 * over 24 keys, by CMUX of which it makes two thirds: a standard deviation of 0.07 to 0.11, that of 6 to 13 degrees.
 */
const SQUARE_TRANSFORM_DEGREES = 6;

/** Variances along the way of a packed bit. */
export interface PackedNoise {
  /** One automorphism keyswitch: key noise, rounding and transform together. */
  readonly automorphism: number;
  /** The expanded ciphertext's payload coefficient, and its other coefficients (which decide the rest). */
  readonly payload: number;
  readonly others: number;
  /** The s^2 keyswitch alone, and a whole mask row. */
  readonly square: number;
  readonly maskRow: number;
  /** One CMUX: a path of d adds d of them. */
  readonly cmux: number;
  /**
   * The noise of one run is Gaussian, but its variance differs from run to run by the powers of few frequencies:
   * it is 1 + share * (u - 1) of the mean, u a mean of `degrees` exponential variables. See `tail.ts`.
   */
  readonly share: number;
  readonly degrees: number;
}

/** Noise after a half product (digits of a mask times key rows), by origin. */
interface HalfProduct {
  readonly key: number;
  readonly rounding: number;
  readonly transform: number;
}

/**
 * Noise of packed bits. `rows` is the number of GGSW rows that a value depends on at least (levels times distinct
 * bits on a path); it only enters `degrees`.
 *
 * - one keyswitch: v = la N (Ba^2/12 + 1/6) sigma^2 + N/2 Ba^(-2 la) / 12 + transform.
 * - expanded, P = 2^L: payload P^2 sigma^2 + v (P^2 - 1) / 3, others P sigma^2 + v (P - 1).
 * - mask row: N/2 (P sigma^2 + v_key (P - 1)) + amplified rounding and transform + v_s, where v_s is the s^2
 *   keyswitch: ls N (Bs^2/12 + 1/6) sigma^2 + transform + N^3/48 Bs^(-2 ls) / 12 (coefficients of s^2 reach N/4).
 * - CMUX: lg N (Bg^2/12 + 1/6) (v_mask + v_body) + transform + (N/2 + 1) Bg^(-2 lg) / 12.
 */
export function packedNoise(
  packed: PackedParameters,
  polynomialSize: number,
  rows: number = packed.gadget.levelCount,
): PackedNoise {
  const size = polynomialSize;
  const expanded = expansionNoise(packed.automorphism, packed.log2Coefficients, size);
  const square = squareVariance(packed.square, size);
  const maskRow = expanded.white + expanded.aligned + square;
  const alignedShare = expanded.aligned / maskRow;
  const whiteShare = (LOWEST_FREQUENCY_SHARE * expanded.white) / maskRow;
  const transform = halfProduct(packed.square, size).transform;
  const transformShare = (LOWEST_FREQUENCY_SHARE * transform) / maskRow;
  const share = alignedShare + whiteShare + transformShare;
  const spread =
    alignedShare ** 2 * commonPower(packed.log2Coefficients, rows) +
    whiteShare ** 2 / rows +
    transformShare ** 2 / SQUARE_TRANSFORM_DEGREES;
  return {
    automorphism: expanded.automorphism,
    payload: expanded.payload,
    others: expanded.others,
    square,
    maskRow,
    cmux: packedCmuxVariance(packed.gadget, maskRow + expanded.bodyRow, size),
    share,
    degrees: share ** 2 / spread,
  };
}

/** Noise after the expansion and, before the s^2 keyswitch, of s times the expanded error. */
export interface ExpansionNoise {
  readonly automorphism: number;
  readonly payload: number;
  readonly others: number;
  /** A body row, averaged over its coefficients. */
  readonly bodyRow: number;
  /** A mask row's errors of flat spectrum, and those that s amplifies again. */
  readonly white: number;
  readonly aligned: number;
}

/** The first half of `packedNoise`, which the search computes once per automorphism gadget and P. */
export function expansionNoise(
  gadget: Gadget,
  log2Coefficients: number,
  size: number,
): ExpansionNoise {
  const fresh = freshVariance(size);
  const count = 2 ** log2Coefficients;
  const { automorphism, rounding } = automorphismNoise(gadget, size);
  const payload = count ** 2 * fresh + (automorphism * (count ** 2 - 1)) / 3;
  const others = count * fresh + automorphism * (count - 1);
  return {
    automorphism,
    payload,
    others,
    bodyRow: others + payload / size,
    white: (size / 2) * others,
    aligned: (size ** 2 / 24) * rounding * alignment(log2Coefficients),
  };
}

/** What one automorphism keyswitch adds to a coefficient, and the part of it that carries the key: its rounding. */
export function automorphismNoise(
  gadget: Gadget,
  size: number,
): { readonly automorphism: number; readonly rounding: number } {
  const half = halfProduct(gadget, size);
  // Of the transform's error only the body's is left, which no key multiplies.
  const transform = half.transform / (size / 2);
  const rounding = (size / 2) * half.rounding;
  return { automorphism: half.key + rounding + transform, rounding };
}

/** What the s^2 keyswitch adds to a mask row. */
export function squareVariance(gadget: Gadget, size: number): number {
  const half = halfProduct(gadget, size);
  return half.key + half.transform + squareRounding(gadget, size);
}

/** The part of it that s^2 multiplied. */
export function squareRounding(gadget: Gadget, size: number): number {
  return (size ** 3 / 48) * roundingVariance(gadget);
}

/** One CMUX whose GGSW has rows with the noise `row` = mask row + body row. */
export function packedCmuxVariance(gadget: Gadget, row: number, size: number): number {
  return (
    gadget.levelCount * size * digitVariance(gadget.baseLog) * row +
    transformVariance(size, gadget.baseLog, 2 * gadget.levelCount) +
    (size / 2 + 1) * roundingVariance(gadget)
  );
}

/** Key noise and transform of a phase; `rounding` is per coefficient of the decomposed mask. */
function halfProduct(gadget: Gadget, size: number): HalfProduct {
  return {
    key: gadget.levelCount * size * digitVariance(gadget.baseLog) * freshVariance(size),
    rounding: roundingVariance(gadget),
    transform: HALF_PRODUCT_EXCESS * transformVariance(size, gadget.baseLog, gadget.levelCount),
  };
}

/**
 * How much of a rounding error, which carries the permuted s, meets the lowest frequency of s again after the rest of the
 * expansion. Step t of L applies 1 +- sigma with the exponent e = 2^(L - t) + 1, and s at frequency e overlaps s at
 * frequency 1 by 1 / e^2: the product over all steps of (1 + 1 / e^2), minus 1.
 */
function alignment(log2Coefficients: number): number {
  let product = 1;
  for (let step = 1; step <= log2Coefficients; step += 1) product *= 1 + 1 / (2 ** step + 1) ** 2;
  return product - 1;
}

/**
 * Relative variance of the aligned power over `rows` expanded ciphertexts: a mean over L steps, and step t has only
 * 2^t separate errors, so that its first ones are common to all rows.
 */
function commonPower(log2Coefficients: number, rows: number): number {
  let sum = 0;
  for (let step = 0; step < log2Coefficients; step += 1) sum += 1 / Math.min(2 ** step, rows);
  return log2Coefficients === 0 ? 0 : sum / log2Coefficients ** 2;
}
