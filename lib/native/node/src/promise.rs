//! Work on a pool as a JavaScript promise.

use blindfit_core::Result;
use napi::bindgen_prelude::*;

use crate::error::{Coded, rejection, thrown};
use crate::threads;

/// Starts `work` on a pool; the promise resolves with what `wrap` makes of its result on the JavaScript thread.
/// `microseconds` is the rough length of the work.
pub fn promise<'env, T, V, W, F>(env: &'env Env, microseconds: u64, work: F, wrap: W) -> Coded<Object<'env>>
where
    T: Send + 'static,
    V: ToNapiValue + 'static,
    W: FnOnce(&Env, T) -> V + Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    started(env, |settle| threads::spawn(microseconds, work, settle), wrap)
}

/// A promise that `start` settles: it gets the function that takes the outcome, from any thread.
pub fn started<'env, T, V, W, S>(env: &'env Env, start: S, wrap: W) -> Coded<Object<'env>>
where
    T: Send + 'static,
    V: ToNapiValue + 'static,
    W: FnOnce(&Env, T) -> V + Send + 'static,
    S: FnOnce(Box<dyn FnOnce(Result<T>) + Send>) -> Result<()>,
{
    let created = env.create_deferred::<V, Box<dyn FnOnce(Env) -> napi::Result<V>>>();
    let (deferred, promise) = created.map_err(|cause| thrown(internal(&cause.reason)))?;
    let settle = move |outcome: Result<T>| {
        deferred.resolve(Box::new(move |env| match outcome {
            Ok(value) => Ok(wrap(&env, value)),
            Err(failure) => Err(rejection(env, failure)),
        }));
    };
    start(Box::new(settle)).map_err(thrown)?;
    Ok(promise)
}

fn internal(reason: &str) -> blindfit_core::Error {
    blindfit_core::Error::new(blindfit_core::ErrorCode::Internal, format!("no promise could be made: {reason}"))
}
