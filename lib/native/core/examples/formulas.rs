//! Prints `test/fixtures/tfhe-formulas.json`: the values of the tfhe crate's own security and noise functions on grids,
//! against which the formulas in TypeScript are compared.
//!
//! `cargo run --release --example formulas > ../../../test/fixtures/tfhe-formulas.json`

use serde_json::{Value, json};
use tfhe::core_crypto::commons::noise_formulas::centered_mean_shifted_modulus_switch::centered_binary_shifted_modulus_switch_additive_variance;
use tfhe::core_crypto::commons::noise_formulas::lwe_keyswitch::keyswitch_additive_variance_132_bits_security_gaussian;
use tfhe::core_crypto::commons::noise_formulas::lwe_programmable_bootstrap::pbs_variance_132_bits_security_gaussian_fft_mul;
use tfhe::core_crypto::commons::noise_formulas::modulus_switch::modulus_switch_additive_variance;
use tfhe::core_crypto::commons::noise_formulas::secure_noise::minimal_lwe_variance_for_132_bits_security_gaussian;
use tfhe::core_crypto::prelude::{
    DecompositionBaseLog, DecompositionLevelCount, GlweDimension, LweDimension, PolynomialSize,
};

/// Bits of the f64 mantissa, as the library's own parameter tests give them.
const MANTISSA: f64 = 53.0;

fn main() {
    let fixture = json!({
        "source": "tfhe 1.8.2, core_crypto::commons::noise_formulas; variances in torus units",
        "secureVariance": secure_variance(),
        "keyswitchAdditiveVariance": keyswitch(),
        "classicBootstrapVariance": bootstrap(),
        "modulusSwitchVariance": modulus_switch(),
    });
    println!("{}", serde_json::to_string_pretty(&fixture).expect("plain JSON"));
}

fn torus(log2: u32) -> f64 {
    f64::from(log2).exp2()
}

/// minimal_lwe_variance_for_132_bits_security_gaussian(n, 2^log2Modulus)
fn secure_variance() -> Vec<Value> {
    let mut rows = Vec::new();
    for log2_modulus in [32, 64] {
        for dimension in [450, 512, 600, 630, 696, 744, 788, 834, 868, 930, 1016, 1024, 1100, 2048, 2600, 4096, 8192] {
            let variance =
                minimal_lwe_variance_for_132_bits_security_gaussian(LweDimension(dimension), torus(log2_modulus)).0;
            rows.push(json!({ "lweDimension": dimension, "log2Modulus": log2_modulus, "variance": variance }));
        }
    }
    rows
}

/// keyswitch_additive_variance_132_bits_security_gaussian
fn keyswitch() -> Vec<Value> {
    let mut rows = Vec::new();
    for output_log2 in [32, 64] {
        for (input, output) in [(1024, 630), (2048, 696), (2048, 788), (2048, 868), (4096, 930)] {
            for (base_log, level_count) in [(2, 8), (3, 5), (4, 3), (5, 2), (3, 7), (8, 1)] {
                let variance = keyswitch_additive_variance_132_bits_security_gaussian(
                    LweDimension(input),
                    LweDimension(output),
                    DecompositionBaseLog(base_log),
                    DecompositionLevelCount(level_count),
                    torus(64),
                    torus(output_log2),
                )
                .0;
                rows.push(json!({
                    "inputDimension": input, "outputDimension": output, "baseLog": base_log,
                    "levelCount": level_count, "log2InputModulus": 64, "log2OutputModulus": output_log2,
                    "variance": variance,
                }));
            }
        }
    }
    rows
}

/// pbs_variance_132_bits_security_gaussian_fft_mul
fn bootstrap() -> Vec<Value> {
    let mut rows = Vec::new();
    for lwe_dimension in [630, 788, 930] {
        for (glwe_dimension, polynomial_size) in [(1, 1024), (1, 2048), (1, 4096), (2, 1024), (3, 512), (1, 8192)] {
            for (base_log, level_count) in [(23, 1), (22, 1), (15, 2), (11, 3), (5, 5), (4, 12), (7, 6)] {
                let variance = pbs_variance_132_bits_security_gaussian_fft_mul(
                    LweDimension(lwe_dimension),
                    GlweDimension(glwe_dimension),
                    PolynomialSize(polynomial_size),
                    DecompositionBaseLog(base_log),
                    DecompositionLevelCount(level_count),
                    MANTISSA,
                    torus(64),
                )
                .0;
                rows.push(json!({
                    "lweDimension": lwe_dimension, "glweDimension": glwe_dimension, "polynomialSize": polynomial_size,
                    "baseLog": base_log, "levelCount": level_count, "log2Modulus": 64, "mantissa": MANTISSA,
                    "variance": variance,
                }));
            }
        }
    }
    rows
}

/// modulus_switch_additive_variance and centered_binary_shifted_modulus_switch_additive_variance
fn modulus_switch() -> Vec<Value> {
    let mut rows = Vec::new();
    for log2_modulus in [32, 64] {
        for lwe_dimension in [512, 788, 930, 1016] {
            for log2_new_modulus in [9, 11, 12, 13, 15, 18] {
                let (dimension, modulus, new) =
                    (LweDimension(lwe_dimension), torus(log2_modulus), torus(log2_new_modulus));
                rows.push(json!({
                    "lweDimension": lwe_dimension, "log2Modulus": log2_modulus, "log2NewModulus": log2_new_modulus,
                    "plain": modulus_switch_additive_variance(dimension, modulus, new).0,
                    "centered": centered_binary_shifted_modulus_switch_additive_variance(dimension, modulus, new).0,
                }));
            }
        }
    }
    rows
}
