//! Keyswitch, modulus switch, blind rotation and whole lookups.

use super::{Keys, SIZE, assert_close, error, gadget, keys, uniform, variance};
use crate::ciphertext::Lwe;
use crate::client::{Encryptor, encrypt_small, lwe_phase};
use crate::parameters::LookupParameters;
use crate::server::bootstrap::switch_modulus_centered;
use crate::server::keyswitch::keyswitch;
use crate::server::{LookupInput, LookupItem, expand_linear, expand_small, extract, lookup_batch};
use std::sync::atomic::AtomicBool;
use tfhe::core_crypto::commons::noise_formulas::centered_mean_shifted_modulus_switch::centered_binary_shifted_modulus_switch_additive_variance;
use tfhe::core_crypto::commons::noise_formulas::lwe_keyswitch::keyswitch_additive_variance_132_bits_security_gaussian;
use tfhe::core_crypto::commons::noise_formulas::lwe_programmable_bootstrap::pbs_variance_132_bits_security_gaussian_fft_mul;
use tfhe::core_crypto::prelude::{
    DecompositionBaseLog, DecompositionLevelCount, GlweDimension, LweDimension, PolynomialSize,
};

static RUNNING: AtomicBool = AtomicBool::new(false);

pub(super) fn torus(log2: i32) -> f64 {
    2f64.powi(log2)
}

/// LWE encryptions of `plaintexts` under the large key.
pub(super) fn encrypt_large(keys: &mut Keys, plaintexts: &[u64]) -> Vec<Lwe> {
    let positions: Vec<usize> = (0..plaintexts.len()).collect();
    let query = Encryptor::new(&keys.secret.glwe).encrypt_linear(&positions, plaintexts, &mut keys.seeds).unwrap();
    let glwe = expand_linear(SIZE, &positions, &query).unwrap();
    let sample = |position| {
        let mut lwe = Lwe::zero(SIZE);
        extract(&mut lwe, &glwe, position).unwrap();
        lwe
    };
    positions.into_iter().map(sample).collect()
}

#[test]
fn keyswitch_has_the_noise_of_the_formula() {
    for gadget in [gadget(3, 5), gadget(4, 3)] {
        let dimension = 600;
        let lookup = LookupParameters {
            lwe_dimension: dimension,
            keyswitch: gadget,
            bootstrap: super::gadget(23, 1),
            log2_extension: 0,
        };
        let mut keys = keys(None, vec![lookup]);
        let plaintexts = uniform(400, 5);
        let large = encrypt_large(&mut keys, &plaintexts);
        let small = keys.secret.lookups[0].bits();
        let outputs = keyswitch(&keys.evaluation.lookups()[0], &large.iter().collect::<Vec<_>>());
        let errors: Vec<f64> = outputs
            .iter()
            .zip(&large)
            .map(|(output, input)| {
                let product =
                    output.iter().zip(small).fold(0u32, |sum, (word, &bit)| sum.wrapping_add(word * bit as u32));
                let phase = u64::from(output[dimension].wrapping_sub(product)) << 32;
                error(phase, lwe_phase(&keys.secret.glwe, input.mask(), input.body()).unwrap())
            })
            .collect();
        let formula = keyswitch_additive_variance_132_bits_security_gaussian(
            LweDimension(SIZE),
            LweDimension(dimension),
            DecompositionBaseLog(gadget.base_log as usize),
            DecompositionLevelCount(gadget.level_count as usize),
            torus(64),
            torus(32),
        );
        assert_close("keyswitch", variance(&errors), formula.0);
    }
}

#[test]
fn the_centered_modulus_switch_rounds_down_with_the_noise_of_the_formula() {
    let dimension = 800;
    let mut keys = keys(
        None,
        vec![LookupParameters {
            lwe_dimension: dimension,
            keyswitch: gadget(3, 5),
            bootstrap: gadget(23, 1),
            log2_extension: 0,
        }],
    );
    let query = encrypt_small(&keys.secret.lookups[0], &uniform(2000, 6), &mut keys.seeds).unwrap();
    let bits = keys.secret.lookups[0].bits();
    let log2_modulus = 12;
    let errors: Vec<f64> = expand_small(dimension, &query)
        .iter()
        .map(|lwe| {
            let switched = switch_modulus_centered(lwe.words(), log2_modulus);
            let product: usize = switched.mask.iter().zip(bits).map(|(word, &bit)| word * bit as usize).sum();
            let phase = (switched.body as u64).wrapping_sub(product as u64) << (64 - log2_modulus);
            let half_step = 1 << (63 - log2_modulus);
            error(phase.wrapping_add(half_step), lwe_phase(&keys.secret.lookups[0], lwe.mask(), lwe.body()).unwrap())
        })
        .collect();
    let formula =
        centered_binary_shifted_modulus_switch_additive_variance(LweDimension(dimension), torus(64), torus(12)).0;
    // The body's own rounding, which the formula leaves out.
    let body = torus(-2 * log2_modulus as i32) / 12.0;
    assert_close("centered modulus switch", variance(&errors), formula + body);
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    assert!(mean.abs() < 5.0 * ((formula + body) / errors.len() as f64).sqrt(), "mean {mean:e}");
}

#[test]
fn blind_rotation_has_the_noise_of_the_formula() {
    for (bootstrap, log2_extension) in [(gadget(23, 1), 0), (gadget(15, 2), 0), (gadget(23, 1), 1), (gadget(15, 2), 3)]
    {
        let dimension = 450;
        let lookup = LookupParameters { lwe_dimension: dimension, keyswitch: gadget(4, 3), bootstrap, log2_extension };
        let mut keys = keys(None, vec![lookup]);
        let size = SIZE << log2_extension;
        let polynomial = uniform(size, 8);
        let plaintexts = uniform(4, 9);
        let query = encrypt_small(&keys.secret.lookups[0], &plaintexts, &mut keys.seeds).unwrap();
        let small = expand_small(dimension, &query);
        let positions: Vec<usize> = (0..size).step_by(size / 64).chain([1, 2, 3, size - 1]).collect();
        let items: Vec<LookupItem> = small
            .iter()
            .map(|lwe| LookupItem { input: LookupInput::Small(lwe), polynomial: &polynomial, positions: &positions })
            .collect();
        let key = &keys.evaluation.lookups()[0];
        let outputs = lookup_batch(key, &items, &mut keys.evaluation.workspace(), &RUNNING).unwrap();
        let mut errors = Vec::new();
        for (lwe, outputs) in small.iter().zip(&outputs) {
            let log2_modulus = size.trailing_zeros() as usize + 1;
            let switched = switch_modulus_centered(lwe.words(), log2_modulus);
            let bits = keys.secret.lookups[0].bits();
            let product: usize = switched.mask.iter().zip(bits).map(|(word, &bit)| word * bit as usize).sum();
            let phase = switched.body.wrapping_sub(product) % (2 * size);
            for (&position, output) in positions.iter().zip(outputs) {
                let source = (position + phase) % (2 * size);
                let wanted = if source < size { polynomial[source] } else { polynomial[source - size].wrapping_neg() };
                errors.push(error(lwe_phase(&keys.secret.glwe, output.mask(), output.body()).unwrap(), wanted));
            }
        }
        let formula = pbs_variance_132_bits_security_gaussian_fft_mul(
            LweDimension(dimension),
            GlweDimension(1),
            PolynomialSize(SIZE),
            DecompositionBaseLog(bootstrap.base_log as usize),
            DecompositionLevelCount(bootstrap.level_count as usize),
            53.0,
            torus(64),
        );
        println!("{bootstrap:?}, extension 2^{log2_extension}");
        assert_close("blind rotation", variance(&errors), formula.0);
    }
}

#[test]
fn lookups_of_four_bits_give_the_table() {
    let lookup =
        LookupParameters { lwe_dimension: 800, keyswitch: gadget(3, 5), bootstrap: gadget(23, 1), log2_extension: 0 };
    let mut keys = keys(None, vec![lookup]);
    let table = |value: u64| (value * value + 3) % 16;
    // One padding bit, boxes of N / 16 coefficients, half a box early.
    let width = SIZE / 16;
    let polynomial: Vec<u64> = (0..SIZE)
        .map(|index| {
            let entry = (index + width / 2) / width;
            if entry < 16 { table(entry as u64) << 59 } else { (table(0) << 59).wrapping_neg() }
        })
        .collect();
    let plaintexts: Vec<u64> = (0..16).map(|value| value << 59).collect();
    let large = encrypt_large(&mut keys, &plaintexts);
    let query = encrypt_small(&keys.secret.lookups[0], &plaintexts, &mut keys.seeds).unwrap();
    let small = expand_small(800, &query);
    let inputs = large.iter().map(LookupInput::Large).chain(small.iter().map(LookupInput::Small));
    let items: Vec<LookupItem> =
        inputs.map(|input| LookupItem { input, polynomial: &polynomial, positions: &[0] }).collect();
    let mut workspace = keys.evaluation.workspace();
    let outputs = lookup_batch(&keys.evaluation.lookups()[0], &items, &mut workspace, &RUNNING).unwrap();
    for (index, output) in outputs.iter().enumerate() {
        let phase = lwe_phase(&keys.secret.glwe, output[0].mask(), output[0].body()).unwrap();
        assert_eq!(phase.wrapping_add(1 << 58) >> 59, table(index as u64 % 16), "input {}", index % 16);
    }
    let cancelled = lookup_batch(&keys.evaluation.lookups()[0], &items, &mut workspace, &AtomicBool::new(true));
    assert_eq!(cancelled.unwrap_err().code, crate::ErrorCode::Cancelled);
}

#[test]
fn lookups_on_several_threads_give_the_words_of_one() {
    for (bootstrap, log2_extension) in [(gadget(23, 1), 0), (gadget(15, 2), 0), (gadget(23, 1), 2)] {
        let lookup = LookupParameters { lwe_dimension: 450, keyswitch: gadget(4, 3), bootstrap, log2_extension };
        let mut keys = keys(None, vec![lookup]);
        let polynomial = uniform(SIZE << log2_extension, 10);
        let large = encrypt_large(&mut keys, &uniform(1, 11));
        let input = LookupInput::Large(&large[0]);
        let items = [LookupItem { input, polynomial: &polynomial, positions: &[0, 77] }];
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut workspace = keys.evaluation.workspace();
            pool.install(|| lookup_batch(&keys.evaluation.lookups()[0], &items, &mut workspace, &RUNNING).unwrap())
        };
        let one = on(1);
        assert!([2, 3].into_iter().all(|threads| on(threads) == one));
    }
}
