//! A reply as bytes: for each group of rows and each reply section, the mask and the named body coefficients, switched
//! to a modulus of 2^bits and packed without gaps.

use super::bits::{pack, packed_bytes, unpack};
use super::{KeyId, check_program_hash};
use crate::error::{Error, ErrorCode, Result};
use crate::frame::{HEADER, Kind, Reader, Writer};
use crate::program::format::Reply;
use crate::program::{Program, limits};

/// Bytes of a reply's parts, as the program prescribes them.
#[derive(Debug, Clone, Copy)]
pub struct ReplySizes<'a> {
    program: &'a Program,
    rows: u64,
}

impl<'a> ReplySizes<'a> {
    /// The sizes for `rows` rows. Errors: `OUT_OF_RANGE` when the reply would be too large.
    pub fn new(program: &'a Program, rows: u64) -> Result<Self> {
        let sizes = Self { program, rows };
        // Outputs may share parts, so what a reply decrypts to may be much larger than itself.
        let values = u128::from(rows) * program.description.outputs.len() as u128 * 8;
        if rows <= limits::ROWS && sizes.payload().max(values) <= u128::from(limits::MESSAGE_BYTES) {
            return Ok(sizes);
        }
        let reason = format!("the reply to {rows} rows is too large: send them in pieces");
        Err(Error::new(ErrorCode::OutOfRange, reason))
    }

    /// Bytes of one section for a group of `rows` rows.
    fn section(&self, section: &Reply, rows: u64) -> usize {
        packed_bytes(self.bodies(section, rows) + self.program.parameters().polynomial_size(), bits(section))
    }

    fn bodies(&self, section: &Reply, rows: u64) -> usize {
        match section {
            Reply::Glwe { positions, .. } => positions.len() * rows as usize,
            Reply::Lwe { .. } => 1,
        }
    }

    /// Bytes of group `group`.
    pub fn group(&self, group: u64) -> usize {
        let rows = self.program.rows_in_group(self.rows, group);
        self.program.description.replies.iter().map(|section| self.section(section, rows)).sum()
    }

    fn payload(&self) -> u128 {
        let groups = self.program.groups(self.rows);
        let all = match groups {
            0 => 0,
            _ => self.group(0) as u128 * u128::from(groups - 1) + self.group(groups - 1) as u128,
        };
        all + 24
    }
}

fn bits(section: &Reply) -> u32 {
    match section {
        Reply::Glwe { bits, .. } | Reply::Lwe { bits, .. } => *bits,
    }
}

/// Appends a section: `mask` and `bodies` rounded to their top `bits` bits.
pub fn write_section(output: &mut Vec<u8>, bits: u32, mask: &[u64], bodies: impl Iterator<Item = u64>) {
    pack(output, bits, mask.iter().copied().chain(bodies).map(|word| round(word, 64 - bits)));
}

/// `word / 2^dropped` to the nearest integer, and to an even one from the middle. Words that left a transform of large
/// products end in many zeros, so middles are frequent: always up, their errors would add up along the key.
fn round(word: u64, dropped: u32) -> u64 {
    match dropped {
        0 => word,
        _ => word.wrapping_add((1 << (dropped - 1)) - 1 + (word >> dropped & 1)) >> dropped,
    }
}

#[cfg(test)]
mod tests {
    use super::round;

    #[test]
    fn middles_are_rounded_to_even() {
        let rounded: Vec<u64> = (0..8).map(|quarters| round(quarters << 60, 62)).collect();
        assert_eq!(rounded, [0, 0, 0, 1, 1, 1, 2, 2]);
        assert_eq!(round(u64::MAX, 60), 0);
        assert_eq!(round(7, 0), 7);
    }
}

/// The frame of a reply: key name and rows are written, the bytes of each group are to follow.
pub fn open_reply(program: &Program, key: &KeyId, rows: u64) -> Result<Writer> {
    let sizes = ReplySizes::new(program, rows)?;
    let mut writer = Writer::new(Kind::Reply, &program.hash, sizes.payload() as usize)?;
    writer.bytes(key);
    writer.u64(rows);
    Ok(writer)
}

/// A reply whose lengths are checked.
#[derive(Debug)]
pub struct ReplyMessage<'a> {
    pub key: KeyId,
    pub rows: u64,
    bytes: &'a [u8],
}

/// One reply section of a group, scaled back to the 64-bit torus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyCiphertext {
    pub mask: Vec<u64>,
    /// Row after row the named positions, or the one body of an LWE ciphertext.
    pub bodies: Vec<u64>,
}

/// Checks a reply. Errors: `BAD_CIPHERTEXT`, and `WRONG_PROGRAM` when it was made by another program.
pub fn read_reply<'a>(program: &Program, bytes: &'a [u8]) -> Result<ReplyMessage<'a>> {
    let mut reader = Reader::open(bytes, Kind::Reply)?;
    check_program_hash(&reader, &program.hash, "reply")?;
    let key = reader.array()?;
    let rows = reader.u64()?;
    let sizes = ReplySizes::new(program, rows).map_err(|cause| reader.refuse(cause.message))?;
    reader.expect(sizes.payload() as u64 - 24)?;
    Ok(ReplyMessage { key, rows, bytes })
}

impl ReplyMessage<'_> {
    /// The sections of group `group`, in the program's order.
    pub fn group(&self, program: &Program, group: u64) -> Vec<ReplyCiphertext> {
        let sizes = ReplySizes { program, rows: self.rows };
        let rows = program.rows_in_group(self.rows, group);
        let mut start = HEADER + 24 + sizes.group(0) * group as usize;
        let size = program.parameters().polynomial_size();
        let read = |section: &Reply| {
            let bytes = &self.bytes[start..start + sizes.section(section, rows)];
            start += bytes.len();
            let bits = bits(section);
            let mut mask = unpack(bytes, size + sizes.bodies(section, rows), bits);
            mask.iter_mut().for_each(|word| *word <<= 64 - bits);
            let bodies = mask.split_off(size);
            ReplyCiphertext { mask, bodies }
        };
        program.description.replies.iter().map(read).collect()
    }
}
