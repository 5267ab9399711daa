/** What the pages say about the repository holds: named files and functions exist, and the error table is complete. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { errors } from '../../lib/errors.ts';

const pages = [
  'README.md',
  ...['docs', 'docs/inside', 'docs/reference', 'docs/estimators', 'docs/models'].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.md'))
      .map((file) => `${folder}/${file}`),
  ),
];

/** A path of the repository in backticks. */
const paths = /`((?:lib|tracer|estimators|models|plot|test|docs)\/[\w./-]*)`/g;
/** A function in backticks: `name()`. */
const functions = /`(\w+)\(\)`/g;

for (const page of pages) {
  const text = readFileSync(page, 'utf8');

  test(`${page}: every file that it names exists`, (t) => {
    for (const [, path] of text.matchAll(paths)) t.true(existsSync(path!), path);
    t.pass();
  });

  test(`${page}: every local link leads to a file`, (t) => {
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
      t.true(existsSync(join(dirname(page), target!)), target);
    }
    t.pass();
  });
}

for (const page of ['docs/architecture.md', 'docs/inside/compiler.md'])
  test(`${page}: every function that it names is in a file of the same paragraph or row`, (t) => {
    const blocks = readFileSync(page, 'utf8')
      .split(/\n\n/)
      .flatMap((block) => (block.startsWith('|') ? block.split('\n') : [block]));
    for (const block of blocks) {
      const sources = [...block.matchAll(paths)].map(([, path]) => path!).filter(isFile);
      if (sources.length === 0) continue;
      const code = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
      for (const [, name] of block.matchAll(functions)) {
        const defined = new RegExp(`(function\\*?|fn) ${name}\\b|^  ${name}\\(`, 'm').test(code);
        t.true(defined, `${name} in ${sources}`);
      }
    }
  });

test('docs/guide.md: the table of errors is that of lib/errors.ts', (t) => {
  const guide = readFileSync('docs/guide.md', 'utf8');
  for (const [code, [problem, remedy]] of Object.entries(errors)) {
    t.true(guide.includes(`| \`${code}\` | ${problem} | ${remedy} |`), code);
  }
  const listed = [...guide.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, code]) => code);
  t.deepEqual(listed, Object.keys(errors));
});

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
