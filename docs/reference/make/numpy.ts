/**
 * The page `docs/reference/numpy.md`: every function of `blindfit/tracer` beside its name in numpy or in Concrete, with
 * the first sentence of its doc comment.
 */
import { readdirSync, readFileSync } from 'node:fs';
import * as np from '../../../tracer/index.ts';

/** Where functions of arrays are defined; what else the tracer exports is for whoever works on graphs. */
const sources = [
  ...readdirSync('tracer/ops').map((file) => `tracer/ops/${file}`),
  'tracer/rounder.ts',
];

/** numpy's names that are not ours in another case. */
const numpyNames: Readonly<Record<string, string>> = {
  at: 'x[i, a:b]',
  astype: 'ndarray.astype',
  atleast1d: 'atleast_1d',
  atleast2d: 'atleast_2d',
  atleast3d: 'atleast_3d',
  ellipsis: '...',
  flatten: 'ndarray.flatten',
  matrixTrace: 'trace',
  newAxis: 'newaxis',
  set: 'x[i, a:b] = v',
  shapeOf: 'shape',
  slice: 'a:b:c',
  variance: 'var',
};

/** Python's operators, by numpy's name. */
const operators: Readonly<Record<string, string>> = {
  add: 'x + y',
  subtract: 'x - y',
  multiply: 'x * y',
  divide: 'x / y',
  floor_divide: 'x // y',
  remainder: 'x % y',
  power: 'x ** y',
  matmul: 'x @ y',
  negative: '-x',
  positive: '+x',
  invert: '~x',
  absolute: 'abs(x)',
  bitwise_and: 'x & y',
  bitwise_or: 'x | y',
  bitwise_xor: 'x ^ y',
  left_shift: 'x << y',
  right_shift: 'x >> y',
  less: 'x < y',
  less_equal: 'x <= y',
  greater: 'x > y',
  greater_equal: 'x >= y',
  equal: 'x == y',
  not_equal: 'x != y',
};

/** Functions that numpy does not have under any name, or that mean something else there. */
const notInNumpy: ReadonlySet<string> = new Set([
  'AutoRounder',
  'AutoTruncator',
  'LookupTable',
  'averagePool',
  'bits',
  'constant',
  'conv',
  'hint',
  'identity',
  'ifThenElse',
  'map',
  'maxPool',
  'refresh',
  'relu',
  'roundBits',
  'tag',
  'toInteger',
  'truncateBits',
]);

/** What Concrete has beside numpy: its name, ours, and what is different. */
const extensions: readonly (readonly [concrete: string, ours: string, remark: string])[] = [
  ['`fhe.array`', '`array`', 'of arrays too, not of scalars only'],
  [
    '`fhe.zero`, `fhe.zeros`, `fhe.zeros_like`',
    '`zeros`, `zerosLike`',
    'clear; `zeros([])` is a number',
  ],
  ['`fhe.one`, `fhe.ones`, `fhe.ones_like`', '`ones`, `onesLike`', 'clear; `ones([])` is a number'],
  [
    '`fhe.constant`',
    '`constant`',
    'rarely needed: clear values are taken wherever traced ones are',
  ],
  ['`fhe.univariate(f)(x)`', '`map(f, x)`', ''],
  ['`fhe.multivariate(f)(x, y)`', '`map(f, x, y)`', 'up to 2^20 combinations; signed operands too'],
  ['`fhe.LookupTable`', '`LookupTable`', '`table.at(x)` for `table[x]`; of any length'],
  ['`fhe.bits(x)[i]`', '`bits(x, i)`, `bits(x, slice(a, b))`', 'signed x too'],
  ['`fhe.conv`', '`conv`', '1, 2 and more dimensions, padding, encrypted weights'],
  ['`fhe.maxpool`', '`maxPool`, `averagePool`', 'any number of dimensions, padding, `ceilMode`'],
  ['`fhe.relu`', '`relu`', ''],
  [
    '`fhe.if_then_else`',
    '`ifThenElse`, `where`',
    'any condition and any mix of clear and encrypted',
  ],
  [
    '`fhe.identity`',
    '`identity`, `refresh`',
    'width needs no care; `refresh` for a lookup that removes noise',
  ],
  ['`fhe.refresh`', '`refresh`', ''],
  [
    '`fhe.hint(x, bit_width=4)`',
    '`hint(x, { bits: 4 })`',
    'or `{ min, max }`; a promise, checked in clear',
  ],
  [
    '`fhe.round_bit_pattern`, `fhe.AutoRounder`',
    '`roundBits`, `AutoRounder`',
    '`exactness` is an option',
  ],
  [
    '`fhe.truncate_bit_pattern`, `fhe.AutoTruncator`',
    '`truncateBits`, `AutoTruncator`',
    'likewise',
  ],
  [
    '`fhe.inputset(fhe.uint4)`',
    '`encrypted.uint(4)`',
    'examples are needed only where the range is not known',
  ],
  ['`with fhe.tag("a"):`', "`tag('a', () => ...)`", ''],
  [
    '`fhe.uint4`, `fhe.tensor[fhe.uint4, 3]`',
    '`encrypted.uint(4)`, `encrypted.uint(4, [3])`',
    'and `encrypted.range(min, max)`; in `blindfit`',
  ],
];

/** The page as text. */
export function numpyPage(): string {
  const documented = docComments();
  const rows = [...numpyFunctions()].sort(([a], [b]) => (order(a) < order(b) ? -1 : 1));
  const lines = rows.map(([numpy, name]) => {
    const operator = operators[numpy];
    const theirs = operator === undefined ? code(numpy) : `${code(numpy)}, ${code(operator)}`;
    return `| ${theirs} | ${code(name)} | ${methodOf(name)} | ${documented.get(name)} |`;
  });
  const own = [...notInNumpy]
    .sort()
    .map((name) => `| ${code(name)} | ${methodOf(name)} | ${documented.get(name)} |`);
  return `# numpy and Concrete, and our names

Made from the code by \`npm run docs:tables\`; do not edit. All functions are in \`blindfit/tracer\`, and those with a method
can also be called on a traced value. What each throws and which options it takes is in its doc comment.

Everything that Concrete takes of numpy is here; what is in none of the tables is not there.

## Of numpy

| numpy | ours | method | |
|---|---|---|---|
${lines.join('\n')}

## Not of numpy

| ours | method | |
|---|---|---|
${own.join('\n')}

## Coming from Concrete

| Concrete | ours | |
|---|---|---|
${extensions.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;
}

function numpyNameOf(name: string): string {
  return numpyNames[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Our functions by numpy's names, with what stands in indices. */
export function numpyFunctions(): Map<string, string> {
  const documented = docComments();
  const names = Object.keys(np).filter((name) => documented.has(name) && !notInNumpy.has(name));
  return new Map(names.map((name) => [numpyNameOf(name), name]));
}

/** The first sentence of the doc comment of everything that is exported in `sources`, for a cell of a table. */
function docComments(): Map<string, string> {
  const comment = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?^export (?:function|const|class) (\w+)/gm;
  const found = new Map<string, string>();
  for (const source of sources) {
    for (const [, text, name] of readFileSync(source, 'utf8').matchAll(comment))
      found.set(name as string, firstSentence(text ?? ''));
  }
  return found;
}

function firstSentence(comment: string): string {
  const text = comment.replace(/^[ \t]*\* ?/gm, '').trim();
  const paragraph = text.split(/\n\n|\n?@/)[0] as string;
  const sentence = paragraph.replaceAll('\n', ' ').split(/(?<=[^.]\.) /)[0] as string;
  return sentence.replace(/\.$/, '').replaceAll('|', '\\|').trim();
}

function methodOf(name: string): string {
  return name in np.Traced.prototype ? code(`x.${name}`) : '';
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** Notation of Python stands before the names. */
function order(numpy: string): string {
  return /^\w+$/.test(numpy) ? `b${numpy}` : `a${numpy}`;
}
