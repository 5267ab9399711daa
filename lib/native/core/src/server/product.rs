//! Products in the Fourier domain: sums over digits of digit times row, for the mask and the body at once.
//!
//! Rows come in groups of some digits. A group is stored *blocked*: for each block of 8 frequencies, for each of its
//! digits, the 8 values of the row's mask and then of its body. A product walks each group once from front to back,
//! and its sums stay in registers.

use crate::fourier::c64;
use pulp::{Arch, Simd, WithSimd};

/// Frequencies per block.
pub(super) const BLOCK: usize = 8;

/// Groups of rows: each `points * 2 * width` values for `width` digits, with N / 2 points.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) values: &'a [c64],
    /// Digits per group.
    pub(super) width: usize,
}

/// Writes the spectrum of one polynomial as part 0 (mask) or 1 (body) of the row of `digit` in one group.
pub(super) fn store_row(group: &mut [c64], width: usize, digit: usize, part: usize, spectrum: &[c64]) {
    let start = (2 * digit + part) * BLOCK;
    for (rows, block) in group.chunks_exact_mut(2 * width * BLOCK).zip(spectrum.chunks_exact(BLOCK)) {
        rows[start..start + BLOCK].copy_from_slice(block);
    }
}

/// `(mask, body) = sum over digits of digit * row`, over the digits `skip` and following of each group. `digits` are
/// spectra `stride` values apart, in the order of groups and of digits in each.
pub(super) fn multiply(
    mask: &mut [c64],
    body: &mut [c64],
    digits: &[c64],
    stride: usize,
    skip: usize,
    rows: Rows<'_>,
) {
    Arch::new().dispatch(Multiply { mask, body, digits, stride, skip, rows });
}

struct Multiply<'a> {
    mask: &'a mut [c64],
    body: &'a mut [c64],
    digits: &'a [c64],
    stride: usize,
    skip: usize,
    rows: Rows<'a>,
}

impl WithSimd for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // The block is a compile-time number of registers on each instruction set.
        match BLOCK / S::C64_LANES {
            2 => self.blocks::<S, 2>(simd),
            4 => self.blocks::<S, 4>(simd),
            _ => self.blocks::<S, 8>(simd),
        }
    }
}

impl Multiply<'_> {
    #[inline(always)]
    fn blocks<S: Simd, const REGISTERS: usize>(self, simd: S) {
        let group_values = self.mask.len() * 2 * self.rows.width;
        let block_values = 2 * BLOCK * self.rows.width;
        let blocks = self.mask.chunks_exact_mut(BLOCK).zip(self.body.chunks_exact_mut(BLOCK));
        for (index, (mask, body)) in blocks.enumerate() {
            let mut mask_sums = [simd.splat_c64s(c64::new(0.0, 0.0)); REGISTERS];
            let mut body_sums = mask_sums;
            let groups = self.rows.values.chunks_exact(group_values);
            for (group, digits) in groups.zip(self.digits.chunks(self.stride * self.rows.width)) {
                let rows = &group[index * block_values..][..block_values];
                let pairs = rows.chunks_exact(2 * BLOCK).zip(digits.chunks(self.stride)).skip(self.skip);
                for (row, digit) in pairs {
                    let digit = S::as_simd_c64s(&digit[index * BLOCK..][..BLOCK]).0;
                    let (mask_row, body_row) = row.split_at(BLOCK);
                    let (mask_row, body_row) = (S::as_simd_c64s(mask_row).0, S::as_simd_c64s(body_row).0);
                    for register in 0..REGISTERS {
                        mask_sums[register] =
                            simd.mul_add_e_c64s(digit[register], mask_row[register], mask_sums[register]);
                        body_sums[register] =
                            simd.mul_add_e_c64s(digit[register], body_row[register], body_sums[register]);
                    }
                }
            }
            S::as_mut_simd_c64s(mask).0.copy_from_slice(&mask_sums);
            S::as_mut_simd_c64s(body).0.copy_from_slice(&body_sums);
        }
    }
}
