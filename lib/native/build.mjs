/**
 * Builds the native runtime and puts it at lib/native/blindfit.node, or also at the path given as argument.
 *
 *     node lib/native/build.mjs [copy]
 *
 * Plain Node without dependencies, since it runs before any are installed. It does nothing when no source changed
 * since the last build: the hash of the sources is kept beside Cargo's own output.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUST_MINIMUM = [1, 91];
const PACKAGE = 'blindfit-node';
const native = dirname(fileURLToPath(import.meta.url));
const addon = join(native, 'blindfit.node');
const stamp = join(native, 'target', 'blindfit.node.sources');

/** Builds what is out of date. Returns true when something was built. Ends the process with one sentence on failure. */
export function buildNative() {
  const sources = hashSources();
  if (existsSync(addon) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources)
    return false;
  const environment = findToolchain();
  console.log('Building the native runtime (the first time takes a few minutes) ...');
  replace(cargoBuild(environment), addon);
  writeFileSync(stamp, sources);
  return true;
}

/** SHA-256 of all that decides the result: every Rust source, manifest, lock file and Cargo setting. */
function hashSources() {
  const hash = createHash('sha256');
  hash.update(`${process.platform} ${process.arch} ${process.env.RUSTFLAGS ?? ''}\0`);
  for (const file of listSources(native)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(native, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function listSources(root, folder = '') {
  const found = [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name !== 'target') found.push(...listSources(root, path));
    } else if (/\.(rs|toml|lock)$/.test(entry.name)) {
      found.push(path);
    }
  }
  return found;
}

/** The environment in which `cargo` is found and new enough. */
function findToolchain() {
  const rustup = join(process.env.CARGO_HOME || join(homedir(), '.cargo'), 'bin');
  const path = process.env.PATH ?? process.env.Path ?? '';
  const environment = { ...process.env, PATH: `${path}${delimiter}${rustup}` };
  const wanted = RUST_MINIMUM.join('.');
  const install =
    process.platform === 'win32'
      ? 'install Rust with `winget install Rustlang.Rustup`, open a new terminal, and try again'
      : "install Rust with `curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh`, open a new terminal, and try again";
  for (const tool of ['cargo', 'rustc']) {
    const result = spawnSync(tool, ['--version'], { env: environment, encoding: 'utf8' });
    if (result.error || result.status !== 0) {
      fail(`Blindfit needs Rust ${wanted} or newer, but \`${tool}\` is not found: ${install}.`);
    }
    const version = /(\d+)\.(\d+)\.\d+/.exec(result.stdout);
    const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
    const [wantedMajor, wantedMinor] = RUST_MINIMUM;
    if (!(major > wantedMajor || (major === wantedMajor && minor >= wantedMinor))) {
      fail(
        `Blindfit needs Rust ${wanted} or newer, but \`${tool}\` is ${version?.[0] ?? 'of unknown version'}: run \`rustup update stable\` (without rustup: ${install}).`,
      );
    }
  }
  return environment;
}

/** Runs Cargo, its messages on the terminal, and returns the path of the dynamic library that it reports. */
function cargoBuild(environment) {
  const result = spawnSync(
    'cargo',
    ['build', '--release', '--locked', '-p', PACKAGE, '--message-format=json-render-diagnostics'],
    {
      cwd: native,
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 1 << 28,
    },
  );
  if (result.error || result.status !== 0) {
    fail('The native runtime did not build: Cargo says why above.');
  }
  for (const line of result.stdout.split('\n')) {
    if (!line.startsWith('{')) continue;
    const artifact = JSON.parse(line);
    // Dependencies make dynamic libraries too (tfhe does): only the package's own is wanted.
    const own = artifact.target?.name === PACKAGE.replaceAll('-', '_');
    if (artifact.reason !== 'compiler-artifact' || !own || !artifact.target.kind.includes('cdylib'))
      continue;
    const library = artifact.filenames.find((name) => /\.(so|dylib|dll)$/.test(name));
    if (library) return library;
  }
  return fail(`The native runtime did not build: ${PACKAGE} makes no dynamic library.`);
}

/** Copies in one step, so that no process ever loads half a file. */
function replace(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  const partial = `${to}.${process.pid}.partial`;
  copyFileSync(from, partial);
  renameSync(partial, to);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  buildNative();
  const copy = process.argv[2];
  if (copy) replace(addon, resolve(copy));
}
