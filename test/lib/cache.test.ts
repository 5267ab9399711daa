/** The cache folder: where each system has it, and files that anything may have happened to. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { cacheFolder, readCached, writeCached } from '../../lib/cache.ts';

function newFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'blindfit-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('each system has its own place for caches', (t) => {
  t.is(cacheFolder('linux', {}, '/home/ada'), '/home/ada/.cache/blindfit');
  t.is(cacheFolder('linux', { XDG_CACHE_HOME: '/var/ada' }, '/home/ada'), '/var/ada/blindfit');
  t.is(cacheFolder('linux', { XDG_CACHE_HOME: 'ada' }, '/home/ada'), '/home/ada/.cache/blindfit');
  t.is(cacheFolder('darwin', {}, '/Users/ada'), '/Users/ada/Library/Caches/blindfit');
  t.is(cacheFolder('win32', { LOCALAPPDATA: '/ada/Local' }, '/ada'), '/ada/Local/blindfit');
  t.is(cacheFolder('linux', {}, null), null);
});

test('what was written is read, the last of it, and no draft stays', (t) => {
  const folder = join(newFolder(t), 'not', 'there', 'yet');
  t.is(readCached('a.json', folder), undefined);
  writeCached('a.json', { x: 1 }, folder);
  writeCached('a.json', { x: [2] }, folder);
  t.deepEqual(readCached('a.json', folder), { x: [2] });
  t.deepEqual(readdirSync(folder), ['a.json']);
});

test('what is damaged, too large, or no file reads as nothing', (t) => {
  const folder = newFolder(t);
  writeFileSync(join(folder, 'damaged.json'), '{"x": 1');
  writeFileSync(join(folder, 'large.json'), `[${'0,'.repeat(2 ** 16)}0]`);
  mkdirSync(join(folder, 'folder.json'));
  symlinkSync('/dev/zero', join(folder, 'link.json'));
  for (const name of readdirSync(folder)) t.is(readCached(name, folder), undefined, name);
});

test('where nothing can be written, nothing happens', (t) => {
  const folder = newFolder(t);
  writeFileSync(join(folder, 'file'), '');
  writeCached('a.json', 1, join(folder, 'file'));
  t.is(readCached('a.json', join(folder, 'file')), undefined);
  writeCached('a.json', 1, null);
  t.is(readCached('a.json', null), undefined);
  mkdirSync(join(folder, 'a.json'));
  writeCached('a.json', 1, folder);
  chmodSync(folder, 0o500);
  writeCached('b.json', 1, folder);
  chmodSync(folder, 0o700);
  t.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('a.json.')),
    [],
  );
});
