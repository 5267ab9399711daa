//! The client's half of a program: rows of integers become a query, a reply becomes rows of integers.

use super::Program;
use super::format::{Encoding, InputBit, InputRange, Part, PlacedSlot, Query, Reply, linear_positions};
use crate::ciphertext::Seeded;
use crate::client::{Encryptor, decode, encrypt_small, glwe_phase, lwe_phase};
use crate::error::{Error, ErrorCode, Result};
use crate::random::SeedSource;
use crate::room::check_room;
use crate::wire::{ClientKey, check_key_id, read_reply, write_query};

/// A secret key prepared for the work of a client.
pub struct Client {
    pub key: ClientKey,
    encryptor: Encryptor,
}

impl Client {
    pub fn new(key: ClientKey) -> Self {
        let encryptor = Encryptor::new(&key.secret.glwe);
        Self { key, encryptor }
    }

    /// Encrypts `rows` rows, row after row one value per input, as a query.
    /// Errors: `OUT_OF_RANGE` when a value is no integer of its input's range, `WRONG_KEY` when the key was made for
    /// other parameters, `RANDOMNESS_UNAVAILABLE`.
    pub fn encrypt(&self, program: &Program, values: &[f64], rows: u64, seeds: &mut dyn SeedSource) -> Result<Vec<u8>> {
        self.key.check(program)?;
        let inputs = program.description.inputs.len();
        if values.len() as u64 != rows.saturating_mul(inputs as u64) {
            let given = values.len();
            return Err(out_of_range(format!("{given} values are not {rows} rows of {inputs} inputs")));
        }
        let values = check_values(&program.description.inputs, values)?;
        let full = program.description.rows_per_query as usize;
        let clear = |(index, value): (usize, &i64)| program.description.inputs[index % inputs].clear.then_some(*value);
        let clear = values.iter().enumerate().filter_map(clear);
        write_query(program, &self.key.id, rows, clear, |group| {
            let start = group as usize * full * inputs;
            let end = values.len().min(start + full * inputs);
            let sections = program.description.queries.iter().zip(&program.sections.encrypted);
            let travelling = sections.filter(|(_, encrypted)| **encrypted > 0);
            travelling.map(|(section, _)| self.encrypt_section(program, section, &values[start..end], seeds)).collect()
        })
    }

    /// One section of a group of rows, without what it says of clear inputs.
    fn encrypt_section(
        &self,
        program: &Program,
        section: &Query,
        values: &[i64],
        seeds: &mut dyn SeedSource,
    ) -> Result<Seeded> {
        let description = &program.description;
        match section {
            Query::Linear { row_stride, whole, slots } => {
                let rows = values.chunks(description.inputs.len().max(1));
                let size = program.parameters().polynomial_size();
                let positions = linear_positions(size, *row_stride, *whole, slots, rows.len());
                let mut plaintexts = vec![0; positions.len()];
                for (row, values) in rows.enumerate() {
                    for (index, PlacedSlot { slot, position }) in slots.iter().enumerate() {
                        let coefficient = *position as usize + row * *row_stride as usize;
                        let at = if *whole { coefficient } else { row * slots.len() + index };
                        plaintexts[at] = slot.encode(values[slot.input as usize]);
                    }
                }
                self.encryptor.encrypt_linear(&positions, &plaintexts, seeds)
            }
            Query::Bits { encoding, bits } => {
                let bit = |InputBit { input, bit }: &InputBit| {
                    let range = description.inputs[*input as usize];
                    (!range.clear).then(|| range.bit(values[*input as usize], *bit))
                };
                let bits: Vec<bool> = bits.iter().filter_map(bit).collect();
                let parameters = program.parameters();
                match (encoding, &parameters.packed, parameters.unpacked) {
                    (Encoding::Packed, Some(packed), _) => self.encryptor.encrypt_packed(packed, &bits, seeds),
                    (Encoding::Unpacked, _, Some(gadget)) => self.encryptor.encrypt_unpacked(gadget, &bits, seeds),
                    _ => Err(Error::new(ErrorCode::Internal, "a bits section without its parameters")),
                }
            }
            Query::Lwe { lookup, slots } => {
                let encrypted = slots.iter().filter(|slot| !description.inputs[slot.input as usize].clear);
                let plaintexts: Vec<u64> = encrypted.map(|slot| slot.encode(values[slot.input as usize])).collect();
                encrypt_small(&self.key.secret.lookups[*lookup as usize], &plaintexts, seeds)
            }
        }
    }

    /// Decrypts a reply: row after row one value per output.
    /// Errors: `BAD_CIPHERTEXT`, `WRONG_PROGRAM`, `WRONG_KEY`, and `DECRYPTION_FAILED` when a value is out of its range.
    pub fn decrypt(&self, program: &Program, reply: &[u8]) -> Result<Vec<f64>> {
        self.key.check(program)?;
        let message = read_reply(program, reply)?;
        check_key_id(&message.key, &self.key.id, "reply")?;
        let description = &program.description;
        let count = message.rows as usize * description.outputs.len();
        check_room(8 * count as u64, "the decrypted reply")?;
        let mut values = Vec::with_capacity(count);
        let mut parts = vec![0.0; description.parts.len()];
        for group in 0..program.groups(message.rows) {
            let ciphertexts = message.group(program, group);
            for row in 0..program.rows_in_group(message.rows, group) as usize {
                let mut wanted = description.parts.iter().zip(&mut parts);
                for (section, ciphertext) in description.replies.iter().zip(&ciphertexts) {
                    let key = &self.key.secret.glwe;
                    match section {
                        Reply::Glwe { row_stride, positions, .. } => {
                            let bodies = &ciphertext.bodies[row * positions.len()..];
                            for (position, body) in positions.iter().zip(bodies) {
                                let position = *position as usize + row * *row_stride as usize;
                                store(wanted.next(), glwe_phase(key, &ciphertext.mask, *body, position)?)?;
                            }
                        }
                        Reply::Lwe { .. } => {
                            store(wanted.next(), lwe_phase(key, &ciphertext.mask, ciphertext.bodies[0])?)?;
                        }
                    }
                }
                values.extend(description.outputs.iter().map(|output| {
                    let weighted = output.parts.iter().map(|(part, weight)| parts[*part as usize] * *weight as f64);
                    weighted.sum::<f64>() + output.offset as f64
                }));
            }
        }
        Ok(values)
    }
}

/// Decodes a phase into the value of its part.
fn store(wanted: Option<(&Part, &mut f64)>, phase: u64) -> Result<()> {
    let (part, value) = wanted.ok_or_else(|| Error::new(ErrorCode::Internal, "more ciphertexts than parts"))?;
    *value = decode(phase, part.scale_log, part.min as f64, part.max as f64)?;
    Ok(())
}

/// The values as integers, each inside its input's range.
fn check_values(inputs: &[InputRange], values: &[f64]) -> Result<Vec<i64>> {
    let check = |(index, value): (usize, &f64)| {
        let (row, input) = (index / inputs.len(), index % inputs.len());
        let InputRange { min, max, .. } = inputs[input];
        if value.fract() == 0.0 && (min as f64..=max as f64).contains(value) {
            return Ok(*value as i64);
        }
        let allowed = format!("the integers from {min} to {max}");
        Err(out_of_range(format!("input {input} of row {row} is {value}; allowed are {allowed}")))
    };
    values.iter().enumerate().map(check).collect()
}

fn out_of_range(reason: String) -> Error {
    Error::new(ErrorCode::OutOfRange, reason)
}
