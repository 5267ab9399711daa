//! The evaluation key in the form that travels: bodies and seeds, half the size of the full key.

use crate::error::{ErrorCode, Result, check_size};
use crate::keys::automorphism_exponents;
use crate::parameters::{LookupParameters, Parameters};
use crate::random::Seed;

/// Half a GGSW: per level (most significant first) one GLWE that encrypts `p * 2^(64 - level * baseLog)` for a
/// polynomial `p` made of the key. Enough to multiply `p` by a mask: no body is ever decomposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededHalfKey {
    pub seed: Seed,
    /// level_count * N words.
    pub bodies: Vec<u64>,
}

/// The keys of one lookup class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededLookupKey {
    pub keyswitch_seed: Seed,
    /// N * level_count words: for each bit of the large key, per level (most significant first).
    pub keyswitch_bodies: Vec<u32>,
    pub bootstrap_seed: Seed,
    /// n * level_count * 2 * N words: for each bit of the small key, per level (most significant first), the bodies
    /// of the mask row and of the body row.
    pub bootstrap_bodies: Vec<u64>,
}

/// Everything that a server needs to run programs of one set of parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededEvaluationKey {
    /// In the order of [`automorphism_exponents`]; empty without packed queries.
    pub automorphisms: Vec<SeededHalfKey>,
    /// The key that encrypts s^2; none without packed queries.
    pub square: Option<SeededHalfKey>,
    pub lookups: Vec<SeededLookupKey>,
}

/// Words of each part of a seeded evaluation key: what wire code checks before it allocates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededEvaluationKeySizes {
    pub automorphism_count: usize,
    pub automorphism_words: usize,
    /// `None` without packed queries.
    pub square_words: Option<usize>,
    /// Per class: keyswitch words (u32), bootstrap words (u64).
    pub lookups: Vec<(usize, usize)>,
}

impl SeededEvaluationKey {
    /// The sizes that `parameters` prescribe.
    pub fn sizes(parameters: &Parameters) -> SeededEvaluationKeySizes {
        let size = parameters.polynomial_size();
        let packed = parameters.packed.as_ref();
        let words = |lookup: &LookupParameters| {
            (
                size * lookup.keyswitch.level_count as usize,
                lookup.lwe_dimension * lookup.bootstrap.level_count as usize * 2 * size,
            )
        };
        SeededEvaluationKeySizes {
            automorphism_count: automorphism_exponents(parameters).len(),
            automorphism_words: packed.map_or(0, |packed| packed.automorphism.level_count as usize * size),
            square_words: packed.map(|packed| packed.square.level_count as usize * size),
            lookups: parameters.lookups.iter().map(words).collect(),
        }
    }

    /// Checks that the key has the sizes of `parameters`. Errors: `BAD_KEY`.
    pub fn validate(&self, parameters: &Parameters) -> Result<()> {
        let check = |what: &str, given: usize, wanted: usize| check_size(ErrorCode::BadKey, what, given, wanted);
        let sizes = Self::sizes(parameters);
        check("automorphism keys", self.automorphisms.len(), sizes.automorphism_count)?;
        for key in &self.automorphisms {
            check("automorphism key words", key.bodies.len(), sizes.automorphism_words)?;
        }
        check(
            "s^2 key words",
            self.square.as_ref().map_or(0, |key| key.bodies.len()),
            sizes.square_words.unwrap_or(0),
        )?;
        check("lookup keys", self.lookups.len(), sizes.lookups.len())?;
        for (key, &(keyswitch, bootstrap)) in self.lookups.iter().zip(&sizes.lookups) {
            check("keyswitch key words", key.keyswitch_bodies.len(), keyswitch)?;
            check("bootstrap key words", key.bootstrap_bodies.len(), bootstrap)?;
        }
        Ok(())
    }
}
