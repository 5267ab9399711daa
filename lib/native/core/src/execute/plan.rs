//! What the executor knows of a program before it runs: who waits for whom, how often registers are read, what each
//! step costs. Made once per program.

use super::cost::{instruction_cost, query_cost};
use crate::program::format::Instruction;
use crate::program::registers::{Register, reads, reads_at_end, writes};
use crate::program::{Program, Registers};

/// The schedule's view of a program.
#[derive(Debug)]
pub struct Plan {
    /// For each instruction, how many registers that it reads other instructions write.
    pub waits: Vec<u32>,
    /// For each GLWE and LWE register and computed bit, how often it is read, replies included.
    pub glwe_uses: Vec<u32>,
    pub lwe_uses: Vec<u32>,
    pub bit_uses: Vec<u32>,
    /// Cost of each instruction and of preparing a query, for one group of rows, in tenths of microseconds.
    pub costs: Vec<u64>,
    pub query_cost: u64,
    /// Groups of rows that fill the batches of the average layer of bootstraps; 1 where there are none.
    pub lookup_lanes: usize,
    /// Instructions and bootstraps: what the schedule keeps track of for one group of rows.
    pub tracked: usize,
    successor_starts: Vec<u32>,
    successors: Vec<u32>,
}

/// Accumulators that a batch of the kernel holds.
const BATCH: usize = 16;

/// A layer of bootstraps, which waits for all groups of rows and is then cut in batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    /// Bootstraps for one group of rows.
    pub items: usize,
    /// Bootstraps that a batch of the kernel holds.
    pub batch: usize,
}

impl Layer {
    /// The layer that an instruction is, if it is one.
    pub fn of(program: &Program, instruction: &Instruction) -> Option<Self> {
        match instruction {
            // An extended lookup counts as often as it has accumulators, since it uses each row of the key that often,
            // and needs that much memory.
            Instruction::Bootstrap { lookup, items } => {
                let log2_extension = program.parameters().lookups[*lookup as usize].log2_extension;
                Some(Self { items: items.len(), batch: (BATCH >> log2_extension).max(1) })
            }
            Instruction::CircuitBootstrap { items } => Some(Self { items: items.len(), batch: BATCH }),
            _ => None,
        }
    }
}

impl Plan {
    pub fn new(program: &Program) -> Self {
        let description = &program.description;
        let [glwe_uses, lwe_uses, bit_uses] = count_uses(program);
        let (waits, successor_starts, successors) = link(program);
        let costs = description.instructions.iter().map(|instruction| instruction_cost(program, instruction)).collect();
        let layers = description.instructions.iter().filter_map(|instruction| Layer::of(program, instruction));
        let (room, lookups) = layers.fold((0, 0), |(room, sum), layer| (room + layer.batch, sum + layer.items));
        let lookup_lanes = room.div_ceil(lookups.max(1)).clamp(1, BATCH);
        Self {
            waits,
            glwe_uses,
            lwe_uses,
            bit_uses,
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

/// Reads of each GLWE and LWE register and each computed bit.
fn count_uses(program: &Program) -> [Vec<u32>; 3] {
    let Registers { glwe, lwe, bits } = program.registers;
    let [mut glwe, mut lwe, mut computed] = [glwe, lwe, bits].map(|count| vec![0; count]);
    let query_bits = program.sections.bits.len();
    let mut count = |register| match register {
        Register::Glwe(index) => glwe[index] += 1,
        Register::Lwe(index) => lwe[index] += 1,
        Register::Bit(index) if index >= query_bits => computed[index - query_bits] += 1,
        Register::Bit(_) => {}
    };
    program.description.instructions.iter().for_each(|instruction| reads(instruction, &mut count));
    reads_at_end(&program.description, count);
    [glwe, lwe, computed]
}

/// Waits of each instruction, and the successors of all in one list with the start of each.
fn link(program: &Program) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let instructions = &program.description.instructions;
    let Registers { glwe, lwe, bits } = program.registers;
    let [mut glwe_writer, mut lwe_writer, mut bit_writer] = [glwe, lwe, bits].map(|count| vec![0u32; count]);
    let query_bits = program.sections.bits.len();
    for (index, instruction) in instructions.iter().enumerate() {
        writes(instruction, |register| match register {
            Register::Glwe(target) => glwe_writer[target] = index as u32,
            Register::Lwe(target) => lwe_writer[target] = index as u32,
            Register::Bit(target) => bit_writer[target - query_bits] = index as u32,
        });
    }
    let writer = |register| match register {
        Register::Glwe(source) => Some(glwe_writer[source] as usize),
        Register::Lwe(source) => Some(lwe_writer[source] as usize),
        Register::Bit(source) => source.checked_sub(query_bits).map(|computed| bit_writer[computed] as usize),
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
