//! Table lookups: keyswitch, modulus switch, blind rotation, extraction.

use crate::ciphertext::Lwe;
use crate::error::{Error, ErrorCode, Result};
use crate::server::{LookupKey, Workspace};
use std::sync::atomic::AtomicBool;

/// The input of a lookup.
#[derive(Clone, Copy)]
pub enum LookupInput<'a> {
    /// Under the large key: keyswitched first.
    Large(&'a Lwe),
    /// Already under the small key of the class.
    Small(&'a Lwe),
}

/// One lookup of a batch.
#[derive(Clone, Copy)]
pub struct LookupItem<'a> {
    pub input: LookupInput<'a>,
    /// The test polynomial, 2^log2_extension * N torus words.
    pub polynomial: &'a [u64],
    /// Coefficients of the rotated polynomial to extract, each below its size.
    pub positions: &'a [usize],
}

/// Looks a batch up on this thread (batches of 8 to 16 share the key's way through the caches); per item one LWE under
/// the large key per position. The coefficient j of the rotated polynomial is coefficient `j + phase` of the given
/// one, negacyclic, where the phase in steps of 1 / 2N' is rounded **down** (the centered switch takes half a step
/// off). Checks `cancel` between key steps. Errors: `INTERNAL` for sizes, `CANCELLED`.
pub fn lookup_batch(
    _key: &LookupKey,
    _items: &[LookupItem<'_>],
    _workspace: &mut Workspace,
    _cancel: &AtomicBool,
) -> Result<Vec<Vec<Lwe>>> {
    Err(Error::new(ErrorCode::Internal, "not built yet"))
}
