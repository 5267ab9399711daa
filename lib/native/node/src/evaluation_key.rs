//! Evaluation keys as JavaScript objects.

use std::sync::{Arc, Mutex, PoisonError};

use blindfit_core::execute::ServerKey;
use blindfit_core::program::key_bytes;
use blindfit_core::server::EvaluationKey;
use blindfit_core::wire::{EvaluationKeyMessage, read_evaluation_key, write_evaluation_key};
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::error::{Code, released, thrown};
use crate::live::{Kind, Live};
use crate::program::{LoadedProgram, NativeProgram};
use crate::promise::promise;
use crate::threads::{LONG, microseconds, spawn};

/// An expanded key, or why there is none.
pub type Expanded = blindfit_core::Result<Arc<ServerKey>>;
/// Work that waits for a key to be expanded.
type Waiting = Box<dyn FnOnce(Expanded) + Send>;

/// How far the expansion of a key is. It happens once, at the first run; nobody blocks a thread for it.
enum Expansion {
    NotStarted,
    Running(Vec<Waiting>),
    Done(Expanded),
}

/// A seeded key, and in time its expanded form.
pub struct HeldKey {
    message: EvaluationKeyMessage,
    /// A program that the key was made for: its parameters give the key's shape.
    loaded: Arc<LoadedProgram>,
    expansion: Mutex<Expansion>,
    _live: Live,
}

impl HeldKey {
    /// Calls `then` with the expanded key: at once where it is, else when somebody has expanded it. Runs on a pool.
    ///
    /// The key is let go before `then` is called, so that nothing of it outlives the promise that `then` settles.
    pub fn with_expanded(self: Arc<Self>, then: Waiting) {
        let mut expansion = self.lock();
        match &mut *expansion {
            Expansion::Done(key) => {
                let key = key.clone();
                drop(expansion);
                drop(self);
                then(key);
            }
            Expansion::Running(waiting) => waiting.push(then),
            Expansion::NotStarted => {
                *expansion = Expansion::Running(Vec::new());
                drop(expansion);
                let key = self.expand();
                let before = std::mem::replace(&mut *self.lock(), Expansion::Done(key.clone()));
                drop(self);
                let others = if let Expansion::Running(waiting) = before { waiting } else { Vec::new() };
                for then in others {
                    let key = key.clone();
                    // There is a pool: this is one of its threads.
                    let _ = spawn(LONG, || Ok(()), move |_: blindfit_core::Result<()>| then(key));
                }
                then(key);
            }
        }
    }

    /// Microseconds until the key is expanded, roughly.
    pub fn microseconds_to_expand(&self) -> u64 {
        match *self.lock() {
            Expansion::Done(_) => 0,
            _ => microseconds(key_bytes(self.loaded.program.parameters())),
        }
    }

    fn expand(&self) -> Expanded {
        let expand = || EvaluationKey::expand(self.loaded.program.parameters(), &self.message.key);
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(expand));
        let key = caught.unwrap_or_else(|_| Err(crate::error::panicked()))?;
        Ok(Arc::new(ServerKey { id: self.message.id, key }))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Expansion> {
        self.expansion.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server's key: it computes, and reveals nothing.
#[napi(custom_finalize)]
pub struct NativeEvaluationKey {
    held: Option<Arc<HeldKey>>,
    /// What the garbage collector was told that this object holds.
    bytes: i64,
}

impl ObjectFinalize for NativeEvaluationKey {
    fn finalize(self, env: Env) -> napi::Result<()> {
        env.adjust_external_memory(-self.bytes).map(|_| ())
    }
}

#[napi]
impl NativeEvaluationKey {
    /// The key as bytes, in its seeded form.
    #[napi(catch_unwind, ts_return_type = "Promise<Buffer>")]
    pub fn to_bytes<'env>(&self, env: &'env Env) -> Result<Object<'env>, Code> {
        let held = self.held().map_err(thrown)?;
        let length = microseconds(key_bytes(held.loaded.program.parameters()));
        let work = move || write_evaluation_key(&held.loaded.program, &held.message);
        promise(env, length, work, |_, bytes| Buffer::from(bytes))
    }

    /// Reads a key. Rejects with BAD_KEY, and WRONG_KEY for a key of other parameters than the program's.
    #[napi(catch_unwind, ts_return_type = "Promise<NativeEvaluationKey>")]
    pub fn from_bytes<'env>(env: &'env Env, program: &NativeProgram, bytes: &[u8]) -> Result<Object<'env>, Code> {
        let loaded = program.loaded.clone();
        let bytes = bytes.to_vec();
        let length = microseconds(bytes.len() as u64);
        let work = move || Ok((read_evaluation_key(&loaded.program, &bytes)?, loaded));
        promise(env, length, work, |env, (message, loaded)| Self::hold(env, message, loaded))
    }

    /// Frees the key; runs under way keep theirs until they end.
    #[napi(catch_unwind)]
    pub fn release(&mut self, env: &Env) {
        self.held = None;
        // The collector's view of memory is advice; a failure to adjust it changes nothing.
        let _ = env.adjust_external_memory(-std::mem::take(&mut self.bytes));
    }

    /// A new object, on the JavaScript thread.
    pub(crate) fn hold(env: &Env, message: EvaluationKeyMessage, loaded: Arc<LoadedProgram>) -> Self {
        // The expanded form and, next to it, the seeded one of half its size.
        let bytes = (key_bytes(loaded.program.parameters()) / 2 * 3) as i64;
        let _ = env.adjust_external_memory(bytes);
        let expansion = Mutex::new(Expansion::NotStarted);
        let _live = Live::new(Kind::EvaluationKey);
        Self { held: Some(Arc::new(HeldKey { message, loaded, expansion, _live })), bytes }
    }

    pub(crate) fn held(&self) -> blindfit_core::Result<Arc<HeldKey>> {
        self.held.clone().ok_or_else(|| released("evaluation key"))
    }
}
