//! Large buffers that are used again: a fresh one costs a page fault every 4 KiB, as much as the work done in it.

use crate::fourier::{Spectrum, zero_spectrum};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Buffers of each kind kept for the next use.
const KEPT: usize = 4;

/// Free buffers of one owner.
#[derive(Default)]
pub(super) struct Recycler {
    spectra: Mutex<Vec<Spectrum>>,
    words: Mutex<Vec<Vec<u64>>>,
}

/// A spectrum buffer that goes back to its recycler when dropped.
pub(super) struct RecycledSpectrum {
    values: Option<Spectrum>,
    recycler: Arc<Recycler>,
}

/// A buffer of words that goes back to its recycler when dropped.
pub(super) struct RecycledWords<'a> {
    words: Vec<u64>,
    recycler: &'a Recycler,
}

impl Recycler {
    /// `length` values of any content.
    pub(super) fn spectrum(self: &Arc<Self>, length: usize) -> RecycledSpectrum {
        let mut free = lock(&self.spectra);
        let found = free.iter().position(|values| values.len() == length).map(|index| free.swap_remove(index));
        drop(free);
        let values = found.unwrap_or_else(|| zero_spectrum(2, length));
        RecycledSpectrum { values: Some(values), recycler: Arc::clone(self) }
    }

    /// `length` words of any content.
    pub(super) fn words(&self, length: usize) -> RecycledWords<'_> {
        let mut words = lock(&self.words).pop().unwrap_or_default();
        words.resize(length, 0);
        RecycledWords { words, recycler: self }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Deref for RecycledSpectrum {
    type Target = Spectrum;

    fn deref(&self) -> &Spectrum {
        self.values.as_ref().expect("held until dropped")
    }
}

impl DerefMut for RecycledSpectrum {
    fn deref_mut(&mut self) -> &mut Spectrum {
        self.values.as_mut().expect("held until dropped")
    }
}

impl Drop for RecycledSpectrum {
    fn drop(&mut self) {
        if let Some(values) = self.values.take() {
            let mut free = lock(&self.recycler.spectra);
            if free.len() == KEPT {
                free.remove(0);
            }
            free.push(values);
        }
    }
}

impl Deref for RecycledWords<'_> {
    type Target = Vec<u64>;

    fn deref(&self) -> &Vec<u64> {
        &self.words
    }
}

impl DerefMut for RecycledWords<'_> {
    fn deref_mut(&mut self) -> &mut Vec<u64> {
        &mut self.words
    }
}

impl Drop for RecycledWords<'_> {
    fn drop(&mut self) {
        lock(&self.recycler.words).push(std::mem::take(&mut self.words));
    }
}
