//! Table lookups of a batch: keyswitch, centered modulus switch, blind rotation, extraction.

use crate::ciphertext::{Glwe, Lwe};
use crate::error::{Error, ErrorCode, Result, check_size};
use crate::server::keyswitch::keyswitch;
use crate::server::leveled::extract;
use crate::server::rotation::{Accumulator, blind_rotate};
use crate::server::{LookupKey, Workspace};
use std::sync::atomic::AtomicBool;
use tfhe::core_crypto::commons::numeric::CastInto;
use tfhe::core_crypto::prelude::{
    CiphertextModulus, CiphertextModulusLog, LweCiphertext, ModulusSwitchedLweCiphertext, UnsignedInteger,
    lwe_ciphertext_centered_binary_modulus_switch,
};

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

/// A phase in steps of 1 / 2N': the exponents of a blind rotation.
pub(super) struct Switched {
    pub(super) mask: Vec<usize>,
    pub(super) body: usize,
}

/// Looks a batch up on this thread (batches of 8 to 16 share the key's way through the caches); per item one LWE under
/// the large key per position. Coefficient j of the rotated polynomial is coefficient `j + phase` of the given one,
/// negacyclic, where the phase in steps of 1 / 2N' is rounded **down** (the centered switch takes half a step off,
/// eprint 2025/809). Checks `cancel` between key steps. Errors: `INTERNAL` for sizes, `CANCELLED`.
pub fn lookup_batch(
    key: &LookupKey,
    items: &[LookupItem<'_>],
    workspace: &mut Workspace,
    cancel: &AtomicBool,
) -> Result<Vec<Vec<Lwe>>> {
    let extension = 1usize << key.parameters.log2_extension;
    items.iter().try_for_each(|item| check_item(item, key, extension))?;
    check_size(ErrorCode::Internal, "workspace size", workspace.size(), key.size)?;

    let log2_modulus = key.parameters.log2_extension + key.size.trailing_zeros() + 1;
    let switched = switch_inputs(key, items, log2_modulus as usize);
    let mut accumulators: Vec<Accumulator> = items
        .iter()
        .zip(&switched)
        .map(|(item, switched)| Accumulator::new(item.polynomial, switched.body, extension))
        .collect();
    blind_rotate(key, &switched, &mut accumulators, workspace, cancel)?;
    items.iter().zip(&accumulators).map(|(item, accumulator)| extract_all(item, &accumulator.glwes)).collect()
}

fn check_item(item: &LookupItem<'_>, key: &LookupKey, extension: usize) -> Result<()> {
    let size = extension * key.size;
    check_size(ErrorCode::Internal, "test polynomial size", item.polynomial.len(), size)?;
    if item.positions.iter().any(|&position| position >= size) {
        return Err(Error::new(ErrorCode::Internal, "an extracted coefficient lies outside the test polynomial"));
    }
    let (given, wanted) = match item.input {
        LookupInput::Large(lwe) => (lwe.dimension(), key.size),
        LookupInput::Small(lwe) => (lwe.dimension(), key.parameters.lwe_dimension),
    };
    check_size(ErrorCode::Internal, "LWE dimension of a lookup", given, wanted)
}

/// Keyswitches the large inputs together, then switches all to modulus 2^log2_modulus, in the order of the items.
fn switch_inputs(key: &LookupKey, items: &[LookupItem<'_>], log2_modulus: usize) -> Vec<Switched> {
    let inputs: Vec<&Lwe> = items
        .iter()
        .filter_map(|item| match item.input {
            LookupInput::Large(lwe) => Some(lwe),
            LookupInput::Small(_) => None,
        })
        .collect();
    let mut keyswitched = keyswitch(key, &inputs).into_iter();
    let switch = |item: &LookupItem| match item.input {
        LookupInput::Small(lwe) => switch_modulus_centered(lwe.words(), log2_modulus),
        LookupInput::Large(_) => switch_modulus_centered(&keyswitched.next().unwrap_or_default(), log2_modulus),
    };
    items.iter().map(switch).collect()
}

pub(super) fn switch_modulus_centered<Word>(words: &[Word], log2_modulus: usize) -> Switched
where
    Word: UnsignedInteger + CastInto<usize>,
{
    let lwe = LweCiphertext::from_container(words, CiphertextModulus::new_native());
    let switched =
        lwe_ciphertext_centered_binary_modulus_switch::<Word, usize, _>(lwe, CiphertextModulusLog(log2_modulus));
    Switched { mask: switched.mask().collect(), body: switched.body() }
}

/// Coefficient j of the rotated test polynomial is coefficient j / EF of small GLWE j mod EF.
fn extract_all(item: &LookupItem<'_>, glwes: &[Glwe]) -> Result<Vec<Lwe>> {
    let one = |&position: &usize| {
        let glwe = &glwes[position % glwes.len()];
        let mut lwe = Lwe::zero(glwe.size());
        extract(&mut lwe, glwe, position / glwes.len())?;
        Ok(lwe)
    };
    item.positions.iter().map(one).collect()
}
