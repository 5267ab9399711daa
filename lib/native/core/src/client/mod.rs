//! The client half: encryption of queries, decryption of replies. Needs no threads.

mod decrypt;
mod encrypt;

pub use decrypt::{decode, glwe_phase, lwe_phase};
pub use encrypt::{Encryptor, encrypt_small};
