/**
 * The native runtime: what the addon gives, and the only place that loads it.
 *
 * It is loaded at the first use, so that tracing, simulation and clear evaluation work where it is not built.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BlindfitError, error, isErrorCode } from '../errors.ts';
import type { PrimitiveTimes } from './measure.ts';

/** A program that the runtime has checked in full. Collected like any object. */
export interface NativeProgram {
  /** SHA-256 of the program's bytes, in hexadecimal. */
  readonly hash: string;
  /** SHA-256 of the program's parameters, in hexadecimal. */
  readonly keyHash: string;
}

/** A secret key in native memory. */
export interface NativeSecretKey {
  evaluationKey(program: NativeProgram): Promise<NativeEvaluationKey>;
  toBytes(program: NativeProgram): Uint8Array;
  release(): void;
}

/** An evaluation key in native memory. */
export interface NativeEvaluationKey {
  toBytes(): Promise<Uint8Array>;
  release(): void;
}

/** A flag that stops the runs that hold it. */
export interface NativeCancel {
  cancel(): void;
}

/** How many native objects of each kind are alive. */
export interface LiveObjects {
  readonly programs: number;
  readonly secretKeys: number;
  readonly evaluationKeys: number;
}

/** The addon's exports. Its errors carry a code of the error table; `attempt` makes them `BlindfitError`s. */
export interface Native {
  readonly NativeProgram: new (json: Uint8Array) => NativeProgram;
  readonly NativeSecretKey: {
    generate(program: NativeProgram): Promise<NativeSecretKey>;
    fromBytes(program: NativeProgram, bytes: Uint8Array): NativeSecretKey;
  };
  readonly NativeEvaluationKey: {
    fromBytes(program: NativeProgram, bytes: Uint8Array): Promise<NativeEvaluationKey>;
  };
  readonly NativeCancel: new () => NativeCancel;
  encrypt(
    program: NativeProgram,
    secret: NativeSecretKey,
    values: Float64Array,
    rows: number,
  ): Uint8Array;
  run(
    program: NativeProgram,
    evaluation: NativeEvaluationKey,
    query: Uint8Array,
    carried: Uint8Array | undefined,
    cancel: NativeCancel,
    onProgress: ((done: number, total: number) => void) | undefined,
  ): Promise<readonly [reply: Uint8Array, carried?: Uint8Array]>;
  decrypt(program: NativeProgram, secret: NativeSecretKey, reply: Uint8Array): Float64Array;
  liveObjects(): LiveObjects;
  measurePrimitives(): Promise<PrimitiveTimes>;
  setThreads(threads: number): void;
}

let loaded: Native | undefined;

/** The addon, loaded at the first call. Throws NATIVE_MISSING where it is not built or does not load. */
export function native(): Native {
  loaded ??= load(new URL('../native/blindfit.node', import.meta.url));
  return loaded;
}

/** How many native objects are alive: for leak tests. */
export function liveObjects(): LiveObjects {
  return native().liveObjects();
}

/** Calls the addon; what it throws becomes a `BlindfitError`. */
export function attempt<T>(call: (native: Native) => T): T {
  const addon = native();
  try {
    return call(addon);
  } catch (cause) {
    throw translate(cause);
  }
}

/** Calls the addon; what its promise rejects with becomes a `BlindfitError`. */
export async function attemptAsync<T>(call: (native: Native) => Promise<T>): Promise<T> {
  const addon = native();
  try {
    return await call(addon);
  } catch (cause) {
    throw translate(cause);
  }
}

/** The addon at an address. Throws NATIVE_MISSING, which says why it does not load and what builds it there. */
export function load(address: URL): Native {
  const path = fileURLToPath(address);
  const refuse = (given: string, cause?: unknown) =>
    error('NATIVE_MISSING', { what: path, given, remedy: remedy(path) }, cause);
  if (!existsSync(path)) throw refuse('no such file');
  try {
    return createRequire(import.meta.url)(path) as Native;
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** The command that builds the addon at `path`: beside its sources, or copied to where the compiled package has it. */
function remedy(path: string): string {
  const compiled = join('dist', 'lib', 'native', 'blindfit.node');
  const command = `node lib/native/build.mjs${path.endsWith(compiled) ? ` ${compiled}` : ''}`;
  return `build it for this machine with \`${command}\` in the folder of the package`;
}

/** The error of a native error: the same code, the native message as what is at fault. */
function translate(cause: unknown): BlindfitError {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return error(isErrorCode(code) ? code : 'INTERNAL', { what: String(message) }, cause);
}
