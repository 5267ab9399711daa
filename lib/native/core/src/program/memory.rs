//! How much memory one group of rows needs while it runs: refused before it starts where that is too much.

use super::check::Place;
use super::check_instructions::Registers;
use super::check_sections::Sections;
use super::format::{Description, Encoding, Query};
use super::limits;
use super::registers::{Register, reads, reads_at_end, writes};
use crate::error::Result;

/// Bytes that one group of rows needs, by what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunMemory {
    /// Expanded queries, the GGSW ciphertexts of bits, and clear values.
    pub query: u64,
    /// GLWE and LWE registers that are alive at once, and all bits that are computed.
    pub registers: u64,
    /// The reply, and what is carried to the next run.
    pub reply: u64,
}

impl RunMemory {
    /// All of it.
    pub fn total(&self) -> u64 {
        self.query.saturating_add(self.registers).saturating_add(self.reply)
    }
}

/// Adds up what a group needs. Errors: `BAD_PROGRAM` when it is more than this runtime gives.
pub fn check_memory(program: &Description, sections: &Sections, registers: Registers) -> Result<RunMemory> {
    let size = program.parameters.polynomial_size() as u64;
    let glwe = 16 * size;
    let lwe = 8 * (size + 1);
    let (peak_glwe, peak_lwe) = peak_registers(program, registers);
    // Out-of-order execution keeps at most this many more registers alive.
    let ahead = (registers.glwe + registers.lwe).min(limits::WINDOW) as u64;
    // Bits are dear, and made as soon as their inputs are there, however far ahead that is.
    let bit = program.parameters.circuit.map_or(0, |circuit| u64::from(circuit.gadget.level_count) * 32 * size);
    let memory = RunMemory {
        query: query_bytes(program, sections, size),
        registers: (peak_glwe as u64 + ahead)
            .saturating_mul(glwe)
            .saturating_add((peak_lwe as u64).saturating_mul(lwe))
            .saturating_add((registers.bits as u64).saturating_mul(bit)),
        reply: (program.replies.len() as u64)
            .saturating_mul(2 * glwe)
            .saturating_add((program.carried.len() as u64).saturating_mul(2 * lwe)),
    };
    if memory.total() > limits::RUN_BYTES {
        let reason = format!("a run would need {} bytes, at most {}", memory.total(), limits::RUN_BYTES);
        return Err(Place::Root("instructions").refuse(reason));
    }
    Ok(memory)
}

/// Expanded GLWE ciphertexts of packed sections, GGSW ciphertexts of encrypted bits, the GLWE of linear sections, small
/// ciphertexts, and the clear values of all rows.
fn query_bytes(program: &Description, sections: &Sections, size: u64) -> u64 {
    let parameters = &program.parameters;
    let mut bytes = (8 * sections.clear.len() as u64).saturating_mul(u64::from(program.rows_per_query));
    for (query, &encrypted) in program.queries.iter().zip(&sections.encrypted) {
        let levels =
            |gadget: Option<crate::parameters::Gadget>| gadget.map_or(0, |gadget| u64::from(gadget.level_count));
        let section = match query {
            Query::Linear { .. } => 16 * size,
            Query::Bits { encoding: Encoding::Packed, .. } => {
                let ggsw = levels(parameters.packed.map(|packed| packed.gadget)).saturating_mul(32 * size);
                let expanded = parameters.packed.map_or(0, |packed| {
                    (packed.glwe_count(encrypted) as u64).saturating_mul(packed.coefficients() as u64 * 16 * size)
                });
                (encrypted as u64).saturating_mul(ggsw).saturating_add(expanded)
            }
            Query::Bits { encoding: Encoding::Unpacked, .. } => {
                (encrypted as u64).saturating_mul(levels(parameters.unpacked).saturating_mul(64 * size))
            }
            Query::Lwe { lookup, slots } => {
                let words = parameters.lookups[*lookup as usize].lwe_dimension as u64 + 1;
                (slots.len() as u64).saturating_mul(8 * words)
            }
        };
        bytes = bytes.saturating_add(section);
    }
    bytes
}

/// The most GLWE and the most LWE registers that are alive at once when instructions run in order.
fn peak_registers(program: &Description, registers: Registers) -> (usize, usize) {
    let (mut glwe_uses, mut lwe_uses) = (vec![0u32; registers.glwe], vec![0u32; registers.lwe]);
    let mut count = |register| match register {
        Register::Glwe(index) => glwe_uses[index] += 1,
        Register::Lwe(index) => lwe_uses[index] += 1,
        Register::Bit(_) => {}
    };
    program.instructions.iter().for_each(|instruction| reads(instruction, &mut count));
    reads_at_end(program, count);
    let (mut glwe, mut lwe) = ((0usize, 0usize), (0usize, 0usize));
    for instruction in &program.instructions {
        writes(instruction, |register| match register {
            Register::Glwe(_) => glwe.0 += 1,
            Register::Lwe(_) => lwe.0 += 1,
            Register::Bit(_) => {}
        });
        glwe.1 = glwe.1.max(glwe.0);
        lwe.1 = lwe.1.max(lwe.0);
        let release = |uses: &mut u32, alive: &mut usize| {
            *uses -= 1;
            *alive -= usize::from(*uses == 0);
        };
        reads(instruction, |register| match register {
            Register::Glwe(index) => release(&mut glwe_uses[index], &mut glwe.0),
            Register::Lwe(index) => release(&mut lwe_uses[index], &mut lwe.0),
            Register::Bit(_) => {}
        });
        writes(instruction, |register| match register {
            Register::Glwe(index) => glwe.0 -= usize::from(glwe_uses[index] == 0),
            Register::Lwe(index) => lwe.0 -= usize::from(lwe_uses[index] == 0),
            Register::Bit(_) => {}
        });
    }
    (glwe.1, lwe.1)
}
