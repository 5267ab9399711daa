/** Clocks, and what is measured of every circuit. */
import { type Circuit, type CompileOptions, compile, type InputSpecs } from 'blindfit';
import { Bench } from 'tinybench';
import type { Figures } from './case.ts';

/** Milliseconds that `work` took, and its value. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

/** Median milliseconds over `runs` calls, after up to three that are not counted. */
export async function medianMs(work: () => unknown, runs: number): Promise<number> {
  const bench = new Bench({
    iterations: runs,
    time: 0,
    warmupIterations: Math.min(3, runs),
    warmupTime: 0,
    throws: true,
  });
  bench.add('work', async () => {
    await work();
  });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error('the benchmark did not complete');
  return task.result.latency.p50;
}

/** Times each step of a circuit on one row. */
export async function circuitFigures(
  circuit: Circuit,
  args: Parameters<Circuit['evaluate']>,
  runs: number,
): Promise<Figures> {
  const { ms: keygen, value: keys } = await timed(() => circuit.keygen());
  using _ = keys;
  const { secret, evaluation } = keys;
  const query = circuit.encrypt(secret, ...args);
  const reply = await circuit.run(evaluation, query);
  const { diagrams, lookups } = circuit.statistics;
  return {
    'keygen ms': keygen,
    'encrypt ms': await medianMs(() => circuit.encrypt(secret, ...args), runs),
    'run ms': await medianMs(() => circuit.run(evaluation, query), runs),
    'decrypt ms': await medianMs(() => circuit.decrypt(secret, reply), runs),
    'query KB': query.bytes.length / 1e3,
    'reply KB': reply.bytes.length / 1e3,
    'evaluation key MB': (await evaluation.toBytes()).length / 1e6,
    bootstraps: lookups.bootstraps,
    CMUX: diagrams.cmux,
  };
}

/** Compiles a function, checks one encrypted result against the clear one, and times everything. */
export async function programFigures(
  f: Parameters<typeof compile>[0],
  specs: InputSpecs,
  args: Parameters<Circuit['evaluate']>,
  runs: number,
  options: CompileOptions = {},
): Promise<Figures> {
  const { ms: compiling, value: circuit } = await timed(() => compile(f, specs, options));
  const [decrypted, clear] = [await circuit.encryptRunDecrypt(...args), circuit.evaluate(...args)];
  if (JSON.stringify(decrypted) !== JSON.stringify(clear)) throw new Error('wrong result');
  return {
    'compile ms': compiling,
    ms: await medianMs(() => circuit.encryptRunDecrypt(...args), runs),
    ...(await circuitFigures(circuit, args, runs)),
  };
}
