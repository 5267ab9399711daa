/** Remedies of compile errors: how to narrow what is looked up, and options that were tried and with which it compiles. */
import { BlindfitError, type ErrorCode, error, errors } from '../errors.ts';
import type { QueryForm } from './lower/prices.ts';

/** The options that are tried. */
export interface Tried {
  readonly pError: number;
  readonly query: QueryForm;
}

/** What another option may help against. */
const curable: readonly ErrorCode[] = ['LOOKUP_TOO_WIDE', 'NO_PARAMETERS', 'KEY_TOO_LARGE'];

/** Larger programs are not compiled again. */
const mostCells = 5_000;

/** Other ways to send inputs, the cheaper first. */
const otherQueries: Readonly<Record<QueryForm, readonly QueryForm[]>> = {
  values: ['packed', 'unpacked'],
  packed: ['unpacked'],
  unpacked: ['packed'],
};

/** Larger probabilities of an error, log2. */
const log2Errors = [-20, -10] as const;

/**
 * The error of a program that did not compile, with the options that help before its own remedy.
 *
 * @param cells how many the program has
 * @param compiles compiles the program with other options; throws a BlindfitError where these do not help
 */
export async function withTriedOptions<T extends Tried>(
  cause: unknown,
  demands: T,
  cells: number,
  compiles: (demands: T) => Promise<unknown>,
): Promise<unknown> {
  if (!(cause instanceof BlindfitError) || !curable.includes(cause.code)) return cause;
  if (cells > mostCells) return cause;
  const { query, pError } = demands;
  const queries = otherQueries[query].map((other): [string, T] => [
    `query: '${other}'`,
    { ...demands, query: other },
  ]);
  const larger = log2Errors.filter((log2) => 2 ** log2 > pError);
  const tolerant = larger.map((log2): [string, T] => [
    `pError: 2 ** ${log2}`,
    { ...demands, pError: 2 ** log2 },
  ]);
  const helpful: string[] = [];
  for (const options of cause.code === 'LOOKUP_TOO_WIDE' ? [queries] : [queries, tolerant]) {
    for (const [text, changed] of options) {
      if (!(await succeeds(() => compiles(changed)))) continue;
      helpful.push(text);
      break;
    }
  }
  if (helpful.length === 0) return cause;
  const own = cause.details.remedy ?? errors[cause.code][1];
  const remedy = `compile with ${helpful.join(' or ')}; or ${own}`;
  return error(cause.code, { ...cause.details, remedy }, cause.cause);
}

async function succeeds(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (cause) {
    if (cause instanceof BlindfitError) return false;
    throw cause;
  }
}

/**
 * How to narrow a function of too many bits so that it is surely possible: what depends on high bits alone is looked up
 * after the low ones were extracted.
 *
 * @param dropped bits to drop of each operand that has more
 * @param widths of the operands, in bits
 */
export function narrowing(dropped: number, widths: readonly number[]): string {
  const promise = 'promise a narrower range with np.hint';
  if (widths.every((width) => width <= dropped)) return `narrow its operands, or ${promise}`;
  const wide = widths.some((width) => width <= dropped) ? 'its wide operands' : 'its operands';
  const operands = widths.length === 1 ? 'what it reads' : wide;
  return `drop low bits of ${operands} first, as in x.rightShift(${dropped}), or ${promise}`;
}

/** How many low bits to drop of each operand that has more, so that together they have at most `allowed`. */
export function bitsToDrop(widths: readonly number[], allowed: number): number {
  const kept = (dropped: number): number =>
    widths.reduce((sum, width) => sum + (width > dropped ? width - dropped : width), 0);
  const widest = Math.max(...widths);
  let dropped = 1;
  while (dropped < widest && kept(dropped) > allowed) dropped++;
  return dropped;
}
