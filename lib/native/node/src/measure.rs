//! What the primitives of the core cost on this machine, as a promise.

use blindfit_core::server::measure_primitives as measure;
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::error::Code;
use crate::promise::promise;
use crate::threads::LONG;

/// Times of one thread, in microseconds but for the bytes: see the core's `PrimitiveTimes`.
#[napi(object)]
pub struct PrimitiveTimes {
    pub forward_transform: f64,
    pub inverse_transform: f64,
    pub pointwise: f64,
    pub pass: f64,
    pub keyswitch_thousand: f64,
    pub key_bytes_per_microsecond: f64,
    pub mask_kilobyte: f64,
}

/// Measures for about a tenth of a second on the pool of long work, after the runs that wait there.
#[napi(catch_unwind, ts_return_type = "Promise<PrimitiveTimes>")]
pub fn measure_primitives<'env>(env: &'env Env) -> Result<Object<'env>, Code> {
    promise(
        env,
        LONG,
        || Ok(measure()),
        |_, times| PrimitiveTimes {
            forward_transform: times.forward_transform,
            inverse_transform: times.inverse_transform,
            pointwise: times.pointwise,
            pass: times.pass,
            keyswitch_thousand: times.keyswitch_thousand,
            key_bytes_per_microsecond: times.key_bytes_per_microsecond,
            mask_kilobyte: times.mask_kilobyte,
        },
    )
}
