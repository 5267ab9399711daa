//! Keys, queries and replies as bytes, in the frames of [`crate::frame`].

mod bits;
mod carried;
mod evaluation_key;
mod query;
mod reply;
mod secret_key;

pub use carried::{CarriedMessage, open_carried, read_carried};
pub use evaluation_key::{EvaluationKeyMessage, read_evaluation_key, write_evaluation_key};
pub use query::{QueryGroup, QueryMessage, QuerySizes, read_query, write_query};
pub use reply::{ReplyMessage, ReplySizes, open_reply, read_reply, write_section};
pub use secret_key::{ClientKey, read_secret_key, write_secret_key};

use crate::error::{Error, ErrorCode, Result};
use crate::frame::Reader;
use crate::program::Hash;

/// A random public name of a secret key. It travels with all that was made with the key, so that a query of one key
/// never meets the evaluation key of another in silence.
pub type KeyId = [u8; 16];

/// Checks that a key was made for parameters with `key_hash`. Errors: `WRONG_KEY`.
fn check_key_hash(reader: &Reader, key_hash: &Hash) -> Result<()> {
    if &reader.id == key_hash {
        return Ok(());
    }
    Err(Error::new(ErrorCode::WrongKey, "this key was made for other parameters than the program's"))
}

/// Checks that a message belongs to the program with `hash`. Errors: `WRONG_PROGRAM`.
fn check_program_hash(reader: &Reader, hash: &Hash, what: &str) -> Result<()> {
    if &reader.id == hash {
        return Ok(());
    }
    Err(Error::new(ErrorCode::WrongProgram, format!("this {what} was made for another program")))
}

/// Checks that two things were made with one secret key. Errors: `WRONG_KEY`.
pub fn check_key_id(given: &KeyId, wanted: &KeyId, what: &str) -> Result<()> {
    if given == wanted {
        return Ok(());
    }
    Err(Error::new(ErrorCode::WrongKey, format!("this {what} was made with another secret key")))
}
