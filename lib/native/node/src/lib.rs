//! The Node addon: programs, keys and runs as JavaScript objects. It adds no cryptography to the core; it keeps work
//! off the JavaScript thread, panics inside Rust, and error codes on errors.

#![deny(clippy::all)]
// Nothing registers with Node in a test build, which linters make: all of it would look unused.
#![cfg_attr(test, allow(dead_code))]

mod error;
mod evaluation_key;
mod live;
mod measure;
mod program;
mod promise;
mod run;
mod secret_key;
mod threads;

use napi::Result;
use napi_derive::napi;

use error::{Code, thrown};
use live::Kind;

/// How many native objects are alive.
#[napi(object)]
pub struct LiveObjects {
    pub programs: u32,
    pub secret_keys: u32,
    pub evaluation_keys: u32,
}

/// Counts the native objects that are alive, for leak tests.
#[napi(catch_unwind)]
pub fn live_objects() -> LiveObjects {
    LiveObjects {
        programs: Kind::Program.count(),
        secret_keys: Kind::SecretKey.count(),
        evaluation_keys: Kind::EvaluationKey.count(),
    }
}

/// Sets the number of computing threads for work that starts from now on. Throws OUT_OF_RANGE.
#[napi(catch_unwind)]
pub fn set_threads(threads: u32) -> Result<(), Code> {
    threads::set_threads(threads).map_err(thrown)
}
