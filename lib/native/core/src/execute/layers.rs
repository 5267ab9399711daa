//! One batch of a layer of bootstraps over several groups of rows.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::lane::Lane;
use super::steps::{Run, internal};
use crate::ciphertext::Lwe;
use crate::error::Result;
use crate::program::BitSource;
use crate::program::format::{self, CircuitItem, Instruction, LookupItem};
use crate::server::{self, Workspace, circuit_bootstrap_batch, lookup_batch};

impl Run<'_> {
    /// Executes bootstraps of a layer; number `i` of `range` is item `i / lanes` on lane `i mod lanes`, so that a batch
    /// shares test polynomials.
    pub fn batch(&self, instruction: &Instruction, lanes: &[Lane], range: Range<usize>) -> Result<()> {
        match instruction {
            Instruction::Bootstrap { lookup, items } => self.lookups(*lookup as usize, items, lanes, range),
            Instruction::CircuitBootstrap { items } => self.circuit_bootstraps(items, lanes, range),
            _ => Err(internal("an instruction that is no layer")),
        }
    }

    fn lookups(&self, class: usize, items: &[LookupItem], lanes: &[Lane], range: Range<usize>) -> Result<()> {
        let place = |index: usize| (&items[index / lanes.len()], &lanes[index % lanes.len()]);
        let section = self.program.sections.small[class].map(|(section, _)| section);
        let mut tables: HashMap<u32, Vec<u64>> = HashMap::new();
        for index in range.clone() {
            let polynomial = place(index).0.polynomial;
            tables.entry(polynomial).or_insert_with(|| self.table(class, polynomial));
        }
        let read = |index: usize| match place(index) {
            (LookupItem { input: format::LookupInput::Lwe(source), .. }, lane) => {
                lane.lwe.read(*source as usize).map(Some)
            }
            _ => Ok(None),
        };
        let inputs = range.clone().map(read).collect::<Result<Vec<Option<Arc<Lwe>>>>>()?;
        let positions = |item: &LookupItem| item.outputs.iter().map(|(position, _)| *position as usize).collect();
        let positions: Vec<Vec<usize>> = range.clone().map(|index| positions(place(index).0)).collect();
        let batch = range.clone().zip(inputs.iter().zip(&positions)).map(|(index, (input, positions))| {
            let (item, lane) = place(index);
            let input = match (input, item.input, section) {
                (Some(lwe), ..) => server::LookupInput::Large(lwe),
                (None, format::LookupInput::Small(slot), Some(section)) => {
                    server::LookupInput::Small(lane.small(section, slot as usize)?)
                }
                _ => return Err(internal("a lookup without its input")),
            };
            Ok(server::LookupItem { input, polynomial: &tables[&item.polynomial], positions })
        });
        let batch = batch.collect::<Result<Vec<_>>>()?;
        let mut workspace = self.workspaces.take(|| Workspace::new(self.size()));
        let outputs = lookup_batch(&self.key.lookups()[class], &batch, &mut workspace, self.control.cancel())?;
        self.workspaces.give(workspace);
        drop(batch);
        for ((index, input), outputs) in range.zip(inputs).zip(outputs) {
            let (item, lane) = place(index);
            if let (Some(lwe), format::LookupInput::Lwe(source)) = (input, item.input) {
                self.release_lwe(lane, source, lwe);
            }
            for ((_, target), lwe) in item.outputs.iter().zip(outputs) {
                self.write_lwe(lane, *target, lwe);
            }
        }
        Ok(())
    }

    fn circuit_bootstraps(&self, items: &[CircuitItem], lanes: &[Lane], range: Range<usize>) -> Result<()> {
        let place = |index: usize| (&items[index / lanes.len()], &lanes[index % lanes.len()]);
        let read = |index: usize| {
            let (item, lane) = place(index);
            lane.lwe.read(item.input as usize)
        };
        let inputs = range.clone().map(read).collect::<Result<Vec<Arc<Lwe>>>>()?;
        let batch = range.clone().zip(&inputs).map(|(index, input)| server::CircuitItem {
            input,
            output_scale: place(index).0.output.map(|output| output.scale_log),
        });
        let batch: Vec<_> = batch.collect();
        let mut workspace = self.workspaces.take(|| Workspace::new(self.size()));
        let made = circuit_bootstrap_batch(self.key, &batch, &mut workspace, self.control.cancel())?;
        self.workspaces.give(workspace);
        drop(batch);
        for ((index, input), made) in range.zip(inputs).zip(made) {
            let (item, lane) = place(index);
            self.release_lwe(lane, item.input, input);
            let BitSource::Computed { index } = self.program.sections.bit(item.bit) else {
                return Err(internal("a computed bit among those of the query"));
            };
            lane.computed.write(index as usize, made.bit);
            if let Some((output, lwe)) = item.output.zip(made.output) {
                self.write_lwe(lane, output.target, lwe);
            }
        }
        Ok(())
    }
}
