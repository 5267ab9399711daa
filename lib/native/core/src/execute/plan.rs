//! What the executor knows of a program before it runs: who waits for whom, how often registers are read, what each
//! step costs. Made once per program.

use super::cost::{instruction_cost, query_cost};
use crate::parameters::LookupParameters;
use crate::program::Program;
use crate::program::format::Instruction;
use crate::program::registers::{Register, reads, reply_source, writes};

/// The schedule's view of a program.
#[derive(Debug)]
pub struct Plan {
    /// For each instruction, how many registers that it reads other instructions write.
    pub waits: Vec<u32>,
    /// For each GLWE and LWE register, how often it is read, replies included.
    pub glwe_uses: Vec<u32>,
    pub lwe_uses: Vec<u32>,
    /// Cost of each instruction and of preparing a query, for one group of rows, in tenths of microseconds.
    pub costs: Vec<u64>,
    pub query_cost: u64,
    /// Groups of rows that fill the batches of the average lookup layer; 1 where there are no lookups.
    pub lookup_lanes: usize,
    /// Instructions and lookups: what the schedule keeps track of for one group of rows.
    pub tracked: usize,
    successor_starts: Vec<u32>,
    successors: Vec<u32>,
}

/// Accumulators that a batch of the kernel holds.
const BATCH: usize = 16;

/// Lookups that a batch of the kernel holds: an extended one counts as often as it has accumulators, since it uses each
/// row of the key that often, and needs that much memory.
pub fn batch_size(class: &LookupParameters) -> usize {
    (BATCH >> class.log2_extension).max(1)
}

impl Plan {
    pub fn new(program: &Program) -> Self {
        let description = &program.description;
        let (glwe_uses, lwe_uses) = count_uses(program);
        let (waits, successor_starts, successors) = link(program);
        let costs = description.instructions.iter().map(|instruction| instruction_cost(program, instruction)).collect();
        let layers = description.instructions.iter().filter_map(|instruction| match instruction {
            Instruction::Bootstrap { lookup, items } => {
                Some((batch_size(&program.parameters().lookups[*lookup as usize]), items.len()))
            }
            _ => None,
        });
        let (room, lookups) = layers.fold((0, 0), |(room, lookups), (batch, items)| (room + batch, lookups + items));
        let lookup_lanes = room.div_ceil(lookups.max(1)).clamp(1, BATCH);
        Self {
            waits,
            glwe_uses,
            lwe_uses,
            costs,
            query_cost: query_cost(program),
            lookup_lanes,
            tracked: description.instructions.len() + lookups,
            successor_starts,
            successors,
        }
    }

    /// The instructions that read what `instruction` writes, once per read.
    pub fn successors(&self, instruction: usize) -> &[u32] {
        &self.successors[self.successor_starts[instruction] as usize..self.successor_starts[instruction + 1] as usize]
    }

    /// Cost of one group of rows, in tenths of microseconds.
    pub fn group_cost(&self) -> u64 {
        self.costs.iter().fold(self.query_cost, |sum, cost| sum.saturating_add(*cost))
    }
}

fn count_uses(program: &Program) -> (Vec<u32>, Vec<u32>) {
    let (mut glwe, mut lwe) = (vec![0; program.registers.glwe], vec![0; program.registers.lwe]);
    let mut count = |register| match register {
        Register::Glwe(index) => glwe[index] += 1,
        Register::Lwe(index) => lwe[index] += 1,
        Register::Bit(_) => {}
    };
    program.description.instructions.iter().for_each(|instruction| reads(instruction, &mut count));
    program.description.replies.iter().for_each(|reply| count(reply_source(reply)));
    (glwe, lwe)
}

/// Waits of each instruction, and the successors of all in one list with the start of each.
fn link(program: &Program) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let instructions = &program.description.instructions;
    let (mut glwe_writer, mut lwe_writer) = (vec![0u32; program.registers.glwe], vec![0u32; program.registers.lwe]);
    for (index, instruction) in instructions.iter().enumerate() {
        writes(instruction, |register| match register {
            Register::Glwe(target) => glwe_writer[target] = index as u32,
            Register::Lwe(target) => lwe_writer[target] = index as u32,
            Register::Bit(_) => {}
        });
    }
    let writer = |register| match register {
        Register::Glwe(source) => Some(glwe_writer[source] as usize),
        Register::Lwe(source) => Some(lwe_writer[source] as usize),
        Register::Bit(_) => None,
    };
    let mut waits = vec![0; instructions.len()];
    let mut starts = vec![0u32; instructions.len() + 1];
    for (index, instruction) in instructions.iter().enumerate() {
        reads(instruction, |register| {
            if let Some(source) = writer(register) {
                waits[index] += 1;
                starts[source + 1] += 1;
            }
        });
    }
    for index in 0..instructions.len() {
        starts[index + 1] += starts[index];
    }
    let mut next = starts.clone();
    let mut successors = vec![0; starts[instructions.len()] as usize];
    for (index, instruction) in instructions.iter().enumerate() {
        reads(instruction, |register| {
            if let Some(source) = writer(register) {
                successors[next[source] as usize] = index as u32;
                next[source] += 1;
            }
        });
    }
    (waits, starts, successors)
}
