/**
 * Variances of the single operations, in torus units (variance / q^2); keys are binary, noise is `secureVariance`.
 *
 * Packed queries have their own file, `packed-noise.ts`. Sources: tfhe `core_crypto::commons::noise_formulas`, whose
 * functions the tests compare with these on a grid.
 */

import type { Gadget } from '../../runtime/program.ts';
import { secureVariance } from './security.ts';

/** Bits of the modulus of GLWE ciphertexts and of everything but keyswitched samples. */
export const LOG2_MODULUS = 64;
/** Bits of the modulus of keyswitched samples. */
export const LOG2_SMALL_MODULUS = 32;
/** Bits of the mantissa of the transform's numbers. */
const MANTISSA = 53;

/** E[digit^2] of a balanced digit of `baseLog` bits, uniform: (B^2 + 2) / 12. */
export function digitVariance(baseLog: number): number {
  return 4 ** baseLog / 12 + 1 / 6;
}

/** Variance of what a decomposition rounds away: B^(-2l) / 12. */
export function roundingVariance(gadget: Gadget): number {
  return 4 ** (-gadget.baseLog * gadget.levelCount) / 12;
}

/**
 * What an LWE keyswitch adds. Source: `lwe_keyswitch.rs`, Gaussian:
 *
 *     l D (B^2/12 + 1/6) secure(n, q_out) + D (q_in^-2 / 48 + B^(-2l) / 24) - q_in^-2 / 12 + q_out^-2 / 12
 */
export function keyswitchVariance(
  inputDimension: number,
  outputDimension: number,
  gadget: Gadget,
  log2InputModulus: number = LOG2_MODULUS,
  log2OutputModulus: number = LOG2_SMALL_MODULUS,
): number {
  const parts = keyswitchParts(inputDimension, gadget, log2InputModulus, log2OutputModulus);
  return parts.ofKey * secureVariance(outputDimension, log2OutputModulus) + parts.fixed;
}

/** `keyswitchVariance` for all output dimensions: a factor of the noise of the key, and what does not depend on it. */
export function keyswitchParts(
  inputDimension: number,
  gadget: Gadget,
  log2InputModulus: number = LOG2_MODULUS,
  log2OutputModulus: number = LOG2_SMALL_MODULUS,
): { readonly ofKey: number; readonly fixed: number } {
  const input = 4 ** -log2InputModulus;
  const output = 4 ** -log2OutputModulus;
  const fixed =
    inputDimension * (input / 48 + roundingVariance(gadget) / 2) - input / 12 + output / 12;
  return { ofKey: gadget.levelCount * inputDimension * digitVariance(gadget.baseLog), fixed };
}

/**
 * The error of the f64 transform in the phase after an external product in which `rows` polynomials of digits are
 * multiplied with key polynomials. Source: `lwe_programmable_bootstrap.rs`, where rows = l (k + 1); k = 1 here:
 *
 *     0.00705 * 2^(2 (64 - 53)) * B^2 * rows^1.01827 * N^2.22003 / q^2
 *
 * Nearly all of it is the error of the mask times the key: N / 2 times the error of one mask coefficient.
 */
export function transformVariance(polynomialSize: number, baseLog: number, rows: number): number {
  const scale = 2 ** (2 * (LOG2_MODULUS - MANTISSA) + 2 * baseLog - 2 * LOG2_MODULUS);
  return 0.00705 * scale * rows ** 1.01827 * polynomialSize ** 2.22003;
}

/**
 * Output of a classic bootstrap: n external products. Source: `lwe_programmable_bootstrap.rs`, Gaussian, f64
 * transform. Extended bootstrapping has the same: each step is one external product at N.
 */
export function bootstrapVariance(
  lweDimension: number,
  gadget: Gadget,
  polynomialSize: number,
  glweDimension: number = 1,
): number {
  const k = glweDimension;
  const modulus = 4 ** -LOG2_MODULUS;
  const rounding = roundingVariance(gadget) / 2;
  const transform =
    transformVariance(polynomialSize, gadget.baseLog, gadget.levelCount * (k + 1)) * k ** 1.22003;
  const key =
    gadget.levelCount *
    (k + 1) *
    polynomialSize *
    digitVariance(gadget.baseLog) *
    secureVariance(k * polynomialSize, LOG2_MODULUS);
  const decomposition =
    -modulus / 24 + ((k * polynomialSize) / 2) * (modulus / 48 + rounding) + rounding;
  return lweDimension * (transform + key + decomposition);
}

/**
 * What the centered modulus switch to 2N' = 2^log2Target adds. Source:
 * `centered_mean_shifted_modulus_switch.rs`: n (q^-2 / 24 + (2N')^-2 / 48). The mean is removed by the switch itself.
 */
export function modulusSwitchVariance(
  lweDimension: number,
  log2Target: number,
  log2Modulus: number = LOG2_SMALL_MODULUS,
): number {
  return lweDimension * (4 ** -log2Modulus / 24 + 4 ** -log2Target / 48);
}

/** A coefficient of a fresh GLWE: inputs of linear queries. */
export function freshVariance(polynomialSize: number): number {
  return secureVariance(polynomialSize, LOG2_MODULUS);
}

/** A fresh sample under a small key, encrypted modulo 2^64 and rounded to the modulus of keyswitched samples. */
export function freshSmallVariance(lweDimension: number): number {
  const rounding = (4 ** -LOG2_SMALL_MODULUS / 12) * (1 + lweDimension / 2);
  return secureVariance(lweDimension, LOG2_MODULUS) + rounding;
}

/**
 * One CMUX with a GGSW that the client encrypted: `bootstrapVariance` of one step, but for a bit that is surely 1
 * (formula 3 averages the decomposition's error over the bits of a key).
 */
export function unpackedCmuxVariance(gadget: Gadget, polynomialSize: number): number {
  const step = bootstrapVariance(1, gadget, polynomialSize);
  return step + (polynomialSize / 2 + 1) * (roundingVariance(gadget) / 2);
}

/**
 * What rounding a reply to 2^bits adds: the body and, weighted by the key's ones, `dimension` mask coefficients:
 * (1 + dimension / 2) 2^(-2 bits) / 12. Rounding is to nearest, so its mean is below 2^-64 * dimension: none.
 */
export function replyVariance(dimension: number, bits: number): number {
  return bits >= LOG2_MODULUS ? 0 : ((1 + dimension / 2) * 4 ** -bits) / 12;
}
