/** Running a program on encrypted inputs: the server's half. It takes an evaluation key and never a secret one. */
import { BlindfitError } from '../errors.ts';
import type { LongWorkOptions } from '../options.ts';
import type { Carried, Query, Reply } from './ciphertexts.ts';
import { type EvaluationKey, evaluationHandle } from './keys.ts';
import type { LoadedProgram } from './load.ts';
import { attempt, attemptAsync } from './native.ts';

/** Options of a run. */
export interface RunOptions extends LongWorkOptions {
  /**
   * Computing threads for this run and later ones, 1 to 1024.
   * @defaultValue the environment's BLINDFIT_THREADS, or else what the machine offers
   */
  readonly threads?: number | undefined;
}

/** What a run leaves: the reply, and what it carries to the next run where its program carries anything. */
export interface Outcome {
  readonly reply: Reply;
  readonly carried: Carried | null;
}

/**
 * Runs a program on a query, on native threads.
 *
 * An abort stops the work within a tenth of a second; the promise then rejects with `signal.reason`. Rejects with
 * BAD_CIPHERTEXT, WRONG_PROGRAM, WRONG_KEY, OUT_OF_RANGE, DISPOSED.
 */
export async function run(
  loaded: LoadedProgram,
  evaluation: EvaluationKey,
  query: Query,
  options: RunOptions = {},
): Promise<Reply> {
  return (await runStep(loaded, evaluation, query, null, options)).reply;
}

/** As `run`, on what the run before carried besides: null for the first one. */
export async function runStep(
  loaded: LoadedProgram,
  evaluation: EvaluationKey,
  query: Query,
  carried: Carried | null,
  options: RunOptions = {},
): Promise<Outcome> {
  const { signal, onProgress, threads } = options;
  signal?.throwIfAborted();
  const key = evaluationHandle(evaluation);
  if (threads !== undefined) attempt((addon) => addon.setThreads(threads));
  const cancel = attempt((addon) => new addon.NativeCancel());
  const stop = () => cancel.cancel();
  signal?.addEventListener('abort', stop, { once: true });
  let total = 1;
  let settled = false;
  // Reports arrive apart from the result: those that it overtook are dropped.
  const report = (done: number, of: number) => {
    total = of;
    if (!settled && done < of) onProgress?.({ stage: 'run', done, total: of });
  };
  try {
    const [bytes, next] = await attemptAsync((addon) =>
      addon.run(loaded.native, key, query.bytes, carried?.bytes, cancel, onProgress && report),
    );
    settled = true;
    signal?.throwIfAborted();
    onProgress?.({ stage: 'run', done: total, total });
    return {
      reply: { kind: 'reply', bytes },
      carried: next === undefined ? null : { kind: 'carried', bytes: next },
    };
  } catch (cause) {
    if (cause instanceof BlindfitError && cause.code === 'CANCELLED') signal?.throwIfAborted();
    throw cause;
  } finally {
    settled = true;
    signal?.removeEventListener('abort', stop);
  }
}
