//! What the primitives cost on the machine at hand.

use crate::server::Primitives;
use std::hint::black_box;
use std::time::Instant;

/// Times of one thread, by the names and in the units of the table in `lib/compiler/parameters/calibration.ts`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrimitiveTimes {
    /// Decompose one polynomial and transform it, microseconds.
    pub forward_transform: f64,
    /// Transform back one polynomial and add it to the torus, microseconds.
    pub inverse_transform: f64,
    /// Multiply and accumulate one transformed polynomial, microseconds.
    pub pointwise: f64,
    /// Rotate one polynomial and add it to another, microseconds.
    pub pass: f64,
    /// One thousand multiply-adds of a u32 keyswitch, batched, microseconds.
    pub keyswitch_thousand: f64,
    /// Bytes of bootstrap key that arrive in a microsecond.
    pub key_bytes_per_microsecond: f64,
    /// Expand one kilobyte of a seeded mask, microseconds.
    pub mask_kilobyte: f64,
}

/// Each primitive is measured once a round: other work on the machine seldom lasts through all of them.
const ROUNDS: usize = 6;
/// Calls that are timed together where one is too short for the clock, and how often in a round.
const CALLS: usize = 16;
const BATCHES: usize = 5;

type Kernel = fn(&mut Primitives);

/// Measures for about a tenth of a second, on the calling thread. Of each primitive it takes the least time that it saw:
/// whatever disturbs a measurement makes it longer.
pub fn measure_primitives() -> PrimitiveTimes {
    // The keyswitch follows what drives its key out of the caches.
    let kernels: [(Kernel, usize); 8] = [
        (Primitives::forward_transforms, CALLS),
        (Primitives::inverse_transform, CALLS),
        (Primitives::pointwise, CALLS),
        (Primitives::pass, CALLS),
        (Primitives::mask, CALLS),
        (Primitives::repeat_row, 1),
        (Primitives::stream_key, 1),
        (Primitives::keyswitch, 1),
    ];
    let mut primitives = Primitives::new();
    let mut least = [f64::INFINITY; 8];
    for _ in 0..ROUNDS {
        for (least, (kernel, calls)) in least.iter_mut().zip(kernels) {
            *least = least.min(time_of(&mut primitives, kernel, calls));
        }
    }
    let [forward, inverse, pointwise, pass, mask, repeated, streamed, keyswitch] = least;
    // Where the caches hold the whole key, the two take the same time, give or take.
    let arrival = (streamed - repeated).max(streamed / 100.0);
    PrimitiveTimes {
        forward_transform: forward / Primitives::SQUARE_LEVELS as f64,
        inverse_transform: inverse,
        pointwise: pointwise / (2 * Primitives::SQUARE_LEVELS) as f64,
        pass,
        keyswitch_thousand: keyswitch * 1000.0 / Primitives::KEYSWITCH_PRODUCTS as f64,
        key_bytes_per_microsecond: Primitives::BOOTSTRAP_BYTES as f64 / arrival,
        mask_kilobyte: mask / Primitives::MASK_KILOBYTES as f64,
    }
}

/// Least time of one call, in microseconds.
fn time_of(primitives: &mut Primitives, kernel: Kernel, calls: usize) -> f64 {
    let batches = if calls == 1 { 1 } else { BATCHES };
    let batch = |_| {
        let start = Instant::now();
        (0..calls).for_each(|_| kernel(black_box(primitives)));
        start.elapsed().as_secs_f64() * 1e6 / calls as f64
    };
    (0..batches).map(batch).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_one() {
        let times = measure_primitives();
        let PrimitiveTimes { forward_transform, inverse_transform, pointwise, pass, .. } = times;
        let PrimitiveTimes { keyswitch_thousand, key_bytes_per_microsecond, mask_kilobyte, .. } = times;
        for time in [forward_transform, inverse_transform, pointwise, pass, keyswitch_thousand, mask_kilobyte] {
            assert!(time > 0.0 && time < 1e4, "{times:?}");
        }
        assert!(key_bytes_per_microsecond > 1.0 && key_bytes_per_microsecond.is_finite(), "{times:?}");
    }
}
