//! Rough costs of the steps of a run, in tenths of microseconds of one thread: good enough to order work, to tell
//! progress, and to keep tiny programs off the scheduler. The compiler's cost model is another, finer one.

use crate::parameters::Gadget;
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
        Instruction::Cmux { bit, .. } if matches!(program.sections.bits[*bit as usize], BitSource::Clear { .. }) => {
            4 * PASS
        }
        Instruction::Cmux { .. } => {
            let gadget = parameters.packed.map(|packed| packed.gadget).or(parameters.unpacked);
            product(gadget.unwrap_or(Gadget { base_log: 1, level_count: 1 }))
        }
        Instruction::Combine { terms, .. } => PASS * (1 + 2 * terms.len() as u64),
        Instruction::Extract { .. } => 2 * PASS,
        Instruction::Sum { terms, .. } => PASS * (1 + terms.len() as u64),
        Instruction::Bootstrap { lookup, items } => {
            let class = &parameters.lookups[*lookup as usize];
            let rotation = (class.lwe_dimension as u64 * product(class.bootstrap)) << class.log2_extension;
            let keyswitch = parameters.polynomial_size() as u64 * u64::from(class.keyswitch.level_count) / 4;
            (items.len() as u64).saturating_mul(rotation + keyswitch)
        }
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

/// A whole external product.
fn product(gadget: Gadget) -> u64 {
    TRANSFORM * (2 * u64::from(gadget.level_count) + 2)
}

fn scale(program: &Program, cost: u64) -> u64 {
    // In 128 bits: a program of extreme parameters costs more than 64 bits hold.
    let scaled = u128::from(cost) * program.parameters().polynomial_size() as u128 / 2048;
    u64::try_from(scaled).unwrap_or(u64::MAX).max(1)
}
