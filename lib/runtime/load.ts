/** Programs on their way from data to something that runs. */
import { attempt, type NativeProgram } from './native.ts';
import type { Program } from './program.ts';

/** A program that the native runtime has read and checked. Immutable; share it freely. */
export interface LoadedProgram {
  readonly program: Program;
  /** SHA-256 of the program, in hexadecimal: queries and replies belong to one hash. */
  readonly hash: string;
  /** SHA-256 of the program's parameters, in hexadecimal: keys serve all programs of one key hash. */
  readonly keyHash: string;
  readonly native: NativeProgram;
}

/**
 * Hands a program to the native runtime, which checks every number of it.
 * Throws BAD_PROGRAM, naming the instruction and field, and NATIVE_MISSING.
 */
export function loadProgram(program: Program): LoadedProgram {
  const bytes = programBytes(program);
  const native = attempt((addon) => new addon.NativeProgram(bytes));
  return { program, hash: native.hash, keyHash: native.keyHash, native };
}

/** The bytes whose SHA-256 is the program's hash: its JSON text in UTF-8. */
export function programBytes(program: Program): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(program));
}
