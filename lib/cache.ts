/**
 * Small values kept between processes, as JSON files in the user's cache folder. A cache is a convenience: whatever is
 * wrong with it, it reads as empty and writing does nothing.
 */
import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Larger files are not ours. */
const LARGEST_BYTES = 65_536;

/** Where the user's system keeps caches, in a folder of our own; null where that is not known. */
export function cacheFolder(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  home: string | null = homeFolder(),
): string | null {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  const given = platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME;
  if (given !== undefined && isAbsolute(given)) return join(given, 'blindfit');
  if (home === null) return null;
  if (platform === 'win32') return join(home, 'AppData', 'Local', 'blindfit');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'blindfit');
  return join(home, '.cache', 'blindfit');
}

/** The value kept under `name` (a file name), or undefined where there is none that can be read. */
export function readCached(name: string, folder: string | null = cacheFolder()): unknown {
  if (folder === null) return undefined;
  try {
    const path = join(folder, name);
    const status = lstatSync(path);
    if (!status.isFile() || status.size > LARGEST_BYTES) return undefined;
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Keeps a value under `name`. Readers see the old file or the new one, never a part. */
export function writeCached(
  name: string,
  value: unknown,
  folder: string | null = cacheFolder(),
): void {
  if (folder === null) return;
  const path = join(folder, name);
  const draft = `${path}.${randomUUID()}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, JSON.stringify(value), { flag: 'wx' });
    renameSync(draft, path);
  } catch {
    discard(draft);
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder is not writable, or is no folder.
  }
}

/** Users without a home folder have no cache. */
function homeFolder(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}
