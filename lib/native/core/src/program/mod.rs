//! Programs: the JSON that the compiler emits, read and checked in full before anything of it runs.
//!
//! [`format`] mirrors `lib/runtime/program.ts`; the `check_*` files refuse what does not hold together, naming the
//! instruction and field; [`memory`] bounds what a run needs.

mod check;
mod check_instructions;
mod check_parameters;
mod check_sections;
mod client;

pub mod format;
pub mod limits;
mod memory;
mod raw;
pub mod registers;

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorCode, Result};
use crate::parameters::{Gadget, Parameters};
pub use check_instructions::Registers;
pub use check_parameters::key_bytes;
pub use check_sections::{BitSource, Sections, bit_width};
pub use client::Client;
pub use memory::RunMemory;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// A valid program. Every index in it exists, every register is written before it is read, and a run of one group of
/// rows needs a bounded amount of memory.
#[derive(Debug)]
pub struct Program {
    pub description: format::Description,
    /// SHA-256 of the bytes of the program.
    pub hash: Hash,
    /// SHA-256 of its parameters: which keys fit.
    pub key_hash: Hash,
    pub sections: Sections,
    pub registers: Registers,
    pub memory: RunMemory,
}

impl Program {
    /// Reads and checks a program. Errors: `BAD_PROGRAM`.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > limits::PROGRAM_BYTES {
            let given = bytes.len();
            return Err(bad(format!("the program has {given} bytes, at most {}", limits::PROGRAM_BYTES)));
        }
        let description: format::Description = serde_json::from_slice(bytes)
            .map_err(|cause| bad(format!("the program is not of this format: {}", shorten(&cause.to_string()))))?;
        if description.format != 1 {
            return Err(bad(format!("the program is of format {}, this runtime reads format 1", description.format)));
        }
        check_parameters::check_parameters(&description.parameters)?;
        let sections = check_sections::check_queries(&description)?;
        let reach = check_sections::check_polynomials(&description)?;
        let registers = check_instructions::check_instructions(&description, &sections, &reach)?;
        check_sections::check_replies(&description)?;
        let memory = memory::check_memory(&description, &sections, registers)?;
        let hash = Sha256::digest(bytes).into();
        let key_hash = hash_parameters(&description.parameters);
        Ok(Self { description, hash, key_hash, sections, registers, memory })
    }

    /// What its keys depend on.
    pub fn parameters(&self) -> &Parameters {
        &self.description.parameters
    }

    /// Groups of rows, each a query ciphertext, that `rows` rows make.
    pub fn groups(&self, rows: u64) -> u64 {
        rows.div_ceil(u64::from(self.description.rows_per_query))
    }

    /// Rows of group `group`: all but the last group are full.
    pub fn rows_in_group(&self, rows: u64, group: u64) -> u64 {
        let full = u64::from(self.description.rows_per_query);
        (rows - group * full).min(full)
    }
}

/// SHA-256 of the parameters in a fixed order, each number as 8 little-endian bytes.
fn hash_parameters(parameters: &Parameters) -> Hash {
    let gadget = |gadget: Gadget| [u64::from(gadget.base_log), u64::from(gadget.level_count)];
    let mut numbers = vec![1, parameters.glwe.dimension as u64, parameters.glwe.polynomial_size as u64];
    numbers.push(u64::from(parameters.packed.is_some()));
    if let Some(packed) = parameters.packed {
        numbers.push(u64::from(packed.log2_coefficients));
        numbers.extend([packed.gadget, packed.automorphism, packed.square].into_iter().flat_map(gadget));
    }
    numbers.push(u64::from(parameters.unpacked.is_some()));
    numbers.extend(parameters.unpacked.into_iter().flat_map(gadget));
    numbers.push(parameters.lookups.len() as u64);
    for lookup in &parameters.lookups {
        numbers.push(lookup.lwe_dimension as u64);
        numbers.extend([lookup.keyswitch, lookup.bootstrap].into_iter().flat_map(gadget));
        numbers.push(u64::from(lookup.log2_extension));
    }
    numbers.push(u64::from(parameters.circuit.is_some()));
    if let Some(circuit) = parameters.circuit {
        numbers.extend([circuit.gadget, circuit.automorphism, circuit.square].into_iter().flat_map(gadget));
        numbers.push(u64::from(circuit.lookup));
    }
    let bytes: Vec<u8> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
    Sha256::digest(bytes).into()
}

/// Both ends of a message: it may quote the file, as long as that is, and ends with the place.
fn shorten(message: &str) -> String {
    let length = message.chars().count();
    if length <= 400 {
        return message.to_owned();
    }
    let (start, end): (String, String) =
        (message.chars().take(200).collect(), message.chars().skip(length - 200).collect());
    format!("{start} ... {end}")
}

fn bad(message: String) -> Error {
    Error::new(ErrorCode::BadProgram, message)
}
