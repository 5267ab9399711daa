/** Every TypeScript block of the README and of docs/ type-checks, runs, and gives the results that its page states. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { type Block, extractBlocks } from './support/documentation.ts';
import { check, checkThrows, printed } from './support/expectations.ts';

/** Inside the repository, so that `blindfit` resolves to this package; two levels deep, as the modules' import says. */
const folder = '.cache/docs';

const blocks = ['README.md', ...pagesOf('docs')]
  .filter((page) => existsSync(page))
  .flatMap((page) => extractBlocks(page, readFileSync(page, 'utf8')));
const files = writeModules(blocks);

test('all code blocks type-check', (t) => {
  if (blocks.length === 0) return t.pass();
  const result = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], {
    encoding: 'utf8',
  });
  t.is(result.status, 0, result.stdout);
});

for (const [i, block] of blocks.entries()) {
  if (!block.runs) continue;
  test.serial(block.title, async (t) => {
    await import(pathToFileURL(files[i]!).href);
    t.pass();
  });
}

function pagesOf(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
    .map((file) => `${root}/${file}`)
    .sort();
}

function writeModules(all: readonly Block[]): string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const settings = {
    extends: '../../tsconfig.json',
    compilerOptions: { rootDir: '../..', isolatedDeclarations: false, declaration: false },
    include: ['*.ts', '../../lib/types/*.d.ts'],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  return all.map((block) => {
    const file = join(folder, `${block.title.replace(/[^\w.-]/g, '-')}.ts`);
    writeFileSync(file, block.code);
    return file;
  });
}

/** The lines that `extractBlocks` makes of one block at line 3 of a page. */
function moduleOf(code: string, words = ''): string[] {
  return extractBlocks('page.md', `# Title\n\`\`\`ts ${words}\n${code}\n\`\`\`\n`)[0]!.code.split(
    '\n',
  );
}

test('a block keeps its line and takes the title page:line', (t) => {
  const [first, second] = extractBlocks('a.md', '\n```ts\nf()\n```\n\n```ts no-run\n\ng()\n```\n');
  t.like(first, { title: 'a.md:3', runs: true });
  t.is(first!.code.split('\n')[2], 'f()');
  t.like(second, { title: 'a.md:7', runs: false });
  t.is(second!.code.split('\n')[7], 'g()');
});

test('a continued block follows the code of the one before it', (t) => {
  const [, second] = extractBlocks(
    'a.md',
    '\n```ts\nconst a = 1\n```\n```ts continued\na // => 1\n```\n',
  );
  t.is(second!.code.split('\n')[2], 'const a = 1');
  t.is(second!.code.split('\n')[5], 'check(a, "=>", "1", "a.md:6");');
});

test('a result comment becomes an assertion, wherever it stands', (t) => {
  t.is(moduleOf('f(1); // => 2')[2], 'check(f(1), "=>", "2", "page.md:3");');
  t.is(
    moduleOf('const x = f(1) // ≈ 0.5')[2],
    'const x = f(1); check(x, "≈", "0.5", "page.md:3");',
  );
  t.deepEqual(moduleOf('await f(\n  [1],\n) // => 2').slice(2, 5), [
    'check(await f(',
    '  [1],',
    '), "=>", "2", "page.md:5");',
  ]);
  t.deepEqual(moduleOf('console.log(x)\n// => a\n// b').slice(2, 5), [
    'check(printed(x), "=>", "a\\nb", "page.md:3");',
    '// => a',
    '// b',
  ]);
  t.is(
    moduleOf('f() // throws NOT_FITTED')[2],
    'await checkThrows(async () => { f(); }, "throws", "NOT_FITTED", "page.md:3");',
  );
});

test('check compares values, arrays, roundings and text', async (t) => {
  const view = { shape: [1, 2], get: (i: number, j: number) => 2 * i + j };
  t.notThrows(() => check(view, '=>', '[[0, 1]]', 'p'));
  t.throws(() => check(view, '=>', '[[0, 2]]', 'p'), { message: /^p: the page says/ });
  t.notThrows(() => check(new Float64Array([0.961]), '≈', '[0.96]', 'p'));
  t.throws(() => check(0.95, '≈', '0.965', 'p'));
  t.notThrows(() => check('text here', '=>', 'text here', 'p'));
  t.throws(() => check('text', '=>', 'other text', 'p'));
  t.notThrows(() => check(printed('a %d \nb', 1), '=>', 'a 1\nb', 'p'));
  await t.notThrowsAsync(
    checkThrows(
      () => Promise.reject(Object.assign(new Error(), { code: 'X' })),
      'throws',
      'X',
      'p',
    ),
  );
  await t.throwsAsync(checkThrows(() => 1, 'throws', 'X', 'p'));
});
