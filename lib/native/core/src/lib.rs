//! The cryptography of Blindfit over tfhe's core: parameters, keys, the client half and the server half.
//!
//! In the order of the data: [`parameters`] and [`security`] say what keys look like, [`random`] feeds [`keys`],
//! [`client`] encrypts and decrypts, [`server`] holds the kernels that compute, and [`program`], [`frame`], [`wire`]
//! and [`execute`] validate, carry and run compiled programs.

pub mod ciphertext;
pub mod client;
pub mod error;
mod fourier;
pub mod keys;
pub mod negacyclic;
pub mod parameters;
pub mod random;
mod room;
pub mod security;
#[cfg(feature = "server")]
pub mod server;

#[cfg(feature = "server")]
pub mod execute;
pub mod frame;
pub mod program;
mod wipe;
pub mod wire;

pub use error::{Error, ErrorCode, Result};
