//! The executor: a query, an evaluation key and a program give a reply.
//!
//! Groups of rows run in waves. A wave's queries are expanded first, then its instructions run as their inputs become
//! ready ([`schedule`]), then the replies are written. How many groups a wave holds follows from their cost, the
//! batches of lookups and the memory they need.

mod control;
mod cost;
mod lane;
mod layers;
mod plan;
mod registers;
mod schedule;
mod steps;

use std::sync::atomic::AtomicBool;

use rayon::prelude::*;

pub use control::Control;
pub use plan::Plan;

use crate::error::{Error, ErrorCode, Result};
use crate::frame::Writer;
use crate::program::Program;
use crate::room::check_room;
use crate::server::EvaluationKey;
use crate::wire::{CarriedMessage, KeyId, QueryMessage, ReplySizes, check_key_id, open_carried, open_reply};
use lane::Lane;
use steps::Run;

/// Runs cheaper than this, in tenths of microseconds, stay on one thread: waking another would cost more.
const QUICK: u64 = 4_000;
/// Work that a wave should hold for each thread, in tenths of microseconds.
const WAVE: u64 = 100_000;
/// Groups, bytes, and instructions and lookups that a wave may hold.
const WAVE_GROUPS: u64 = 1024;
const WAVE_BYTES: u64 = 4 << 30;
const WAVE_INSTRUCTIONS: u64 = 1 << 22;

/// An evaluation key ready for work, and the name of the secret key behind it.
pub struct ServerKey {
    pub id: KeyId,
    pub key: EvaluationKey,
}

/// What a run costs, in microseconds of one thread, roughly: only to choose where to run it.
pub fn estimate(program: &Program, plan: &Plan, rows: u64) -> u64 {
    plan.group_cost().saturating_mul(program.groups(rows)) / 10
}

/// What a run leaves: the bytes of the reply, and of the values for the next run where the program carries any.
pub struct Outcome {
    pub reply: Vec<u8>,
    pub carried: Option<Vec<u8>>,
}

/// Runs a program on a query and on what the run before carried, if any, on the threads of the current pool.
/// Errors: `WRONG_KEY` for a key of other parameters or of another secret key, `BAD_CIPHERTEXT` for carried values of
/// other rows, `CANCELLED`, `OUT_OF_RANGE` when the reply would be too large or memory does not suffice.
pub fn run(
    program: &Program,
    plan: &Plan,
    key: &ServerKey,
    query: &QueryMessage,
    carried: Option<&CarriedMessage>,
    cancel: &AtomicBool,
    on_progress: Option<&(dyn Fn(f64, f64) + Sync)>,
) -> Result<Outcome> {
    if key.key.parameters() != program.parameters() {
        let reason = "this evaluation key was made for other parameters than the program's";
        return Err(Error::new(ErrorCode::WrongKey, reason));
    }
    check_key_id(&query.key, &key.id, "query")?;
    if let Some(carried) = carried {
        check_key_id(&carried.key, &key.id, "list of carried values")?;
        if carried.rows != query.rows {
            let reason = format!("carried values of {} rows for a query of {}", carried.rows, query.rows);
            return Err(Error::new(ErrorCode::BadCiphertext, reason));
        }
    }
    let sizes = ReplySizes::new(program, query.rows)?;
    let groups = program.groups(query.rows);
    let total = plan.group_cost().saturating_mul(groups);
    let control = Control::new(cancel, on_progress, total);
    let run = Run::new(program, plan, &key.key, &control);
    let in_order = total < QUICK;
    let wave = wave_size(program, plan, groups);
    check_room(program.memory.total(), "this run")?;
    let mut reply = open_reply(program, &query.key, query.rows)?;
    let carries = !program.description.carried.is_empty();
    let mut next = if carries { Some(open_carried(program, &query.key, query.rows)?) } else { None };
    for start in (0..groups).step_by(wave) {
        control.check()?;
        let groups = start..groups.min(start + wave as u64);
        let open = |group: u64| {
            let before = carried.map(|carried| carried.row(program, group));
            let lane = Lane::new(program, plan, &key.key, query.group(program, group)?, before, cancel)?;
            control.advance(plan.query_cost);
            Ok(lane)
        };
        let close = |(lane, group): (Lane, u64)| {
            let reply = lane.reply(program, sizes.group(group))?;
            Ok((reply, lane.carried_out(program)?))
        };
        let replies = if in_order {
            let lanes = groups.clone().map(open).collect::<Result<Vec<_>>>()?;
            schedule::execute_in_order(&run, &lanes)?;
            lanes.into_iter().zip(groups).map(close).collect::<Result<Vec<_>>>()?
        } else {
            let lanes = groups.clone().into_par_iter().map(open).collect::<Result<Vec<_>>>()?;
            schedule::execute(&run, &lanes)?;
            let lanes: Vec<_> = lanes.into_iter().zip(groups).collect();
            lanes.into_par_iter().map(close).collect::<Result<Vec<_>>>()?
        };
        for (group, words) in &replies {
            reply.bytes(group);
            next.iter_mut().for_each(|next| next.words(words));
        }
    }
    control.finish();
    Ok(Outcome { reply: reply.finish(), carried: next.map(Writer::finish) })
}

/// Groups of rows that run together: enough to fill all threads and batches of lookups, no more than memory holds.
fn wave_size(program: &Program, plan: &Plan, groups: u64) -> usize {
    let threads = rayon::current_num_threads() as u64;
    let for_threads = (WAVE * threads / plan.group_cost().max(1)).max(threads);
    let for_lookups = if plan.lookup_lanes > 1 { plan.lookup_lanes as u64 * threads } else { 1 };
    let fitting = WAVE_BYTES / program.memory.total().max(1);
    let tracked = WAVE_INSTRUCTIONS / (plan.tracked as u64 + 1);
    for_threads.max(for_lookups).min(fitting).min(tracked).min(groups).clamp(1, WAVE_GROUPS) as usize
}
