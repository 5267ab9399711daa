//! Registers that are written once, read by several threads, and freed at their last read.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, ErrorCode, Result};

/// Registers of one kind.
pub struct Registers<T> {
    slots: Vec<Slot<T>>,
}

struct Slot<T> {
    value: Mutex<Option<Arc<T>>>,
    /// Reads that are still to come.
    uses: AtomicU32,
}

impl<T> Registers<T> {
    /// Empty registers that will be read `uses` times each.
    pub fn new(uses: &[u32]) -> Self {
        let slot = |uses: &u32| Slot { value: Mutex::new(None), uses: AtomicU32::new(*uses) };
        Self { slots: uses.iter().map(slot).collect() }
    }

    /// Writes a register. Returns the value when nothing will read it.
    pub fn write(&self, index: usize, value: T) -> Option<T> {
        let slot = &self.slots[index];
        if slot.uses.load(Ordering::Relaxed) == 0 {
            return Some(value);
        }
        *slot.value.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(value));
        None
    }

    /// Reads a register; `release` it afterwards.
    pub fn read(&self, index: usize) -> Result<Arc<T>> {
        let value = self.slots[index].value.lock().unwrap_or_else(PoisonError::into_inner);
        value.clone().ok_or_else(|| Error::new(ErrorCode::Internal, "a register is read before it is written"))
    }

    /// Ends a read. Returns the value after the last one.
    pub fn release(&self, index: usize, value: Arc<T>) -> Option<T> {
        drop(value);
        let slot = &self.slots[index];
        // Acquire and release: the last reader takes the value after all others dropped theirs.
        if slot.uses.fetch_sub(1, Ordering::AcqRel) != 1 {
            return None;
        }
        slot.value.lock().unwrap_or_else(PoisonError::into_inner).take().and_then(Arc::into_inner)
    }
}

/// Values that are used again instead of being allocated again.
pub struct Spare<T> {
    values: Mutex<Vec<T>>,
}

impl<T> Spare<T> {
    pub fn new() -> Self {
        Self { values: Mutex::new(Vec::new()) }
    }

    /// A used value, or a new one.
    pub fn take(&self, make: impl FnOnce() -> T) -> T {
        let spare = self.values.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(make)
    }

    pub fn give(&self, value: T) {
        self.values.lock().unwrap_or_else(PoisonError::into_inner).push(value);
    }
}
