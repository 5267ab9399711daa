//! Keyswitch of a batch of LWE ciphertexts from the large key (modulo 2^64) to a small key (modulo 2^32).
//!
//! `out = (0, b) - sum over i and levels of digit_level(a_i) * row(i, level)`. The key is tens of megabytes, so its rows
//! are walked once per batch, and each row's contribution goes to every ciphertext of the batch while it is in cache.
//! Digits have the mean 0 (`fourier/digit.rs`): any other would add up the key's noise to an error that all ciphertexts
//! under one key have in common, so that some keys fail much oftener than promised.

use crate::ciphertext::Lwe;
use crate::fourier::Preparation;
use crate::parameters::Gadget;
use crate::server::key::LookupKey;
use pulp::Arch;

/// The keyswitched ciphertexts, n mask words and the body word each. Inputs have dimension N.
pub(super) fn keyswitch(key: &LookupKey, inputs: &[&Lwe]) -> Vec<Vec<u32>> {
    let gadget = key.parameters.keyswitch;
    let levels = gadget.level_count as usize;
    let width = key.parameters.lwe_dimension + 1;
    let start = |input: &&Lwe| {
        let mut sums = vec![0u32; width];
        sums[width - 1] = (input.body().wrapping_add(1 << 31) >> 32) as u32;
        sums
    };
    let mut outputs: Vec<Vec<u32>> = inputs.iter().map(start).collect();
    let preparation = Preparation::new(gadget);
    let mut digits = vec![0u32; levels];
    for (index, rows) in key.keyswitch.chunks_exact(levels * width).enumerate() {
        for (input, output) in inputs.iter().zip(&mut outputs) {
            decompose(&mut digits, preparation.of(input.mask()[index]), gadget);
            subtract_rows(output, rows, &digits);
        }
    }
    outputs
}

/// The digits of a prepared word in wrapping 32-bit words, the most significant first.
fn decompose(digits: &mut [u32], prepared: u64, gadget: Gadget) {
    let half = 1u64 << (gadget.base_log - 1);
    for (digit, level) in digits.iter_mut().zip(1..) {
        let field = prepared >> (64 - gadget.base_log * level) & ((1 << gadget.base_log) - 1);
        *digit = (field + (prepared & 1)).wrapping_sub(half) as u32;
    }
}

/// `sums -= sum of digit * row`, up to four rows in one pass over the sums.
fn subtract_rows(sums: &mut [u32], rows: &[u32], digits: &[u32]) {
    let width = sums.len();
    for (digits, rows) in digits.chunks(4).zip(rows.chunks(4 * width)) {
        let row = |index: usize| &rows[index * width..][..width];
        match *digits {
            [a, b, c, d] => subtract(sums, [row(0), row(1), row(2), row(3)], [a, b, c, d]),
            [a, b, c] => subtract(sums, [row(0), row(1), row(2)], [a, b, c]),
            [a, b] => subtract(sums, [row(0), row(1)], [a, b]),
            [a] => subtract(sums, [row(0)], [a]),
            _ => {}
        }
    }
}

fn subtract<const ROWS: usize>(sums: &mut [u32], rows: [&[u32]; ROWS], digits: [u32; ROWS]) {
    Arch::new().dispatch(|| {
        let width = sums.len();
        let rows = rows.map(|row| &row[..width]);
        for (index, sum) in sums.iter_mut().enumerate() {
            let mut total = *sum;
            for (row, digit) in rows.iter().zip(digits) {
                total = total.wrapping_sub(row[index].wrapping_mul(digit));
            }
            *sum = total;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn digits_recompose_to_the_word_and_turn_with_its_sign() {
        for (base_log, level_count) in [(1, 1), (2, 7), (3, 5), (4, 4), (8, 2)] {
            let gadget = Gadget { base_log, level_count };
            let preparation = Preparation::new(gadget);
            let digits = |word: u64| {
                let mut digits = vec![0u32; level_count as usize];
                decompose(&mut digits, preparation.of(word), gadget);
                digits.iter().map(|&digit| digit as i32).collect::<Vec<_>>()
            };
            let mut words = [0u64; 1000];
            Seed(4).stream().fill(&mut words);
            for word in words {
                let sum = digits(word).iter().zip(1..).fold(0u64, |sum, (&digit, level)| {
                    sum.wrapping_add((i64::from(digit) as u64) << (64 - base_log * level))
                });
                assert!((word.wrapping_sub(sum) as i64).unsigned_abs() <= 1 << (63 - gadget.precision()));
                let negated: Vec<i32> = digits(word.wrapping_neg()).iter().map(|digit| -digit).collect();
                assert_eq!(digits(word), negated);
            }
        }
    }
}
