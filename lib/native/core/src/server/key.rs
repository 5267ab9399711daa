//! The evaluation key in the form that computes: half keys and bootstrap keys in the Fourier domain.

use crate::error::Result;
use crate::keys::SeededEvaluationKey;
use crate::parameters::{LookupParameters, Parameters};

/// The keys of one lookup class.
pub struct LookupKey {
    parameters: LookupParameters,
}

impl LookupKey {
    pub fn parameters(&self) -> &LookupParameters {
        &self.parameters
    }
}

/// The expanded evaluation key; share it with `Arc`.
pub struct EvaluationKey {
    parameters: Parameters,
    lookups: Vec<LookupKey>,
}

impl EvaluationKey {
    /// Expands seeds and goes to the Fourier domain, on all threads of the current pool. Errors: `BAD_KEY`.
    pub fn expand(parameters: &Parameters, seeded: &SeededEvaluationKey) -> Result<Self> {
        seeded.validate(parameters)?;
        let lookups = parameters.lookups.iter().map(|&parameters| LookupKey { parameters }).collect();
        Ok(Self { parameters: parameters.clone(), lookups })
    }

    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The keys of each lookup class.
    pub fn lookups(&self) -> &[LookupKey] {
        &self.lookups
    }
}
