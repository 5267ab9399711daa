//! Signed decomposition of torus words.
//!
//! With an offset of half a base at every level the digits are independent bit fields: digit j of x is
//! `((x + offset) >> (64 - j * baseLog)) mod B - B / 2`, in [-B/2, B/2). Its mean square is B^2/12 + 1/6, as in the
//! noise formulas.

use crate::parameters::Gadget;

/// How to read one digit of a torus word.
#[derive(Clone, Copy)]
pub(crate) struct Digit {
    offset: u64,
    shift: u32,
    mask: u64,
    bias: f64,
}

/// Bits of 2^52: a small integer or-ed in is the number 2^52 plus that integer.
const EXPONENT_52: u64 = 0x4330_0000_0000_0000;
const TWO_52: f64 = 4_503_599_627_370_496.0;

impl Digit {
    /// Digit of `level` (1 = most significant).
    pub(crate) fn new(gadget: Gadget, level: u32) -> Self {
        let half = 1u64 << (gadget.base_log - 1);
        Self {
            offset: offset(gadget),
            shift: 64 - gadget.base_log * level,
            mask: (1u64 << gadget.base_log) - 1,
            bias: TWO_52 + half as f64,
        }
    }

    /// The digits of all levels, the most significant first.
    pub(crate) fn levels(gadget: Gadget) -> impl Iterator<Item = Self> {
        (1..=gadget.level_count).map(move |level| Self::new(gadget, level))
    }

    /// The digit of `word` as a float.
    #[inline(always)]
    pub(crate) fn of(self, word: u64) -> f64 {
        let field = (word.wrapping_add(self.offset) >> self.shift) & self.mask;
        f64::from_bits(field | EXPONENT_52) - self.bias
    }
}

/// Half a base at every level, and half of the last digit's weight, which rounds instead of truncating.
pub(crate) fn offset(gadget: Gadget) -> u64 {
    let halves = (1..=gadget.level_count)
        .fold(0u64, |sum, level| sum.wrapping_add(1u64 << (64 - gadget.base_log * level + gadget.base_log - 1)));
    let precision = gadget.precision();
    if precision < 64 { halves.wrapping_add(1u64 << (63 - precision)) } else { halves }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn digits_recompose_to_the_rounded_word() {
        for (base_log, level_count) in [(4, 12), (5, 5), (23, 1), (15, 2), (1, 20), (31, 2)] {
            let gadget = Gadget { base_log, level_count };
            let mut words = [0u64; 1000];
            Seed(2).stream().fill(&mut words);
            for word in words {
                let sum = Digit::levels(gadget).zip(1..).fold(0u64, |sum, (digit, level)| {
                    let value = digit.of(word);
                    let half = (1u64 << (base_log - 1)) as f64;
                    assert!(value >= -half && value < half);
                    sum.wrapping_add((value as i64 as u64) << (64 - base_log * level))
                });
                let error = word.wrapping_sub(sum) as i64;
                assert!(error.unsigned_abs() <= 1 << (63 - gadget.precision()));
            }
        }
    }
}
