//! Runs the instructions of a wave of lanes on all threads of a pool, as their inputs become ready.
//!
//! Ready work waits in program order, so that values die young. A thread that finishes a CMUX first takes another one of
//! the same bit, whose GGSW ciphertext is then in its cache (it is ten times as large as a GLWE), else the first ready
//! step. A layer of bootstraps waits for all lanes and is then cut in batches for all threads. No step starts more than
//! [`limits::WINDOW`] instructions ahead of the oldest unfinished one of its lane: that bounds memory.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::Scope;

use super::lane::Lane;
use super::plan::Layer;
use super::steps::Run;
use crate::error::{Error, Result};
use crate::program::format::Instruction;
use crate::program::{BitSource, limits};

/// An instruction on one lane, or one batch of a layer. The order is the order of execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    /// Lanes run in lockstep where lookups batch over them, else one after the other.
    rank: u32,
    instruction: u32,
    /// Lane, or for a layer the number of the batch.
    part: u32,
}

impl Step {
    const FIRST: Step = Step { rank: 0, instruction: 0, part: 0 };
}

struct Schedule<'a> {
    run: &'a Run<'a>,
    lanes: &'a [Lane],
    lockstep: bool,
    threads: usize,
    /// Per lane and instruction, registers that are still to be written.
    waits: Vec<AtomicU32>,
    /// Per instruction, lanes (before it starts) that a layer waits for.
    layer_waits: Vec<AtomicU32>,
    /// Per instruction, batches of a layer that are not finished.
    batches_left: Vec<AtomicU32>,
    state: Mutex<State>,
}

/// A bit of a lane.
type LaneBit = (u32, u32);

struct State {
    ready: BTreeSet<Step>,
    /// The ready steps that are CMUXes, by their bits.
    ready_of_bit: BTreeSet<(LaneBit, Step)>,
    /// Threads that take steps.
    workers: usize,
    /// Per lane: which instructions are finished, and the first that is not.
    finished: Vec<Vec<bool>>,
    oldest: Vec<usize>,
    failure: Option<Error>,
}

/// Executes all instructions on all lanes, on the current pool. Errors: the first of any step; the rest is dropped.
pub fn execute(run: &Run, lanes: &[Lane]) -> Result<()> {
    let schedule = Schedule::new(run, lanes);
    rayon::scope(|scope| {
        let state = schedule.lock();
        schedule.recruit(scope, state);
    });
    let failure = schedule.lock().failure.take();
    failure.map_or(Ok(()), Err)
}

/// Executes all instructions on all lanes in order on this thread: for programs that are over before a second thread
/// wakes up.
pub fn execute_in_order(run: &Run, lanes: &[Lane]) -> Result<()> {
    for (index, instruction) in run.program.description.instructions.iter().enumerate() {
        run.control.check()?;
        match Layer::of(run.program, instruction) {
            Some(Layer { items, batch }) => {
                let total = items * lanes.len();
                for start in (0..total).step_by(batch) {
                    run.batch(instruction, lanes, start..total.min(start + batch))?;
                }
            }
            None => lanes.iter().try_for_each(|lane| run.step(instruction, lane))?,
        }
        run.control.advance(run.plan.costs[index].saturating_mul(lanes.len() as u64));
    }
    Ok(())
}

impl<'a> Schedule<'a> {
    fn new(run: &'a Run<'a>, lanes: &'a [Lane]) -> Self {
        let instructions = &run.program.description.instructions;
        let lockstep = instructions.iter().any(|instruction| Layer::of(run.program, instruction).is_some());
        let counters = |values: &[u32]| values.iter().map(|value| AtomicU32::new(*value)).collect::<Vec<_>>();
        let layers = if lockstep { instructions.len() } else { 0 };
        let state = State {
            ready: BTreeSet::new(),
            ready_of_bit: BTreeSet::new(),
            workers: 0,
            finished: vec![vec![false; instructions.len()]; lanes.len()],
            oldest: vec![0; lanes.len()],
            failure: None,
        };
        let schedule = Self {
            run,
            lanes,
            lockstep,
            threads: rayon::current_num_threads(),
            waits: lanes.iter().flat_map(|_| counters(&run.plan.waits)).collect(),
            layer_waits: counters(&vec![lanes.len() as u32; layers]),
            batches_left: counters(&vec![0; layers]),
            state: Mutex::new(state),
        };
        let mut state = schedule.lock();
        for lane in 0..lanes.len() {
            for (index, _) in run.plan.waits.iter().enumerate().filter(|(_, waits)| **waits == 0) {
                schedule.make_ready(&mut state, lane, index);
            }
        }
        drop(state);
        schedule
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts as many more workers as there is work for.
    fn recruit<'s>(&'s self, scope: &Scope<'s>, mut state: MutexGuard<State>) {
        let wanted = self.threads.min(state.workers + state.ready.len());
        let more = wanted.saturating_sub(state.workers);
        state.workers += more;
        drop(state);
        for _ in 0..more {
            scope.spawn(|scope| self.work(scope));
        }
    }

    /// Takes steps until none is ready.
    fn work<'s>(&'s self, scope: &Scope<'s>) {
        let mut state = self.lock();
        let mut bit = None;
        while let Some(step) = self.next(&mut state, bit) {
            bit = self.bit(step);
            // One more worker for each further ready step; each recruits the next.
            self.recruit(scope, state);
            let outcome = self.run.control.check().and_then(|()| self.perform(step));
            state = self.lock();
            match outcome {
                Ok(()) => self.complete(&mut state, step),
                Err(failure) => {
                    state.failure.get_or_insert(failure);
                }
            }
        }
        state.workers -= 1;
    }

    /// The first ready step of `bit`, or else of all; none when the run has failed or the step is too far ahead.
    fn next(&self, state: &mut State, bit: Option<LaneBit>) -> Option<Step> {
        if state.failure.is_some() {
            return None;
        }
        let same_bit = bit.and_then(|bit| {
            let (found, step) = state.ready_of_bit.range((bit, Step::FIRST)..).next()?;
            (*found == bit && self.is_near(state, *step)).then_some(*step)
        });
        let first = || state.ready.first().copied().filter(|step| self.is_near(state, *step));
        let step = same_bit.or_else(first)?;
        state.ready.remove(&step);
        if let Some(bit) = self.bit(step) {
            state.ready_of_bit.remove(&(bit, step));
        }
        Some(step)
    }

    /// Tells whether a step is inside the window of its lane.
    fn is_near(&self, state: &State, step: Step) -> bool {
        self.is_layer(step) || step.instruction as usize <= state.oldest[step.part as usize] + limits::WINDOW
    }

    /// The bit of a CMUX, where it has a GGSW ciphertext.
    fn bit(&self, step: Step) -> Option<LaneBit> {
        let program = self.run.program;
        let Instruction::Cmux { bit, .. } = program.description.instructions[step.instruction as usize] else {
            return None;
        };
        let clear = matches!(program.sections.bit(bit), BitSource::Clear { .. });
        (!clear).then_some((step.part, bit))
    }

    fn is_layer(&self, step: Step) -> bool {
        self.layer(step.instruction as usize).is_some()
    }

    fn layer(&self, index: usize) -> Option<Layer> {
        Layer::of(self.run.program, &self.run.program.description.instructions[index])
    }

    fn perform(&self, step: Step) -> Result<()> {
        let index = step.instruction as usize;
        let instruction = &self.run.program.description.instructions[index];
        let cost = self.run.plan.costs[index];
        if let Some(layer) = self.layer(index) {
            let total = layer.items * self.lanes.len();
            let batches = self.batch_count(layer);
            let batch = step.part as usize;
            let range = total * batch / batches..total * (batch + 1) / batches;
            let work = cost / layer.items.max(1) as u64 * range.len() as u64;
            self.run.batch(instruction, self.lanes, range)?;
            self.run.control.advance(work);
        } else {
            self.run.step(instruction, &self.lanes[step.part as usize])?;
            self.run.control.advance(cost);
        }
        Ok(())
    }

    /// Batches of a layer on all lanes, as many for each thread as for any other.
    fn batch_count(&self, layer: Layer) -> usize {
        let total = layer.items * self.lanes.len();
        let full = total.div_ceil(layer.batch);
        full.next_multiple_of(self.threads).min(total).max(1)
    }

    /// Notes that a step is done, and what became ready by that.
    fn complete(&self, state: &mut State, step: Step) {
        let index = step.instruction as usize;
        if !self.is_layer(step) {
            return self.finish(state, step.part as usize, index);
        }
        if self.batches_left[index].fetch_sub(1, Ordering::AcqRel) == 1 {
            (0..self.lanes.len()).for_each(|lane| self.finish(state, lane, index));
        }
    }

    /// An instruction is done on a lane.
    fn finish(&self, state: &mut State, lane: usize, index: usize) {
        let count = self.run.plan.waits.len();
        for successor in self.run.plan.successors(index) {
            let successor = *successor as usize;
            if self.waits[lane * count + successor].fetch_sub(1, Ordering::AcqRel) == 1 {
                self.make_ready(state, lane, successor);
            }
        }
        state.finished[lane][index] = true;
        while state.finished[lane].get(state.oldest[lane]) == Some(&true) {
            state.oldest[lane] += 1;
        }
    }

    /// An instruction has its inputs on a lane; a layer starts when it has them on all lanes.
    fn make_ready(&self, state: &mut State, lane: usize, index: usize) {
        let instruction = index as u32;
        let rank = |lane: usize| if self.lockstep { instruction } else { lane as u32 };
        let Some(layer) = self.layer(index) else {
            let step = Step { rank: rank(lane), instruction, part: lane as u32 };
            state.ready.insert(step);
            state.ready_of_bit.extend(self.bit(step).map(|bit| (bit, step)));
            return;
        };
        if self.layer_waits[index].fetch_sub(1, Ordering::AcqRel) == 1 {
            let batches = self.batch_count(layer) as u32;
            self.batches_left[index].store(batches, Ordering::Release);
            state.ready.extend((0..batches).map(|part| Step { rank: instruction, instruction, part }));
        }
    }
}
