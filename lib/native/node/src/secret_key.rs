//! Secret keys as JavaScript objects.

use std::sync::Arc;

use blindfit_core::keys::generate_evaluation_key;
use blindfit_core::program::{Client, Program, key_bytes};
use blindfit_core::random::OsSeeder;
use blindfit_core::wire::{ClientKey, EvaluationKeyMessage, read_secret_key, write_secret_key};
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::error::{Code, released, thrown};
use crate::evaluation_key::NativeEvaluationKey;
use crate::live::{Kind, Live};
use crate::program::NativeProgram;
use crate::promise::promise;
use crate::threads::microseconds;

struct Held {
    client: Client,
    _live: Live,
}

/// The client's key. Its memory is wiped when it is released or collected.
#[napi]
pub struct NativeSecretKey {
    held: Option<Arc<Held>>,
}

#[napi]
impl NativeSecretKey {
    /// Makes fresh keys for a program, from the operating system's randomness.
    #[napi(catch_unwind, ts_return_type = "Promise<NativeSecretKey>")]
    pub fn generate<'env>(env: &'env Env, program: &NativeProgram) -> Result<Object<'env>, Code> {
        let loaded = program.loaded.clone();
        let work = move || ClientKey::generate(&loaded.program, &mut OsSeeder);
        promise(env, 0, work, |_, key| Self::hold(key))
    }

    /// Makes the evaluation key that a server needs for the program.
    #[napi(catch_unwind, ts_return_type = "Promise<NativeEvaluationKey>")]
    pub fn evaluation_key<'env>(&self, env: &'env Env, program: &NativeProgram) -> Result<Object<'env>, Code> {
        let held = self.held()?;
        let loaded = program.loaded.clone();
        // Encryption takes some ten times as long as expansion.
        let length = microseconds(10 * key_bytes(loaded.program.parameters()));
        let work = move || {
            let client = &held.client.key;
            client.check(&loaded.program)?;
            let key = generate_evaluation_key(loaded.program.parameters(), &client.secret, &mut OsSeeder)?;
            Ok((EvaluationKeyMessage { id: client.id, key }, loaded))
        };
        promise(env, length, work, |env, (message, loaded)| NativeEvaluationKey::hold(env, message, loaded))
    }

    /// The key as bytes, to be kept as a secret.
    #[napi(catch_unwind)]
    pub fn to_bytes(&self, program: &NativeProgram) -> Result<Buffer, Code> {
        let held = self.held()?;
        write_secret_key(&program.loaded.program, &held.client.key).map(Buffer::from).map_err(thrown)
    }

    /// Reads a key. Throws BAD_KEY, and WRONG_KEY for a key of other parameters than the program's.
    #[napi(factory, catch_unwind)]
    pub fn from_bytes(program: &NativeProgram, bytes: &[u8]) -> Result<Self, Code> {
        read_secret_key(&program.loaded.program, bytes).map(Self::hold).map_err(thrown)
    }

    /// Frees the key; calls under way keep theirs until they end.
    #[napi(catch_unwind)]
    pub fn release(&mut self) {
        self.held = None;
    }

    fn hold(key: ClientKey) -> Self {
        Self { held: Some(Arc::new(Held { client: Client::new(key), _live: Live::new(Kind::SecretKey) })) }
    }

    fn held(&self) -> Result<Arc<Held>, Code> {
        self.held.clone().ok_or_else(|| thrown(released("secret key")))
    }
}

/// Encrypts `rows` rows (row after row one integer per input) as a query.
#[napi(catch_unwind)]
pub fn encrypt(program: &NativeProgram, secret: &NativeSecretKey, values: &[f64], rows: u32) -> Result<Buffer, Code> {
    let held = secret.held()?;
    let program: &Program = &program.loaded.program;
    let query = held.client.encrypt(program, values, u64::from(rows), &mut OsSeeder);
    query.map(Buffer::from).map_err(thrown)
}

/// Decrypts a reply: row after row one integer per output.
#[napi(catch_unwind)]
pub fn decrypt(program: &NativeProgram, secret: &NativeSecretKey, reply: &[u8]) -> Result<Float64Array, Code> {
    let held = secret.held()?;
    held.client.decrypt(&program.loaded.program, reply).map(Float64Array::from).map_err(thrown)
}
