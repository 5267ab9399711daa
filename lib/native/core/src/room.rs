//! Memory is asked for before it is used: Rust ends the process where an allocation fails.

use crate::error::{Error, ErrorCode, Result};

/// Checks that the system would give `bytes` bytes now. It may still run out later; what it could never give is found.
/// Errors: `OUT_OF_RANGE`, naming `what` needs the memory.
pub(crate) fn check_room(bytes: u64, what: &str) -> Result<()> {
    let room = usize::try_from(bytes).is_ok_and(|bytes| Vec::<u8>::new().try_reserve_exact(bytes).is_ok());
    if room {
        return Ok(());
    }
    Err(Error::new(ErrorCode::OutOfRange, format!("{what} needs {bytes} bytes of memory, which there are not")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_machine_has_is_refused() {
        assert!(check_room(1 << 20, "a test").is_ok());
        let error = check_room(1 << 60, "a test").unwrap_err();
        assert_eq!(error.code, ErrorCode::OutOfRange);
        assert!(error.message.contains("a test needs 1152921504606846976 bytes"), "{error}");
    }
}
