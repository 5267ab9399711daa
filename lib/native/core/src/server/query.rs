//! The masks of seeded sections, made again from their seeds.

use crate::ciphertext::{Glwe, Lwe, Seeded};
use crate::error::{Error, ErrorCode, Result, check_size};

/// A linear section as a GLWE: `bodies[i]` at coefficient `positions[i]`, other body coefficients 0 (they are not
/// encryptions of anything). Errors: `BAD_CIPHERTEXT` when the counts disagree, `INTERNAL` for a position outside N.
pub fn expand_linear(size: usize, positions: &[usize], query: &Seeded) -> Result<Glwe> {
    check_size(ErrorCode::BadCiphertext, "words of a linear section", query.bodies.len(), positions.len())?;
    if positions.iter().any(|&position| position >= size) {
        return Err(Error::new(ErrorCode::Internal, "a slot lies outside the polynomial"));
    }
    let mut glwe = Glwe::zero(size);
    let (mask, body) = glwe.parts_mut();
    query.seed.stream().fill(mask);
    for (&position, &word) in positions.iter().zip(&query.bodies) {
        body[position] = word;
    }
    Ok(glwe)
}

/// An LWE list under a small key of `dimension` bits, one ciphertext per body word.
pub fn expand_small(dimension: usize, query: &Seeded) -> Vec<Lwe> {
    let mut masks = query.seed.stream();
    let expand = |&word: &u64| {
        let mut lwe = Lwe::zero(dimension);
        let (mask, body) = lwe.parts_mut();
        masks.fill(mask);
        *body = word;
        lwe
    };
    query.bodies.iter().map(expand).collect()
}
