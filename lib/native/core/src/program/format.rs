//! The program as plain data: the Rust mirror of `lib/runtime/program.ts`, field by field.
//!
//! Nothing here is checked beyond its JSON type; `validate` checks every number before anything runs. Variants are
//! read through flat raw records (`raw.rs`), so that no part of a hostile file is buffered twice.

use serde::Deserialize;

use super::raw::{RawInstruction, RawOperand, RawQuery, RawReply, RawSmallInput};
use crate::parameters::Parameters;

/// Inclusive range of one scalar. A clear one travels as it is; the others travel encrypted.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputRange {
    pub min: i64,
    pub max: i64,
    #[serde(default)]
    pub clear: bool,
}

impl InputRange {
    /// Bit `bit` of `value - min`.
    pub fn bit(&self, value: i64, bit: u32) -> bool {
        (value - self.min) >> bit & 1 == 1
    }
}

/// One input as a torus element `(value + offset) * 2^scale_log`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Slot {
    pub input: u32,
    pub offset: i64,
    pub scale_log: u32,
}

impl Slot {
    /// The torus element of a value.
    pub fn encode(&self, value: i64) -> u64 {
        (value.wrapping_add(self.offset) as u64) << self.scale_log
    }
}

/// A slot and its coefficient in a GLWE.
#[derive(Debug, Clone, Copy)]
pub struct PlacedSlot {
    pub slot: Slot,
    pub position: u32,
}

/// Bit `bit` of `value - min` of one input.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputBit {
    pub input: u32,
    pub bit: u32,
}

/// How query bits travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    Packed,
    Unpacked,
}

/// What the client sends, one section for each kind of input. Of a section's clear inputs nothing travels in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawQuery")]
pub enum Query {
    /// `whole`: all N body coefficients travel, and those that no slot names encrypt 0.
    Linear {
        row_stride: u32,
        whole: bool,
        slots: Vec<PlacedSlot>,
    },
    Bits {
        encoding: Encoding,
        bits: Vec<InputBit>,
    },
    Lwe {
        lookup: u32,
        slots: Vec<Slot>,
    },
}

/// The coefficients of a linear section that travel for `rows` rows, in their order on the wire.
pub fn linear_positions(size: usize, row_stride: u32, whole: bool, slots: &[PlacedSlot], rows: usize) -> Vec<usize> {
    if whole {
        return (0..size).collect();
    }
    let row = |row: usize| slots.iter().map(move |placed| placed.position as usize + row * row_stride as usize);
    (0..rows).flat_map(row).collect()
}

/// A clear polynomial: `value * 2^scale_log` on runs of coefficients, 0 elsewhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Polynomial {
    pub scale_log: u32,
    pub runs: Vec<(u32, u32, i64)>,
}

/// A branch of a CMUX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawOperand")]
pub enum Operand {
    Polynomial(u32),
    Rotated { glwe: u32, rotation: u32 },
}

/// What a table lookup reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawSmallInput")]
pub enum LookupInput {
    Lwe(u32),
    Small(u32),
}

/// One table lookup of a layer.
#[derive(Debug, Clone)]
pub struct LookupItem {
    pub input: LookupInput,
    pub polynomial: u32,
    pub outputs: Vec<(u32, u32)>,
}

/// Where a circuit bootstrap also leaves its bit as an LWE: `target` becomes the bit times `2^scale_log`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CircuitOutput {
    pub target: u32,
    pub scale_log: u32,
}

/// One bit of a layer of circuit bootstraps: `input` is an LWE register, `bit` the register that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CircuitItem {
    pub input: u32,
    pub bit: u32,
    pub output: Option<CircuitOutput>,
}

/// One step of a program; every register is written once.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawInstruction")]
pub enum Instruction {
    Linear { query: u32, weights: Vec<(u32, i64)>, polynomial: Option<u32>, target: u32 },
    Cmux { bit: u32, zero: Operand, one: Operand, target: u32 },
    Combine { terms: Vec<(u32, u32, i64)>, polynomial: Option<u32>, target: u32 },
    Extract { source: u32, position: u32, target: u32 },
    Embed { source: u32, target: u32 },
    Carried { index: u32, target: u32 },
    Sum { terms: Vec<(u32, i64)>, constant: i64, scale_log: u32, target: u32 },
    Bootstrap { lookup: u32, items: Vec<LookupItem> },
    CircuitBootstrap { items: Vec<CircuitItem> },
}

/// What the server returns.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawReply")]
pub enum Reply {
    Glwe { source: u32, bits: u32, row_stride: u32, positions: Vec<u32> },
    Lwe { source: u32, bits: u32 },
}

/// A value that a run hands to the next one: the register that it leaves in, and `initial * 2^scale_log` for the first run.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Carried {
    pub source: u32,
    pub initial: i64,
    pub scale_log: u32,
}

impl Carried {
    /// The torus element of the first run.
    pub fn encode(&self) -> u64 {
        (self.initial as u64) << self.scale_log
    }
}

/// How a decrypted part becomes an integer.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Part {
    pub scale_log: u32,
    pub min: i64,
    pub max: i64,
}

/// An output scalar: `sum weight * value(part) + offset`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    pub parts: Vec<(u32, i64)>,
    pub offset: i64,
}

/// The whole program, unchecked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Description {
    pub format: u32,
    pub parameters: Parameters,
    pub inputs: Vec<InputRange>,
    pub rows_per_query: u32,
    pub queries: Vec<Query>,
    pub polynomials: Vec<Polynomial>,
    pub instructions: Vec<Instruction>,
    pub replies: Vec<Reply>,
    #[serde(default)]
    pub carried: Vec<Carried>,
    pub parts: Vec<Part>,
    pub outputs: Vec<Output>,
}
