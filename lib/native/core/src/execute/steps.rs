//! One instruction on one group of rows, and one batch of lookups over several groups.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::control::Control;
use super::lane::Lane;
use super::plan::Plan;
use super::registers::Spare;
use crate::ciphertext::{Glwe, Lwe};
use crate::error::{Error, ErrorCode, Result};
use crate::program::format::{self, Instruction, LookupItem, Operand};
use crate::program::{BitSource, Program};
use crate::server::{self, EvaluationKey, Workspace, cmux, combine, extract, linear, lookup_batch, select, sum};

/// Everything that the steps of one run share.
pub struct Run<'a> {
    pub program: &'a Program,
    pub plan: &'a Plan,
    pub key: &'a EvaluationKey,
    pub control: &'a Control<'a>,
    glwes: Spare<Glwe>,
    lwes: Spare<Lwe>,
    polynomials: Spare<Vec<u64>>,
    workspaces: Spare<Workspace>,
}

impl<'a> Run<'a> {
    pub fn new(program: &'a Program, plan: &'a Plan, key: &'a EvaluationKey, control: &'a Control<'a>) -> Self {
        let (glwes, lwes, polynomials, workspaces) = (Spare::new(), Spare::new(), Spare::new(), Spare::new());
        Self { program, plan, key, control, glwes, lwes, polynomials, workspaces }
    }

    /// Executes an instruction other than `bootstrap` on one lane.
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
                match self.program.sections.bits[*bit as usize] {
                    BitSource::Encrypted { section, index } => {
                        let bits = lane.bits(section as usize)?;
                        let (zero_branch, one_branch) = (self.branch(lane, zero)?, self.branch(lane, one)?);
                        let mut workspace = self.workspaces.take(|| Workspace::new(self.size()));
                        let (zero_operand, one_operand) = (zero_branch.operand(), one_branch.operand());
                        cmux(&mut out, bits, index as usize, zero_operand, one_operand, &mut workspace)?;
                        self.workspaces.give(workspace);
                        self.release_branch(lane, zero, zero_branch);
                        self.release_branch(lane, one, one_branch);
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
            Instruction::Bootstrap { .. } => return Err(internal("a layer of lookups outside its batch")),
        }
        Ok(())
    }

    /// Executes lookups of a layer; lookup `i` of `range` is item `i / lanes` on lane `i mod lanes`, so that a batch
    /// shares test polynomials.
    pub fn lookups(&self, class: usize, items: &[LookupItem], lanes: &[Lane], range: Range<usize>) -> Result<()> {
        let place = |index: usize| (&items[index / lanes.len()], &lanes[index % lanes.len()]);
        let section = self.program.sections.small[class].map(|(section, _)| section);
        let mut tables: HashMap<u32, Vec<u64>> = HashMap::new();
        for index in range.clone() {
            let polynomial = place(index).0.polynomial;
            tables.entry(polynomial).or_insert_with(|| self.table(class, polynomial));
        }
        let read = |index: usize| match place(index) {
            (LookupItem { input: format::LookupInput::Lwe(source), .. }, lane) => {
                lane.lwe.read(*source as usize).map(Some)
            }
            _ => Ok(None),
        };
        let inputs = range.clone().map(read).collect::<Result<Vec<Option<Arc<Lwe>>>>>()?;
        let positions = |item: &LookupItem| item.outputs.iter().map(|(position, _)| *position as usize).collect();
        let positions: Vec<Vec<usize>> = range.clone().map(|index| positions(place(index).0)).collect();
        let batch = range.clone().zip(inputs.iter().zip(&positions)).map(|(index, (input, positions))| {
            let (item, lane) = place(index);
            let input = match (input, item.input, section) {
                (Some(lwe), ..) => server::LookupInput::Large(lwe),
                (None, format::LookupInput::Small(slot), Some(section)) => {
                    server::LookupInput::Small(lane.small(section, slot as usize)?)
                }
                _ => return Err(internal("a lookup without its input")),
            };
            Ok(server::LookupItem { input, polynomial: &tables[&item.polynomial], positions })
        });
        let batch = batch.collect::<Result<Vec<_>>>()?;
        let mut workspace = self.workspaces.take(|| Workspace::new(self.size()));
        let outputs = lookup_batch(&self.key.lookups()[class], &batch, &mut workspace, self.control.cancel())?;
        self.workspaces.give(workspace);
        drop(batch);
        for ((index, input), outputs) in range.zip(inputs).zip(outputs) {
            let (item, lane) = place(index);
            if let (Some(lwe), format::LookupInput::Lwe(source)) = (input, item.input) {
                self.release_lwe(lane, source, lwe);
            }
            for ((_, target), lwe) in item.outputs.iter().zip(outputs) {
                self.write_lwe(lane, *target, lwe);
            }
        }
        Ok(())
    }

    fn size(&self) -> usize {
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

    fn write_lwe(&self, lane: &Lane, target: u32, value: Lwe) {
        lane.lwe.write(target as usize, value).into_iter().for_each(|unread| self.lwes.give(unread));
    }

    fn release_glwe(&self, lane: &Lane, source: u32, value: Arc<Glwe>) {
        lane.glwe.release(source as usize, value).into_iter().for_each(|freed| self.glwes.give(freed));
    }

    fn release_lwe(&self, lane: &Lane, source: u32, value: Arc<Lwe>) {
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
    fn table(&self, class: usize, polynomial: u32) -> Vec<u64> {
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

fn internal(reason: &str) -> Error {
    Error::new(ErrorCode::Internal, reason)
}
