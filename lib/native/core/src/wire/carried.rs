//! What a run hands to the next one, as bytes: for each row and each carried value an LWE ciphertext under the large key.

use super::{KeyId, check_program_hash};
use crate::ciphertext::Lwe;
use crate::error::{Error, ErrorCode, Result};
use crate::frame::{HEADER, Kind, Reader, Writer};
use crate::program::{Program, limits};

/// Carried values whose lengths are checked.
#[derive(Debug)]
pub struct CarriedMessage {
    pub key: KeyId,
    pub rows: u64,
    bytes: Vec<u8>,
}

/// Words of one row.
fn row_words(program: &Program) -> usize {
    program.description.carried.len() * (program.parameters().polynomial_size() + 1)
}

/// Bytes of all rows. Errors: `OUT_OF_RANGE` for too many.
fn payload(program: &Program, rows: u64) -> Result<usize> {
    let bytes = u128::from(rows) * row_words(program) as u128 * 8 + 24;
    if rows <= limits::ROWS && bytes <= u128::from(limits::MESSAGE_BYTES) {
        return Ok(bytes as usize);
    }
    Err(Error::new(ErrorCode::OutOfRange, format!("the carried values of {rows} rows are too large")))
}

/// The frame of carried values: key name and rows are written, the words of each row are to follow.
pub fn open_carried(program: &Program, key: &KeyId, rows: u64) -> Result<Writer> {
    let mut writer = Writer::new(Kind::Carried, &program.hash, payload(program, rows)?)?;
    writer.bytes(key);
    writer.u64(rows);
    Ok(writer)
}

/// Checks carried values. Errors: `BAD_CIPHERTEXT`, and `WRONG_PROGRAM` when another program left them.
pub fn read_carried(program: &Program, bytes: Vec<u8>) -> Result<CarriedMessage> {
    let mut reader = Reader::open(&bytes, Kind::Carried)?;
    check_program_hash(&reader, &program.hash, "list of carried values")?;
    let key = reader.array()?;
    let rows = reader.u64()?;
    if program.description.carried.is_empty() {
        return Err(reader.refuse("this program carries none"));
    }
    let wanted = payload(program, rows).map_err(|cause| reader.refuse(cause.message))?;
    reader.expect(wanted as u64 - 24)?;
    Ok(CarriedMessage { key, rows, bytes })
}

impl CarriedMessage {
    /// The values of one row, which has to exist.
    pub fn row(&self, program: &Program, row: u64) -> Vec<Lwe> {
        let bytes = 8 * row_words(program);
        let start = HEADER + 24 + row as usize * bytes;
        let size = program.parameters().polynomial_size();
        let words = self.bytes[start..start + bytes].as_chunks().0;
        let values = words.chunks(size + 1).map(|chunk| {
            let mut lwe = Lwe::zero(size);
            let words = chunk.iter().map(|word| u64::from_le_bytes(*word));
            lwe.words_mut().iter_mut().zip(words).for_each(|(target, word)| *target = word);
            lwe
        });
        values.collect()
    }
}
