//! Keys: the secret key, the seeded evaluation key that travels, and how one makes the other.

mod automorphism;
mod generate;
mod secret;
mod seeded;

pub use automorphism::{automorphism_exponents, permute};
pub use generate::generate_evaluation_key;
pub use secret::{BinaryKey, SecretKey};
pub use seeded::{
    SeededEvaluationKey, SeededEvaluationKeySizes, SeededHalfKey, SeededLookupKey, SeededRowKeySizes, SeededRowKeys,
};
