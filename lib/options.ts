import type { OnProgress } from './progress.ts';

/**
 * The last argument of every call that may take long.
 *
 * `signal`: abort rejects the call with `signal.reason`, at once if it is already aborted.
 * `onProgress`: told of each stage as it advances.
 */
export interface LongWorkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}
