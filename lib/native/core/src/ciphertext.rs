//! Ciphertexts as plain words. All are over the torus modulo 2^64, a value `v` standing for `v / 2^64`.

use crate::random::Seed;

/// A GLWE ciphertext of dimension 1: N mask words, then N body words; its phase is `body - mask * s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glwe {
    data: Vec<u64>,
}

impl Glwe {
    /// The trivial encryption of zero with polynomials of `size` coefficients.
    pub fn zero(size: usize) -> Self {
        Self { data: vec![0; 2 * size] }
    }

    /// N, the number of coefficients of each polynomial.
    pub fn size(&self) -> usize {
        self.data.len() / 2
    }

    pub fn mask(&self) -> &[u64] {
        &self.data[..self.size()]
    }

    pub fn body(&self) -> &[u64] {
        &self.data[self.size()..]
    }

    pub fn mask_mut(&mut self) -> &mut [u64] {
        let size = self.size();
        &mut self.data[..size]
    }

    pub fn body_mut(&mut self) -> &mut [u64] {
        let size = self.size();
        &mut self.data[size..]
    }

    /// Copies a ciphertext of the same size.
    pub fn copy_from(&mut self, other: &Self) {
        self.data.copy_from_slice(&other.data);
    }

    /// Mask and body at once.
    pub fn parts_mut(&mut self) -> (&mut [u64], &mut [u64]) {
        let size = self.size();
        self.data.split_at_mut(size)
    }
}

/// An LWE ciphertext: the mask words, then the body word; its phase is `body - <mask, s>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lwe {
    data: Vec<u64>,
}

impl Lwe {
    /// The trivial encryption of zero.
    pub fn zero(dimension: usize) -> Self {
        Self { data: vec![0; dimension + 1] }
    }

    /// Number of mask words.
    pub fn dimension(&self) -> usize {
        self.data.len() - 1
    }

    pub fn mask(&self) -> &[u64] {
        &self.data[..self.dimension()]
    }

    pub fn body(&self) -> u64 {
        self.data[self.dimension()]
    }

    /// Mask and body at once.
    pub fn parts_mut(&mut self) -> (&mut [u64], &mut u64) {
        let dimension = self.dimension();
        let (mask, body) = self.data.split_at_mut(dimension);
        (mask, &mut body[0])
    }

    /// All words, the body last.
    pub fn words(&self) -> &[u64] {
        &self.data
    }

    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.data
    }
}

/// Ciphertexts whose masks are the stream of `seed`: only the bodies are kept and sent.
///
/// What `bodies` holds depends on the use:
/// - a linear section: one word per slot, in slot order (one GLWE, mask of N words);
/// - packed bits: N words per GLWE, GLWE after GLWE (the stream gives N mask words for each);
/// - unpacked bits: per bit, per level (most significant first), the N words of the mask row and of the body row;
/// - an LWE list: one word per value (the stream gives n mask words for each).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeded {
    pub seed: Seed,
    pub bodies: Vec<u64>,
}
