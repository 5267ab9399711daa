//! The negacyclic Fourier transform over f64: polynomials of N real coefficients as N / 2 complex values.
//!
//! Coefficients i and i + N / 2 become one complex number times exp(i pi * i / N), so that an ordinary transform of
//! N / 2 points evaluates the polynomial at roots of X^N + 1 (eprint 2021/480). The order of the values is the plan's:
//! never store them.

mod digit;

use aligned_vec::{ABox, AVec, CACHELINE_ALIGN};
#[cfg(feature = "server")]
pub(crate) use digit::offset;
pub(crate) use digit::{Digit, Preparation};
use dyn_stack::{PodBuffer, PodStack};
use pulp::{Arch, Simd, WithSimd};
use std::f64::consts::PI;
use std::sync::OnceLock;
pub(crate) use tfhe_fft::c64;
use tfhe_fft::ordered::FftAlgo;
use tfhe_fft::unordered::{Method, Plan};

/// Values of polynomials at the roots, in the plan's order.
pub(crate) type Spectrum = ABox<[c64]>;

/// A transform of one size; immutable, made once per process and size.
pub(crate) struct Transform {
    plan: Plan,
    /// exp(i pi j / N).
    twist: Spectrum,
    /// exp(-i pi j / N) * 2 / N: the inverse of `twist` with the normalization of the inverse transform.
    untwist: Spectrum,
}

/// The base case of the recursion: the fastest on Zen 4 for N = 2048, within 5 % elsewhere. Fixed, not measured, so
/// that results do not depend on the moment.
const BASE: (FftAlgo, usize) = (FftAlgo::Dif4, 256);
const LOG2_SIZES: usize = 15;

static TRANSFORMS: [OnceLock<Transform>; LOG2_SIZES] = [const { OnceLock::new() }; LOG2_SIZES];

/// The transform for polynomials of `size` coefficients, a power of two from 16 to 16384.
pub(crate) fn transform(size: usize) -> &'static Transform {
    TRANSFORMS[size.trailing_zeros() as usize].get_or_init(|| Transform::new(size))
}

/// Zeros for `count` polynomials of `size` coefficients.
pub(crate) fn zero_spectrum(size: usize, count: usize) -> Spectrum {
    let zeros = std::iter::repeat_n(c64::new(0.0, 0.0), size / 2 * count);
    AVec::from_iter(CACHELINE_ALIGN, zeros).into_boxed_slice()
}

impl Transform {
    fn new(size: usize) -> Self {
        let points = size / 2;
        let plan = Plan::new(points, Method::UserProvided { base_algo: BASE.0, base_n: points.min(BASE.1) });
        let mut twist = zero_spectrum(size, 1);
        let mut untwist = zero_spectrum(size, 1);
        for (index, (forward, backward)) in twist.iter_mut().zip(untwist.iter_mut()).enumerate() {
            let (sine, cosine) = (PI * index as f64 / size as f64).sin_cos();
            *forward = c64::new(cosine, sine);
            *backward = c64::new(cosine, -sine) / points as f64;
        }
        Self { plan, twist, untwist }
    }

    /// The buffer that the other functions take.
    pub(crate) fn buffer(&self) -> PodBuffer {
        PodBuffer::new(self.plan.fft_scratch())
    }

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

    /// Transform of the low halves of `words` as signed integers of 32 bits.
    pub(crate) fn forward_low(&self, out: &mut [c64], words: &[u64], buffer: &mut PodBuffer) {
        self.forward(out, words, buffer, |word| f64::from(word as i32));
    }

    /// Transform of the high halves of `words`, as signed integers that complete the signed low halves.
    pub(crate) fn forward_high(&self, out: &mut [c64], words: &[u64], buffer: &mut PodBuffer) {
        self.forward(out, words, buffer, |word| f64::from((word.wrapping_add(1 << 31) >> 32) as i32));
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

    /// Transform of `words` as signed integers of less than 53 bits.
    pub(crate) fn forward_integers(&self, out: &mut [c64], words: &[u64], buffer: &mut PodBuffer) {
        self.forward(out, words, buffer, |word| word as i64 as f64);
    }

    #[inline(always)]
    fn forward(&self, out: &mut [c64], words: &[u64], buffer: &mut PodBuffer, number: impl Fn(u64) -> f64) {
        let (real, imaginary) = words.split_at(words.len() / 2);
        Arch::new().dispatch(|| {
            for (((value, &twist), &real), &imaginary) in out.iter_mut().zip(&*self.twist).zip(real).zip(imaginary) {
                let (real, imaginary) = (number(real), number(imaginary));
                *value = c64::new(real * twist.re - imaginary * twist.im, real * twist.im + imaginary * twist.re);
            }
        });
        self.plan.fwd(out, PodStack::new(buffer));
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

    /// `out += inverse transform of spectrum * 2^shift`, rounded to integers below 2^51; overwrites the spectrum.
    pub(crate) fn backward_add_integers(
        &self,
        out: &mut [u64],
        spectrum: &mut [c64],
        shift: u32,
        buffer: &mut PodBuffer,
    ) {
        self.backward(out, spectrum, buffer, |word, value| word.wrapping_add(rounded(value + ROUND) << shift));
    }

    #[inline(always)]
    fn backward(&self, out: &mut [u64], spectrum: &mut [c64], buffer: &mut PodBuffer, store: impl Fn(u64, f64) -> u64) {
        self.plan.inv(spectrum, PodStack::new(buffer));
        let (real, imaginary) = out.split_at_mut(out.len() / 2);
        Arch::new().dispatch(|| {
            for (((value, &untwist), real), imaginary) in spectrum.iter().zip(&*self.untwist).zip(real).zip(imaginary) {
                *real = store(*real, value.re * untwist.re - value.im * untwist.im);
                *imaginary = store(*imaginary, value.re * untwist.im + value.im * untwist.re);
            }
        });
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
/// 1.5 * 2^52: adding it rounds to an integer, which then is the low bits of the sum.
const ROUND: f64 = 6_755_399_441_055_744.0;

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

/// The integer n of `n + ROUND`, as a wrapping word.
#[inline(always)]
fn rounded(sum: f64) -> u64 {
    sum.to_bits().wrapping_sub(ROUND.to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;
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
