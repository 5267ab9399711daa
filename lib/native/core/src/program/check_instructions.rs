//! Validation of the instructions: every register is written once, before it is read, and every index exists.

use super::check::Place;
use super::check_sections::Sections;
use super::format::{CircuitItem, Description, Instruction, LookupInput, LookupItem, Operand, Query, Reply};
use crate::error::Result;

/// Numbers of registers that the instructions write: 0..glwe and 0..lwe, each once, and `bits` after those of the query.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Registers {
    pub glwe: usize,
    pub lwe: usize,
    pub bits: usize,
}

/// What is known while walking down the instructions.
struct Walk<'a> {
    program: &'a Description,
    sections: &'a Sections,
    /// Coefficients that each polynomial reaches.
    reach: &'a [u32],
    glwe: Vec<bool>,
    lwe: Vec<bool>,
    /// Those of the query first, which are written already.
    bits: Vec<bool>,
}

/// Checks all instructions, and that the replies read registers that exist.
pub fn check_instructions(program: &Description, sections: &Sections, reach: &[u32]) -> Result<Registers> {
    let registers = count_targets(program);
    let [glwe, lwe] = [registers.glwe, registers.lwe].map(|count| vec![false; count]);
    let query_bits = sections.bits.len();
    let bits = (0..query_bits + registers.bits).map(|bit| bit < query_bits).collect();
    let mut walk = Walk { program, sections, reach, glwe, lwe, bits };
    for (index, instruction) in program.instructions.iter().enumerate() {
        walk.check(&Place::Root("instructions").index(index), instruction)?;
    }
    for (index, reply) in program.replies.iter().enumerate() {
        let replies = Place::Root("replies");
        let place = replies.index(index);
        match reply {
            Reply::Glwe { source, .. } => walk.read_glwe(&place.field("source"), *source)?,
            Reply::Lwe { source, .. } => walk.read_lwe(&place.field("source"), *source)?,
        }
    }
    for (index, carried) in program.carried.iter().enumerate() {
        let all = Place::Root("carried");
        let place = all.index(index);
        walk.read_lwe(&place.field("source"), carried.source)?;
        place.field("initial").integer(carried.initial)?;
        place.field("scaleLog").scale(carried.scale_log)?;
    }
    if !program.carried.is_empty() && program.rows_per_query != 1 {
        return Err(Place::Root("carried").refuse("a program that carries values has one row a query"));
    }
    Ok(registers)
}

/// How many registers of each kind are written: targets are dense, so this also bounds them.
fn count_targets(program: &Description) -> Registers {
    let mut registers = Registers::default();
    for instruction in &program.instructions {
        match instruction {
            Instruction::Linear { .. }
            | Instruction::Cmux { .. }
            | Instruction::Combine { .. }
            | Instruction::Embed { .. } => registers.glwe += 1,
            Instruction::Extract { .. } | Instruction::Sum { .. } | Instruction::Carried { .. } => registers.lwe += 1,
            Instruction::Bootstrap { items, .. } => {
                registers.lwe += items.iter().map(|item| item.outputs.len()).sum::<usize>();
            }
            Instruction::CircuitBootstrap { items } => {
                registers.bits += items.len();
                registers.lwe += items.iter().filter(|item| item.output.is_some()).count();
            }
        }
    }
    registers
}

impl Walk<'_> {
    fn check(&mut self, place: &Place, instruction: &Instruction) -> Result<()> {
        let size = self.program.parameters.polynomial_size() as u32;
        match instruction {
            Instruction::Linear { query, weights, polynomial, target } => {
                let place_of_query = place.field("query");
                let section = place_of_query.one_of(*query, self.program.queries.len(), "query sections")?;
                if !matches!(self.program.queries[section], Query::Linear { .. }) {
                    return Err(place_of_query.refuse(format!("section {section} is not a 'linear' one")));
                }
                for (index, (position, weight)) in weights.iter().enumerate() {
                    let weights = place.field("weights");
                    let place = weights.index(index);
                    place.within(*position, 0..=2 * size - 1)?;
                    place.integer(*weight)?;
                }
                self.check_polynomial(place, *polynomial, size)?;
                write(&mut self.glwe, &place.field("target"), *target)
            }
            Instruction::Cmux { bit, zero, one, target } => {
                let place_of_bit = place.field("bit");
                place_of_bit.one_of(*bit, self.bits.len(), "bits")?;
                read(&self.bits, &place_of_bit, *bit, "bit")?;
                self.check_operand(&place.field("zero"), zero)?;
                self.check_operand(&place.field("one"), one)?;
                write(&mut self.glwe, &place.field("target"), *target)
            }
            Instruction::Combine { terms, polynomial, target } => {
                for (index, (source, rotation, coefficient)) in terms.iter().enumerate() {
                    let terms = place.field("terms");
                    let place = terms.index(index);
                    self.read_glwe(&place, *source)?;
                    place.within(*rotation, 0..=2 * size - 1)?;
                    place.integer(*coefficient)?;
                }
                self.check_polynomial(place, *polynomial, size)?;
                write(&mut self.glwe, &place.field("target"), *target)
            }
            Instruction::Extract { source, position, target } => {
                self.read_glwe(&place.field("source"), *source)?;
                place.field("position").within(*position, 0..=size - 1)?;
                write(&mut self.lwe, &place.field("target"), *target)
            }
            Instruction::Carried { index, target } => {
                place.field("index").one_of(*index, self.program.carried.len(), "carried values")?;
                write(&mut self.lwe, &place.field("target"), *target)
            }
            Instruction::Embed { source, target } => {
                self.read_lwe(&place.field("source"), *source)?;
                write(&mut self.glwe, &place.field("target"), *target)
            }
            Instruction::Sum { terms, constant, scale_log, target } => {
                for (index, (source, coefficient)) in terms.iter().enumerate() {
                    let terms = place.field("terms");
                    let place = terms.index(index);
                    self.read_lwe(&place, *source)?;
                    place.integer(*coefficient)?;
                }
                place.field("constant").integer(*constant)?;
                place.field("scaleLog").scale(*scale_log)?;
                write(&mut self.lwe, &place.field("target"), *target)
            }
            Instruction::Bootstrap { lookup, items } => self.check_bootstrap(place, *lookup, items),
            Instruction::CircuitBootstrap { items } => self.check_circuit_bootstrap(place, items),
        }
    }

    /// Items of a layer are independent: all inputs are read before any output is written.
    fn check_bootstrap(&mut self, place: &Place, lookup: u32, items: &[LookupItem]) -> Result<()> {
        let classes = &self.program.parameters.lookups;
        let class = place.field("lookup").one_of(lookup, classes.len(), "lookup classes")?;
        let size = (self.program.parameters.polynomial_size() as u32) << classes[class].log2_extension;
        let place = place.field("items");
        for (index, item) in items.iter().enumerate() {
            let place = place.index(index);
            match item.input {
                LookupInput::Lwe(source) => self.read_lwe(&place.field("input"), source)?,
                LookupInput::Small(slot) => {
                    let slots = self.sections.small[class].map_or(0, |(_, slots)| slots);
                    place.field("input").one_of(slot, slots, "slots of the class's 'lwe' section")?;
                }
            }
            self.check_polynomial(&place, Some(item.polynomial), size)?;
        }
        for (index, item) in items.iter().enumerate() {
            let place = place.index(index);
            let place = place.field("outputs");
            for (index, (position, target)) in item.outputs.iter().enumerate() {
                let place = place.index(index);
                place.within(*position, 0..=size - 1)?;
                write(&mut self.lwe, &place, *target)?;
            }
        }
        Ok(())
    }

    /// Items of a layer are independent, as those of `bootstrap`.
    fn check_circuit_bootstrap(&mut self, place: &Place, items: &[CircuitItem]) -> Result<()> {
        if self.program.parameters.circuit.is_none() {
            return Err(place.refuse("the parameters have no keys for circuit bootstrapping"));
        }
        let place = place.field("items");
        for (index, item) in items.iter().enumerate() {
            self.read_lwe(&place.index(index).field("input"), item.input)?;
        }
        for (index, item) in items.iter().enumerate() {
            let place = place.index(index);
            write(&mut self.bits, &place.field("bit"), item.bit)?;
            if let Some(output) = item.output {
                let place = place.field("output");
                place.field("scaleLog").within(output.scale_log, 1..=63)?;
                write(&mut self.lwe, &place.field("target"), output.target)?;
            }
        }
        Ok(())
    }

    fn check_operand(&self, place: &Place, operand: &Operand) -> Result<()> {
        let size = self.program.parameters.polynomial_size() as u32;
        match operand {
            Operand::Polynomial(polynomial) => self.check_polynomial(place, Some(*polynomial), size),
            Operand::Rotated { glwe, rotation } => {
                self.read_glwe(&place.field("glwe"), *glwe)?;
                place.field("rotation").within(*rotation, 0..=2 * size - 1).map(|_| ())
            }
        }
    }

    /// A polynomial, where there is one, exists and stays inside `size` coefficients.
    fn check_polynomial(&self, place: &Place, polynomial: Option<u32>, size: u32) -> Result<()> {
        let Some(polynomial) = polynomial else { return Ok(()) };
        let place = place.field("polynomial");
        let reach = self.reach[place.one_of(polynomial, self.reach.len(), "polynomials")?];
        if reach > size {
            return Err(place.refuse(format!("polynomial {polynomial} has {reach} coefficients, allowed are {size}")));
        }
        Ok(())
    }

    fn read_glwe(&self, place: &Place, source: u32) -> Result<()> {
        read(&self.glwe, place, source, "glwe")
    }

    fn read_lwe(&self, place: &Place, source: u32) -> Result<()> {
        read(&self.lwe, place, source, "lwe")
    }
}

fn read(written: &[bool], place: &Place, source: u32, kind: &str) -> Result<()> {
    match written.get(source as usize) {
        Some(true) => Ok(()),
        _ => Err(place.refuse(format!("{kind}[{source}] is read before it is written"))),
    }
}

fn write(written: &mut [bool], place: &Place, target: u32) -> Result<()> {
    let count = written.len();
    match written.get_mut(target as usize) {
        Some(register @ false) => {
            *register = true;
            Ok(())
        }
        Some(true) => Err(place.refuse(format!("register {target} is written twice"))),
        None => Err(place.refuse(format!("register {target} is none of the {count} that are written"))),
    }
}
