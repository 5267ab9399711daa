//! Runs as promises, with cancellation and progress.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use blindfit_core::execute;
use blindfit_core::execute::Outcome;
use blindfit_core::wire::{QueryMessage, read_carried, read_query};
use blindfit_core::{Error as CoreError, Result as CoreResult};
use napi::bindgen_prelude::*;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;

use crate::error::{Code, panicked, thrown};
use crate::evaluation_key::{Expanded, NativeEvaluationKey};
use crate::program::NativeProgram;
use crate::promise::started;
use crate::threads;

/// Queries up to this many bytes are checked on the JavaScript thread, which tells how long they will take.
const SMALL_QUERY: usize = 1 << 16;

type OnProgress = ThreadsafeFunction<FnArgs<(f64, f64)>, (), FnArgs<(f64, f64)>, Status, false, true>;

/// What settles the promise of a run.
type Settle = Box<dyn FnOnce(CoreResult<Outcome>) + Send>;

/// A run that waits for its key or for its turn; whoever takes `settle` decides what becomes of it.
struct Waiting {
    settle: Mutex<Option<Settle>>,
}

impl Waiting {
    fn take(&self) -> Option<Settle> {
        self.settle.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A flag that stops runs.
#[napi]
pub struct NativeCancel {
    flag: Arc<AtomicBool>,
    waiting: Vec<Weak<Waiting>>,
}

#[napi]
impl NativeCancel {
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { flag: Arc::new(AtomicBool::new(false)), waiting: Vec::new() }
    }

    /// Stops the runs that hold this flag: they reject with CANCELLED, those that have not begun at once.
    #[napi(catch_unwind)]
    pub fn cancel(&mut self) {
        self.flag.store(true, Ordering::Relaxed);
        let waiting = self.waiting.drain(..).filter_map(|run| run.upgrade());
        waiting.filter_map(|run| run.take()).for_each(|settle| settle(Err(CoreError::cancelled())));
    }
}

/// Runs a program on a query, and on what the run before carried where there was one. Resolves with the reply, and with what
/// is carried to the next run where the program carries anything. `onProgress` is told of work done and in all.
#[napi(catch_unwind, ts_return_type = "Promise<Buffer[]>")]
pub fn run<'env>(
    env: &'env Env,
    program: &NativeProgram,
    evaluation: &NativeEvaluationKey,
    query: &[u8],
    carried: Option<&[u8]>,
    cancel: &mut NativeCancel,
    #[napi(ts_arg_type = "(done: number, total: number) => void")] on_progress: Option<OnProgress>,
) -> Result<Object<'env>, Code> {
    let held = evaluation.held().map_err(thrown)?;
    let loaded = program.loaded.clone();
    let flag = cancel.flag.clone();
    let bytes = query.to_vec();
    let carried = carried.map(<[u8]>::to_vec);
    let mut length = threads::LONG;
    let read: Box<dyn FnOnce() -> CoreResult<QueryMessage> + Send> = if bytes.len() <= SMALL_QUERY {
        // A damaged query is refused by the promise, like everything that is wrong with a run.
        let query = read_query(&loaded.program, bytes);
        let rows = query.as_ref().map_or(0, |query| query.rows);
        let run = execute::estimate(&loaded.program, &loaded.plan, rows);
        length = run.saturating_add(held.microseconds_to_expand());
        Box::new(move || query)
    } else {
        let loaded = loaded.clone();
        Box::new(move || read_query(&loaded.program, bytes))
    };
    let start = |settle: Settle| {
        let waiting = Arc::new(Waiting { settle: Mutex::new(Some(settle)) });
        cancel.waiting.push(Arc::downgrade(&waiting));
        let ready = move |key: Expanded| {
            let Some(settle) = waiting.take() else { return };
            // Moved, so that all it holds is freed before the promise settles.
            let work = move || {
                let tell = |done: f64, total: f64| {
                    if let Some(on_progress) = &on_progress {
                        on_progress.call((done, total).into(), ThreadsafeFunctionCallMode::NonBlocking);
                    }
                };
                let carried = carried.map(|bytes| read_carried(&loaded.program, bytes)).transpose()?;
                let query = read()?;
                execute::run(&loaded.program, &loaded.plan, &*key?, &query, carried.as_ref(), &flag, Some(&tell))
            };
            settle(catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked())));
        };
        threads::spawn(length, || Ok(()), move |_: CoreResult<()>| held.with_expanded(Box::new(ready)))
    };
    started(env, start, |_, outcome: Outcome| -> Vec<Buffer> {
        std::iter::once(outcome.reply).chain(outcome.carried).map(Buffer::from).collect()
    })
}
