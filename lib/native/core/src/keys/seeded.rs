//! The evaluation key in the form that travels: bodies and seeds, half the size of the full key.

use crate::error::{ErrorCode, Result, check_size};
use crate::parameters::{LookupParameters, Parameters, RowKeyParameters};
use crate::random::Seed;

/// Half a GGSW: per level (most significant first) one GLWE that encrypts `p * 2^(64 - level * baseLog)` for a
/// polynomial `p` made of the key. Enough to multiply `p` by a mask: no body is ever decomposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededHalfKey {
    pub seed: Seed,
    /// level_count * N words.
    pub bodies: Vec<u64>,
}

/// The keys that make the rows of GGSW bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededRowKeys {
    /// In the order of [`super::automorphism_exponents`].
    pub automorphisms: Vec<SeededHalfKey>,
    /// The key that encrypts s^2.
    pub square: SeededHalfKey,
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
    /// Of packed queries.
    pub packed: Option<SeededRowKeys>,
    /// Of circuit bootstrapping.
    pub circuit: Option<SeededRowKeys>,
    pub lookups: Vec<SeededLookupKey>,
}

/// Words of each part of seeded row keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeededRowKeySizes {
    pub automorphism_count: usize,
    pub automorphism_words: usize,
    pub square_words: usize,
}

/// Words of each part of a seeded evaluation key: what wire code checks before it allocates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededEvaluationKeySizes {
    pub packed: Option<SeededRowKeySizes>,
    pub circuit: Option<SeededRowKeySizes>,
    /// Per class: keyswitch words (u32), bootstrap words (u64).
    pub lookups: Vec<(usize, usize)>,
}

impl SeededEvaluationKey {
    /// The sizes that `parameters` prescribe.
    pub fn sizes(parameters: &Parameters) -> SeededEvaluationKeySizes {
        let size = parameters.polynomial_size();
        let rows = |rows: RowKeyParameters| SeededRowKeySizes {
            automorphism_count: rows.log2_coefficients as usize,
            automorphism_words: rows.automorphism.level_count as usize * size,
            square_words: rows.square.level_count as usize * size,
        };
        let words = |lookup: &LookupParameters| {
            (
                size * lookup.keyswitch.level_count as usize,
                lookup.lwe_dimension * lookup.bootstrap.level_count as usize * 2 * size,
            )
        };
        SeededEvaluationKeySizes {
            packed: parameters.packed_rows().map(rows),
            circuit: parameters.circuit_rows().map(rows),
            lookups: parameters.lookups.iter().map(words).collect(),
        }
    }

    /// Checks that the key has the sizes of `parameters`. Errors: `BAD_KEY`.
    pub fn validate(&self, parameters: &Parameters) -> Result<()> {
        let check = |what: &str, given: usize, wanted: usize| check_size(ErrorCode::BadKey, what, given, wanted);
        let sizes = Self::sizes(parameters);
        for (keys, sizes) in [(&self.packed, &sizes.packed), (&self.circuit, &sizes.circuit)] {
            check("sets of row keys", usize::from(keys.is_some()), usize::from(sizes.is_some()))?;
            let Some((keys, sizes)) = keys.as_ref().zip(sizes.as_ref()) else { continue };
            check("automorphism keys", keys.automorphisms.len(), sizes.automorphism_count)?;
            for key in &keys.automorphisms {
                check("automorphism key words", key.bodies.len(), sizes.automorphism_words)?;
            }
            check("s^2 key words", keys.square.bodies.len(), sizes.square_words)?;
        }
        check("lookup keys", self.lookups.len(), sizes.lookups.len())?;
        for (key, &(keyswitch, bootstrap)) in self.lookups.iter().zip(&sizes.lookups) {
            check("keyswitch key words", key.keyswitch_bodies.len(), keyswitch)?;
            check("bootstrap key words", key.bootstrap_bodies.len(), bootstrap)?;
        }
        Ok(())
    }
}
