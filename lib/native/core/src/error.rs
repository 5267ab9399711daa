//! The one error type of the crate: a stable code and a message.

use std::fmt;

/// What went wrong, in a form that programs can compare. The names are part of the interface with JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    BadProgram,
    BadKey,
    BadCiphertext,
    WrongKey,
    WrongProgram,
    OutOfRange,
    Cancelled,
    DecryptionFailed,
    RandomnessUnavailable,
    Internal,
}

impl ErrorCode {
    /// The stable name, as JavaScript sees it in `error.code`.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCode::BadProgram => "BAD_PROGRAM",
            ErrorCode::BadKey => "BAD_KEY",
            ErrorCode::BadCiphertext => "BAD_CIPHERTEXT",
            ErrorCode::WrongKey => "WRONG_KEY",
            ErrorCode::WrongProgram => "WRONG_PROGRAM",
            ErrorCode::OutOfRange => "OUT_OF_RANGE",
            ErrorCode::Cancelled => "CANCELLED",
            ErrorCode::DecryptionFailed => "DECRYPTION_FAILED",
            ErrorCode::RandomnessUnavailable => "RANDOMNESS_UNAVAILABLE",
            ErrorCode::Internal => "INTERNAL",
        }
    }
}

/// An error with its code and a message that says what was given and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub code: ErrorCode,
    pub message: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The run was cancelled by its owner.
    pub fn cancelled() -> Self {
        Self::new(ErrorCode::Cancelled, "the run was cancelled")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Error {}

/// `Ok` when two sizes agree, else an error with `code` that names `what`.
pub(crate) fn check_size(code: ErrorCode, what: &str, given: usize, wanted: usize) -> Result<()> {
    if given == wanted { Ok(()) } else { Err(Error::new(code, format!("{what}: given {given}, wanted {wanted}"))) }
}
