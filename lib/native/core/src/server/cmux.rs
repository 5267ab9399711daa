//! CMUX: the choice between two polynomials by an encrypted bit, `zero + bit * (one - zero)`.

use crate::ciphertext::Glwe;
use crate::error::{Error, ErrorCode, Result, check_size};
use crate::server::leveled::{check_rotation, rotate, rotate_and_subtract};
use crate::server::{BitRegisters, Workspace};

/// A branch of a CMUX.
#[derive(Clone, Copy)]
pub enum Operand<'a> {
    /// A clear polynomial of N torus words.
    Polynomial(&'a [u64]),
    /// X^rotation * glwe, rotation below 2N.
    Rotated { glwe: &'a Glwe, rotation: usize },
}

/// `out = bit ? one : zero`. Between two clear branches no mask is decomposed. Errors: `INTERNAL` for sizes and indices.
pub fn cmux(
    out: &mut Glwe,
    bits: &BitRegisters,
    bit: usize,
    zero: Operand<'_>,
    one: Operand<'_>,
    workspace: &mut Workspace,
) -> Result<()> {
    let size = workspace.size();
    check_size(ErrorCode::Internal, "GLWE size", out.size(), size)?;
    check_size(ErrorCode::Internal, "size of the bit registers", bits.size, size)?;
    check_operand(zero, size)?;
    check_operand(one, size)?;
    if bit >= bits.count() {
        return Err(Error::new(ErrorCode::Internal, format!("bit register {bit} of {}", bits.count())));
    }
    let levels = bits.gadget.level_count as usize;
    let (out_mask, out_body) = out.parts_mut();
    let encrypted = [zero, one].iter().any(|operand| matches!(operand, Operand::Rotated { .. }));
    workspace.reserve_digits(2 * levels);
    let mut difference = std::mem::take(&mut workspace.mask_words);
    if encrypted {
        set_rotated(out_mask, zero.mask());
        subtract_from_rotated(&mut difference, one.mask(), out_mask);
        workspace.decompose(&difference, bits.gadget, 0, 2);
    } else {
        out_mask.fill(0);
    }
    set_rotated(out_body, zero.body());
    subtract_from_rotated(&mut difference, one.body(), out_body);
    workspace.decompose(&difference, bits.gadget, 1, 2);
    workspace.mask_words = difference;

    workspace.multiply(bits.rows(bit), usize::from(!encrypted));
    let Workspace { transform, buffer, mask_sum, body_sum, .. } = workspace;
    transform.backward_add(out_mask, mask_sum, buffer);
    transform.backward_add(out_body, body_sum, buffer);
    Ok(())
}

/// `out = chosen`: a CMUX by a bit that is known. Errors: `INTERNAL` for sizes.
pub fn select(out: &mut Glwe, chosen: Operand<'_>) -> Result<()> {
    check_operand(chosen, out.size())?;
    let (mask, body) = out.parts_mut();
    set_rotated(mask, chosen.mask());
    set_rotated(body, chosen.body());
    Ok(())
}

/// A polynomial to be multiplied by X^rotation; `None` is zero.
type Rotated<'a> = (Option<&'a [u64]>, usize);

impl<'a> Operand<'a> {
    fn mask(self) -> Rotated<'a> {
        match self {
            Operand::Polynomial(_) => (None, 0),
            Operand::Rotated { glwe, rotation } => (Some(glwe.mask()), rotation),
        }
    }

    fn body(self) -> Rotated<'a> {
        match self {
            Operand::Polynomial(polynomial) => (Some(polynomial), 0),
            Operand::Rotated { glwe, rotation } => (Some(glwe.body()), rotation),
        }
    }
}

fn check_operand(operand: Operand<'_>, size: usize) -> Result<()> {
    match operand {
        Operand::Polynomial(polynomial) => check_size(ErrorCode::Internal, "polynomial size", polynomial.len(), size),
        Operand::Rotated { glwe, rotation } => {
            check_size(ErrorCode::Internal, "GLWE size", glwe.size(), size)?;
            check_rotation(rotation, size)
        }
    }
}

/// `out = X^rotation * polynomial`.
fn set_rotated(out: &mut [u64], (polynomial, rotation): Rotated<'_>) {
    match polynomial {
        Some(polynomial) => rotate(out, polynomial, rotation),
        None => out.fill(0),
    }
}

/// `out = X^rotation * polynomial - subtrahend`.
fn subtract_from_rotated(out: &mut [u64], (polynomial, rotation): Rotated<'_>, subtrahend: &[u64]) {
    match polynomial {
        Some(polynomial) => rotate_and_subtract(out, polynomial, rotation, subtrahend),
        None => out.iter_mut().zip(subtrahend).for_each(|(word, &other)| *word = other.wrapping_neg()),
    }
}
