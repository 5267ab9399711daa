//! Where randomness comes from: seeds from the operating system, expanded by AES-128 in counter mode.

use crate::error::{Error, ErrorCode, Result};
use crate::wipe::wipe;
use aes::Aes128;
use ctr::Ctr128LE;
use ctr::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};

/// A 128-bit seed: the AES key of a stream. Seeds of masks are public, seeds of noise and keys never leave the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(pub u128);

impl Seed {
    /// The stream of the seed from its beginning.
    pub fn stream(self) -> Stream {
        self.stream_from(0)
    }

    /// The stream of the seed from byte `offset` on: parts of a long mask can be made apart from each other.
    pub fn stream_from(self, offset: u64) -> Stream {
        let mut cipher = Ctr128LE::<Aes128>::new(&self.0.to_le_bytes().into(), &[0; 16].into());
        cipher.seek(offset);
        Stream(cipher)
    }
}

/// A stream of numbers that a seed fixes, the same on every platform: the key stream read as little endian words.
/// Its AES key is wiped when it is dropped.
pub struct Stream(Ctr128LE<Aes128>);

impl Stream {
    /// Overwrites `words` with uniform 64-bit words.
    pub fn fill(&mut self, words: &mut [u64]) {
        words.fill(0);
        self.0.apply_keystream(bytemuck::cast_slice_mut(words));
        words.iter_mut().for_each(|word| *word = u64::from_le(*word));
    }

    /// Overwrites `words` with uniform 32-bit words.
    pub fn fill_32(&mut self, words: &mut [u32]) {
        words.fill(0);
        self.0.apply_keystream(bytemuck::cast_slice_mut(words));
        words.iter_mut().for_each(|word| *word = u32::from_le(*word));
    }

    /// Overwrites `bits` with uniform words 0 or 1.
    pub fn fill_binary(&mut self, bits: &mut [u64]) {
        self.fill(bits);
        bits.iter_mut().for_each(|bit| *bit &= 1);
    }

    /// Adds Gaussian noise of `standard_deviation` torus units, rounded to multiples of 2^-64.
    pub fn add_noise(&mut self, words: &mut [u64], standard_deviation: f64) {
        let scale = standard_deviation * TORUS_64;
        let mut samples = Gaussian::new(self);
        for word in words {
            // The noise is far below 2^63, so the cast is exact rounding.
            *word = word.wrapping_add((samples.next() * scale).round_ties_even() as i64 as u64);
        }
    }

    /// Adds Gaussian noise of `standard_deviation` torus units, rounded to multiples of 2^-32.
    pub fn add_noise_32(&mut self, words: &mut [u32], standard_deviation: f64) {
        let scale = standard_deviation * TORUS_32;
        let mut samples = Gaussian::new(self);
        for word in words {
            *word = word.wrapping_add((samples.next() * scale).round_ties_even() as i64 as u32);
        }
    }
}

/// Standard Gaussian samples by Marsaglia's polar method, from words drawn in runs.
struct Gaussian<'a> {
    stream: &'a mut Stream,
    words: [u64; 64],
    used: usize,
    spare: Option<f64>,
}

impl<'a> Gaussian<'a> {
    fn new(stream: &'a mut Stream) -> Self {
        Self { stream, words: [0; 64], used: 64, spare: None }
    }

    fn next(&mut self) -> f64 {
        if let Some(sample) = self.spare.take() {
            return sample;
        }
        loop {
            let (u, v) = (self.uniform(), self.uniform());
            let square = u * u + v * v;
            if square > 0.0 && square < 1.0 {
                let factor = (-2.0 * square.ln() / square).sqrt();
                self.spare = Some(v * factor);
                return u * factor;
            }
        }
    }

    /// Uniform on [-1, 1).
    fn uniform(&mut self) -> f64 {
        if self.used == self.words.len() {
            self.stream.fill(&mut self.words);
            self.used = 0;
        }
        self.used += 1;
        self.words[self.used - 1] as i64 as f64 * SIGNED_64
    }
}

impl Drop for Gaussian<'_> {
    fn drop(&mut self) {
        wipe(&mut self.words);
    }
}

const TORUS_64: f64 = 18_446_744_073_709_551_616.0;
const TORUS_32: f64 = 4_294_967_296.0;
/// 2^-63: a signed word becomes a number of [-1, 1).
const SIGNED_64: f64 = 1.0 / 9_223_372_036_854_775_808.0;

/// A source of fresh seeds. It may fail, unlike tfhe's `Seeder`: a key made without entropy must not exist.
pub trait SeedSource {
    /// A fresh 128-bit seed. Errors: `RANDOMNESS_UNAVAILABLE`.
    fn seed(&mut self) -> Result<Seed>;
}

/// Seeds from the operating system (`getrandom`). The only source outside tests.
#[derive(Debug, Default)]
pub struct OsSeeder;

impl SeedSource for OsSeeder {
    fn seed(&mut self) -> Result<Seed> {
        let mut bytes = [0u8; 16];
        getrandom::getrandom(&mut bytes).map_err(|cause| {
            Error::new(ErrorCode::RandomnessUnavailable, format!("the operating system gave no randomness: {cause}"))
        })?;
        let seed = Seed(u128::from_le_bytes(bytes));
        wipe(&mut bytes);
        Ok(seed)
    }
}

/// Repeatable seeds, for tests only: everything made with it is insecure.
pub struct InsecureTestSeeder(Stream);

impl InsecureTestSeeder {
    pub fn new(seed: u128) -> Self {
        Self(Seed(seed).stream())
    }
}

impl SeedSource for InsecureTestSeeder {
    fn seed(&mut self) -> Result<Seed> {
        let mut words = [0u64; 2];
        self.0.fill(&mut words);
        Ok(Seed(u128::from(words[0]) | u128::from(words[1]) << 64))
    }
}
