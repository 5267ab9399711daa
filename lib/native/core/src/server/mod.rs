//! The server half: the kernels of a program's instructions. It knows no secret key, and the types make it so.
//!
//! In the order of a run: [`EvaluationKey::expand`] prepares keys, [`expand_linear`], [`expand_small`],
//! [`expand_packed`] and [`expand_unpacked`] prepare a query; [`linear`], [`cmux`], [`select`], [`combine`],
//! [`extract`], [`embed`], [`sum`], [`lookup_batch`] and [`circuit_bootstrap_batch`] compute; [`switch_modulus`] shrinks the reply.
//! A [`Workspace`] holds the buffers of one thread. [`measure_primitives`] tells what all that is made of costs here.

mod bits;
mod bootstrap;
mod circuit;
mod cmux;
mod expand;
mod key;
mod keyswitch;
mod leveled;
mod linear;
mod measure;
mod permutation;
mod primitives;
mod product;
mod query;
mod recycle;
mod rotation;
mod workspace;

#[cfg(test)]
mod tests;

pub use bits::{BitRegisters, expand_packed, expand_unpacked};
pub use bootstrap::{LookupInput, LookupItem, lookup_batch};
pub use circuit::{CircuitBit, CircuitItem, circuit_bootstrap_batch};
pub use cmux::{Operand, cmux, select};
pub use key::{EvaluationKey, LookupKey};
pub use leveled::{combine, embed, extract, sum, switch_modulus};
pub use linear::linear;
pub use measure::{PrimitiveTimes, measure_primitives};
pub use primitives::Primitives;
pub use query::{expand_linear, expand_small};
pub use workspace::{PooledWorkspace, Workspace, WorkspacePool};
