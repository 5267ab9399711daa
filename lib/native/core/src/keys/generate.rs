//! Generation of the seeded evaluation key from the secret key; in parallel where threads are.

use crate::error::Result;
use crate::keys::{
    SecretKey, SeededEvaluationKey, SeededHalfKey, SeededLookupKey, SeededRowKeys, automorphism_exponents, permute,
};
use crate::negacyclic::BinaryPolynomial;
use crate::parameters::{
    Gadget, GlweDimension, LookupParameters, LweDimension, Parameters, PolynomialSize, RowKeyParameters,
};
use crate::program::key_bytes;
use crate::random::{Seed, SeedSource};
use crate::room::check_room;
use crate::security::{glwe_standard_deviation, keyswitch_standard_deviation};
use crate::wipe::Zeroizing;
#[cfg(feature = "server")]
use rayon::prelude::*;

/// The evaluation key of `secret` for `parameters`. Errors: `BAD_KEY` when the sizes disagree,
/// `RANDOMNESS_UNAVAILABLE`, `OUT_OF_RANGE` when memory does not suffice.
pub fn generate_evaluation_key(
    parameters: &Parameters,
    secret: &SecretKey,
    seeds: &mut dyn SeedSource,
) -> Result<SeededEvaluationKey> {
    secret.validate(parameters)?;
    check_room(key_bytes(parameters) / 2, "an evaluation key")?;
    let rows = RowEncryption::new(secret);
    let packed = parameters.packed_rows().map(|keys| row_keys(&rows, secret, &keys, seeds)).transpose()?;
    let circuit = parameters.circuit_rows().map(|keys| row_keys(&rows, secret, &keys, seeds)).transpose()?;
    let lookups = (0..parameters.lookups.len())
        .map(|class| lookup_key(&rows, secret, &parameters.lookups[class], class, seeds))
        .collect::<Result<_>>()?;
    Ok(SeededEvaluationKey { packed, circuit, lookups })
}

/// Encrypts the bodies of GLWE rows whose masks come from a public seed.
struct RowEncryption {
    key: BinaryPolynomial,
    size: usize,
    standard_deviation: f64,
}

impl RowEncryption {
    fn new(secret: &SecretKey) -> Self {
        let size = secret.glwe.bits().len();
        Self {
            key: BinaryPolynomial::new(secret.glwe.bits()),
            size,
            standard_deviation: glwe_standard_deviation(GlweDimension(1), PolynomialSize(size)),
        }
    }

    /// Adds `mask * s + noise` to each chunk of N words of `bodies`, where row i takes mask words i * N and following
    /// of the stream of `masks`.
    fn encrypt(&self, bodies: &mut [u64], masks: Seed, seeds: &mut dyn SeedSource) -> Result<()> {
        // Whoever has the seeds of the noise has the key.
        let mut noises = Zeroizing::new(vec![0; bodies.len() / self.size]);
        for noise in noises.iter_mut() {
            *noise = seeds.seed()?.0;
        }
        let row = |(index, body): (usize, &mut [u64])| {
            let mut mask = vec![0; self.size];
            masks.stream_from((index * self.size * 8) as u64).fill(&mut mask);
            self.key.add_product(body, &mask);
            Seed(noises[index]).stream().add_noise(body, self.standard_deviation);
        };
        #[cfg(feature = "server")]
        bodies.par_chunks_exact_mut(self.size).enumerate().for_each(row);
        #[cfg(not(feature = "server"))]
        bodies.chunks_exact_mut(self.size).enumerate().for_each(row);
        Ok(())
    }
}

/// Level (1 = most significant) of a gadget as a factor on the torus.
fn gadget_factor(gadget: Gadget, level: u32) -> u64 {
    1u64 << (64 - gadget.base_log * level)
}

fn row_keys(
    rows: &RowEncryption,
    secret: &SecretKey,
    parameters: &RowKeyParameters,
    seeds: &mut dyn SeedSource,
) -> Result<SeededRowKeys> {
    let mut automorphisms = Vec::new();
    for exponent in automorphism_exponents(rows.size, parameters.log2_coefficients) {
        let mut image = Zeroizing::new(permute(secret.glwe.bits(), exponent));
        image.iter_mut().for_each(|word| *word = word.wrapping_neg());
        automorphisms.push(half_key(rows, &image, parameters.automorphism, seeds)?);
    }
    let mut squared = Zeroizing::new(vec![0; rows.size]);
    rows.key.add_product(&mut squared, secret.glwe.bits());
    Ok(SeededRowKeys { automorphisms, square: half_key(rows, &squared, parameters.square, seeds)? })
}

fn half_key(
    rows: &RowEncryption,
    polynomial: &[u64],
    gadget: Gadget,
    seeds: &mut dyn SeedSource,
) -> Result<SeededHalfKey> {
    let mut bodies = Vec::with_capacity(gadget.level_count as usize * rows.size);
    for level in 1..=gadget.level_count {
        bodies.extend(polynomial.iter().map(|word| word.wrapping_mul(gadget_factor(gadget, level))));
    }
    let seed = seeds.seed()?;
    rows.encrypt(&mut bodies, seed, seeds)?;
    Ok(SeededHalfKey { seed, bodies })
}

fn lookup_key(
    rows: &RowEncryption,
    secret: &SecretKey,
    lookup: &LookupParameters,
    class: usize,
    seeds: &mut dyn SeedSource,
) -> Result<SeededLookupKey> {
    let (keyswitch_seed, keyswitch_bodies) = keyswitch_key(secret, lookup, class, seeds)?;
    let gadget = lookup.bootstrap;
    let small = secret.lookups[class].bits();
    let mut bodies = vec![0u64; small.len() * gadget.level_count as usize * 2 * rows.size];
    let blocks = bodies.chunks_exact_mut(2 * rows.size);
    let levels = (0..small.len()).flat_map(|index| (1..=gadget.level_count).map(move |level| (index, level)));
    for (block, (index, level)) in blocks.zip(levels) {
        let factor = small[index].wrapping_mul(gadget_factor(gadget, level));
        let (mask_row, body_row) = block.split_at_mut(rows.size);
        for (word, &bit) in mask_row.iter_mut().zip(secret.glwe.bits()) {
            *word = bit.wrapping_mul(factor).wrapping_neg();
        }
        body_row[0] = factor;
    }
    let bootstrap_seed = seeds.seed()?;
    rows.encrypt(&mut bodies, bootstrap_seed, seeds)?;
    Ok(SeededLookupKey { keyswitch_seed, keyswitch_bodies, bootstrap_seed, bootstrap_bodies: bodies })
}

/// Per bit of the large key and level: an encryption of `bit * 2^(32 - level * baseLog)` under the small key, modulo 2^32.
fn keyswitch_key(
    secret: &SecretKey,
    lookup: &LookupParameters,
    class: usize,
    seeds: &mut dyn SeedSource,
) -> Result<(Seed, Vec<u32>)> {
    let gadget = lookup.keyswitch;
    let levels = gadget.level_count as usize;
    let small = secret.lookups[class].bits().iter().map(|&bit| (bit as u32).wrapping_neg());
    let small: Zeroizing<Vec<u32>> = Zeroizing::new(small.collect());
    let standard_deviation = keyswitch_standard_deviation(LweDimension(small.len()));
    let seed = seeds.seed()?;
    let mut bodies = vec![0u32; secret.glwe.bits().len() * levels];
    let mut noise = seeds.seed()?.stream();
    noise.add_noise_32(&mut bodies, standard_deviation);
    let row = |(index, body): (usize, &mut u32)| {
        let level = (index % levels) as u32 + 1;
        let message = (secret.glwe.bits()[index / levels] as u32) << (32 - gadget.base_log * level);
        let mut mask = vec![0u32; small.len()];
        seed.stream_from((index * small.len() * 4) as u64).fill_32(&mut mask);
        let product = mask.iter().zip(small.iter()).fold(0u32, |sum, (word, bit)| sum.wrapping_add(word & bit));
        *body = body.wrapping_add(message).wrapping_add(product);
    };
    #[cfg(feature = "server")]
    bodies.par_iter_mut().enumerate().with_min_len(256).for_each(row);
    #[cfg(not(feature = "server"))]
    bodies.iter_mut().enumerate().for_each(row);
    Ok((seed, bodies))
}
