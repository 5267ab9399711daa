//! The kernels decrypt right, and their noise is what the formulas say.
//!
//! Variances are in torus units. A measured variance may differ from its formula by a factor of 2: enough for the
//! sampling error of these small runs, and far less than any wrong term makes.

mod circuit;
mod diagrams;
mod lookups;

use crate::ciphertext::{Glwe, Lwe};
use crate::client::{Encryptor, glwe_phase, lwe_phase};
use crate::keys::{BinaryKey, SecretKey, generate_evaluation_key};
use crate::parameters::{
    Gadget, GlweDimension, GlweParameters, LookupParameters, PackedParameters, Parameters, PolynomialSize,
};
use crate::random::{InsecureTestSeeder, Seed};
use crate::security::glwe_standard_deviation;
use crate::server::{EvaluationKey, expand_linear, extract, linear, sum};

pub(super) const SIZE: usize = 2048;

/// Keys of one set of parameters.
pub(super) struct Keys {
    pub(super) secret: SecretKey,
    pub(super) evaluation: EvaluationKey,
    pub(super) seeds: InsecureTestSeeder,
}

pub(super) fn gadget(base_log: u32, level_count: u32) -> Gadget {
    Gadget { base_log, level_count }
}

pub(super) fn keys(packed: Option<PackedParameters>, lookups: Vec<LookupParameters>) -> Keys {
    let glwe = GlweParameters { dimension: 1, polynomial_size: SIZE };
    keys_for(Parameters { glwe, packed, unpacked: None, lookups, circuit: None })
}

pub(super) fn keys_for(parameters: Parameters) -> Keys {
    let mut seeds = InsecureTestSeeder::new(7);
    let secret = SecretKey::generate(&parameters, &mut seeds).unwrap();
    let seeded = generate_evaluation_key(&parameters, &secret, &mut seeds).unwrap();
    Keys { secret, evaluation: EvaluationKey::expand(&parameters, &seeded).unwrap(), seeds }
}

/// A difference of phases as a torus number of [-1/2, 1/2).
pub(super) fn error(given: u64, wanted: u64) -> f64 {
    given.wrapping_sub(wanted) as i64 as f64 / 2f64.powi(64)
}

/// Mean square of errors.
pub(super) fn variance(errors: &[f64]) -> f64 {
    errors.iter().map(|error| error * error).sum::<f64>() / errors.len() as f64
}

/// All N phases of a GLWE.
pub(super) fn phases(key: &BinaryKey, mask: &[u64], body: &[u64]) -> Vec<u64> {
    let mut product = vec![0; body.len()];
    crate::negacyclic::BinaryPolynomial::new(key.bits()).add_product(&mut product, mask);
    body.iter().zip(product).map(|(body, product)| body.wrapping_sub(product)).collect()
}

pub(super) fn assert_close(what: &str, measured: f64, formula: f64) {
    println!(
        "{what}: measured 2^{:.2}, formula 2^{:.2} (standard deviations)",
        measured.log2() / 2.0,
        formula.log2() / 2.0
    );
    assert!(
        measured > formula / 2.0 && measured < formula * 2.0,
        "{what}: variance {measured:e}, the formula says {formula:e}"
    );
}

pub(super) fn secure_variance() -> f64 {
    glwe_standard_deviation(GlweDimension(1), PolynomialSize(SIZE)).powi(2)
}

/// Uniform words.
pub(super) fn uniform(count: usize, seed: u128) -> Vec<u64> {
    let mut words = vec![0; count];
    Seed(seed).stream().fill(&mut words);
    words
}

#[test]
fn linear_queries_give_the_weighted_sum_with_the_weighted_noise() {
    let Keys { secret, mut seeds, .. } = keys(None, vec![]);
    let encryptor = Encryptor::new(&secret.glwe);
    let weights: Vec<i64> = (0..30).map(|index| 300 - 21 * index).collect();
    let squares: f64 = weights.iter().map(|&weight| (weight * weight) as f64).sum();
    // Row r: slots at 30 r and following; the sum lands at 30 r + 29 because weight i sits at X^(29 - i).
    for rows in [1usize, 68] {
        let positions: Vec<usize> = (0..30 * rows).collect();
        let values: Vec<u64> = uniform(positions.len(), 1).iter().map(|word| word >> 52).collect();
        let plaintexts: Vec<u64> = values.iter().map(|value| value << 34).collect();
        let terms: Vec<(usize, i64)> =
            weights.iter().enumerate().map(|(index, &weight)| (29 - index, weight)).collect();
        let mut errors = Vec::new();
        for _ in 0..40 {
            let query = encryptor.encrypt_linear(&positions, &plaintexts, &mut seeds).unwrap();
            let glwe = expand_linear(SIZE, &positions, &query).unwrap();
            let mut out = Glwe::zero(SIZE);
            linear(&mut out, &glwe, &terms, None).unwrap();
            for row in 0..rows {
                let position = 30 * row + 29;
                let phase = glwe_phase(&secret.glwe, out.mask(), out.body()[position], position).unwrap();
                let wanted = (0..30).fold(0u64, |sum, index| {
                    sum.wrapping_add(plaintexts[30 * row + index].wrapping_mul(weights[index] as u64))
                });
                errors.push(error(phase, wanted));
            }
        }
        assert_close("linear", variance(&errors), squares * secure_variance());
    }
}

#[test]
fn extracted_samples_and_their_sums_have_the_phases_of_their_coefficients() {
    let Keys { secret, mut seeds, .. } = keys(None, vec![]);
    let positions: Vec<usize> = (0..SIZE).collect();
    let plaintexts: Vec<u64> = (0..SIZE as u64).map(|index| index << 50).collect();
    let query = Encryptor::new(&secret.glwe).encrypt_linear(&positions, &plaintexts, &mut seeds).unwrap();
    let glwe = expand_linear(SIZE, &positions, &query).unwrap();
    let samples: Vec<Lwe> = [0, 1, 1000, SIZE - 1]
        .into_iter()
        .map(|position| {
            let mut lwe = Lwe::zero(SIZE);
            extract(&mut lwe, &glwe, position).unwrap();
            let phase = lwe_phase(&secret.glwe, lwe.mask(), lwe.body()).unwrap();
            assert_eq!(phase, glwe_phase(&secret.glwe, glwe.mask(), glwe.body()[position], position).unwrap());
            assert!(error(phase, plaintexts[position]).abs() < 2f64.powi(-40));
            lwe
        })
        .collect();
    let mut out = Lwe::zero(SIZE);
    sum(&mut out, &[(&samples[1], 3), (&samples[2], -2), (&samples[3], 1)], 5 << 50).unwrap();
    let phase = lwe_phase(&secret.glwe, out.mask(), out.body()).unwrap();
    let wanted = (3 - 2000 + (SIZE as i64 - 1) + 5) as u64;
    assert!(error(phase, wanted << 50).abs() < 2f64.powi(-40));
}
