//! Errors of the core as JavaScript errors whose `code` is the core's.

use blindfit_core::{Error, ErrorCode};
use napi::JsError;
use napi::bindgen_prelude::*;

/// The status of a thrown error: what JavaScript sees as `error.code`.
pub struct Code(ErrorCode);

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        self.0.as_str()
    }
}

/// The result of a synchronous call.
pub type Coded<T> = std::result::Result<T, napi::Error<Code>>;

/// The error to throw.
pub fn thrown(error: Error) -> napi::Error<Code> {
    napi::Error::new(Code(error.code), error.message)
}

/// The error to reject a promise with: made on the JavaScript thread, so that it keeps its code.
pub fn rejection(env: Env, error: Error) -> napi::Error {
    napi::Error::from(JsError::from(thrown(error)).into_unknown(env))
}

/// The use of an object after its `release()`.
pub fn released(what: &str) -> Error {
    Error::new(ErrorCode::BadKey, format!("this {what} was released"))
}

/// A bug: a panic that was caught on its way to JavaScript.
pub fn panicked() -> Error {
    Error::new(ErrorCode::Internal, "the native runtime panicked")
}
