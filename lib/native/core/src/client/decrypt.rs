//! Decryption of replies: phases, and the integers they stand for.

use crate::error::{Error, ErrorCode, Result, check_size};
use crate::keys::BinaryKey;

/// Phase of coefficient `position` of a GLWE ciphertext, from its whole mask and that one body word.
/// Words switched to modulus 2^bits are given shifted up by 64 - bits. Errors: `BAD_CIPHERTEXT`.
pub fn glwe_phase(key: &BinaryKey, mask: &[u64], body: u64, position: usize) -> Result<u64> {
    check_size(ErrorCode::BadCiphertext, "GLWE mask words", mask.len(), key.bits().len())?;
    if position >= mask.len() {
        return Err(Error::new(ErrorCode::BadCiphertext, format!("coefficient {position} of {}", mask.len())));
    }
    // Coefficient j of mask * s: sum over i <= j of mask[i] s[j - i], minus sum over i > j of mask[i] s[N + j - i].
    let (low, high) = mask.split_at(position + 1);
    let (low_key, high_key) = key.bits().split_at(position + 1);
    let positive = reversed_sum(low, low_key);
    let negative = reversed_sum(high, high_key);
    Ok(body.wrapping_sub(positive).wrapping_add(negative))
}

/// Phase of an LWE ciphertext under the large key. Words switched to modulus 2^bits are given shifted up by 64 - bits.
/// Errors: `BAD_CIPHERTEXT`.
pub fn lwe_phase(key: &BinaryKey, mask: &[u64], body: u64) -> Result<u64> {
    check_size(ErrorCode::BadCiphertext, "LWE mask words", mask.len(), key.bits().len())?;
    let product =
        mask.iter().zip(key.bits()).fold(0u64, |sum, (word, bit)| sum.wrapping_add(word & bit.wrapping_neg()));
    Ok(body.wrapping_sub(product))
}

/// The integer of a part: `u = round(phase / 2^scaleLog) mod 2^(64 - scaleLog)`, then `u + min`.
/// Errors: `DECRYPTION_FAILED` when u exceeds `max - min`.
pub fn decode(phase: u64, scale_log: u32, min: f64, max: f64) -> Result<f64> {
    if scale_log >= 64 {
        return Err(Error::new(ErrorCode::BadProgram, format!("scaleLog: given {scale_log}, allowed are 0 to 63")));
    }
    let half = if scale_log == 0 { 0 } else { 1u64 << (scale_log - 1) };
    let value = (phase.wrapping_add(half) >> scale_log) as f64;
    if value <= max - min {
        Ok(value + min)
    } else {
        Err(Error::new(
            ErrorCode::DecryptionFailed,
            format!("a decrypted value lies outside {min} to {max}: the reply is damaged or made with another key"),
        ))
    }
}

fn reversed_sum(words: &[u64], bits: &[u64]) -> u64 {
    words.iter().zip(bits.iter().rev()).fold(0u64, |sum, (word, bit)| sum.wrapping_add(word & bit.wrapping_neg()))
}
