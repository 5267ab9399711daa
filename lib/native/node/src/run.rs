//! Runs as promises, with cancellation and progress.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use blindfit_core::execute;
use blindfit_core::wire::read_query;
use napi::bindgen_prelude::*;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;

use crate::error::{Code, panicked, thrown};
use crate::evaluation_key::{Expanded, NativeEvaluationKey};
use crate::program::NativeProgram;
use crate::promise::started;
use crate::threads;

type OnProgress = ThreadsafeFunction<FnArgs<(f64, f64)>, (), FnArgs<(f64, f64)>, Status, false, true>;

/// A flag that stops runs.
#[napi]
pub struct NativeCancel {
    flag: Arc<AtomicBool>,
}

#[napi]
impl NativeCancel {
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { flag: Arc::new(AtomicBool::new(false)) }
    }

    /// Stops the runs that hold this flag: they reject with CANCELLED.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }
}

/// Runs a program on a query and resolves with the reply. `onProgress` is told of work done and in all.
#[napi(catch_unwind, ts_return_type = "Promise<Buffer>")]
pub fn run<'env>(
    env: &'env Env,
    program: &NativeProgram,
    evaluation: &NativeEvaluationKey,
    query: &[u8],
    cancel: &NativeCancel,
    #[napi(ts_arg_type = "(done: number, total: number) => void")] on_progress: Option<OnProgress>,
) -> Result<Object<'env>, Code> {
    let held = evaluation.held().map_err(thrown)?;
    let loaded = program.loaded.clone();
    let flag = cancel.flag.clone();
    // A damaged query is refused by the promise, like everything that is wrong with a run.
    let query = read_query(&loaded.program, query.to_vec());
    let rows = query.as_ref().map_or(0, |query| query.rows);
    let length = execute::estimate(&loaded.program, &loaded.plan, rows);
    let length = if held.is_expanded() { length } else { threads::LONG };
    let start = |settle: Box<dyn FnOnce(blindfit_core::Result<Vec<u8>>) + Send>| {
        let ready = move |key: Expanded| {
            let work = || {
                let tell = |done: f64, total: f64| {
                    if let Some(on_progress) = &on_progress {
                        on_progress.call((done, total).into(), ThreadsafeFunctionCallMode::NonBlocking);
                    }
                };
                execute::run(&loaded.program, &loaded.plan, &*key?, &query?, &flag, Some(&tell))
            };
            settle(catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked())));
        };
        threads::spawn(length, move || Ok(()), move |_: blindfit_core::Result<()>| held.with_expanded(Box::new(ready)))
    };
    started(env, start, |_, reply| Buffer::from(reply))
}
