/**
 * Makes a clone ready to run: the packages of package-lock.json, then the native runtime. Each only where missing or stale.
 *
 *     node lib/native/setup.mjs
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildNative } from './build.mjs';

const NODE_MINIMUM = [20, 19];
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

checkNode();
if (!packagesAreCurrent()) installPackages();
buildNative();

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = NODE_MINIMUM;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  console.error(
    `Blindfit needs Node ${NODE_MINIMUM.join('.')} or newer, but this is ${process.versions.node}: install a newer one, for example with \`nvm install 22\`.`,
  );
  process.exit(1);
}

/** True when npm's record of what is installed agrees with the lock file; packages of other platforms may be absent. */
function packagesAreCurrent() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '' || (entry.optional && !installed[path])) return true;
    return installed[path]?.version === entry.version;
  });
}

function installPackages() {
  console.log('Installing packages ...');
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(
    command,
    [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: command === 'npm' && process.platform === 'win32',
    },
  );
  if (result.status !== 0) {
    console.error(
      'The packages could not be installed: npm says why above; run `npm ci` to try again.',
    );
    process.exit(1);
  }
}
