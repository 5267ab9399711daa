//! Programs as JavaScript objects.

use std::sync::Arc;

use blindfit_core::execute::Plan;
use blindfit_core::program::{Hash, Program};
use napi::Result;
use napi_derive::napi;

use crate::error::{Code, thrown};
use crate::live::{Kind, Live};

/// A checked program and its schedule, shared by all work on it.
pub struct LoadedProgram {
    pub program: Program,
    pub plan: Plan,
    _live: Live,
}

/// A compiled program, checked in full.
#[napi]
pub struct NativeProgram {
    pub(crate) loaded: Arc<LoadedProgram>,
}

#[napi]
impl NativeProgram {
    /// Reads and checks the JSON text of a program. Throws BAD_PROGRAM.
    #[napi(constructor, catch_unwind)]
    pub fn new(json: &[u8]) -> Result<Self, Code> {
        let program = Program::parse(json).map_err(thrown)?;
        let plan = Plan::new(&program);
        Ok(Self { loaded: Arc::new(LoadedProgram { program, plan, _live: Live::new(Kind::Program) }) })
    }

    /// SHA-256 of the program's bytes, in hexadecimal.
    #[napi(getter, catch_unwind)]
    pub fn hash(&self) -> String {
        hexadecimal(&self.loaded.program.hash)
    }

    /// SHA-256 of the program's parameters, in hexadecimal: keys fit all programs of one key hash.
    #[napi(getter, catch_unwind)]
    pub fn key_hash(&self) -> String {
        hexadecimal(&self.loaded.program.key_hash)
    }
}

fn hexadecimal(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
