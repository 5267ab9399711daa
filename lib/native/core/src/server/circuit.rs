//! Circuit bootstrapping: a computed bit becomes a GGSW ciphertext, which a CMUX takes like a bit of the query.
//!
//! 1. One blind rotation for all levels. The phase of the input is b * q/2, which turns the test polynomial by half a turn
//!    and so changes its sign: there is no padding bit, and one rotation has room for a group of 2^v different constants
//!    side by side (the modulus switch gives multiples of 2^v). They are minus the halves of the gadget's levels; the
//!    halves added back, coefficient N/2 + j of the rotated polynomial is b * q / B^(j + 1).
//! 2. Each of them to the constant coefficient of a GLWE whose others are zero: the trace, which is the sum over all
//!    automorphisms, makes the others vanish and the constant one N times as large. So the words are divided by N first,
//!    rounding; the multiples of q / N that this adds to the phase become multiples of q.
//! 3. That GLWE is a body row; a keyswitch with the key of s^2 makes the mask row, as for bits of a query.
//!
//! The scheme is that of eprint 2024/1318; the groups are PBSmanyLUT of eprint 2021/729.

use crate::ciphertext::{Glwe, Lwe};
use crate::error::{Error, ErrorCode, Result, check_size};
use crate::fourier::c64;
use crate::parameters::CircuitParameters;
use crate::server::bits::{BitRegisters, store_level};
use crate::server::bootstrap::{Switched, switch_modulus_centered};
use crate::server::expand::trace;
use crate::server::key::{RowKeys, level_values};
use crate::server::keyswitch::keyswitch;
use crate::server::leveled::{extract, rotate};
use crate::server::rotation::{Accumulator, blind_rotate};
use crate::server::{EvaluationKey, Workspace};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// One bit of a batch.
#[derive(Clone, Copy)]
pub struct CircuitItem<'a> {
    /// The bit b as an LWE of phase b * 2^63 under the large key.
    pub input: &'a Lwe,
    /// Whether b is also wanted as an LWE, of phase b * 2^scale with a scale of 1 to 63.
    pub output_scale: Option<u32>,
}

/// What becomes of one bit.
pub struct CircuitBit {
    /// The GGSW ciphertext: one bit under the gadget of the circuit parameters.
    pub bit: BitRegisters,
    pub output: Option<Lwe>,
}

/// Bootstraps a batch of bits to GGSW ciphertexts (up to 16 share the key's way through the caches). The rotations are
/// done on this thread, the rest on all threads of the current pool. Checks `cancel` between key steps. Errors: `BAD_KEY`
/// when the key has no circuit part, `INTERNAL` for sizes, `CANCELLED`.
pub fn circuit_bootstrap_batch(
    key: &EvaluationKey,
    items: &[CircuitItem<'_>],
    workspace: &mut Workspace,
    cancel: &AtomicBool,
) -> Result<Vec<CircuitBit>> {
    let parameters = key.parameters().circuit.zip(key.circuit.as_ref());
    let (circuit, rows) =
        parameters.ok_or_else(|| Error::new(ErrorCode::BadKey, "the evaluation key has no circuit part"))?;
    let size = key.parameters().polynomial_size();
    check_size(ErrorCode::Internal, "workspace size", workspace.size(), size)?;
    items.iter().try_for_each(|item| check_item(item, size))?;

    let accumulators = rotate_all(key, &circuit, items, workspace, cancel)?;
    let values = circuit.gadget.level_count as usize * level_values(size);
    let mut bits: Vec<_> = items.iter().map(|_| key.recycler.spectrum(values)).collect();
    bits.par_iter_mut().zip(&accumulators).for_each(|(levels, accumulator)| {
        let rotated = &accumulator.glwes[0];
        levels.par_chunks_exact_mut(level_values(size)).enumerate().for_each(|(index, level)| {
            make_level(level, rotated, index, half(&circuit, index), key, rows, cancel);
        });
    });
    if cancel.load(Ordering::Relaxed) {
        return Err(Error::cancelled());
    }
    let finish = |((item, accumulator), values): ((&CircuitItem, &Accumulator), _)| {
        let output = item.output_scale.map(|scale| output(&circuit, &accumulator.glwes[0], scale)).transpose()?;
        Ok(CircuitBit { bit: BitRegisters::new(values, circuit.gadget, size, 1), output })
    };
    items.iter().zip(&accumulators).zip(bits).map(finish).collect()
}

fn check_item(item: &CircuitItem<'_>, size: usize) -> Result<()> {
    check_size(ErrorCode::Internal, "LWE dimension of a circuit bootstrap", item.input.dimension(), size)?;
    match item.output_scale {
        None | Some(1..=63) => Ok(()),
        Some(scale) => Err(Error::new(ErrorCode::Internal, format!("scale 2^{scale} of a circuit bootstrap"))),
    }
}

/// Keyswitch, modulus switch to multiples of 2^v, and blind rotation of each item's constants.
fn rotate_all(
    key: &EvaluationKey,
    circuit: &CircuitParameters,
    items: &[CircuitItem<'_>],
    workspace: &mut Workspace,
    cancel: &AtomicBool,
) -> Result<Vec<Accumulator>> {
    let lookup = &key.lookups()[circuit.lookup as usize];
    let size = key.parameters().polynomial_size();
    let group = circuit.log2_group();
    let inputs: Vec<&Lwe> = items.iter().map(|item| item.input).collect();
    let switch = |words: &Vec<u32>| {
        let Switched { mut mask, body } = switch_modulus_centered(words, (size.trailing_zeros() + 1 - group) as usize);
        mask.iter_mut().for_each(|exponent| *exponent <<= group);
        Switched { mask, body: body << group }
    };
    let switched: Vec<Switched> = keyswitch(lookup, &inputs).iter().map(switch).collect();
    let start = |(item, switched): (&CircuitItem, &Switched)| {
        let levels = (0..circuit.gadget.level_count as usize).map(|index| half(circuit, index));
        let mut constants: Vec<u64> = levels.chain(item.output_scale.map(|scale| 1 << (scale - 1))).collect();
        constants.resize(1 << group, 0);
        let polynomial: Vec<u64> = constants.iter().map(|half| half.wrapping_neg()).cycle().take(size).collect();
        Accumulator::new(&polynomial, switched.body, 1)
    };
    let mut accumulators: Vec<Accumulator> = items.iter().zip(&switched).map(start).collect();
    blind_rotate(lookup, &switched, &mut accumulators, workspace, cancel)?;
    Ok(accumulators)
}

/// Half of level `index` (0 is the most significant) of the gadget, as a torus word.
fn half(circuit: &CircuitParameters, index: usize) -> u64 {
    1 << (63 - circuit.gadget.base_log * (index as u32 + 1))
}

/// Level `index` of a GGSW from the rotated polynomial; any content once cancelled.
fn make_level(
    level: &mut [c64],
    rotated: &Glwe,
    index: usize,
    half: u64,
    key: &EvaluationKey,
    rows: &RowKeys,
    cancel: &AtomicBool,
) {
    let size = rotated.size();
    let mut glwe = key.recycler.words(2 * size);
    let (mask, body) = glwe.split_at_mut(size);
    // X^-(N/2 + index): what is wanted becomes the constant coefficient.
    let exponent = 2 * size - (size / 2 + index);
    rotate(mask, rotated.mask(), exponent);
    rotate(body, rotated.body(), exponent);
    body[0] = body[0].wrapping_add(half);
    for word in mask.iter_mut().chain(body) {
        *word = ((*word as i64).wrapping_add(size as i64 / 2) >> size.trailing_zeros()) as u64;
    }
    let mut workspace = key.workspaces.take();
    trace(&mut glwe, &rows.automorphisms, &mut workspace, cancel);
    let (mask, body) = glwe.split_at(size);
    store_level(level, mask, body, &rows.square, &mut workspace);
}

/// The bit itself as an LWE: the constant after those of the levels.
fn output(circuit: &CircuitParameters, rotated: &Glwe, scale: u32) -> Result<Lwe> {
    let mut lwe = Lwe::zero(rotated.size());
    extract(&mut lwe, rotated, rotated.size() / 2 + circuit.gadget.level_count as usize)?;
    let body = lwe.parts_mut().1;
    *body = body.wrapping_add(1 << (scale - 1));
    Ok(lwe)
}
