//! The least noise that is secure, by the formulas that the `tfhe` crate publishes (132 bits, Gaussian, binary keys).
//! Every encryption in this crate takes its noise from here; none accepts it from outside.

use tfhe::core_crypto::commons::noise_formulas::secure_noise::{
    minimal_glwe_variance_for_132_bits_security_gaussian, minimal_lwe_variance_for_132_bits_security_gaussian,
};
use tfhe::core_crypto::prelude::{GlweDimension, LweDimension, PolynomialSize};

const TORUS_64: f64 = 18_446_744_073_709_551_616.0;
const TORUS_32: f64 = 4_294_967_296.0;

/// Standard deviation, in torus units, of GLWE encryptions over 64 bits.
pub fn glwe_standard_deviation(dimension: GlweDimension, size: PolynomialSize) -> f64 {
    minimal_glwe_variance_for_132_bits_security_gaussian(dimension, size, TORUS_64).0.sqrt()
}

/// Standard deviation, in torus units, of LWE encryptions over 64 bits.
pub fn lwe_standard_deviation(dimension: LweDimension) -> f64 {
    minimal_lwe_variance_for_132_bits_security_gaussian(dimension, TORUS_64).0.sqrt()
}

/// Standard deviation, in torus units, of LWE encryptions over 32 bits (the keyswitch keys).
pub fn keyswitch_standard_deviation(dimension: LweDimension) -> f64 {
    minimal_lwe_variance_for_132_bits_security_gaussian(dimension, TORUS_32).0.sqrt()
}
