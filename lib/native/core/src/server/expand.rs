//! Expansion of packed GLWE ciphertexts: one GLWE per payload coefficient, times P; and the trace, which is its first
//! coefficient alone.
//!
//! Level i takes c to `c + σ(c)` and `X^-(r << i) (c - σ(c))` with σ: X -> X^(N / (r << i) + 1), which keeps the even
//! multiples of r << i and shifts the odd ones to where the next level finds them. After log2 P levels, position p of
//! the list holds payload coefficient p (eprint 2019/736 has the idea).

use crate::server::key::AutomorphismKey;
use crate::server::workspace::{Workspace, WorkspacePool};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// Expands the GLWE at the front of `list` (N mask words, N body words) into the GLWE of its first `used` payload
/// coefficients, in order; `list` holds P GLWE. Stops early, with any content, once cancelled.
pub(super) fn expand_glwe(
    list: &mut [u64],
    used: usize,
    automorphisms: &[AutomorphismKey],
    workspaces: &WorkspacePool,
    cancel: &AtomicBool,
) {
    let size = workspaces.size();
    let glwe_words = 2 * size;
    for (level, automorphism) in automorphisms.iter().enumerate() {
        let distance = (size >> automorphisms.len()) << level;
        // Position i goes to i (even part) and i + width (odd part, made where its coefficient is used).
        let width = 1 << level;
        let (even, odd) = list.split_at_mut(width * glwe_words);
        let pairs = even.par_chunks_exact_mut(glwe_words).zip(odd.par_chunks_exact_mut(glwe_words));
        pairs.enumerate().for_each(|(position, (even, odd))| {
            if position < used && !cancel.load(Ordering::Relaxed) {
                let odd = (position + width < used).then_some(odd);
                split(even, odd, automorphism, distance, &mut workspaces.take());
            }
        });
    }
}

/// Multiplies the constant coefficient of a GLWE (N mask words, N body words) by N and makes the others vanish: the sum of
/// its images under all automorphisms, of which there is one key for each of log2 N levels. Stops early, with any
/// content, once cancelled.
pub(super) fn trace(
    glwe: &mut [u64],
    automorphisms: &[AutomorphismKey],
    workspace: &mut Workspace,
    cancel: &AtomicBool,
) {
    for automorphism in automorphisms {
        if !cancel.load(Ordering::Relaxed) {
            split(glwe, None, automorphism, 0, workspace);
        }
    }
}

/// `even = c + σ(c)`, `odd = X^-distance (c - σ(c))` for c given in `even`.
pub(super) fn split(
    even: &mut [u64],
    odd: Option<&mut [u64]>,
    automorphism: &AutomorphismKey,
    distance: usize,
    workspace: &mut Workspace,
) {
    let size = workspace.size();
    let (mask, body) = even.split_at_mut(size);
    workspace.reserve_digits(automorphism.gadget.level_count as usize);
    workspace.decompose(mask, automorphism.gadget, 0, 1);
    workspace.multiply_split(automorphism.rows());
    let Workspace { transform, buffer, mask_sum, spectrum, body_sum, mask_words, body_words, .. } = workspace;
    transform.backward_set_coarse(mask_words, mask_sum, buffer);
    transform.backward_add(mask_words, spectrum, buffer);
    body_words.copy_from_slice(body);
    transform.backward_add(body_words, body_sum, buffer);
    match odd {
        Some(odd) => {
            let (odd_mask, odd_body) = odd.split_at_mut(size);
            for (even, odd, image) in [(mask, odd_mask, mask_words), (body, odd_body, body_words)] {
                // X^-distance: coefficient j goes to j - distance, or with a change of sign to N + j - distance.
                let (kept, wrapped) = odd.split_at_mut(size - distance);
                let (head, tail) = even.split_at_mut(distance);
                let mut images = automorphism.permutation.image(image);
                for ((even, odd), image) in head.iter_mut().zip(wrapped).zip(&mut images) {
                    *odd = image.wrapping_sub(*even);
                    *even = even.wrapping_add(image);
                }
                for ((even, odd), image) in tail.iter_mut().zip(kept).zip(images) {
                    *odd = even.wrapping_sub(image);
                    *even = even.wrapping_add(image);
                }
            }
        }
        None => {
            for (even, image) in [(mask, mask_words), (body, body_words)] {
                for (word, image) in even.iter_mut().zip(automorphism.permutation.image(image)) {
                    *word = word.wrapping_add(image);
                }
            }
        }
    }
}
