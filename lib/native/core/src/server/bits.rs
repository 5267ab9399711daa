//! Bit registers: GGSW ciphertexts of the input bits in the Fourier domain, from packed or unpacked queries.

use crate::ciphertext::Seeded;
use crate::error::{Error, ErrorCode, Result, check_size};
use crate::fourier::c64;
use crate::parameters::Gadget;
use crate::server::EvaluationKey;
use crate::server::expand::expand_glwe;
use crate::server::key::{SquareKey, expand_ggsw, ggsw_rows, level_values};
use crate::server::product::{Rows, store_row};
use crate::server::recycle::{RecycledSpectrum, Recycler};
use crate::server::workspace::{Workspace, WorkspacePool};
use pulp::Arch;
use rayon::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// GGSW bits, those of a query one after the other in one allocation, or a computed one.
pub struct BitRegisters {
    values: RecycledSpectrum,
    pub(super) gadget: Gadget,
    pub(super) size: usize,
    count: usize,
}

impl BitRegisters {
    /// `count` bits under `gadget`, their levels one after the other in `values`.
    pub(super) fn new(values: RecycledSpectrum, gadget: Gadget, size: usize, count: usize) -> Self {
        Self { values, gadget, size, count }
    }

    /// Number of bits.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Rows of one bit's GGSW.
    pub(super) fn rows(&self, bit: usize) -> Rows<'_, 2> {
        ggsw_rows(&self.values, self.size, self.gadget, bit)
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

    // Payload coefficient c of the query is level c of the GGSW levels stored one after the other.
    let mut values = key.recycler.spectrum(bit_count * packed.gadget.level_count as usize * level_values(size));
    let parts = values.par_chunks_mut(packed.coefficients() * level_values(size));
    parts.zip(query.bodies.par_chunks_exact(size)).enumerate().for_each(|(index, (levels, body))| {
        let used = levels.len() / level_values(size);
        let mut list = key.recycler.words(2 * size * packed.coefficients());
        let (mask, first_body) = list[..2 * size].split_at_mut(size);
        query.seed.stream_from((index * size * 8) as u64).fill(mask);
        first_body.copy_from_slice(body);
        expand_glwe(&mut list, used, &packed_key.automorphisms, &key.workspaces, cancel);
        let coefficients = list.par_chunks_exact(2 * size);
        levels.par_chunks_exact_mut(level_values(size)).zip(coefficients).for_each(|(group, glwe)| {
            if !cancel.load(Ordering::Relaxed) {
                let (mask, body) = glwe.split_at(size);
                store_level(group, mask, body, &packed_key.square, &mut key.workspaces.take());
            }
        });
    });
    if cancel.load(Ordering::Relaxed) {
        return Err(Error::cancelled());
    }
    Ok(BitRegisters::new(values, packed.gadget, size, bit_count))
}

/// One level of a GGSW from the GLWE that encrypts `m * g`: it is the body row; the mask row, of phase `-s * m * g`, is
/// `(body, 0) + sum of digits of the mask * key of s^2`. Neither leaves the Fourier domain.
pub(super) fn store_level(
    group: &mut [c64],
    mask: &[u64],
    body: &[u64],
    square: &SquareKey,
    workspace: &mut Workspace,
) {
    workspace.reserve_digits(square.gadget.level_count as usize);
    workspace.decompose(mask, square.gadget, 0, 1);
    workspace.multiply(square.rows(), 0);
    let Workspace { transform, buffer, mask_sum, body_sum, spectrum, .. } = workspace;
    store_row::<2>(group, 2, 0, 1, body_sum);
    transform.forward_torus(spectrum, body, buffer);
    store_row::<2>(group, 2, 1, 1, spectrum);
    Arch::new().dispatch(|| mask_sum.iter_mut().zip(spectrum.iter()).for_each(|(sum, value)| *sum += value));
    store_row::<2>(group, 2, 0, 0, mask_sum);
    transform.forward_torus(spectrum, mask, buffer);
    store_row::<2>(group, 2, 1, 0, spectrum);
}

/// The bit registers of an unpacked query, on all threads of the current pool. Errors: `BAD_CIPHERTEXT`, `CANCELLED`.
pub fn expand_unpacked(
    size: usize,
    gadget: Gadget,
    query: &Seeded,
    bit_count: usize,
    cancel: &AtomicBool,
) -> Result<BitRegisters> {
    let levels = bit_count * gadget.level_count as usize;
    check_size(ErrorCode::BadCiphertext, "words of an unpacked query", query.bodies.len(), levels * 2 * size)?;
    if cancel.load(Ordering::Relaxed) {
        return Err(Error::cancelled());
    }
    let mut values = Arc::new(Recycler::default()).spectrum(levels * level_values(size));
    expand_ggsw(&mut values, query.seed, &query.bodies, &WorkspacePool::new(size));
    Ok(BitRegisters::new(values, gadget, size, bit_count))
}
