//! The evaluation key in the form that computes: half keys and bootstrap keys in the Fourier domain.

use crate::error::Result;
use crate::fourier::{Spectrum, Transform, c64, zero_spectrum};
use crate::keys::{
    SeededEvaluationKey, SeededHalfKey, SeededLookupKey, SeededRowKeys, automorphism_exponents, permute,
};
use crate::parameters::{Gadget, LookupParameters, Parameters, RowKeyParameters};
use crate::program::key_bytes;
use crate::random::Seed;
use crate::room::check_room;
use crate::server::permutation::{Permutation, inverse_exponent};
use crate::server::product::{Rows, store_row};
use crate::server::recycle::Recycler;
use crate::server::workspace::{PooledWorkspace, Workspace, WorkspacePool};
use dyn_stack::PodBuffer;
use rayon::prelude::*;
use std::sync::Arc;

/// The key of s^2: half a GGSW, rows for the digits of a mask only.
pub(super) struct SquareKey {
    rows: Spectrum,
    pub(super) gadget: Gadget,
}

impl SquareKey {
    pub(super) fn expand(seeded: &SeededHalfKey, gadget: Gadget, workspace: &mut Workspace) -> Self {
        let levels = gadget.level_count as usize;
        let mut rows = zero_spectrum(workspace.size(), 2 * levels);
        expand_half_key(seeded, workspace, |level, mask, body, transform, spectrum, buffer| {
            for (part, words) in [mask, body].into_iter().enumerate() {
                transform.forward_torus(spectrum, words, buffer);
                store_row::<2>(&mut rows, levels, level, part, spectrum);
            }
        });
        Self { rows, gadget }
    }

    pub(super) fn rows(&self) -> Rows<'_, 2> {
        Rows { values: &self.rows, width: self.gadget.level_count as usize }
    }
}

/// The key of one automorphism X -> X^t.
///
/// The rows are stored under X -> X^(1/t), and the automorphism is applied after the product: the digits of a mask
/// then serve before any permutation of coefficients.
///
/// Masks are split in two parts whose products do not round together. The rounding error d of one f64 product would add
/// d * s to the phase, which is harmless, and then d * s^2 to a mask row of a GGSW, which is not: s^2 has coefficients
/// up to N / 4, and d * s^2 has the variance N^3 / 48 of d's, a hundred times what independent noise of the size of
/// d * s would give, and more than all else together.
pub(super) struct AutomorphismKey {
    rows: Spectrum,
    pub(super) gadget: Gadget,
    pub(super) permutation: Permutation,
}

impl AutomorphismKey {
    pub(super) fn expand(seeded: &SeededHalfKey, gadget: Gadget, exponent: usize, workspace: &mut Workspace) -> Self {
        let size = workspace.size();
        let inverse = inverse_exponent(exponent, size);
        let levels = gadget.level_count as usize;
        let mut rows = zero_spectrum(size, 3 * levels);
        expand_half_key(seeded, workspace, |level, mask, body, transform, spectrum, buffer| {
            let (mask, body) = (permute(mask, inverse), permute(body, inverse));
            transform.forward_coarse(spectrum, &mask, buffer);
            store_row::<3>(&mut rows, levels, level, 0, spectrum);
            transform.forward_fine(spectrum, &mask, buffer);
            store_row::<3>(&mut rows, levels, level, 1, spectrum);
            transform.forward_torus(spectrum, &body, buffer);
            store_row::<3>(&mut rows, levels, level, 2, spectrum);
        });
        Self { rows, gadget, permutation: Permutation::new(exponent, size) }
    }

    pub(super) fn rows(&self) -> Rows<'_, 3> {
        Rows { values: &self.rows, width: self.gadget.level_count as usize }
    }
}

/// Calls `store(level, mask, body, ...)` for every row of a seeded half key.
fn expand_half_key(
    seeded: &SeededHalfKey,
    workspace: &mut Workspace,
    mut store: impl FnMut(usize, &[u64], &[u64], &Transform, &mut [c64], &mut PodBuffer),
) {
    let mut masks = seeded.seed.stream();
    let Workspace { transform, mask_words, spectrum, buffer, .. } = workspace;
    for (level, body) in seeded.bodies.chunks_exact(mask_words.len()).enumerate() {
        masks.fill(mask_words);
        store(level, mask_words, body, transform, spectrum, buffer);
    }
}

/// The keys that make the rows of GGSW bits.
pub(super) struct RowKeys {
    pub(super) automorphisms: Vec<AutomorphismKey>,
    pub(super) square: SquareKey,
}

impl RowKeys {
    fn expand(seeded: &SeededRowKeys, parameters: RowKeyParameters, workspaces: &WorkspacePool) -> Self {
        let exponents: Vec<_> = automorphism_exponents(workspaces.size(), parameters.log2_coefficients).collect();
        let automorphisms = seeded.automorphisms.par_iter().zip(exponents).map(|(key, exponent)| {
            AutomorphismKey::expand(key, parameters.automorphism, exponent, &mut workspaces.take())
        });
        Self {
            automorphisms: automorphisms.collect(),
            square: SquareKey::expand(&seeded.square, parameters.square, &mut workspaces.take()),
        }
    }
}

/// The keys of one lookup class.
pub struct LookupKey {
    pub(super) parameters: LookupParameters,
    pub(super) size: usize,
    /// For each bit of the large key and level, n mask words and the body word.
    pub(super) keyswitch: Vec<u32>,
    /// For each bit of the small key and level, a group of rows.
    pub(super) bootstrap: Spectrum,
    /// Workspaces for rotations that are spread over threads.
    pub(super) workspaces: Arc<WorkspacePool>,
}

impl LookupKey {
    fn expand(seeded: &SeededLookupKey, parameters: LookupParameters, workspaces: &Arc<WorkspacePool>) -> Self {
        let size = workspaces.size();
        let mut bootstrap = zero_spectrum(size, 2 * seeded.bootstrap_bodies.len() / size);
        expand_ggsw(&mut bootstrap, seeded.bootstrap_seed, &seeded.bootstrap_bodies, workspaces);
        Self {
            parameters,
            size,
            keyswitch: expand_keyswitch(seeded.keyswitch_seed, &seeded.keyswitch_bodies, parameters.lwe_dimension),
            bootstrap,
            workspaces: Arc::clone(workspaces),
        }
    }

    pub fn parameters(&self) -> &LookupParameters {
        &self.parameters
    }

    /// Rows of the GGSW of bit `index` of the small key.
    pub(super) fn bootstrap_rows(&self, index: usize) -> Rows<'_, 2> {
        ggsw_rows(&self.bootstrap, self.size, self.parameters.bootstrap, index)
    }
}

/// The expanded evaluation key; share it with `Arc`.
pub struct EvaluationKey {
    parameters: Parameters,
    pub(super) packed: Option<RowKeys>,
    pub(super) circuit: Option<RowKeys>,
    lookups: Vec<LookupKey>,
    pub(super) workspaces: Arc<WorkspacePool>,
    pub(super) recycler: Arc<Recycler>,
}

impl EvaluationKey {
    /// Expands seeds and goes to the Fourier domain, on all threads of the current pool. Errors: `BAD_KEY`, and
    /// `OUT_OF_RANGE` when memory does not suffice.
    pub fn expand(parameters: &Parameters, seeded: &SeededEvaluationKey) -> Result<Self> {
        seeded.validate(parameters)?;
        check_room(key_bytes(parameters), "an expanded evaluation key")?;
        let size = parameters.polynomial_size();
        let workspaces = Arc::new(WorkspacePool::new(size));
        let row_keys = |seeded: &Option<SeededRowKeys>, rows: Option<RowKeyParameters>| {
            seeded.as_ref().zip(rows).map(|(seeded, rows)| RowKeys::expand(seeded, rows, &workspaces))
        };
        let packed = row_keys(&seeded.packed, parameters.packed_rows());
        let circuit = row_keys(&seeded.circuit, parameters.circuit_rows());
        let classes = seeded.lookups.iter().zip(&parameters.lookups);
        let lookups = classes.map(|(key, &lookup)| LookupKey::expand(key, lookup, &workspaces)).collect();
        Ok(Self { parameters: parameters.clone(), packed, circuit, lookups, workspaces, recycler: Arc::default() })
    }

    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The keys of each lookup class.
    pub fn lookups(&self) -> &[LookupKey] {
        &self.lookups
    }

    /// A workspace for the calling thread, returned to the key's pool when dropped.
    pub fn workspace(&self) -> PooledWorkspace<'_> {
        self.workspaces.take()
    }
}

/// Values of one level of a GGSW: a group of two digits, the mask's and the body's.
pub(super) fn level_values(size: usize) -> usize {
    size / 2 * 4
}

/// Rows of GGSW `index` among GGSW ciphertexts stored one after the other.
pub(super) fn ggsw_rows(values: &[c64], size: usize, gadget: Gadget, index: usize) -> Rows<'_, 2> {
    let length = gadget.level_count as usize * level_values(size);
    Rows { values: &values[index * length..][..length], width: 2 }
}

/// Expands seeded GGSW levels (per level the mask row's body, then the body row's) into groups of rows.
pub(super) fn expand_ggsw(values: &mut [c64], seed: Seed, bodies: &[u64], workspaces: &WorkspacePool) {
    let size = workspaces.size();
    let levels = values.par_chunks_exact_mut(level_values(size)).zip(bodies.par_chunks_exact(2 * size));
    levels.enumerate().for_each(|(index, (group, bodies))| {
        let mut workspace = workspaces.take();
        let mut masks = seed.stream_from((index * 2 * size * 8) as u64);
        for (digit, body) in bodies.chunks_exact(size).enumerate() {
            let Workspace { transform, mask_words, spectrum, buffer, .. } = &mut *workspace;
            masks.fill(mask_words);
            transform.forward_torus(spectrum, mask_words, buffer);
            store_row::<2>(group, 2, digit, 0, spectrum);
            transform.forward_torus(spectrum, body, buffer);
            store_row::<2>(group, 2, digit, 1, spectrum);
        }
    });
}

fn expand_keyswitch(seed: Seed, bodies: &[u32], dimension: usize) -> Vec<u32> {
    let mut rows = vec![0u32; bodies.len() * (dimension + 1)];
    rows.par_chunks_exact_mut(dimension + 1).zip(bodies).enumerate().with_min_len(64).for_each(
        |(index, (row, &body))| {
            let (mask, last) = row.split_at_mut(dimension);
            seed.stream_from((index * dimension * 4) as u64).fill_32(mask);
            last[0] = body;
        },
    );
    rows
}
