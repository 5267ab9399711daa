//! Linear operations on GLWE and LWE registers, and the switch to a smaller modulus.

use crate::ciphertext::{Glwe, Lwe};
use crate::error::{Error, ErrorCode, Result, check_size};
use pulp::Arch;

/// `out = sum coefficient * X^rotation * glwe + polynomial`; rotations below 2N. Errors: `INTERNAL` for sizes.
pub fn combine(out: &mut Glwe, terms: &[(&Glwe, usize, i64)], polynomial: Option<&[u64]>) -> Result<()> {
    let size = out.size();
    out.mask_mut().fill(0);
    start_body(out.body_mut(), polynomial)?;
    for &(glwe, rotation, coefficient) in terms {
        check_size(ErrorCode::Internal, "GLWE size", glwe.size(), size)?;
        check_rotation(rotation, size)?;
        let (mask, body) = out.parts_mut();
        add_scaled_rotated(mask, glwe.mask(), rotation, coefficient as u64);
        add_scaled_rotated(body, glwe.body(), rotation, coefficient as u64);
    }
    Ok(())
}

/// `out = coefficient position of glwe`, an LWE under the large key. Errors: `INTERNAL` for sizes.
pub fn extract(out: &mut Lwe, glwe: &Glwe, position: usize) -> Result<()> {
    let size = glwe.size();
    check_size(ErrorCode::Internal, "LWE dimension", out.dimension(), size)?;
    if position >= size {
        return Err(Error::new(ErrorCode::Internal, format!("coefficient {position} of {size}")));
    }
    let (mask, body) = out.parts_mut();
    *body = glwe.body()[position];
    // Word i of the LWE mask multiplies s[i]: mask[position - i], or -mask[N + position - i] past the wrap.
    let (low, high) = mask.split_at_mut(position + 1);
    for (word, &source) in low.iter_mut().zip(glwe.mask()[..=position].iter().rev()) {
        *word = source;
    }
    for (word, &source) in high.iter_mut().zip(glwe.mask()[position + 1..].iter().rev()) {
        *word = source.wrapping_neg();
    }
    Ok(())
}

/// A GLWE whose constant coefficient has the phase of `lwe`, and whose others have any: the inverse of `extract` at 0.
/// Errors: `INTERNAL` for sizes.
pub fn embed(out: &mut Glwe, lwe: &Lwe) -> Result<()> {
    let size = out.size();
    check_size(ErrorCode::Internal, "LWE dimension", lwe.dimension(), size)?;
    let (mask, body) = out.parts_mut();
    body.fill(0);
    body[0] = lwe.body();
    let words = lwe.mask();
    mask[0] = words[0];
    for (word, &source) in mask[1..].iter_mut().zip(words[1..].iter().rev()) {
        *word = source.wrapping_neg();
    }
    Ok(())
}

/// `out = sum coefficient * lwe + constant`, the constant a torus word. Errors: `INTERNAL` for sizes.
pub fn sum(out: &mut Lwe, terms: &[(&Lwe, i64)], constant: u64) -> Result<()> {
    out.words_mut().fill(0);
    for &(lwe, coefficient) in terms {
        check_size(ErrorCode::Internal, "LWE dimension", lwe.dimension(), out.dimension())?;
        add_scaled(out.words_mut(), lwe.words(), coefficient as u64);
    }
    let body = out.parts_mut().1;
    *body = body.wrapping_add(constant);
    Ok(())
}

/// A torus word switched to modulus 2^bits (1 to 64), as an integer below it, by rounding.
pub fn switch_modulus(word: u64, bits: u32) -> u64 {
    if bits >= 64 {
        return word;
    }
    let shift = 64 - bits;
    word.wrapping_add(1 << (shift - 1)) >> shift
}

/// Overwrites a body with a clear polynomial, or zero.
pub(super) fn start_body(body: &mut [u64], polynomial: Option<&[u64]>) -> Result<()> {
    match polynomial {
        Some(polynomial) => {
            check_size(ErrorCode::Internal, "polynomial size", polynomial.len(), body.len())?;
            body.copy_from_slice(polynomial);
        }
        None => body.fill(0),
    }
    Ok(())
}

pub(super) fn check_rotation(rotation: usize, size: usize) -> Result<()> {
    if rotation < 2 * size {
        Ok(())
    } else {
        Err(Error::new(ErrorCode::Internal, format!("rotation {rotation}, allowed are 0 to {}", 2 * size - 1)))
    }
}

/// `out += coefficient * words`.
pub(super) fn add_scaled(out: &mut [u64], words: &[u64], coefficient: u64) {
    Arch::new().dispatch(|| match coefficient {
        1 => out.iter_mut().zip(words).for_each(|(sum, &word)| *sum = sum.wrapping_add(word)),
        u64::MAX => out.iter_mut().zip(words).for_each(|(sum, &word)| *sum = sum.wrapping_sub(word)),
        _ => out.iter_mut().zip(words).for_each(|(sum, &word)| *sum = sum.wrapping_add(word.wrapping_mul(coefficient))),
    });
}

/// `out += coefficient * X^rotation * polynomial` in Z[X] / (X^N + 1), rotation below 2N.
pub(super) fn add_scaled_rotated(out: &mut [u64], polynomial: &[u64], rotation: usize, coefficient: u64) {
    let size = polynomial.len();
    let (shift, coefficient) =
        if rotation < size { (rotation, coefficient) } else { (rotation - size, coefficient.wrapping_neg()) };
    let (kept, wrapped) = polynomial.split_at(size - shift);
    add_scaled(&mut out[shift..], kept, coefficient);
    add_scaled(&mut out[..shift], wrapped, coefficient.wrapping_neg());
}

/// `out = X^rotation * polynomial`, rotation below 2N.
pub(super) fn rotate(out: &mut [u64], polynomial: &[u64], rotation: usize) {
    let size = out.len();
    let (shift, negative) = (rotation % size, rotation >= size);
    let (kept, wrapped) = polynomial.split_at(size - shift);
    let (low, high) = out.split_at_mut(shift);
    // Past N everything changes sign, so the wrapped part changes it twice.
    copy_signed(high, kept, negative);
    copy_signed(low, wrapped, !negative);
}

fn copy_signed(out: &mut [u64], words: &[u64], negative: bool) {
    if negative {
        out.iter_mut().zip(words).for_each(|(word, &source)| *word = source.wrapping_neg());
    } else {
        out.copy_from_slice(words);
    }
}

/// `out = X^rotation * polynomial - subtrahend`, rotation below 2N.
pub(super) fn rotate_and_subtract(out: &mut [u64], polynomial: &[u64], rotation: usize, subtrahend: &[u64]) {
    let size = out.len();
    let (shift, negative) = (rotation % size, rotation >= size);
    let (kept, wrapped) = polynomial.split_at(size - shift);
    let (low, high) = out.split_at_mut(shift);
    let (low_subtrahend, high_subtrahend) = subtrahend.split_at(shift);
    subtract_signed(high, kept, high_subtrahend, negative);
    subtract_signed(low, wrapped, low_subtrahend, !negative);
}

fn subtract_signed(out: &mut [u64], words: &[u64], subtrahend: &[u64], negative: bool) {
    let sign = if negative { u64::MAX } else { 0 };
    Arch::new().dispatch(|| {
        for ((word, &source), &other) in out.iter_mut().zip(words).zip(subtrahend) {
            *word = (source ^ sign).wrapping_sub(sign).wrapping_sub(other);
        }
    });
}
