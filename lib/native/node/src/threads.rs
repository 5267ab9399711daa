//! The threads that compute: never the JavaScript thread, never those of libuv.
//!
//! Two pools: runs wait in line for the large one, and short work has a small one of its own, so that a linear query
//! of a tenth of a millisecond never waits behind a neural network.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use blindfit_core::{Error, ErrorCode, Result};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::panicked;

/// Work estimated below this, in microseconds, counts as short.
const SHORT: u64 = 2_000;
/// The length to give for work that is not short.
pub const LONG: u64 = u64::MAX;
const MAXIMUM: usize = 1024;

struct Pools {
    long: Option<Arc<ThreadPool>>,
    short: Option<Arc<ThreadPool>>,
}

static POOLS: Mutex<Pools> = Mutex::new(Pools { long: None, short: None });

/// Sets the number of threads of work that starts from now on. Errors: `OUT_OF_RANGE`.
pub fn set_threads(threads: u32) -> Result<()> {
    let threads = threads as usize;
    if !(1..=MAXIMUM).contains(&threads) {
        return Err(Error::new(ErrorCode::OutOfRange, format!("{threads} threads, allowed are 1 to {MAXIMUM}")));
    }
    let pool = build(threads, "blindfit")?;
    POOLS.lock().unwrap_or_else(PoisonError::into_inner).long = Some(pool);
    Ok(())
}

/// Rough length of work that goes through `bytes` bytes of keys.
pub fn microseconds(bytes: u64) -> u64 {
    bytes / 1_000
}

/// Runs `work` on a pool and hands what it returns, or the error of its panic, to `done` on that pool.
pub fn spawn<T>(
    microseconds: u64,
    work: impl FnOnce() -> Result<T> + Send + 'static,
    done: impl FnOnce(Result<T>) + Send + 'static,
) -> Result<()> {
    let pool = pool(microseconds < SHORT)?;
    pool.spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked()));
        // A panic of `done` could only be reported by `done`.
        let _ = catch_unwind(AssertUnwindSafe(move || done(outcome)));
    });
    Ok(())
}

fn pool(short: bool) -> Result<Arc<ThreadPool>> {
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    let pool = if short { &mut pools.short } else { &mut pools.long };
    if let Some(pool) = pool {
        return Ok(pool.clone());
    }
    let built = if short { build(1, "blindfit-short")? } else { build(default_threads(), "blindfit")? };
    Ok(pool.insert(built).clone())
}

/// `BLINDFIT_THREADS` where it is a number in range, else what the machine offers.
fn default_threads() -> usize {
    let given = std::env::var("BLINDFIT_THREADS").ok().and_then(|text| text.parse().ok());
    let available = || std::thread::available_parallelism().map_or(1, usize::from);
    given.filter(|threads| (1..=MAXIMUM).contains(threads)).unwrap_or_else(available)
}

fn build(threads: usize, name: &'static str) -> Result<Arc<ThreadPool>> {
    let builder = ThreadPoolBuilder::new().num_threads(threads).thread_name(move |index| format!("{name}-{index}"));
    let failed = |cause| Error::new(ErrorCode::Internal, format!("{threads} threads could not be started: {cause}"));
    builder.build().map(Arc::new).map_err(failed)
}
