//! Cancellation and progress of a run.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// At most this often is progress told.
const INTERVAL: Duration = Duration::from_millis(50);

/// What a caller holds on a run: a flag that stops it, and an ear for its progress.
pub struct Control<'a> {
    cancel: &'a AtomicBool,
    /// Called with the work done and the whole work, from any thread, never twice at once.
    on_progress: Option<&'a (dyn Fn(f64, f64) + Sync)>,
    total: u64,
    done: AtomicU64,
    told: Mutex<Instant>,
}

impl<'a> Control<'a> {
    /// Control of a run of `total` units of work.
    pub fn new(cancel: &'a AtomicBool, on_progress: Option<&'a (dyn Fn(f64, f64) + Sync)>, total: u64) -> Self {
        Self { cancel, on_progress, total, done: AtomicU64::new(0), told: Mutex::new(Instant::now()) }
    }

    /// The flag, for kernels that look at it themselves.
    pub fn cancel(&self) -> &AtomicBool {
        self.cancel
    }

    /// Errors: `CANCELLED`.
    pub fn check(&self) -> Result<()> {
        if self.cancel.load(Ordering::Relaxed) { Err(Error::cancelled()) } else { Ok(()) }
    }

    /// Counts finished work and tells of it, not too often.
    pub fn advance(&self, work: u64) {
        let done = self.done.fetch_add(work, Ordering::Relaxed).saturating_add(work);
        let Some(on_progress) = self.on_progress else { return };
        if let Ok(mut told) = self.told.try_lock()
            && told.elapsed() >= INTERVAL
            && done < self.total
        {
            *told = Instant::now();
            on_progress(done as f64, self.total as f64);
        }
    }

    /// Tells that all is done.
    pub fn finish(&self) {
        if let Some(on_progress) = self.on_progress {
            let _told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            on_progress(self.total as f64, self.total as f64);
        }
    }
}
