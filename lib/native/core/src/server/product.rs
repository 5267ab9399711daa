//! Products in the Fourier domain: sums over digits of digit times row, for all parts of the rows at once.
//!
//! Rows come in groups of some digits, and have parts (a mask and a body, or more). A group is stored *blocked*: for each
//! block of 8 frequencies, for each of its digits, the 8 values of each part. A product walks each group once from front
//! to back, and its sums stay in registers.

use crate::fourier::c64;
use pulp::{Arch, Simd, WithSimd};

/// Frequencies per block.
pub(super) const BLOCK: usize = 8;

/// Groups of rows of `PARTS` parts: each `points * PARTS * width` values for `width` digits, with N / 2 points.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a, const PARTS: usize> {
    pub(super) values: &'a [c64],
    /// Digits per group.
    pub(super) width: usize,
}

/// Writes the spectrum of one polynomial as `part` of the row of `digit` in one group.
pub(super) fn store_row<const PARTS: usize>(
    group: &mut [c64],
    width: usize,
    digit: usize,
    part: usize,
    spectrum: &[c64],
) {
    let start = (PARTS * digit + part) * BLOCK;
    for (rows, block) in group.chunks_exact_mut(PARTS * width * BLOCK).zip(spectrum.chunks_exact(BLOCK)) {
        rows[start..start + BLOCK].copy_from_slice(block);
    }
}

/// `sums[part] = sum over digits of digit * row[part]`, over the digits `skip` and following of each group. `digits` are
/// spectra `stride` values apart, in the order of groups and of digits in each.
pub(super) fn multiply<const PARTS: usize>(
    sums: [&mut [c64]; PARTS],
    digits: &[c64],
    stride: usize,
    skip: usize,
    rows: Rows<'_, PARTS>,
) {
    Arch::new().dispatch(Multiply { sums, digits, stride, skip, rows });
}

struct Multiply<'a, const PARTS: usize> {
    sums: [&'a mut [c64]; PARTS],
    digits: &'a [c64],
    stride: usize,
    skip: usize,
    rows: Rows<'a, PARTS>,
}

impl<const PARTS: usize> WithSimd for Multiply<'_, PARTS> {
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

impl<const PARTS: usize> Multiply<'_, PARTS> {
    #[inline(always)]
    fn blocks<S: Simd, const REGISTERS: usize>(self, simd: S) {
        let Self { mut sums, digits, stride, skip, rows } = self;
        let points = sums[0].len();
        let group_values = points * PARTS * rows.width;
        let block_values = PARTS * BLOCK * rows.width;
        for index in 0..points / BLOCK {
            let mut registers = [[simd.splat_c64s(c64::new(0.0, 0.0)); REGISTERS]; PARTS];
            for (group, digits) in rows.values.chunks_exact(group_values).zip(digits.chunks(stride * rows.width)) {
                let rows = &group[index * block_values..][..block_values];
                for (row, digit) in rows.chunks_exact(PARTS * BLOCK).zip(digits.chunks(stride)).skip(skip) {
                    let digit = S::as_simd_c64s(&digit[index * BLOCK..][..BLOCK]).0;
                    for (registers, part) in registers.iter_mut().zip(row.chunks_exact(BLOCK)) {
                        let part = S::as_simd_c64s(part).0;
                        for (register, (&digit, &value)) in registers.iter_mut().zip(digit.iter().zip(part)) {
                            *register = simd.mul_add_e_c64s(digit, value, *register);
                        }
                    }
                }
            }
            for (sum, registers) in sums.iter_mut().zip(&registers) {
                S::as_mut_simd_c64s(&mut sum[index * BLOCK..][..BLOCK]).0.copy_from_slice(registers);
            }
        }
    }
}

/// `sum = sum over digits of digit * row[part]` for groups of two digits, of which those of masks are in `digits[0]` and
/// those of bodies in `digits[1]`, each `stride` values apart. Adds up in the order of [`multiply`].
pub(super) fn multiply_part(sum: &mut [c64], digits: [&[c64]; 2], stride: usize, part: usize, rows: Rows<'_, 2>) {
    Arch::new().dispatch(MultiplyPart { sum, digits, stride, part, rows });
}

struct MultiplyPart<'a> {
    sum: &'a mut [c64],
    digits: [&'a [c64]; 2],
    stride: usize,
    part: usize,
    rows: Rows<'a, 2>,
}

impl WithSimd for MultiplyPart<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match BLOCK / S::C64_LANES {
            2 => self.blocks::<S, 2>(simd),
            4 => self.blocks::<S, 4>(simd),
            _ => self.blocks::<S, 8>(simd),
        }
    }
}

impl MultiplyPart<'_> {
    #[inline(always)]
    fn blocks<S: Simd, const REGISTERS: usize>(self, simd: S) {
        let Self { sum, digits: [masks, bodies], stride, part, rows } = self;
        let points = sum.len();
        for (index, sum) in sum.chunks_exact_mut(BLOCK).enumerate() {
            let mut registers = [simd.splat_c64s(c64::new(0.0, 0.0)); REGISTERS];
            let digits = masks.chunks(stride).zip(bodies.chunks(stride));
            for (group, (mask, body)) in rows.values.chunks_exact(4 * points).zip(digits) {
                let rows = group[4 * index * BLOCK..][..4 * BLOCK].chunks_exact(2 * BLOCK);
                for (row, digit) in rows.zip([mask, body]) {
                    let digit = S::as_simd_c64s(&digit[index * BLOCK..][..BLOCK]).0;
                    let row = S::as_simd_c64s(&row[part * BLOCK..][..BLOCK]).0;
                    for (register, (&digit, &value)) in registers.iter_mut().zip(digit.iter().zip(row)) {
                        *register = simd.mul_add_e_c64s(digit, value, *register);
                    }
                }
            }
            S::as_mut_simd_c64s(sum).0.copy_from_slice(&registers);
        }
    }
}
