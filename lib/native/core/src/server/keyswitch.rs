//! Keyswitch of a batch of LWE ciphertexts from the large key (modulo 2^64) to a small key (modulo 2^32).
//!
//! `out = (0, b) - sum over i and levels of digit_level(a_i) * row(i, level)`. The key is tens of megabytes, so its rows
//! are walked once per batch, and each row's contribution goes to every ciphertext of the batch while it is in cache.
//! Threads that are idle take a piece of the key each.
//! Digits have the mean 0 (`fourier/digit.rs`): any other would add up the key's noise to an error that all ciphertexts
//! under one key have in common, so that some keys fail much oftener than promised.

use crate::ciphertext::Lwe;
use crate::fourier::Preparation;
use crate::parameters::Gadget;
use crate::server::key::LookupKey;
use pulp::Arch;
use rayon::prelude::*;
use std::ops::Range;

/// The keyswitched ciphertexts, n mask words and the body word each. Inputs have dimension N. The key is cut in a piece
/// for each thread of the current pool; sums are modulo 2^32, so that their order does not matter.
pub(super) fn keyswitch(key: &LookupKey, inputs: &[&Lwe]) -> Vec<Vec<u32>> {
    let threads = rayon::current_num_threads();
    let piece = key.size.div_ceil(threads);
    let pieces = (0..threads).into_par_iter().map(|index| {
        let first = (index * piece).min(key.size);
        keyswitch_piece(key, inputs, first..(first + piece).min(key.size))
    });
    let add = |mut left: Vec<Vec<u32>>, right: Vec<Vec<u32>>| {
        for (sum, word) in left.iter_mut().flatten().zip(right.into_iter().flatten()) {
            *sum = sum.wrapping_add(word);
        }
        left
    };
    let mut outputs = pieces.reduce_with(add).unwrap_or_default();
    for (output, input) in outputs.iter_mut().zip(inputs) {
        if let Some(body) = output.last_mut() {
            *body = body.wrapping_add((input.body().wrapping_add(1 << 31) >> 32) as u32);
        }
    }
    outputs
}

/// The products of the mask words in `range` with their rows, negated.
pub(super) fn keyswitch_piece(key: &LookupKey, inputs: &[&Lwe], range: Range<usize>) -> Vec<Vec<u32>> {
    let gadget = key.parameters.keyswitch;
    let levels = gadget.level_count as usize;
    let width = key.parameters.lwe_dimension + 1;
    let mut outputs = vec![vec![0u32; width]; inputs.len()];
    let preparation = Preparation::new(gadget);
    let mut digits = vec![0u32; levels];
    let rows = &key.keyswitch[range.start * levels * width..range.end * levels * width];
    for (index, rows) in range.zip(rows.chunks_exact(levels * width)) {
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
