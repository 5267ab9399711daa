/**
 * Random programs that once failed, kept as JSON under `test/fixtures/regressions/`: `npm run fuzz` writes one, and
 * `npm test` runs them all.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { declareInputs } from '../../../lib/compiler/specs.ts';
import { evaluate, trace } from '../../../tracer/index.ts';
import { agreesEncrypted, agreesInClear, compiled, isShort, queryForms } from './agree.ts';
import { functionOf, type ProgramSource, rowsOf, specsOf } from './programs.ts';

/** A failed program. */
export interface Regression {
  /** What went wrong, in one line. */
  readonly about: string;
  readonly source: ProgramSource;
  /** The elements of all outputs for each row of inputs; null where there are none to be had. */
  readonly expected: readonly (readonly number[])[] | null;
}

const folder = new URL('../../fixtures/regressions/', import.meta.url);

/** The program as a regression; paths in `about` are made relative to the repository. */
export function regressionOf(source: ProgramSource, about: string): Regression {
  const relative = about.replaceAll(`${process.cwd()}/`, '');
  return { about: relative, source, expected: expectedOf(source) };
}

/** Writes a regression under a name of its own, which it returns. */
export function writeRegression(regression: Regression): string {
  mkdirSync(folder, { recursive: true });
  const text = `${JSON.stringify(regression)}\n`;
  const name = `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.json`;
  writeFileSync(new URL(name, folder), text);
  return `test/fixtures/regressions/${name}`;
}

/** All regressions by the names of their files. */
export function readRegressions(): [name: string, regression: Regression][] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]);
}

/** Runs a regression in each query form. @throws where it fails again, or where its source makes another program now */
export async function replay({ source, expected }: Regression): Promise<void> {
  if (expected !== null)
    deepStrictEqual(expectedOf(source), expected, 'the operations have changed: record this anew');
  for (const query of queryForms) {
    const circuit = await compiled(source, query);
    if (typeof circuit === 'string') continue;
    using _ = circuit;
    await agreesInClear(circuit, source);
    if (isShort(circuit)) await agreesEncrypted(circuit, source);
  }
}

function expectedOf(source: ProgramSource): Regression['expected'] {
  try {
    const graph = trace(functionOf(source), declareInputs(specsOf(source), undefined));
    return rowsOf(source).map((row) => evaluate(graph, row).flatMap(({ data }) => [...data]));
  } catch {
    return null;
  }
}
