import type { PrimitiveTimes } from '../../runtime/measure.ts';

/**
 * Times of the primitives that all work is counted in, of one core at N = 2048.
 *
 * The default figures are of an AMD EPYC (Zen 4). To repeat that on a quiet machine: `cargo run --release --example
 * kernels` in lib/native/core; its last lines are the times by the names used here, and kernels to compare the formulas
 * of `cost.ts` with.
 */
export type Calibration = PrimitiveTimes;

/** The figures where nothing was measured: the same on every machine. */
export const defaultCalibration: Calibration = {
  forwardTransform: 1.8,
  inverseTransform: 2.2,
  pointwise: 0.23,
  pass: 0.28,
  keyswitchThousand: 0.07,
  keyBytesPerMicrosecond: 16000,
  maskKilobyte: 0.16,
};
