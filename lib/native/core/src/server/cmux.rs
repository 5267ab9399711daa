//! CMUX: the choice between two polynomials by an encrypted bit.

use crate::ciphertext::Glwe;
use crate::error::{Error, ErrorCode, Result};
use crate::server::{BitRegisters, Workspace};

/// A branch of a CMUX.
#[derive(Clone, Copy)]
pub enum Operand<'a> {
    /// A clear polynomial of N torus words.
    Polynomial(&'a [u64]),
    /// X^rotation * glwe, rotation below 2N.
    Rotated { glwe: &'a Glwe, rotation: usize },
}

/// `out = bit ? one : zero`. Errors: `INTERNAL` for sizes and indices.
pub fn cmux(
    _out: &mut Glwe,
    _bits: &BitRegisters,
    _bit: usize,
    _zero: Operand<'_>,
    _one: Operand<'_>,
    _workspace: &mut Workspace,
) -> Result<()> {
    Err(Error::new(ErrorCode::Internal, "not built yet"))
}
