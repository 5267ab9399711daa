/** Stand-in until the compiler is there: the part of its interface that estimators use. */
import { error } from '../lib/errors.ts';
import type { LongWorkOptions } from '../lib/options.ts';
import type { ArrayLike, ClearArray } from '../tracer/tensor.ts';
import type { Traced } from '../tracer/value.ts';

export interface CompileOptions {
  readonly pError?: number | undefined;
}
export interface Circuit {
  encryptRunDecryptBatch(args: readonly ArrayLike[], options?: LongWorkOptions): Promise<ClearArray>;
  simulateBatch(args: readonly ArrayLike[]): Promise<ClearArray>;
  toJSON(): unknown;
}
export const encrypted = {
  range: (min: number, max: number, shape: readonly number[]): object => ({ min, max, shape }),
};
export async function compile(
  _program: (codes: Traced) => Traced,
  _inputs: { readonly x: object },
  _options: CompileOptions,
): Promise<Circuit> {
  throw error('UNSUPPORTED');
}
export function restoreCircuit(_json: unknown): Circuit {
  throw error('UNSUPPORTED');
}
