//! Products in the Fourier domain: sums over digits of digit times row, for the mask and the body at once.
//!
//! Rows are stored *blocked*: for each block of 8 frequencies, for each digit, the 8 values of the row's mask and then
//! of its body. A product walks the rows once from front to back, and its sums stay in registers.

use crate::server::transform::c64;
use pulp::{Arch, Simd, WithSimd};

/// Frequencies per block.
pub(super) const BLOCK: usize = 8;

/// Rows of `digit_count` digits for polynomials of N coefficients: N / 2 * 2 * digit_count values.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    values: &'a [c64],
    digit_count: usize,
}

impl<'a> Rows<'a> {
    pub(super) fn new(values: &'a [c64], digit_count: usize) -> Self {
        Self { values, digit_count }
    }
}

/// Writes the spectrum of one polynomial as row `digit`, part 0 (mask) or 1 (body), of blocked rows.
pub(super) fn store_row(values: &mut [c64], digit_count: usize, digit: usize, part: usize, spectrum: &[c64]) {
    let start = (2 * digit + part) * BLOCK;
    for (rows, block) in values.chunks_exact_mut(2 * digit_count * BLOCK).zip(spectrum.chunks_exact(BLOCK)) {
        rows[start..start + BLOCK].copy_from_slice(block);
    }
}

/// `(mask, body) = sum over digits of digit * row`. `digits` are the spectra of rows `first` and following,
/// `stride` values apart.
pub(super) fn multiply(
    mask: &mut [c64],
    body: &mut [c64],
    digits: &[c64],
    stride: usize,
    first: usize,
    count: usize,
    rows: Rows<'_>,
) {
    Arch::new().dispatch(Multiply { mask, body, digits, stride, first, count, rows });
}

struct Multiply<'a> {
    mask: &'a mut [c64],
    body: &'a mut [c64],
    digits: &'a [c64],
    stride: usize,
    first: usize,
    count: usize,
    rows: Rows<'a>,
}

impl WithSimd for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let blocks = self.mask.chunks_exact_mut(BLOCK).zip(self.body.chunks_exact_mut(BLOCK));
        let rows = self.rows.values.chunks_exact(2 * BLOCK * self.rows.digit_count);
        for (index, ((mask, body), rows)) in blocks.zip(rows).enumerate() {
            let rows = &rows[2 * BLOCK * self.first..][..2 * BLOCK * self.count];
            let digits = &self.digits[index * BLOCK..];
            // The block is a compile-time number of registers on each instruction set.
            match BLOCK / S::C64_LANES {
                2 => block::<S, 2>(simd, mask, body, digits, self.stride, rows),
                4 => block::<S, 4>(simd, mask, body, digits, self.stride, rows),
                _ => block::<S, 8>(simd, mask, body, digits, self.stride, rows),
            }
        }
    }
}

#[inline(always)]
fn block<S: Simd, const REGISTERS: usize>(
    simd: S,
    mask: &mut [c64],
    body: &mut [c64],
    digits: &[c64],
    stride: usize,
    rows: &[c64],
) {
    let mut mask_sums = [simd.splat_c64s(c64::new(0.0, 0.0)); REGISTERS];
    let mut body_sums = mask_sums;
    for (row, digit) in rows.chunks_exact(2 * BLOCK).zip(digits.chunks(stride)) {
        let digit = S::as_simd_c64s(&digit[..BLOCK]).0;
        let (mask_row, body_row) = row.split_at(BLOCK);
        let (mask_row, body_row) = (S::as_simd_c64s(mask_row).0, S::as_simd_c64s(body_row).0);
        for register in 0..REGISTERS {
            mask_sums[register] = simd.mul_add_e_c64s(digit[register], mask_row[register], mask_sums[register]);
            body_sums[register] = simd.mul_add_e_c64s(digit[register], body_row[register], body_sums[register]);
        }
    }
    S::as_mut_simd_c64s(mask).0.copy_from_slice(&mask_sums);
    S::as_mut_simd_c64s(body).0.copy_from_slice(&body_sums);
}
