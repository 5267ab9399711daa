//! Packed and unpacked bits, and the CMUX.

use super::{Keys, SIZE, assert_close, error, gadget, keys, phases, secure_variance, uniform, variance};
use crate::ciphertext::Glwe;
use crate::client::Encryptor;
use crate::fourier::{c64, transform, zero_spectrum};
use crate::parameters::{Gadget, PackedParameters};
use crate::server::bits::store_level;
use crate::server::expand::expand_glwe;
use crate::server::leveled::combine;
use crate::server::product::BLOCK;
use crate::server::{BitRegisters, Operand, Workspace, cmux, expand_packed, expand_unpacked};
use std::sync::atomic::AtomicBool;

static RUNNING: AtomicBool = AtomicBool::new(false);

fn packed(log2_coefficients: u32, bits: Gadget, automorphism: Gadget, square: Gadget) -> PackedParameters {
    PackedParameters { log2_coefficients, gadget: bits, automorphism, square }
}

pub(super) fn digit_square(gadget: Gadget) -> f64 {
    (2.0 * f64::from(gadget.base_log)).exp2() / 12.0 + 1.0 / 6.0
}

/// Rounding of a mask of uniform words times a binary key.
pub(super) fn rounding(gadget: Gadget) -> f64 {
    SIZE as f64 / 2.0 * (-2.0 * f64::from(gadget.precision())).exp2() / 12.0
}

/// Error of the f64 transform of one external product: the fitted term of tfhe's bootstrap formula for k = 1, n = 1.
pub(super) fn transform_noise(gadget: Gadget) -> f64 {
    0.00705
        * (2.0 * (64.0 - 53.0) + 2.0 * f64::from(gadget.base_log) - 128.0).exp2()
        * (2.0 * f64::from(gadget.level_count)).powf(1.01827)
        * (SIZE as f64).powf(2.22003)
}

/// v_a: one automorphism. Its mask is exact, so the transform adds nothing that counts.
fn automorphism_variance(packed: &PackedParameters) -> f64 {
    let gadget = packed.automorphism;
    f64::from(gadget.level_count) * SIZE as f64 * digit_square(gadget) * secure_variance() + rounding(gadget)
}

/// Variance of coefficients other than the first after the expansion.
fn expanded_variance(packed: &PackedParameters) -> f64 {
    let count = packed.coefficients() as f64;
    count * secure_variance() + automorphism_variance(packed) * (count - 1.0)
}

/// Mean square sum of the coefficients of s^2, for a binary key s: they run from -N/4 to N/4.
pub(super) const SQUARE_KEY: f64 = (SIZE * SIZE * SIZE) as f64 / 48.0;

/// v_m: a mask row.
fn mask_row_variance(packed: &PackedParameters) -> f64 {
    let gadget = packed.square;
    let square = f64::from(gadget.level_count) * SIZE as f64 * digit_square(gadget) * secure_variance()
        + transform_noise(gadget)
        + SQUARE_KEY * (-2.0 * f64::from(gadget.precision())).exp2() / 12.0;
    SIZE as f64 / 2.0 * expanded_variance(packed) + square
}

/// One CMUX of encrypted branches on bits with mask rows of variance `mask_row`.
fn cmux_variance(gadget: Gadget, mask_row: f64) -> f64 {
    f64::from(gadget.level_count) * SIZE as f64 * digit_square(gadget) * mask_row + rounding(gadget)
}

/// Row `digit` of a group of two, as the two polynomials in words.
pub(super) fn row_words(group: &[c64], digit: usize) -> [Vec<u64>; 2] {
    let transform = transform(SIZE);
    [0, 1].map(|part| {
        let mut spectrum = zero_spectrum(SIZE, 1);
        for (target, block) in spectrum.chunks_exact_mut(BLOCK).zip(group.chunks_exact(4 * BLOCK)) {
            target.copy_from_slice(&block[(2 * digit + part) * BLOCK..][..BLOCK]);
        }
        let mut words = vec![0; SIZE];
        transform.backward_set(&mut words, &mut spectrum, &mut transform.buffer());
        words
    })
}

#[test]
fn expansion_and_mask_rows_have_the_noise_of_the_formulas() {
    for packed in [
        packed(6, gadget(5, 5), gadget(4, 12), gadget(5, 10)),
        packed(6, gadget(7, 3), gadget(5, 8), gadget(6, 7)),
        packed(8, gadget(5, 5), gadget(3, 16), gadget(4, 12)),
        packed(3, gadget(5, 5), gadget(4, 12), gadget(5, 10)),
    ] {
        let Keys { secret, evaluation, mut seeds } = keys(Some(packed), vec![]);
        let levels = packed.gadget.level_count as usize;
        let count = packed.coefficients();
        let bits: Vec<bool> = uniform(count / levels, 3).iter().map(|word| word & 1 == 1).collect();
        let query = Encryptor::new(&secret.glwe).encrypt_packed(&packed, &bits, &mut seeds).unwrap();
        let mut list = vec![0; 2 * SIZE * count];
        query.seed.stream().fill(&mut list[..SIZE]);
        list[SIZE..2 * SIZE].copy_from_slice(&query.bodies);
        let key = evaluation.packed.as_ref().unwrap();
        expand_glwe(&mut list, bits.len() * levels, &key.automorphisms, &evaluation.workspaces, &RUNNING);

        let (mut first, mut others, mut mask_rows) = (Vec::new(), Vec::new(), Vec::new());
        let negated_key: Vec<u64> = secret.glwe.bits().iter().map(|bit| bit.wrapping_neg()).collect();
        for (coefficient, glwe) in list.chunks_exact(2 * SIZE).enumerate().take(bits.len() * levels) {
            let level = (coefficient % levels) as u32 + 1;
            let message = u64::from(bits[coefficient / levels]) << (64 - packed.gadget.base_log * level);
            let (mask, body) = glwe.split_at(SIZE);
            let phases_of_body_row = phases(&secret.glwe, mask, body);
            first.push(error(phases_of_body_row[0], message));
            others.extend(phases_of_body_row[1..].iter().map(|&phase| error(phase, 0)));
            if coefficient < 20 {
                let mut group = zero_spectrum(SIZE, 4);
                store_level(&mut group, mask, body, &key.square, &mut evaluation.workspace());
                let [mask, body] = row_words(&group, 0);
                let wanted = negated_key.iter().map(|bit| bit.wrapping_mul(message));
                mask_rows.extend(phases(&secret.glwe, &mask, &body).into_iter().zip(wanted).map(|(a, b)| error(a, b)));
            }
        }
        let total = (count * count) as f64;
        let data = total * secure_variance() + automorphism_variance(&packed) * (total - 1.0) / 3.0;
        println!("{packed:?}");
        // Few data coefficients, so only an upper bound.
        assert!(variance(&first) < 3.0 * data, "data coefficients: {:e} of {data:e}", variance(&first));
        assert_close("other coefficients", variance(&others), expanded_variance(&packed));
        assert_close("mask rows", variance(&mask_rows), mask_row_variance(&packed));
    }
}

#[test]
fn cmux_on_packed_bits_selects_and_adds_the_noise_of_the_formula() {
    let packed = packed(6, gadget(5, 5), gadget(4, 12), gadget(5, 10));
    let Keys { secret, evaluation, mut seeds } = keys(Some(packed), vec![]);
    let bits: Vec<bool> = (0..40).map(|index| index % 3 == 1).collect();
    let query = Encryptor::new(&secret.glwe).encrypt_packed(&packed, &bits, &mut seeds).unwrap();
    let registers = expand_packed(&evaluation, &query, bits.len(), &RUNNING).unwrap();
    let formula = cmux_variance(packed.gadget, mask_row_variance(&packed));
    check_selection(&secret.glwe, &evaluation, &all(&registers), &bits, formula);
}

#[test]
fn cmux_on_unpacked_bits_selects_and_adds_the_noise_of_the_formula() {
    let Keys { secret, evaluation, mut seeds } = keys(None, vec![]);
    let bits: Vec<bool> = (0..40).map(|index| index % 3 == 1).collect();
    let gadget = gadget(10, 4);
    let query = Encryptor::new(&secret.glwe).encrypt_unpacked(gadget, &bits, &mut seeds).unwrap();
    let registers = expand_unpacked(SIZE, gadget, &query, bits.len(), &RUNNING).unwrap();
    // Both rows are fresh here, so both halves of the product count.
    let formula = cmux_variance(gadget, 2.0 * secure_variance()) + transform_noise(gadget);
    check_selection(&secret.glwe, &evaluation, &all(&registers), &bits, formula);
}

/// All bits of a query.
fn all(registers: &BitRegisters) -> Vec<(&BitRegisters, usize)> {
    (0..registers.count()).map(|bit| (registers, bit)).collect()
}

/// Single CMUXes and paths of 10 of them, on rotated uniform messages.
pub(super) fn check_selection(
    key: &crate::keys::BinaryKey,
    evaluation: &crate::server::EvaluationKey,
    registers: &[(&BitRegisters, usize)],
    bits: &[bool],
    formula: f64,
) {
    let cmux = |out: &mut Glwe, bit: usize, zero: Operand, one: Operand, workspace: &mut Workspace| {
        let (registers, bit) = registers[bit];
        cmux(out, registers, bit, zero, one, workspace).unwrap();
    };
    let mut workspace = evaluation.workspace();
    let leaves: Vec<Vec<u64>> = (0..4).map(|seed| uniform(SIZE, 10 + seed)).collect();
    let clear = |polynomial: &[u64], rotation: usize| {
        let mut glwe = Glwe::zero(SIZE);
        glwe.body_mut().copy_from_slice(polynomial);
        let mut out = Glwe::zero(SIZE);
        combine(&mut out, &[(&glwe, rotation, 1)], None).unwrap();
        out.body().to_vec()
    };
    let (mut single, mut path) = (Vec::new(), Vec::new());
    for start in 0..bits.len() - 11 {
        let (mut left, mut right) = (Glwe::zero(SIZE), Glwe::zero(SIZE));
        let mut out = Glwe::zero(SIZE);
        let polynomial = |index: usize| Operand::Polynomial(&leaves[index]);
        cmux(&mut left, start, polynomial(0), polynomial(1), &mut workspace);
        cmux(&mut right, start, polynomial(2), polynomial(3), &mut workspace);
        let (zero, one) =
            (Operand::Rotated { glwe: &left, rotation: 0 }, Operand::Rotated { glwe: &right, rotation: 3000 });
        cmux(&mut out, start + 1, zero, one, &mut workspace);
        let before = if bits[start + 1] { &right } else { &left };
        let rotated = clear(&phases(key, before.mask(), before.body()), if bits[start + 1] { 3000 } else { 0 });
        single.extend(phases(key, out.mask(), out.body()).iter().zip(rotated).map(|(&a, b)| error(a, b)));

        let mut wanted = phases(key, out.mask(), out.body());
        for (step, &bit) in bits[start + 2..start + 11].iter().enumerate() {
            let rotation = 17 * step + 1;
            let (zero, one) = (Operand::Rotated { glwe: &out, rotation: 0 }, Operand::Rotated { glwe: &out, rotation });
            let mut next = Glwe::zero(SIZE);
            cmux(&mut next, start + 2 + step, zero, one, &mut workspace);
            wanted = clear(&wanted, if bit { rotation } else { 0 });
            out = next;
        }
        path.extend(phases(key, out.mask(), out.body()).iter().zip(&wanted).map(|(&a, &b)| error(a, b)));
    }
    assert_close("one CMUX", variance(&single), formula);
    assert_close("a path of 9", variance(&path), 9.0 * formula);
}

#[test]
fn a_cancelled_expansion_says_so() {
    let packed = packed(6, gadget(7, 3), gadget(5, 8), gadget(6, 7));
    let Keys { secret, evaluation, mut seeds } = keys(Some(packed), vec![]);
    let query = Encryptor::new(&secret.glwe).encrypt_packed(&packed, &[true; 21], &mut seeds).unwrap();
    let outcome = expand_packed(&evaluation, &query, 21, &AtomicBool::new(true));
    assert_eq!(outcome.err().unwrap().code, crate::ErrorCode::Cancelled);
    let short = expand_packed(&evaluation, &query, 22, &RUNNING);
    assert_eq!(short.err().unwrap().code, crate::ErrorCode::BadCiphertext);
}
