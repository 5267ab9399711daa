//! The primitives that the kernels are made of, one at a time: `examples/kernels.rs` measures them, nothing else uses
//! them. The compiler's cost table counts work in them.

use crate::fourier::{Spectrum, zero_spectrum};
use crate::server::EvaluationKey;
use crate::server::bits::store_level;
use crate::server::expand::split;
use crate::server::key::{PackedKey, level_values};
use crate::server::leveled::add_scaled_rotated;
use crate::server::workspace::PooledWorkspace;

/// Work on polynomials of N coefficients with the keys of packed queries.
pub struct Primitives<'a> {
    key: &'a PackedKey,
    workspace: PooledWorkspace<'a>,
    words: [Vec<u64>; 4],
    zeros: Spectrum,
    group: Spectrum,
}

impl<'a> Primitives<'a> {
    /// `None` where the key has no packed part.
    pub fn new(key: &'a EvaluationKey) -> Option<Self> {
        let size = key.parameters().polynomial_size();
        let mut words = [(); 4].map(|()| vec![0; size]);
        for (seed, words) in (1..).zip(&mut words) {
            crate::random::Seed(seed).stream().fill(words);
        }
        let mut primitives = Self {
            key: key.packed.as_ref()?,
            workspace: key.workspace(),
            words,
            zeros: zero_spectrum(size, 1),
            group: zero_spectrum(2, level_values(size)),
        };
        primitives.half_keyswitch();
        Some(primitives)
    }

    /// Decomposes a polynomial with the gadget of the s^2 key and transforms each digit: one transform per level.
    pub fn forward_transforms(&mut self) {
        self.workspace.decompose(&self.words[0], self.key.square.gadget, 0, 1);
    }

    /// Transforms one polynomial back and adds it to the torus.
    pub fn inverse_transform(&mut self) {
        let transform = self.workspace.transform;
        transform.backward_add(&mut self.words[1], &mut self.zeros, &mut self.workspace.buffer);
    }

    /// Multiplies digits with the rows of the s^2 key and adds up: two polynomials per level.
    pub fn pointwise(&mut self) {
        self.workspace.multiply(self.key.square.rows(), 0);
    }

    /// Rotates one polynomial and adds a multiple of it to another.
    pub fn pass(&mut self) {
        let [source, target, ..] = &mut self.words;
        add_scaled_rotated(target, source, 77, 3);
    }

    /// Half an external product: the keyswitch with the key of s^2.
    pub fn half_keyswitch(&mut self) {
        self.workspace.reserve_digits(self.key.square.gadget.level_count as usize);
        self.forward_transforms();
        self.pointwise();
        self.inverse_transform();
        self.inverse_transform();
    }

    /// One step of the expansion: an automorphism, and the two GLWE that it makes of one.
    pub fn automorphism(&mut self) {
        let [even_mask, even_body, odd_mask, odd_body] = &self.words;
        let (mut even, mut odd) = ([&even_mask[..], even_body].concat(), [&odd_mask[..], odd_body].concat());
        if let Some(automorphism) = self.key.automorphisms.last() {
            split(&mut even, Some(&mut odd), automorphism, even_mask.len() / 2, &mut self.workspace);
        }
    }

    /// One level of the conversion of an expanded GLWE to a GGSW.
    pub fn ggsw_level(&mut self) {
        let [mask, body, ..] = &self.words;
        store_level(&mut self.group, mask, body, &self.key.square, &mut self.workspace);
    }
}
