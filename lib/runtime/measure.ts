/** What the primitives of the native runtime cost on this machine. */
import { attemptAsync } from './native.ts';

/** Times of one thread at N = 2048: the part of the compiler's cost table that depends on the machine. */
export interface PrimitiveTimes {
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
  /** Bytes of bootstrap key streamed in a microsecond. */
  readonly keyBytesPerMicrosecond: number;
  /** Expand one kilobyte of a seeded mask, microseconds. */
  readonly maskKilobyte: number;
}

/**
 * Measures the primitives for about a tenth of a second, off the JavaScript thread and after the runs that wait. The
 * times are the least of several rounds, so that other work on the machine disturbs them little.
 *
 * Rejects with NATIVE_MISSING.
 */
export function measurePrimitives(): Promise<PrimitiveTimes> {
  return attemptAsync((addon) => addon.measurePrimitives());
}
