//! One instruction on one group of rows. Layers of bootstraps, which go over several groups, are in `layers.rs`.

use std::sync::Arc;

use super::control::Control;
use super::lane::Lane;
use super::plan::Plan;
use super::registers::Spare;
use crate::ciphertext::{Glwe, Lwe};
use crate::error::{Error, ErrorCode, Result};
use crate::program::format::{Instruction, Operand};
use crate::program::{BitSource, Program};
use crate::server::{self, BitRegisters, EvaluationKey, Workspace, cmux, combine, embed, extract, linear, select, sum};

/// Everything that the steps of one run share.
pub struct Run<'a> {
    pub program: &'a Program,
    pub plan: &'a Plan,
    pub key: &'a EvaluationKey,
    pub control: &'a Control<'a>,
    glwes: Spare<Glwe>,
    lwes: Spare<Lwe>,
    polynomials: Spare<Vec<u64>>,
    pub(super) workspaces: Spare<Workspace>,
}

impl<'a> Run<'a> {
    pub fn new(program: &'a Program, plan: &'a Plan, key: &'a EvaluationKey, control: &'a Control<'a>) -> Self {
        let (glwes, lwes, polynomials, workspaces) = (Spare::new(), Spare::new(), Spare::new(), Spare::new());
        Self { program, plan, key, control, glwes, lwes, polynomials, workspaces }
    }

    /// Executes an instruction that is not a layer on one lane.
    pub fn step(&self, instruction: &Instruction, lane: &Lane) -> Result<()> {
        match instruction {
            Instruction::Linear { query, weights, polynomial, target } => {
                let mut out = self.glwe();
                let weights: Vec<_> = weights.iter().map(|(position, weight)| (*position as usize, *weight)).collect();
                let query = lane.linear(*query as usize)?;
                self.with_polynomial(*polynomial, |polynomial| linear(&mut out, query, &weights, polynomial))?;
                self.write_glwe(lane, *target, out);
            }
            Instruction::Cmux { bit, zero, one, target } => {
                let mut out = self.glwe();
                match self.program.sections.bit(*bit) {
                    BitSource::Encrypted { section, index } => {
                        let bits = lane.bits(section as usize)?;
                        self.choose(&mut out, lane, bits, index as usize, [zero, one])?;
                    }
                    BitSource::Computed { index } => {
                        let bits = lane.computed.read(index as usize)?;
                        self.choose(&mut out, lane, &bits, 0, [zero, one])?;
                        lane.computed.release(index as usize, bits);
                    }
                    BitSource::Clear { input, bit } => {
                        let is_one = lane.clear_bit(self.program, input, bit)?;
                        let (chosen, other) = if is_one { (one, zero) } else { (zero, one) };
                        let branch = self.branch(lane, chosen)?;
                        select(&mut out, branch.operand())?;
                        self.release_branch(lane, chosen, branch);
                        if let Operand::Rotated { glwe, .. } = other {
                            self.release_glwe(lane, *glwe, lane.glwe.read(*glwe as usize)?);
                        }
                    }
                }
                self.write_glwe(lane, *target, out);
            }
            Instruction::Combine { terms, polynomial, target } => {
                let mut out = self.glwe();
                let sources = terms.iter().map(|(source, ..)| lane.glwe.read(*source as usize));
                let sources = sources.collect::<Result<Vec<_>>>()?;
                let pairs = sources.iter().zip(terms);
                let scaled = pairs.map(|(glwe, (_, rotation, weight))| (glwe.as_ref(), *rotation as usize, *weight));
                let scaled: Vec<_> = scaled.collect();
                self.with_polynomial(*polynomial, |polynomial| combine(&mut out, &scaled, polynomial))?;
                for (source, (index, ..)) in sources.into_iter().zip(terms) {
                    self.release_glwe(lane, *index, source);
                }
                self.write_glwe(lane, *target, out);
            }
            Instruction::Extract { source, position, target } => {
                let mut out = self.lwe();
                let glwe = lane.glwe.read(*source as usize)?;
                extract(&mut out, &glwe, *position as usize)?;
                self.release_glwe(lane, *source, glwe);
                self.write_lwe(lane, *target, out);
            }
            Instruction::Carried { index, target } => {
                let mut out = self.lwe();
                lane.carried_in(self.program, *index as usize, &mut out)?;
                self.write_lwe(lane, *target, out);
            }
            Instruction::Embed { source, target } => {
                let mut out = self.glwe();
                let lwe = lane.lwe.read(*source as usize)?;
                embed(&mut out, &lwe)?;
                self.release_lwe(lane, *source, lwe);
                self.write_glwe(lane, *target, out);
            }
            Instruction::Sum { terms, constant, scale_log, target } => {
                let mut out = self.lwe();
                let sources = terms.iter().map(|(source, _)| lane.lwe.read(*source as usize));
                let sources = sources.collect::<Result<Vec<_>>>()?;
                let scaled = sources.iter().zip(terms).map(|(lwe, (_, coefficient))| (lwe.as_ref(), *coefficient));
                let scaled: Vec<_> = scaled.collect();
                sum(&mut out, &scaled, (*constant as u64) << scale_log)?;
                for (source, (index, _)) in sources.into_iter().zip(terms) {
                    self.release_lwe(lane, *index, source);
                }
                self.write_lwe(lane, *target, out);
            }
            Instruction::Bootstrap { .. } | Instruction::CircuitBootstrap { .. } => {
                return Err(internal("a layer of bootstraps outside its batch"));
            }
        }
        Ok(())
    }

    /// `out = bits[index] ? one : zero` by a CMUX.
    fn choose(
        &self,
        out: &mut Glwe,
        lane: &Lane,
        bits: &BitRegisters,
        index: usize,
        [zero, one]: [&Operand; 2],
    ) -> Result<()> {
        let (zero_branch, one_branch) = (self.branch(lane, zero)?, self.branch(lane, one)?);
        let mut workspace = self.workspaces.take(|| Workspace::new(self.size()));
        cmux(out, bits, index, zero_branch.operand(), one_branch.operand(), &mut workspace)?;
        self.workspaces.give(workspace);
        self.release_branch(lane, zero, zero_branch);
        self.release_branch(lane, one, one_branch);
        Ok(())
    }

    pub(super) fn size(&self) -> usize {
        self.program.parameters().polynomial_size()
    }

    fn glwe(&self) -> Glwe {
        self.glwes.take(|| Glwe::zero(self.size()))
    }

    fn lwe(&self) -> Lwe {
        self.lwes.take(|| Lwe::zero(self.size()))
    }

    fn write_glwe(&self, lane: &Lane, target: u32, value: Glwe) {
        lane.glwe.write(target as usize, value).into_iter().for_each(|unread| self.glwes.give(unread));
    }

    pub(super) fn write_lwe(&self, lane: &Lane, target: u32, value: Lwe) {
        lane.lwe.write(target as usize, value).into_iter().for_each(|unread| self.lwes.give(unread));
    }

    fn release_glwe(&self, lane: &Lane, source: u32, value: Arc<Glwe>) {
        lane.glwe.release(source as usize, value).into_iter().for_each(|freed| self.glwes.give(freed));
    }

    pub(super) fn release_lwe(&self, lane: &Lane, source: u32, value: Arc<Lwe>) {
        lane.lwe.release(source as usize, value).into_iter().for_each(|freed| self.lwes.give(freed));
    }

    /// Reads a branch of a CMUX, or writes out its polynomial.
    fn branch(&self, lane: &Lane, operand: &Operand) -> Result<Branch> {
        match operand {
            Operand::Polynomial(polynomial) => Ok(Branch::Clear(self.clear(*polynomial))),
            Operand::Rotated { glwe, rotation } => {
                Ok(Branch::Rotated(lane.glwe.read(*glwe as usize)?, *rotation as usize))
            }
        }
    }

    fn release_branch(&self, lane: &Lane, operand: &Operand, branch: Branch) {
        match (operand, branch) {
            (Operand::Rotated { glwe, .. }, Branch::Rotated(value, _)) => self.release_glwe(lane, *glwe, value),
            (_, Branch::Clear(words)) => self.polynomials.give(words),
            _ => {}
        }
    }

    fn with_polynomial(&self, polynomial: Option<u32>, work: impl FnOnce(Option<&[u64]>) -> Result<()>) -> Result<()> {
        let Some(polynomial) = polynomial else { return work(None) };
        let words = self.clear(polynomial);
        work(Some(&words))?;
        self.polynomials.give(words);
        Ok(())
    }

    /// A clear polynomial of N words.
    fn clear(&self, polynomial: u32) -> Vec<u64> {
        let mut words = self.polynomials.take(|| vec![0; self.size()]);
        self.write_out(polynomial, &mut words);
        words
    }

    /// A test polynomial of a lookup class.
    pub(super) fn table(&self, class: usize, polynomial: u32) -> Vec<u64> {
        let mut words = vec![0; self.size() << self.program.parameters().lookups[class].log2_extension];
        self.write_out(polynomial, &mut words);
        words
    }

    fn write_out(&self, polynomial: u32, words: &mut [u64]) {
        let polynomial = &self.program.description.polynomials[polynomial as usize];
        let mut end = 0;
        for (start, count, value) in &polynomial.runs {
            let (start, next) = (*start as usize, *start as usize + *count as usize);
            words[end..start].fill(0);
            words[start..next].fill((*value as u64) << polynomial.scale_log);
            end = next;
        }
        words[end..].fill(0);
    }
}

/// A branch of a CMUX, held while it is used.
enum Branch {
    Clear(Vec<u64>),
    Rotated(Arc<Glwe>, usize),
}

impl Branch {
    fn operand(&self) -> server::Operand<'_> {
        match self {
            Branch::Clear(words) => server::Operand::Polynomial(words),
            Branch::Rotated(glwe, rotation) => server::Operand::Rotated { glwe, rotation: *rotation },
        }
    }
}

pub(super) fn internal(reason: &str) -> Error {
    Error::new(ErrorCode::Internal, reason)
}
