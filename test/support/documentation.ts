/**
 * Makes modules of the `ts` code blocks of a Markdown page.
 *
 * - A block is a module of its own; ` ```ts continued ` goes on where the page's block before it ended.
 * - ` ```ts no-run ` is type-checked and not run.
 * - `expression // => value` asserts a value, `// ≈ value` one to the last digit given, `// throws CODE` an error.
 *   The comment may stand on the lines after the statement instead. A value that is no JavaScript is compared as text,
 *   and so is what `console.log` prints.
 *
 * Code keeps the line that it has on its page, so that every message points there.
 */

/** One runnable piece of a page. */
export interface Block {
  /** `page.md:line` of the first line of code. */
  readonly title: string;
  /** A complete module. */
  readonly code: string;
  readonly runs: boolean;
}

/** The first line of every module; pages have no code there. */
const PREAMBLE =
  "import { check, checkThrows, printed } from '../../test/support/expectations.ts';";

/** Finds the blocks of `page`, a path that is only used in titles. */
export function extractBlocks(page: string, markdown: string): Block[] {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  let earlier: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const fence = /^(\s*)```ts\b(.*)$/.exec(lines[i]!);
    if (!fence) continue;
    const words = fence[2]!.trim().split(/\s+/);
    const first = i + 1;
    while (i + 1 < lines.length && lines[i + 1]!.trim() !== '```') i++;
    const code = lines.slice(first, i + 1).map((line) => line.slice(fence[1]!.length));
    const asserted = assertComments(code, (index) => `${page}:${first + index + 1}`);
    const before = words.includes('continued') ? earlier : [PREAMBLE];
    earlier = [...before, ...new Array<string>(first - before.length).fill(''), ...asserted];
    blocks.push({
      title: `${page}:${first + 1}`,
      code: `${earlier.join('\n')}\n`,
      runs: !words.includes('no-run'),
    });
  }
  return blocks;
}

/** Turns the comments that state results into assertions; the number of lines stays. */
function assertComments(code: readonly string[], where: (index: number) => string): string[] {
  const lines = [...code];
  for (let i = 0; i < lines.length; i++) {
    const comment = /^(.*?)\s*\/\/ (=>|≈|throws) (.*)$/.exec(lines[i]!);
    if (!comment) continue;
    const [, before, kind, text] = comment as unknown as [string, string, string, string];
    let last = i;
    const expected = [text];
    if (before.trim() === '') {
      while (last > 0 && /^\s*(\/\/.*)?$/.test(lines[last]!)) last--;
      while (/^\s*\/\/ /.test(lines[i + 1] ?? '')) expected.push(lines[++i]!.trim().slice(3));
    } else {
      lines[i] = before;
    }
    const first = statementStart(lines, last);
    const values = [kind, expected.join('\n'), where(last)].map((value) => JSON.stringify(value));
    lines.splice(
      first,
      last + 1 - first,
      ...assertion(lines.slice(first, last + 1).join('\n'), kind, values.join(', ')).split('\n'),
    );
  }
  return lines;
}

/** Index of the line on which the statement that ends on line `last` starts. */
function statementStart(lines: readonly string[], last: number): number {
  let first = last;
  while (first > 0) {
    const text = lines.slice(first, last + 1).join('\n');
    if (openBrackets(text) >= 0 && !/^\s*[.?:)\]}|&+*/-]/.test(lines[first]!)) break;
    first--;
  }
  return first;
}

/** Opening less closing brackets outside of strings. */
function openBrackets(text: string): number {
  const bare = text.replace(/'(\\.|[^'\\])*'|"(\\.|[^"\\])*"|`(\\.|[^`\\])*`|\/\/.*/g, '');
  return (bare.match(/[([{]/g)?.length ?? 0) - (bare.match(/[)\]}]/g)?.length ?? 0);
}

function assertion(statement: string, kind: string, values: string): string {
  const bare = statement.trimEnd().replace(/;$/, '');
  if (kind === 'throws') return `await checkThrows(async () => { ${bare}; }, ${values});`;
  const declared = /^\s*(?:const|let)\s+(\w+)\b/.exec(bare);
  if (declared) return `${bare}; check(${declared[1]}, ${values});`;
  const logged = /^\s*console\.log\(([\s\S]*)\)$/.exec(bare);
  if (logged) return `check(printed(${logged[1]}), ${values});`;
  return `check(${bare.trimStart()}, ${values});`;
}
