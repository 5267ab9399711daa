//! Encryption of queries: seeded, so that only bodies travel.
//!
//! The noise is drawn before the mask meets the key: when randomness fails, no ciphertext without noise was made.

use crate::ciphertext::Seeded;
use crate::error::{Error, ErrorCode, Result, check_size};
use crate::keys::BinaryKey;
use crate::negacyclic::BinaryPolynomial;
use crate::parameters::{Gadget, GlweDimension, LweDimension, PackedParameters, PolynomialSize};
use crate::random::SeedSource;
use crate::security::{glwe_standard_deviation, lwe_standard_deviation};
use crate::wipe::Zeroizing;

/// Slots from which the whole product is cheaper than coefficient by coefficient.
const WHOLE_PRODUCT_SLOTS: usize = 64;

/// A GLWE key prepared for encryption: made once, used for every query.
pub struct Encryptor {
    key: BinaryPolynomial,
    bits: BinaryKey,
    size: usize,
    standard_deviation: f64,
}

impl Encryptor {
    /// From the GLWE key of a secret key.
    pub fn new(glwe: &BinaryKey) -> Self {
        let size = glwe.bits().len();
        Self {
            key: BinaryPolynomial::new(glwe.bits()),
            bits: glwe.clone(),
            size,
            standard_deviation: glwe_standard_deviation(GlweDimension(1), PolynomialSize(size)),
        }
    }

    /// One GLWE with `plaintexts[i]` (torus words) at coefficient `positions[i] < N`; one body word per position.
    /// Errors: `INTERNAL` when a position is outside the ring, `RANDOMNESS_UNAVAILABLE`.
    pub fn encrypt_linear(
        &self,
        positions: &[usize],
        plaintexts: &[u64],
        seeds: &mut dyn SeedSource,
    ) -> Result<Seeded> {
        check_size(ErrorCode::Internal, "plaintexts of a linear section", plaintexts.len(), positions.len())?;
        if positions.iter().any(|&position| position >= self.size) {
            return Err(Error::new(ErrorCode::Internal, "a slot lies outside the polynomial"));
        }
        let (seed, mut noise) = (seeds.seed()?, seeds.seed()?.stream());
        let mut mask = vec![0; self.size];
        seed.stream().fill(&mut mask);
        let mut bodies = plaintexts.to_vec();
        if positions.len() < WHOLE_PRODUCT_SLOTS {
            for (body, &position) in bodies.iter_mut().zip(positions) {
                *body = body.wrapping_add(self.key.product_coefficient(&mask, position));
            }
        } else {
            let mut product = Zeroizing::new(vec![0; self.size]);
            self.key.add_product(&mut product, &mask);
            for (body, &position) in bodies.iter_mut().zip(positions) {
                *body = body.wrapping_add(product[position]);
            }
        }
        noise.add_noise(&mut bodies, self.standard_deviation);
        Ok(Seeded { seed, bodies })
    }

    /// Packed bits (0 or 1 each): level j (1 = most significant) of bit i is payload coefficient
    /// `i * levelCount + j - 1`, the value `bit * 2^(64 - baseLog * j) / P`; payload coefficient c sits in GLWE
    /// `c / P` at coefficient `(c mod P) * N / P`. N body words per GLWE. Errors: `RANDOMNESS_UNAVAILABLE`.
    pub fn encrypt_packed(
        &self,
        packed: &PackedParameters,
        bits: &[bool],
        seeds: &mut dyn SeedSource,
    ) -> Result<Seeded> {
        let (levels, coefficients) = (packed.gadget.level_count as usize, packed.coefficients());
        let stride = self.size / coefficients;
        let mut bodies = vec![0u64; packed.glwe_count(bits.len()) * self.size];
        for (index, &bit) in bits.iter().enumerate() {
            for level in 0..levels {
                let payload = index * levels + level;
                let shift = 64 - packed.gadget.base_log * (level as u32 + 1) - packed.log2_coefficients;
                bodies[payload / coefficients * self.size + payload % coefficients * stride] = u64::from(bit) << shift;
            }
        }
        self.encrypt_rows(bodies, seeds)
    }

    /// Unpacked bits: per bit and level (1 = most significant first), the body of the mask row, which encrypts
    /// `-s * bit * 2^(64 - baseLog * level)`, then of the body row, which encrypts `bit * 2^(64 - baseLog * level)`.
    /// Errors: `RANDOMNESS_UNAVAILABLE`.
    pub fn encrypt_unpacked(&self, gadget: Gadget, bits: &[bool], seeds: &mut dyn SeedSource) -> Result<Seeded> {
        let mut bodies = vec![0u64; bits.len() * gadget.level_count as usize * 2 * self.size];
        let mut blocks = bodies.chunks_exact_mut(2 * self.size);
        for &bit in bits {
            for (level, block) in (1..=gadget.level_count).zip(&mut blocks) {
                let factor = u64::from(bit) << (64 - gadget.base_log * level);
                let (mask_row, body_row) = block.split_at_mut(self.size);
                for (word, &key_bit) in mask_row.iter_mut().zip(self.bits.bits()) {
                    *word = key_bit.wrapping_mul(factor).wrapping_neg();
                }
                body_row[0] = factor;
            }
        }
        self.encrypt_rows(bodies, seeds)
    }

    /// Turns plaintext polynomials into bodies: adds `mask * s + noise` to each N words.
    fn encrypt_rows(&self, mut bodies: Vec<u64>, seeds: &mut dyn SeedSource) -> Result<Seeded> {
        let (seed, mut noise) = (seeds.seed()?, seeds.seed()?.stream());
        let mut masks = seed.stream();
        let mut mask = vec![0; self.size];
        for body in bodies.chunks_exact_mut(self.size) {
            masks.fill(&mut mask);
            self.key.add_product(body, &mask);
        }
        noise.add_noise(&mut bodies, self.standard_deviation);
        Ok(Seeded { seed, bodies })
    }
}

/// An LWE list under the small key of a lookup class: one body word per plaintext (torus words).
/// Errors: `RANDOMNESS_UNAVAILABLE`.
pub fn encrypt_small(key: &BinaryKey, plaintexts: &[u64], seeds: &mut dyn SeedSource) -> Result<Seeded> {
    let (seed, mut noise) = (seeds.seed()?, seeds.seed()?.stream());
    let mut masks = seed.stream();
    let mut mask = vec![0; key.bits().len()];
    let mut bodies = plaintexts.to_vec();
    for body in &mut bodies {
        masks.fill(&mut mask);
        for (word, bit) in mask.iter().zip(key.bits()) {
            *body = body.wrapping_add(word & bit.wrapping_neg());
        }
    }
    noise.add_noise(&mut bodies, lwe_standard_deviation(LweDimension(key.bits().len())));
    Ok(Seeded { seed, bodies })
}
