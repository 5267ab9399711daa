/** The assertions that documentation.ts writes into the code blocks of pages. */
import assert from 'node:assert/strict';
import { format, inspect } from 'node:util';

/** What `console.log` printed; compared as text, line ends trimmed. */
export interface Printed {
  readonly printed: string;
}

export function printed(...values: readonly unknown[]): Printed {
  return { printed: format(...values) };
}

/**
 * Asserts that `value` is what the page says.
 *
 * `kind`: `=>` for equality, `≈` for equality to one unit in the last digit of `expected`. `where` leads the message.
 */
export function check(value: unknown, kind: string, expected: string, where: string): void {
  if (isPrinted(value)) {
    assert.equal(trimLines(value.printed), trimLines(expected), `${where}: printed text differs`);
    return;
  }
  const actual = plain(value);
  const parsed = evaluate(expected);
  const message = `${where}: the page says ${expected}, the code gives ${inspect(actual)}`;
  if (parsed === undefined) assert.ok([String(value), inspect(actual)].includes(expected), message);
  else if (kind === '=>') assert.deepEqual(actual, parsed.value, message);
  else assert.ok(isClose(actual, parsed.value, lastDigit(expected)), message);
}

/** Asserts that `work` throws an error with the code `expected`. */
export async function checkThrows(
  work: () => unknown,
  _kind: string,
  expected: string,
  where: string,
): Promise<void> {
  let thrown: { code?: unknown; name?: unknown } | undefined;
  try {
    await work();
  } catch (error) {
    thrown = error as { code?: unknown; name?: unknown };
  }
  assert.ok(thrown, `${where}: the page says that this throws ${expected}, and it did not`);
  assert.equal(thrown.code ?? thrown.name, expected, `${where}: another error: ${inspect(thrown)}`);
}

/** Nested arrays for anything array-like, so that a page can write values as arrays. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('to2DArray' in value && typeof value.to2DArray === 'function') return value.to2DArray();
  if ('shape' in value && 'get' in value && typeof value.get === 'function') {
    return nested(value as { shape: number[]; get(...index: number[]): unknown }, []);
  }
  return value;
}

function nested(view: { shape: number[]; get(...i: number[]): unknown }, at: number[]): unknown {
  if (at.length === view.shape.length) return view.get(...at);
  return Array.from({ length: view.shape[at.length]! }, (_, i) => nested(view, [...at, i]));
}

function evaluate(text: string): { value: unknown } | undefined {
  try {
    return { value: new Function(`'use strict'; return (${text});`)() };
  } catch {
    return undefined;
  }
}

/** One unit in the last digit of the most precise number in `text`. */
function lastDigit(text: string): number {
  const decimals = (text.match(/\.\d+/g) ?? []).map((part) => part.length - 1);
  return 10 ** -Math.max(0, ...decimals);
}

function isClose(actual: unknown, expected: unknown, tolerance: number): boolean {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return (
      actual.length === expected.length &&
      actual.every((item, i) => isClose(item, expected[i], tolerance))
    );
  }
  if (typeof actual !== 'number' || typeof expected !== 'number') return actual === expected;
  return Math.abs(actual - expected) <= tolerance * (1 + 1e-9);
}

function isPrinted(value: unknown): value is Printed {
  return typeof value === 'object' && value !== null && 'printed' in value;
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
