//! The largest program, key and run that this runtime accepts.
//!
//! A program comes from somewhere else and is not trusted: nothing is allocated by a number in it that these limits
//! did not bound first. Security does not depend on them: noise follows from the dimensions alone.

/// Bytes of program text.
pub const PROGRAM_BYTES: usize = 256 << 20;
/// Bytes that one group of rows may need at once while it runs, and bytes of expanded keys.
pub const RUN_BYTES: u64 = 16 << 30;
/// Bytes of one query or reply, and of the values that a reply decrypts to.
pub const MESSAGE_BYTES: u64 = 4 << 30;
/// Rows of one query.
pub const ROWS: u64 = 1 << 24;
/// Integers that doubles hold exactly.
pub const INTEGER: i64 = 1 << 53;
/// Instructions ahead of the oldest unfinished one that may start: bounds the memory of out-of-order execution.
pub const WINDOW: usize = 1024;
