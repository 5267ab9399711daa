/** Programs that must compute what they mean in every way that they can run. */
import type { ExecutionContext } from 'ava';
import { type CompileOptions, compile } from '../../lib/index.ts';
import type * as np from '../../tracer/index.ts';
import { flat, readings } from './agreement.ts';

export interface ProgramCase {
  readonly f: np.TracedFunction;
  readonly specs: Parameters<typeof compile>[1];
  /** The arguments of each run. */
  readonly rows: readonly (readonly np.ArrayLike[])[];
  /** Which form of queries, among others; all of them where it is left out. */
  readonly options?: CompileOptions;
}

const forms = ['packed', 'unpacked', 'values'] as const;

/** Evaluates, interprets, simulates and runs each row encrypted, with every form of queries: all must be equal. */
export async function agreesEverywhere(
  t: ExecutionContext,
  { f, specs, rows, options = {} }: ProgramCase,
): Promise<void> {
  for (const query of options.query === undefined ? forms : [options.query]) {
    using circuit = await compile(f, specs, { ...options, query });
    for (const row of rows) {
      const { evaluated, interpreted, simulated } = await readings(circuit, row);
      t.deepEqual(interpreted, evaluated, `interpreted: ${query} ${JSON.stringify(row)}`);
      t.deepEqual(simulated, evaluated, `simulated: ${query} ${JSON.stringify(row)}`);
      const decrypted = flat(await circuit.encryptRunDecrypt(...row));
      t.deepEqual(decrypted, evaluated, `encrypted: ${query} ${JSON.stringify(row)}`);
    }
  }
}
