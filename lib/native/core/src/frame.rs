//! The one binary frame of keys and ciphertexts that are stored or sent. (A program travels as JSON.)
//!
//! `"BLINDFIT"`, u16 version, u16 kind, u32 zero, 32-byte id, u64 payload length, payload, u64 checksum; all little
//! endian. The id is the hash of the parameters for keys and of the program for queries and replies. The checksum finds
//! transfer and storage faults; it is no protection against somebody who forges a frame.

use crate::error::{Error, ErrorCode, Result};
use crate::program::Hash;

const MAGIC: &[u8; 8] = b"BLINDFIT";
const VERSION: u16 = 1;
/// Bytes before the payload.
pub const HEADER: usize = 56;
/// Bytes after the payload.
pub const TRAILER: usize = 8;

/// What a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    SecretKey = 1,
    EvaluationKey = 2,
    Query = 3,
    Reply = 4,
    Carried = 5,
}

impl Kind {
    fn name(code: u16) -> &'static str {
        ["nothing known", "a secret key", "an evaluation key", "a query", "a reply", "carried values"]
            .get(code as usize)
            .unwrap_or(&"nothing known")
    }

    /// The code of the errors about frames of this kind.
    fn refusal(self) -> ErrorCode {
        match self {
            Kind::SecretKey | Kind::EvaluationKey => ErrorCode::BadKey,
            Kind::Query | Kind::Reply | Kind::Carried => ErrorCode::BadCiphertext,
        }
    }
}

/// A frame while it is written: append the payload, then `finish`.
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// A frame with room for `payload` bytes. Errors: `OUT_OF_RANGE` when memory does not suffice.
    pub fn new(kind: Kind, id: &Hash, payload: usize) -> Result<Self> {
        let mut bytes = Vec::new();
        let room = payload.checked_add(HEADER + TRAILER);
        room.and_then(|room| bytes.try_reserve_exact(room).ok()).ok_or_else(|| {
            Error::new(
                ErrorCode::OutOfRange,
                format!("there is no memory for {payload} bytes: send fewer rows at once"),
            )
        })?;
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(kind as u16).to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(id);
        bytes.extend_from_slice(&[0; 8]);
        Ok(Self { bytes })
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn u64(&mut self, word: u64) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }

    pub fn u128(&mut self, word: u128) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }

    pub fn words(&mut self, words: &[u64]) {
        self.bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    pub fn half_words(&mut self, words: &[u32]) {
        self.bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    /// The whole frame.
    pub fn finish(mut self) -> Vec<u8> {
        let length = (self.bytes.len() - HEADER) as u64;
        self.bytes[HEADER - 8..HEADER].copy_from_slice(&length.to_le_bytes());
        let sum = checksum(&self.bytes);
        self.u64(sum);
        self.bytes
    }
}

/// The payload of a frame, read front to back; whatever is missing or left over is an error of the frame's kind.
#[derive(Clone)]
pub struct Reader<'a> {
    kind: Kind,
    pub id: Hash,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Opens a frame of `kind`. Errors: `BAD_KEY` or `BAD_CIPHERTEXT`, by the kind.
    pub fn open(bytes: &'a [u8], kind: Kind) -> Result<Self> {
        let refuse = |reason: String| Error::new(kind.refusal(), reason);
        let wanted = Kind::name(kind as u16);
        if bytes.len() < HEADER + TRAILER || &bytes[..8] != MAGIC {
            return Err(refuse(format!("{} bytes that are no Blindfit frame; {wanted} is wanted", bytes.len())));
        }
        let version = u16::from_le_bytes([bytes[8], bytes[9]]);
        if version != VERSION {
            return Err(refuse(format!("a frame of version {version}; this runtime reads version {VERSION}")));
        }
        let found = u16::from_le_bytes([bytes[10], bytes[11]]);
        if found != kind as u16 {
            return Err(refuse(format!("a frame with {} where {wanted} is wanted", Kind::name(found))));
        }
        let mut reader = Self { kind, id: [0; 32], rest: &bytes[12..] };
        let reserved = reader.take(4)?;
        reader.id.copy_from_slice(reader.rest.split_at(32).0);
        reader.rest = &reader.rest[32..];
        let length = reader.u64()?;
        let payload = bytes.len() - HEADER - TRAILER;
        if reserved != [0; 4] || length != payload as u64 {
            return Err(refuse(format!("{wanted} of {length} bytes in a frame that holds {payload}: cut or damaged")));
        }
        let (summed, sum) = bytes.split_at(HEADER + payload);
        if sum != checksum(summed).to_le_bytes() {
            return Err(refuse(format!("{wanted} whose checksum does not hold: damaged")));
        }
        reader.rest = &summed[HEADER..];
        Ok(reader)
    }

    /// The error of a payload that does not hold together.
    pub fn refuse(&self, reason: impl Into<String>) -> Error {
        Error::new(self.kind.refusal(), format!("{}: {}", Kind::name(self.kind as u16), reason.into()))
    }

    /// Bytes not read yet.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// Checks that exactly `wanted` bytes are left: done before anything is allocated.
    pub fn expect(&self, wanted: u64) -> Result<()> {
        let left = self.rest.len();
        if left as u64 == wanted {
            Ok(())
        } else {
            Err(self.refuse(format!("{left} bytes of content, {wanted} wanted")))
        }
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        if count > self.rest.len() {
            return Err(self.refuse(format!("{count} bytes wanted where {} are left", self.rest.len())));
        }
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        Ok(taken)
    }

    pub fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH]> {
        let mut array = [0; LENGTH];
        array.copy_from_slice(self.take(LENGTH)?);
        Ok(array)
    }

    pub fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub fn u128(&mut self) -> Result<u128> {
        Ok(u128::from_le_bytes(self.array()?))
    }

    pub fn words(&mut self, count: usize) -> Result<Vec<u64>> {
        let bytes = self.take(count.saturating_mul(8))?;
        Ok(bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }

    pub fn half_words(&mut self, count: usize) -> Result<Vec<u32>> {
        let bytes = self.take(count.saturating_mul(4))?;
        Ok(bytes.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect())
    }
}

/// A sum over 8-byte words in which every step is a bijection: any change inside one word changes it.
pub fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let start = 0x9e37_79b9_7f4a_7c15 ^ bytes.len() as u64;
    let step = |sum: u64, word: &[u8; 8]| {
        (sum ^ u64::from_le_bytes(*word)).wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_left(29)
    };
    words.iter().chain(std::iter::once(&last)).fold(start, step)
}
