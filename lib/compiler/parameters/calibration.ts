/**
 * Times of the primitives that all work is counted in, of one core at N = 2048.
 *
 * The default figures are of an AMD EPYC (Zen 4). To repeat that on a quiet machine: `cargo run --release --example
 * kernels` in lib/native/core; its last lines are the times by the names used here, and kernels to compare the formulas
 * of `cost.ts` with.
 */
export interface Calibration {
  /** Decompose or convert one polynomial and transform it, microseconds. */
  readonly forwardTransform: number;
  /** Transform back one polynomial and add it to the torus, microseconds. */
  readonly inverseTransform: number;
  /** Multiply and accumulate one transformed polynomial, microseconds. */
  readonly pointwise: number;
  /** Add, copy, rotate or permute one polynomial of u64, microseconds. */
  readonly pass: number;
  /** One thousand multiply-adds of a u32 keyswitch, batched, microseconds. */
  readonly keyswitchThousand: number;
  /** Bytes of bootstrap key streamed in a microsecond, shared by a batch. */
  readonly keyBytesPerMicrosecond: number;
  /** Expand one kilobyte of a seeded mask, microseconds. */
  readonly maskKilobyte: number;
}

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
