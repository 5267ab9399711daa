//! The registers of one group of rows: what its query becomes, and what its reply is made of.

use super::plan::Plan;
use super::registers::Registers;
use crate::ciphertext::{Glwe, Lwe, Seeded};
use crate::error::{Error, ErrorCode, Result};
use crate::program::Program;
use crate::program::format::{Encoding, Query, Reply, linear_positions};
use crate::server::{BitRegisters, EvaluationKey, expand_linear, expand_packed, expand_small, expand_unpacked};
use crate::wire::write_section;
use std::sync::atomic::AtomicBool;

/// What a query section becomes.
enum Section {
    Linear(Glwe),
    Bits(BitRegisters),
    Small(Vec<Lwe>),
}

/// One group of rows under way.
pub struct Lane {
    rows: usize,
    sections: Vec<Section>,
    pub glwe: Registers<Glwe>,
    pub lwe: Registers<Lwe>,
}

impl Lane {
    /// Expands the query sections of a group of `rows` rows, on all threads of the current pool.
    pub fn new(
        program: &Program,
        plan: &Plan,
        key: &EvaluationKey,
        query: &[Seeded],
        rows: usize,
        cancel: &AtomicBool,
    ) -> Result<Self> {
        let parameters = program.parameters();
        let size = parameters.polynomial_size();
        let expand = |(section, seeded): (&Query, &Seeded)| match section {
            Query::Linear { row_stride, whole, slots } => {
                let positions = linear_positions(size, *row_stride, *whole, slots, rows);
                expand_linear(size, &positions, seeded).map(Section::Linear)
            }
            Query::Bits { encoding: Encoding::Packed, bits } => {
                expand_packed(key, seeded, bits.len(), cancel).map(Section::Bits)
            }
            Query::Bits { encoding: Encoding::Unpacked, bits } => {
                let gadget = parameters.unpacked.ok_or_else(|| internal("unpacked bits without their gadget"))?;
                expand_unpacked(size, gadget, seeded, bits.len(), cancel).map(Section::Bits)
            }
            Query::Lwe { lookup, .. } => {
                let dimension = parameters.lookups[*lookup as usize].lwe_dimension;
                Ok(Section::Small(expand_small(dimension, seeded)))
            }
        };
        Ok(Self {
            rows,
            sections: program.description.queries.iter().zip(query).map(expand).collect::<Result<_>>()?,
            glwe: Registers::new(&plan.glwe_uses),
            lwe: Registers::new(&plan.lwe_uses),
        })
    }

    /// The GLWE of a linear section.
    pub fn linear(&self, section: usize) -> Result<&Glwe> {
        match &self.sections[section] {
            Section::Linear(glwe) => Ok(glwe),
            _ => Err(internal("a section that is not linear")),
        }
    }

    /// The bits of a section.
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

fn internal(reason: &str) -> Error {
    Error::new(ErrorCode::Internal, reason)
}
