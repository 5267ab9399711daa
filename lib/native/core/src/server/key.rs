//! The evaluation key in the form that computes: half keys and bootstrap keys in the Fourier domain.

use crate::error::Result;
use crate::keys::{SeededEvaluationKey, SeededHalfKey, SeededLookupKey, automorphism_exponents, permute};
use crate::parameters::{Gadget, LookupParameters, Parameters};
use crate::random::Seed;
use crate::server::permutation::{Permutation, inverse_exponent};
use crate::server::product::{Rows, store_row};
use crate::server::transform::{Spectrum, c64, zero_spectrum};
use crate::server::workspace::{Workspace, WorkspacePool};
use rayon::prelude::*;

/// Half a GGSW: rows for the digits of a mask only.
pub(super) struct HalfKey {
    rows: Spectrum,
    pub(super) gadget: Gadget,
}

impl HalfKey {
    /// Expands the masks, applies X -> X^exponent to every row, and transforms.
    fn expand(seeded: &SeededHalfKey, gadget: Gadget, exponent: usize, workspace: &mut Workspace) -> Self {
        let size = workspace.size();
        let levels = gadget.level_count as usize;
        let mut rows = zero_spectrum(size, 2 * levels);
        let mut masks = seeded.seed.stream();
        let mut mask = vec![0; size];
        let mut spectrum = zero_spectrum(size, 1);
        for (level, body) in seeded.bodies.chunks_exact(size).enumerate() {
            masks.fill(&mut mask);
            for (part, words) in [&mask[..], body].into_iter().enumerate() {
                workspace.transform.forward_torus(&mut spectrum, &permute(words, exponent), &mut workspace.buffer);
                store_row(&mut rows, levels, level, part, &spectrum);
            }
        }
        Self { rows, gadget }
    }

    pub(super) fn rows(&self) -> Rows<'_> {
        Rows::new(&self.rows, self.gadget.level_count as usize)
    }
}

/// The key of one automorphism X -> X^t.
///
/// The rows are stored under X -> X^(1/t), and the automorphism is applied after the product: the digits of a mask
/// then serve before any permutation of coefficients.
pub(super) struct AutomorphismKey {
    pub(super) key: HalfKey,
    pub(super) permutation: Permutation,
}

/// What a packed query needs.
pub(super) struct PackedKey {
    pub(super) automorphisms: Vec<AutomorphismKey>,
    pub(super) square: HalfKey,
}

/// The keys of one lookup class.
pub struct LookupKey {
    pub(super) parameters: LookupParameters,
    pub(super) size: usize,
    /// For each bit of the large key and level, n mask words and the body word.
    pub(super) keyswitch: Vec<u32>,
    /// For each bit of the small key, the blocked rows of one GGSW.
    pub(super) bootstrap: Spectrum,
}

impl LookupKey {
    fn expand(seeded: &SeededLookupKey, parameters: LookupParameters, workspaces: &WorkspacePool) -> Self {
        let size = workspaces.size();
        Self {
            parameters,
            size,
            keyswitch: expand_keyswitch(seeded.keyswitch_seed, &seeded.keyswitch_bodies, parameters.lwe_dimension),
            bootstrap: expand_ggsw(seeded.bootstrap_seed, &seeded.bootstrap_bodies, parameters.bootstrap, workspaces),
        }
    }

    pub fn parameters(&self) -> &LookupParameters {
        &self.parameters
    }

    /// Blocked rows of the GGSW of bit `index` of the small key.
    pub(super) fn bootstrap_rows(&self, index: usize) -> Rows<'_> {
        let levels = self.parameters.bootstrap.level_count as usize;
        let length = ggsw_values(self.size, levels);
        Rows::new(&self.bootstrap[index * length..][..length], 2 * levels)
    }
}

/// The expanded evaluation key; share it with `Arc`.
pub struct EvaluationKey {
    parameters: Parameters,
    pub(super) packed: Option<PackedKey>,
    lookups: Vec<LookupKey>,
    pub(super) workspaces: WorkspacePool,
}

impl EvaluationKey {
    /// Expands seeds and goes to the Fourier domain, on all threads of the current pool. Errors: `BAD_KEY`.
    pub fn expand(parameters: &Parameters, seeded: &SeededEvaluationKey) -> Result<Self> {
        seeded.validate(parameters)?;
        let size = parameters.polynomial_size();
        let workspaces = WorkspacePool::new(size);
        let packed = parameters.packed.as_ref().zip(seeded.square.as_ref()).map(|(packed, square)| {
            let exponents = automorphism_exponents(parameters);
            let automorphisms = seeded.automorphisms.par_iter().zip(exponents).map(|(key, exponent)| {
                let inverse = inverse_exponent(exponent, size);
                AutomorphismKey {
                    key: HalfKey::expand(key, packed.automorphism, inverse, &mut workspaces.take()),
                    permutation: Permutation::new(exponent, size),
                }
            });
            PackedKey {
                automorphisms: automorphisms.collect(),
                square: HalfKey::expand(square, packed.square, 1, &mut workspaces.take()),
            }
        });
        let classes = seeded.lookups.iter().zip(&parameters.lookups);
        let lookups = classes.map(|(key, &lookup)| LookupKey::expand(key, lookup, &workspaces)).collect();
        Ok(Self { parameters: parameters.clone(), packed, lookups, workspaces })
    }

    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The keys of each lookup class.
    pub fn lookups(&self) -> &[LookupKey] {
        &self.lookups
    }

    /// A workspace for the calling thread, returned to the key's pool when dropped.
    pub fn workspace(&self) -> super::workspace::PooledWorkspace<'_> {
        self.workspaces.take()
    }
}

/// Values of the blocked rows of one GGSW with `levels` levels.
pub(super) fn ggsw_values(size: usize, levels: usize) -> usize {
    size / 2 * 2 * 2 * levels
}

/// Expands seeded GGSW ciphertexts (per level the mask row's body, then the body row's) into blocked rows, one GGSW
/// after the other. Digits are numbered: levels of the mask, then levels of the body.
pub(super) fn expand_ggsw(seed: Seed, bodies: &[u64], gadget: Gadget, workspaces: &WorkspacePool) -> Spectrum {
    let size = workspaces.size();
    let levels = gadget.level_count as usize;
    let words = levels * 2 * size;
    let mut values = zero_spectrum(size, 4 * levels * (bodies.len() / words));
    let ggsws = values.par_chunks_exact_mut(ggsw_values(size, levels)).zip(bodies.par_chunks_exact(words));
    ggsws.enumerate().for_each(|(index, (rows, bodies))| {
        expand_one_ggsw(rows, seed, (index * words * 8) as u64, bodies, levels, &mut workspaces.take());
    });
    values
}

fn expand_one_ggsw(
    rows: &mut [c64],
    seed: Seed,
    offset: u64,
    bodies: &[u64],
    levels: usize,
    workspace: &mut Workspace,
) {
    let mut masks = seed.stream_from(offset);
    for (row, body) in bodies.chunks_exact(workspace.size()).enumerate() {
        // Rows come as (mask row, body row) per level; digits are all levels of the mask, then all of the body.
        let digit = row % 2 * levels + row / 2;
        masks.fill(&mut workspace.mask_words);
        let Workspace { transform, mask_words, mask_sum, buffer, .. } = workspace;
        transform.forward_torus(mask_sum, mask_words, buffer);
        store_row(rows, 2 * levels, digit, 0, mask_sum);
        transform.forward_torus(mask_sum, body, buffer);
        store_row(rows, 2 * levels, digit, 1, mask_sum);
    }
}

fn expand_keyswitch(seed: Seed, bodies: &[u32], dimension: usize) -> Vec<u32> {
    let mut rows = vec![0u32; bodies.len() * (dimension + 1)];
    rows.par_chunks_exact_mut(dimension + 1).zip(bodies).enumerate().with_min_len(64).for_each(|(index, (row, &body))| {
        let (mask, last) = row.split_at_mut(dimension);
        seed.stream_from((index * dimension * 4) as u64).fill_32(mask);
        last[0] = body;
    });
    rows
}
