//! Transforms of torus elements and their digits: the server's half.

use super::{Digit, Preparation, ROUND, Transform, c64, rounded};
use dyn_stack::{PodBuffer, PodStack};
use pulp::{Arch, Simd, WithSimd};

impl Transform {
    /// Words prepared for [`Transform::forward_digit`]: coefficients i and i + N / 2 side by side, as the transform pairs
    /// them, so that reading a digit moves nothing.
    pub(crate) fn prepare(&self, prepared: &mut [u64], words: &[u64], preparation: Preparation) {
        let (real, imaginary) = words.split_at(words.len() / 2);
        Arch::new().dispatch(|| {
            for ((pair, &real), &imaginary) in prepared.chunks_exact_mut(2).zip(real).zip(imaginary) {
                pair[0] = preparation.of(real);
                pair[1] = preparation.of(imaginary);
            }
        });
    }

    /// Transform of one digit of every coefficient of `prepared` words.
    pub(crate) fn forward_digit(&self, out: &mut [c64], prepared: &[u64], digit: Digit, buffer: &mut PodBuffer) {
        let parts: &mut [f64] = bytemuck::cast_slice_mut(out);
        // Two passes over the first cache, each of which vectorizes: fused, the compiler makes neither.
        Arch::new().dispatch(|| {
            for (part, &word) in parts.iter_mut().zip(prepared) {
                *part = digit.of(word);
            }
        });
        Arch::new().dispatch(MultiplyAssign { out, factors: &self.twist });
        self.plan.fwd(out, PodStack::new(buffer));
    }

    /// Transform of `words` as torus elements of [-1/2, 1/2).
    pub(crate) fn forward_torus(&self, out: &mut [c64], words: &[u64], buffer: &mut PodBuffer) {
        self.forward(out, words, buffer, |word| word as i64 as f64 * TORUS);
    }

    /// Transform of the high halves of `words` as torus elements: see [`Transform::backward_set_coarse`].
    pub(crate) fn forward_coarse(&self, out: &mut [c64], words: &[u64], buffer: &mut PodBuffer) {
        self.forward(out, words, buffer, |word| f64::from((word.wrapping_add(1 << 31) >> 32) as i32) * COARSE);
    }

    /// Transform of what [`Transform::forward_coarse`] leaves out, as torus elements.
    pub(crate) fn forward_fine(&self, out: &mut [c64], words: &[u64], buffer: &mut PodBuffer) {
        self.forward(out, words, buffer, |word| f64::from(word as i32) * TORUS);
    }

    /// `out += inverse transform of spectrum` as torus elements modulo 1; overwrites the spectrum.
    pub(crate) fn backward_add(&self, out: &mut [u64], spectrum: &mut [c64], buffer: &mut PodBuffer) {
        self.backward(out, spectrum, buffer, |word, value| word.wrapping_add(torus_word(value)));
    }

    /// `out = inverse transform of spectrum` as torus elements modulo 1; overwrites the spectrum.
    #[cfg(test)]
    pub(crate) fn backward_set(&self, out: &mut [u64], spectrum: &mut [c64], buffer: &mut PodBuffer) {
        self.backward(out, spectrum, buffer, |_, value| torus_word(value));
    }

    /// `out = inverse transform of spectrum` for sums of products of integers with high halves of words: multiples of
    /// 2^-32 of less than 2^19, so that rounding makes them exact. Overwrites the spectrum.
    pub(crate) fn backward_set_coarse(&self, out: &mut [u64], spectrum: &mut [c64], buffer: &mut PodBuffer) {
        self.backward(out, spectrum, buffer, |_, value| rounded(value * TWO_32 + ROUND) << 32);
    }
}

/// `out *= factors`.
struct MultiplyAssign<'a> {
    out: &'a mut [c64],
    factors: &'a [c64],
}

impl WithSimd for MultiplyAssign<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (out, out_rest) = S::as_mut_simd_c64s(self.out);
        let (factors, factors_rest) = S::as_simd_c64s(self.factors);
        for (out, &factor) in out.iter_mut().zip(factors) {
            *out = simd.mul_e_c64s(*out, factor);
        }
        for (out, factor) in out_rest.iter_mut().zip(factors_rest) {
            *out *= factor;
        }
    }
}

/// 2^-64.
const TORUS: f64 = 1.0 / 18_446_744_073_709_551_616.0;
/// 2^-32.
const COARSE: f64 = 1.0 / 4_294_967_296.0;
const TWO_32: f64 = 4_294_967_296.0;

/// `round(value * 2^64) mod 2^64` for |value| < 2^50, in operations that every vector unit has: the fraction is exact,
/// and its two halves of 32 bits are read out of the mantissa.
#[inline(always)]
fn torus_word(value: f64) -> u64 {
    let fraction = value - (value + ROUND - ROUND);
    let scaled = fraction * TWO_32;
    let high = scaled + ROUND;
    let low = (scaled - (high - ROUND)) * TWO_32 + ROUND;
    (rounded(high) << 32).wrapping_add(rounded(low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fourier::{transform, zero_spectrum};
    use crate::random::Seed;

    #[test]
    fn torus_words_are_rounded_and_reduced() {
        for (value, wanted) in [
            (0.0, 0),
            (0.5, 1 << 63),
            (-0.25, 3 << 62),
            (1234.25, 1 << 62),
            (TORUS, 1),
            (-3.0 * TORUS, 3u64.wrapping_neg()),
            (0.1, 1_844_674_407_370_955_264),
        ] {
            let word = torus_word(value);
            assert!(
                word.wrapping_sub(wanted) as i64 >= -1024 && word.wrapping_sub(wanted) as i64 <= 1024,
                "{value}: {word}"
            );
        }
    }

    #[test]
    fn forward_then_backward_is_the_identity_up_to_the_mantissa() {
        for size in [256, 2048, 4096] {
            let transform = transform(size);
            let (mut words, mut back) = (vec![0; size], vec![0; size]);
            Seed(1).stream().fill(&mut words);
            let (mut spectrum, mut buffer) = (zero_spectrum(size, 1), transform.buffer());
            transform.forward_torus(&mut spectrum, &words, &mut buffer);
            transform.backward_set(&mut back, &mut spectrum, &mut buffer);
            for (word, back) in words.iter().zip(&back) {
                assert!((word.wrapping_sub(*back) as i64).abs() < 1 << 16);
            }
        }
    }
}
