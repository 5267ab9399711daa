//! Blind rotation of a batch, classic and extended.
//!
//! An accumulator of EF * N coefficients is held as EF GLWE of N: coefficient j is coefficient j / EF of GLWE j mod EF.
//! X^a then moves GLWE (d - a) mod EF to d and multiplies it by X^ceil((a - d) / EF), so each key bit costs EF external
//! products with a key for polynomials of N coefficients (extended bootstrapping, eprint 2024/1403).

use crate::ciphertext::Glwe;
use crate::error::{Error, Result};
use crate::fourier::{Spectrum, c64, zero_spectrum};
use crate::server::bootstrap::Switched;
use crate::server::key::LookupKey;
use crate::server::leveled::rotate_and_subtract;
use crate::server::product::Rows;
use crate::server::workspace::{PooledWorkspace, Workspace};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// The rotating test polynomial.
pub(super) struct Accumulator {
    pub(super) glwes: Vec<Glwe>,
    /// The next state while the current one is still read; unused when EF is 1.
    next: Vec<Glwe>,
}

/// Extension factors from which one accumulator is worth spreading over threads.
const PARALLEL_EXTENSION: usize = 4;

impl Accumulator {
    /// X^-body times the test polynomial, in clear.
    pub(super) fn new(polynomial: &[u64], body: usize, extension: usize) -> Self {
        let big = polynomial.len();
        let size = big / extension;
        let mut glwes = vec![Glwe::zero(size); extension];
        for (residue, glwe) in glwes.iter_mut().enumerate() {
            for (index, word) in glwe.body_mut().iter_mut().enumerate() {
                let source = (index * extension + residue + body) % (2 * big);
                *word = if source < big { polynomial[source] } else { polynomial[source - big].wrapping_neg() };
            }
        }
        let next = if extension == 1 { Vec::new() } else { glwes.clone() };
        Self { glwes, next }
    }
}

/// Multiplies every accumulator by X^(sum of mask exponent * key bit). Errors: `CANCELLED`.
pub(super) fn blind_rotate(
    key: &LookupKey,
    switched: &[Switched],
    accumulators: &mut [Accumulator],
    workspace: &mut Workspace,
    cancel: &AtomicBool,
) -> Result<()> {
    workspace.reserve_digits(2 * key.parameters.bootstrap.level_count as usize);
    // A batch of several is a thread's full share of a layer: the other threads have theirs.
    let split = key.parameters.log2_extension == 0 && accumulators.len() == 1 && rayon::current_num_threads() > 1;
    let mut halves = split.then(|| Halves::new(key));
    for index in 0..key.parameters.lwe_dimension {
        if cancel.load(Ordering::Relaxed) {
            return Err(Error::cancelled());
        }
        let rows = key.bootstrap_rows(index);
        for (accumulator, switched) in accumulators.iter_mut().zip(switched) {
            let exponent = switched.mask[index];
            match &mut halves {
                _ if exponent == 0 => {}
                Some(halves) => halves.step(key, rows, &mut accumulator.glwes[0], exponent),
                None => step(key, rows, accumulator, exponent, workspace),
            }
        }
    }
    Ok(())
}

/// What two threads need to share products: one does the masks, the other the bodies, in the additions and the order of
/// one thread. A half goes over only to a thread that is idle and running. A barrier is no faster, and costs tens of
/// milliseconds as soon as another process has the processor of one of the two.
struct Halves<'a> {
    workspaces: [PooledWorkspace<'a>; 2],
    /// Spectra of the digits of the mask, and of the body.
    digits: [Spectrum; 2],
}

impl<'a> Halves<'a> {
    fn new(key: &'a LookupKey) -> Self {
        let workspaces = [key.workspaces.take(), key.workspaces.take()];
        let values = key.parameters.bootstrap.level_count as usize * workspaces[0].stride();
        Self { workspaces, digits: [zero_spectrum(2, values), zero_spectrum(2, values)] }
    }

    /// [`step`] without extension.
    fn step(&mut self, key: &LookupKey, rows: Rows<'_, 2>, glwe: &mut Glwe, exponent: usize) {
        let (gadget, exponent) = (key.parameters.bootstrap, exponent % (2 * key.size));
        let (mask, body) = glwe.parts_mut();
        let Self { workspaces: [first, second], digits: [mask_digits, body_digits] } = self;
        let decompose = |workspace: &mut Workspace, digits: &mut [c64], polynomial: &[u64]| {
            rotate_and_subtract(&mut workspace.mask_words, polynomial, exponent, polynomial);
            workspace.decompose_into(digits, gadget);
        };
        rayon::join(|| decompose(first, mask_digits, mask), || decompose(second, body_digits, body));
        let digits = [&**mask_digits, &**body_digits];
        let add = |workspace: &mut Workspace, polynomial: &mut [u64], part: usize| {
            workspace.multiply_part(digits, rows, part);
            let Workspace { transform, buffer, mask_sum, .. } = workspace;
            transform.backward_add(polynomial, mask_sum, buffer);
        };
        rayon::join(|| add(first, mask, 0), || add(second, body, 1));
    }
}

/// `accumulator += bit * (X^exponent - 1) * accumulator` for the encrypted bit of `rows`.
fn step(key: &LookupKey, rows: Rows<'_, 2>, accumulator: &mut Accumulator, exponent: usize, workspace: &mut Workspace) {
    let extension = accumulator.glwes.len();
    if extension == 1 {
        let glwe = &mut accumulator.glwes[0];
        rotate_difference(workspace, glwe, exponent % (2 * key.size), glwe);
        add_product(glwe, key, rows, workspace);
        return;
    }
    let Accumulator { glwes, next } = accumulator;
    let size = key.size;
    let one = |(target, out): (usize, &mut Glwe), workspace: &mut Workspace| {
        let source = (target + 2 * size * extension - exponent) % extension;
        let rotation = (extension + exponent - 1 - target) / extension % (2 * size);
        rotate_difference(workspace, &glwes[source], rotation, &glwes[target]);
        out.copy_from(&glwes[target]);
        add_product(out, key, rows, workspace);
    };
    if extension >= PARALLEL_EXTENSION && rayon::current_num_threads() > 1 {
        next.par_iter_mut().enumerate().for_each(|job| one(job, &mut key.workspaces.take()));
    } else {
        next.iter_mut().enumerate().for_each(|job| one(job, workspace));
    }
    std::mem::swap(glwes, next);
}

/// Leaves `X^rotation * source - target` in the workspace.
fn rotate_difference(workspace: &mut Workspace, source: &Glwe, rotation: usize, target: &Glwe) {
    let Workspace { mask_words, body_words, .. } = workspace;
    rotate_and_subtract(mask_words, source.mask(), rotation, target.mask());
    rotate_and_subtract(body_words, source.body(), rotation, target.body());
}

/// `out += difference * rows` for the difference in the workspace.
fn add_product(out: &mut Glwe, key: &LookupKey, rows: Rows<'_, 2>, workspace: &mut Workspace) {
    let gadget = key.parameters.bootstrap;
    workspace.reserve_digits(2 * gadget.level_count as usize);
    let (mask, body) = (std::mem::take(&mut workspace.mask_words), std::mem::take(&mut workspace.body_words));
    workspace.decompose(&mask, gadget, 0, 2);
    workspace.decompose(&body, gadget, 1, 2);
    (workspace.mask_words, workspace.body_words) = (mask, body);
    workspace.multiply(rows, 0);
    let (mask, body) = out.parts_mut();
    let Workspace { transform, buffer, mask_sum, body_sum, .. } = workspace;
    transform.backward_add(mask, mask_sum, buffer);
    transform.backward_add(body, body_sum, buffer);
}
