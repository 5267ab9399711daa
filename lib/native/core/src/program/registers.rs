//! Which registers an instruction reads and writes: the one place that liveness and scheduling look.

use super::format::{Description, Instruction, LookupInput, Operand, Reply};

/// A register of one of the three kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    Bit(usize),
    Glwe(usize),
    Lwe(usize),
}

/// Calls `visit` for each register that the instruction reads, as often as it reads it.
pub fn reads(instruction: &Instruction, mut visit: impl FnMut(Register)) {
    match instruction {
        Instruction::Linear { .. } | Instruction::Carried { .. } => {}
        Instruction::Cmux { bit, zero, one, .. } => {
            visit(Register::Bit(*bit as usize));
            for operand in [zero, one] {
                if let Operand::Rotated { glwe, .. } = operand {
                    visit(Register::Glwe(*glwe as usize));
                }
            }
        }
        Instruction::Combine { terms, .. } => {
            terms.iter().for_each(|(source, ..)| visit(Register::Glwe(*source as usize)));
        }
        Instruction::Extract { source, .. } => visit(Register::Glwe(*source as usize)),
        Instruction::Embed { source, .. } => visit(Register::Lwe(*source as usize)),
        Instruction::Sum { terms, .. } => {
            terms.iter().for_each(|(source, _)| visit(Register::Lwe(*source as usize)));
        }
        Instruction::Bootstrap { items, .. } => {
            for item in items {
                if let LookupInput::Lwe(source) = item.input {
                    visit(Register::Lwe(source as usize));
                }
            }
        }
        Instruction::CircuitBootstrap { items } => {
            items.iter().for_each(|item| visit(Register::Lwe(item.input as usize)));
        }
    }
}

/// Calls `visit` for each register that the instruction writes.
pub fn writes(instruction: &Instruction, mut visit: impl FnMut(Register)) {
    match instruction {
        Instruction::Linear { target, .. }
        | Instruction::Cmux { target, .. }
        | Instruction::Combine { target, .. }
        | Instruction::Embed { target, .. } => {
            visit(Register::Glwe(*target as usize));
        }
        Instruction::Extract { target, .. } | Instruction::Sum { target, .. } | Instruction::Carried { target, .. } => {
            visit(Register::Lwe(*target as usize));
        }
        Instruction::Bootstrap { items, .. } => {
            let outputs = items.iter().flat_map(|item| &item.outputs);
            outputs.for_each(|(_, target)| visit(Register::Lwe(*target as usize)));
        }
        Instruction::CircuitBootstrap { items } => {
            for item in items {
                visit(Register::Bit(item.bit as usize));
                item.output.iter().for_each(|output| visit(Register::Lwe(output.target as usize)));
            }
        }
    }
}

/// Calls `visit` for each register that is read when all instructions are done: by replies, and by what is carried.
pub fn reads_at_end(program: &Description, mut visit: impl FnMut(Register)) {
    program.replies.iter().for_each(|reply| visit(reply_source(reply)));
    program.carried.iter().for_each(|carried| visit(Register::Lwe(carried.source as usize)));
}

/// The register that a reply section reads.
fn reply_source(reply: &Reply) -> Register {
    match reply {
        Reply::Glwe { source, .. } => Register::Glwe(*source as usize),
        Reply::Lwe { source, .. } => Register::Lwe(*source as usize),
    }
}
