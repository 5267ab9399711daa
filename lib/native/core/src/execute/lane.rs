//! The registers of one group of rows: what its query becomes, and what its reply is made of.

use super::plan::Plan;
use super::registers::Registers;
use crate::ciphertext::{Glwe, Lwe, Seeded};
use crate::error::{Error, ErrorCode, Result};
use crate::program::Program;
use crate::program::format::{Encoding, PlacedSlot, Query, Reply, Slot, linear_positions};
use crate::server::{BitRegisters, EvaluationKey, expand_linear, expand_packed, expand_small, expand_unpacked};
use crate::wire::{QueryGroup, write_section};
use std::sync::atomic::AtomicBool;

/// What a query section becomes.
enum Section {
    Linear(Glwe),
    Bits(BitRegisters),
    /// Bits of clear inputs only.
    Clear,
    Small(Vec<Lwe>),
}

/// One group of rows under way.
pub struct Lane {
    rows: usize,
    /// The clear inputs of its rows, row after row.
    clear: Vec<i64>,
    sections: Vec<Section>,
    /// What the run before left for its rows; nothing at the first run.
    carried: Option<Vec<Lwe>>,
    pub glwe: Registers<Glwe>,
    pub lwe: Registers<Lwe>,
    /// Computed bits, each alone.
    pub computed: Registers<BitRegisters>,
}

impl Lane {
    /// Expands the query sections of a group of rows, on all threads of the current pool.
    pub fn new(
        program: &Program,
        plan: &Plan,
        key: &EvaluationKey,
        group: QueryGroup,
        carried: Option<Vec<Lwe>>,
        cancel: &AtomicBool,
    ) -> Result<Self> {
        let parameters = program.parameters();
        let size = parameters.polynomial_size();
        let QueryGroup { rows, clear, sections } = group;
        let expand = |((section, seeded), &encrypted): ((&Query, &Option<Seeded>), &usize)| match (section, seeded) {
            (Query::Linear { row_stride, whole, slots }, Some(seeded)) => {
                let positions = linear_positions(size, *row_stride, *whole, slots, rows);
                expand_linear(size, &positions, seeded).map(Section::Linear)
            }
            (Query::Linear { row_stride, slots, .. }, None) => {
                let stride = *row_stride as usize;
                clear_linear(program, stride, slots, &clear).map(Section::Linear)
            }
            (Query::Bits { encoding: Encoding::Packed, .. }, Some(seeded)) => {
                expand_packed(key, seeded, encrypted, cancel).map(Section::Bits)
            }
            (Query::Bits { encoding: Encoding::Unpacked, .. }, Some(seeded)) => {
                let gadget = parameters.unpacked.ok_or_else(|| internal("unpacked bits without their gadget"))?;
                expand_unpacked(size, gadget, seeded, encrypted, cancel).map(Section::Bits)
            }
            (Query::Bits { .. }, None) => Ok(Section::Clear),
            (Query::Lwe { lookup, slots }, seeded) => {
                let dimension = parameters.lookups[*lookup as usize].lwe_dimension;
                let list = seeded.as_ref().map_or_else(Vec::new, |seeded| expand_small(dimension, seeded));
                with_clear_slots(program, dimension, slots, &clear, list).map(Section::Small)
            }
        };
        let queries = program.description.queries.iter().zip(&sections).zip(&program.sections.encrypted);
        Ok(Self {
            rows,
            sections: queries.map(expand).collect::<Result<_>>()?,
            clear,
            carried,
            glwe: Registers::new(&plan.glwe_uses),
            lwe: Registers::new(&plan.lwe_uses),
            computed: Registers::new(&plan.bit_uses),
        })
    }

    /// The GLWE of a linear section.
    pub fn linear(&self, section: usize) -> Result<&Glwe> {
        match &self.sections[section] {
            Section::Linear(glwe) => Ok(glwe),
            _ => Err(internal("a section that is not linear")),
        }
    }

    /// Bit `bit` of a clear input.
    pub fn clear_bit(&self, program: &Program, input: u32, bit: u32) -> Result<bool> {
        let value = clear_value(program, &self.clear, input)?;
        Ok(program.description.inputs[input as usize].bit(value, bit))
    }

    /// The encrypted bits of a section.
    pub fn bits(&self, section: usize) -> Result<&BitRegisters> {
        match &self.sections[section] {
            Section::Bits(bits) => Ok(bits),
            _ => Err(internal("a section without bits")),
        }
    }

    /// A ciphertext of an LWE section.
    pub fn small(&self, section: usize, slot: usize) -> Result<&Lwe> {
        match &self.sections[section] {
            Section::Small(list) => Ok(&list[slot]),
            _ => Err(internal("a section that is no LWE list")),
        }
    }

    /// A carried value as the run before left it, or as it is at first.
    pub fn carried_in(&self, program: &Program, index: usize, out: &mut Lwe) -> Result<()> {
        match &self.carried {
            Some(list) => {
                let lwe = list.get(index).ok_or_else(|| internal("fewer carried values than the program has"))?;
                out.words_mut().copy_from_slice(lwe.words());
            }
            None => {
                let (mask, body) = out.parts_mut();
                mask.fill(0);
                *body = program.description.carried[index].encode();
            }
        }
        Ok(())
    }

    /// The words of what is carried to the next run.
    pub fn carried_out(&self, program: &Program) -> Result<Vec<u64>> {
        let mut words = Vec::new();
        for carried in &program.description.carried {
            let lwe = self.lwe.read(carried.source as usize)?;
            words.extend_from_slice(lwe.words());
            self.lwe.release(carried.source as usize, lwe);
        }
        Ok(words)
    }

    /// The bytes of the reply.
    pub fn reply(&self, program: &Program, bytes: usize) -> Result<Vec<u8>> {
        let mut output = Vec::with_capacity(bytes);
        for section in &program.description.replies {
            match section {
                Reply::Glwe { source, bits, row_stride, positions } => {
                    let glwe = self.glwe.read(*source as usize)?;
                    let body = glwe.body();
                    let row = |row: usize| {
                        positions.iter().map(move |position| body[*position as usize + row * *row_stride as usize])
                    };
                    write_section(&mut output, *bits, glwe.mask(), (0..self.rows).flat_map(row));
                    self.glwe.release(*source as usize, glwe);
                }
                Reply::Lwe { source, bits } => {
                    let lwe = self.lwe.read(*source as usize)?;
                    write_section(&mut output, *bits, lwe.mask(), std::iter::once(lwe.body()));
                    self.lwe.release(*source as usize, lwe);
                }
            }
        }
        Ok(output)
    }
}

/// The GLWE of a section of clear inputs: no mask, the values in the body.
fn clear_linear(program: &Program, row_stride: usize, slots: &[PlacedSlot], clear: &[i64]) -> Result<Glwe> {
    let mut glwe = Glwe::zero(program.parameters().polynomial_size());
    for (row, values) in clear.chunks(program.sections.clear.len().max(1)).enumerate() {
        for PlacedSlot { slot, position } in slots {
            let value = clear_value(program, values, slot.input)?;
            glwe.body_mut()[*position as usize + row * row_stride] = slot.encode(value);
        }
    }
    Ok(glwe)
}

/// The ciphertexts of all slots in their order, those of clear inputs without a mask.
fn with_clear_slots(
    program: &Program,
    dimension: usize,
    slots: &[Slot],
    clear: &[i64],
    encrypted: Vec<Lwe>,
) -> Result<Vec<Lwe>> {
    let mut encrypted = encrypted.into_iter();
    let each = |slot: &Slot| {
        if !program.description.inputs[slot.input as usize].clear {
            return encrypted.next().ok_or_else(|| internal("fewer ciphertexts than slots"));
        }
        let mut lwe = Lwe::zero(dimension);
        *lwe.parts_mut().1 = slot.encode(clear_value(program, clear, slot.input)?);
        Ok(lwe)
    };
    slots.iter().map(each).collect()
}

/// The value of a clear input among those of one row.
fn clear_value(program: &Program, row: &[i64], input: u32) -> Result<i64> {
    let place = program.sections.clear.binary_search(&input);
    let value = place.ok().and_then(|place| row.get(place));
    value.copied().ok_or_else(|| internal("no value of a clear input"))
}

fn internal(reason: &str) -> Error {
    Error::new(ErrorCode::Internal, reason)
}
