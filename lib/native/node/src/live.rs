//! Counts of the native objects that are alive: what leak tests look at.

use std::sync::atomic::{AtomicU32, Ordering};

static PROGRAMS: AtomicU32 = AtomicU32::new(0);
static SECRET_KEYS: AtomicU32 = AtomicU32::new(0);
static EVALUATION_KEYS: AtomicU32 = AtomicU32::new(0);

/// What is counted.
#[derive(Clone, Copy)]
pub enum Kind {
    Program,
    SecretKey,
    EvaluationKey,
}

impl Kind {
    fn counter(self) -> &'static AtomicU32 {
        match self {
            Kind::Program => &PROGRAMS,
            Kind::SecretKey => &SECRET_KEYS,
            Kind::EvaluationKey => &EVALUATION_KEYS,
        }
    }

    /// How many of this kind are alive.
    pub fn count(self) -> u32 {
        self.counter().load(Ordering::Relaxed)
    }
}

/// Counts one object while it lives.
pub struct Live(Kind);

impl Live {
    pub fn new(kind: Kind) -> Self {
        kind.counter().fetch_add(1, Ordering::Relaxed);
        Self(kind)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.counter().fetch_sub(1, Ordering::Relaxed);
    }
}
