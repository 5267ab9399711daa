//! The buffers of one thread.

use crate::fourier::{Digit, Preparation};
use crate::fourier::{Spectrum, Transform, c64, transform, zero_spectrum};
use crate::parameters::Gadget;
use crate::server::product::{BLOCK, Rows, multiply, multiply_part};
use dyn_stack::PodBuffer;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

/// Buffers that the kernels of one thread share, for polynomials of one size.
pub struct Workspace {
    size: usize,
    pub(super) transform: &'static Transform,
    pub(super) buffer: PodBuffer,
    /// Spectra of digits, [`Workspace::stride`] values apart.
    digits: Spectrum,
    pub(super) mask_sum: Spectrum,
    pub(super) body_sum: Spectrum,
    pub(super) spectrum: Spectrum,
    /// Words as digits are read from them.
    prepared: Vec<u64>,
    /// Two polynomials in words.
    pub(super) mask_words: Vec<u64>,
    pub(super) body_words: Vec<u64>,
}

impl Workspace {
    /// Buffers for polynomials of `size` coefficients, a power of two from 256 to 16384.
    pub fn new(size: usize) -> Self {
        let transform = transform(size);
        Self {
            size,
            transform,
            buffer: transform.buffer(),
            digits: zero_spectrum(size, 0),
            mask_sum: zero_spectrum(size, 1),
            body_sum: zero_spectrum(size, 1),
            spectrum: zero_spectrum(size, 1),
            prepared: vec![0; size],
            mask_words: vec![0; size],
            body_words: vec![0; size],
        }
    }

    /// N, the number of coefficients that the buffers are for.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Distance of digit spectra: a spectrum and a cache line or two, or all would fall on the same cache sets.
    pub(super) fn stride(&self) -> usize {
        self.size / 2 + BLOCK
    }

    /// Makes room for `count` digit spectra.
    pub(super) fn reserve_digits(&mut self, count: usize) {
        let wanted = count * self.stride();
        if self.digits.len() < wanted {
            self.digits = zero_spectrum(2, wanted);
        }
    }

    /// Transforms all digits of `words` into digit spectra `first`, `first + step` and following; room must be reserved.
    pub(super) fn decompose(&mut self, words: &[u64], gadget: Gadget, first: usize, step: usize) {
        let (stride, points) = (self.stride(), self.size / 2);
        let Self { transform, prepared, digits, buffer, .. } = self;
        let spectra = digits.chunks_mut(stride).skip(first).step_by(step);
        transform_digits(transform, prepared, buffer, words, gadget, spectra.map(|spectrum| &mut spectrum[..points]));
    }

    /// Transforms all digits of `mask_words` into spectra of the caller's, [`Workspace::stride`] values apart.
    pub(super) fn decompose_into(&mut self, digits: &mut [c64], gadget: Gadget) {
        let (stride, points) = (self.stride(), self.size / 2);
        let Self { transform, prepared, mask_words, buffer, .. } = self;
        let spectra = digits.chunks_mut(stride).map(|spectrum| &mut spectrum[..points]);
        transform_digits(transform, prepared, buffer, mask_words, gadget, spectra);
    }

    /// `mask_sum = sum of digit spectra * rows` for one part of the rows of a GGSW, the digits of masks and bodies apart.
    pub(super) fn multiply_part(&mut self, digits: [&[c64]; 2], rows: Rows<'_, 2>, part: usize) {
        let stride = self.stride();
        multiply_part(&mut self.mask_sum, digits, stride, part, rows);
    }

    /// `(mask_sum, body_sum) = sum of digit spectra * rows`, over the digits `skip` and following of each group.
    pub(super) fn multiply(&mut self, rows: Rows<'_, 2>, skip: usize) {
        let stride = self.stride();
        multiply([&mut *self.mask_sum, &mut *self.body_sum], &self.digits, stride, skip, rows);
    }

    /// `(mask_sum, spectrum, body_sum) = sum of digit spectra * rows` for rows whose masks are split in two.
    pub(super) fn multiply_split(&mut self, rows: Rows<'_, 3>) {
        let stride = self.stride();
        multiply([&mut *self.mask_sum, &mut *self.spectrum, &mut *self.body_sum], &self.digits, stride, 0, rows);
    }
}

fn transform_digits<'a>(
    transform: &Transform,
    prepared: &mut [u64],
    buffer: &mut PodBuffer,
    words: &[u64],
    gadget: Gadget,
    spectra: impl Iterator<Item = &'a mut [c64]>,
) {
    transform.prepare(prepared, words, Preparation::new(gadget));
    for (digit, spectrum) in Digit::levels(gadget).zip(spectra) {
        transform.forward_digit(spectrum, prepared, digit, buffer);
    }
}

/// Workspaces that threads take and give back.
pub struct WorkspacePool {
    size: usize,
    free: Mutex<Vec<Workspace>>,
}

/// A workspace on loan from a pool.
pub struct PooledWorkspace<'a> {
    pool: &'a WorkspacePool,
    workspace: Option<Workspace>,
}

impl WorkspacePool {
    /// An empty pool for polynomials of `size` coefficients.
    pub fn new(size: usize) -> Self {
        Self { size, free: Mutex::new(Vec::new()) }
    }

    /// N, the number of coefficients that the workspaces are for.
    pub fn size(&self) -> usize {
        self.size
    }

    /// A free workspace, or a new one.
    pub fn take(&self) -> PooledWorkspace<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        PooledWorkspace { pool: self, workspace: Some(free.unwrap_or_else(|| Workspace::new(self.size))) }
    }
}

impl Deref for PooledWorkspace<'_> {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        self.workspace.as_ref().expect("on loan until dropped")
    }
}

impl DerefMut for PooledWorkspace<'_> {
    fn deref_mut(&mut self) -> &mut Workspace {
        self.workspace.as_mut().expect("on loan until dropped")
    }
}

impl Drop for PooledWorkspace<'_> {
    fn drop(&mut self) {
        if let Some(workspace) = self.workspace.take() {
            self.pool.free.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
        }
    }
}
