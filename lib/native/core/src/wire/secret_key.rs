//! The secret key as bytes: its name, then one bit for each key bit.

use super::{KeyId, check_key_hash};
use crate::error::{Error, ErrorCode, Result};
use crate::frame::{Kind, Reader, Writer};
use crate::keys::{BinaryKey, SecretKey};
use crate::program::{Hash, Program};
use crate::random::SeedSource;

/// A secret key, its public name, and the parameters that it was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKey {
    pub id: KeyId,
    pub key_hash: Hash,
    pub secret: SecretKey,
}

impl ClientKey {
    /// Fresh keys for `program`. Errors: `RANDOMNESS_UNAVAILABLE`.
    pub fn generate(program: &Program, seeds: &mut dyn SeedSource) -> Result<Self> {
        let secret = SecretKey::generate(program.parameters(), seeds)?;
        // From its own seed: the name says nothing about the key.
        Ok(Self { id: seeds.seed()?.0.to_le_bytes(), key_hash: program.key_hash, secret })
    }

    /// A key may be used with every program of its parameters, and no other. Errors: `WRONG_KEY`.
    pub fn check(&self, program: &Program) -> Result<()> {
        if self.key_hash == program.key_hash {
            return Ok(());
        }
        let reason = "this secret key was made for other parameters than the program's";
        Err(Error::new(ErrorCode::WrongKey, reason))
    }
}

/// The frame of a secret key: name, GLWE bits, bits of each small key; each key fills whole bytes.
/// Errors: `WRONG_KEY` when the key was made for other parameters.
pub fn write_secret_key(program: &Program, key: &ClientKey) -> Result<Vec<u8>> {
    key.check(program)?;
    let mut writer = Writer::new(Kind::SecretKey, &program.key_hash, payload_bytes(program))?;
    writer.bytes(&key.id);
    for part in std::iter::once(&key.secret.glwe).chain(&key.secret.lookups) {
        let byte = |bits: &[u64]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | *bit as u8);
        part.bits().chunks(8).for_each(|bits| writer.bytes(&[byte(bits)]));
    }
    Ok(writer.finish())
}

/// Reads a secret key. Errors: `BAD_KEY`, and `WRONG_KEY` when it was made for other parameters.
pub fn read_secret_key(program: &Program, bytes: &[u8]) -> Result<ClientKey> {
    let mut reader = Reader::open(bytes, Kind::SecretKey)?;
    check_key_hash(&reader, &program.key_hash)?;
    reader.expect(payload_bytes(program) as u64)?;
    let id = reader.array()?;
    let mut keys = lengths(program).map(|length| read_bits(&mut reader, length));
    let missing = || Error::new(ErrorCode::Internal, "a program without a GLWE key");
    let glwe = keys.next().ok_or_else(missing)??;
    let lookups = keys.collect::<Result<_>>()?;
    Ok(ClientKey { id, key_hash: program.key_hash, secret: SecretKey { glwe, lookups } })
}

fn read_bits(reader: &mut Reader, length: usize) -> Result<BinaryKey> {
    let bytes = reader.take(length.div_ceil(8))?;
    let padding = (!length.is_multiple_of(8)).then(|| bytes[bytes.len() - 1] >> (length % 8));
    if padding.unwrap_or(0) != 0 {
        return Err(reader.refuse("bits beyond the end of a key"));
    }
    BinaryKey::from_bits((0..length).map(|index| u64::from(bytes[index / 8] >> (index % 8) & 1)).collect())
}

/// Bits of each key: GLWE first, then the small ones.
fn lengths(program: &Program) -> impl Iterator<Item = usize> + '_ {
    let parameters = program.parameters();
    std::iter::once(parameters.polynomial_size()).chain(parameters.lookups.iter().map(|lookup| lookup.lwe_dimension))
}

fn payload_bytes(program: &Program) -> usize {
    16 + lengths(program).map(|length| length.div_ceil(8)).sum::<usize>()
}
