//! The secret key: binary bits, wiped when dropped.

use crate::error::{Error, ErrorCode, Result, check_size};
use crate::parameters::Parameters;
use crate::random::SeedSource;
use crate::wipe::wipe;

/// A binary key, one word (0 or 1) per bit. Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct BinaryKey(Vec<u64>);

impl BinaryKey {
    /// A key of `length` uniform bits.
    pub fn generate(length: usize, seeds: &mut dyn SeedSource) -> Result<Self> {
        let mut bits = vec![0u64; length];
        seeds.seed()?.stream().fill_binary(&mut bits);
        Ok(Self(bits))
    }

    /// A key from its bits. Errors: `BAD_KEY` when a word is neither 0 nor 1.
    pub fn from_bits(bits: Vec<u64>) -> Result<Self> {
        let key = Self(bits);
        if key.0.iter().all(|&bit| bit <= 1) {
            Ok(key)
        } else {
            Err(Error::new(ErrorCode::BadKey, "a secret key holds a word that is neither 0 nor 1"))
        }
    }

    /// The bits, one word (0 or 1) each.
    pub fn bits(&self) -> &[u64] {
        &self.0
    }
}

impl Drop for BinaryKey {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

impl std::fmt::Debug for BinaryKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "BinaryKey({} bits)", self.0.len())
    }
}

/// The client's key: the GLWE key (N bits, also the large LWE key) and one small LWE key per lookup class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretKey {
    pub glwe: BinaryKey,
    pub lookups: Vec<BinaryKey>,
}

impl SecretKey {
    /// Fresh keys for `parameters`. Errors: `RANDOMNESS_UNAVAILABLE`.
    pub fn generate(parameters: &Parameters, seeds: &mut dyn SeedSource) -> Result<Self> {
        let glwe = BinaryKey::generate(parameters.polynomial_size(), seeds)?;
        let lookups = parameters
            .lookups
            .iter()
            .map(|lookup| BinaryKey::generate(lookup.lwe_dimension, seeds))
            .collect::<Result<_>>()?;
        Ok(Self { glwe, lookups })
    }

    /// Checks that the key has the sizes of `parameters`. Errors: `BAD_KEY`.
    pub fn validate(&self, parameters: &Parameters) -> Result<()> {
        check_size(ErrorCode::BadKey, "GLWE key bits", self.glwe.bits().len(), parameters.polynomial_size())?;
        check_size(ErrorCode::BadKey, "small keys", self.lookups.len(), parameters.lookups.len())?;
        for (key, lookup) in self.lookups.iter().zip(&parameters.lookups) {
            check_size(ErrorCode::BadKey, "small key bits", key.bits().len(), lookup.lwe_dimension)?;
        }
        Ok(())
    }
}
