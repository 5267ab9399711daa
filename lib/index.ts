/**
 * Entry point `blindfit`: compile a function of arrays, run it on encrypted inputs.
 */
export { type CalibrationOption, machineCalibration } from './compiler/calibrate.ts';
export type { CarriedInput, CarriedInputs } from './compiler/carried.ts';
export { Circuit, type Outputs } from './compiler/circuit.ts';
export { type CompileOptions, compile } from './compiler/compile.ts';
export type { NoiseReport, RoundingNoise } from './compiler/noise-report.ts';
export type { Calibration } from './compiler/parameters/calibration.ts';
export type { CircuitInput } from './compiler/rows.ts';
export {
  type ClearType,
  clear,
  type EncryptedType,
  encrypted,
  type InputSpecs,
} from './compiler/specs.ts';
export type { Statistics } from './compiler/statistics.ts';
export { BlindfitError, type ErrorCode } from './errors.ts';
export type { LongWorkOptions } from './options.ts';
export type { OnProgress, Progress } from './progress.ts';
export type { Carried, Query, Reply } from './runtime/ciphertexts.ts';
export { EvaluationKey, type Keys, SecretKey } from './runtime/keys.ts';
export type { Program } from './runtime/program.ts';
export type { Outcome } from './runtime/run.ts';
