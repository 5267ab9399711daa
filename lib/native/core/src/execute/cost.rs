//! Rough costs of the steps of a run, in tenths of microseconds of one thread: good enough to order work, to tell
//! progress, and to keep tiny programs off the scheduler. The compiler's cost model is another, finer one.

use crate::parameters::{Gadget, LookupParameters};
use crate::program::format::{Encoding, Instruction, Query};
use crate::program::{BitSource, Program};

/// One transform of N = 2048 coefficients with the work around it.
const TRANSFORM: u64 = 16;
/// One pass over a polynomial of N = 2048 words.
const PASS: u64 = 4;

/// Cost of an instruction for one group of rows.
pub fn instruction_cost(program: &Program, instruction: &Instruction) -> u64 {
    let parameters = program.parameters();
    let cost = match instruction {
        Instruction::Linear { weights, .. } => PASS * (2 + weights.len() as u64),
        Instruction::Cmux { bit, .. } => match program.sections.bit(*bit) {
            BitSource::Clear { .. } => 4 * PASS,
            BitSource::Encrypted { .. } => {
                parameters.packed.map(|packed| packed.gadget).or(parameters.unpacked).map_or(0, product)
            }
            BitSource::Computed { .. } => parameters.circuit.map_or(0, |circuit| product(circuit.gadget)),
        },
        Instruction::Combine { terms, .. } => PASS * (1 + 2 * terms.len() as u64),
        Instruction::Extract { .. } | Instruction::Embed { .. } | Instruction::Carried { .. } => 2 * PASS,
        Instruction::Sum { terms, .. } => PASS * (1 + terms.len() as u64),
        Instruction::Bootstrap { lookup, items } => {
            let class = &parameters.lookups[*lookup as usize];
            (items.len() as u64).saturating_mul(bootstrap(program, class, class.log2_extension))
        }
        Instruction::CircuitBootstrap { items } => parameters.circuit.map_or(0, |circuit| {
            let half = |gadget: Gadget| TRANSFORM * (u64::from(gadget.level_count) + 3);
            let trace = u64::from(parameters.polynomial_size().trailing_zeros()) * half(circuit.automorphism);
            let rows = u64::from(circuit.gadget.level_count) * (trace + half(circuit.square));
            let rotation = bootstrap(program, &parameters.lookups[circuit.lookup as usize], 0);
            (items.len() as u64).saturating_mul(rotation + rows)
        }),
    };
    scale(program, cost)
}

/// Cost of making registers of the query of one group of rows.
pub fn query_cost(program: &Program) -> u64 {
    let parameters = program.parameters();
    let section = |(query, &encrypted): (&Query, &usize)| match query {
        Query::Linear { .. } => 15 * PASS,
        Query::Bits { encoding: Encoding::Packed, .. } => parameters.packed.map_or(0, |packed| {
            let half = |gadget: Gadget| TRANSFORM * (u64::from(gadget.level_count) + 2);
            let products = (packed.glwe_count(encrypted) * packed.coefficients()) as u64;
            let rows = encrypted as u64 * u64::from(packed.gadget.level_count);
            products * half(packed.automorphism) + rows * (half(packed.square) + 4 * TRANSFORM)
        }),
        Query::Bits { encoding: Encoding::Unpacked, .. } => {
            let rows = 2 * encrypted as u64 * parameters.unpacked.map_or(0, |gadget| u64::from(gadget.level_count));
            rows * (2 * TRANSFORM + 15 * PASS)
        }
        Query::Lwe { slots, .. } => 5 * PASS * slots.len() as u64,
    };
    scale(program, program.description.queries.iter().zip(&program.sections.encrypted).map(section).sum())
}

/// A keyswitch and a blind rotation.
fn bootstrap(program: &Program, class: &LookupParameters, log2_extension: u32) -> u64 {
    let rotation = (class.lwe_dimension as u64 * product(class.bootstrap)) << log2_extension;
    let keyswitch = program.parameters().polynomial_size() as u64 * u64::from(class.keyswitch.level_count) / 4;
    rotation + keyswitch
}

/// A whole external product.
fn product(gadget: Gadget) -> u64 {
    TRANSFORM * (2 * u64::from(gadget.level_count) + 2)
}

fn scale(program: &Program, cost: u64) -> u64 {
    // In 128 bits: a program of extreme parameters costs more than 64 bits hold.
    let scaled = u128::from(cost) * program.parameters().polynomial_size() as u128 / 2048;
    u64::try_from(scaled).unwrap_or(u64::MAX).max(1)
}
