//! The product of a query GLWE with a clear sparse polynomial, exact in wrapping words.

use crate::ciphertext::Glwe;
use crate::error::{ErrorCode, Result, check_size};
use crate::server::leveled::{add_scaled_rotated, check_rotation, start_body};

/// `out = query * sum weight X^position + polynomial`, positions below 2N. Errors: `INTERNAL` for sizes.
pub fn linear(out: &mut Glwe, query: &Glwe, weights: &[(usize, i64)], polynomial: Option<&[u64]>) -> Result<()> {
    let size = out.size();
    check_size(ErrorCode::Internal, "GLWE size", query.size(), size)?;
    weights.iter().try_for_each(|&(position, _)| check_rotation(position, size))?;
    out.mask_mut().fill(0);
    start_body(out.body_mut(), polynomial)?;
    let (mask, body) = out.parts_mut();
    for &(position, weight) in weights {
        add_scaled_rotated(mask, query.mask(), position, weight as u64);
        add_scaled_rotated(body, query.body(), position, weight as u64);
    }
    Ok(())
}
