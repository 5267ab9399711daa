/** Encrypting, running and decrypting in one process, with bounded memory however many rows there are. */
import type { LongWorkOptions } from '../options.ts';
import type { OnProgress } from '../progress.ts';
import { decrypt, encrypt } from '../runtime/ciphertexts.ts';
import type { Keys } from '../runtime/keys.ts';
import type { LoadedProgram } from '../runtime/load.ts';
import { run } from '../runtime/run.ts';

/** Long batches go in parts: the most bytes of one part's query. */
const queryBytesAtOnce = 2 ** 24;

/** Options of `roundTrip`; `queryBytes`: of one row. */
interface RoundTripOptions extends LongWorkOptions {
  readonly queryBytes: number;
}

/**
 * The outputs for rows of inputs, each row after row. Reports are those of the steps, or, where rows go in several parts,
 * of the stage `rows`: how many of all have run.
 */
export async function roundTrip(
  program: LoadedProgram,
  keys: Keys,
  values: Float64Array,
  rows: number,
  { queryBytes, signal, onProgress }: RoundTripOptions,
): Promise<Float64Array> {
  const { rowsPerQuery } = program.program;
  const rowsAtOnce =
    rowsPerQuery * Math.max(1, Math.floor(queryBytesAtOnce / (rowsPerQuery * queryBytes)));
  if (rows <= rowsAtOnce) return onePart(program, keys, values, rows, { signal, onProgress });
  const inputs = values.length / rows;
  const outputs = program.program.outputs.length;
  const result = new Float64Array(rows * outputs);
  for (let first = 0; first < rows; first += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - first);
    const part = values.subarray(first * inputs, (first + count) * inputs);
    const report = onProgress && ofAllRows(onProgress, first, count, rows);
    const own = await onePart(program, keys, part, count, { signal, onProgress: report });
    result.set(own, first * outputs);
  }
  return result;
}

async function onePart(
  program: LoadedProgram,
  { secret, evaluation }: Keys,
  values: Float64Array,
  rows: number,
  { signal, onProgress }: LongWorkOptions,
): Promise<Float64Array> {
  signal?.throwIfAborted();
  onProgress?.({ stage: 'encrypt', done: 0, total: 1 });
  const query = encrypt(program, secret, values, rows);
  onProgress?.({ stage: 'encrypt', done: 1, total: 1 });
  const reply = await run(program, evaluation, query, { signal, onProgress });
  onProgress?.({ stage: 'decrypt', done: 0, total: 1 });
  const outputs = decrypt(program, secret, reply);
  onProgress?.({ stage: 'decrypt', done: 1, total: 1 });
  return outputs;
}

/** Reports on a part of the rows, from `first` on, told as reports on all rows. */
function ofAllRows(
  onProgress: OnProgress,
  first: number,
  count: number,
  total: number,
): OnProgress {
  return ({ stage, done, total: steps }) => {
    if (stage !== 'run') return;
    onProgress({ stage: 'rows', done: first + Math.floor((count * done) / steps), total });
  };
}
