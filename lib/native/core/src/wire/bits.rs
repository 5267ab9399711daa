//! Numbers of 1 to 64 bits, one after the other, the least significant bit first.

/// Bytes that `count` numbers of `bits` bits take.
pub fn packed_bytes(count: usize, bits: u32) -> usize {
    (count * bits as usize).div_ceil(8)
}

/// Appends the low `bits` bits of each number, padded with zeros to whole bytes.
pub fn pack(output: &mut Vec<u8>, bits: u32, numbers: impl Iterator<Item = u64>) {
    let mut pending: u128 = 0;
    let mut held = 0;
    for number in numbers {
        let low = u128::from(number) & ((1u128 << bits) - 1);
        pending |= low << held;
        held += bits;
        if held >= 64 {
            output.extend_from_slice(&(pending as u64).to_le_bytes());
            pending >>= 64;
            held -= 64;
        }
    }
    output.extend_from_slice(&pending.to_le_bytes()[..held.div_ceil(8) as usize]);
}

/// Reads `count` numbers of `bits` bits; `bytes` holds `packed_bytes(count, bits)` bytes.
pub fn unpack(bytes: &[u8], count: usize, bits: u32) -> Vec<u64> {
    let mut pending: u128 = 0;
    let mut held = 0;
    let mut chunks = bytes.chunks(8);
    let mut next = || {
        if held < bits {
            let chunk = chunks.next().unwrap_or_default();
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            pending |= u128::from(u64::from_le_bytes(word)) << held;
            held += 64;
        }
        let number = pending as u64 & (u64::MAX >> (64 - bits));
        pending >>= bits;
        held -= bits;
        number
    };
    (0..count).map(|_| next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_width_come_back() {
        for bits in 1..=64 {
            let numbers: Vec<u64> =
                (0..97u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) & (u64::MAX >> (64 - bits))).collect();
            let mut bytes = Vec::new();
            pack(&mut bytes, bits, numbers.iter().copied());
            assert_eq!(bytes.len(), packed_bytes(97, bits));
            assert_eq!(unpack(&bytes, 97, bits), numbers);
        }
    }
}
