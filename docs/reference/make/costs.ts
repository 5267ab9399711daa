/**
 * The page `docs/reference/costs.md`: what each operation costs by the width of its operands, as the compiler estimates
 * it with the default calibration. It compiles each circuit that it tells of, and nothing is measured.
 */

import { BlindfitError } from '../../../lib/errors.ts';
import { compile, encrypted, type InputSpecs } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { duration, megabytes } from './units.ts';

/** A function of operands of so many bits. */
export interface Operation {
  /** As the page shows it. */
  readonly name: string;
  readonly inputs: (bits: number) => InputSpecs;
  readonly f: (...operands: np.Traced[]) => np.Traced;
}

/** Where operands come from: `fresh` ones are inputs, `computed` ones results of lookups. */
export type Origin = 'fresh' | 'computed';

/** What an operation takes: microseconds of one row on one thread, CMUX, blind rotations, bytes of evaluation key. */
export interface OperationCost {
  readonly microseconds: number;
  readonly cmux: number;
  readonly bootstraps: number;
  readonly keyBytes: number;
}

/** Bits of the operands that the page has. */
export const widths: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 10];

const one = (bits: number): InputSpecs => ({ x: encrypted.uint(bits) });
const two = (bits: number): InputSpecs => ({ x: encrypted.uint(bits), y: encrypted.uint(bits) });
const eight = (bits: number): InputSpecs => ({ x: encrypted.uint(bits, [8]) });
const shift = (bits: number): InputSpecs => ({ x: encrypted.uint(bits), y: encrypted.uint(2) });

/** The rows of the page. */
export const operations: readonly Operation[] = [
  { name: 'sum of 8', inputs: eight, f: (x) => np.sum(x) },
  { name: '`table[x]`', inputs: one, f: (x) => np.map((v) => (7 * v * v + 3 * v) % 16, x) },
  { name: '`x < y`', inputs: two, f: (x, y) => np.less(x, y) },
  { name: '`x == y`', inputs: two, f: (x, y) => np.equal(x, y) },
  { name: '`maximum(x, y)`', inputs: two, f: (x, y) => np.maximum(x, y) },
  { name: '`x * y`', inputs: two, f: (x, y) => np.multiply(x, y) },
  {
    name: '`x // y`, y > 0',
    inputs: (bits) => ({ x: encrypted.uint(bits), y: encrypted.range(1, 2 ** bits) }),
    f: (x, y) => np.floorDivide(x, y),
  },
  { name: '`x & y`', inputs: two, f: (x, y) => np.bitwiseAnd(x, y) },
  { name: '`x << y`, y of 2 bits', inputs: shift, f: (x, y) => np.leftShift(x, y) },
  { name: '`x >> y`, y of 2 bits', inputs: shift, f: (x, y) => np.rightShift(x, y) },
  {
    name: '`where(c, x, y)`',
    inputs: (bits) => ({ c: encrypted.uint(1), ...two(bits) }),
    f: (c, x, y) => np.where(c, x, y),
  },
  {
    name: '`x[i]` of 8',
    inputs: (bits) => ({ x: encrypted.uint(bits, [8]), i: encrypted.uint(3) }),
    f: (x, i) => x.at(i),
  },
  { name: 'max of 8', inputs: eight, f: (x) => np.max(x) },
  { name: 'argmax of 8', inputs: eight, f: (x) => np.argmax(x) },
  { name: 'sort of 8', inputs: eight, f: (x) => np.sort(x) },
  { name: 'median of 8', inputs: eight, f: (x) => np.median(x, { rounding: 'floor' }) },
];

/** What an operation takes, or null where it cannot be compiled. */
export async function costOf(
  { inputs, f }: Operation,
  bits: number,
  origin: Origin,
): Promise<OperationCost | null> {
  const types = inputs(bits);
  if (origin === 'fresh') return compiledCost(types, f);
  const whole = await compiledCost(types, (...operands) => f(...operands.map(np.refresh)));
  const operands = await compiledCost(types, (...inputs) => inputs.map(np.refresh));
  if (whole === null || operands === null) return null;
  return {
    microseconds: Math.max(0, whole.microseconds - operands.microseconds),
    cmux: Math.max(0, whole.cmux - operands.cmux),
    bootstraps: Math.max(0, whole.bootstraps - operands.bootstraps),
    keyBytes: whole.keyBytes,
  };
}

async function compiledCost(
  types: InputSpecs,
  f: (...inputs: np.Traced[]) => np.Traced | np.Traced[],
): Promise<OperationCost | null> {
  try {
    const { statistics } = await compile<np.Traced | np.Traced[]>(f, types, {
      calibration: 'default',
    });
    return {
      microseconds: statistics.microseconds,
      cmux: statistics.diagrams.cmux,
      bootstraps: statistics.lookups.bootstraps,
      keyBytes: statistics.evaluationKeyBytes,
    };
  } catch (cause) {
    if (cause instanceof BlindfitError && limits.has(cause.code)) return null;
    throw cause;
  }
}

/** What compiling says where an operation is too wide. */
const limits: ReadonlySet<string> = new Set([
  'LOOKUP_TOO_WIDE',
  'NO_PARAMETERS',
  'TABLE_TOO_LARGE',
]);

/** The tables of the page: one figure of every operation at every width, each as the text of its cell. */
const figures: readonly (readonly [
  title: string,
  origin: Origin,
  cell: (cost: OperationCost) => string,
])[] = [
  ['Time, fresh operands', 'fresh', ({ microseconds }) => duration(microseconds)],
  ['Time, computed operands', 'computed', ({ microseconds }) => duration(microseconds)],
  ['Choices and lookups, fresh operands', 'fresh', work],
  ['Choices and lookups, computed operands', 'computed', work],
  ['Evaluation key, fresh operands', 'fresh', ({ keyBytes }) => megabytes(keyBytes)],
  ['Evaluation key, computed operands', 'computed', ({ keyBytes }) => megabytes(keyBytes)],
];

/** Titles of the tables of times, which the plot shows. */
export const timeTitles: readonly [fresh: string, computed: string] = [
  'Time, fresh operands',
  'Time, computed operands',
];

/** The page as text, from what `costOf` says. */
export async function costsPage(): Promise<string> {
  const costs: Record<Origin, Costs> = { fresh: new Map(), computed: new Map() };
  for (const origin of ['fresh', 'computed'] as const) {
    for (const operation of operations) {
      const row = [];
      for (const bits of widths) row.push(await costOf(operation, bits, origin));
      costs[origin].set(operation.name, row);
    }
  }
  const tables = figures.map(([title, origin, cell]) => {
    const rows = [...costs[origin]].map(
      ([name, row]) =>
        `| ${[name, ...row.map((cost) => (cost === null ? '–' : cell(cost)))].join(' | ')} |`,
    );
    return `## ${title}\n\n| bits | ${widths.join(' | ')} |\n|---|${'---|'.repeat(widths.length)}\n${rows.join('\n')}\n`;
  });
  return `${introduction}\n${tables.join('\n')}`;
}

const introduction = `# What operations cost

Made by \`npm run docs:tables\`; do not edit. Each entry is a circuit of one operation, compiled with the fixed times of
primitives (\`calibration: 'default'\`, those of an AMD EPYC, Zen 4), and is what the compiler predicts for one row on one
thread. Nothing here was run. Operands are unsigned and have as many bits as the column says; \`pError\` is 2^-40. A dash
is what does not compile. In the tables of choices and lookups, a number is one of CMUX and 3 L are three lookups
(bootstraps).

*Fresh* operands are inputs, which arrive as bits. *Computed* operands come out of lookups; what their own lookups take is
not counted, but a key is that of the whole circuit. In programs, what several operations read is made ready once, and
operations share lookups and keys: the whole costs less than the sum of its parts.

![Time against bits](costs.svg)
`;

/** Of every operation, a cost for each width. */
type Costs = Map<string, (OperationCost | null)[]>;

/** The cells of the tables of a page: by title, then by operation, one text for each width. */
export function cellsOf(page: string): Map<string, Map<string, readonly string[]>> {
  const tables = page.split(/^## /m).slice(1);
  return new Map(
    tables.map((table) => {
      const [title = '', ...lines] = table.split('\n');
      const rows = lines.filter((line) => line.startsWith('| ')).slice(1);
      return [
        title,
        new Map(
          rows.map((row) => {
            const [name = '', ...cells] = row.slice(2, -2).split(' | ');
            return [name, cells];
          }),
        ),
      ];
    }),
  );
}

/** What the page should say of an operation: the text of the cell of each table, by title. */
export async function expectedCells(
  operation: Operation,
  bits: number,
): Promise<Map<string, string>> {
  const costs = {
    fresh: await costOf(operation, bits, 'fresh'),
    computed: await costOf(operation, bits, 'computed'),
  };
  return new Map(
    figures.map(([title, origin, cell]) => {
      const cost = costs[origin];
      return [title, cost === null ? '–' : cell(cost)];
    }),
  );
}

function work({ cmux, bootstraps }: OperationCost): string {
  if (bootstraps === 0) return `${cmux}`;
  return cmux === 0 ? `${bootstraps} L` : `${cmux} + ${bootstraps} L`;
}
