/**
 * Differential tests of random programs, and of random models:
 * `npm run fuzz -- [--programs 2000] [--encrypted 150] [--steps 10] [--models 0] [--seed N] [--minutes M]`.
 *
 * Each program is compiled for each form of queries; evaluated, interpreted and simulated results must be equal.
 * Further programs, a third for each form, run encrypted as well. A program may be refused with a code that says that it is too
 * wide; any other error is a failure. What fails is shrunk and written to test/fixtures/regressions/, which `npm test` runs
 * from then on; the exit status is 1. Equal seeds give equal programs.
 *
 * Models are fitted to random data and held to what test/support/random/models/check.ts says; each fiftieth also runs
 * encrypted; a quarter as many pipelines too. One that fails is shrunk and printed. `--programs 0 --encrypted 0 --models 5000` tries nothing else.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import type { Circuit } from '../lib/index.ts';
import {
  agreesEncrypted,
  agreesInClear,
  compiled,
  isShort,
  type QueryForm,
  queryForms,
} from './support/random/agree.ts';
import { checkCompiled, checkInClear } from './support/random/models/check.ts';
import { valuesOfClasses } from './support/random/models/classes.ts';
import { fitted } from './support/random/models/model.ts';
import {
  checkPipeline,
  type PipelineSource,
  pipelineSources,
} from './support/random/models/pipelines.ts';
import { type ModelSource, modelSources } from './support/random/models/source.ts';
import { type ProgramSource, programs } from './support/random/programs.ts';
import { regressionOf, writeRegression } from './support/random/regression.ts';

const { values: options } = parseArgs({
  options: {
    programs: { type: 'string', default: '2000' },
    encrypted: { type: 'string', default: '150' },
    steps: { type: 'string', default: '10' },
    models: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    minutes: { type: 'string', default: 'Infinity' },
  },
});
const seed = numberOf('seed');
const end = performance.now() + numberOf('minutes') * 60e3;
/** What was compiled and compared, counted by what became of it. */
const counts = new Map<string, number>();

console.log(`seed ${seed}`);
const length = numberOf('steps');
await check('in clear', programs(length), numberOf('programs'), seed, inClear);
for (const [i, query] of queryForms.entries()) {
  const runs = Math.ceil(numberOf('encrypted') / queryForms.length);
  const own = seed + 1 + i;
  await check(`encrypted, ${query}`, programs(length), runs, own, (source) =>
    encryptedToo(source, query),
  );
}
await check('models', modelSources(valuesOfClasses), numberOf('models'), seed, modelToo);
await check('pipelines', pipelineSources, Math.ceil(numberOf('models') / 4), seed, pipelineToo);
for (const [what, count] of [...counts].sort()) console.log(`${String(count).padStart(8)} ${what}`);

async function inClear(source: ProgramSource): Promise<void> {
  for (const query of queryForms) {
    const circuit = await compiledAndCounted(source, query);
    if (circuit === null) continue;
    using _ = circuit;
    await agreesInClear(circuit, source);
  }
}

async function modelToo(source: ModelSource): Promise<void> {
  const one = fitted(source);
  count(`model: ${typeof one === 'string' ? one : 'fitted'}`);
  if (typeof one === 'string') return;
  checkInClear(one);
  if (source.data.seed % 50 === 0) await checkCompiled(one, true);
}

async function pipelineToo(source: PipelineSource): Promise<void> {
  count(`pipeline: ${checkPipeline(source) ? 'fitted' : 'refused'}`);
}

/** Skips programs that take long. */
async function encryptedToo(source: ProgramSource, query: QueryForm): Promise<void> {
  const circuit = await compiledAndCounted(source, query);
  if (circuit === null || !isShort(circuit)) return fc.pre(false);
  using _ = circuit;
  await agreesInClear(circuit, source);
  await agreesEncrypted(circuit, source);
}

async function compiledAndCounted(
  source: ProgramSource,
  query: QueryForm,
): Promise<Circuit | null> {
  const circuit = await compiled(source, query);
  if (typeof circuit === 'string') {
    count(`refused: ${circuit}`);
    return null;
  }
  const { diagrams, lookups } = circuit.statistics;
  const engines = [diagrams.cmux > 0 ? 'diagrams' : '', lookups.bootstraps > 0 ? 'lookups' : ''];
  count(`compiled: ${engines.filter((name) => name !== '').join(' and ') || 'linear'}`);
  return circuit;
}

/** Runs a property on so many sources, saying how far it is. Ends the process when one fails. */
async function check<S>(
  what: string,
  sources: fc.Arbitrary<S>,
  runs: number,
  seed: number,
  property: (source: S) => Promise<void>,
): Promise<void> {
  if (runs === 0) return;
  let done = 0;
  let failed = false;
  const counted = async (source: S): Promise<void> => {
    try {
      await property(source);
    } catch (cause) {
      if (!failed && !fc.PreconditionFailure.isFailure(cause)) {
        failed = true;
        console.log(`${what}: number ${done + 1} fails; looking for a smaller one`);
      }
      throw cause;
    }
    if (!failed && ++done % Math.ceil(runs / 10) === 0) console.log(`${what}: ${done} of ${runs}`);
  };
  const details = await fc.check(fc.asyncProperty(sources, counted), {
    numRuns: runs,
    seed,
    ...(Number.isFinite(end)
      ? { interruptAfterTimeLimit: Math.max(1, end - performance.now()) }
      : {}),
  });
  if (details.counterexample !== null) fail(what, details.counterexample[0], details.errorInstance);
  if (details.failed) throw new Error(fc.defaultReportMessage(details));
  if (details.interrupted) console.log(`${what}: out of time after ${details.numRuns} of ${runs}`);
}

function fail(what: string, source: unknown, cause: unknown): never {
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  const kept = isProgram(source)
    ? `the shrunk program is in ${writeRegression(regressionOf(source, `${what}: ${text.split('\n', 1)[0]}`))}`
    : `the shrunk model is ${JSON.stringify(source)}`;
  console.error(`${text}\n\n${what}: failed with seed ${seed}; ${kept}`);
  process.exit(1);
}

function isProgram(source: unknown): source is ProgramSource {
  return typeof source === 'object' && source !== null && 'inputs' in source;
}

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function numberOf(name: keyof typeof options): number {
  const value = Number(options[name]);
  if (value >= 0) return value;
  console.error(`--${name} needs a number, not ${options[name]}`);
  return process.exit(1);
}
