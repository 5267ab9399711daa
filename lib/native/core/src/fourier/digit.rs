//! Signed decomposition of torus words, without bias.
//!
//! With an offset of half a base at every level, the digits of a word are independent bit fields of the sum, less B / 2:
//! they lie in [-B/2, B/2) and have the mean -1/2. That mean must not stay: it adds up a key's noise coherently over all
//! coefficients, and a later product with the binary key, whose mean is 1/2, does so again (ten times the variance in
//! the mask rows of a packed query). So words that are not negative take the mirrored digits, in (-B/2, B/2]: the digits of
//! -x are those of x negated, and their mean is 0. Their mean square is B^2/12 + 1/6, as in the noise formulas; that of the
//! most significant digit is less (7/6 for B = 4), where mirroring the negative words would make it more (11/6).

use crate::parameters::Gadget;

/// How to turn words into the form that digits are read from: the sum, with a mark of mirrored ones in its lowest bit.
#[derive(Clone, Copy)]
pub(crate) struct Preparation {
    offset: u64,
    /// What a mirrored word's sum is less: one at every level, and one to round ties the other way.
    mirror: u64,
}

/// How to read one digit of a prepared word.
#[derive(Clone, Copy)]
pub(crate) struct Digit {
    shift: u32,
    mask: u64,
    bias: f64,
}

/// Bits of 2^52: a small integer or-ed in is the number 2^52 plus that integer.
const EXPONENT_52: u64 = 0x4330_0000_0000_0000;
const TWO_52: f64 = 4_503_599_627_370_496.0;

impl Preparation {
    /// For gadgets of a precision of at most 63 bits.
    pub(crate) fn new(gadget: Gadget) -> Self {
        let ones = (1..=gadget.level_count).fold(0u64, |sum, level| sum | 1 << (64 - gadget.base_log * level));
        Self { offset: offset(gadget), mirror: ones.wrapping_add(1) }
    }

    #[inline(always)]
    pub(crate) fn of(self, word: u64) -> u64 {
        let mirrored = !((word as i64 >> 63) as u64);
        (word.wrapping_add(self.offset).wrapping_sub(self.mirror & mirrored) & !1) | (mirrored & 1)
    }
}

impl Digit {
    /// Digit of `level` (1 = most significant).
    pub(crate) fn new(gadget: Gadget, level: u32) -> Self {
        Self {
            shift: 64 - gadget.base_log * level,
            mask: (1u64 << gadget.base_log) - 1,
            bias: TWO_52 + (1u64 << (gadget.base_log - 1)) as f64,
        }
    }

    /// The digits of all levels, the most significant first.
    pub(crate) fn levels(gadget: Gadget) -> impl Iterator<Item = Self> {
        (1..=gadget.level_count).map(move |level| Self::new(gadget, level))
    }

    /// The digit of a prepared word as a float.
    #[inline(always)]
    pub(crate) fn of(self, prepared: u64) -> f64 {
        let field = ((prepared >> self.shift) & self.mask) + (prepared & 1);
        f64::from_bits(field | EXPONENT_52) - self.bias
    }
}

/// Half a base at every level, and half of the last digit's weight, which rounds instead of truncating.
fn offset(gadget: Gadget) -> u64 {
    let halves = (1..=gadget.level_count)
        .fold(0u64, |sum, level| sum.wrapping_add(1u64 << (64 - gadget.base_log * level + gadget.base_log - 1)));
    halves.wrapping_add(1u64 << (63 - gadget.precision()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    const GADGETS: [(u32, u32); 7] = [(4, 12), (5, 5), (23, 1), (15, 2), (1, 20), (31, 2), (3, 21)];

    fn digits(gadget: Gadget, word: u64) -> Vec<f64> {
        let prepared = Preparation::new(gadget).of(word);
        Digit::levels(gadget).map(|digit| digit.of(prepared)).collect()
    }

    #[test]
    fn digits_recompose_to_the_rounded_word() {
        for (base_log, level_count) in GADGETS {
            let gadget = Gadget { base_log, level_count };
            let mut words = [0u64; 1000];
            Seed(2).stream().fill(&mut words);
            for word in words {
                let sum = digits(gadget, word).into_iter().zip(1..).fold(0u64, |sum, (digit, level)| {
                    assert!(digit.abs() <= (1u64 << (base_log - 1)) as f64);
                    sum.wrapping_add((digit as i64 as u64) << (64 - base_log * level))
                });
                let error = word.wrapping_sub(sum) as i64;
                assert!(error.unsigned_abs() <= 1 << (63 - gadget.precision()));
            }
        }
    }

    #[test]
    fn digits_of_the_negated_word_are_negated() {
        for (base_log, level_count) in GADGETS {
            let gadget = Gadget { base_log, level_count };
            let mut words = [0u64; 1000];
            Seed(3).stream().fill(&mut words);
            for word in words {
                let mirrored: Vec<f64> = digits(gadget, word.wrapping_neg()).iter().map(|digit| -digit).collect();
                assert_eq!(digits(gadget, word), mirrored, "word {word}");
            }
            assert!(digits(gadget, 0).iter().all(|&digit| digit == 0.0));
        }
    }

    #[test]
    fn digits_have_the_mean_zero_and_at_most_the_mean_square_of_the_formula() {
        for (base_log, level_count) in [(1, 6), (2, 6), (3, 5), (8, 2)] {
            let gadget = Gadget { base_log, level_count };
            let mut words = vec![0u64; 100_000];
            Seed(5).stream().fill(&mut words);
            let square = 4f64.powi(base_log as i32) / 12.0 + 1.0 / 6.0;
            let deviation = (square / words.len() as f64).sqrt();
            for level in 0..level_count as usize {
                let all: Vec<f64> = words.iter().map(|&word| digits(gadget, word)[level]).collect();
                let mean = all.iter().sum::<f64>() / all.len() as f64;
                assert!(mean.abs() < 5.0 * deviation, "mean {mean} at level {level} of {gadget:?}");
                let squares = all.iter().map(|digit| digit * digit).sum::<f64>() / all.len() as f64;
                assert!(squares < 1.02 * square, "mean square {squares} at level {level} of {gadget:?}");
            }
        }
    }
}
