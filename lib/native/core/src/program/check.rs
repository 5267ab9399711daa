//! The vocabulary of validation: where in the program a number stands, and the refusals that name the place.

use std::fmt::Display;

use super::limits;
use crate::error::{Error, ErrorCode, Result};

/// A place in the program, such as `instructions[3].terms[1]`, spelled only when something is wrong there.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    Root(&'a str),
    Field(&'a Place<'a>, &'a str),
    Index(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    pub fn field(&'a self, name: &'a str) -> Place<'a> {
        Place::Field(self, name)
    }

    pub fn index(&'a self, index: usize) -> Place<'a> {
        Place::Index(self, index)
    }

    /// The refusal of what stands here: BAD_PROGRAM.
    pub fn refuse(&self, reason: impl Display) -> Error {
        Error::new(ErrorCode::BadProgram, format!("{self}: {reason}"))
    }

    /// The value, if it is one of `allowed`.
    pub fn within<T>(&self, value: T, allowed: std::ops::RangeInclusive<T>) -> Result<T>
    where
        T: PartialOrd + Display,
    {
        if allowed.contains(&value) {
            Ok(value)
        } else {
            Err(self.refuse(format!("{value} is not in [{}, {}]", allowed.start(), allowed.end())))
        }
    }

    /// The value as an index, if it is one of `count` things called `what`.
    pub fn one_of(&self, value: u32, count: usize, what: &str) -> Result<usize> {
        let index = value as usize;
        if index < count { Ok(index) } else { Err(self.refuse(format!("{value} is none of the {count} {what}"))) }
    }

    /// An integer that a double holds exactly.
    pub fn integer(&self, value: i64) -> Result<i64> {
        self.within(value, -limits::INTEGER..=limits::INTEGER)
    }

    /// The exponent of a scale on the 64-bit torus.
    pub fn scale(&self, value: u32) -> Result<u32> {
        self.within(value, 0..=63)
    }
}

impl Display for Place<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Root(name) => formatter.write_str(name),
            Place::Field(parent, name) => write!(formatter, "{parent}.{name}"),
            Place::Index(parent, index) => write!(formatter, "{parent}[{index}]"),
        }
    }
}

/// Marks the coefficients that something occupies; a second mark on the same one is refused.
pub struct Occupied {
    taken: Vec<bool>,
}

impl Occupied {
    /// `size` coefficients (already bounded), none taken.
    pub fn new(size: usize) -> Self {
        Self { taken: vec![false; size] }
    }

    /// Takes `position + row * stride` for each of `rows` rows.
    pub fn take(&mut self, place: &Place, position: u32, stride: u32, rows: u32) -> Result<()> {
        for row in 0..u64::from(rows) {
            let coefficient = u64::from(position) + row * u64::from(stride);
            let slot = usize::try_from(coefficient).ok().and_then(|index| self.taken.get_mut(index));
            match slot {
                None => {
                    let size = self.taken.len();
                    return Err(place.refuse(format!("row {row} would be coefficient {coefficient}, of {size}")));
                }
                Some(true) => return Err(place.refuse(format!("coefficient {coefficient} is taken already"))),
                Some(taken) => *taken = true,
            }
        }
        Ok(())
    }
}
