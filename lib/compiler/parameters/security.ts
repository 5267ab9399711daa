/** The noise that makes a key of a given size secure. There is no other curve and no way below it. */

/**
 * Smallest variance of Gaussian noise, in torus units, that gives 132 bits of security to (G)LWE ciphertexts under a
 * binary key of `dimension` bits (k * N for GLWE) and modulus q = 2^log2Modulus:
 *
 *     2^(4 - 2 log2 q) + 2^(5.31469187675068 - 0.0497829131652661 dimension)
 *
 * Source: tfhe `core_crypto::commons::noise_formulas::secure_noise`,
 * `minimal_lwe_variance_for_132_bits_security_gaussian`. The curve was fitted for dimensions from 450.
 */
export function secureVariance(dimension: number, log2Modulus: number): number {
  return 2 ** (4 - 2 * log2Modulus) + 2 ** (5.31469187675068 - 0.0497829131652661 * dimension);
}
