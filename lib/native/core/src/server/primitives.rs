//! The primitives that the kernels are made of, one at a time, on keys of zeros: their times do not depend on values.
//! The compiler's cost table counts work in them; [`crate::server::measure_primitives`] and `examples/kernels.rs`
//! measure them, nothing else uses them.

use crate::ciphertext::Lwe;
use crate::fourier::{Spectrum, c64, zero_spectrum};
use crate::keys::SeededHalfKey;
use crate::parameters::{Gadget, LookupParameters};
use crate::random::Seed;
use crate::server::bits::store_level;
use crate::server::expand::split;
use crate::server::key::{AutomorphismKey, LookupKey, SquareKey, level_values};
use crate::server::keyswitch::keyswitch_piece;
use crate::server::leveled::add_scaled_rotated;
use crate::server::workspace::{Workspace, WorkspacePool};
use std::hint::black_box;
use std::sync::Arc;

/// Work on polynomials of 2048 coefficients, with one key of each kind.
pub struct Primitives {
    square: SquareKey,
    automorphism: AutomorphismKey,
    lookup: LookupKey,
    workspace: Workspace,
    words: [Vec<u64>; 4],
    zeros: Spectrum,
    group: Spectrum,
    inputs: Vec<Lwe>,
}

impl Primitives {
    /// N.
    pub const SIZE: usize = 2048;
    /// Levels of the s^2 key.
    pub const SQUARE_LEVELS: usize = 10;
    /// Levels of the automorphism key.
    pub const AUTOMORPHISM_LEVELS: usize = 12;
    /// Bytes of the bootstrap key: that of a small lookup, so that caches hold as little of it as they would.
    pub const BOOTSTRAP_BYTES: usize = LOOKUP.lwe_dimension * 4 * 8 * Self::SIZE;
    /// Kilobytes of [`Primitives::mask`].
    pub const MASK_KILOBYTES: usize = 8 * Self::SIZE / 1024;
    /// Multiply-adds of [`Primitives::keyswitch`].
    pub const KEYSWITCH_PRODUCTS: usize =
        KEYSWITCH_BATCH * KEYSWITCH_BITS * LOOKUP.keyswitch.level_count as usize * (LOOKUP.lwe_dimension + 1);

    /// Allocates some 60 MB.
    pub fn new() -> Self {
        let mut workspace = Workspace::new(Self::SIZE);
        let mut words = [(); 4].map(|()| vec![0; Self::SIZE]);
        for (seed, words) in (1..).zip(&mut words) {
            Seed(seed).stream().fill(words);
        }
        let half_key = |levels: usize| SeededHalfKey { seed: Seed(0), bodies: vec![0; levels * Self::SIZE] };
        let square_gadget = gadget(5, Self::SQUARE_LEVELS);
        let automorphism_gadget = gadget(4, Self::AUTOMORPHISM_LEVELS);
        let automorphism = half_key(Self::AUTOMORPHISM_LEVELS);
        let mut primitives = Self {
            square: SquareKey::expand(&half_key(Self::SQUARE_LEVELS), square_gadget, &mut workspace),
            automorphism: AutomorphismKey::expand(&automorphism, automorphism_gadget, Self::SIZE + 1, &mut workspace),
            lookup: lookup_key(),
            workspace,
            words,
            zeros: zero_spectrum(Self::SIZE, 1),
            group: zero_spectrum(2, level_values(Self::SIZE)),
            inputs: vec![Lwe::zero(Self::SIZE); KEYSWITCH_BATCH],
        };
        primitives.half_keyswitch();
        primitives
    }

    /// Decomposes a polynomial with the gadget of the s^2 key and transforms each digit: one transform per level.
    pub fn forward_transforms(&mut self) {
        self.workspace.decompose(&self.words[0], self.square.gadget, 0, 1);
    }

    /// Transforms one polynomial back and adds it to the torus.
    pub fn inverse_transform(&mut self) {
        let transform = self.workspace.transform;
        transform.backward_add(&mut self.words[1], &mut self.zeros, &mut self.workspace.buffer);
    }

    /// Multiplies digits with the rows of the s^2 key and adds up: two polynomials per level.
    pub fn pointwise(&mut self) {
        self.workspace.multiply(self.square.rows(), 0);
    }

    /// Rotates one polynomial and adds a multiple of it to another.
    pub fn pass(&mut self) {
        let [source, target, ..] = &mut self.words;
        add_scaled_rotated(target, source, 77, 3);
    }

    /// Expands the seeded mask of one polynomial.
    pub fn mask(&mut self) {
        Seed(1).stream().fill(&mut self.words[2]);
    }

    /// Keyswitches a batch, as far as the key goes: [`Primitives::KEYSWITCH_PRODUCTS`].
    pub fn keyswitch(&mut self) {
        let inputs: Vec<&Lwe> = self.inputs.iter().collect();
        black_box(keyswitch_piece(&self.lookup, &inputs, 0..KEYSWITCH_BITS));
    }

    /// Multiplies two digits with each row of the bootstrap key in turn.
    pub fn stream_key(&mut self) {
        self.multiply_bootstrap_rows(|index| index);
    }

    /// As [`Primitives::stream_key`], always with the same row.
    pub fn repeat_row(&mut self) {
        self.multiply_bootstrap_rows(|_| 0);
    }

    /// Half an external product: the keyswitch with the key of s^2.
    pub fn half_keyswitch(&mut self) {
        self.workspace.reserve_digits(Self::SQUARE_LEVELS);
        self.forward_transforms();
        self.pointwise();
        self.inverse_transform();
        self.inverse_transform();
    }

    /// One step of the expansion: an automorphism, and the two GLWE that it makes of one.
    pub fn automorphism(&mut self) {
        let [even_mask, even_body, odd_mask, odd_body] = &self.words;
        let (mut even, mut odd) = ([&even_mask[..], even_body].concat(), [&odd_mask[..], odd_body].concat());
        split(&mut even, Some(&mut odd), &self.automorphism, Self::SIZE / 2, &mut self.workspace);
    }

    /// One level of the conversion of an expanded GLWE to a GGSW.
    pub fn ggsw_level(&mut self) {
        let [mask, body, ..] = &self.words;
        store_level(&mut self.group, mask, body, &self.square, &mut self.workspace);
    }

    fn multiply_bootstrap_rows(&mut self, row: impl Fn(usize) -> usize) {
        for index in 0..LOOKUP.lwe_dimension {
            self.workspace.multiply(self.lookup.bootstrap_rows(row(index)), 0);
        }
    }
}

impl Default for Primitives {
    fn default() -> Self {
        Self::new()
    }
}

/// A lookup of few bits: the class that programs use most.
const LOOKUP: LookupParameters = LookupParameters {
    lwe_dimension: 788,
    keyswitch: Gadget { base_log: 3, level_count: 5 },
    bootstrap: Gadget { base_log: 23, level_count: 1 },
    log2_extension: 0,
};
/// Bits of the large key in the keyswitch key: an eighth of all.
const KEYSWITCH_BITS: usize = 256;
const KEYSWITCH_BATCH: usize = 16;

fn gadget(base_log: u32, levels: usize) -> Gadget {
    Gadget { base_log, level_count: levels as u32 }
}

/// Written and not only allocated: untouched memory is one page of zeros, which every cache holds.
fn lookup_key() -> LookupKey {
    let mut bootstrap = zero_spectrum(2, LOOKUP.lwe_dimension * level_values(Primitives::SIZE));
    bootstrap.fill(c64::new(1.0, 1.0));
    LookupKey {
        parameters: LOOKUP,
        size: Primitives::SIZE,
        keyswitch: vec![1; KEYSWITCH_BITS * LOOKUP.keyswitch.level_count as usize * (LOOKUP.lwe_dimension + 1)],
        bootstrap,
        workspaces: Arc::new(WorkspacePool::new(Primitives::SIZE)),
    }
}
