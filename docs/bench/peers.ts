/**
 * Measures Blindfit in turn with Zama's Concrete (ML), and with Microsoft SEAL: `npm run bench:peers -- [--json] [--rounds 3] [--heavy] [name ...]`.
 *
 * The peers run in a Python environment of their own under .cache/peers, made on first use (Python 3.9 to 3.12; some
 * 5 GB, minutes). Both sides use the same data and split, whole-circuit error of at most 2^-40 and two threads, each case in a
 * fresh process; rounds alternate between the two, and the median over rounds is reported. Close other programs first.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs, promisify } from 'node:util';
import { type Figures, higherIsBetter } from './case.ts';
import { type Comparison, comparisons, keyGoal } from './comparisons.ts';
import { machine, rounded, table } from './report.ts';

const THREADS = '2';
const PACKAGE = 'concrete-ml==1.9.*';
const environmentFolder = '.cache/peers';
const SEAL = 'node-seal@5.1.7';
const sealFolder = '.cache/seal';
const python = `${environmentFolder}/bin/python`;
const installed = `${environmentFolder}/installed`;

const { values: options, positionals } = parseArgs({
  options: {
    json: { type: 'boolean' },
    heavy: { type: 'boolean' },
    rounds: { type: 'string', default: '3' },
  },
  allowPositionals: true,
});

/** What Node needs to run our sources. */
const flags = ['--import=tsx', '--conditions=source'];

/** Median figures of both sides of one comparison. */
interface Result extends Comparison {
  readonly peer: Figures;
  readonly ours: Figures;
}

if (selected().some(({ program }) => program !== 'seal.ts')) preparePython();
if (selected().some(({ program }) => program === 'seal.ts')) prepareSeal();
const results: Result[] = [];
for (const comparison of selected()) {
  const result = await compare(comparison, Number(options.rounds));
  results.push(result);
  if (!options.json) console.log(`\n${asTable(result)}`);
}
if (!options.json) console.log(`\n${summary(results)}`);
if (options.json) {
  const peer = { package: PACKAGE, ...machine(), threads: Number(THREADS) };
  console.log(JSON.stringify({ machine: peer, results }));
}

function selected(): readonly Comparison[] {
  if (positionals.length === 0) return comparisons.filter(({ heavy }) => options.heavy || !heavy);
  return comparisons.filter(({ name }) => positionals.some((text) => name.includes(text)));
}

async function compare(comparison: Comparison, rounds: number): Promise<Result> {
  const { name, program, case: ownName = name } = comparison;
  const peerProgram = `docs/bench/peers/${program}`;
  const peer: Figures[] = [];
  const ours: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    console.error(`${name}: round ${round + 1} of ${rounds}`);
    const theirs =
      program === 'seal.ts'
        ? json(process.execPath, [...flags, peerProgram, name, sealFolder])
        : json(python, [peerProgram, name]);
    peer.push((await theirs) as Figures);
    const own = [...flags, 'docs/bench/bench.ts', '--json', '--exact', ownName];
    const { results } = (await json(process.execPath, own)) as {
      results: Record<string, Figures>;
    };
    ours.push(results[ownName]!);
  }
  return { ...comparison, peer: medians(peer), ours: medians(ours) };
}

/** Runs a program on two threads and reads the last line that it prints. */
async function json(command: string, args: readonly string[]): Promise<unknown> {
  const env = {
    ...process.env,
    OMP_NUM_THREADS: THREADS,
    RAYON_NUM_THREADS: THREADS,
    BLINDFIT_THREADS: THREADS,
  };
  const { stdout } = await promisify(execFile)(command, args, { env, maxBuffer: 1 << 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

function medians(rounds: readonly Figures[]): Figures {
  const middle = (values: number[]) => {
    values.sort((a, b) => a - b);
    const half = values.length >> 1;
    return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
  };
  const names = Object.keys(rounds[0]!);
  return Object.fromEntries(names.map((name) => [name, middle(rounds.map((each) => each[name]!))]));
}

function asTable({ name, note, peer, ours }: Result): string {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(peer)])];
  const text = (value: number | undefined) => (value === undefined ? '' : rounded(value));
  const rows = names.map((figure) => {
    const [theirs, own] = [peer[figure], ours[figure]];
    const [worse, better] = higherIsBetter(figure) ? [own, theirs] : [theirs, own];
    const ratio = worse !== undefined && better ? `${rounded(worse / better)} x` : '';
    return [figure, text(theirs), text(own), ratio];
  });
  const title = note === undefined ? name : `${name} (${note})`;
  return `${title}\n${table(['', 'peer', 'Blindfit', 'ratio'], rows)}`;
}

/** One line for each comparison: time and evaluation key of both sides, how many times ours is better, and the goals. */
function summary(results: readonly Result[]): string {
  const verdict = (ratio: number, goal: number | undefined): string[] => {
    if (goal === undefined) return [`${rounded(ratio)} x`, '', ''];
    return [`${rounded(ratio)} x`, `${goal} x`, ratio >= goal ? 'met' : 'MISSED'];
  };
  const row = (name: string, goal: number | undefined, peer: Figures, own: Figures): string[] => {
    const [theirs, ours] = [peer, own].map((figures) => figures.ms ?? figures['predict ms']!);
    const [theirKey, ourKey] = [peer, own].map((figures) => figures['evaluation key MB'] ?? 0);
    const time = [rounded(theirs!), rounded(ours!), ...verdict(theirs! / ours!, goal)];
    const key = [rounded(theirKey!), rounded(ourKey!)];
    // Both are empty but for a frame where nothing needs a key.
    const none = theirKey! < 1e-3;
    return [
      name,
      ...time,
      ...key,
      ...(none ? ['', '', ''] : verdict(theirKey! / ourKey!, keyGoal)),
    ];
  };
  const rows = results.flatMap(({ name, goal, peer, ours }) => {
    const { 'ms by lookups': ms, 'evaluation key MB by lookups': key } = ours;
    const chosen = row(name, goal, peer, ours);
    if (ms === undefined || key === undefined) return [chosen];
    return [chosen, row(`${name}, by lookups`, goal, peer, { ms, 'evaluation key MB': key })];
  });
  const columns = ['ratio', 'goal', ''];
  return table(
    ['', 'peer ms', 'Blindfit ms', ...columns, 'peer key MB', 'key MB', ...columns],
    rows,
  );
}

/** Makes the Python environment where it is missing. Ends the process with one sentence on failure. */
function preparePython(): void {
  if (existsSync(installed)) return;
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  console.error(`Installing ${PACKAGE} into ${environmentFolder} (some minutes, about 5 GB) ...`);
  if (!run('python3', ['-m', 'venv', environmentFolder])) {
    fail(
      'The peers need Python 3.9 to 3.12 as `python3`, with its `venv` module: install it and try again.',
    );
  }
  if (!run(python, ['-m', 'pip', 'install', '--quiet', PACKAGE])) {
    fail(`${PACKAGE} could not be installed: pip says why above; it needs Python 3.9 to 3.12.`);
  }
  writeFileSync(installed, `${PACKAGE}\n`);
}

/** Installs SEAL where it is missing, apart from our own packages. Ends the process with one sentence on failure. */
function prepareSeal(): void {
  if (existsSync(`${sealFolder}/node_modules/node-seal`)) return;
  mkdirSync(sealFolder, { recursive: true });
  writeFileSync(`${sealFolder}/package.json`, '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', SEAL];
  const { status } = spawnSync('npm', args, { cwd: sealFolder, stdio: 'inherit' });
  if (status !== 0) fail(`${SEAL} could not be installed: npm says why above.`);
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
