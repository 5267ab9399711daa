//! A query as bytes: the clear inputs of all rows, then for each group of rows and each query section that travels a seed
//! and the bodies. Masks never travel.

use super::{KeyId, check_program_hash};
use crate::ciphertext::Seeded;
use crate::error::{Error, ErrorCode, Result};
use crate::frame::{HEADER, Kind, Reader, Writer};
use crate::program::format::{Encoding, InputRange, Query};
use crate::program::{Program, limits};
use crate::random::Seed;
use std::ops::Range;

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

    /// Bodies of one section for a group of `rows` rows; `None` where it does not travel.
    fn words(&self, section: usize, rows: u64) -> Option<u64> {
        let parameters = self.program.parameters();
        let size = parameters.polynomial_size() as u64;
        let encrypted = self.program.sections.encrypted[section];
        if encrypted == 0 {
            return None;
        }
        Some(match self.program.description.queries[section] {
            Query::Linear { whole: true, .. } => size,
            Query::Linear { .. } => encrypted as u64 * rows,
            Query::Bits { encoding: Encoding::Packed, .. } => {
                parameters.packed.map_or(0, |packed| packed.glwe_count(encrypted) as u64 * size)
            }
            Query::Bits { encoding: Encoding::Unpacked, .. } => {
                let levels = parameters.unpacked.map_or(0, |gadget| u64::from(gadget.level_count));
                encrypted as u64 * levels * 2 * size
            }
            Query::Lwe { .. } => encrypted as u64,
        })
    }

    /// Bytes of group `group`.
    fn group(&self, group: u64) -> u64 {
        let rows = self.program.rows_in_group(self.rows, group);
        let sections = 0..self.program.description.queries.len();
        sections.filter_map(|section| self.words(section, rows)).map(|words| 16 + 8 * words).sum()
    }

    /// Bytes of the clear inputs of `rows` rows.
    fn clear(&self, rows: u64) -> u128 {
        8 * self.program.sections.clear.len() as u128 * u128::from(rows)
    }

    /// Bytes of all groups and what stands before them; all groups but the last have the size of the first.
    fn payload(&self) -> u128 {
        let groups = self.program.groups(self.rows);
        let all = match groups {
            0 => 0,
            _ => u128::from(self.group(0)) * u128::from(groups - 1) + u128::from(self.group(groups - 1)),
        };
        all + self.clear(self.rows) + 24
    }
}

/// The frame of a query: key name, rows, the clear inputs row after row, then group after group the sections that `group`
/// makes.
pub fn write_query(
    program: &Program,
    key: &KeyId,
    rows: u64,
    clear: impl Iterator<Item = i64>,
    mut group: impl FnMut(u64) -> Result<Vec<Seeded>>,
) -> Result<Vec<u8>> {
    let sizes = QuerySizes::new(program, rows)?;
    let mut writer = Writer::new(Kind::Query, &program.hash, sizes.payload() as usize)?;
    writer.bytes(key);
    writer.u64(rows);
    clear.for_each(|value| writer.u64(value as u64));
    for index in 0..program.groups(rows) {
        for section in group(index)? {
            writer.u128(section.seed.0);
            writer.words(&section.bodies);
        }
    }
    Ok(writer.finish())
}

/// A query whose lengths and clear inputs are checked; its groups are read one at a time.
#[derive(Debug)]
pub struct QueryMessage {
    pub key: KeyId,
    pub rows: u64,
    bytes: Vec<u8>,
}

/// Checks a query. Errors: `BAD_CIPHERTEXT`, also for a clear input out of its range, and `WRONG_PROGRAM` when it was made
/// for another program.
pub fn read_query(program: &Program, bytes: Vec<u8>) -> Result<QueryMessage> {
    let mut reader = Reader::open(&bytes, Kind::Query)?;
    check_program_hash(&reader, &program.hash, "query")?;
    let key = reader.array()?;
    let rows = reader.u64()?;
    let sizes = QuerySizes::new(program, rows).map_err(|cause| reader.refuse(cause.message))?;
    reader.expect(sizes.payload() as u64 - 24)?;
    let message = QueryMessage { key, rows, bytes };
    for (index, value) in message.clear(program, 0..rows).enumerate() {
        let clear = &program.sections.clear;
        let input = clear[index % clear.len()];
        let InputRange { min, max, .. } = program.description.inputs[input as usize];
        if !(min..=max).contains(&value) {
            let row = index / clear.len();
            let reason = format!("a query: clear input {input} of row {row} is {value}, not in [{min}, {max}]");
            return Err(Error::new(ErrorCode::BadCiphertext, reason));
        }
    }
    Ok(message)
}

/// What a query says of one group of rows.
pub struct QueryGroup {
    pub rows: usize,
    /// The values of the clear inputs, row after row.
    pub clear: Vec<i64>,
    /// The sections in the program's order; `None` for those that do not travel.
    pub sections: Vec<Option<Seeded>>,
}

impl QueryMessage {
    /// Reads group `group`.
    pub fn group(&self, program: &Program, group: u64) -> Result<QueryGroup> {
        let sizes = QuerySizes { program, rows: self.rows };
        let rows = program.rows_in_group(self.rows, group);
        let start = HEADER + 24 + sizes.clear(self.rows) as usize + (sizes.group(0) * group) as usize;
        let mut rest = &self.bytes[start..start + sizes.group(group) as usize];
        let sections = (0..program.description.queries.len()).map(|section| {
            let Some(words) = sizes.words(section, rows) else { return Ok(None) };
            let (seed, bodies) = rest.split_at(16);
            let (bodies, next) = bodies.split_at(8 * words as usize);
            rest = next;
            let seed = u128::from_le_bytes(seed.try_into().map_err(|_| internal())?);
            let bodies = bodies.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
            Ok(Some(Seeded { seed: Seed(seed), bodies }))
        });
        let sections = sections.collect::<Result<_>>()?;
        let first = group * u64::from(program.description.rows_per_query);
        Ok(QueryGroup { rows: rows as usize, clear: self.clear(program, first..first + rows).collect(), sections })
    }

    /// The clear inputs of some rows, row after row.
    fn clear(&self, program: &Program, rows: Range<u64>) -> impl Iterator<Item = i64> {
        let sizes = QuerySizes { program, rows: self.rows };
        let place = |row: u64| HEADER + 24 + sizes.clear(row) as usize;
        let words = self.bytes[place(rows.start)..place(rows.end)].as_chunks().0.iter();
        words.map(|word| i64::from_le_bytes(*word))
    }
}

fn internal() -> Error {
    Error::new(ErrorCode::Internal, "a seed of the wrong length")
}
