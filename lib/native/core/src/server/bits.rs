//! Bit registers: GGSW ciphertexts of the input bits in the Fourier domain.

use crate::ciphertext::Seeded;
use crate::error::{Error, ErrorCode, Result};
use crate::parameters::Gadget;
use crate::server::EvaluationKey;
use std::sync::atomic::AtomicBool;

/// All GGSW bits of a query, one after the other in one allocation.
pub struct BitRegisters {
    count: usize,
}

impl BitRegisters {
    /// Number of bits.
    pub fn count(&self) -> usize {
        self.count
    }
}

/// Expands a packed query of `bit_count` bits, on all threads of the current pool. `progress` is told the number of
/// finished work units out of `expand_packed_units`. Errors: `BAD_CIPHERTEXT` for sizes, `BAD_KEY` when the key has no
/// packed part, `CANCELLED`.
pub fn expand_packed(
    _key: &EvaluationKey,
    _query: &Seeded,
    _bit_count: usize,
    _cancel: &AtomicBool,
) -> Result<BitRegisters> {
    Err(Error::new(ErrorCode::Internal, "not built yet"))
}

/// The bit registers of an unpacked query, on all threads of the current pool. Errors: `BAD_CIPHERTEXT`, `CANCELLED`.
pub fn expand_unpacked(
    _size: usize,
    _gadget: Gadget,
    _query: &Seeded,
    _bit_count: usize,
    _cancel: &AtomicBool,
) -> Result<BitRegisters> {
    Err(Error::new(ErrorCode::Internal, "not built yet"))
}
