//! A query as bytes: for each group of rows and each query section, a seed and the bodies. Masks never travel.

use super::{KeyId, check_program_hash};
use crate::ciphertext::Seeded;
use crate::error::{Error, ErrorCode, Result};
use crate::frame::{HEADER, Kind, Reader, Writer};
use crate::program::format::{Encoding, Query};
use crate::program::{Program, limits};
use crate::random::Seed;

/// Bytes of a query's parts, as the program prescribes them.
#[derive(Debug, Clone, Copy)]
pub struct QuerySizes<'a> {
    program: &'a Program,
    rows: u64,
}

impl<'a> QuerySizes<'a> {
    /// The sizes for `rows` rows. Errors: `OUT_OF_RANGE` when the query would be too large.
    pub fn new(program: &'a Program, rows: u64) -> Result<Self> {
        let sizes = Self { program, rows };
        if rows <= limits::ROWS && sizes.payload() <= u128::from(limits::MESSAGE_BYTES) {
            return Ok(sizes);
        }
        let reason = format!("a query of {rows} rows is too large: send it in pieces");
        Err(Error::new(ErrorCode::OutOfRange, reason))
    }

    /// Bodies of one section for a group of `rows` rows.
    fn words(&self, section: &Query, rows: u64) -> u64 {
        let parameters = self.program.parameters();
        let size = parameters.polynomial_size() as u64;
        match section {
            Query::Linear { whole: true, .. } => size,
            Query::Linear { slots, .. } => slots.len() as u64 * rows,
            Query::Bits { encoding: Encoding::Packed, bits } => {
                parameters.packed.map_or(0, |packed| packed.glwe_count(bits.len()) as u64 * size)
            }
            Query::Bits { encoding: Encoding::Unpacked, bits } => {
                let levels = parameters.unpacked.map_or(0, |gadget| u64::from(gadget.level_count));
                bits.len() as u64 * levels * 2 * size
            }
            Query::Lwe { slots, .. } => slots.len() as u64,
        }
    }

    /// Bytes of group `group`.
    fn group(&self, group: u64) -> u64 {
        let rows = self.program.rows_in_group(self.rows, group);
        self.program.description.queries.iter().map(|section| 16 + 8 * self.words(section, rows)).sum()
    }

    /// Bytes of all groups and what stands before them; all groups but the last have the size of the first.
    fn payload(&self) -> u128 {
        let groups = self.program.groups(self.rows);
        let all = match groups {
            0 => 0,
            _ => u128::from(self.group(0)) * u128::from(groups - 1) + u128::from(self.group(groups - 1)),
        };
        all + 24
    }
}

/// The frame of a query: key name, rows, then group after group the sections that `group` makes.
pub fn write_query(
    program: &Program,
    key: &KeyId,
    rows: u64,
    mut group: impl FnMut(u64) -> Result<Vec<Seeded>>,
) -> Result<Vec<u8>> {
    let sizes = QuerySizes::new(program, rows)?;
    let mut writer = Writer::new(Kind::Query, &program.hash, sizes.payload() as usize)?;
    writer.bytes(key);
    writer.u64(rows);
    for index in 0..program.groups(rows) {
        for section in group(index)? {
            writer.u128(section.seed.0);
            writer.words(&section.bodies);
        }
    }
    Ok(writer.finish())
}

/// A query whose lengths are checked; its groups are read one at a time.
#[derive(Debug)]
pub struct QueryMessage {
    pub key: KeyId,
    pub rows: u64,
    bytes: Vec<u8>,
}

/// Checks a query. Errors: `BAD_CIPHERTEXT`, and `WRONG_PROGRAM` when it was made for another program.
pub fn read_query(program: &Program, bytes: Vec<u8>) -> Result<QueryMessage> {
    let mut reader = Reader::open(&bytes, Kind::Query)?;
    check_program_hash(&reader, &program.hash, "query")?;
    let key = reader.array()?;
    let rows = reader.u64()?;
    let sizes = QuerySizes::new(program, rows).map_err(|cause| reader.refuse(cause.message))?;
    reader.expect(sizes.payload() as u64 - 24)?;
    Ok(QueryMessage { key, rows, bytes })
}

impl QueryMessage {
    /// The sections of group `group`, in the program's order.
    pub fn group(&self, program: &Program, group: u64) -> Result<Vec<Seeded>> {
        let sizes = QuerySizes { program, rows: self.rows };
        let rows = program.rows_in_group(self.rows, group);
        let start = HEADER + 24 + (sizes.group(0) * group) as usize;
        let mut rest = &self.bytes[start..start + sizes.group(group) as usize];
        let sections = program.description.queries.iter().map(|section| {
            let (seed, bodies) = rest.split_at(16);
            let (bodies, next) = bodies.split_at(8 * sizes.words(section, rows) as usize);
            rest = next;
            let seed = u128::from_le_bytes(seed.try_into().map_err(|_| internal())?);
            let bodies = bodies.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
            Ok(Seeded { seed: Seed(seed), bodies })
        });
        sections.collect()
    }
}

fn internal() -> Error {
    Error::new(ErrorCode::Internal, "a seed of the wrong length")
}
