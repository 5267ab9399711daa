//! Bit registers: GGSW ciphertexts of the input bits in the Fourier domain, from packed or unpacked queries.

use crate::ciphertext::Seeded;
use crate::error::{Error, ErrorCode, Result, check_size};
use crate::parameters::Gadget;
use crate::server::EvaluationKey;
use crate::server::expand::expand_coefficients;
use crate::server::key::{PackedKey, expand_ggsw, ggsw_values};
use crate::server::product::{Rows, store_row};
use crate::server::transform::{Spectrum, c64, zero_spectrum};
use crate::server::workspace::{Workspace, WorkspacePool};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// All GGSW bits of a query, one after the other in one allocation.
pub struct BitRegisters {
    values: Spectrum,
    pub(super) gadget: Gadget,
    pub(super) size: usize,
    count: usize,
}

impl BitRegisters {
    /// Number of bits.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Blocked rows of one bit's GGSW.
    pub(super) fn rows(&self, bit: usize) -> Rows<'_> {
        let levels = self.gadget.level_count as usize;
        let length = ggsw_values(self.size, levels);
        Rows::new(&self.values[bit * length..][..length], 2 * levels)
    }
}

/// Expands a packed query of `bit_count` bits, on all threads of the current pool. Errors: `BAD_CIPHERTEXT` for sizes,
/// `BAD_KEY` when the key has no packed part, `CANCELLED`.
pub fn expand_packed(
    key: &EvaluationKey,
    query: &Seeded,
    bit_count: usize,
    cancel: &AtomicBool,
) -> Result<BitRegisters> {
    let parameters = key.parameters().packed.as_ref().zip(key.packed.as_ref());
    let (packed, packed_key) =
        parameters.ok_or_else(|| Error::new(ErrorCode::BadKey, "the evaluation key has no packed part"))?;
    let size = key.parameters().polynomial_size();
    let wanted = packed.glwe_count(bit_count) * size;
    check_size(ErrorCode::BadCiphertext, "words of a packed query", query.bodies.len(), wanted)?;

    let levels = packed.gadget.level_count as usize;
    let coefficients = expand_coefficients(key, packed_key, query, bit_count * levels, cancel)?;
    let mut values = zero_spectrum(size, 4 * levels * bit_count);
    values.par_chunks_exact_mut(ggsw_values(size, levels)).enumerate().for_each(|(bit, rows)| {
        if !cancel.load(Ordering::Relaxed) {
            let mut workspace = key.workspaces.take();
            for level in 0..levels {
                let (mask, body) = coefficients.glwe(bit * levels + level);
                store_level(rows, levels, level, mask, body, packed_key, &mut workspace);
            }
        }
    });
    if cancel.load(Ordering::Relaxed) {
        return Err(Error::cancelled());
    }
    Ok(BitRegisters { values, gadget: packed.gadget, size, count: bit_count })
}

/// One level of a GGSW from the GLWE that encrypts `m * g`: it is the body row; the mask row, of phase `-s * m * g`, is
/// `(body, 0) + sum of digits of the mask * key of s^2`. Neither leaves the Fourier domain.
fn store_level(
    rows: &mut [c64],
    levels: usize,
    level: usize,
    mask: &[u64],
    body: &[u64],
    key: &PackedKey,
    workspace: &mut Workspace,
) {
    let gadget = key.square.gadget;
    let square_levels = gadget.level_count as usize;
    workspace.reserve_digits(square_levels);
    workspace.decompose(mask, gadget, 0);
    workspace.multiply(key.square.rows(), 0, square_levels);
    let Workspace { transform, buffer, mask_sum, body_sum, spectrum, .. } = workspace;
    store_row(rows, 2 * levels, level, 1, body_sum);
    transform.forward_torus(spectrum, body, buffer);
    store_row(rows, 2 * levels, levels + level, 1, spectrum);
    for (sum, value) in mask_sum.iter_mut().zip(spectrum.iter()) {
        *sum += value;
    }
    store_row(rows, 2 * levels, level, 0, mask_sum);
    transform.forward_torus(spectrum, mask, buffer);
    store_row(rows, 2 * levels, levels + level, 0, spectrum);
}

/// The bit registers of an unpacked query, on all threads of the current pool. Errors: `BAD_CIPHERTEXT`, `CANCELLED`.
pub fn expand_unpacked(
    size: usize,
    gadget: Gadget,
    query: &Seeded,
    bit_count: usize,
    cancel: &AtomicBool,
) -> Result<BitRegisters> {
    let wanted = bit_count * gadget.level_count as usize * 2 * size;
    check_size(ErrorCode::BadCiphertext, "words of an unpacked query", query.bodies.len(), wanted)?;
    if cancel.load(Ordering::Relaxed) {
        return Err(Error::cancelled());
    }
    let values = expand_ggsw(query.seed, &query.bodies, gadget, &WorkspacePool::new(size));
    Ok(BitRegisters { values, gadget, size, count: bit_count })
}
