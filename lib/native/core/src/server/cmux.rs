//! CMUX: the choice between two polynomials by an encrypted bit, `zero + bit * (one - zero)`.

use crate::ciphertext::Glwe;
use crate::error::{Error, ErrorCode, Result, check_size};
use crate::server::leveled::check_rotation;
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
        set_rotated(&mut difference, one.mask());
        subtract(&mut difference, out_mask);
        workspace.decompose(&difference, bits.gadget, 0);
    } else {
        out_mask.fill(0);
    }
    set_rotated(out_body, zero.body());
    set_rotated(&mut difference, one.body());
    subtract(&mut difference, out_body);
    workspace.decompose(&difference, bits.gadget, levels);
    workspace.mask_words = difference;

    let first = if encrypted { 0 } else { levels };
    workspace.multiply(bits.rows(bit), first, 2 * levels - first);
    let Workspace { transform, buffer, mask_sum, body_sum, .. } = workspace;
    transform.backward_add(out_mask, mask_sum, buffer);
    transform.backward_add(out_body, body_sum, buffer);
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
    let Some(polynomial) = polynomial else {
        out.fill(0);
        return;
    };
    let size = out.len();
    let shift = rotation % size;
    let (kept, wrapped) = polynomial.split_at(size - shift);
    let (low, high) = out.split_at_mut(shift);
    // Past N the whole polynomial changes sign, so the wrapped part changes it twice.
    let (negated, negated_source, copied, copied_source) =
        if rotation < size { (low, wrapped, high, kept) } else { (high, kept, low, wrapped) };
    copied.copy_from_slice(copied_source);
    for (word, &source) in negated.iter_mut().zip(negated_source) {
        *word = source.wrapping_neg();
    }
}

fn subtract(words: &mut [u64], others: &[u64]) {
    for (word, &other) in words.iter_mut().zip(others) {
        *word = word.wrapping_sub(other);
    }
}
