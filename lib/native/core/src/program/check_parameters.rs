//! Validation of the parameter set: shapes that the kernels support, and keys that fit in memory.

use super::check::Place;
use super::limits;
use crate::error::Result;
use crate::parameters::Parameters;

/// Checks every number of `parameters` and the size of the keys that they ask for.
pub fn check_parameters(parameters: &Parameters) -> Result<()> {
    let place = Place::Root("parameters");
    parameters.validate().map_err(|cause| place.refuse(cause.message))?;
    let bytes = key_bytes(parameters);
    if bytes > limits::RUN_BYTES {
        return Err(place.refuse(format!("keys would take {bytes} bytes, at most {}", limits::RUN_BYTES)));
    }
    Ok(())
}

/// Bytes of the expanded evaluation keys. Validated shapes are small enough that no step overflows.
pub fn key_bytes(parameters: &Parameters) -> u64 {
    let size = parameters.polynomial_size() as u64;
    let row_keys = parameters.packed_rows().into_iter().chain(parameters.circuit_rows()).map(|keys| {
        // A row's mask is held in two halves in automorphism keys.
        let rows = u64::from(keys.log2_coefficients) * u64::from(keys.automorphism.level_count) * 3
            + u64::from(keys.square.level_count) * 2;
        rows * size * 8
    });
    let lookups = parameters.lookups.iter().map(|lookup| {
        let dimension = lookup.lwe_dimension as u64;
        let bootstrap = dimension * u64::from(lookup.bootstrap.level_count) * 4 * size * 8;
        let keyswitch = size * u64::from(lookup.keyswitch.level_count) * (dimension + 1) * 4;
        bootstrap + keyswitch
    });
    row_keys.sum::<u64>() + lookups.sum::<u64>()
}
