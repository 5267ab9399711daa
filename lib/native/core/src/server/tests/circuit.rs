//! Circuit bootstrapping: the bits, their noise, and the CMUX with them.

use super::diagrams::{SQUARE_KEY, check_selection, digit_square, rounding, row_words, transform_noise};
use super::lookups::{encrypt_large, torus};
use super::{Keys, SIZE, assert_close, error, gadget, keys_for, phases, secure_variance, uniform, variance};
use crate::ErrorCode;
use crate::client::lwe_phase;
use crate::parameters::{CircuitParameters, Gadget, GlweParameters, LookupParameters, Parameters};
use crate::server::key::level_values;
use crate::server::{BitRegisters, CircuitBit, CircuitItem, EvaluationKey, circuit_bootstrap_batch};
use std::f64::consts::PI;
use std::sync::atomic::AtomicBool;
use tfhe::core_crypto::commons::noise_formulas::centered_mean_shifted_modulus_switch::centered_binary_shifted_modulus_switch_additive_variance;
use tfhe::core_crypto::commons::noise_formulas::lwe_keyswitch::keyswitch_additive_variance_132_bits_security_gaussian;
use tfhe::core_crypto::commons::noise_formulas::lwe_programmable_bootstrap::pbs_variance_132_bits_security_gaussian_fft_mul;
use tfhe::core_crypto::prelude::{
    DecompositionBaseLog, DecompositionLevelCount, GlweDimension, LweDimension, PolynomialSize,
};

static RUNNING: AtomicBool = AtomicBool::new(false);

/// Parameters as the search chooses them: precise, and fast.
fn precise() -> (CircuitParameters, LookupParameters) {
    let circuit =
        CircuitParameters { gadget: gadget(5, 5), automorphism: gadget(6, 8), square: gadget(8, 6), lookup: 0 };
    (circuit, lookup(gadget(12, 3)))
}

fn fast() -> (CircuitParameters, LookupParameters) {
    let circuit =
        CircuitParameters { gadget: gadget(4, 4), automorphism: gadget(10, 5), square: gadget(12, 4), lookup: 0 };
    (circuit, lookup(gadget(15, 2)))
}

fn lookup(bootstrap: Gadget) -> LookupParameters {
    LookupParameters { lwe_dimension: 600, keyswitch: gadget(2, 6), bootstrap, log2_extension: 0 }
}

fn keys((circuit, lookup): (CircuitParameters, LookupParameters)) -> Keys {
    let glwe = GlweParameters { dimension: 1, polynomial_size: SIZE };
    keys_for(Parameters { glwe, packed: None, unpacked: None, lookups: vec![lookup], circuit: Some(circuit) })
}

/// Variance of what the rotation gives.
fn rotation_variance(lookup: &LookupParameters) -> f64 {
    pbs_variance_132_bits_security_gaussian_fft_mul(
        LweDimension(lookup.lwe_dimension),
        GlweDimension(1),
        PolynomialSize(SIZE),
        DecompositionBaseLog(lookup.bootstrap.base_log as usize),
        DecompositionLevelCount(lookup.bootstrap.level_count as usize),
        53.0,
        torus(64),
    )
    .0
}

/// The rows of a bit by `lib/compiler/parameters/circuit-noise.ts`: the constant coefficient of a body row, the mean over
/// all coefficients of a body row, of a mask row.
struct RowVariances {
    payload: f64,
    body: f64,
    mask: f64,
}

fn row_variances(circuit: &CircuitParameters, lookup: &LookupParameters) -> RowVariances {
    let size = SIZE as f64;
    let gadget = circuit.automorphism;
    let step = f64::from(gadget.level_count) * size * digit_square(gadget) * secure_variance() + rounding(gadget);
    let before = rotation_variance(lookup) + size.powi(3) / 24.0 * torus(-128);
    let body = (size - 1.0) * step + before / size;
    let square = circuit.square;
    let mask = size / 2.0 * body
        + size * size / 24.0 * rounding(gadget) * (PI * PI / 4.0 - 1.0)
        + f64::from(square.level_count) * size * digit_square(square) * secure_variance()
        + transform_noise(square)
        + SQUARE_KEY * (-2.0 * f64::from(square.precision())).exp2() / 12.0;
    RowVariances { payload: before + step * (size * size - 1.0) / 3.0, body, mask }
}

/// Bootstraps `bits` in batches, with an output at a scale of 2^60.
fn bootstrap(keys: &mut Keys, bits: &[bool]) -> Vec<CircuitBit> {
    let plaintexts: Vec<u64> = bits.iter().map(|&bit| u64::from(bit) << 63).collect();
    let inputs = encrypt_large(keys, &plaintexts);
    let items: Vec<_> = inputs.iter().map(|input| CircuitItem { input, output_scale: Some(60) }).collect();
    let mut workspace = keys.evaluation.workspace();
    let batch =
        |items: &[CircuitItem]| circuit_bootstrap_batch(&keys.evaluation, items, &mut workspace, &RUNNING).unwrap();
    items.chunks(8).flat_map(batch).collect()
}

#[test]
fn bits_have_the_noise_of_the_formulas_and_select() {
    for (circuit, lookup) in [precise(), fast()] {
        println!("{circuit:?}, {lookup:?}");
        let mut keys = keys((circuit, lookup));
        let bits: Vec<bool> = uniform(48, 3).iter().map(|word| word & 1 == 1).collect();
        let made = bootstrap(&mut keys, &bits);
        let key = &keys.secret.glwe;
        let levels = circuit.gadget.level_count as usize;
        let (mut outputs, mut payload, mut body_rows, mut mask_rows) = (vec![], vec![], vec![], vec![]);
        for (made, &bit) in made.iter().zip(&bits) {
            let output = made.output.as_ref().unwrap();
            outputs.push(error(lwe_phase(key, output.mask(), output.body()).unwrap(), u64::from(bit) << 60));
            for level in 0..levels {
                let group = &made.bit.rows(0).values[level * level_values(SIZE)..][..level_values(SIZE)];
                let message = u64::from(bit) << (64 - circuit.gadget.base_log as usize * (level + 1));
                let [mask, body] = row_words(group, 1);
                let found = phases(key, &mask, &body);
                payload.push(error(found[0], message));
                body_rows.push(error(found[0], message));
                body_rows.extend(found[1..].iter().map(|&phase| error(phase, 0)));
                let [mask, body] = row_words(group, 0);
                let wanted = key.bits().iter().map(|bit| bit.wrapping_mul(message).wrapping_neg());
                mask_rows.extend(phases(key, &mask, &body).into_iter().zip(wanted).map(|(a, b)| error(a, b)));
            }
        }
        let rows = row_variances(&circuit, &lookup);
        assert_close("outputs", variance(&outputs), rotation_variance(&lookup));
        assert_close("payload", variance(&payload), rows.payload);
        assert_close("body rows", variance(&body_rows), rows.body);
        assert_close("mask rows", variance(&mask_rows), rows.mask);

        let gadget = circuit.gadget;
        let formula = f64::from(gadget.level_count) * SIZE as f64 * digit_square(gadget) * (rows.mask + rows.body)
            + transform_noise(gadget)
            + rounding(gadget);
        let registers: Vec<(&BitRegisters, usize)> = made.iter().map(|made| (&made.bit, 0)).collect();
        check_selection(key, &keys.evaluation, &registers, &bits, formula);
    }
}

#[test]
fn what_does_not_fit_is_refused_and_a_cancelled_batch_says_so() {
    let mut keys = keys(fast());
    let input = &encrypt_large(&mut keys, &[1 << 63])[0];
    let run = |evaluation: &EvaluationKey, output_scale, cancel: bool| {
        let items = [CircuitItem { input, output_scale }];
        let mut workspace = evaluation.workspace();
        let outcome = circuit_bootstrap_batch(evaluation, &items, &mut workspace, &AtomicBool::new(cancel));
        outcome.err().map(|error| error.code)
    };
    assert_eq!(run(&keys.evaluation, None, false), None);
    assert_eq!(run(&keys.evaluation, None, true), Some(ErrorCode::Cancelled));
    assert_eq!(run(&keys.evaluation, Some(0), false), Some(ErrorCode::Internal));
    assert_eq!(run(&keys.evaluation, Some(64), false), Some(ErrorCode::Internal));
    let without = super::keys(None, vec![fast().1]);
    assert_eq!(run(&without.evaluation, None, false), Some(ErrorCode::BadKey));
}

#[test]
fn bits_flip_where_the_keyswitch_and_the_switch_to_groups_take_them_over_the_margin() {
    let (circuit, lookup) = fast();
    let mut keys = keys((circuit, lookup));
    let dimension = LweDimension(lookup.lwe_dimension);
    let keyswitch = keyswitch_additive_variance_132_bits_security_gaussian(
        LweDimension(SIZE),
        dimension,
        DecompositionBaseLog(lookup.keyswitch.base_log as usize),
        DecompositionLevelCount(lookup.keyswitch.level_count as usize),
        torus(64),
        torus(32),
    );
    // Four levels and the output lie side by side in groups of eight: three bits of the modulus are lost.
    assert_eq!(circuit.log2_group(), 3);
    let switch = centered_binary_shifted_modulus_switch_additive_variance(dimension, torus(32), torus(12 - 3));
    let deviation = (keyswitch.0 + switch.0).sqrt();
    // A quarter of the torus away both bits are as likely; one deviation before, the bit flips in one of 6.3 cases.
    for (deviations, least, most) in [(0.0, 0.38, 0.62), (1.0, 0.08, 0.25), (4.0, 0.0, 0.02)] {
        let distance = 0.25 - deviations * deviation;
        let count = 160;
        let place = |index: usize| {
            let sign = if index.is_multiple_of(4) || index % 4 == 3 { 1.0 } else { -1.0 };
            ((sign * distance * 2f64.powi(63)) as i64 as u64).wrapping_mul(2).wrapping_add((index as u64 & 1) << 63)
        };
        let plaintexts: Vec<u64> = (0..count).map(place).collect();
        let inputs = encrypt_large(&mut keys, &plaintexts);
        let items: Vec<_> = inputs.iter().map(|input| CircuitItem { input, output_scale: Some(63) }).collect();
        let mut workspace = keys.evaluation.workspace();
        let made = items
            .chunks(16)
            .flat_map(|items| circuit_bootstrap_batch(&keys.evaluation, items, &mut workspace, &RUNNING).unwrap());
        let flipped = made.enumerate().filter(|(index, made)| {
            let output = made.output.as_ref().unwrap();
            let phase = lwe_phase(&keys.secret.glwe, output.mask(), output.body()).unwrap();
            phase.wrapping_add(1 << 62) >> 63 != *index as u64 & 1
        });
        let share = flipped.count() as f64 / count as f64;
        println!("{deviations} deviations from the margin: {share} flipped");
        assert!((least..=most).contains(&share), "{deviations} deviations: {share}");
    }
}
