//! Validation of what travels: inputs, query sections, polynomials, replies, parts and outputs.

use super::check::{Occupied, Place};
use super::format::{Description, Encoding, InputRange, PlacedSlot, Polynomial, Query, Reply, Slot};
use super::limits;
use crate::error::Result;

/// What the query sections give to the instructions, and what of them travels.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sections {
    /// The bit registers of the query, numbered through all sections in order.
    pub bits: Vec<BitSource>,
    /// For each lookup class, the query section and number of its slots under the small key.
    pub small: Vec<Option<(usize, usize)>>,
    /// For each section, its slots or bits of encrypted inputs. A section without any does not travel.
    pub encrypted: Vec<usize>,
    /// The clear inputs, ascending: of each row, their values travel as they are.
    pub clear: Vec<u32>,
}

impl Sections {
    /// What a bit register is: those of the query come first.
    pub fn bit(&self, register: u32) -> BitSource {
        let computed = || BitSource::Computed { index: register - self.bits.len() as u32 };
        self.bits.get(register as usize).copied().unwrap_or_else(computed)
    }
}

/// What a bit register is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BitSource {
    /// A GGSW ciphertext: number `index` of those that section `section` makes.
    Encrypted { section: u32, index: u32 },
    /// Bit `bit` of `value - min` of a clear input.
    Clear { input: u32, bit: u32 },
    /// A GGSW ciphertext that a circuit bootstrap makes: number `index` of them.
    Computed { index: u32 },
}

/// Checks ranges and query sections.
pub fn check_queries(program: &Description) -> Result<Sections> {
    let mut sections = Sections { small: vec![None; program.parameters.lookups.len()], ..Sections::default() };
    for (index, range) in program.inputs.iter().enumerate() {
        check_range(&Place::Root("inputs").index(index), range.min, range.max)?;
        sections.clear.extend(range.clear.then_some(index as u32));
    }
    let size = program.parameters.polynomial_size() as u32;
    let rows = Place::Root("rowsPerQuery").within(program.rows_per_query, 1..=size)?;
    let linear = program.queries.iter().all(|query| matches!(query, Query::Linear { .. }));
    let glwe = program.replies.iter().all(|reply| matches!(reply, Reply::Glwe { .. }));
    if rows > 1 && !(linear && glwe) {
        return Err(Place::Root("rowsPerQuery").refuse("more than 1 needs linear queries and glwe replies only"));
    }
    for (index, query) in program.queries.iter().enumerate() {
        check_query(&Place::Root("queries").index(index), program, index, query, &mut sections)?;
    }
    Ok(sections)
}

fn check_query(
    place: &Place,
    program: &Description,
    section: usize,
    query: &Query,
    sections: &mut Sections,
) -> Result<()> {
    let inputs = &program.inputs;
    let mut encrypted = 0;
    match query {
        Query::Linear { row_stride, slots, .. } => {
            let mut occupied = Occupied::new(program.parameters.polynomial_size());
            let place = place.field("slots");
            for (index, PlacedSlot { slot, position }) in slots.iter().enumerate() {
                let place = place.index(index);
                encrypted += check_slot(&place, inputs, slot)?;
                // All slots share one mask: a coefficient that does not travel would be one of garbage.
                if encrypted != 0 && encrypted != index + 1 {
                    return Err(place.field("input").refuse("a section has encrypted inputs only, or clear ones only"));
                }
                occupied.take(&place.field("position"), *position, *row_stride, program.rows_per_query)?;
            }
        }
        Query::Bits { encoding, bits } => {
            let bits_place = place.field("bits");
            for (index, bit) in bits.iter().enumerate() {
                let place = bits_place.index(index);
                let input = &inputs[place.field("input").one_of(bit.input, inputs.len(), "inputs")?];
                let width = bit_width(input);
                if bit.bit >= width {
                    return Err(place
                        .field("bit")
                        .refuse(format!("{} is not below {width}, the input's width", bit.bit)));
                }
                sections.bits.push(if input.clear {
                    BitSource::Clear { input: bit.input, bit: bit.bit }
                } else {
                    encrypted += 1;
                    BitSource::Encrypted { section: section as u32, index: encrypted as u32 - 1 }
                });
            }
            let given = match encoding {
                Encoding::Packed => program.parameters.packed.is_some(),
                Encoding::Unpacked => program.parameters.unpacked.is_some(),
            };
            if encrypted > 0 && !given {
                return Err(place.field("encoding").refuse("the parameters have no gadget for it"));
            }
        }
        Query::Lwe { lookup, slots } => {
            let class = place.field("lookup").one_of(*lookup, program.parameters.lookups.len(), "lookup classes")?;
            if sections.small[class].replace((section, slots.len())).is_some() {
                return Err(place.field("lookup").refuse(format!("class {class} has an 'lwe' section already")));
            }
            let place = place.field("slots");
            for (index, slot) in slots.iter().enumerate() {
                encrypted += check_slot(&place.index(index), inputs, slot)?;
            }
        }
    }
    sections.encrypted.push(encrypted);
    Ok(())
}

/// Checks each polynomial by itself and returns how many coefficients it reaches; each use compares that to its size.
pub fn check_polynomials(program: &Description) -> Result<Vec<u32>> {
    let longest = program.parameters.lookups.iter().map(|lookup| lookup.log2_extension).max().unwrap_or(0);
    let size = (program.parameters.polynomial_size() as u64) << longest;
    let place = Place::Root("polynomials");
    let check = |(index, polynomial)| check_polynomial(&place.index(index), size, polynomial);
    program.polynomials.iter().enumerate().map(check).collect()
}

fn check_polynomial(place: &Place, size: u64, polynomial: &Polynomial) -> Result<u32> {
    place.field("scaleLog").scale(polynomial.scale_log)?;
    let place = place.field("runs");
    let mut end = 0;
    for (index, (start, count, value)) in polynomial.runs.iter().enumerate() {
        let place = place.index(index);
        if u64::from(*start) < end {
            return Err(place.refuse(format!("starts at {start}, before {end}, where the run before it ends")));
        }
        end = u64::from(*start) + u64::from(*count);
        if *count == 0 || end > size {
            return Err(place.refuse(format!("{count} coefficients from {start} are not 1 or more of {size}")));
        }
        place.integer(*value)?;
    }
    Ok(end as u32)
}

/// Checks replies (whose sources are known to exist), parts and outputs.
pub fn check_replies(program: &Description) -> Result<()> {
    let mut produced = 0;
    for (index, reply) in program.replies.iter().enumerate() {
        let place = Place::Root("replies").index(index);
        match reply {
            Reply::Glwe { bits, row_stride, positions, .. } => {
                place.field("bits").within(*bits, 1..=64)?;
                let mut occupied = Occupied::new(program.parameters.polynomial_size());
                for (index, position) in positions.iter().enumerate() {
                    let place = place.field("positions");
                    occupied.take(&place.index(index), *position, *row_stride, program.rows_per_query)?;
                }
                produced += positions.len();
            }
            Reply::Lwe { bits, .. } => {
                place.field("bits").within(*bits, 1..=64)?;
                produced += 1;
            }
        }
    }
    if produced != program.parts.len() {
        let given = program.parts.len();
        return Err(Place::Root("parts").refuse(format!("{given} parts, but the replies carry {produced}")));
    }
    for (index, part) in program.parts.iter().enumerate() {
        let place = Place::Root("parts").index(index);
        let scale = place.field("scaleLog").scale(part.scale_log)?;
        let span = check_range(&place, part.min, part.max)?;
        if u128::from(span) >= 1 << (64 - scale) {
            return Err(place.refuse(format!("max - min = {span} does not fit above scale 2^{scale}")));
        }
    }
    program.outputs.iter().enumerate().try_for_each(|(index, _)| check_output(program, index))
}

/// An output names parts that exist and stays an exact double whatever they are.
fn check_output(program: &Description, index: usize) -> Result<()> {
    let outputs = Place::Root("outputs");
    let place = outputs.index(index);
    let output = &program.outputs[index];
    let mut largest = i128::from(place.field("offset").integer(output.offset)?.unsigned_abs());
    for (index, (part, weight)) in output.parts.iter().enumerate() {
        let parts = place.field("parts");
        let place = parts.index(index);
        let part = &program.parts[place.one_of(*part, program.parts.len(), "parts")?];
        let reach = part.min.unsigned_abs().max(part.max.unsigned_abs());
        let weight = place.integer(*weight)?.unsigned_abs();
        largest = largest.saturating_add(i128::from(weight) * i128::from(reach));
    }
    if largest > i128::from(limits::INTEGER) {
        return Err(place.refuse(format!("may reach {largest}, beyond 2^53, which a double does not hold exactly")));
    }
    Ok(())
}

/// Checks a slot; 1 where its input is encrypted, 0 where it is clear.
fn check_slot(place: &Place, inputs: &[InputRange], slot: &Slot) -> Result<usize> {
    let input = place.field("input").one_of(slot.input, inputs.len(), "inputs")?;
    place.field("offset").integer(slot.offset)?;
    place.field("scaleLog").scale(slot.scale_log)?;
    Ok(usize::from(!inputs[input].clear))
}

/// `max - min` of a range of exact doubles.
fn check_range(place: &Place, min: i64, max: i64) -> Result<u64> {
    place.field("min").integer(min)?;
    place.field("max").integer(max)?;
    let span = max - min;
    if !(0..=limits::INTEGER).contains(&span) {
        return Err(place.refuse(format!("[{min}, {max}] must have min <= max and at most 2^53 steps")));
    }
    Ok(span as u64)
}

/// Bits of `value - min`.
pub fn bit_width(range: &InputRange) -> u32 {
    64 - ((range.max - range.min) as u64).leading_zeros()
}
