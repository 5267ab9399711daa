//! The evaluation key as bytes, in its seeded form.

use super::{KeyId, check_key_hash};
use crate::error::Result;
use crate::frame::{Kind, Reader, Writer};
use crate::keys::{SeededEvaluationKey, SeededHalfKey, SeededLookupKey, SeededRowKeySizes, SeededRowKeys};
use crate::program::Program;
use crate::random::Seed;

/// A seeded evaluation key and the name of the secret key behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluationKeyMessage {
    pub id: KeyId,
    pub key: SeededEvaluationKey,
}

/// The frame of an evaluation key: name, row keys of packed queries and of circuit bootstrapping (automorphism keys, then
/// the s^2 key), lookup keys; a seed before each part's bodies.
pub fn write_evaluation_key(program: &Program, message: &EvaluationKeyMessage) -> Result<Vec<u8>> {
    let payload = payload_bytes(program) as usize;
    let mut writer = Writer::new(Kind::EvaluationKey, &program.key_hash, payload)?;
    writer.bytes(&message.id);
    for keys in message.key.packed.iter().chain(&message.key.circuit) {
        for half in keys.automorphisms.iter().chain([&keys.square]) {
            writer.u128(half.seed.0);
            writer.words(&half.bodies);
        }
    }
    for lookup in &message.key.lookups {
        writer.u128(lookup.keyswitch_seed.0);
        writer.half_words(&lookup.keyswitch_bodies);
        writer.u128(lookup.bootstrap_seed.0);
        writer.words(&lookup.bootstrap_bodies);
    }
    Ok(writer.finish())
}

/// Reads an evaluation key. Errors: `BAD_KEY`, and `WRONG_KEY` when it was made for other parameters.
pub fn read_evaluation_key(program: &Program, bytes: &[u8]) -> Result<EvaluationKeyMessage> {
    let mut reader = Reader::open(bytes, Kind::EvaluationKey)?;
    check_key_hash(&reader, &program.key_hash)?;
    reader.expect(payload_bytes(program))?;
    let sizes = SeededEvaluationKey::sizes(program.parameters());
    let id = reader.array()?;
    let mut half = |words: usize| -> Result<SeededHalfKey> {
        Ok(SeededHalfKey { seed: Seed(reader.u128()?), bodies: reader.words(words)? })
    };
    let mut row_keys = |sizes: SeededRowKeySizes| -> Result<SeededRowKeys> {
        let automorphisms = (0..sizes.automorphism_count).map(|_| half(sizes.automorphism_words));
        Ok(SeededRowKeys { automorphisms: automorphisms.collect::<Result<_>>()?, square: half(sizes.square_words)? })
    };
    let packed = sizes.packed.map(&mut row_keys).transpose()?;
    let circuit = sizes.circuit.map(&mut row_keys).transpose()?;
    let lookup = |&(keyswitch, bootstrap): &(usize, usize)| -> Result<SeededLookupKey> {
        Ok(SeededLookupKey {
            keyswitch_seed: Seed(reader.u128()?),
            keyswitch_bodies: reader.half_words(keyswitch)?,
            bootstrap_seed: Seed(reader.u128()?),
            bootstrap_bodies: reader.words(bootstrap)?,
        })
    };
    let lookups = sizes.lookups.iter().map(lookup).collect::<Result<_>>()?;
    Ok(EvaluationKeyMessage { id, key: SeededEvaluationKey { packed, circuit, lookups } })
}

/// Bytes that the parameters prescribe; they are bounded, so nothing overflows.
fn payload_bytes(program: &Program) -> u64 {
    let sizes = SeededEvaluationKey::sizes(program.parameters());
    let half = |words: usize| 16 + 8 * words as u64;
    let lookups = sizes.lookups.iter().map(|(keyswitch, bootstrap)| 32 + 4 * *keyswitch as u64 + 8 * *bootstrap as u64);
    let row_keys = sizes
        .packed
        .iter()
        .chain(&sizes.circuit)
        .map(|sizes| sizes.automorphism_count as u64 * half(sizes.automorphism_words) + half(sizes.square_words));
    16 + row_keys.sum::<u64>() + lookups.sum::<u64>()
}
