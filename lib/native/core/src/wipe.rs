//! Overwriting secrets: key bits, their products with public masks, and noise.

use bytemuck::Pod;
use zeroize::Zeroize;
pub(crate) use zeroize::Zeroizing;

/// Overwrites `values` with zeros, in a way that the compiler does not remove as dead.
pub(crate) fn wipe<T: Pod>(values: &mut [T]) {
    // Word by word where the memory is aligned: single bytes take eight times as long.
    let (head, words, tail) = bytemuck::pod_align_to_mut::<u8, u64>(bytemuck::cast_slice_mut(values));
    head.zeroize();
    words.zeroize();
    tail.zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_overwritten() {
        let mut bytes = [1u8; 37];
        wipe(&mut bytes[3..]);
        assert_eq!(bytes[..3], [1; 3]);
        assert_eq!(bytes[3..], [0; 34]);
        let mut words = [u32::MAX; 5];
        wipe(&mut words);
        assert_eq!(words, [0; 5]);
    }
}
