//! The negacyclic Fourier transform over f64: polynomials of N real coefficients as N / 2 complex values.
//!
//! Coefficients i and i + N / 2 become one complex number times exp(i pi * i / N), so that an ordinary transform of
//! N / 2 points evaluates the polynomial at roots of X^N + 1 (eprint 2021/480). The order of the values is the plan's:
//! never store them.
//!
//! Here are the transforms of integers, which both halves use; those of torus elements and digits, which only the server
//! uses, are in `torus.rs`.

#[cfg(feature = "server")]
mod digit;
#[cfg(feature = "server")]
mod torus;

use aligned_vec::{ABox, AVec, CACHELINE_ALIGN};
#[cfg(feature = "server")]
pub(crate) use digit::{Digit, Preparation};
use dyn_stack::{PodBuffer, PodStack};
use pulp::Arch;
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

    /// Transform of the low halves of `words` as signed integers of 32 bits.
    pub(crate) fn forward_low(&self, out: &mut [c64], words: &[u64], buffer: &mut PodBuffer) {
        self.forward(out, words, buffer, |word| f64::from(word as i32));
    }

    /// Transform of the high halves of `words`, as signed integers that complete the signed low halves.
    pub(crate) fn forward_high(&self, out: &mut [c64], words: &[u64], buffer: &mut PodBuffer) {
        self.forward(out, words, buffer, |word| f64::from((word.wrapping_add(1 << 31) >> 32) as i32));
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

/// 1.5 * 2^52: adding it rounds to an integer, which then is the low bits of the sum.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// The integer n of `n + ROUND`, as a wrapping word.
#[inline(always)]
fn rounded(sum: f64) -> u64 {
    sum.to_bits().wrapping_sub(ROUND.to_bits())
}
