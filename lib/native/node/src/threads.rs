//! The threads that compute: never the JavaScript thread, never those of libuv.
//!
//! Two pools: runs wait in line for the large one, and short work has a small one of its own, so that a linear query
//! of a tenth of a millisecond never waits behind a neural network.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use blindfit_core::{Error, ErrorCode, Result};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::panicked;

/// Work estimated below this, in microseconds, counts as short.
const SHORT: u64 = 2_000;
/// The length to give for work that is not short.
pub const LONG: u64 = u64::MAX;
const MAXIMUM: usize = 1024;

struct Pools {
    long: Option<Arc<Line>>,
    short: Option<Arc<Line>>,
}

type Job = Box<dyn FnOnce() + Send>;

/// A pool that does one job at a time, on all of its threads, in the order of arrival.
///
/// Were two under way, a thread that waits for a part of the first would take up the second on top of its stack, and the
/// first could neither end nor be cancelled before the second; a thousand would overflow the stack.
struct Line {
    pool: ThreadPool,
    /// Jobs that wait; none while no job is under way.
    waiting: Mutex<Option<VecDeque<Job>>>,
}

impl Line {
    fn push(self: &Arc<Self>, job: Job) {
        match &mut *self.lock() {
            Some(waiting) => return waiting.push_back(job),
            idle => *idle = Some(VecDeque::new()),
        }
        self.start(job);
    }

    fn start(self: &Arc<Self>, job: Job) {
        let line = Arc::clone(self);
        self.pool.spawn(move || {
            // The job tells of its own panics.
            let _ = catch_unwind(AssertUnwindSafe(job));
            line.next();
        });
    }

    fn next(self: &Arc<Self>) {
        let mut waiting = self.lock();
        let Some(job) = waiting.as_mut().and_then(VecDeque::pop_front) else {
            *waiting = None;
            return;
        };
        drop(waiting);
        self.start(job);
    }

    fn lock(&self) -> MutexGuard<'_, Option<VecDeque<Job>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

static POOLS: Mutex<Pools> = Mutex::new(Pools { long: None, short: None });

/// Sets the number of threads of work that starts from now on. Errors: `OUT_OF_RANGE`.
pub fn set_threads(threads: u32) -> Result<()> {
    let threads = threads as usize;
    if !(1..=MAXIMUM).contains(&threads) {
        return Err(Error::new(ErrorCode::OutOfRange, format!("{threads} threads, allowed are 1 to {MAXIMUM}")));
    }
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    if pools.long.as_ref().is_none_or(|line| line.pool.current_num_threads() != threads) {
        pools.long = Some(build(threads, "blindfit")?);
    }
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
    let work = move || done(catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked())));
    line(microseconds < SHORT)?.push(Box::new(work));
    Ok(())
}

fn line(short: bool) -> Result<Arc<Line>> {
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    let line = if short { &mut pools.short } else { &mut pools.long };
    if let Some(line) = line {
        return Ok(line.clone());
    }
    let built = if short { build(1, "blindfit-short")? } else { build(default_threads(), "blindfit")? };
    Ok(line.insert(built).clone())
}

/// `BLINDFIT_THREADS` where it is a number in range, else what the machine offers.
fn default_threads() -> usize {
    let given = std::env::var("BLINDFIT_THREADS").ok().and_then(|text| text.parse().ok());
    let available = || std::thread::available_parallelism().map_or(1, usize::from);
    given.filter(|threads| (1..=MAXIMUM).contains(threads)).unwrap_or_else(available)
}

fn build(threads: usize, name: &'static str) -> Result<Arc<Line>> {
    let builder = ThreadPoolBuilder::new().num_threads(threads).thread_name(move |index| format!("{name}-{index}"));
    let failed = |cause| Error::new(ErrorCode::Internal, format!("{threads} threads could not be started: {cause}"));
    let pool = builder.build().map_err(failed)?;
    Ok(Arc::new(Line { pool, waiting: Mutex::new(None) }))
}
